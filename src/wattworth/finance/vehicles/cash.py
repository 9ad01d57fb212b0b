"""From cash of a vehicle to cash of its holders: tax of a corporation, distribution, dividends, withholding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.finance.project import Tax, taxable_income_usd
from wattworth.finance.project.conventions import TaxLosses
from wattworth.finance.vehicles.rows import PropertyRows
from wattworth.finance.vehicles.rules import VehicleRules
from wattworth.finance.vehicles.terms import Holders

Array = NDArray[np.float64]


def corporate_tax_usd(rows: PropertyRows, tax: Tax, losses: TaxLosses) -> Array:
    """Federal and state tax of a corporation that owns the rows, less credits; negative is a benefit. [USD]

    Parameters
    ----------
    rows
        The project.
    tax
        Rates and the limit on losses.
    losses
        What a loss is worth; it takes the place of what the tax says.

    Notes
    -----
    State tax is deducted from federal income. Credits are worth their amount in their year.
    """
    taxed = []
    federal = rows.taxable_usd("federal")
    for payer, rate_frac in (("state", tax.state_frac), ("federal", tax.federal_frac)):
        income = rows.taxable_usd("state") if payer == "state" else federal - taxed[0]
        taxable, _ = taxable_income_usd(income, losses, tax.loss_use_limit_frac)
        taxed.append(rate_frac * taxable)
    return taxed[0] + taxed[1] - rows["tax_credits_usd"]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Cash after the vehicle's tax, shared out.

    Attributes
    ----------
    paid_in_usd, distributed_usd
        From and to holders. [USD]
    retained_usd
        Held back at the end of each year. [USD]
    """

    paid_in_usd: Array
    distributed_usd: Array
    retained_usd: Array


def distribute(after_tax_usd: ArrayLike, payout_frac: float = 1.0) -> Distribution:
    """Pay out a share of cash, call on holders for a shortfall, and release what is held in the last year.

    Parameters
    ----------
    after_tax_usd
        Array, shape (year,): cash after tax. [USD]
    payout_frac
        Share of positive cash that is paid out at once. [1]

    Examples
    --------
    >>> shared = distribute([-100.0, 60.0, -20.0, 80.0], 0.5)
    >>> shared.distributed_usd.tolist(), shared.paid_in_usd.tolist()
    ([0.0, 30.0, 0.0, 90.0], [100.0, 0.0, 0.0, 0.0])
    """
    cash = np.asarray(after_tax_usd, dtype=np.float64)
    paid_in, out, balance = np.zeros(cash.size), np.zeros(cash.size), np.zeros(cash.size)
    held = 0.0
    for place, own in enumerate(cash):
        available = held + own
        paid_in[place] = max(0.0, -available)
        last = place == cash.size - 1
        out[place] = max(0.0, available) if last else max(0.0, payout_frac * own)
        held = available + paid_in[place] - out[place]
        balance[place] = held
    return Distribution(paid_in, out, balance)


@dataclass(frozen=True, slots=True)
class HolderCash:
    """What holders get and pay.

    Attributes
    ----------
    dividend_usd, return_of_capital_usd, gain_usd
        Parts of what is distributed: out of earnings, out of what was paid in, and beyond both. [USD]
    tax_usd
        Tax of holders, withholding with it. [USD]
    withheld_usd
        What of it is withheld from foreigners. [USD]
    cash_usd
        Distributed less paid in less tax. [USD]
    """

    dividend_usd: Array
    return_of_capital_usd: Array
    gain_usd: Array
    tax_usd: Array
    withheld_usd: Array
    cash_usd: Array


@dataclass(frozen=True, slots=True)
class HolderRates:
    """Tax of all holders together, by their shares.

    Attributes
    ----------
    dividend_frac, gain_frac
        On dividends, and on what exceeds earnings and what was paid in. [1]
    withheld_frac
        Of a dividend, what is withheld from foreigners. [1]
    """

    dividend_frac: float
    gain_frac: float
    withheld_frac: float


def holder_rates(holders: Holders, rules: VehicleRules, *, trust: bool) -> HolderRates:
    """Rates on the dividends of a corporation, or of a trust.

    Parameters
    ----------
    holders
        Shares by kind.
    rules
        Rates of law.
    trust
        Whether it is a real-estate investment trust.
    """
    treaty = holders.treaty_withholding_frac
    withheld = holders.foreign_frac * (rules.foreign_dividend_frac if treaty is None else treaty)
    own = rules.individual_trust_dividend_frac if trust else rules.individual_dividend_frac
    gain = holders.us_individual_frac * rules.individual_dividend_frac + holders.foreign_frac * rules.foreign_gain_frac
    return HolderRates(holders.us_individual_frac * own + withheld, gain, withheld)


def to_holders(
    shared: Distribution,
    earnings_usd: ArrayLike,
    rates: HolderRates,
    consent_usd: ArrayLike = 0.0,
    least_usd: ArrayLike = 0.0,
) -> HolderCash:
    """Split distributions into dividends, return of capital and gains, and tax them.

    Parameters
    ----------
    shared
        What is paid in and out.
    earnings_usd
        Array, shape (year,): earnings of each year; a distribution is a dividend as far as they reach. [USD]
    rates
        Tax of the holders.
    consent_usd
        Dividends on paper: taxed, not paid, and added to what was paid in. [USD]
    least_usd
        Part of each year's distributions that is a dividend in any case: taxable income of a trust. [USD]

    Notes
    -----
    Earnings build up while they are positive and are worn down by losses and dividends. Beyond them a
    distribution gives back what was paid in, and beyond that it is a gain.
    """
    earned = np.asarray(earnings_usd, dtype=np.float64)
    consent = np.broadcast_to(np.asarray(consent_usd, dtype=np.float64), earned.shape)
    least = np.broadcast_to(np.asarray(least_usd, dtype=np.float64), earned.shape)
    dividend, returned, gain = np.zeros(earned.size), np.zeros(earned.size), np.zeros(earned.size)
    pool, basis = 0.0, 0.0
    for place, paid in enumerate(shared.distributed_usd):
        pool += earned[place]
        basis += shared.paid_in_usd[place]
        dividend[place] = min(paid, max(0.0, max(pool, least[place]) - consent[place]))
        pool -= dividend[place] + consent[place]
        basis += consent[place]
        returned[place] = min(paid - dividend[place], basis)
        basis -= returned[place]
        gain[place] = paid - dividend[place] - returned[place]
    tax = rates.dividend_frac * (dividend + consent) + rates.gain_frac * gain
    withheld = rates.withheld_frac * (dividend + consent)
    cash = shared.distributed_usd - shared.paid_in_usd - tax
    return HolderCash(dividend, returned, gain, tax, withheld, cash)
