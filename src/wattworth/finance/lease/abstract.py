"""A lease as a lawyer abstracts it: frozen parts, checked together. Months count from the as-of month."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wattworth.finance.project.parts import Amount, Fraction, Growth, Part, Usd

Month = Annotated[int, Field(ge=0, le=1200, json_schema_extra={"unit": "month"})]
Span = Annotated[int, Field(ge=1, le=1200, json_schema_extra={"unit": "months"})]
Spell = Annotated[int, Field(ge=0, le=1200, json_schema_extra={"unit": "months"})]


class Escalator(Part):
    """How base rent grows at each anniversary of commencement."""

    kind: Literal["fixed", "cpi"] = "fixed"
    """A fixed step, or consumer prices between a floor and a cap."""
    step_frac: Growth = 0.0
    """The fixed step."""
    floor_frac: Growth | None = None
    """Least step by consumer prices; none where left out."""
    cap_frac: Growth | None = None
    """Greatest step by consumer prices; none where left out."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if self.kind == "fixed" and (self.floor_frac is not None or self.cap_frac is not None):
            raise ValueError('floor_frac and cap_frac collar a cpi escalator: set kind to "cpi" or leave them out')
        if self.kind == "cpi" and self.step_frac != 0.0:
            raise ValueError('step_frac is the step of a fixed escalator: set kind to "fixed" or leave it out')
        if self.floor_frac is not None and self.cap_frac is not None and self.floor_frac > self.cap_frac:
            raise ValueError(f"floor_frac {self.floor_frac:g} is above cap_frac {self.cap_frac:g}: swap them")
        return self


class LateRemedy(Part):
    """What the landlord owes for each day the premises come late."""

    kind: Literal["cash", "rent_credit"]
    """Damages in cash, or days of rent credited once rent has begun."""
    usd_per_day: Amount = 0.0
    """Damages per day late, for `cash`."""
    rent_days_per_day: Amount = 0.0
    """Days of first-year base rent credited per day late, for `rent_credit`."""
    after_months: Spell = 0
    """Months of grace after the target."""
    cap_usd: Usd | None = None
    """Most that is paid in cash; no cap where left out."""
    cap_rent_days: Amount | None = None
    """Most days of rent that are credited; no cap where left out."""

    @model_validator(mode="after")
    def _has_its_measure(self) -> Self:
        cash = self.kind == "cash"
        given, other = (
            (self.usd_per_day, self.rent_days_per_day) if cash else (self.rent_days_per_day, self.usd_per_day)
        )
        need, wrong = ("usd_per_day", "rent_days_per_day") if cash else ("rent_days_per_day", "usd_per_day")
        if given <= 0.0 or other > 0.0:
            raise ValueError(f'a remedy of kind "{self.kind}" needs {need} above 0, and no {wrong}')
        if (self.cap_rent_days if cash else self.cap_usd) is not None:
            fits = "cap_usd" if cash else "cap_rent_days"
            raise ValueError(f'a remedy of kind "{self.kind}" is capped by {fits}: move the cap there')
        return self


class TerminationRight(Part):
    """When a tenant may end the lease, and what is then paid."""

    kind: Literal["outside_date", "power_failure", "convenience"]
    """Premises not delivered by the outside date, power lost for too long, or at will."""
    exercise_frac: Fraction = 1.0
    """Chance that a right that has arisen is used."""
    after_months: Spell = 0
    """Months of lost power, or of the term, after which the right arises; nothing for the outside date."""
    fee_usd: Usd = 0.0
    """What the tenant pays the landlord, for `convenience`."""
    unamortised_allowances: bool = False
    """Whether the tenant also repays allowances not yet written off over the term, for `convenience`."""
    reimbursement_usd: Usd = 0.0
    """What the landlord pays the tenant, for the other two."""

    @model_validator(mode="after")
    def _pays_one_way(self) -> Self:
        at_will = self.kind == "convenience"
        if not at_will and (self.fee_usd > 0.0 or self.unamortised_allowances):
            raise ValueError(f'fee_usd and unamortised_allowances belong to "convenience", not to "{self.kind}"')
        if at_will and self.reimbursement_usd > 0.0:
            raise ValueError("reimbursement_usd is paid where the landlord has failed: not for convenience")
        if self.kind == "outside_date" and self.after_months:
            raise ValueError("after_months says nothing for outside_date: set outside_month of the lease")
        if self.kind == "power_failure" and not self.after_months:
            raise ValueError("after_months is missing: months of lost power after which the tenant may leave")
        return self


class Allowance(Part):
    """Money the landlord gives towards the tenant's own works."""

    name: str = "tenant improvements"
    """What for."""
    usd_per_kw: Amount
    """Dollars per kilowatt of critical load."""
    paid_after_months: int = 0
    """Months after delivery; negative where it is paid before."""


class PowerTerms(Part):
    """Who pays for power, and how much may be drawn."""

    cap_mw: Amount | None = None
    """Most the tenant may draw at the meter; the critical load times the overhead where left out."""
    overhead_ratio: Annotated[float, Field(ge=1, le=3)] = 1.2
    """Megawatts at the meter per megawatt of IT load (PUE)."""
    load_factor_frac: Fraction = 0.8
    """Mean load over critical load."""
    passes_through: bool = True
    """Whether the tenant repays the power it uses."""
    margin_frac: Fraction = 0.0
    """Landlord's margin on power passed through."""


