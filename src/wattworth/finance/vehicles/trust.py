"""A real-estate investment trust over a project: its taxable income, what it must pay out, and its measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project import taxable_income_usd
from wattworth.finance.vehicles.cash import (
    Distribution,
    HolderCash,
    HolderRates,
    corporate_tax_usd,
    distribute,
    holder_rates,
    to_holders,
)
from wattworth.finance.vehicles.measures import (
    PropertyMeasures,
    adjusted_funds_usd,
    funds_from_operations_usd,
    net_asset_value_usd,
)
from wattworth.finance.vehicles.rows import PropertyRows
from wattworth.finance.vehicles.rules import VehicleRules
from wattworth.finance.vehicles.split import Halves, halve
from wattworth.finance.vehicles.status import MUST_PASS, TrustTest, TrustYears, trust_tests
from wattworth.finance.vehicles.terms import VehicleTerms

Array = NDArray[np.float64]
_EXEMPT = HolderRates(0.0, 0.0, 0.0)
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Business:
    """The operator or the taxable subsidiary.

    Attributes
    ----------
    tax_usd
        Its corporate tax. [USD]
    cash_usd
        Its cash after that tax; negative where its owner pays in. [USD]
    dividend_usd, gain_usd
        What of its distributions is a dividend, and what exceeds earnings and capital. [USD]
    """

    tax_usd: Array
    cash_usd: Array
    dividend_usd: Array
    gain_usd: Array


@dataclass(frozen=True, slots=True)
class Trust:
    """The trust, if it qualifies.

    Attributes
    ----------
    halves
        What it holds, and the business beside it.
    business
        The operator or subsidiary; None where the trust does everything itself.
    before_tax_usd
        Its cash before its own tax, what a subsidiary pays up with it. [USD]
    taxable_usd
        Taxable income before dividends. [USD]
    tax_usd
        Its own tax: on what is not paid out, and on a gain brought in. [USD]
    built_in_tax_usd
        The second of the two. [USD]
    shared
        Distributions.
    consent_usd
        Dividends on paper. [USD]
    holders
        Cash of its holders.
    tests
        Tests of its status.
    measures
        FFO, AFFO and NAV.
    """

    halves: Halves
    business: Business | None
    before_tax_usd: Array
    taxable_usd: Array
    tax_usd: Array
    built_in_tax_usd: Array
    shared: Distribution
    consent_usd: Array
    holders: HolderCash
    tests: tuple[TrustTest, ...]
    measures: PropertyMeasures

    @property
    def qualifies(self) -> bool:
        """Whether every test that decides the status is passed."""
        return all(test.passes for test in self.tests if test.name in MUST_PASS)


def run_business(rows: PropertyRows, terms: VehicleTerms) -> Business:
    """A corporation that runs the business: its losses are its own.

    Parameters
    ----------
    rows
        Its rows.
    terms
        Tax.
    """
    tax = corporate_tax_usd(rows, terms.tax, "carried")
    cash = rows.before_tax_usd - tax
    split = to_holders(distribute(cash), rows.book_income_usd - tax, _EXEMPT)
    return Business(tax, cash, split.dividend_usd, split.gain_usd)


def pay_out(
    cash_usd: Array, taxable_usd: Array, terms: VehicleTerms, rules: VehicleRules
) -> tuple[Distribution, Array, Array]:
    """Distributions of a trust, its dividends on paper, and its tax on the rest.

    Parameters
    ----------
    cash_usd
        Cash of each year before tax on undistributed income. [USD]
    taxable_usd
        Taxable income before dividends. [USD]
    terms
        Payout and consent dividends.
    rules
        Least share, and the tax on what is not paid out.

    Returns
    -------
    shared, consent_usd, tax_usd
        [USD]

    Notes
    -----
    Tax and distribution decide each other. With income `T`, cash `c`, rate `t` and all cash paid out,
    `D = c - t (T - D)` where `D < T`, so `D = (c - t T)/(1 - t)`; with a dividend on paper that fills up to
    the least `m T`, `D = c - t (1 - m) T`.
    """
    rate, least = rules.corporate_frac, rules.distribution_min_frac
    on_paper, payout = terms.trust.consent_dividends, terms.trust.payout_frac
    n_year = cash_usd.size
    paid_in, out, balance, consent, tax = (np.zeros(n_year) for _ in range(5))
    held = 0.0
    for place in range(n_year):
        own, income = float(cash_usd[place]), float(taxable_usd[place])
        available, need = held + own, least * income
        most = available
        if available < income:
            most = (available - rate * income) / (1.0 - rate)
            most = available - rate * (income - need) if on_paper and most < need else most
        most = max(0.0, most)
        wanted = most if place == n_year - 1 else min(most, max(payout * max(0.0, own), min(need, most)))
        out[place] = wanted
        consent[place] = max(0.0, need - wanted) if on_paper else 0.0
        tax[place] = rate * max(0.0, income - wanted - consent[place])
        left = available - tax[place] - wanted
        paid_in[place] = max(0.0, -left)
        held = max(0.0, left)
        balance[place] = held
    return Distribution(paid_in, out, balance), consent, tax


def _built_in_tax_usd(rows: PropertyRows, terms: VehicleTerms, rules: VehicleRules) -> Array:
    early = (rows.year >= 0) & (rows.year <= rules.built_in_gain_years)
    sold = np.where(early, np.minimum(rows["sale_usd"], terms.trust.built_in_gain_usd), 0.0)
    return rules.corporate_frac * sold


def _present_usd(cash: Array, rows: PropertyRows, rate_frac: float) -> Array:
    """Value at the end of each year of the cash of later years."""
    years, out = rows.exponent_years, np.zeros(cash.size)
    for place in range(cash.size):
        out[place] = np.sum(cash[place + 1 :] * (1.0 + rate_frac) ** (years[place] - years[place + 1 :]))
    return out


@dataclass(frozen=True, slots=True)
class _Setup:
    """What the tests and the measures look at."""

    rows: PropertyRows
    terms: VehicleTerms
    rules: VehicleRules
    halves: Halves
    business: Business | None

    @property
    def subsidiary(self) -> Business | None:
        """The business, where it is a subsidiary."""
        return self.business if self.terms.trust.through == "taxable_subsidiary" else None

    @property
    def subsidiary_value_usd(self) -> Array:
        """Present value of what a subsidiary will pay up. [USD]"""
        if self.subsidiary is None:
            return np.zeros(self.rows.year.size)
        return _present_usd(self.subsidiary.cash_usd, self.rows, self.terms.discount_frac)


def _assets_usd(setup: _Setup, counts_whole: bool) -> tuple[Array, Array, Array]:
    """Real estate with cash, all assets, and the subsidiary: each at the larger of book and income value. [USD]"""
    rows, halves, own = setup.rows, setup.halves, setup.terms.trust
    income_value = np.append(halves.property_noi_usd[1:], 0.0) / own.cap_rate_frac
    held = np.maximum(halves.held["net_plant_usd"], income_value)
    real = held * (halves.depreciated_real_frac if counts_whole else halves.real_frac)
    beside, value = np.zeros(rows.year.size), np.zeros(rows.year.size)
    if own.through == "direct":
        beside = halves.business["net_plant_usd"]
        real = real + beside * halves.business_real_frac
    if setup.subsidiary is not None:
        book = halves.business["net_plant_usd"] - halves.business["debt_balance_usd"]
        value = np.maximum(0.0, np.maximum(book, setup.subsidiary_value_usd))
    liquid = rows["cash_usd"] + own.other_assets_usd
    running = rows["net_plant_usd"] > 0.01
    return real + liquid, np.where(running, held + beside + liquid + value, 0.0), value


def _years_tested(setup: _Setup, dividends: Array, taxable: Array) -> TrustYears:
    rows, halves, rules, own = setup.rows, setup.halves, setup.rules, setup.terms.trust
    services, personal = own.impermissible_service_frac, halves.personal_rent_frac
    counts_whole = personal <= rules.personal_property_max_frac + _NEAR
    counts = 0.0 if services > rules.impermissible_service_max_frac + _NEAR else 1.0 - services
    rent = halves.rent_usd * counts * (1.0 if counts_whole else 1.0 - personal)
    sold = halves.held["sale_usd"]
    gain = np.where(sold > 0.0, np.maximum(0.0, sold - np.maximum(0.0, halves.held["untaxed_usd"])), 0.0)
    real_income = rent + gain * (halves.depreciated_real_frac if counts_whole else halves.real_frac)
    passive = real_income + halves.passive_interest_usd + rows["interest_income_usd"]
    income = halves.rent_usd + gain + halves.passive_interest_usd + rows["interest_income_usd"]
    income = income + halves.held["incentive_usd"]
    if setup.subsidiary is not None:
        paid_up = setup.subsidiary.dividend_usd + setup.subsidiary.gain_usd
        passive, income = passive + paid_up, income + paid_up
    if own.through == "direct":
        income = income + halves.business["revenue_usd"] + halves.business["incentive_usd"]
    real_assets, assets, subsidiary = _assets_usd(setup, counts_whole)
    at = rows.year >= 1
    return TrustYears(
        year=rows.year[at],
        calendar_year=(setup.terms.first_calendar_year + rows.year - 1)[at],
        real_assets_usd=real_assets[at],
        assets_usd=assets[at],
        subsidiary_usd=subsidiary[at],
        real_income_usd=real_income[at],
        passive_income_usd=passive[at],
        income_usd=income[at],
        taxable_usd=taxable[at],
        dividends_usd=dividends[at],
        personal_rent_frac=personal,
        service_frac=services,
    )


def _nav_usd(setup: _Setup) -> Array:
    rows, halves, own = setup.rows, setup.halves, setup.terms.trust
    other = setup.subsidiary_value_usd + own.other_assets_usd
    debt = halves.held["debt_balance_usd"]
    if own.through == "direct":
        debt = debt + halves.business["debt_balance_usd"]
    forward = np.append(halves.property_noi_usd[1:], np.nan)
    nav = net_asset_value_usd(forward, own.cap_rate_frac, debt - rows["cash_usd"], other)
    contracted = int(rows.year[-1]) if own.contracted_years is None else own.contracted_years
    firm = (contracted - rows.year >= setup.rules.least_contracted_years) & (rows.year >= 0)
    return np.where(firm, nav, np.nan)


def _measures(setup: _Setup, tax: Array, paid: Array) -> PropertyMeasures:
    rows, halves, rules, own = setup.rows, setup.halves, setup.rules, setup.terms.trust
    net = halves.held.book_income_usd - tax
    real_depreciation = halves.held["book_depreciation_usd"] * halves.depreciated_real_frac
    kept_up, gains = halves.held["maintenance_usd"], halves.held["sale_usd"]
    if own.through != "prime_lease":
        net = net + halves.business.book_income_usd - (setup.business.tax_usd if setup.business else 0.0)
        real_depreciation = real_depreciation + halves.business["book_depreciation_usd"] * halves.business_real_frac
        kept_up, gains = rows["maintenance_usd"], rows["sale_usd"]
    ffo = funds_from_operations_usd(net, real_depreciation, gains)
    affo = adjusted_funds_usd(ffo, kept_up, rows["straight_line_usd"])
    nav = _nav_usd(setup)
    at_start = nav[(rows.year == 0) & np.isfinite(nav)]
    first_nav = float(at_start[0]) if at_start.size else None
    first_affo = float(affo[rows.year == 1][0])
    multiple = rules.affo_multiple if own.affo_multiple is None else own.affo_multiple
    ratio = rules.price_to_nav_ratio if own.price_to_nav_ratio is None else own.price_to_nav_ratio
    by_nav = None if first_nav is None else ratio * first_nav
    first_paid = float(paid[rows.year == 1][0])
    return PropertyMeasures(
        year=rows.year,
        net_income_usd=net,
        ffo_usd=ffo,
        affo_usd=affo,
        nav_usd=nav,
        first_affo_usd=first_affo,
        first_nav_usd=first_nav,
        affo_multiple=multiple,
        price_to_nav_ratio=ratio,
        value_by_affo_usd=multiple * first_affo,
        value_by_nav_usd=by_nav,
        dividend_yield_frac=first_paid / by_nav if by_nav and by_nav > 0.0 else None,
    )


def set_up_trust(rows: PropertyRows, terms: VehicleTerms, rules: VehicleRules) -> Trust:
    """The trust over a project, worked out as if it qualified; its tests say whether it does.

    Parameters
    ----------
    rows
        The project.
    terms
        Activities, trust, tax and holders.
    rules
        Limits and rates.

    Returns
    -------
    Trust

    Notes
    -----
    Taxable income is that of the held half, and dividends of a subsidiary; losses are carried under the
    limit of ``terms.tax``. State tax follows the deduction for dividends, so the trust pays none. Tax credits
    of what it holds are lost to it.
    """
    halves = halve(rows, terms)
    through = terms.trust.through
    business = None if through == "direct" else run_business(halves.business, terms)
    income, cash = halves.held.taxable_usd(), halves.held.before_tax_usd
    earned = halves.held.book_income_usd
    if business is None:
        income = income + halves.business.taxable_usd()
        cash = cash + halves.business.before_tax_usd
        earned = earned + halves.business.book_income_usd
    elif through == "taxable_subsidiary":
        income = income + business.dividend_usd + business.gain_usd
        cash = cash + business.cash_usd
        earned = earned + business.dividend_usd + business.gain_usd
    taxable, _ = taxable_income_usd(income, "carried", terms.tax.loss_use_limit_frac)
    built_in = _built_in_tax_usd(rows, terms, rules)
    shared, consent, tax = pay_out(cash - built_in, taxable, terms, rules)
    rates = holder_rates(terms.holders, rules, trust=True)
    holders = to_holders(shared, earned - tax - built_in, rates, consent, least_usd=taxable)
    dividends = holders.dividend_usd + consent
    setup = _Setup(rows, terms, rules, halves, business)
    return Trust(
        halves=halves,
        business=business,
        before_tax_usd=cash,
        taxable_usd=taxable,
        tax_usd=tax + built_in,
        built_in_tax_usd=built_in,
        shared=shared,
        consent_usd=consent,
        holders=holders,
        tests=trust_tests(_years_tested(setup, dividends, taxable), rules),
        measures=_measures(setup, tax + built_in, shared.distributed_usd),
    )
