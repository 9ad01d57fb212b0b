"""Selling the block of a power contract, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.worlds import case, part, site, world
from wattworth.records import Line
from wattworth.uses import Bitcoin
from wattworth.uses.bitcoin import BitcoinOptions
from wattworth.uses.energy import Channel
from wattworth.uses.grid import Grid
from wattworth.uses.power_contract import contract_value_usd

FIXED = {"power_contract": "fixed", "power_price_usd_per_mwh": 10.0, "power_resaleable": True}
BLOCK = {**FIXED, "power_end": "2031-06"}
HOURS = 100.0 * 730.0


def lines_of(w, a_part=None, **changes: object):
    a_case = case(site(**changes), part() if a_part is None else a_part, w)
    return Grid().cash_lines(a_case, w, Grid.options())


def test_the_block_earns_spot_less_its_price() -> None:
    """Proves: (30 - 1.5 - 10) x 100 MW x 730 h a month to the contract's 60th month, then the site reverts.

    The connection has then been idle for five years: 100 MW x (0.45 x 0.98^5 - 0.02). The machines are sold now, so
    their resale value is neither charged nor received. Sensitivity: the delivery adder on the sale earns it twice.
    """
    w = world(**{"power_resale.fee": 1.5, "power_other.delivery_adder": 8.0})
    lines = lines_of(w, **BLOCK)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 1:61, 0], 28.5 * HOURS, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.POWER, 1:61, 0], -10 * HOURS, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.OPEX, 1:61, 0], -50_000, rtol=1e-12)
    assert lines.residual_month[0] == 60
    np.testing.assert_allclose(lines.residual_usd[0], 1e8 * (0.45 * 0.98**5 - 0.02), rtol=1e-12)
    assert not lines.usd[Line.AFTER_TAX].any()


def test_take_or_pay_loses_where_the_market_is_cheaper() -> None:
    """Proves: a block at 40 against a market of 30 is paid all the same. Sensitivity: a stop hides 730,000 $."""
    lines = lines_of(world(), **{**BLOCK, "power_price_usd_per_mwh": 40.0})
    np.testing.assert_allclose(lines.usd[[Line.REVENUE, Line.POWER], 5, 0].sum(), -10 * HOURS, rtol=1e-12)


def test_a_smaller_block_is_sold_alone() -> None:
    """Proves: 345 MW of Rockdale's 700 (Riot, 10-Q of 2025 Q3). Sensitivity: all 700 MW."""
    w = world()
    rockdale = site(operating_gross_mw=700.0, power_block_mw=345.0, **FIXED)
    lines = Grid().cash_lines(case(rockdale, part(gross_mw=700.0, mining_gross_mw=700.0), w), w, Grid.options())
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 1, 0], 345 * 730 * 30.0, rtol=1e-12)


@pytest.mark.parametrize(("end", "month"), [("2026-09", 9), ("2026-01", 60)])
def test_the_site_reverts_no_sooner_than_a_sale_would_close(end: str, month: int) -> None:
    """Proves: a contract of three months leaves six of upkeep; one that has ended is held as in `hold`."""
    lines = lines_of(world(), **{**BLOCK, "power_end": end})
    assert lines.residual_month[0] == month
    assert np.count_nonzero(lines.usd[Line.REVENUE]) == (3 if month == 9 else 0)


@pytest.mark.parametrize(
    ("changes", "a_part", "reason"),
    [
        ({}, part(), "no fixed-price power contract to sell"),
        ({**BLOCK, "power_resaleable": False}, part(), "its power contract may not be resold"),
        ({**BLOCK, "power_resaleable": None}, part(), "its power contract may not be resold"),
        ({**BLOCK, "power_block_mw": 0.0}, part(), "its fixed-price block is empty"),
        (BLOCK, part(state="construction", mining_gross_mw=0.0), "no energised megawatts whose power could be sold"),
        (BLOCK, part(state="leased"), "under a signed lease"),
        (BLOCK, part(), None),
    ],
)
def test_unavailable_says_why(changes: dict[str, object], a_part, reason: str | None) -> None:
    """Proves: each thing a sale needs is named when it lacks."""
    assert Grid().unavailable(site(**changes), a_part) == reason


def test_the_hour_is_mined_or_sold_never_both() -> None:
    """Proves: with mining and spot known, the two uses of a block share its hours; mining wins where it pays more.

    At 83.33 - 5 against 30 the block mines all hours and sells none; the grid sells all and mines none.
    """
    w = world()
    a_case = case(site(**FIXED), part(), w)
    mined = Bitcoin().energy_mwh(a_case, w, BitcoinOptions(refresh="never"))[:, 1, 0]
    sold = Grid().energy_mwh(a_case, w, Grid.options())[:, 1, 0]
    np.testing.assert_allclose(mined, [0, HOURS, 0, 0], rtol=1e-12)
    np.testing.assert_allclose(sold, [0, 0, HOURS, 0], rtol=1e-12)
    assert sold[Channel.SOLD] == HOURS


def test_the_contract_marked_to_market() -> None:
    """Proves: (30 + 8 - 10) x 100 MW x 730 h a month for 60 months; half of it on half a block; nil without one.

    Sensitivity: counting the as-of month gives 61.
    """
    w, flat = world(**{"power_other.delivery_adder": 8.0}), np.ones(361)
    value = contract_value_usd(site(**BLOCK), part(), w, flat)
    np.testing.assert_allclose(value, 60 * 28 * HOURS, rtol=1e-12)
    half = contract_value_usd(site(**BLOCK, power_block_mw=50.0), part(), w, flat)
    np.testing.assert_allclose(half, 30 * 28 * HOURS, rtol=1e-12)
    index = site(power_contract="index", power_price_usd_per_mwh=10.0)
    assert contract_value_usd(index, part(), w, flat)[0] == 0.0
    assert contract_value_usd(site(), part(), w, flat)[0] == 0.0


def test_a_dear_contract_is_a_debt() -> None:
    """Proves: an escalating price passes the market and its months turn against the holder, without a nan."""
    w = replace(world(), params=world(**{"power_other.delivery_adder": 0.0}).params)
    dear = site(**{**BLOCK, "power_price_usd_per_mwh": 29.0, "power_escalation_frac": 0.1})
    value = contract_value_usd(dear, part(), w, 1.06 ** (-np.arange(361) / 12))
    assert np.isfinite(value).all()
    assert value[0] < 0