class OpexTerms(Part):
    """Cost of running the premises, and what of it the tenant repays."""

    structure: Literal["triple_net", "modified_gross", "gross"] = "modified_gross"
    """All of it is repaid, what exceeds a base is, or nothing is."""
    usd_per_kw_year: Amount = 0.0
    """Cost per kilowatt of critical load in the first year of the term, power apart."""
    growth_frac: Growth = 0.0
    """Its yearly growth."""
    base_usd_per_kw_year: Amount | None = None
    """What a modified gross rent includes; the first year's cost where left out."""

    @model_validator(mode="after")
    def _has_a_base_only_where_used(self) -> Self:
        if self.base_usd_per_kw_year is not None and self.structure != "modified_gross":
            raise ValueError(f'base_usd_per_kw_year belongs to "modified_gross", not to "{self.structure}"')
        return self


class Renewal(Part):
    """An option of the tenant to stay."""

    term_months: Span
    """Its length."""
    chance_frac: Fraction
    """Chance that it is used, given that the one before was; an estimate, the paper does not say it."""
    rent: Literal["last", "fixed", "market"] = "last"
    """First rent: the last rent with the escalator on it, a fixed step on the last rent, or a share of market."""
    step_frac: Growth = 0.0
    """The fixed step."""
    market_share_frac: Annotated[float, Field(ge=0, le=2)] = 1.0
    """Share of market rent."""
    floor_at_last_rent: bool = False
    """Whether market rent may not fall below the last rent."""


class PurchaseOption(Part):
    """The tenant's right to buy the premises."""

    after_months: Spell
    """Months after commencement."""
    usd: Usd
    """Price."""


class Security(Part):
    """What stands behind the tenant."""

    letter_of_credit_usd: Usd = 0.0
    """Letter of credit, in full for the whole term."""
    backstop_usd: Usd = 0.0
    """What a third party stands for at commencement."""
    backstop_years: Annotated[float, Field(gt=0, le=50)] | None = None
    """Years over which it falls evenly to nothing."""

    @model_validator(mode="after")
    def _falls_over_some_time(self) -> Self:
        if (self.backstop_usd > 0.0) != (self.backstop_years is not None):
            raise ValueError("backstop_usd and backstop_years belong together: give both or neither")
        return self


class ServiceTier(Part):
    """A credit for a month of poor service."""

    below_frac: Fraction
    """Availability of the month below which it is due."""
    credit_frac: Fraction
    """Share of the month's base rent."""


class LeaseAbstract(Part):
    """A lease of data hall or powered shell, abstracted."""

    name: str = "lease"
    """Name for people."""
    landlord: str
    """Who lets."""
    tenant: str
    """Who rents."""
    guarantor: str | None = None
    """Who stands behind the tenant: a parent, or a backstop's giver."""
    premises: str = ""
    """What is let."""
    critical_it_mw: Annotated[float, Field(gt=0)]
    """Critical IT load that rent is paid for."""
    target_month: Month
    """Commencement target: the month at whose end the premises are to be delivered; rent follows monthly."""
    outside_month: Month | None = None
    """Outside date: last month of delivery before the tenant may walk away."""
    term_months: Span
    """Length of the first term."""
    term_runs_from: Literal["commencement", "target"] = "commencement"
    """Whether the end of the term moves with delivery, or months late are lost."""
    rent_usd_per_kw_month: Amount
    """Base rent of the first year of the term."""
    escalator: Escalator = Escalator()
    """How it grows."""
    free_months: Spell = 0
    """Months of free base rent at the start."""
    late_remedies: tuple[LateRemedy, ...] = ()
    """What is owed for late delivery; each is capped on its own, and they add."""
    terminations: tuple[TerminationRight, ...] = ()
    """Rights to end the lease, one of a kind at most."""
    allowances: tuple[Allowance, ...] = ()
    """Landlord's money for the tenant's works."""
    power: PowerTerms = PowerTerms()
    """Power."""
    opex: OpexTerms = OpexTerms()
    """Running cost."""
    renewals: tuple[Renewal, ...] = ()
    """Options to stay, in order."""
    purchase: PurchaseOption | None = None
    """Option to buy."""
    security: Security = Security()
    """Letter of credit and backstop."""
    service_tiers: tuple[ServiceTier, ...] = ()
    """Service credits; the greatest that is due counts."""
    service_cap_frac: Fraction = 1.0
    """Most that is credited, as a share of the month's base rent."""

    @property
    def first_month_rent_usd(self) -> float:
        """Base rent of one month of the first year. [USD/month]"""
        return self.rent_usd_per_kw_month * self.critical_it_mw * 1000.0

    def right(self, kind: str) -> TerminationRight | None:
        """The tenant's right of one kind, if the lease has it."""
        return next((right for right in self.terminations if right.kind == kind), None)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = []
        if self.outside_month is not None and self.outside_month < self.target_month:
            faults.append(
                f"outside_month {self.outside_month} is before target_month {self.target_month}: give a later month"
            )
        kinds = [right.kind for right in self.terminations]
        faults += [
            f'terminations hold "{kind}" twice: leave one' for kind in sorted(set(kinds)) if kinds.count(kind) > 1
        ]
        if "outside_date" in kinds and self.outside_month is None:
            faults.append("terminations hold outside_date, but outside_month is missing: give the month")
        if self.outside_month is not None and "outside_date" not in kinds:
            faults.append("outside_month does nothing without a right: add one of kind outside_date to terminations")
        if self.free_months > self.term_months:
            faults.append(f"free_months {self.free_months} exceeds term_months {self.term_months}: shorten it")
        if self.security.backstop_usd > 0.0 and self.guarantor is None:
            faults.append("security.backstop_usd has no giver: name it as guarantor")
        if self.purchase is not None and self.purchase.after_months > self.term_months:
            faults.append(f"purchase.after_months is after the first term of {self.term_months} months")
        if faults:
            raise ValueError("; ".join(faults))
        return self
