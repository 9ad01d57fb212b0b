"""What is declared of a vehicle: the kinds of income, who holds it, and how a trust is set up."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from wattworth.finance.project import Tax
from wattworth.finance.project.parts import Amount, Fraction, Growth, Part, Usd

ActivityKind = Literal["rent", "interest", "gpu_cloud", "bitcoin_mining", "power_sales", "services"]
PASSIVE_KINDS: Final = ("rent", "interest")
Through = Literal["direct", "prime_lease", "taxable_subsidiary"]


class Activity(Part):
    """A share of the project that earns one kind of income."""

    name: str
    """For people."""
    kind: ActivityKind
    """What it earns: rent and interest are passive, the others are a business."""
    revenue_frac: Fraction
    """Share of the project's revenue."""
    opex_frac: Fraction | None = None
    """Share of its operating cost; that of revenue where left out."""
    assets_frac: Fraction
    """Share of its plant, and with it of capital, debt and a sale."""
    depreciation_frac: Fraction | None = None
    """Share of its depreciation; that of plant where left out."""
    real_property_frac: Fraction
    """Share of this plant that is land, building or a structural part of one."""

    @property
    def cost_frac(self) -> float:
        """Share of operating cost. [1]"""
        return self.revenue_frac if self.opex_frac is None else self.opex_frac

    @property
    def write_off_frac(self) -> float:
        """Share of depreciation. [1]"""
        return self.assets_frac if self.depreciation_frac is None else self.depreciation_frac


class Holders(Part):
    """Who owns the vehicle, by share; the rest after the two is exempt from tax."""

    us_individual_frac: Fraction = 0.0
    """US individuals at the top rate."""
    foreign_frac: Fraction = 0.0
    """Foreigners, from whom dividends are withheld."""
    treaty_withholding_frac: Fraction | None = None
    """Withholding under a treaty, instead of the law's rate; trusts get it less often."""

    @property
    def exempt_frac(self) -> float:
        """Pension funds, endowments and others that pay no tax. [1]"""
        return 1.0 - self.us_individual_frac - self.foreign_frac

    @model_validator(mode="after")
    def _are_at_most_all(self) -> Self:
        if self.us_individual_frac + self.foreign_frac > 1.0 + 1e-12:
            total = self.us_individual_frac + self.foreign_frac
            raise ValueError(f"us_individual_frac and foreign_frac add to {total:g}; they may add to 1 at most")
        if self.treaty_withholding_frac is not None and self.foreign_frac == 0.0:
            raise ValueError("treaty_withholding_frac acts on no one: give foreign_frac or leave it out")
        return self


class TrustTerms(Part):
    """How a real-estate investment trust holds the project."""

    cap_rate_frac: Annotated[float, Field(gt=0, le=1, json_schema_extra={"unit": "frac/yr"})]
    """Yield at which its property is valued."""
    through: Through = "direct"
    """Who earns what is not passive: the trust itself, an operator that rents the property, or a taxable
    subsidiary."""
    prime_rent_frac: Fraction | None = None
    """Share of the operator's revenue that it pays as rent; a share of revenue may be rent, one of profit not."""
    operator_is_ours: bool = True
    """Whether the operator belongs to the same holders; an outsider buys its own machines."""
    payout_frac: Fraction = 1.0
    """Share of cash paid out; the law's least is paid in any case."""
    consent_dividends: bool = True
    """Whether what cash cannot pay of the least is made up by dividends on paper, which holders are taxed on."""
    impermissible_service_frac: Fraction = 0.0
    """Share of rent that is for services a trust may not give itself."""
    built_in_gain_usd: Usd = 0.0
    """Value over tax basis of property that came from a corporation."""
    other_assets_usd: Usd = 0.0
    """Land and other assets outside the income that is capitalised."""
    affo_multiple: Amount | None = None
    """Price over AFFO; the fact where left out."""
    price_to_nav_ratio: Amount | None = None
    """Price over net asset value; the fact where left out."""
    contracted_years: Annotated[int, Field(ge=0, le=100)] | None = None
    """Years of operation under contract, to refuse a cap rate on what is about to expire; all where left out."""

    @model_validator(mode="after")
    def _has_a_rent_where_it_lets(self) -> Self:
        if (self.through == "prime_lease") != (self.prime_rent_frac is not None):
            raise ValueError('prime_rent_frac belongs to through "prime_lease": give both or neither')
        if not self.operator_is_ours and self.through != "prime_lease":
            raise ValueError('operator_is_ours is about an operator: set through to "prime_lease"')
        return self


class VehicleTerms(Part):
    """One project's vehicles, declared."""

    activities: Annotated[tuple[Activity, ...], Field(min_length=1)]
    """What the project earns, by kind."""
    trust: TrustTerms
    """The trust."""
    tax: Tax
    """Rates of the corporation, the project company and a taxable subsidiary; the use of losses is the vehicle's."""
    holders: Holders = Holders()
    """Who holds the vehicle; all exempt where left out."""
    discount_frac: Growth
    """Nominal rate of holders, the same for every vehicle."""
    first_calendar_year: Annotated[int, Field(ge=2000, le=2100)]
    """Calendar year of operating year 1, which decides the limit on subsidiaries."""
    gross_mw: Amount | None = None
    """Megawatts at the connection, for value per gross watt."""
    critical_it_mw: Amount | None = None
    """Critical IT megawatts, for value per critical watt."""
    share_count: Annotated[int, Field(gt=0)] | None = None
    """Shares of the company, fully diluted."""
    company_net_assets_usd: float = 0.0
    """What else the company owns less what else it owes, added before dividing by its shares."""

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        faults = []
        for label, total in (
            ("revenue_frac", sum(part.revenue_frac for part in self.activities)),
            ("opex_frac", sum(part.cost_frac for part in self.activities)),
            ("assets_frac", sum(part.assets_frac for part in self.activities)),
            ("depreciation_frac", sum(part.write_off_frac for part in self.activities)),
        ):
            if abs(total - 1.0) > 1e-9:
                faults.append(f"{label} of the activities adds to {total:.4g}; they must add to 1")
        for label, number in (("gross_mw", self.gross_mw), ("critical_it_mw", self.critical_it_mw)):
            if number == 0.0:
                faults.append(f"{label} is 0: give megawatts above 0, or leave it out")
        passive = all(part.kind in PASSIVE_KINDS for part in self.activities)
        if passive and self.trust.through != "direct":
            faults.append(f'trust.through is "{self.trust.through}", but every activity is passive: set it to direct')
        if faults:
            raise ValueError("; ".join(faults))
        return self
