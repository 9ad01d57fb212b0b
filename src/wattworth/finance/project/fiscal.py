"""What tax law and the state add to a case: credits, grants, asset classes and taxes."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from wattworth.finance.project.conventions import TaxLosses
from wattworth.finance.project.parts import Amount, Fraction, Growth, Part, Schedule, Usd, Years

Payer = Literal["federal", "state"]


class InvestmentCredit(Part):
    """A tax credit of year 1 for what is built; it needs an eligible class of assets."""

    payer: Payer = "federal"
    """Whose tax it is."""
    rate_frac: Fraction = 0.0
    """Share of the eligible basis."""
    max_usd: Usd | None = None
    """Cap on what the share gives."""
    fixed_usd: Usd = 0.0
    """An amount paid besides."""
    reduces_federal_basis: bool = True
    """Whether half of it leaves the federal depreciable basis."""
    reduces_state_basis: bool = True
    """Whether half of it leaves the state depreciable basis."""


class ProductionCredit(Part):
    """A tax credit for each megawatt-hour sold."""

    payer: Payer = "federal"
    """Whose tax it is."""
    usd_per_mwh: Amount
    """Credit of year 1."""
    term_years: Years = 10
    """Years it is paid."""
    escalation_frac: Growth = 0.0
    """Yearly growth."""
    in_whole_usd: bool = True
    """Whether each year's credit is rounded to whole dollars per megawatt-hour, as the IRS does."""


class Grant(Part):
    """Money given once for building, by investment (IBI) or by capacity (CBI)."""

    name: str = "grant"
    """Who gives it."""
    cost_share_frac: Fraction = 0.0
    """Share of the installed cost."""
    usd_per_w: Amount = 0.0
    """Dollars per watt of nameplate."""
    max_usd: Usd | None = None
    """Cap on the two above."""
    fixed_usd: Usd = 0.0
    """An amount paid besides."""
    taxed_federal: bool = True
    """Whether it is income for federal tax, in year 1."""
    taxed_state: bool = True
    """Whether it is income for state tax, in year 1."""
    reduces_federal_basis: bool = False
    """Whether it leaves the federal depreciable basis."""
    reduces_state_basis: bool = False
    """Whether it leaves the state depreciable basis."""


class ProductionIncentive(Part):
    """Cash for each megawatt-hour sold (PBI)."""

    name: str = "incentive"
    """Who pays it."""
    usd_per_mwh: Amount
    """Payment of year 1."""
    term_years: Years
    """Years it is paid."""
    escalation_frac: Growth = 0.0
    """Yearly growth."""
    taxed_federal: bool = True
    """Whether it is income for federal tax."""
    taxed_state: bool = True
    """Whether it is income for state tax."""
    serves_debt: bool = False
    """Whether lenders count it as revenue; it is then taxed as revenue."""


class Incentives(Part):
    """What the state and others give."""

    investment_credits: tuple[InvestmentCredit, ...] = ()
    """ITC."""
    production_credits: tuple[ProductionCredit, ...] = ()
    """PTC."""
    grants: tuple[Grant, ...] = ()
    """IBI and CBI."""
    production_incentives: tuple[ProductionIncentive, ...] = ()
    """PBI."""


class AssetClass(Part):
    """A share of the depreciable cost, and how tax law treats it."""

    share_frac: Fraction
    """Share of the depreciable cost."""
    schedule: Schedule
    """How it is written off; half-year convention."""
    custom_frac_by_year: tuple[float, ...] | None = None
    """Shares of basis by year, for the schedule `custom`."""
    federal_bonus: bool = False
    """Whether the federal bonus applies."""
    state_bonus: bool = False
    """Whether the state bonus applies."""
    federal_credit: bool = False
    """Whether a federal investment credit may be taken on it."""
    state_credit: bool = False
    """Whether a state investment credit may be taken on it."""

    @model_validator(mode="after")
    def _has_its_schedule(self) -> Self:
        if (self.schedule == "custom") != (self.custom_frac_by_year is not None):
            raise ValueError('custom_frac_by_year belongs to the schedule "custom": give both or neither')
        return self


class Depreciation(Part):
    """Classes of assets; what is left of one is never written off."""

    classes: tuple[AssetClass, ...] = ()
    """Shares of the depreciable cost."""
    federal_bonus_frac: Fraction = 0.0
    """Share of eligible classes taken in year 1 for federal tax."""
    state_bonus_frac: Fraction = 0.0
    """Share of eligible classes taken in year 1 for state tax."""

    @model_validator(mode="after")
    def _is_at_most_all(self) -> Self:
        total = float(np.sum([part.share_frac for part in self.classes]))
        if total > 1.0 + 1e-9:
            raise ValueError(f"shares of the asset classes add to {total:.4g}; they may add to 1 at most")
        return self


class PropertyTax(Part):
    """Tax on an assessed value that falls by equal steps."""

    rate_frac: Fraction = 0.0
    """Tax per dollar of assessed value."""
    assessed_frac: Fraction = 1.0
    """Assessed value as a share of the installed cost."""
    decline_frac_per_year: Fraction = 0.0
    """Yearly fall of the assessed value, as a share of the first."""
    abatement_by_year: tuple[float, ...] = ()
    """Share of the tax forgiven in each year from year 1; nothing after the last."""


class Tax(Part):
    """Income tax. State tax is deducted from federal income."""

    federal_frac: Fraction = 0.0
    """Federal rate."""
    state_frac: Fraction = 0.0
    """State rate."""
    losses: TaxLosses | None = None
    """What a loss is worth: carried forward, used by the owner's group, or paid out in its year."""
    loss_use_limit_frac: Fraction = 0.8
    """Share of income that carried losses may offset."""
    interest_limit_frac: Fraction | None = None
    """Interest deductible, as a share of EBITDA; what is over is carried forward."""

    @property
    def effective_frac(self) -> Any:
        """State tax, and federal tax on what is left. [1]"""
        return self.state_frac + (1.0 - self.state_frac) * self.federal_frac
