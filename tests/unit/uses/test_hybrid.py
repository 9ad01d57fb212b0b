"""One connection for a hall and a mine: nothing on it is counted twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.worlds import case, part, site, world
from wattworth.records import Line
from wattworth.uses import Bitcoin, Turnkey
from wattworth.uses.bitcoin import BitcoinOptions
from wattworth.uses.energy import Channel
from wattworth.uses.hybrid import Hybrid, HybridOptions

HEADROOM = 1 - 0.8 * 1.2 / 1.4
LIVE = 24
STOP = 22


def case_of(w, **changes: object):
    return case(site(fleet_age_years=0.0, **changes), part(), w, start=6, first=LIVE)


def lines_of(w, share: float = 0.5, **changes: object):
    return Hybrid().cash_lines(case_of(w, **changes), w, HybridOptions(hall_share_frac=share))


def without_mining(w):
    """The hall alone on half the connection."""
    hall = case(site(), part(gross_mw=50.0, mining_gross_mw=0.0), w, start=6, first=LIVE)
    return Turnkey().cash_lines(hall, w, Turnkey.options())


def test_the_hall_is_half_a_turnkey_lease() -> None:
    """Proves: rent, capital and first income are those of a lease of 50 MW. Sensitivity: of 100 MW twice as much."""
    w = world()
    lines, hall = lines_of(w), without_mining(w)
    capital = [Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y]
    np.testing.assert_allclose(lines.usd[capital].sum(), hall.usd[capital].sum(), rtol=1e-12)
    np.testing.assert_allclose(lines.noi_year1_usd, hall.noi_year1_usd, rtol=1e-12)
    np.testing.assert_array_equal(lines.residual_month, hall.residual_month)


def test_the_connection_reverts_once() -> None:
    """Proves: the hall's residual on its half, and 50 MW x (0.45 x 0.98 - 0.02) $/W of the other at the same month."""
    w = world()
    lines, hall = lines_of(w), without_mining(w)
    np.testing.assert_allclose(lines.residual_usd - hall.residual_usd, 5e7 * (0.45 * 0.98 - 0.02), rtol=1e-12)


def test_the_bridge_is_the_whole_mine() -> None:
    """Proves: until the hall takes its power all machines mine; then 1 - share, and half the hours of the headroom."""
    w = world()
    lines, hall = lines_of(w), without_mining(w)
    plain = Bitcoin().cash_lines(case_of(w), w, BitcoinOptions(refresh="never"))
    own = lines.usd[Line.REVENUE, :, 0] - hall.usd[Line.REVENUE, :, 0]
    np.testing.assert_allclose(own[1 : STOP + 1], plain.usd[Line.REVENUE, 1 : STOP + 1, 0], rtol=1e-12)
    after = 0.5 + 0.5 * HEADROOM * 0.5
    np.testing.assert_allclose(own[STOP + 1 : 61], after * plain.usd[Line.REVENUE, STOP + 1 : 61, 0], rtol=1e-9)
    np.testing.assert_allclose(own[61:], 0.0, atol=1e-3)


def test_resale_is_charged_once_and_moved_machines_are_not_sold() -> None:
    """Proves: today's value of every machine once; at the hall's start only those that find no place are sold.

    100 MW / 20 J/TH at 15 x (10/20)^2 = 18.75 $M in all; 50 MW stay, 50 MW x 0.314 move, the rest fetch their price.
    """
    w = world()
    lines = lines_of(w)
    np.testing.assert_allclose(lines.usd[Line.AFTER_TAX, 0, 0], -18.75e6 * 0.75, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.PROCEEDS, STOP, 0], 18.75e6 * 0.5 * (1 - HEADROOM), rtol=1e-12)


def test_a_small_mine_stays_beside_the_hall() -> None:
    """Proves: 30 mining MW of 100 fit in the half the hall leaves, so none is sold and none moves."""
    w = world()
    small = replace(case(site(mining_gross_mw=30.0), part(mining_gross_mw=30.0), w, start=6, first=LIVE))
    lines = Hybrid().cash_lines(small, w, HybridOptions())
    plain = Bitcoin().cash_lines(small, w, BitcoinOptions(refresh="never"))
    own = lines.usd[Line.REVENUE, :49, 0] - without_mining(w).usd[Line.REVENUE, :49, 0]
    np.testing.assert_allclose(own, plain.usd[Line.REVENUE, :, 0], atol=1e-3)
    assert np.count_nonzero(lines.usd[Line.PROCEEDS]) == 1


def test_the_idle_half_is_kept_up() -> None:
    """Proves: after the last machine 50 MW cost 25,000 $ a month until the lease ends."""
    w = world()
    lines, hall = lines_of(w), without_mining(w)
    upkeep = lines.usd[Line.OPEX, 61:145, 0] - hall.usd[Line.OPEX, 61:145, 0]
    np.testing.assert_allclose(upkeep, -25_000.0, rtol=1e-9)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_every_hour_of_the_connection_is_used_once(share: float) -> None:
    """Proves: hall, mine and idle add up to the connection in every month; the hall draws IT x load x PUE."""
    w = world()
    mwh = Hybrid().energy_mwh(case_of(w), w, HybridOptions(hall_share_frac=share))
    np.testing.assert_allclose(mwh[:, 1:].sum(axis=0), 73_000.0, rtol=1e-12)
    assert (mwh >= -1e-6).all()
    np.testing.assert_allclose(mwh[Channel.HALL, LIVE, 0], share * 73_000 / 1.4 * 0.8 * 1.2, rtol=1e-12)


def test_it_asks_the_market_for_its_share_of_tenants() -> None:
    """Proves: demand and pursuit are those of the hall, not of the site."""
    w = world(**{"turnkey.pursuit_cost": 0.1})
    options = HybridOptions(hall_share_frac=0.25)
    assert Hybrid().ai_demand_frac(options) == 0.25
    np.testing.assert_allclose(Hybrid().pursuit_usd(case_of(w), w, options), 0.1e6 * 25 / 1.4, rtol=1e-12)


@pytest.mark.parametrize(
    ("changes", "a_part", "reason"),
    [
        ({}, part(mining_gross_mw=0.0), "no energised megawatts that mine beside a hall"),
        ({}, part(state="undeveloped", mining_gross_mw=0.0), "no energised megawatts that mine beside a hall"),
        ({}, part(state="leased"), "under a signed lease"),
        ({"firm": "interruptible"}, part(), "interruptible power cannot serve a lease without firming"),
        ({}, part(), None),
    ],
)
def test_unavailable_says_why(changes: dict[str, object], a_part, reason: str | None) -> None:
    """Proves: what a shared connection needs."""
    assert Hybrid().unavailable(site(**changes), a_part) == reason
