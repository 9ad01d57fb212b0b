"""How peers time their money: five named presets, each printed on every result it shaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

ConventionName = Literal["wattworth", "sam", "reopt", "offgridai", "mid_year"]
CapexProfile = Literal["equal", "s_curve"]
TaxLosses = Literal["carried", "group", "paid"]
GearingBase = Literal["uses", "cost_before_fees"]


@dataclass(frozen=True, slots=True)
class Convention:
    """When money moves, what a limit on debt is a share of, and what a tax loss is worth.

    Attributes
    ----------
    name
        Its name in a case.
    escalates_year_1
        Whether prices of year 1 already carry one year of escalation.
    operating_shift_years
        Added to a year of operation to give its discount exponent. [year]
    capital_shift_years
        The same for construction, the last year of which is year 0. [year]
    construction_years
        Years over which capital is spent where the case does not say.
    capex_profile
        How it is spread over them.
    linear_degradation
        Whether output falls by the same amount each year, or by the same share.
    gearing_base
        What a share of debt is a share of: all uses, the fee and the reserves with them, or the cost
        as it stood before the size of the debt was known.
    grace_in_sculpting
        Whether a moratorium delays the principal of sculpted debt.
    counts_receivables_release
        Whether the levelised cost takes back the receivables reserve released at the end.
    tax_losses
        What a loss is worth where the case does not say; None means the case must say.
    """

    name: ConventionName
    escalates_year_1: bool = False
    operating_shift_years: float = 0.0
    capital_shift_years: float = 0.0
    construction_years: int = 1
    capex_profile: CapexProfile = "equal"
    linear_degradation: bool = False
    gearing_base: GearingBase = "uses"
    grace_in_sculpting: bool = True
    counts_receivables_release: bool = True
    tax_losses: TaxLosses | None = None


CONVENTIONS: Final[dict[ConventionName, Convention]] = {
    "wattworth": Convention("wattworth"),
    "sam": Convention(
        "sam",
        gearing_base="cost_before_fees",
        grace_in_sculpting=False,
        counts_receivables_release=False,
        tax_losses="paid",
    ),
    "reopt": Convention("reopt", escalates_year_1=True, tax_losses="paid"),
    "offgridai": Convention(
        "offgridai",
        operating_shift_years=2.0,
        capital_shift_years=2.0,
        construction_years=2,
        linear_degradation=True,
        tax_losses="paid",
    ),
    "mid_year": Convention("mid_year", operating_shift_years=-0.5, capex_profile="s_curve", tax_losses="paid"),
}
"""The presets by name (methods.md section 7)."""


def s_curve_fracs(n_part: int) -> NDArray[np.float64]:
    """Shares of capital spent in each of equal parts of the construction time.

    Notes
    -----
    Differences of ``3x² - 2x³`` (methods.md section 4).

    Examples
    --------
    >>> s_curve_fracs(4).tolist()
    [0.15625, 0.34375, 0.34375, 0.15625]
    """
    x = np.arange(n_part + 1) / n_part
    return np.diff(3.0 * x**2 - 2.0 * x**3)


@dataclass(frozen=True, slots=True)
class Grid:
    """The years of one case; rows of a statement follow them.

    Attributes
    ----------
    convention
        The preset.
    year
        Array, shape (year,): construction up to 0, then operation from 1.
    n_construction
        How many years are of construction; the last of them is year 0.
    spending_frac
        Array, shape (year,): share of capital spent in each year; adds to one. [1]
    exponent_years
        Array, shape (year,): years of discounting of each year. [year]
    """

    convention: Convention
    year: NDArray[np.int64]
    n_construction: int
    spending_frac: NDArray[np.float64]
    exponent_years: NDArray[np.float64]

    @property
    def n_operating(self) -> int:
        """How many years of operation there are."""
        return self.year.size - self.n_construction

    @property
    def now(self) -> int:
        """Where year 0 stands."""
        return self.n_construction - 1

    @property
    def operating(self) -> slice:
        """The rows of operation."""
        return slice(self.n_construction, self.year.size)


def lay_out(convention: Convention, analysis_years: int, construction_years: int | None) -> Grid:
    """Years, spending and discount exponents of a case.

    Parameters
    ----------
    convention
        The preset.
    analysis_years
        Years of operation.
    construction_years
        Years of construction; None takes the preset's.
    """
    n = construction_years or convention.construction_years
    year = np.arange(1 - n, analysis_years + 1)
    shares = np.full(n, 1.0 / n) if convention.capex_profile == "equal" else s_curve_fracs(n)
    spending_frac = np.concatenate([shares, np.zeros(analysis_years)])
    shift_years = np.where(year > 0, convention.operating_shift_years, convention.capital_shift_years)
    return Grid(convention, year, n, spending_frac, year.astype(np.float64) + shift_years)
