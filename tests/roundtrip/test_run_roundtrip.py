"""A run that was saved and read back is the run that was made."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests import studies
from wattworth import store
from wattworth.valuation import Run, value


@pytest.fixture(scope="module")
def run() -> Run:
    return value(studies.study(studies.MINE, studies.HALF_LEASED, studies.UNKNOWN), draws=256, workers=1)


def test_a_saved_run_is_the_same_run(run: Run, tmp_path: Path) -> None:
    """Proves: every number of the result and of the draws survives. Sensitivity: a file of 32-bit floats, a
    rounded number or a null for a NaN differs in its bytes."""
    loaded = store.load_run(store.save(run, tmp_path))
    assert loaded.result == run.result
    assert json.dumps(loaded.result) == json.dumps(run.result)
    assert list(loaded.draws) == list(run.draws)
    for pair, arrays in run.draws.items():
        assert list(loaded.draws[pair]) == list(arrays)
        for metric, array in arrays.items():
            assert loaded.draws[pair][metric].tobytes() == np.ascontiguousarray(array).tobytes(), (pair, metric)
    assert loaded.sites.equals(run.sites)


def test_saving_what_was_loaded_writes_the_same_files(run: Run, tmp_path: Path) -> None:
    first = store.save(run, tmp_path / "first")
    second = store.save(store.load_run(first), tmp_path / "second")
    for name in ("run.json", "draws.parquet"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
