"""A lease by hand: on time, late with damages capped, past the outside date, and consumer prices in a collar."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from wattworth.errors import DataError
from wattworth.finance.lease import (
    CASH_LINES,
    Allowance,
    Escalator,
    LateRemedy,
    LeaseAbstract,
    LeaseWorld,
    OpexTerms,
    PowerTerms,
    PurchaseOption,
    Renewal,
    Security,
    ServiceTier,
    TerminationRight,
    collared_steps_frac,
    lease_lines,
    price_delay,
)
from wattworth.finance.project import Capital, CostPart, Discounting, Operating, ProjectCase, Revenue, evaluate

DAY = 12.0 / 365.0  # month
RENT = 1_000_000.0  # 10 MW at 100 $/kW-month


def lease(**changes: Any) -> LeaseAbstract:
    declared: dict[str, Any] = {
        "landlord": "Owner",
        "tenant": "Tenant",
        "critical_it_mw": 10.0,
        "target_month": 12,
        "term_months": 24,
        "rent_usd_per_kw_month": 100.0,
        "escalator": Escalator(step_frac=0.03),
    }
    return LeaseAbstract(**(declared | changes))


WITH_OUTSIDE = {
    "outside_month": 18,
    "late_remedies": (LateRemedy(kind="cash", usd_per_day=10_000.0, cap_usd=700_000.0),),
    "terminations": (TerminationRight(kind="outside_date", reimbursement_usd=2_000_000.0),),
}


def test_on_time():
    """Proves: 12 months of rent, a step, 12 more. Sensitivity: a step in the first year gives 1.03 x more."""
    done = lease_lines(lease(free_months=2, allowances=(Allowance(usd_per_kw=50.0),)), 12)
    assert (done.state, done.commencement_month, done.expiry_month, done.fallback_month) == ("on_time", 12, 36, None)
    rent = done.lines["base_rent_usd"]
    assert rent[11] == 0.0
    assert rent[12] == RENT
    assert rent[24] == pytest.approx(1.03 * RENT, rel=1e-15)
    assert rent.sum() == pytest.approx(12 * RENT * 2.03, rel=1e-15)
    assert done.lines["free_rent_usd"].sum() == -2 * RENT
    assert done.lines["allowance_usd"][11] == -500_000.0, "paid at delivery"
    assert done.net_usd.sum() == pytest.approx(12 * RENT * 2.03 - 2 * RENT - 500_000.0, rel=1e-12)
    assert set(done.lines) == set(CASH_LINES)
    years = done.yearly(13)
    assert years["base_rent_usd"] == pytest.approx([12 * RENT, 12.36 * RENT], rel=1e-14)


def test_three_months_late_with_damages_capped():
    """Proves: 91.25 days at 10,000 a day stop at the cap of 700,000; the term moves with delivery.

    Sensitivity: without the cap 912,500; a term that runs from the target loses the last three months.
    """
    done = lease_lines(lease(**WITH_OUTSIDE), 15)
    assert (done.state, done.expiry_month, done.fallback_needed) == ("late", 39, False)
    damages = done.lines["late_damages_usd"]
    assert damages[:12].sum() == 0.0
    assert damages[12:15] == pytest.approx([-304_166.6667, -304_166.6667, -91_666.6667], abs=1e-3)
    assert damages.sum() == pytest.approx(-700_000.0, rel=1e-12)
    assert done.lines["base_rent_usd"].sum() == pytest.approx(12 * RENT * 2.03, rel=1e-14)
    fixed_end = lease_lines(lease(**WITH_OUTSIDE, term_runs_from="target"), 15)
    assert fixed_end.expiry_month == 36
    assert fixed_end.lines["base_rent_usd"].sum() == pytest.approx(12 * RENT + 9 * 1.03 * RENT, rel=1e-14)


def test_rent_credits():
    """Proves: two days of rent for each day after a month of grace: 2 of 3 months late credit four months of rent."""
    remedy = LateRemedy(kind="rent_credit", rent_days_per_day=2.0, after_months=1)
    done = lease_lines(lease(late_remedies=(remedy,)), 15)
    assert done.lines["late_credit_usd"][15:20] == pytest.approx([-RENT] * 4 + [0.0], rel=1e-12)
    capped = remedy.model_copy(update={"cap_rent_days": 73.0})
    done = lease_lines(lease(late_remedies=(capped,)), 15)
    assert done.lines["late_credit_usd"].sum() == pytest.approx(-73.0 * DAY * RENT, rel=1e-12)


@pytest.mark.parametrize("month", [19, 40.5, None, np.inf, np.nan])
def test_past_the_outside_date(month):
    """Proves: damages to the outside date, the reimbursement in the month after, no rent, and the fallback flagged."""
    done = lease_lines(lease(**WITH_OUTSIDE, allowances=(Allowance(usd_per_kw=50.0),)), month)
    assert (done.state, done.end_reason, done.fallback_month) == ("terminated", "outside_date", 18)
    assert done.fallback_needed
    assert done.lines["base_rent_usd"].sum() == 0.0
    assert done.lines["late_damages_usd"].sum() == pytest.approx(-700_000.0, rel=1e-12)
    assert done.lines["termination_usd"][18] == -2_000_000.0
    assert done.net_usd.sum() == pytest.approx(-2_700_000.0, rel=1e-12)
    assert [remark.code for remark in done.remarks] == ["lease_terminated"]


def test_a_part_of_a_month_counts_as_a_whole_one():
    assert lease_lines(lease(**WITH_OUTSIDE), 17.2).commencement_month == 18
    assert lease_lines(lease(**WITH_OUTSIDE), 18.0).state == "late", "the outside date itself is in time"


def test_a_tenant_that_stays_is_late():
    done = lease_lines(lease(**WITH_OUTSIDE), 20, LeaseWorld(walks_away=False))
    assert (done.state, done.commencement_month) == ("late", 20)
    assert [remark.code for remark in done.remarks] == ["outside_date_waived"]


def test_collar():
    """Proves: 1, 3 and 9 % between a floor of 2 and a cap of 4 give 2, 3, 4. Sensitivity: no collar, 1, 3, 9."""
    rule = Escalator(kind="cpi", floor_frac=0.02, cap_frac=0.04)
    world = LeaseWorld(cpi_frac_by_year=(0.01, 0.03, 0.09))
    own = lease(escalator=rule, term_months=60)
    assert collared_steps_frac(own, world, 5) == pytest.approx([0.02, 0.03, 0.04, 0.04])
    years = lease_lines(own, 12, world).yearly(13)["base_rent_usd"] / (12 * RENT)
    assert years == pytest.approx([1.0, 1.02, 1.0506, 1.092624, 1.13632896], rel=1e-12)


def test_opex_and_power():
    """Proves: a base year of 240 $/kW stops recovery at growth; power passed through leaves its margin."""
    own = lease(
        opex=OpexTerms(usd_per_kw_year=240.0, growth_frac=0.05),
        power=PowerTerms(overhead_ratio=1.25, load_factor_frac=0.8, margin_frac=0.02),
    )
    years = lease_lines(own, 12, LeaseWorld(power_usd_per_mwh=60.0)).yearly(13)
    assert years["opex_usd"] == pytest.approx([-2.4e6, -2.52e6])
    assert years["opex_recovery_usd"] == pytest.approx([0.0, 0.12e6])
    assert years["power_cost_usd"] == pytest.approx([-10.0 * 8760.0 * 60.0] * 2)
    assert years["power_recovery_usd"] == pytest.approx([1.02 * 10.0 * 8760.0 * 60.0] * 2)
    net = own.model_copy(update={"opex": OpexTerms(structure="triple_net", usd_per_kw_year=240.0)})
    assert lease_lines(net, 12).yearly(13)["opex_recovery_usd"] == pytest.approx([2.4e6] * 2)
    capped = own.model_copy(update={"power": PowerTerms(cap_mw=5.0, overhead_ratio=1.25)})
    done = lease_lines(capped, 12, LeaseWorld(power_usd_per_mwh=60.0))
    assert done.yearly(13)["power_cost_usd"] == pytest.approx([-5.0 * 8760.0 * 60.0] * 2)
    assert [remark.code for remark in done.remarks] == ["power_cap_binds"]


def test_service_credits():
    """Proves: the greatest credit due counts, up to the cap; none at full availability."""
    tiers = (ServiceTier(below_frac=0.9999, credit_frac=0.03), ServiceTier(below_frac=0.999, credit_frac=0.2))
    own = lease(service_tiers=tiers, service_cap_frac=0.1)
    assert lease_lines(own, 12).lines["service_credit_usd"].sum() == 0.0
    good, bad = (lease_lines(own, 12, LeaseWorld(availability_frac=a)).lines for a in (0.9995, 0.99))
    assert good["service_credit_usd"][12] == pytest.approx(-0.03 * RENT)
    assert bad["service_credit_usd"][12] == pytest.approx(-0.1 * RENT), "20 % is due, 10 % is the most"


def test_renewals():
    """Proves: a renewal at the last rent steps once more, and is weighted by its chance; the second by both."""
    first = Renewal(term_months=12, chance_frac=0.5)
    market = Renewal(term_months=12, chance_frac=0.4, rent="market", market_share_frac=0.95)
    world = LeaseWorld(market_rent_usd_per_kw_month=150.0)
    done = lease_lines(lease(renewals=(first, market)), 12, world)
    rent = done.lines["renewal_rent_usd"]
    assert rent[36] == pytest.approx(0.5 * 1.03**2 * RENT)
    assert rent[48] == pytest.approx(0.5 * 0.4 * 1.5 * 0.95 * RENT)
    low = LeaseWorld(market_rent_usd_per_kw_month=50.0)
    floored = market.model_copy(update={"floor_at_last_rent": True})
    assert lease_lines(lease(renewals=(first, floored)), 12, low).lines["renewal_rent_usd"][48] == pytest.approx(
        0.2 * 1.03**2 * RENT
    )


def test_early_ends():
    """Proves: leaving at will after 12 of 24 months repays half the allowance and the fee; lost power pays nothing."""
    rights = (
        TerminationRight(kind="convenience", after_months=12, fee_usd=1e6, unamortised_allowances=True),
        TerminationRight(kind="power_failure", after_months=3, reimbursement_usd=5e5),
    )
    own = lease(terminations=rights, allowances=(Allowance(usd_per_kw=50.0),))
    left = lease_lines(own, 12, LeaseWorld(tenant_leaves_month=20))
    assert (left.end_reason, left.expiry_month, left.fallback_month) == ("convenience", 24, 24)
    assert left.lines["termination_usd"][23] == pytest.approx(1e6 + 0.5 * 500_000.0)
    dark = lease_lines(own, 12, LeaseWorld(power_fails_month=20))
    assert (dark.end_reason, dark.expiry_month) == ("power_failure", 23)
    assert dark.lines["termination_usd"][22] == -5e5
    sold = lease_lines(lease(purchase=PurchaseOption(after_months=12, usd=9e7)), 12, LeaseWorld(purchased=True))
    assert (sold.end_reason, sold.fallback_needed, sold.lines["purchase_usd"][23]) == ("purchase", False, 9e7)


def test_backstop_falls_evenly_and_rent_evens_out():
    """Proves: half of a two-year backstop is left after a year; straight-line differences add to nothing."""
    own = lease(guarantor="Parent", security=Security(backstop_usd=8e6, backstop_years=2.0, letter_of_credit_usd=1e6))
    done = lease_lines(own, 12)
    assert done.balances["backstop_usd"][[12, 23, 35]] == pytest.approx([8e6 * 23 / 24, 4e6, 0.0])
    assert done.balances["letter_of_credit_usd"][[11, 12, 35]].tolist() == [0.0, 1e6, 1e6]
    assert done.balances["straight_line_usd"].sum() == pytest.approx(0.0, abs=1e-6)
    assert done.balances["straight_line_usd"][12] == pytest.approx(0.015 * RENT)


def test_delay_priced():
    """Proves: four draws (12, 15, 19, never) by hand: a quarter on time, a quarter late, half terminated.

    Sensitivity: counting rent credits or damages only in delivered draws gives 175,000 instead of 525,000.
    """
    own = lease(**WITH_OUTSIDE)
    price = price_delay(own, [12.0, 14.3, 19.0, np.nan], 0.0)
    assert (price.on_time_frac, price.late_frac, price.terminated_frac) == (0.25, 0.25, 0.5)
    assert price.damages_usd == pytest.approx(0.75 * 700_000.0)
    assert price.rent_usd == pytest.approx(0.5 * 24.36 * RENT)
    assert price.delay_months == pytest.approx(1.5)
    value = 0.5 * 24.36 * RENT - 525_000.0 - 0.5 * 2e6
    assert price.value_usd == pytest.approx(value)
    assert price.delay_cost_usd == pytest.approx(24.36 * RENT - value)
    saved = price_delay(own, [12.0, 14.3, 19.0, np.nan], 0.0, fallback_usd=4e6)
    assert saved.delay_cost_usd == pytest.approx(price.delay_cost_usd - 2e6)


def test_a_tenant_may_stay():
    """Proves: a right used half the time counts half of each branch."""
    right = TerminationRight(kind="outside_date", exercise_frac=0.5)
    own = lease(outside_month=18, terminations=(right,))
    price = price_delay(own, [20.0], 0.0)
    assert (price.late_frac, price.terminated_frac) == (0.5, 0.5)
    assert price.rent_usd == pytest.approx(0.5 * 24.36 * RENT)


def test_draws_in_time_cost_nothing():
    price = price_delay(lease(**WITH_OUTSIDE), np.full(7, 12.0), 0.08)
    assert price.delay_cost_usd == pytest.approx(0.0, abs=1e-6)
    assert price.standard_error_usd == pytest.approx(0.0, abs=1e-6)
    assert price.to_plain()["n_draw"] == 7


def test_the_lease_in_a_project_case():
    """Proves: the lines enter a case as revenue and cost, and its EBITDA is what the lease leaves."""
    own = lease(opex=OpexTerms(usd_per_kw_year=240.0), free_months=1, allowances=(Allowance(usd_per_kw=9.0),))
    done = lease_lines(own, 12)
    entered = done.yearly_lines(2)
    case = ProjectCase(
        analysis_years=2,
        revenue=Revenue(other=entered["revenue"]),
        operating=Operating(other=entered["cost"]),
        capital=Capital(parts=(CostPart(name="hall", usd=1e7),)),
        discounting=Discounting(nominal_frac=0.1),
    )
    assert evaluate(case).statement["ebitda_usd"][1:] == pytest.approx(
        [done.net_usd[12:24].sum(), done.net_usd[24:36].sum()]
    )


def test_plain_is_plain():
    import json

    assert json.loads(json.dumps(lease_lines(lease(), 12).to_plain()))["state"] == "on_time"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outside_month": 6, "terminations": (TerminationRight(kind="outside_date"),)}, "outside_month 6 is before"),
        ({"outside_month": 20}, "does nothing without a right"),
        ({"terminations": (TerminationRight(kind="outside_date"),)}, "outside_month is missing"),
        ({"terminations": (TerminationRight(kind="convenience"),) * 2}, "twice"),
        ({"free_months": 30}, "free_months 30 exceeds term_months 24"),
        ({"security": Security(backstop_usd=1.0, backstop_years=5.0)}, "name it as guarantor"),
        ({"critical_it_mw": 0.0}, "critical_it_mw"),
        ({"rent": 5.0}, "rent"),
    ],
)
def test_what_an_abstract_refuses(changes, message):
    with pytest.raises(ValidationError, match=message):
        lease(**changes)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Escalator(floor_frac=0.02), 'set kind to "cpi"'),
        (lambda: Escalator(kind="cpi", step_frac=0.02), "step of a fixed escalator"),
        (lambda: Escalator(kind="cpi", floor_frac=0.05, cap_frac=0.02), "swap them"),
        (lambda: LateRemedy(kind="cash", rent_days_per_day=1.0), "needs usd_per_day above 0"),
        (lambda: LateRemedy(kind="cash", usd_per_day=1.0, cap_rent_days=2.0), "move the cap"),
        (lambda: TerminationRight(kind="outside_date", fee_usd=1.0), 'belong to "convenience"'),
        (lambda: TerminationRight(kind="convenience", reimbursement_usd=1.0), "not for convenience"),
        (lambda: TerminationRight(kind="outside_date", after_months=1), "outside_month of the lease"),
        (lambda: TerminationRight(kind="power_failure"), "after_months is missing"),
        (lambda: OpexTerms(structure="gross", base_usd_per_kw_year=1.0), "modified_gross"),
        (lambda: Security(backstop_usd=1.0), "give both or neither"),
    ],
)
def test_what_its_parts_refuse(make, message):
    with pytest.raises(ValidationError, match=message):
        make()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lease_lines(lease(), -1), "delivery_month is -1"),
        (lambda: lease_lines(lease(), 12, LeaseWorld(tenant_leaves_month=20)), "no termination right of kind"),
        (lambda: lease_lines(lease(), 12, LeaseWorld(power_fails_month=20)), "kind power_failure"),
        (lambda: lease_lines(lease(), 12, LeaseWorld(purchased=True)), "no purchase option"),
        (
            lambda: lease_lines(lease(renewals=(Renewal(term_months=1, chance_frac=1.0, rent="market"),)), 12),
            "give market_rent_usd_per_kw_month",
        ),
        (lambda: LeaseWorld(availability_frac=99.9), "share from 0 to 1"),
        (lambda: LeaseWorld(cpi_frac_by_year=()), "at least one"),
        (lambda: LeaseWorld(horizon_months=0), "at least 1"),
        (lambda: LeaseWorld(power_usd_per_mwh=-1.0), "at least 0"),
        (lambda: lease_lines(lease(), 12).yearly(0), "need a month from 1 to"),
        (lambda: price_delay(lease(), [], 0.1), "is empty"),
        (lambda: price_delay(lease(), [-2.0], 0.1), "holds -2"),
    ],
)
def test_what_a_delivery_refuses(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_never_delivered_and_no_way_out():
    done = lease_lines(lease(), None)
    assert done.state == "undelivered"
    assert done.remarks[0].fix.startswith("give outside_month")
