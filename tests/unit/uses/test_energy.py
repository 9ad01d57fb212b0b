"""An hour is never paid twice, for any use, contract and price curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds import USE, case, part, site, world
from wattworth.records import DurationCurve, Line
from wattworth.uses import Bitcoin, SiteSale, Turnkey
from wattworth.uses.bitcoin import BitcoinOptions
from wattworth.uses.energy import Channel, hall_mwh_per_month, headroom_frac
from wattworth.uses.grid import Grid
from wattworth.uses.hybrid import Hybrid

NEVER = BitcoinOptions(refresh="never")
HOURS = 100.0 * 730.0
RATIOS = st.lists(st.floats(-1.0, 20.0), min_size=2, max_size=12, unique=True)


def curve_of(ratios: list[float]) -> DurationCurve | None:
    """Hours of equal share and mean one; None where the mean is too small to divide by."""
    price = np.sort(np.array(ratios))
    if price.mean() < 0.2 or np.diff(price).min() < 1e-6:
        return None
    return DurationCurve(price / price.mean(), np.full(price.size, 1.0 / price.size))


def with_curve(curve: DurationCurve, **facts: float):
    w = world(n_month=121, **facts)
    return replace(w, paths=replace(w.paths, curves={"other": curve}))


@settings(max_examples=40)
@given(
    ratios=RATIOS,
    contract=st.sampled_from(["market", "fixed", "resaleable"]),
    price=st.floats(0.0, 90.0),
    block=st.sampled_from([None, 40.0, 100.0]),
    efficiency=st.floats(12.0, 60.0),
)
def test_the_ledger_of_every_use_adds_up(
    ratios: list[float], contract: str, price: float, block: float | None, efficiency: float
) -> None:
    """Proves: hall + mined + sold + idle is the connection in every month, and no channel is below nil.

    Sensitivity: a block counted as sold while it mines makes idle negative.
    """
    curve = curve_of(ratios)
    if curve is None:
        return
    w = with_curve(curve, **{"mine.uptime": 0.95, "fleet.failure_rate": 0.03, "fleet.vintage_spread": 0.2})
    its_site = site(
        power_contract="market" if contract == "market" else "fixed", power_price_usd_per_mwh=price,
        power_resaleable=contract == "resaleable", power_block_mw=block, fleet_j_per_th=efficiency,
    )  # fmt: skip
    a_case = case(its_site, part(), w, first=24)
    for use in (Bitcoin(), Grid(), Hybrid(), Turnkey(), SiteSale(), USE["hold"]):
        if use.unavailable(its_site, a_case.part) is not None:
            continue
        for options in (use.options(), *([NEVER] if use.name == "bitcoin" else [])):
            mwh = use.energy_mwh(a_case, w, options)
            np.testing.assert_allclose(mwh[:, 1:].sum(axis=0), HOURS, rtol=1e-12)
            assert not mwh[:, 0].any()
            assert (mwh >= -1e-6).all()


@settings(max_examples=40)
@given(ratios=RATIOS, price=st.floats(0.0, 60.0), efficiency=st.floats(12.0, 60.0), capture=st.floats(0.0, 1.0))
def test_an_hour_of_a_resaleable_block_earns_the_better_of_mining_and_the_market(
    ratios: list[float], price: float, efficiency: float, capture: float
) -> None:
    """Proves: with perfect foresight the month is the sum over its hours of max(R, p) - K, and never more.

    Below perfect foresight it lies between always mining and that. Mined and sold energy are the whole block.
    Sensitivity: paying the hours sold for both would add R times their share.
    """
    curve = curve_of(ratios)
    if curve is None:
        return
    hour = curve.price_ratio * 30.0
    worth = 40_000 / (24 * efficiency) - 5.0
    upper = (np.maximum(worth, hour) - price).mean()
    block = site(
        power_contract="fixed", power_price_usd_per_mwh=price, power_resaleable=True, fleet_j_per_th=efficiency
    )
    month = {}
    for caught in (capture, 1.0):
        w = with_curve(curve, **{"mine.curtailment_capture": caught, "site.holding_cost": 1e6})
        a_case = case(block, part(), w)
        lines = Bitcoin().cash_lines(a_case, w, NEVER)
        month[caught] = lines.usd[[Line.REVENUE, Line.POWER, Line.OPEX], 1, 0].sum() / HOURS
        mwh = Bitcoin().energy_mwh(a_case, w, NEVER)[:, 1, 0]
        np.testing.assert_allclose(mwh[Channel.MINED] + mwh[Channel.SOLD], HOURS, rtol=1e-9)
    assert month[1.0] == pytest.approx(upper, rel=1e-9, abs=1e-7)
    assert worth - price - 1e-7 <= month[capture] <= upper + 1e-7
    sold = Grid().cash_lines(a_case, w, Grid.options()).usd[[Line.REVENUE, Line.POWER], 1, 0].sum() / HOURS
    assert sold == pytest.approx(30.0 - price, rel=1e-9)
    assert sold <= upper + 1e-7


def test_a_hall_draws_its_load() -> None:
    """Proves: methods section 3: 100 MW IT, load 0.8, PUE 1.15 are 805,920 MWh a year; headroom 1 - 0.96/1.4."""
    assert 12 * hall_mwh_per_month(np.array(100.0), np.array(0.8), np.array(1.15)) == pytest.approx(805_920)
    assert headroom_frac(np.array(0.8), np.array(1.2), np.array(1.4)) == pytest.approx(1 - 0.96 / 1.4)
    assert headroom_frac(np.array(1.0), np.array(1.5), np.array(1.4)) == 0.0


def test_a_lease_mines_before_it_draws() -> None:
    """Proves: the bridge stops two months before the hall, which draws to the end of its term and no longer."""
    w = world()
    a_case = case(site(fleet_age_years=0.0), part(), w, start=6, first=24)
    mwh = Turnkey().energy_mwh(a_case, w, Turnkey.options())[:, :, 0]
    last = int(Turnkey().cash_lines(a_case, w, Turnkey.options()).residual_month[0])
    assert mwh[Channel.MINED, 22] == HOURS
    assert mwh[Channel.MINED, 23] == mwh[Channel.HALL, 23] == 0
    np.testing.assert_allclose(mwh[Channel.HALL, 24 : last + 1], HOURS / 1.4 * 0.96, rtol=1e-12)
    assert not mwh[Channel.HALL, last + 1 :].any()
