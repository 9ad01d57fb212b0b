"""One project, declared: frozen parts, checked together, and varied over thousands of cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from wattworth.errors import DataError
from wattworth.finance.project.conventions import CONVENTIONS, Convention, ConventionName, Grid, TaxLosses, lay_out
from wattworth.finance.project.fiscal import Depreciation, Incentives, PropertyTax, Tax
from wattworth.finance.project.lending import ExistingDebt, Owner, Prepayment
from wattworth.finance.project.parts import (
    Capital,
    Debt,
    Discounting,
    Energy,
    Operating,
    Reserves,
    Revenue,
    Target,
    Terminal,
)
from wattworth.finance.project.record import Amount, Part


class ProjectCase(Part):
    """One explicit project with yearly periods."""

    name: str = "project"
    """Name for people."""
    convention: ConventionName = "wattworth"
    """How money is timed; a preset named after the tool it follows."""
    analysis_years: Annotated[int, Field(ge=1, le=100)]
    """Years of operation."""
    nameplate_mw: Amount = 0.0
    """Megawatts that payments and costs per unit of capacity refer to."""
    energy: Energy = Energy()
    """What is sold."""
    revenue: Revenue = Revenue()
    """At what price."""
    operating: Operating = Operating()
    """Costs of operation."""
    capital: Capital
    """Cost of building."""
    debt: Debt | None = None
    """Term debt; none where left out."""
    existing_debt: ExistingDebt | None = None
    """Debt that is there already."""
    prepayment: Prepayment | None = None
    """Rent a tenant pays ahead."""
    reserves: Reserves = Reserves()
    """Cash held back."""
    incentives: Incentives = Incentives()
    """Credits and grants."""
    property_tax: PropertyTax = PropertyTax()
    """Tax on assessed value."""
    tax: Tax = Tax()
    """Income tax."""
    depreciation: Depreciation = Depreciation()
    """Write-off for tax."""
    terminal: Terminal = Terminal()
    """Value at the end."""
    discounting: Discounting
    """Inflation and discount rate."""
    target: Target | None = None
    """A return to set the price for."""
    owner: Owner | None = None
    """Who has to find the equity; with it the result says whether that is in reach."""

    @property
    def timing(self) -> Convention:
        """The preset itself."""
        return CONVENTIONS[self.convention]

    @property
    def tax_losses(self) -> TaxLosses:
        """What a loss is worth, as the case or its convention says."""
        return self.tax.losses or self.timing.tax_losses or "carried"

    @property
    def grid(self) -> Grid:
        """Its years."""
        return lay_out(self.timing, self.analysis_years, self.capital.construction_years)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = [*self._wrong_lengths(), *self._contradictions()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _wrong_lengths(self) -> list[str]:
        series = {
            "energy.mwh_by_year": self.energy.mwh_by_year,
            "revenue.price_by_year": self.revenue.price_by_year,
            **{f"revenue.other.{n}.usd_by_year": line.usd_by_year for n, line in enumerate(self.revenue.other)},
            **{f"operating.other.{n}.usd_by_year": line.usd_by_year for n, line in enumerate(self.operating.other)},
        }
        return [
            f"{name} has {len(values)} values, need one for each of {self.analysis_years} years"
            for name, values in series.items()
            if values is not None and len(values) != self.analysis_years
        ]

    def _contradictions(self) -> list[str]:
        faults = []
        price = self.revenue
        if self.target is not None and self.target.year is not None and self.target.year > self.analysis_years:
            faults.append(f"target.year is {self.target.year}, after the last of {self.analysis_years} years")
        if self.target is not None and price.price_by_year is not None:
            faults.append("target and revenue.price_by_year both set the price: leave one out")
        if self.target is None and price.price_usd_per_mwh is None and price.price_by_year is None and self._sells():
            faults.append("energy is sold at no price: give revenue.price_usd_per_mwh, price_by_year or target")
        if self.tax.losses is None and self.timing.tax_losses is None and self._pays_tax():
            faults.append("tax.losses is missing: write carried, group or paid, for it can decide between uses")
        return faults + self._unknown_names()

    def _unknown_names(self) -> list[str]:
        faults, debt = [], self.debt
        known = {"energy", "capacity", *(line.name for line in self.revenue.other)}
        for n, phase in enumerate(debt.phases if debt is not None else ()):
            strange = [name for name in phase.revenue_lines if name not in known]
            if strange:
                faults.append(f"debt.phases.{n}.revenue_lines names {strange}; there is {', '.join(sorted(known))}")
        names = [phase.name for phase in debt.phases] if debt is not None else []
        if len(set(names)) < len(names):
            faults.append("debt.phases share a name: give each its own")
        appraisal = None if debt is None else debt.appraisal
        if appraisal is not None and appraisal.year > self.analysis_years:
            faults.append(f"debt.appraisal.year is {appraisal.year}, after the last of {self.analysis_years} years")
        return faults

    def _sells(self) -> bool:
        return self.energy.mwh_by_year is not None or self.energy.year1_mwh > 0.0

    def _pays_tax(self) -> bool:
        return self.tax.federal_frac > 0.0 or self.tax.state_frac > 0.0


def vary(case: ProjectCase, changes: Mapping[str, ArrayLike]) -> ProjectCase:
    """The case with arrays over cases in the place of some of its numbers.

    Parameters
    ----------
    case
        A checked case.
    changes
        Paths of fields, such as ``debt.rate_frac`` or ``capital.parts.0.usd``, with one value for
        all cases or an array, shape (case,). Values are not checked against the limits of the field.

    Raises
    ------
    DataError
        If a path leads nowhere, or arrays differ in length.

    Examples
    --------
    >>> from wattworth.finance.project import Capital, CostPart, Discounting
    >>> case = ProjectCase(
    ...     analysis_years=1,
    ...     capital=Capital(parts=(CostPart(name="plant", usd=1.0),)),
    ...     discounting=Discounting(nominal_frac=0.1),
    ... )
    >>> vary(case, {"capital.parts.0.usd": [1.0, 2.0]}).capital.installed_usd.tolist()
    [1.0, 2.0]
    """
    lengths = {np.size(value) for value in changes.values()} - {1}
    if len(lengths) > 1:
        raise DataError(f"arrays over cases differ in length: {sorted(lengths)}; give each one value per case")
    out = case
    for path, value in changes.items():
        array: NDArray[np.float64] = np.asarray(value, dtype=np.float64)
        out = _replaced(out, path.split("."), array if array.ndim else float(array), path)
    return out


def _replaced(holder: Any, names: list[str], value: Any, path: str) -> Any:
    if not names:
        if not isinstance(holder, int | float | None) or isinstance(holder, bool):
            raise DataError(f'"{path}" is not a number of a case; name a single number, such as debt.rate_frac')
        return value
    first, *rest = names
    if isinstance(holder, tuple) and first.isdigit() and int(first) < len(holder):
        place = int(first)
        return (*holder[:place], _replaced(holder[place], rest, value, path), *holder[place + 1 :])
    if isinstance(holder, Part) and first in type(holder).model_fields:
        return holder.model_copy(update={first: _replaced(getattr(holder, first), rest, value, path)})
    known = ", ".join(type(holder).model_fields) if isinstance(holder, Part) else "nothing below it"
    raise DataError(f'"{path}" leads nowhere at "{first}"; there is {known}')
