"""What is agreed on and laid down by law, for cash of many cases: the loan, reserves, tax and discounting."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.finance.depreciation import BUILDING_LIFE_YEARS
from wattworth.finance.project.conventions import TaxLosses
from wattworth.finance.project.parts import Schedule
from wattworth.finance.project.write_off import SCHEDULE_FRAC
from wattworth.finance.statement import TaxRules
from wattworth.units import MONTHS_PER_YEAR

PerCase = float | NDArray[np.float64]
"""One number for all cases, or an array of shape (case,)."""
LoanProfile = Literal["sculpted", "level_payment", "level_principal"]
CoverTest = Literal["payment", "trailing_12"]
PAYMENT_MONTHS: Final = (1, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class WriteOffClass:
    """How tax law writes off one class of capital.

    Attributes
    ----------
    name
        For people.
    schedule
        Table of shares by year, or ``buildings``: straight over 39 years from the middle of the month of service.
    bonus_frac
        Share taken in the year of service. [1]
    basis_frac
        Share of cost that may be written off; less than one where a credit was taken. [1]
    """

    name: str
    schedule: Schedule | Literal["buildings"]
    bonus_frac: float = 0.0
    basis_frac: float = 1.0

    @property
    def is_building(self) -> bool:
        """Whether it goes straight from the middle of its month."""
        return self.schedule == "buildings"

    @property
    def shares_frac(self) -> NDArray[np.float64]:
        """Shares of basis by year of service; nothing for buildings. [1]"""
        if self.schedule == "buildings":
            return np.zeros(1)
        if self.schedule == "custom":
            raise DataError(f'class "{self.name}": the monthly ledger has no custom schedules; name one of the tables')
        return SCHEDULE_FRAC[self.schedule]


def us_classes(bonus_frac: float = 0.0) -> tuple[WriteOffClass, ...]:
    """The classes of :func:`~wattworth.finance.project.monthly_lines.from_cash_lines`.

    Parameters
    ----------
    bonus_frac
        Share of 5- and 15-year property taken at once. [1]
    """
    return (
        WriteOffClass("5-year property", "macrs_5", bonus_frac),
        WriteOffClass("15-year property", "macrs_15", bonus_frac),
        WriteOffClass("buildings", "buildings"),
    )


@dataclass(frozen=True, slots=True)
class TermLoan:
    """A loan drawn with the spending and repaid from completion on. The least of its limits sizes it.

    Attributes
    ----------
    rate_frac
        Interest per year; a payment bears the rate times its months over twelve. [1/year]
    tenor_months
        From completion to the last payment. [month]
    profile
        Repayment in proportion to cash, in level payments, or in level principal.
    dscr_ratio
        Cash for debt service over debt service, before tax; None where cover is no limit. [1]
    tested
        ``payment``: cover holds at each payment. ``trailing_12``: at the end of each twelve months from completion,
        in which payments are equal if they follow cash.
    max_share_frac
        Gearing: share of all uses, its own fees, interest and reserve with them. [1]
    most_usd
        An amount it may not exceed, such as a share of an appraised value; None where there is none. [USD]
    grace_months
        Months from completion in which interest alone is paid. [month]
    construction_rate_frac
        Interest per year on what is drawn before completion, paid monthly out of the sources. [1/year]
    commitment_fee_frac
        Fee per year on what is not drawn, from the first spending to completion. [1/year]
    upfront_fee_frac
        Fee on the whole loan in the month of the first spending. [1]
    closing_usd
        Fixed cost of that month. [USD]
    reserve_months
        Debt service held in reserve, of the months that follow. [month]
    """

    rate_frac: PerCase
    tenor_months: int
    profile: LoanProfile = "sculpted"
    dscr_ratio: PerCase | None = None
    tested: CoverTest = "payment"
    max_share_frac: PerCase = 1.0
    most_usd: PerCase | None = None
    grace_months: int = 0
    construction_rate_frac: PerCase = 0.0
    commitment_fee_frac: PerCase = 0.0
    upfront_fee_frac: PerCase = 0.0
    closing_usd: PerCase = 0.0
    reserve_months: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.grace_months < self.tenor_months:
            raise DataError(
                f"grace_months is {self.grace_months} and tenor_months {self.tenor_months}: a payment must be left"
            )
        if np.any(np.asarray(self.max_share_frac) > 1.0) or np.any(np.asarray(self.max_share_frac) < 0.0):
            raise DataError("max_share_frac must lie between 0 and 1: a loan cannot exceed all uses")
        if self.dscr_ratio is not None and not np.all(np.asarray(self.dscr_ratio) > 0.0):
            raise DataError("dscr_ratio must be above 0")
        if not 0.0 <= self.reserve_months <= self.tenor_months:
            raise DataError(f"reserve_months is {self.reserve_months}; it must lie between 0 and the tenor")


@dataclass(frozen=True, slots=True)
class MonthlyTax:
    """Income tax, settled at the end of each year; state tax is deducted from federal income.

    Attributes
    ----------
    federal_frac, state_frac
        Rates; the first alone where it is an effective one. [1]
    losses
        What a loss is worth: carried forward, used by the owner's group, or paid out in its year.
    loss_use_limit_frac
        Share of a year's income that carried losses may offset. [1]
    interest_limit_frac
        Interest deductible as a share of EBITDA; what is over is carried. None for no limit. [1]
    writes_off_rest
        Whether what is left of the basis is deducted in the year of retirement; else it is lost.
    """

    federal_frac: PerCase
    losses: TaxLosses
    state_frac: PerCase = 0.0
    loss_use_limit_frac: PerCase = 0.8
    interest_limit_frac: PerCase | None = None
    writes_off_rest: bool = True


@dataclass(frozen=True, slots=True)
class MonthlyTerms:
    """All terms of a statement.

    Attributes
    ----------
    discount_frac
        Rate that owners' cash is discounted at, compounding yearly. [1/year]
    tax
        Income tax.
    classes
        Classes of write-off, in the order of the capital of the lines.
    loan
        The debt, or None.
    payment_months
        Months between payments of the loan and between credits of interest on reserves: 1, 3, 6 or 12.
    receivable_days, payable_days
        Days of revenue not yet received, and of power and opex not yet paid. [day]
    reserve_interest_frac
        Interest per year on reserves. [1/year]
    start_years
        Years by which month 0 stands after the date that values refer to; negative if before. [year]
    """

    discount_frac: PerCase
    tax: MonthlyTax
    classes: tuple[WriteOffClass, ...] = field(default_factory=us_classes)
    loan: TermLoan | None = None
    payment_months: int = 1
    receivable_days: PerCase = 0.0
    payable_days: PerCase = 0.0
    reserve_interest_frac: PerCase = 0.0
    start_years: float = 0.0

    def __post_init__(self) -> None:
        if self.payment_months not in PAYMENT_MONTHS:
            raise DataError(f"payment_months is {self.payment_months}, need one of {list(PAYMENT_MONTHS)}")
        if np.any(np.asarray(self.discount_frac) <= -1.0):
            raise DataError("discount_frac must be above -1")
        if self.loan is None:
            return
        whole = {"tenor_months": self.loan.tenor_months, "grace_months": self.loan.grace_months}
        odd = [f"{name} of {months}" for name, months in whole.items() if months % self.payment_months]
        if self.loan.profile == "sculpted" and self.loan.grace_months % self.test_months:
            odd.append(f"grace_months of {self.loan.grace_months} within a test of {self.test_months}")
        if odd:
            raise DataError(f"{' and '.join(odd)}: need a multiple of {self.payment_months} months between payments")

    @property
    def test_months(self) -> int:
        """Months that one test of cover looks at."""
        trails = self.loan is not None and self.loan.tested == "trailing_12"
        return MONTHS_PER_YEAR if trails else self.payment_months


def terms_of_rules(rules: TaxRules, discount_frac: float, loan: TermLoan | None = None) -> MonthlyTerms:
    """Terms that tax cash as the main job does.

    Parameters
    ----------
    rules
        Tax of a country.
    discount_frac
        Rate that owners' cash is discounted at. [1/year]
    loan
        A loan besides.
    """
    tax = MonthlyTax(rules.rate_frac, rules.losses, loss_use_limit_frac=rules.loss_use_limit_frac)
    return MonthlyTerms(discount_frac, tax, us_classes(rules.bonus_frac), loan)


def terms_of_cases(terms: MonthlyTerms, places: slice) -> MonthlyTerms:
    """The terms of some of many cases.

    Parameters
    ----------
    terms
        Terms of all cases.
    places
        Which of them.
    """
    return _of_cases(terms, places)


def _of_cases(record: Any, places: slice) -> Any:
    changes = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if is_dataclass(value):
            changes[each.name] = _of_cases(value, places)
        elif isinstance(value, np.ndarray) and value.size > 1:
            changes[each.name] = value[places]
    return replace(record, **changes)


assert BUILDING_LIFE_YEARS == 39.0, "the statement and its kernel write buildings down over this life"
