"""A site split into parts of one state: nothing is lost, and a lease takes megawatts in the declared order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattworth.study import Site, leased_gross_mw, parts, uncovered_mw


def site(**declared: object) -> Site:
    plain = {"site_id": "a", "name": "A", "company": "A", "country": "US"}
    return Site(**{**plain, **declared})  # type: ignore[arg-type] - checked by the model


MW = st.floats(0, 2_000).map(lambda mw: round(mw, 1))


@given(operating=MW, construction=MW, pipeline=MW, critical=MW, mining_frac=st.floats(0, 1))
def test_parts_hold_all_megawatts_and_no_more(operating, construction, pipeline, critical, mining_frac):
    """Proves: free parts and lease add up to what is declared, or to the lease where that is larger."""
    declared = site(
        operating_gross_mw=operating + 1, construction_gross_mw=construction, pipeline_gross_mw=pipeline,
        pipeline_stage="secured", mining_gross_mw=mining_frac * (operating + 1),
        lease_critical_it_mw=critical or None,
    )  # fmt: skip
    split = parts(declared, 1.4)
    leased = leased_gross_mw(declared, 1.4)
    tolerance = pytest.approx(max(declared.gross_mw, leased), rel=1e-9, abs=1e-8)
    assert sum(part.gross_mw for part in split) == tolerance
    assert sum(part.mining_gross_mw for part in split) == pytest.approx(declared.mining_mw, rel=1e-9, abs=1e-8)
    assert uncovered_mw(declared, 1.4) == pytest.approx(max(0.0, leased - declared.gross_mw), abs=1e-8)
    assert all(part.gross_mw > 0 for part in split)


def test_a_lease_takes_what_is_being_built_then_idle_then_mining_then_pipeline():
    """Proves: 30 built + 20 idle + 10 mining. Sensitivity: taking mining first would leave 50 MW mining, not 70."""
    declared = site(
        operating_gross_mw=100, mining_gross_mw=80, construction_gross_mw=30, construction_date="2027-01",
        pipeline_gross_mw=40, pipeline_stage="study", pipeline_date="2029-01",
        lease_critical_it_mw=40, lease_gross_mw=60,
    )  # fmt: skip
    split = {part.state: part for part in parts(declared, 1.4)}
    assert (split["leased"].gross_mw, split["leased"].mining_gross_mw) == (60, 10)
    assert (split["energised"].gross_mw, split["energised"].mining_gross_mw) == (70, 70)
    assert "construction" not in split
    assert (split["undeveloped"].stage, split["undeveloped"].energised_date) == ("study", "2029-01")


@pytest.mark.parametrize(
    ("operating", "construction", "pipeline", "date"),
    [(0, 60, 0, "2027-01"), (0, 30, 30, "2029-01"), (60, 0, 0, None), (30, 30, 0, None)],
)
def test_a_leased_part_is_dated_by_its_last_megawatts(operating, construction, pipeline, date):
    declared = site(
        operating_gross_mw=operating or None, construction_gross_mw=construction or None,
        construction_date="2027-01" if construction else None, pipeline_gross_mw=pipeline or None,
        pipeline_stage="secured" if pipeline else None, pipeline_date="2029-01" if pipeline else None,
        lease_critical_it_mw=40, lease_gross_mw=60,
    )  # fmt: skip
    assert parts(declared, 1.4)[0].energised_date == date


def test_a_site_that_is_not_valued_has_no_parts():
    assert parts(site(operating_gross_mw=5, not_valued_reason="sold"), 1.4) == ()
