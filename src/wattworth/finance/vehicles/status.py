"""The tests a real-estate investment trust must pass each year: number, limit, verdict and cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.vehicles.rules import VehicleRules

Array = NDArray[np.float64]
_NEAR: Final = 1e-9


@dataclass(frozen=True, slots=True)
class TrustTest:
    """One test over the years of operation.

    Attributes
    ----------
    name
        Its kind: ``assets_75``, ``subsidiaries``, ``income_75``, ``income_95``, ``distribution``,
        ``personal_property`` or ``services``.
    rule
        Where the law has it.
    at_least
        Whether the limit is a floor; otherwise it is a ceiling.
    measured_frac, limit_frac
        Arrays, shape (year,); NaN where there is nothing to measure. [1]
    passes
        Whether it does in every year.
    worst_year
        Year with the least room, None without any.
    cure
        What would make it pass; empty where it does.
    """

    name: str
    rule: str
    at_least: bool
    measured_frac: Array
    limit_frac: Array
    passes: bool
    worst_year: int | None
    cure: str

    @property
    def worst_frac(self) -> float | None:
        """The number of the worst year. [1]"""
        place = self._worst
        return None if place is None else float(self.measured_frac[place])

    @property
    def worst_limit_frac(self) -> float | None:
        """The limit of the worst year. [1]"""
        place = self._worst
        return None if place is None else float(self.limit_frac[place])

    @property
    def _worst(self) -> int | None:
        return _worst_place(self.measured_frac, self.limit_frac, self.at_least)

    def to_plain(self) -> dict[str, Any]:
        """The test as plain numbers and text."""
        return {
            "name": self.name,
            "rule": self.rule,
            "is": "at least" if self.at_least else "at most",
            "worst_frac": self.worst_frac,
            "limit_frac": self.worst_limit_frac,
            "worst_year": self.worst_year,
            "passes": self.passes,
            "cure": self.cure,
            "measured_frac": [float(x) if np.isfinite(x) else None for x in self.measured_frac],
        }


@dataclass(frozen=True, slots=True)
class TrustYears:
    """What the tests look at, arrays of shape (year,) of years of operation.

    Attributes
    ----------
    year, calendar_year
        Years of operation, and of the calendar.
    real_assets_usd, assets_usd, subsidiary_usd
        Real estate and cash, all assets, and taxable subsidiaries, at the end of the year. [USD]
    real_income_usd, passive_income_usd, income_usd
        Gross income that counts for the test of 75 %, of 95 %, and all. [USD]
    taxable_usd, dividends_usd
        Taxable income before dividends, and dividends paid or consented. [USD]
    personal_rent_frac, service_frac
        Shares of rent for personal property, and for services it may not give. [1]
    """

    year: NDArray[np.int64]
    calendar_year: NDArray[np.int64]
    real_assets_usd: Array
    assets_usd: Array
    subsidiary_usd: Array
    real_income_usd: Array
    passive_income_usd: Array
    income_usd: Array
    taxable_usd: Array
    dividends_usd: Array
    personal_rent_frac: float
    service_frac: float


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0.01)


def _worst_place(measured: Array, limit: Array, at_least: bool) -> int | None:
    room = (measured - limit) * (1.0 if at_least else -1.0)
    return int(np.nanargmin(room)) if np.isfinite(room).any() else None


def _test(name: str, rule: str, years: TrustYears, measured: Array, limit: Array, cure: str) -> TrustTest:
    at_least = name in ("assets_75", "income_75", "income_95", "distribution")
    place = _worst_place(measured, limit, at_least)
    passes = True
    if place is not None:
        room = (measured[place] - limit[place]) * (1.0 if at_least else -1.0)
        passes = bool(room >= -_NEAR)
    year = None if place is None else int(years.year[place])
    if not passes and place is not None:
        cure = f"year {year}: {measured[place]:.1%} against {limit[place]:.0%}; {cure}"
    return TrustTest(name, rule, at_least, measured, limit, passes, year, "" if passes else cure)


def _most(shortfall_usd: Array) -> str:
    return f"${np.nanmax(shortfall_usd):,.0f}"


def trust_tests(years: TrustYears, rules: VehicleRules) -> tuple[TrustTest, ...]:
    """Every test, each with its number, limit and cure.

    Parameters
    ----------
    years
        What is measured.
    rules
        Limits of law.

    Returns
    -------
    tuple of TrustTest

    References
    ----------
    .. [1] IRC 856(c), 856(d) and 857(a).
    """
    n = years.year.size
    assets, income = years.assets_usd, years.income_usd
    real_share, trs_share = _ratio(years.real_assets_usd, assets), _ratio(years.subsidiary_usd, assets)
    trs_limit = rules.subsidiary_limit_frac(years.calendar_year)
    at_75 = np.full(n, rules.real_estate_income_min_frac)
    at_95 = np.full(n, rules.passive_income_min_frac)
    short_75 = _most((income - years.real_income_usd) - (1.0 - at_75) / at_75 * years.real_income_usd)
    short_95 = _most((income - years.passive_income_usd) - (1.0 - at_95) / at_95 * years.passive_income_usd)
    unpaid = _most(rules.distribution_min_frac * years.taxable_usd - years.dividends_usd)
    flat = np.ones(n)
    return (
        _test(
            "assets_75",
            "IRC 856(c)(4)(A)",
            years,
            real_share,
            rules.assets_min_frac * flat,
            "let the machines to an operator that owns them (prime_lease), or add real estate or cash",
        ),
        _test(
            "subsidiaries",
            "IRC 856(c)(4)(B)(ii)",
            years,
            trs_share,
            trs_limit,
            f"move {_most(years.subsidiary_usd - trs_limit * assets)} out of the taxable subsidiary: "
            "to an operator that pays prime rent, or to its own lenders",
        ),
        _test(
            "income_75",
            "IRC 856(c)(3)",
            years,
            _ratio(years.real_income_usd, income),
            at_75,
            f"{short_75} too much is no rent: earn it in a taxable subsidiary and keep it there, or let to an operator",
        ),
        _test(
            "income_95",
            "IRC 856(c)(2)",
            years,
            _ratio(years.passive_income_usd, income),
            at_95,
            f"{short_95} too much is business income: earn it in a taxable subsidiary or let to an operator",
        ),
        _test(
            "distribution",
            "IRC 857(a)(1)",
            years,
            _ratio(years.dividends_usd, years.taxable_usd),
            rules.distribution_min_frac * flat,
            f"{unpaid} is unpaid: raise payout_frac, slow the repayment of debt, or allow consent_dividends",
        ),
        _test(
            "personal_property",
            "IRC 856(d)(1)(C)",
            years,
            np.full(n, years.personal_rent_frac),
            rules.personal_property_max_frac * flat,
            "let machines apart from the building, through a taxable subsidiary, or show that they are structural",
        ),
        _test(
            "services",
            "IRC 856(d)(7)",
            years,
            np.full(n, years.service_frac),
            rules.impermissible_service_max_frac * flat,
            "have the services given by a taxable subsidiary or an independent contractor: else no rent qualifies",
        ),
    )


MUST_PASS: Final = ("assets_75", "subsidiaries", "income_75", "income_95", "distribution")
"""Tests that decide the status; the other two only decide what counts as rent."""
