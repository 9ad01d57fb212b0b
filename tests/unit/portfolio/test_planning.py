"""The plan on cases small enough to work by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from wattworth.errors import SolveError, StudyError
from wattworth.portfolio import (
    KEEP,
    Aim,
    Case,
    Choices,
    Effort,
    Limit,
    Limits,
    by_period,
    check,
    exclusion,
    first_out,
    hold,
    in_total,
    join,
    limit_prices,
    next_in,
    place_of,
    place_of_limit,
    plan,
    precedence,
    share,
    shared_connection,
    why,
)
from wattworth.solve import InfeasibleError

EXACT = Effort(time_limit_s=10.0, gap_frac=1e-7)
SITES = ("Ada", "Bern", "Cork")
LEASE_MUSD, LEASE_CAPITAL = (60.0, 45.0, 20.0), (30.0, 30.0, 10.0)


def three_sites(*more: Limits, draws: float | np.ndarray = 1.0, fixed: tuple[int, ...] = ()) -> Case:
    """Each site is kept (worth 5), leased in period 0, or in period 1 for 90 % of that; capital for two of three.

    Options 0, 3, 6 keep; 1, 4, 7 lease in period 0; 2, 5, 8 in period 1.
    """
    value = np.array([[5.0, lease, 0.9 * lease] for lease in LEASE_MUSD]).ravel() * 1e6
    capital = np.array([[0.0, own, own] for own in LEASE_CAPITAL]).ravel()
    choices = Choices(
        SITES,
        np.repeat(np.arange(3), 3),
        ["keep", "lease", "lease"] * 3,
        np.array([KEEP, 0, 1] * 3),
        value[:, None] * np.atleast_1d(draws),
        {"gross_w": np.full(9, 100e6), "leased_mw": np.array([0.0, 100.0, 100.0] * 3)},
    )
    limits = in_total(Limit("capital", 45.0, unit="m USD", kind="capital", relax_step=10.0), capital)
    return Case(choices, join(limits, *more), fixed)


def leases(case: Case, period: int | None = None) -> np.ndarray:
    start = case.choices.start_period
    return np.where(start >= 0 if period is None else start == period, 1.0, 0.0)


def one_crew(case: Case) -> Limits:
    taken = np.stack([leases(case, 0), leases(case, 1)], axis=1)
    return by_period(Limit("crews", 0.0, relax_step=1.0), taken, [1.0, 1.0])


def test_capital_for_two_of_three_takes_the_two_that_are_worth_most_together() -> None:
    """Proves: 60 + 5 + 20 = 85 with 40 of 45 spent. Sensitivity: greedy by value and a plan with all three agree on
    Ada, and Bern would bring 110 with 60 spent."""
    found = plan(three_sites(), effort=EXACT)
    assert found.chosen.tolist() == [1, 3, 7]
    assert found.value_usd == found.objective == pytest.approx(85e6)
    assert found.status == "optimal"
    assert found.gap_frac <= 1e-6


def test_one_crew_in_each_period_delays_the_site_that_loses_least() -> None:
    """Proves: 60 + 5 + 0.9 * 20 = 83. Sensitivity: delaying Ada instead gives 0.9 * 60 + 5 + 20 = 79."""
    case = three_sites()
    case = three_sites(one_crew(case))
    assert plan(case, effort=EXACT).chosen.tolist() == [1, 3, 8]


def test_the_price_of_capital_is_what_the_next_step_buys() -> None:
    """Proves: 15 more buy Bern in place of Cork, 60 + 45 + 5 less 85 = 25; the step of 10 to 55 buys nothing."""
    case = three_sites()
    found = plan(case, effort=EXACT)
    (price,) = limit_prices(case, found, effort=EXACT)
    assert (price.low, price.gain) == (0.0, pytest.approx(0.0, abs=1.0))
    wider = replace(case, limits=Limits((replace(case.limits.rows[0], relax_step=15.0),), case.limits.takes))
    (price,) = limit_prices(wider, found, effort=EXACT)
    assert price.gain == pytest.approx(25e6)
    assert price.low <= 25e6 + 10.0
    assert price.high == pytest.approx(25e6, abs=20.0)


def test_order_exclusion_and_shares_are_kept() -> None:
    case = three_sites()
    order = precedence(case.choices, "Cork", "Ada", lag=1)
    assert plan(three_sites(order), effort=EXACT).chosen.tolist() == [2, 3, 7]  # 54 + 5 + 20
    alone = exclusion(case.choices, ["Ada", "Cork"])
    assert plan(three_sites(alone), effort=EXACT).chosen.tolist() == [1, 3, 6]
    tenants = share("one tenant", leases(case), case.choices.site == 0, 0.4)
    found = plan(three_sites(tenants), effort=EXACT)  # Ada is half of two, so Bern and Cork are leased
    assert found.chosen.tolist() == [0, 4, 7]
    least = in_total(Limit("kept", 2.0, "at least"), 1.0 - leases(case))
    assert plan(three_sites(least), effort=EXACT).chosen.tolist() == [1, 3, 6]


def test_a_shared_connection_counts_each_period() -> None:
    """Proves: 100 MW each from their start on do not fit behind 150 MW, so Cork stays; apart it would be leased."""
    case = three_sites()
    gross_mw = np.array([[20.0, 20.0], [100.0, 100.0], [20.0, 100.0]] * 3)
    behind = shared_connection(case.choices, ["Ada", "Cork"], gross_mw, 150.0)
    assert plan(three_sites(behind), effort=EXACT).chosen.tolist() == [1, 3, 6]
    wide = shared_connection(case.choices, ["Ada", "Cork"], gross_mw, 200.0)
    assert plan(three_sites(wide), effort=EXACT).chosen.tolist() == [1, 3, 7]


def test_the_tail_turns_the_plan_away_from_what_fails_together() -> None:
    """Proves: Ada falls to 0 in the worst half; weight 1 takes Bern and Cork (65), weight 0 Ada and Cork (85)."""
    swing = np.ones((9, 2))
    swing[1:3] = [0.0, 2.0]
    case = three_sites(draws=swing)
    assert plan(case, Aim(0.0, 0.5), EXACT).chosen.tolist() == [1, 3, 7]
    found = plan(case, Aim(1.0, 0.5), EXACT)
    assert found.chosen.tolist() == [0, 4, 7]
    assert found.tail_usd == found.objective == pytest.approx(70e6)


def test_value_per_watt_and_megawatts_can_be_the_aim() -> None:
    """Proves: 85 m$ over 300 MW; watts of 100, 100 and 10 MW change nothing, as all are there in any plan."""
    found = plan(three_sites(), Aim(per="gross_w"), EXACT)
    assert found.objective == pytest.approx(85e6 / 300e6)
    assert found.bound == pytest.approx(found.objective, rel=1e-6)
    assert plan(three_sites(), Aim(measure="leased_mw"), EXACT).objective == pytest.approx(200.0)


def test_a_ratio_is_the_best_of_all_plans() -> None:
    """Proves: with 100 W kept and 400 W leased, keeping Cork and Bern gives 70 / 600; leasing none 15 / 300."""
    case = three_sites()
    watts = np.array([100e6, 400e6, 400e6] * 3)
    case = replace(case, choices=replace(case.choices, measures={"w": watts}))
    found = plan(case, Aim(per="w"), EXACT)
    assert found.objective == pytest.approx(70 / 600)
    assert found.bound == pytest.approx(70 / 600, rel=1e-5)
    free = replace(case, choices=replace(case.choices, measures={"w": np.array([0.0, 1.0, 1.0] * 3)}))
    with pytest.raises(StudyError, match="may have none of 'w'"):
        plan(free, Aim(per="w"), EXACT)


def test_what_is_fixed_stays_and_a_fixed_choice_that_breaks_a_limit_is_named() -> None:
    assert plan(three_sites(fixed=(4,)), effort=EXACT).chosen.tolist() == [0, 4, 7]
    with pytest.raises(
        StudyError, match=r"fixed choices break a limit: with Ada.*Bern.*60 m USD for capital: at most 45"
    ):
        plan(three_sites(fixed=(1, 4)), effort=EXACT)


def test_limits_that_clash_are_named_with_what_would_settle_it() -> None:
    """Proves: three leases take 70 of capital, 25 more than there is, and two lease 200 MW, 50 fewer. Sensitivity:
    shares of sites would lease 250 MW with 55."""
    case = three_sites()
    least = in_total(Limit("leased", 250.0, "at least", "MW"), case.choices.measures["leased_mw"])
    with pytest.raises(InfeasibleError) as caught:
        plan(three_sites(least), effort=EXACT)
    assert {"capital: at most 45 m USD", "leased: at least 250 MW"} <= set(caught.value.clash)
    cures = {cure.where: (cure.change, cure.by) for cure in caught.value.cures}
    assert cures == {"capital": ("higher", pytest.approx(25.0)), "leased": ("lower", pytest.approx(50.0))}


def test_limits_that_no_one_change_settles_are_settled_together() -> None:
    """Proves: leasing all three needs 70 of capital and three crews, spending 60 needs more than 45, so no one change
    will do; those that are named do, once made."""
    case = three_sites()
    capital = case.limits.takes.toarray()[0]
    more = (
        in_total(Limit("crew", 1.0), leases(case)),
        in_total(Limit("leased", 300.0, "at least", "MW"), case.choices.measures["leased_mw"]),
        in_total(Limit("spent", 60.0, "at least", "m USD"), capital),
    )
    clashing = three_sites(*more)
    with pytest.raises(InfeasibleError) as caught:
        plan(clashing, effort=EXACT)
    assert not caught.value.cures
    assert len(caught.value.together) > 1
    moved = {change.where: change.by if change.change == "higher" else -change.by for change in caught.value.together}
    rows = tuple(replace(row, amount=row.amount + moved.get(row.name, 0.0)) for row in clashing.limits.rows)
    assert plan(replace(clashing, limits=Limits(rows, clashing.limits.takes)), effort=EXACT).status == "optimal"


def test_all_that_is_wrong_is_said_at_once() -> None:
    case = three_sites()
    nothing = in_total(Limit("turbines", 3.0), np.zeros(9))
    negative = in_total(Limit("gas", -1.0, unit="GJ"), np.ones(9))
    twice = in_total(Limit("capital", 9.0, relax_step=-1.0), np.ones(9))
    wrong = replace(three_sites(nothing, negative, twice), fixed=(1, 2, 99))
    with pytest.raises(StudyError) as caught:
        check(wrong, Aim(1.5, measure="leased"))
    text = str(caught.value)
    for part in (
        "limit 'turbines': names nothing",
        "limit 'gas': got -1 GJ, need nought or more",
        "limit 'capital': is there twice",
        "got relax_step -1.0",
        "Ada: fixed twice: Ada: lease from period 0, and Ada: lease from period 1",
        "got option 99, need 0 to 8",
        "tail_weight_frac: got 1.5, need 0 to 1",
        "measure: got 'leased', need one of the measures, such as leased_mw",
    ):
        assert part in text
    cash = in_total(Limit("cash", -5.0, "at least"), np.array([0.0, -3.0, -2.0] * 3))
    check(three_sites(cash))  # a floor below nought, of what may be below nought
    with pytest.raises(StudyError, match="did you mean 'capital'"):
        place_of_limit(case.limits, "capitl")
    with pytest.raises(StudyError, match="did you mean 'Bern'"):
        precedence(case.choices, "Berne", "Ada")
    assert place_of(case.choices, "Cork", "lease", 1) == 8
    with pytest.raises(StudyError, match="keep -1, lease 0, lease 1"):
        place_of(case.choices, "Cork", "mine", 1)


def test_values_that_are_no_numbers_and_sites_without_options_are_named() -> None:
    case = three_sites(draws=np.array([1.0, np.nan]))
    with pytest.raises(StudyError, match="Ada: keep: its value is not a number"):
        plan(case)
    choices = replace(three_sites().choices, sites=(*SITES, "Delft"))
    with pytest.raises(StudyError, match="Delft: has no option"):
        plan(replace(case, choices=choices))


def test_an_answer_is_held_against_its_limits() -> None:
    case = three_sites(fixed=(1,))
    with pytest.raises(SolveError, match="misses capital: at most 45 m USD, by 15 m USD"):
        hold(case, np.array([1, 4, 6]))
    with pytest.raises(SolveError, match="leaves a fixed choice: Ada: lease"):
        hold(case, np.array([0, 4, 6]))
    with pytest.raises(SolveError, match="one option for each site"):
        hold(case, np.array([1, 2, 6]))


def test_reasons_say_what_decides() -> None:
    """Proves: Bern lacks 25 m USD, a delay is worth less, and 70 m USD is more than there ever is."""
    case = three_sites()
    found = plan(case, effort=EXACT)
    reasons = {reason.option: reason for reason in why(case, found)}
    assert [option for option, reason in reasons.items() if reason.chosen] == [1, 3, 7]
    assert reasons[8].because == "worth less"
    assert reasons[4].because in {"no room", "price"}
    assert [(short.limit, short.amount) for short in reasons[4].short] == [("capital", 25.0)]
    assert "capital" in reasons[4].words
    assert all(reason.words and reason.flip for reason in reasons.values())
    tight = replace(case, limits=Limits((replace(case.limits.rows[0], amount=25.0),), case.limits.takes))
    excluded = why(tight, plan(tight, effort=EXACT), options=[1])[0]
    assert (excluded.because, excluded.short[0].amount) == ("excluded", 5.0)
    assert "whatever the others do" in excluded.words
    fixed = three_sites(fixed=(4,))
    by_option = {r.option: r.because for r in why(fixed, plan(fixed, effort=EXACT), options=[3, 4])}
    assert by_option == {3: "fixed", 4: "fixed"}


def test_bern_is_next_in_and_cork_first_out() -> None:
    """Proves: only Bern is kept; Cork gives up less over keeping than Ada at any price of capital up to 1.5 a unit."""
    case = three_sites()
    found = plan(case, effort=EXACT)
    into, out = next_in(case, found), first_out(case, found)
    assert into is not None
    assert into.name == "Bern: lease from period 0"
    assert out is not None
    assert out.name.startswith(("Cork: lease", "Ada: lease"))
    kept = three_sites(fixed=(0, 3, 6))
    assert first_out(kept, plan(kept)) is None
    assert next_in(kept, plan(kept)) is None


def test_limits_without_a_sparse_row_order_are_read_as_they_are() -> None:
    case = three_sites()
    turned = Limits(case.limits.rows, csr_array(case.limits.takes.toarray()))
    assert plan(replace(case, limits=turned), effort=EXACT).objective == pytest.approx(85e6)
