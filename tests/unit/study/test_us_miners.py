"""The packaged study of miners' sites: complete, sound, told apart from its source, and true to the deals."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from wattworth import facts, markets
from wattworth.study import check, packaged_folder, read
from wattworth.valuation import SPECS

SOURCE_COLUMNS = {
    "operating_gross_mw": "operating_gross_mw",
    "construction_gross_mw": "under_construction_gross_mw",
    "pipeline_gross_mw": "pipeline_gross_mw",
    "lease_critical_it_mw": "critical_it_leased_mw",
}
"""Columns of megawatts here, and their name in the source."""

TAPE = {
    "corz-denton": ("CORZ-ALL",),
    "corz-muskogee": ("CORZ-ALL",),
    "cifr-black-pearl": ("CIFR-3",),
    "cifr-barber-lake": ("CIFR-1",),
    "wulf-lake-mariner": ("WULF-1", "WULF-2", "WULF-3"),
    "wulf-abernathy-jv": ("WULF-4",),
    "glxy-helios": ("GLXY-ALL",),
    "apld-polaris-forge-1": ("APLD-1", "APLD-2"),
    "apld-polaris-forge-2": ("APLD-3",),
}
"""Sites whose lease terms stand in the table of deals, and the deals that make them up."""

OTHER_CRITICAL_MW = {"wulf-lake-mariner": 6, "cifr-barber-lake": 39}
"""Critical megawatts of a site beyond those of its deals in the table."""


def rows(name: str) -> list[dict[str, str]]:
    text = packaged_folder("us-miners").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(keepends=True)))


@pytest.fixture(scope="module")
def study():
    return read("us-miners", SPECS)


@pytest.fixture(scope="module")
def deals():
    return {row["deal_id"]: row for row in facts.table("deals").iter_rows(named=True)}


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def test_the_study_is_sound():
    assert check("us-miners", SPECS) == []


def test_every_site_of_the_source_is_there_once(study):
    assert len(study.sites) == 95
    assert len({site.site_id for site in study.sites}) == 95


def test_megawatts_are_those_of_the_page(study, root):
    """Proves: the sums printed on the page are those of the data. Sensitivity: a MW counted in two states moves one."""
    page = (root / "docs" / "us-miners.md").read_text(encoding="utf-8")
    operating_mw = sum(site.operating_gross_mw or 0.0 for site in study.sites)
    assert 6_500 < operating_mw < 7_500
    stages = Counter()
    for site in study.sites:
        stages[site.pipeline_stage] += site.pipeline_gross_mw or 0.0
    construction_mw = sum(site.construction_gross_mw or 0.0 for site in study.sites)
    total = f"| **all** | **95** | **{operating_mw:,.1f}** | **{construction_mw:,.0f}** |"
    assert f"{total} **{stages['secured']:,.1f}** | **{stages['study']:,.0f}** |" in page
    unvalued = [site.site_id for site in study.sites if not site.valued]
    assert len(unvalued) == 10
    assert all(f"`{site_id}`" in page for site_id in unvalued)


def test_no_row_stands_without_source_date_and_grid(study):
    for site in study.sites:
        assert site.source, site.site_id
        assert site.as_of, site.site_id
        assert site.iso, site.site_id


def test_only_sources_that_a_reader_can_look_up():
    """Proves: no cell points into the machine or the workplace it was written on."""
    for name in ("sites.csv", "changes.csv", "study.yaml"):
        text = packaged_folder("us-miners").joinpath(name).read_text(encoding="utf-8").lower()
        assert not [word for word in ("/work", "/home", "stored text", "text read", "stored copies") if word in text]


def test_every_site_has_a_power_region(study):
    regions = {site.site_id: markets.market_region(site) for site in study.sites}
    assert set(regions.values()) <= set(markets.REGIONS)
    foreign = {site.site_id for site in study.sites if site.country not in ("US", "CA", "NO")}
    placeless = {"apld-delta-forge-1", "apld-delta-forge-2"}
    assert {site_id for site_id, region in regions.items() if region == "other"} == foreign | placeless


def test_double_counts_name_two_rows_and_no_more_than_the_row_holds(study):
    """Sensitivity: totals take one double count per row, so a second one would be lost."""
    counts = study.double_counts
    assert len(counts) == len({count.site_id for count in counts}) == 6
    for count in counts:
        site, same = study.site(count.site_id), study.site(count.same_as)
        assert (same.valued and same.gross_mw) or not site.valued, count
        assert count.mw is None or 0 < count.mw <= min(site.gross_mw, same.gross_mw), count


def test_a_row_without_megawatts_says_why_and_no_other(study):
    for site in study.sites:
        assert site.valued == bool(site.gross_mw or site.lease_critical_it_mw), site.site_id


def test_every_changed_number_has_a_reason(shared):
    """Proves: packaged MW = MW of the source, or a row of changes.csv says from what to what and why."""
    path = shared / "facts" / "sites.csv"
    if not path.is_file():
        pytest.skip("no sites.csv beside the reference series")
    with path.open(encoding="utf-8", newline="") as file:
        source = {row["site_id"]: row for row in csv.DictReader(file)}
    packaged = {row["site_id"]: row for row in rows("sites.csv")}
    listed = {(row["site_id"], row["column"]): row for row in rows("changes.csv")}
    assert packaged.keys() == source.keys()
    for site_id, row in packaged.items():
        for column, theirs in SOURCE_COLUMNS.items():
            was, now = number(source[site_id][theirs]), number(row[column])
            change = listed.get((site_id, column))
            assert (was != now) == (change is not None), (site_id, column, was, now)
            if change:
                assert (number(change["from"]), number(change["to"])) == (was, now), (site_id, column)


def test_changes_end_at_what_is_packaged():
    packaged = {row["site_id"]: row for row in rows("sites.csv")}
    listed = rows("changes.csv")
    keys = [(row["site_id"], row["column"]) for row in listed if row["site_id"] != "*"]
    assert len(keys) == len(set(keys))
    for row in listed:
        assert row["reason"].strip(), row
        if row["site_id"] != "*":
            assert packaged[row["site_id"]][row["column"]] == row["to"], row
            assert row["from"] != row["to"], row


def test_live_megawatts_and_mines_stand_inside_what_is_energised(study):
    for site in study.sites:
        live_mw = site.lease_live_it_mw or 0.0
        if site.operating_gross_mw and live_mw:
            assert live_mw + (site.mining_mw) <= site.operating_gross_mw, site.site_id


def test_every_lease_of_the_table_is_here(study):
    leased = {site.site_id for site in study.sites if site.lease_critical_it_mw}
    assert len(leased) == 18
    assert set(TAPE) <= leased


@pytest.mark.parametrize("site_id", TAPE)
def test_rent_and_step_add_up_to_the_contract(study, deals, site_id):
    """Proves: first rent, yearly step and term give the disclosed value of the contract, to its rounding.

    Sensitivity: an average rent entered beside a 3 % step gives 15 % too much over ten years.
    """
    site, tape = study.site(site_id), [deals[deal_id] for deal_id in TAPE[site_id]]
    critical_mw = sum(deal["critical_it_mw"] or site.lease_critical_it_mw for deal in tape)
    disclosed_musd = sum(deal["avg_annual_revenue_usd_m"] * deal["term_years"] for deal in tape)
    steps = sum((1 + site.lease_escalator_frac) ** year for year in range(round(site.lease_term_years)))
    ours_musd = site.lease_rent_usd_per_kw_month * 12e3 * critical_mw * steps / 1e6
    assert ours_musd == pytest.approx(disclosed_musd, rel=2e-3)


@pytest.mark.parametrize("site_id", TAPE)
def test_terms_are_those_of_the_deals(study, deals, site_id):
    site, tape = study.site(site_id), [deals[deal_id] for deal_id in TAPE[site_id]]
    assert {site.lease_term_years} == {deal["term_years"] for deal in tape}
    assert all(deal["capex_payer"].startswith(site.lease_capex_payer) for deal in tape)
    assert ("Google" in str(tape[-1]["credit_backstop_provider"])) == (site.lease_tenant_class == "backed_neocloud")
    printed = str(tape[-1]["lease_structure"])
    if "triple net" in printed or "NNN" in printed:
        assert site.lease_structure == "triple_net"
    elif "modified gross" in printed:
        assert site.lease_structure == "modified_gross"
    if tape[0]["row_type"] == "deal" or len(TAPE[site_id]) > 1:
        known_mw = sum(deal["critical_it_mw"] or site.lease_critical_it_mw for deal in tape)
        assert site.lease_critical_it_mw == known_mw + OTHER_CRITICAL_MW.get(site_id, 0)


def test_gross_over_critical_it_is_within_what_leases_show(study):
    """Proves: stated gross and critical megawatts were not swapped; disclosed leases show 1.21 to 1.52."""
    for site in study.sites:
        if site.lease_gross_mw:
            assert 1.19 < site.lease_gross_mw / site.lease_critical_it_mw < 1.53, site.site_id
