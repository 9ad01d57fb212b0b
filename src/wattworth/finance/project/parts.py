"""The small records a project case is made of. Costs are entered positive; money is nominal dollars."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from wattworth.finance.project.conventions import s_curve_fracs
from wattworth.finance.project.lending import (
    Appraisal,
    Backstop,
    CashSweep,
    CoverPhase,
    FloatingRate,
    Refinancing,
)
from wattworth.finance.project.record import (
    Amount,
    Cover,
    DebtProfile,
    Fraction,
    Growth,
    Months,
    Part,
    Rate,
    Tenor,
    Usd,
    Years,
)

Schedule = Literal[
    "macrs_3", "macrs_5", "macrs_7", "macrs_15", "macrs_20", "sl_5", "sl_15", "sl_20", "sl_39", "custom", "none"
]


class YearlyLine(Part):
    """A line of revenue or cost that is not energy."""

    name: str
    """What it is, for people."""
    usd_per_year: float = 0.0
    """Dollars of year 1; revenue and cost are both positive."""
    escalation_frac: Growth = 0.0
    """Yearly growth, all of it: inflation is not added."""
    usd_by_year: tuple[float, ...] | None = None
    """Dollars of each year of operation, instead of the two above."""


class Energy(Part):
    """What is sold by the megawatt-hour."""

    year1_mwh: Amount = 0.0
    """Energy sold in the first year of operation."""
    degradation_frac_per_year: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Yearly fall of output, from year 2."""
    mwh_by_year: tuple[float, ...] | None = None
    """Energy sold in each year, instead of the two above."""
    pue_ratio: Annotated[float, Field(ge=1)] | None = None
    """Energy of the facility per megawatt-hour at the servers; where it is given, costs per IT energy are told."""
    served_share_frac: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the servers' demand that the energy serves."""


class Revenue(Part):
    """Prices of what is sold."""

    price_usd_per_mwh: float | None = None
    """Price of year 1; left out where a target return is to set it."""
    price_escalation_frac: Growth = 0.0
    """Yearly growth of the price, all of it."""
    price_by_year: tuple[float, ...] | None = None
    """Price of each year in dollars per megawatt-hour, instead of the two above."""
    capacity_usd_per_mw_year: Amount = 0.0
    """Capacity payment of year 1 per megawatt of nameplate."""
    capacity_credit_frac: Fraction = 1.0
    """Share of nameplate that is paid for."""
    capacity_escalation_frac: Growth = 0.0
    """Yearly growth of the capacity payment, all of it."""
    other: tuple[YearlyLine, ...] = ()
    """Rents, fees and anything else."""


class Operating(Part):
    """Costs of operation. They grow by inflation plus their own growth above it."""

    fixed_usd_per_year: Amount = 0.0
    """Fixed cost of year 1."""
    fixed_above_inflation_frac: Growth = 0.0
    """Its growth above inflation."""
    capacity_usd_per_kw_year: Amount = 0.0
    """Fixed cost of year 1 per kilowatt of nameplate."""
    capacity_above_inflation_frac: Growth = 0.0
    """Its growth above inflation."""
    variable_usd_per_mwh: Amount = 0.0
    """Variable cost of year 1 per megawatt-hour sold."""
    variable_above_inflation_frac: Growth = 0.0
    """Its growth above inflation."""
    fuel_mmbtu_per_year: Amount = 0.0
    """Fuel burnt in a year, higher heating value."""
    fuel_price_usd_per_mmbtu: Amount = 0.0
    """Price of fuel in year 1."""
    fuel_above_inflation_frac: Growth = 0.0
    """Growth of that price above inflation."""
    insurance_frac_per_year: Fraction = 0.0
    """Insurance of year 1 as a share of the installed cost; it grows by inflation."""
    other: tuple[YearlyLine, ...] = ()
    """Any other cost, and replacements that are expensed."""


class CostPart(Part):
    """One part of the installed cost."""

    name: str
    """What it is, for people."""
    usd: Usd
    """Its cost."""


