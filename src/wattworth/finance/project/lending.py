"""Records of what lenders, tenants and guarantors agree beyond a plain loan. Each is left out unless declared."""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from wattworth.finance.project.record import Cover, DebtProfile, Fraction, Part, Rate, Tenor, Usd

_SUM_TOLERANCE = 1e-9
Shares = Annotated[tuple[Fraction, ...], Field(min_length=1)]


class Appraisal(Part):
    """A value computed from the project's own income, before any financing and tax."""

    cap_rate_frac: Annotated[float, Field(gt=0, le=1)] | None = None
    """Yield: the value is the EBITDA of `year` over it."""
    discount_frac: Annotated[float, Field(ge=0, le=1)] | None = None
    """Rate: the value is the EBITDA of all years discounted to year 0, instead of the yield."""
    year: Tenor = 1
    """Year of operation whose EBITDA the yield is of."""

    @model_validator(mode="after")
    def _has_one_method(self) -> Self:
        if (self.cap_rate_frac is None) == (self.discount_frac is None):
            raise ValueError("an appraisal needs one method: give cap_rate_frac or discount_frac, and not both")
        return self


class FloatingRate(Part):
    """A base rate by year, part of it swapped for a fixed one; `debt.rate_frac` is the margin over it."""

    base_frac_by_year: Annotated[tuple[Rate, ...], Field(min_length=1)]
    """Base rate of each year of operation; the last one holds afterwards."""
    hedge_share_frac: Fraction = 0.0
    """Share of the debt whose base rate is swapped."""
    swap_rate_frac: Rate | None = None
    """Fixed rate paid on that share."""

    @model_validator(mode="after")
    def _has_its_swap(self) -> Self:
        if self.hedge_share_frac > 0.0 and self.swap_rate_frac is None:
            raise ValueError("hedge_share_frac needs the rate it is swapped to: give swap_rate_frac")
        return self


class CoverPhase(Part):
    """Part of the cash with a cover of its own: leased, merchant, mining."""

    name: str
    """What it is, for people."""
    dscr_ratio: Cover
    """Least cover asked of this cash."""
    revenue_lines: tuple[str, ...] = ()
    """Its revenue: `energy`, `capacity`, or names of `revenue.other`; cash follows the share of sales."""
    share_frac_by_year: Shares | None = None
    """Its share of cash in each year instead; the last one holds afterwards."""
    net_usd_by_year: tuple[float, ...] | None = None
    """Its net cash in each year instead; nothing afterwards."""

    @model_validator(mode="after")
    def _is_split_one_way(self) -> Self:
        ways = [bool(self.revenue_lines), self.share_frac_by_year is not None, self.net_usd_by_year is not None]
        if sum(ways) != 1:
            raise ValueError(f'phase "{self.name}": give one of revenue_lines, share_frac_by_year and net_usd_by_year')
        return self


class Refinancing(Part):
    """The loan that takes out the balance left at maturity."""

    rate_frac: Rate
    """Its interest per year."""
    tenor_years: Tenor
    """Years from the first maturity to its own last payment."""
    profile: DebtProfile = "level_payment"
    """How it is repaid."""
    upfront_fee_frac: Fraction = 0.0
    """Fee, as a share of it, paid by the owners then."""
    dscr_ratio: Cover | None = None
    """Least cover its lender asks; what it does not lend, the owners repay."""
    limits_debt: bool = False
    """Whether the first lender lends no more than this one is to take out."""

    @model_validator(mode="after")
    def _has_a_limit_to_set(self) -> Self:
        if self.limits_debt and self.dscr_ratio is None:
            raise ValueError("limits_debt needs a limit: give the dscr_ratio of the refinancing")
        return self


class CashSweep(Part):
    """Cash after debt service that repays the debt early."""

    share_frac: Fraction
    """Share of the cash above the cover that is swept."""
    min_dscr_ratio: Annotated[float, Field(ge=1)] = 1.0
    """Cover that is left to the owners before anything is swept."""
    applied: Literal["last", "pro_rata"] = "last"
    """Whether it cancels the last instalments first, or all in proportion."""
    after_tax: bool = False
    """Whether tax of the year comes off the cash first, and credits, incentives and interest on reserves are added."""


class Backstop(Part):
    """A stronger name that stands behind the debt, and what it takes for that."""

    fee_frac_per_year: Rate = 0.0
    """Yearly fee, as a share of the debt owed at the start of the year."""
    warrants_frac: Fraction = 0.0
    """Share of what owners receive that warrants give away."""


class ExistingDebt(Part):
    """Debt that is there already."""

    usd: Usd
    """Owed at close."""
    rate_frac: Rate
    """Its interest per year."""
    remaining_years: Tenor = 1
    """Years of operation to its last payment."""
    profile: Literal["level_payment", "level_principal", "bullet"] = "level_payment"
    """How the rest is repaid."""
    principal_frac_by_year: Shares | None = None
    """Shares repaid in each year of operation instead of the two above; they add to one."""
    at_close: Literal["assumed", "repaid"]
    """Whether it stays, or is repaid out of the money raised."""
    breakage_frac: Fraction = 0.0
    """Cost of repaying it at close, as a share of it."""

    @model_validator(mode="after")
    def _is_repaid(self) -> Self:
        _adds_to_one("principal_frac_by_year", self.principal_frac_by_year)
        return self


class Prepayment(Part):
    """Rent a tenant pays before the first revenue, credited against later rent."""

    usd: Usd
    """Received while building."""
    credit_frac_by_year: Shares
    """Share credited in each year of operation; the shares add to one."""
    taxed: Literal["earned", "received"]
    """Whether it is income as it is credited, or all of it in year 1 as an advance payment."""

    @model_validator(mode="after")
    def _is_credited(self) -> Self:
        _adds_to_one("credit_frac_by_year", self.credit_frac_by_year)
        return self


class Owner(Part):
    """Who has to find the equity."""

    cash_usd: Usd = 0.0
    """Cash that may go into the project."""
    market_value_usd: Usd | None = None
    """Market value of the owner's shares."""
    raise_frac: Fraction = 1.0
    """Share of that value that new shares may raise."""


def _adds_to_one(name: str, shares: tuple[float, ...] | None) -> None:
    total = None if shares is None else float(np.sum(shares))
    if total is not None and abs(total - 1.0) > _SUM_TOLERANCE:
        raise ValueError(f"{name} adds to {total:.6g}; it must add to 1")
