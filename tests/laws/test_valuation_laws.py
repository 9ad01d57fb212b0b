"""What must hold for any site, market or use."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies import EVERY_KIND, HALF_LEASED, MINE, QUEUE, study
from tests.worlds import PLAIN, USE, case, part, site, world
from wattworth import facts
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.records import Line
from wattworth.valuation import value

UNTAXED = TaxRules(0.0, 1.0, 0.8, "group")
LEASED = {"state": "leased", "gross_mw": 140.0, "critical_it_mw": 100.0, "mining_gross_mw": 0.0}
MONEY = tuple(key for key in PLAIN if "$" in facts.load()[key].unit)
"""Facts of the plain world that are money."""


def npv(lines, rules: TaxRules = UNTAXED, rate: float = 0.06) -> float:
    """Value of the first draw."""
    return float(statement(lines, rules, discount_factors(rate, 373)).npv_usd[0])


def leased_site(rent: float, capex: float, years: float, escalator: float):
    """A signed lease without credit risk."""
    return site(
        operating_gross_mw=140.0, previous_use="greenfield", lease_critical_it_mw=100.0, lease_gross_mw=140.0,
        lease_rent_usd_per_kw_month=rent, lease_capex_musd_per_mw_it=capex, lease_term_years=years,
        lease_escalator_frac=escalator, lease_tenant_class="hyperscaler",
    )  # fmt: skip


@pytest.mark.parametrize("use", sorted(set(USE) - {"grid"}))
@pytest.mark.parametrize("losses", ["group", "carried"])
def test_all_money_doubled_doubles_value(use: str, losses: str) -> None:
    """Proves: no dollar is written into the code. Sensitivity: a cost of 1 $ hidden anywhere breaks 1e-12."""
    rules = TaxRules(0.25, 0.6, 0.8, losses)  # type: ignore[arg-type] - one of the two

    def valued(scale: float) -> float:
        w = world(money=scale, **{key: PLAIN[key] * scale for key in MONEY})
        priced = site(power_contract="index", power_price_usd_per_mwh=25.0 * scale)
        return npv(USE[use].cash_lines(case(priced, part(), w), w, USE[use].options()), rules)

    assert valued(2.0) == pytest.approx(2.0 * valued(1.0), rel=1e-12)
    assert valued(1.0) != 0


@pytest.mark.parametrize("use", sorted(set(USE) - {"grid"}))
def test_zero_rates_give_the_plain_sum(use: str) -> None:
    """Proves: without discount, tax and credit risk, value is the sum of the lines."""
    w = world(**{"tenant.spread_backed_neocloud": 0.0})
    lines = USE[use].cash_lines(case(site(), part(), w), w, USE[use].options())
    plain = lines.usd[:, :, 0].sum()
    assert npv(lines, UNTAXED, 0.0) == pytest.approx(plain, rel=1e-12)


@given(
    first=st.integers(13, 60),
    delay=st.integers(1, 48),
    rent=st.floats(60.0, 250.0),
    capex=st.floats(1.0, 15.0),
    escalator=st.floats(0.0, 0.05),
    rate=st.floats(0.0, 0.15),
)
def test_a_later_start_never_raises_a_lease(
    first: int, delay: int, rent: float, capex: float, escalator: float, rate: float
) -> None:
    """Proves: with rent, capital and lease end fixed, no bridge and value above nil, waiting costs.

    The hall takes twelve months to build in both; escalation runs from the start of the lease.
    """
    end = 180
    w = world(**{"tenant.spread_hyperscaler": 0.0, "renewal.chance": 0.0})

    def at(month: int) -> float:
        its_site = leased_site(rent, capex, (end - month) / 12, escalator)
        a_case = case(its_site, part(**LEASED), w, start=month - 12, first=month)
        return npv(USE["turnkey"].cash_lines(a_case, w, USE["turnkey"].options()), rate=rate)

    prompt, late = at(first), at(first + delay)
    if prompt > 0:
        assert late <= prompt + 1e-6 * abs(prompt)


@pytest.mark.parametrize("sites", [EVERY_KIND[:1], EVERY_KIND[1:2], EVERY_KIND[2:4]], ids=["mine", "leased", "rest"])
def test_adding_a_use_never_lowers_the_best(sites) -> None:
    """Proves: the best mean over more uses is at least that over fewer, for every pair of sets."""
    names = ("bitcoin", "turnkey", "site_sale", "hold")
    best: dict[frozenset[str], dict[str, float]] = {}
    for size in range(1, 5):
        for chosen in combinations(names, size):
            result = value(study(*sites), draws=256, workers=1, use_names=chosen).result
            best[frozenset(chosen)] = {
                entry["site_id"]: entry["uses"][entry["best_use"]]["risked_npv_usd"]["mean"]
                for entry in result["sites"]
                if entry["best_use"] is not None
            }
    for fewer, means in best.items():
        for more, others in best.items():
            if fewer < more:
                for site_id, mean in means.items():
                    assert others[site_id] >= mean - 1e-6 * abs(mean), (site_id, fewer, more)


def test_a_site_without_power_is_worth_no_more_than_its_sale() -> None:
    """Proves: where power never comes no use beats selling the place in the queue."""
    held = {"success.study": 0.0, "success.undeveloped": 0.0}
    secured = QUEUE.model_copy(update={"site_id": "secured", "pipeline_stage": "secured"})
    for entry in value(study(QUEUE, secured, facts=held), draws=1024, workers=1).result["sites"]:
        sale = entry["uses"]["site_sale"]["risked_npv_usd"]["mean"]
        assert not entry["uses"]["bitcoin"]["available"]
        for name in ("turnkey", "hold"):
            assert entry["uses"][name]["risked_npv_usd"]["mean"] <= sale


@settings(max_examples=8)
@given(step=st.floats(0.1, 40.0))
def test_dearer_power_never_raises_mining(step: float) -> None:
    """Proves: a higher price at the meter lowers the mine, in every draw."""
    lines = []
    for price in (20.0, 20.0 + step):
        w = world(n_draw=3)
        priced = site(power_contract="index", power_price_usd_per_mwh=price)
        lines.append(USE["bitcoin"].cash_lines(case(priced, part(), w), w, USE["bitcoin"].options()))
    margins = [entry.usd[[Line.REVENUE, Line.POWER, Line.OPEX]].sum(axis=0) for entry in lines]
    assert np.all(margins[1] <= margins[0] + 1e-6)


def test_ownership_never_changes_the_ranking() -> None:
    """Proves: a half share halves totals and nothing of the site."""
    half = MINE.model_copy(update={"ownership_frac": 0.5})
    whole, shared = (value(study(s, HALF_LEASED), draws=256, workers=1).result for s in (MINE, half))
    assert whole["sites"][0]["uses"] == shared["sites"][0]["uses"]
    assert whole["totals"]["npv_usd"]["mean"] > shared["totals"]["npv_usd"]["mean"]
