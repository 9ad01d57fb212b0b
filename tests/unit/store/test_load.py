"""What a reader of a saved run accepts, and what it says about the rest."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.unit.store.conftest import N_DRAW, made_up
from wattworth import store
from wattworth.errors import StoreError
from wattworth.valuation import Run


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    return store.save(run, tmp_path / "run")


def test_a_folder_its_file_and_an_id_all_lead_there(run: Run, saved: Path) -> None:
    store.save(run)
    for where in (saved, str(saved), saved / "run.json", run.result["run_id"]):
        assert store.load_run(where).result == run.result


def test_draws_come_back_bit_for_bit_and_only_when_asked(run: Run, saved: Path) -> None:
    loaded = store.load_run(saved)
    assert list(loaded.draws) == list(run.draws)
    assert len(loaded.draws) == 3
    for pair, arrays in run.draws.items():
        assert list(loaded.draws[pair]) == list(arrays)
        for metric, array in arrays.items():
            assert loaded.draws[pair][metric].tobytes() == np.asarray(array).tobytes()
    with pytest.raises(KeyError):
        loaded.draws["north", "hold"]
    (saved / "draws.parquet").unlink()
    assert loaded.result == run.result
    with pytest.raises(StoreError, match=r"draws\.parquet: the file is missing; value the study again"):
        loaded.draws["north", "bitcoin"]


def test_a_mistyped_id_names_the_nearest(run: Run) -> None:
    store.save(run)
    with pytest.raises(StoreError, match=r'small-2026-06-abd: no such .*\(did you mean "small-2026-06-abc"\?\)'):
        store.load_run("small-2026-06-abd")


@pytest.mark.parametrize("where", ["", "no/such/folder", "../runs", "x" * 5_000], ids=["here", "path", "up", "long"])
def test_no_run_there(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with pytest.raises(StoreError):
        store.load_run(where)


def test_another_file_is_not_a_run(saved: Path) -> None:
    with pytest.raises(StoreError, match=r"not a run; need a folder, its run\.json, or a run_id"):
        store.load_run(saved / "draws.parquet")


@pytest.mark.parametrize(
    ("version", "said"), [(2, "need 1; it was saved by a newer"), (0, "need 1; value"), ("1", "'1', need 1")]
)
def test_another_version_of_the_result_is_refused(saved: Path, version: object, said: str) -> None:
    path = saved / "run.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**result, "schema_version": version}), encoding="utf-8")
    with pytest.raises(StoreError, match=said):
        store.load_run(saved)


def test_another_version_of_the_draws_is_refused(saved: Path) -> None:
    pl.DataFrame({"draw": [1]}).write_parquet(saved / "draws.parquet", metadata={"schema_version": "2"})
    with pytest.raises(StoreError, match=r"draws\.parquet: schema_version is 2, need 1"):
        store.load_run(saved)


@pytest.mark.parametrize(
    "content",
    [b"", b'{"schema_version": 1,', b"\xff\xfe\x00", b"[" * 100_000, b'{"schema_version": 1, "x": NaN}', b"[]", b"{}"],
    ids=["empty", "cut", "binary", "deep", "nan", "list", "bare"],
)
def test_a_damaged_result_is_named(saved: Path, content: bytes) -> None:
    (saved / "run.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"run\.json: (damaged|not the result)"):
        store.load_run(saved)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"hello, world, hello, world"], ids=["empty", "short", "text"])
def test_damaged_draws_are_named(saved: Path, content: bytes) -> None:
    (saved / "draws.parquet").write_bytes(content)
    with pytest.raises(StoreError, match=r"draws\.parquet: damaged: .*; value the study again"):
        store.load_run(saved)


def test_draws_damaged_inside_are_named_when_read(saved: Path) -> None:
    path = saved / "draws.parquet"
    content = bytearray(path.read_bytes())
    content[200:1_200] = bytes(1_000)
    path.write_bytes(content)
    loaded = store.load_run(saved)
    with pytest.raises(StoreError, match=r"draws\.parquet: damaged"):
        list(loaded.draws.values())


def test_metadata_that_lie_are_found(saved: Path) -> None:
    about = {"schema_version": "1", "run_id": "small-2026-06-abc", "draws": str(N_DRAW)}
    lists = {"metrics": '["npv_usd"]', "pairs": '[["north", "bitcoin"]]'}
    path = saved / "draws.parquet"
    pl.DataFrame({"draw": [1]}).write_parquet(path, metadata={**about, **lists, "pairs": "{"})
    with pytest.raises(StoreError, match="damaged"):
        store.load_run(saved)
    pl.DataFrame({"draw": [1]}).write_parquet(path, metadata={**about, **lists})
    with pytest.raises(StoreError, match="columns are missing"):
        store.load_run(saved)
    few = pl.DataFrame({"site_id": ["north"], "use": ["bitcoin"], "draw": [0], "npv_usd": [1.0]})
    few.write_parquet(path, metadata={**about, **lists})
    with pytest.raises(StoreError, match=f"1 of {N_DRAW} draws of north, bitcoin"):
        store.load_run(saved).draws["north", "bitcoin"]


@pytest.mark.parametrize("missing", ["run.json", "draws.parquet"])
def test_half_a_run_is_refused(saved: Path, missing: str) -> None:
    (saved / missing).unlink()
    with pytest.raises(StoreError, match=missing):
        store.load_run(saved)


def test_draws_of_another_run_are_refused(saved: Path, tmp_path: Path) -> None:
    other = store.save(made_up("other-2026-06-def"), tmp_path / "other")
    (other / "draws.parquet").replace(saved / "draws.parquet")
    with pytest.raises(StoreError, match=r"belongs to other-2026-06-def and run\.json to small-2026-06-abc"):
        store.load_run(saved)
