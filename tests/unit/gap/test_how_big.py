"""The page "How big is the gap, really": every number on it computed again."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from wattworth import facts
from wattworth.gap import (
    GapResult,
    SiteCurves,
    demand_cases,
    gap,
    gap_document,
    headroom,
    rent_ratio,
    site_curves,
    versions,
)
from wattworth.gap.feedback import ELASTICITY_KEY
from wattworth.gap.result import Spread
from wattworth.gap.terms import Mode
from wattworth.valuation import read_study, value

NOV, SEP, BY_YEAR = (f"morgan-stanley-2025-{name}" for name in ("11", "09", "11-by-year"))
WINDOW = range(2025, 2029)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "how-big-is-the-gap.md").read_text(encoding="utf-8")


@cache
def found(model: str, mode: Mode) -> GapResult:
    return gap(model, mode)


def chosen(page: str) -> dict[str, str]:
    """Site to the use of its free megawatts, as the page lists them; leased ones have the use of their lease."""
    return dict(re.findall(r"^\| ([a-z0-9-]+) \| ([a-z_]+) \| free \| [\d.]+ \|$", page, re.MULTILINE))


def listed(sites: SiteCurves) -> str:
    """The sites of a curve as the page lists them."""
    states = {part.site_id: "leased" if part.state == "leased" else "free" for part in sites.parts}
    assert len(states) == len(sites.parts), "a site is either leased or free"
    rows = [
        row(each["site_id"], *each["uses"], states[each["site_id"]], f"{each['gross_mw']:g}")
        for each in sites.table(WINDOW)
    ]
    return "\n".join(rows)


@pytest.fixture(scope="module")
def sites(page: str) -> SiteCurves:
    """The curve of the uses that the page lists; what chooses them is proved below."""
    return site_curves(read_study("us-miners"), chosen=chosen(page))


@pytest.fixture(scope="module")
def own(sites: SiteCurves) -> GapResult:
    return gap(NOV, "simulated", curves=[sites.supply(WINDOW, "simulated")])


def spread(told: Spread) -> str:
    return f"{told.mean_gw:.1f} ({told.p5_gw:.1f} to {told.p95_gw:.1f})"


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def test_the_claims_beside_the_distribution(page: str) -> None:
    """Proves: the table of claims is what the packaged files print and give. Sensitivity: a tenth of a GW."""
    for model, month in ((SEP, "September"), (NOV, "November")):
        printed = {check.figure: check.value for check in found(model, "as_printed").checks}
        computed = found(model, "as_printed").arithmetic
        drawn = [found(model, mode) for mode in ("expected", "simulated")]
        gaps = [f"{each.gap.mean_gw:.1f}" for each in drawn]
        assert row(f"gap, {month} 2025", f"{printed['gap']:g}", f"{computed.gap_gw:g}", *gaps) in page
        if "net_mid" in printed:
            claim = f"{printed['net_mid']:g} to {printed['net_high']:g}"
            own_inputs = f"{computed.net_mid_gw:.1f} to {computed.net_high_gw:.1f}"
        else:
            claim, own_inputs = f"{printed['net_high']:g}", f"{computed.net_high_gw:.2f}"
        assert row(f"net gap, {month} 2025", claim, own_inputs, *(spread(each.net) for each in drawn)) in page
    shares = [f"{each.net.mean_gw / 69:.1%}" for each in drawn]
    assert row("net gap over demand, November 2025", "20%", f"{computed.share_frac:.1%}", *shares) in page
    for words, key in (("chance of a shortfall", "gap"), ("chance of the printed corner or more", "corner")):
        chances = [f"{getattr(each, f'{key}_chance_frac'):.0%}" for each in drawn]
        assert row(words, "not printed", "", *chances).replace("|  |", "| |") in page


def test_claims_without_inputs_stand_without(page: str) -> None:
    for version, month in zip(versions(), ("December 2024", "June 2025"), strict=False):
        assert f"| gap, {month} | {version.printed['gap']:g} | no inputs printed | | |" in page


def test_who_fills_it(page: str) -> None:
    result = found(NOV, "simulated")
    delivered = {each.name: each for each in result.contributions}
    for line in result.lines:
        if line.is_part:
            continue
        told = delivered[line.name]
        assert told.variance_frac is not None
        cells = (
            f"{line.low_gw:g} to {line.high_gw:g}",
            f"{line.chance_frac:.0%}",
            f"{line.counted_low_gw:.2f}",
            f"{told.delivered.mean_gw:.1f}",
            f"{told.delivered.p5_gw:.1f} to {told.delivered.p95_gw:.1f}",
            f"{told.variance_frac:.0%}",
        )
        assert row(line.label, *cells) in page
    widest = [(swing.name, swing.what) for swing in result.tornado[:3]]
    assert {("gas_turbines", "success"), ("nuclear_sites", "success")} < set(widest)


def test_when(page: str) -> None:
    years = found(BY_YEAR, "simulated").years
    for year in years:
        ends = f"{year.net.p5_gw:.1f} to {year.net.p95_gw:.1f}"
        cells = (f"{year.gap.mean_gw:.1f}", f"{year.net.mean_gw:.1f}", ends, f"{year.gap_chance_frac:.0%}")
        assert row(str(year.year), *cells) in page
    assert max(years, key=lambda year: year.net.mean_gw).year == 2027


def test_what_the_sites_bring(page: str, sites: SiteCurves, own: GapResult) -> None:
    """Proves: the uses that the page lists give its supply by year and its net gap."""
    bank = found(NOV, "simulated")
    (overlap,) = own.overlaps
    supply = f"{overlap.own_mean_gw:.1f} ({overlap.own_p5_gw:.1f} to {overlap.own_p95_gw:.1f})"
    # 14.25 prints as 14.2: Python rounds half to even
    bank_range = f"{overlap.low_gw:.1f} to {overlap.high_gw:.1f}"
    assert row("supply by the end of 2028, GW", bank_range, supply) in page
    assert row("net gap, GW", spread(bank.net), spread(own.net)) in page
    assert row("chance of a shortfall", f"{bank.gap_chance_frac:.0%}", f"{own.gap_chance_frac:.0%}") in page
    for year in gap_document(own, sites=sites, years=WINDOW)["sites"]["years"]:
        ends = f"{year['p5_gw']:.2f} to {year['p95_gw']:.2f}"
        assert row(str(year["year"]), f"{year['mean_gw']:.2f}", ends) in page
    assert listed(sites) in page
    assert list(chosen(page)) == ["corz-dalton", "corz-marble"]
    assert overlap.own_mean_gw < 0.5 * next(
        each.delivered.mean_gw for each in bank.contributions if each.name == "bitcoin_sites"
    )


def test_what_scarcity_and_flexible_load_do(page: str, own: GapResult) -> None:
    book = facts.load()
    elasticity = book[ELASTICITY_KEY].value
    rise = rent_ratio(69.0, own.net.mean_gw, elasticity) - 1
    words = " ".join(page.split())
    assert f"A net gap of {own.net.mean_gw:.1f} GW raises the rent of new leases by {rise:.1%}" in words
    assert f"to the power of {elasticity:g}." in words
    assert f"{headroom(0.005, book).gw:.0f} GW of it fits" in words
    assert headroom(0.005, book).gw > 2 * 44


def test_the_short_answer(page: str, own: GapResult) -> None:
    words, simulated = " ".join(page.split()), found(NOV, "simulated")
    assert f"the middle moves to {own.net.mean_gw:.1f} GW" in words
    assert f"The middle of the same ranges leaves {simulated.arithmetic.net_mid_gw:.0f} GW" in words
    assert f"a surplus of {-simulated.net.p5_gw:.0f} to a shortfall of {simulated.net.p95_gw:.0f} GW" in words
    assert f"the chance of a shortfall is {simulated.gap_chance_frac:.0%}" in words


def test_views_of_demand(page: str) -> None:
    views = {
        "lbnl-2028": "LBNL, all US data centres 2028",
        "iea-2030": "IEA, all US data centres 2030",
        "mckinsey-2030": "McKinsey, all US data centres 2030",
        "bnef-2035": "BloombergNEF, all US data centres 2035",
        "grid-strategies-2025": "Grid Strategies, growth of all US load by 2030",
    }
    cases = {case["case_id"]: case for case in gap_document(found(NOV, "as_printed"))["demand"]["cases"]}
    for case_id, words in views.items():
        case = cases[case_id]
        ratio, lent = case["load_factor_frac"], case["load_factor_source"]
        factor = "none" if ratio is None else f"{ratio:.1%}, {'printed' if lent == 'printed' else 'lent by LBNL'}"
        cells = (
            f"{band(case['printed'], 0)} {case['unit']}",
            band(case["average_gw"], 1),
            band(case["full_gw"], 0),
            factor,
        )
        assert row(words, *cells).replace("|  |", "| |") in page
    assert {case.case_id for case in demand_cases(region="US")} == set(cases)
    assert all(case["load_factor_source"] != "given" for case in cases.values() if case["measure"] == "peak")


def band(values: dict[str, float] | None, digits: int) -> str:
    if values is None:
        return ""
    low, high = (f"{values[end]:.{digits}f}" for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"


@pytest.mark.slow
def test_a_valuation_chooses_the_uses_of_the_page(page: str) -> None:
    """Proves: uses and what is left out are those of ``--with us-miners``, and its curve that of the tests above."""
    curves = site_curves(value(read_study("us-miners"), draws=2_048, workers=2))
    assert listed(curves) in page
    again = site_curves(read_study("us-miners"), chosen=chosen(page))
    assert (again.total_gw(WINDOW, "simulated") == curves.total_gw(WINDOW, "simulated")).all()
    gone: dict[str, float] = {}
    for out in curves.left_out:
        gone[out.reason] = gone.get(out.reason, 0.0) + out.gross_mw / 1e3
    told = {
        "use: site_sale": "that their owners should sell",
        "in study": "in study",
        "use: bitcoin": "that should mine on",
        "abroad": "abroad",
        "counted elsewhere": "counted at another row",
    }
    assert set(gone) == set(told)
    words = " ".join(page.split())
    assert ", ".join(f"{gone[reason]:.1f} {told[reason]}" for reason in told) in words
    assert f"with those sites the firm power is {curves.gross_gw + gone['use: site_sale']:.1f} GW" in words