class ConstructionLoan(Part):
    """A loan repaid from the term financing at commercial operation."""

    share_frac: Fraction
    """Share of the installed cost it carries."""
    months: Months
    """How long it is out."""
    rate_frac: Rate
    """Interest per year, charged on half the time as the loan is drawn evenly."""
    upfront_fee_frac: Fraction = 0.0
    """Fee at signing, as a share of the loan."""
    s_curve_periods: Annotated[int, Field(ge=1, le=60)] | None = None
    """Draws on an S-curve over this many equal periods instead, interest compounding each of them."""

    @property
    def interest_frac(self) -> Any:
        """Interest while it is out, as a share of it. [1]"""
        years = self.months / 12.0
        if self.s_curve_periods is None:
            return self.rate_frac * years / 2.0
        n = self.s_curve_periods
        per_period = self.rate_frac * years / n
        return sum(
            share * ((1.0 + per_period) ** (n - k - 0.5) - 1.0) for k, share in enumerate(s_curve_fracs(n).tolist())
        )


class Capital(Part):
    """What the project costs before its term financing."""

    parts: Annotated[tuple[CostPart, ...], Field(min_length=1)]
    """Parts of the installed cost."""
    contingency_frac: Fraction = 0.0
    """Added to all parts."""
    sales_tax_frac: Fraction = 0.0
    """Rate of sales tax."""
    sales_taxed_frac: Fraction = 1.0
    """Share of the cost that sales tax applies to."""
    other_financing_usd: Usd = 0.0
    """Development, legal and other soft cost; depreciated with the rest."""
    construction_financing_usd: Usd = 0.0
    """Interest and fees during construction, where known as an amount."""
    construction_loans: tuple[ConstructionLoan, ...] = ()
    """Loans that cost interest and fees during construction."""
    construction_years: Annotated[int, Field(ge=1, le=20)] | None = None
    """Years of spending, the last of which is year 0; the convention's where left out."""

    @property
    def installed_usd(self) -> Any:
        """Installed cost with contingency and sales tax, before any financing. [USD]"""
        parts_usd = sum((part.usd for part in self.parts), start=0.0)
        return parts_usd * (1.0 + self.contingency_frac) * (1.0 + self.sales_tax_frac * self.sales_taxed_frac)

    @property
    def construction_usd(self) -> Any:
        """Interest and fees during construction. [USD]"""
        cost_frac = self.construction_financing_usd * 0.0
        for loan in self.construction_loans:
            cost_frac = cost_frac + loan.share_frac * (loan.interest_frac + loan.upfront_fee_frac)
        return self.construction_financing_usd + cost_frac * self.installed_usd


class Debt(Part):
    """Term debt. Every limit that is given holds, and the least of them sizes the debt."""

    profile: DebtProfile = "sculpted"
    """Repayment: in proportion to cash, in level payments, in level principal, or all at maturity."""
    dscr_ratio: Cover | None = None
    """Least cover: cash available for debt service over debt service, before tax."""
    phases: tuple[CoverPhase, ...] = ()
    """Parts of the cash with a cover of their own; `dscr_ratio` is asked of the rest, which carries nothing without."""
    share_frac: Fraction | None = None
    """Share of the cost, the fee and the debt service reserve with it."""
    max_share_frac: Fraction = 1.0
    """Gearing cap."""
    max_loan_to_value_frac: Fraction | None = None
    """Share of an appraised value."""
    value_usd: Usd | None = None
    """That value, stated."""
    appraisal: Appraisal | None = None
    """That value, computed."""
    min_interest_cover_ratio: Cover | None = None
    """Least cash over interest, in any year."""
    rate_frac: Rate
    """Interest per year; the margin over the base rate where `floating` is given."""
    floating: FloatingRate | None = None
    """Base rates by year, and how much of them is swapped."""
    tenor_years: Tenor
    """Years from the start of operation to the last payment."""
    amortisation_years: Tenor | None = None
    """Years that payments are reckoned over; what is then left at the end of the tenor is due at once."""
    refinancing: Refinancing | None = None
    """Loan that takes out what is left at the end of the tenor; the owners repay it where left out."""
    upfront_fee_frac: Fraction = 0.0
    """Fee at close, as a share of the debt."""
    commitment_fee_frac: Fraction = 0.0
    """Yearly fee on what is not drawn yet while building."""
    closing_usd: Usd = 0.0
    """Fixed cost of closing."""
    moratorium_years: Years = 0
    """Years of operation in which interest alone is paid."""
    sweep: CashSweep | None = None
    """Early repayment out of cash."""
    lock_up_dscr_ratio: Cover | None = None
    """Cover of a year below which nothing is distributed; it is released when the cover is met again."""
    backstop: Backstop | None = None
    """A guarantor and what it costs."""

    @property
    def has_balloon(self) -> bool:
        """Whether something is due at once at the end of the tenor."""
        return self.profile == "bullet" or (self.amortisation_years or 0) > self.tenor_years

    @model_validator(mode="after")
    def _is_sized(self) -> Self:
        sizes = (self.dscr_ratio, self.share_frac, self.max_loan_to_value_frac)
        if not self.phases and all(size is None for size in sizes):
            raise ValueError(
                "debt has no size: give dscr_ratio, phases, share_frac, or max_loan_to_value_frac with value_usd"
            )
        if (self.max_loan_to_value_frac is None) != (self.value_usd is None and self.appraisal is None):
            raise ValueError("max_loan_to_value_frac and value_usd, or appraisal, belong together: give both or none")
        if self.value_usd is not None and self.appraisal is not None:
            raise ValueError("value_usd and appraisal both set the value: leave one out")
        return self

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.moratorium_years >= self.tenor_years:
            raise ValueError("moratorium_years must be less than tenor_years, or no year is left to repay in")
        if self.amortisation_years is not None and self.amortisation_years < self.tenor_years:
            raise ValueError("amortisation_years is shorter than tenor_years: shorten the tenor")
        if self.amortisation_years is not None and self.profile == "bullet":
            raise ValueError("a bullet has no instalments: leave out amortisation_years or choose another profile")
        return self

    @model_validator(mode="after")
    def _phases_are_parts(self) -> Self:
        given = [phase.share_frac_by_year for phase in self.phases if phase.share_frac_by_year is not None]
        longest = max((len(shares) for shares in given), default=0)
        total = np.array([[*shares, *(shares[-1:] * (longest - len(shares)))] for shares in given]).sum(axis=0)
        if given and float(total.max()) > 1.0 + 1e-9:
            raise ValueError(f"shares of debt.phases add to {float(total.max()):.4g}; they may add to 1 at most")
        return self


