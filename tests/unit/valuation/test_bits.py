"""The same digits, however the work is cut up."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studies import EVERY_KIND, MINE, study
from wattworth.valuation import Run, value

DRAWS = 600


def document(run: Run) -> dict:
    """A result without what may differ between two equal runs."""
    return {key: item for key, item in run.result.items() if key != "elapsed_s"}


@pytest.mark.parametrize(("workers", "chunks"), [(1, 2), (1, 3), (2, 1), (2, 2)])
def test_blocks_and_workers_change_no_digit(run: Run, workers: int, chunks: int) -> None:
    """Proves: another block size or number of processes is the same run, run_id and every draw included."""
    other = value(study(), draws=DRAWS, seed=7, workers=workers, chunks_per_block=chunks)
    assert document(other) == document(run)
    for key, metrics in run.draws.items():
        for name, array in metrics.items():
            np.testing.assert_array_equal(other.draws[key][name], array)


def test_order_of_sites_changes_no_digit(run: Run) -> None:
    """Proves: a site's numbers belong to its name. Sensitivity: streams keyed by position would all move."""
    other = value(study(*reversed(EVERY_KIND)), draws=DRAWS, seed=7, workers=1)
    by_id = {site["site_id"]: site for site in other.result["sites"]}
    for site in run.result["sites"]:
        assert by_id[site["site_id"]] == site
    assert other.result["totals"]["npv_usd"] == pytest.approx(run.result["totals"]["npv_usd"], rel=1e-12)


def test_other_sites_change_no_digit(run: Run) -> None:
    """Proves: a site alone has the numbers it has in company; only the shared limit may count it differently."""
    alone = value(study(MINE), draws=DRAWS, seed=7, workers=1).result["sites"][0]
    assert alone["uses"] == run.result["sites"][0]["uses"]


def test_more_draws_keep_the_first() -> None:
    """Proves: draws are added, not drawn anew; the padded part of the last chunk is never seen."""
    few = value(study(MINE), draws=300, workers=1).draws["mine", "turnkey"]["npv_usd"]
    many = value(study(MINE), draws=700, workers=1).draws["mine", "turnkey"]["npv_usd"]
    np.testing.assert_array_equal(many[:300], few)


def test_another_seed_is_another_run(run: Run) -> None:
    """Proves: the seed reaches every stream; else this test could not fail."""
    other = value(study(), draws=DRAWS, seed=8, workers=1)
    assert other.result["run_id"] != run.result["run_id"]
    for key, metrics in run.draws.items():
        assert not np.array_equal(other.draws[key]["npv_usd"], metrics["npv_usd"])
