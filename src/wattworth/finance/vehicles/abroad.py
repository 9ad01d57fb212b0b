"""A project case under the tax of another country: one rate, straight line, no US incentives, withholding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wattworth import facts
from wattworth.errors import DataError
from wattworth.facts import CountryRow, FactBook
from wattworth.finance.project import AssetClass, ProjectCase, ProjectResult
from wattworth.finance.project.remarks import Remark
from wattworth.finance.vehicles.cash import HolderCash, HolderRates, distribute, to_holders

_LIFE_OF = {
    "macrs_3": 3,
    "macrs_5": 5,
    "macrs_7": 7,
    "macrs_15": 15,
    "macrs_20": 20,
    "sl_5": 5,
    "sl_15": 15,
    "sl_20": 20,
    "sl_39": 39,
}


@dataclass(frozen=True, slots=True)
class CaseAbroad:
    """A case with its tax part turned into that of a country.

    Attributes
    ----------
    case
        The case.
    country
        What the table says of the country.
    withholding_frac
        Withheld from dividends to foreign owners. [1]
    remarks
        What was dropped or taken as an estimate.
    """

    case: ProjectCase
    country: CountryRow
    withholding_frac: float
    remarks: tuple[Remark, ...]


def _withholding_frac(iso_alpha2: str, given: float | None, book: FactBook) -> float:
    if given is not None:
        if not 0.0 <= given <= 1.0:
            raise DataError(f"withholding_frac is {given:g}; need a share from 0 to 1, such as 0.15")
        return given
    fact = book.get(f"withholding.{iso_alpha2}")
    if fact is None:
        known = ", ".join(sorted(key.split(".")[1] for key in book if key.startswith("withholding.")))
        raise DataError(
            f"no withholding on dividends is packaged for {iso_alpha2} (there is {known}); give withholding_frac"
        )
    return fact.value


def _dropped(case: ProjectCase) -> Iterator[tuple[str, str]]:
    if case.incentives.investment_credits:
        yield "incentives.investment_credits", "investment credits"
    if case.incentives.production_credits:
        yield "incentives.production_credits", "production credits"
    wears = case.depreciation
    if wears.federal_bonus_frac or wears.state_bonus_frac:
        yield "depreciation.federal_bonus_frac", "bonus depreciation"
    if any(part.schedule.startswith("macrs") for part in wears.classes):
        yield "depreciation.classes", "accelerated schedules, for straight line over the same years"
    if case.tax.state_frac:
        yield "tax.state_frac", "state tax"
    if case.tax.interest_limit_frac is not None:
        yield "tax.interest_limit_frac", "the US limit on interest"


def _straight(part: AssetClass, life_years: int | None) -> AssetClass:
    own = _LIFE_OF.get(part.schedule) if life_years is None else life_years
    if part.schedule in ("none", "custom") and life_years is None:
        return part.model_copy(
            update={"federal_bonus": False, "state_bonus": False, "federal_credit": False, "state_credit": False}
        )
    assert own is not None
    return AssetClass(
        share_frac=part.share_frac, schedule="custom", custom_frac_by_year=tuple(np.full(own, 1.0 / own).tolist())
    )


def case_abroad(
    case: ProjectCase,
    iso_alpha2: str,
    *,
    withholding_frac: float | None = None,
    life_years: int | None = None,
    book: FactBook | None = None,
) -> CaseAbroad:
    """The case under the tax of another country.

    Parameters
    ----------
    case
        A case as for the United States.
    iso_alpha2
        ISO 3166 code of the country, two capitals.
    withholding_frac
        Withheld from dividends to foreign owners; the fact where left out. [1]
    life_years
        Years of straight-line depreciation for every class; the years of each class where left out. [year]
    book
        Facts; the packaged ones where left out.

    Returns
    -------
    CaseAbroad

    Raises
    ------
    FactError
        If the country is not in the table.
    DataError
        If it is the United States, or no withholding is known or given.

    Notes
    -----
    The country's corporate rate takes the place of federal tax; losses are carried in full and without end.
    Full years, the first with them, are written off. Grants, production incentives and property tax stay as
    they are, and so does the discount rate: price the country in the cash or in the rate, once.
    """
    if iso_alpha2 == "US":
        raise DataError('iso_alpha2 is "US": the case is one of the United States already')
    if life_years is not None and not 1 <= life_years <= 100:
        raise DataError(f"life_years is {life_years}; need whole years from 1 to 100")
    row = facts.country_row(iso_alpha2)
    withheld = _withholding_frac(iso_alpha2, withholding_frac, facts.load() if book is None else book)
    remarks = [
        Remark("dropped_abroad", where, f"{what} of US law do not apply in {row.country}", "give the country's own")
        for where, what in _dropped(case)
    ]
    losses = case.tax_losses if case.tax_losses != "paid" else "carried"
    remarks.append(
        Remark(
            "tax_abroad",
            "tax",
            f"{row.country}: {row.corporate_tax_frac:.1%} on profit, {withheld:.1%} withheld; losses are {losses}",
            f"source {row.source}, {row.confidence}; check the law" + (f" ({row.note})" if row.note else ""),
        )
    )
    if row.access_flag:
        remarks.append(
            Remark("access", "country", f"{row.country}: {row.access_flag}", "check export control before any machine")
        )
    if row.country_risk_premium_frac > 0.0:
        remarks.append(
            Remark(
                "country_premium",
                "discounting",
                f"a country premium of {row.country_risk_premium_frac:.2%} is not in the discount rate",
                "add it to the rate, or put the risk in the cash, never both",
            )
        )
    tax = case.tax.model_copy(
        update={
            "federal_frac": row.corporate_tax_frac,
            "state_frac": 0.0,
            "losses": losses,
            "loss_use_limit_frac": 1.0,
            "interest_limit_frac": None,
        }
    )
    wears = case.depreciation.model_copy(
        update={
            "classes": tuple(_straight(part, life_years) for part in case.depreciation.classes),
            "federal_bonus_frac": 0.0,
            "state_bonus_frac": 0.0,
        }
    )
    gifts = case.incentives.model_copy(update={"investment_credits": (), "production_credits": ()})
    changed = case.model_copy(update={"tax": tax, "depreciation": wears, "incentives": gifts})
    checked = ProjectCase.model_validate(changed.model_dump())
    return CaseAbroad(checked, row, withheld, tuple(remarks))


def after_withholding(
    result: ProjectResult, withholding_frac: float, earnings_usd: ArrayLike | None = None
) -> HolderCash:
    """Cash of foreign owners once tax is withheld from their dividends.

    Parameters
    ----------
    result
        An evaluated project, all of whose cash is paid out.
    withholding_frac
        Withheld from dividends; what only gives capital back is free of it. [1]
    earnings_usd
        Array, shape (year,): earnings that dividends come from; the book income where left out. [USD]

    Returns
    -------
    HolderCash
    """
    if not 0.0 <= withholding_frac <= 1.0:
        raise DataError(f"withholding_frac is {withholding_frac:g}; need a share from 0 to 1, such as 0.15")
    earned = result.statement["net_income_usd"] if earnings_usd is None else earnings_usd
    shared = distribute(result.statement["after_tax_equity_usd"])
    return to_holders(shared, earned, HolderRates(withholding_frac, 0.0, withholding_frac))