class EquipmentReserve(Part):
    """Money put aside evenly for a replacement that returns every few years."""

    usd_per_w: Amount
    """Cost of one replacement per watt of nameplate, in money of year 1."""
    every_years: Annotated[int, Field(ge=1)]
    """Years between replacements."""


class Reserves(Part):
    """Cash held back; it earns interest and is released when it is no longer needed."""

    debt_service_months: Months = 0.0
    """Months of the next year's debt service."""
    working_capital_months: Months = 0.0
    """Months of the next year's operating cost."""
    receivables_months: Months = 0.0
    """Months of the next year's sales."""
    equipment: tuple[EquipmentReserve, ...] = ()
    """Major equipment."""
    equipment_federal_schedule: Schedule = "macrs_5"
    """How a replacement is written off for federal tax."""
    equipment_state_schedule: Schedule = "macrs_5"
    """How a replacement is written off for state tax."""
    interest_frac: Rate = 0.0
    """Interest on all reserves."""


class Terminal(Part):
    """What the project is worth at its end."""

    salvage_frac: Fraction = 0.0
    """Net salvage value as a share of the installed cost, in the last year."""
    exit_cap_rate_frac: Annotated[float, Field(gt=0, le=1)] | None = None
    """Yield at which the following year's EBITDA is sold in the last year."""
    selling_cost_frac: Fraction = 0.0
    """Cost of that sale."""


class Discounting(Part):
    """Inflation, and the rate that equity is discounted at."""

    inflation_frac: Growth = 0.0
    """Inflation per year."""
    real_frac: Growth | None = None
    """Rate above inflation; the nominal rate compounds the two."""
    nominal_frac: Growth | None = None
    """Nominal rate, instead of the real one."""

    @model_validator(mode="after")
    def _has_one_rate(self) -> Self:
        if (self.real_frac is None) == (self.nominal_frac is None):
            raise ValueError("give real_frac or nominal_frac, and not both")
        return self

    @property
    def rate_frac(self) -> Any:
        """Nominal rate. [1/year]"""
        if self.nominal_frac is not None or self.real_frac is None:
            return self.nominal_frac
        return (1.0 + self.inflation_frac) * (1.0 + self.real_frac) - 1.0

    @property
    def real_rate_frac(self) -> Any:
        """Rate above inflation. [1/year]"""
        if self.real_frac is not None or self.nominal_frac is None:
            return self.real_frac
        return (1.0 + self.nominal_frac) / (1.0 + self.inflation_frac) - 1.0


class Target(Part):
    """A return that the price of energy is to be set for."""

    irr_frac: Growth
    """After-tax equity rate of return."""
    year: Annotated[int, Field(ge=1)] | None = None
    """Year by which it is reached; the last one where left out."""
