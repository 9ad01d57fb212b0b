"""Comparables: ours beside the market's, and the ladder between them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.studies import study
from wattworth import valuation
from wattworth.evidence.company_ladder import (
    STATUS_PARTS,
    STEPS,
    Ladder,
    chance_sd_usd,
    company_ladders,
    company_spreads,
    ending,
    sum_of_parts_usd,
)
from wattworth.evidence.comps import Comparables, comparables, compare_run, site_sales
from wattworth.evidence.market_tables import MarketTable, market_table
from wattworth.evidence.market_values import Amount, MarketValue, Watts, Worth
from wattworth.evidence.tape import read_tape
from wattworth.records import SCHEMA_VERSION

EXACT = 1e-9


@pytest.fixture(scope="module")
def packaged() -> valuation.Run:
    """The packaged study in few draws: what is tested adds up in any number of them."""
    return valuation.value("us-miners", draws=64, seed=7, workers=1)


@pytest.fixture(scope="module")
def found(packaged: valuation.Run) -> Comparables:
    return compare_run(packaged, market_table(), read_tape())


def _use(mean_usd: float, central_usd: float = 0.0) -> dict[str, Any]:
    return {
        "available": True,
        "risked_npv_usd": {"mean": mean_usd},
        "central": {"risked_npv_usd": central_usd},
    }


def _site(
    site_id: str, firm_mw: float, counted: float, fall: dict[str, float], **uses: dict[str, Any]
) -> dict[str, Any]:
    steps = [{"step": step, "usd_per_gross_w": dollars} for step, dollars in fall.items()]
    return {
        "site_id": site_id,
        "company": "Toy",
        "valued": True,
        "firm_gross_mw": firm_mw,
        "counted_frac": counted,
        "waterfall": steps,
        "best_use": next(iter(uses)),
        "uses": uses,
    }


FALL = {
    "created": 5.0,
    "already spent": 0.5,
    "time": -1.0,
    "residual": -1.5,
    "capital": -1.0,
    "mine until then": 0.2,
    "succeeds": 2.2,
    "chance": -0.7,
    "risked": 1.5,
    "choice": -1.0,
    "unleased": 0.5,
}


def toy() -> dict[str, Any]:
    """Three sites: one that could be let and mines, one that cannot, held by half, and one in study."""
    sites = [
        _site("mine", 100.0, 1.0, FALL, bitcoin=_use(200e6), turnkey=_use(160e6, 150e6)),
        _site("cut-off", 50.0, 0.5, {}, hold=_use(10e6)),
        _site("queue", 0.0, 1.0, {**FALL, "created": 99.0}, site_sale=_use(3e6), turnkey=_use(-9e6, -9e6)),
        {"site_id": "gone", "company": "Toy", "valued": False, "reason": "merged", "uses": {}},
    ]
    row = {"company": "Toy", "sites": 3, "share_firm_gross_mw": 125.0, "npv_usd": 200e6, "usd_per_gross_w": 1.6}
    head = {"study": "toy", "title": None, "run_id": "toy", "as_of": "2026-06", "draws": 1, "seed": 7, "usd_year": 2026}
    return {**head, "sites": sites, "totals": {"by_company": [row]}, "tenant_demand": {"squeezed": ["mine"]}}


def test_ladder_of_a_toy_company_by_hand() -> None:
    """Proves: each step is the mean over the watts that could be let, and status holds all the rest.

    By hand, per firm watt of 100 + 0.5 x 50 = 125 MW. The 25 MW that cannot be let are worth 0.5 x 10 = 5 $M and not
    25 x 1.5: -32.5/125. In study 3/125. Mining instead of letting (200 - 160)/125. All draws (160 - 150)/125. The total
    is 200 and not 200 + 5 + 3: the limit of tenants takes 8/125.
    Sensitivity: counting the site in study in the mean gives 52 created; whole ownership of the second ours 1.33.
    """
    ladder = company_ladders(toy())["Toy"]
    assert isinstance(ladder, Ladder)
    assert ladder.steps == pytest.approx(
        {"created": 5.0, "delay": -1.0, "capital": -2.0, "lease": -0.5, "converted": 1.5, "status": 0.1, "ours": 1.6},
        abs=EXACT,
    )
    assert ladder.status == pytest.approx(
        {
            "no lease possible": -0.26,
            "study only": 0.024,
            "better use": 0.32,
            "other parts": 0.0,
            "all draws": 0.08,
            "tenant limit": -0.064,
        },
        abs=EXACT,
    )
    assert ladder.with_waterfall_frac == pytest.approx(0.8)


def test_ending_is_in_dollars_over_the_companys_own_watts() -> None:
    """Proves: 200 $M over 125 MW is 1.60, over 200 MW 1.00; a market value of 1,000 $M leaves 4.00 of 5.00."""
    end = ending(Worth("market_cap", 1e9, "2025-12-19", ""), 200.0, 200e6, 125.0)
    assert end.steps == pytest.approx({"other watts": -0.6, "remainder": 4.0, "market": 5.0}, abs=EXACT)


@pytest.mark.parametrize(
    ("change", "told"),
    [({"firm_gross_mw": 0.0}, "no firm watts are counted"), ({"waterfall": []}, "no firm watts that could be let")],
)
def test_a_company_without_a_ladder_says_why(change: dict[str, Any], told: str) -> None:
    result = toy()
    for site in result["sites"]:
        site.update(change)
    reason = company_ladders(result)["Toy"]
    assert isinstance(reason, str)
    assert told in reason


def test_packaged_ladders_add_up(packaged: valuation.Run, found: Comparables) -> None:
    """Proves: created + delay + capital + lease = converted; + status = ours; + other watts + remainder = market."""
    led = [row for row in found.companies if row.ladder is not None]
    totals = {row["company"]: row for row in packaged.result["totals"]["by_company"]}
    assert len(led) >= 15
    for row in led:
        assert row.ladder is not None
        steps = row.ladder.steps
        changes = steps["delay"] + steps["capital"] + steps["lease"]
        assert steps["created"] + changes == pytest.approx(steps["converted"], abs=EXACT), row.company
        assert steps["converted"] + steps["status"] == pytest.approx(steps["ours"], abs=EXACT), row.company
        assert math.fsum(row.ladder.status.values()) == pytest.approx(steps["status"], abs=EXACT), row.company
        assert steps["ours"] == pytest.approx(totals[row.company]["usd_per_gross_w"], abs=EXACT)
        for end in row.endings:
            last = end.steps["other watts"] + end.steps["remainder"]
            assert steps["ours"] + last == pytest.approx(end.steps["market"], abs=EXACT), row.company
        assert tuple(steps) == tuple(STEPS)[: len(steps)]
        assert tuple(row.ladder.status) == tuple(STATUS_PARTS)


def test_no_company_is_dropped(packaged: valuation.Run, found: Comparables) -> None:
    """Proves: whatever stands in the study or in the table stands in the answer, once, and what it lacks is said."""
    names = [row.company for row in found.companies]
    assert len(set(names)) == len(names)
    assert {site["company"] for site in packaged.result["sites"]} <= set(names)
    matched = [row.market.company for row in found.companies if row.market is not None]
    assert sorted(matched) == sorted(row.company for row in market_table().companies)
    for row in found.companies:
        whole = row.ours is not None and row.ladder is not None and row.market is not None and row.endings
        assert whole or row.reasons, row.company
    cipher = next(row for row in found.companies if row.company == "Cipher")
    assert cipher.market is not None, "found by its symbol: the table has another name"


def test_a_study_of_other_companies_lists_both_sides() -> None:
    own = MarketValue("Lessor Inc / Lessor", ("LES",), "host", "test", Amount(1e9, "2026-06-30", "printed"))
    stranger = MarketValue("Stranger", ("STR",), "miner", "test", Amount(2e9, "2026-06-30", "printed"))
    run = valuation.value(study(), draws=32, workers=1)
    rows = {row.company: row for row in compare_run(run, MarketTable((own, stranger)), read_tape()).companies}
    assert set(rows) == {"Lessor", "Plain", "Stranger"}
    assert rows["Lessor"].market is own, "found by name"
    assert rows["Lessor"].reasons == ("no value per secured watt: not stated in test",)
    assert "in the study, and not in the table" in rows["Plain"].reasons[-1]
    assert rows["Stranger"].reasons[0] == "in the table of market values, and no site of it in the study"
    plain = rows["Plain"].ours
    assert plain is not None
    assert plain.not_valued == {"unknown": "no source states its megawatts"}


def test_percentiles_are_draw_by_draw_at_the_share_counted(packaged: valuation.Run) -> None:
    """Proves: a company's P10 is that of the sum, not the sum of P10s; Core Scientific's six mines move together."""
    spread = company_spreads(packaged)["Core Scientific"]
    sites = [site for site in packaged.result["sites"] if site["company"] == "Core Scientific"]
    by_site = [site["uses"][site["best_use"]]["risked_npv_usd"] for site in sites]
    drawn = sum(
        site["counted_frac"] * packaged.draws[site["site_id"], site["best_use"]]["risked_npv_real_world_usd"]
        for site in sites
    )
    p10, p50, p90 = np.quantile(drawn, (0.1, 0.5, 0.9))
    assert (spread.p10_usd, spread.p50_usd, spread.p90_usd) == pytest.approx((p10, p50, p90))
    assert spread.p10_usd > sum(found["p10"] for found in by_site)


def test_sales_keep_their_megawatts_their_outcome_and_what_is_missing() -> None:
    """Proves: Granbury and Kearney, 178.6 $M over 390 MW = 0.458 $/W; the bid for Core Scientific was rejected."""
    sales = {sale.deal.deal_id: sale for sale in site_sales(read_tape())}
    assert sales["S-02"].usd_per_w == pytest.approx(178.6 / 390)
    assert sales["S-02"].document()["price_mw_basis"] == "operating MW"
    assert (sales["S-14"].outcome, sales["S-14"].usd_per_w) == ("rejected", pytest.approx(9000 / 1300))
    assert sales["S-06"].outcome == "other", "announced, and how it ended was not checked"
    assert (sales["CRUS-3"].usd_per_w, sales["CRUS-3"].reason) == (None, "price not disclosed")
    assert (sales["S-16"].usd_per_w, sales["S-16"].reason) == (None, "megawatts not found")


def _numbers(node: object) -> Iterator[float]:
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ()
    for child in inside:
        if isinstance(child, float):
            yield child
        yield from _numbers(child)


def test_document_holds_everything_and_no_nan(found: Comparables) -> None:
    told = found.document()
    assert told["schema_version"] == SCHEMA_VERSION
    assert set(told["denominators"]) == {"secured_gross", "operating_gross", "critical_it"}
    assert {row["company"] for row in told["companies"]} == {row.company for row in found.companies}
    assert all(math.isfinite(number) for number in _numbers(told))
    closed = told["site_sales_closed"]
    assert 0.2 < closed["median_usd_per_w"] < 0.5, "unleased sites were sold at 0.23 to 0.46"
    both = told["sector"]["sum"]
    rows = [row for row in told["companies"] if row["endings"]]
    assert both["companies"] == len(rows)
    assert both["ours_usd"] == pytest.approx(sum(row["ours"]["npv_usd"]["mean"] for row in rows))
    assert any("stand at market cap" in note for note in told["notes"])
    assert any("the study of 2026-06" in note for note in told["notes"])


def test_one_market_value_for_two_companies_is_told() -> None:
    result = toy()
    result["sites"].append({"site_id": "x", "company": "Toy (old)", "valued": False, "reason": "merged", "uses": {}})
    value = MarketValue(
        "Toy", ("TOY",), "miner", "t", Amount(1e9, "2026-06-30", "p"), watts={"secured_gross": Watts(200.0, "2026-06")}
    )
    told = comparables(result, MarketTable((value,)), ())
    assert any("one market value stands beside several" in note for note in told.notes)
    assert told.document()["site_sales_closed"] is None


def test_a_banks_sum_of_the_parts_is_the_one_of_the_methods() -> None:
    """Proves: 1,881.86 and a standard deviation of 1,040.14 (methods, section 12).

    Sensitivity: without the wait the first is 2,500; the deviation of an undiscounted site is 1,200.
    """
    sites = [(3000.0, 0.8, 1.5), (3000.0, 0.4, 3.0)]
    assert sum_of_parts_usd(sites, 0.10, 1100.0) == pytest.approx(1881.86, abs=0.005)
    assert chance_sd_usd(3000.0, 0.8, 1.5, 0.10) == pytest.approx(1040.14, abs=0.005)
