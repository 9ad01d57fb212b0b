"""Yearly rows of a project before any tax of a vehicle: from a result of project finance, or given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.finance.project import CONVENTIONS, ProjectResult

Array = NDArray[np.float64]

ROWS: Final[dict[str, str]] = {
    "revenue_usd": "Revenue, a sale apart",
    "opex_usd": "Operating cost",
    "sale_usd": "Proceeds of a sale and salvage",
    "interest_income_usd": "Interest on reserves",
    "incentive_usd": "Incentives paid in cash outside revenue",
    "untaxed_usd": "What of all this no federal income tax falls on; negative for income that is not cash",
    "tax_depreciation_usd": "Federal tax depreciation",
    "state_tax_depreciation_usd": "State tax depreciation; the federal one where not given",
    "book_depreciation_usd": "Book depreciation",
    "interest_usd": "Interest",
    "deductible_interest_usd": "Interest deducted for tax; all of it where not given",
    "principal_usd": "Principal",
    "debt_drawn_usd": "Debt drawn",
    "debt_balance_usd": "Debt at the end of the year",
    "capital_usd": "Capital spending, net of grants",
    "maintenance_usd": "Capital spent to keep the property up",
    "reserve_funding_usd": "Into reserves",
    "other_cash_usd": "Any other cash of the owners before tax: prepayments, sweeps, fees, lock-ups",
    "other_book_usd": "Any other book income before tax",
    "cash_usd": "Cash and reserves at the end of the year",
    "net_plant_usd": "Net plant at the end of the year",
    "straight_line_usd": "Straight-line rent less cash rent",
    "tax_credits_usd": "Tax credits",
}
"""Rows by name, with what they hold; outflows are positive costs."""


@dataclass(frozen=True, slots=True)
class PropertyRows:
    """A project, year by year, before income tax.

    Attributes
    ----------
    name
        For people.
    year
        Array, shape (year,): construction up to 0, then operation.
    exponent_years
        Array, shape (year,): years of discounting of each year. [year]
    rows
        By name, arrays of shape (year,); :data:`ROWS` says what each is. [USD]
    """

    name: str
    year: NDArray[np.int64]
    exponent_years: Array
    rows: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.rows[name]

    @classmethod
    def given(
        cls, year: ArrayLike, rows: Mapping[str, ArrayLike], *, name: str = "project", shift_years: float = 0.0
    ) -> PropertyRows:
        """Explicit rows; what is left out is zero.

        Parameters
        ----------
        year
            Array, shape (year,): consecutive years, construction up to 0.
        rows
            By name of :data:`ROWS`, one number for each year. [USD]
        name
            For people.
        shift_years
            Added to each year to give its discount exponent. [year]

        Raises
        ------
        DataError
            Naming each row that is unknown, too long or short, or not a number.
        """
        years = np.asarray(year, dtype=np.int64)
        if years.ndim != 1 or years.size < 1 or np.any(np.diff(years) != 1):
            raise DataError("year must be consecutive whole years, such as [0, 1, 2]")
        faults, arrays = [], {}
        for key, values in rows.items():
            row = np.asarray(values, dtype=np.float64)
            if key not in ROWS:
                near = get_close_matches(key, ROWS, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(ROWS)}"
                faults.append(f'no row "{key}" ({hint})')
            elif row.shape != years.shape:
                faults.append(f"{key} has {row.size} values, need one for each of {years.size} years")
            elif not np.isfinite(row).all():
                faults.append(f"{key} holds a number that is not finite in year {years[~np.isfinite(row)][0]}")
            arrays[key] = row
        if faults:
            raise DataError("; ".join(faults))
        zeros = np.zeros(years.size)
        filled = {key: arrays.get(key, zeros) for key in ROWS}
        filled["deductible_interest_usd"] = arrays.get("deductible_interest_usd", filled["interest_usd"])
        filled["state_tax_depreciation_usd"] = arrays.get("state_tax_depreciation_usd", filled["tax_depreciation_usd"])
        return cls(name, years, years.astype(np.float64) + shift_years, filled)

    @property
    def noi_usd(self) -> Array:
        """Revenue less operating cost. [USD]"""
        return self["revenue_usd"] - self["opex_usd"]

    @property
    def before_tax_usd(self) -> Array:
        """Cash of the owners before income tax: negative where they pay in. [USD]"""
        inflow = self.noi_usd + self["sale_usd"] + self["interest_income_usd"] + self["incentive_usd"]
        financing = self["debt_drawn_usd"] - self["interest_usd"] - self["principal_usd"]
        spent = self["capital_usd"] + self["maintenance_usd"] + self["reserve_funding_usd"]
        return inflow + financing - spent + self["other_cash_usd"]

    def taxable_usd(self, payer: str = "federal") -> Array:
        """Income before losses of other years and before state tax. [USD]"""
        depreciation = self["tax_depreciation_usd" if payer == "federal" else "state_tax_depreciation_usd"]
        inflow = self.noi_usd + self["sale_usd"] + self["interest_income_usd"] + self["incentive_usd"]
        return inflow - self["untaxed_usd"] - depreciation - self["deductible_interest_usd"]

    @property
    def book_income_usd(self) -> Array:
        """Book income before income tax, rent on a straight line. [USD]"""
        inflow = self.noi_usd + self["sale_usd"] + self["interest_income_usd"] + self["incentive_usd"]
        booked = inflow + self["straight_line_usd"] + self["other_book_usd"]
        return booked - self["book_depreciation_usd"] - self["interest_usd"]

    def scaled(self, factor_frac: float) -> PropertyRows:
        """Every row times a factor, which may be above one."""
        return PropertyRows(
            self.name, self.year, self.exponent_years, {name: row * factor_frac for name, row in self.rows.items()}
        )

    def plus(self, other: PropertyRows) -> PropertyRows:
        """Two projects as one, over the same years."""
        if not np.array_equal(self.year, other.year):
            raise DataError(f"{self.name} and {other.name} have different years; give both the same")
        rows = {name: row + other.rows[name] for name, row in self.rows.items()}
        return PropertyRows(f"{self.name} and {other.name}", self.year, self.exponent_years, rows)


def rows_of_project(result: ProjectResult, straight_line_usd: ArrayLike | None = None) -> PropertyRows:
    """The rows of an evaluated project.

    Parameters
    ----------
    result
        What :func:`~wattworth.finance.project.evaluate` gave.
    straight_line_usd
        Array, shape (year,): straight-line rent less cash rent, as a lease's balances hold it. [USD]

    Returns
    -------
    PropertyRows

    Notes
    -----
    Major equipment is the maintenance capital, and whatever is owed beside debt counts with it. What the rows
    leave of the owners' cash and of book income, such as a prepayment or a sweep, is in the two rows of other
    cash and income, so that every dollar is there. Income that state and federal tax treat apart from each other
    (grants taxed by one of them) follows the federal rule.
    """
    own = result.statement
    n_year = result.year.size
    zeros = np.zeros(n_year)
    even = zeros if straight_line_usd is None else np.asarray(straight_line_usd, dtype=np.float64)
    sale = own["sale_usd"] + own["salvage_usd"]
    cash_income = own["ebitda_usd"] + own["reserve_interest_usd"] + own["incentive_usd"]
    state_part = own["state_tax_usd"] + own["state_ptc_usd"] + own["state_itc_usd"]
    untaxed = (
        cash_income
        - own["deductible_interest_usd"]
        - own["federal_depreciation_usd"]
        - (own["federal_income_usd"] - state_part)
    )
    rows = {
        "revenue_usd": own["revenue_usd"] - sale,
        "opex_usd": own["opex_usd"],
        "sale_usd": sale,
        "interest_income_usd": own["reserve_interest_usd"],
        "incentive_usd": own["incentive_usd"],
        "untaxed_usd": untaxed,
        "tax_depreciation_usd": own["federal_depreciation_usd"],
        "state_tax_depreciation_usd": own["state_depreciation_usd"],
        "book_depreciation_usd": own["book_depreciation_usd"],
        "interest_usd": own["interest_usd"],
        "deductible_interest_usd": own["deductible_interest_usd"],
        "principal_usd": own["principal_usd"],
        "debt_drawn_usd": own["debt_drawn_usd"],
        "debt_balance_usd": own["liabilities_usd"],
        "capital_usd": own["capital_spending_usd"],
        "maintenance_usd": own["equipment_spending_usd"],
        "reserve_funding_usd": own["reserve_funding_usd"],
        "cash_usd": own["assets_usd"] - own["net_plant_usd"],
        "net_plant_usd": own["net_plant_usd"],
        "straight_line_usd": even,
        "tax_credits_usd": own["tax_credits_usd"],
    }
    timing = CONVENTIONS[result.convention]
    shift = np.where(result.year > 0, timing.operating_shift_years, timing.capital_shift_years).astype(np.float64)
    given = PropertyRows.given(result.year, rows, name=result.name)
    taxes = own["state_tax_usd"] + own["federal_tax_usd"] + own["tax_credits_usd"]
    rows["other_cash_usd"] = own["after_tax_equity_usd"] - taxes - given.before_tax_usd
    rows["other_book_usd"] = own["net_income_usd"] - taxes - (given.book_income_usd - even)
    checked = PropertyRows.given(result.year, rows, name=result.name)
    return PropertyRows(result.name, checked.year, checked.exponent_years + shift, checked.rows)
