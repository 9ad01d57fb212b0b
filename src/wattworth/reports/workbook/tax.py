"""From cash before tax to value: write-off by class, losses carried, tax by year, and discounting, all as formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wattworth.finance import MACRS_HALF_YEAR_FRAC
from wattworth.records import Line
from wattworth.reports.workbook.cells import Cell, Row
from wattworth.reports.workbook.functions import (
    floor,
    if_,
    least,
    least_of,
    magnitude,
    most,
    product_sum,
    remainder,
    sum_of,
    total,
)
from wattworth.reports.workbook.lines import LineRows
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.wording import Said, say

_CLASSES: Final = {Line.CAPEX_5Y: 5, Line.CAPEX_15Y: 15}
_BUILDING_YEARS: Final = 39


@dataclass(frozen=True, slots=True)
class TaxCells:
    """How income is taxed, as cells of a sheet.

    Attributes
    ----------
    rate, bonus, loss_use_limit
        Income tax, share written off at once, share of income that losses may offset. [1]
    at_once
        1 where a loss earns its tax back in its year, 0 where it waits for income.
    """

    rate: Cell
    bonus: Cell
    loss_use_limit: Cell
    at_once: Cell


@dataclass(frozen=True, slots=True)
class Taxed:
    """What a case is worth after tax.

    Attributes
    ----------
    after_tax
        Row by month. [USD]
    npv
        Value today. [USD]
    discount
        Row by month: value today of a dollar. [1]
    """

    after_tax: Row
    npv: Cell
    discount: Row


def taxed(sheet: Sheet, lines: LineRows, rules: TaxCells, discount_rate: Cell, prefix: str) -> Taxed:
    """Write tax, cash after it and its value."""
    sheet.head(say("Tax, settled at the end of each tax year from the as-of month"))
    rows = lines.rows
    service = sheet.result(
        f"{prefix}service_year",
        say("Tax year of first service, from nought"),
        "year",
        most(0, floor((lines.in_service - 1) / 12)),
    )
    retired = sheet.result(
        f"{prefix}retired_year",
        say("Tax year of retirement, from nought"),
        "year",
        most(0, floor((lines.retired - 1) / 12)),
    )
    year = sheet.row(say("Tax year, from nought"), "year", sheet.month / 12 - 1, kind="year")
    parts = [rows[line].year for line in (Line.REVENUE, Line.POWER, Line.OPEX, Line.PROCEEDS)]
    income = sheet.row(say("Income before write-off"), "USD", sum_of(parts), kind="year", summed=True)
    spent = {line: _so_far(sheet, rows[line], label) for line, label in _NAMES.items()}
    placed = {line: _placed(sheet, spent[line], label, year, service) for line, label in _NAMES.items()}
    regular = sum_of([_schedule(sheet, placed[line], life, rules.bonus) for line, life in _CLASSES.items()])
    halls = (spent[Line.CAPEX_39Y], placed[Line.CAPEX_39Y])
    regular = regular + _building(sheet, *halls, year, service, lines.in_service)
    basis = if_(year < service, 0, sum_of([*spent.values()]))
    written = sheet.row(
        say("Written off so far; all of it in the year of retirement"),
        "USD",
        lambda me: if_(year < retired, me.back() + regular, if_(year.equals(retired), basis, me.back())),
        kind="year",
    )
    depreciation = sheet.row(say("Write-off"), "USD", written - written.back(), kind="year", summed=True)
    taxable = sheet.row(say("Taxable income before losses"), "USD", income - depreciation, kind="year", summed=True)
    limit = rules.loss_use_limit * most(taxable, 0)
    carried = sheet.row(
        say("Losses carried"),
        "USD",
        lambda me: if_(rules.at_once > 0, 0, me.back() - least(me.back(), limit) + most(0, -taxable)),
        kind="year",
    )
    used = sheet.row(say("Losses used"), "USD", least(carried.back(), limit), kind="year", summed=True)
    tax = sheet.row(
        say("Tax"),
        "USD",
        -(rules.rate * if_(rules.at_once > 0, taxable, most(taxable, 0) - used)),
        kind="year",
        summed=True,
    )
    after_tax = sheet.row(say("Cash after tax"), "USD", sum_of([*rows.values(), tax]), summed=True)
    discount = sheet.row(say("Value today of a dollar"), "1", (1 + discount_rate) ** (-(sheet.month / 12)))
    npv = sheet.result(f"{prefix}npv_usd", say("Net present value"), "USD", product_sum(after_tax, discount))
    _identities(sheet, rows, (depreciation, carried, tax), discount, npv)
    return Taxed(after_tax, npv, discount)


def _identities(sheet: Sheet, rows: dict[Line, Row], years: tuple[Row, Row, Row], discount: Row, npv: Cell) -> None:
    """Write what must hold whatever the inputs are."""
    depreciation, carried, tax = years
    spent = sum_of([total(rows[line]) for line in _NAMES])
    cent = most(0.01, 1e-9 * magnitude(spent))
    sheet.check(say("All capital is written off by retirement"), magnitude(total(depreciation) + spent) <= cent)
    sheet.check(say("No loss is used before it is made"), least_of(carried) >= -0.01)
    parts = sum_of([product_sum(row, discount) for row in (*rows.values(), tax)])
    sheet.check(
        say("Value = sum of the values of its lines"), magnitude(parts - npv) <= most(0.01, 1e-9 * magnitude(npv))
    )


_NAMES: Final = {
    Line.CAPEX_5Y: say("5-year class"),
    Line.CAPEX_15Y: say("15-year class"),
    Line.CAPEX_39Y: say("The building"),
}


def _so_far(sheet: Sheet, line: Row, label: Said) -> Row:
    """Capital of a class spent up to each tax year."""
    return sheet.row(
        say("{capital}: spent so far", capital=label), "USD", lambda me: me.back() - line.year, kind="year"
    )


def _placed(sheet: Sheet, spent: Row, label: Said, year: Row, service: Cell) -> Row:
    """Capital of a class by the tax year it enters service in; what came before waits."""
    enters = if_(year < service, 0, if_(year.equals(service), spent, spent - spent.back()))
    return sheet.row(say("{capital}: placed in service", capital=label), "USD", enters, kind="year", summed=True)


def _schedule(sheet: Sheet, placed: Row, life_years: int, bonus: Cell) -> Row:
    """Write-off of a class by its table, a share of it at once."""
    shares = MACRS_HALF_YEAR_FRAC[life_years].tolist()
    spread = sum_of([placed.back(age) * share if age else placed * share for age, share in enumerate(shares)])
    return sheet.row(
        say("{years}-year class: write-off", years=life_years),
        "USD",
        placed * bonus + (1 - bonus) * spread,
        kind="year",
    )


def _building(sheet: Sheet, spent: Row, placed: Row, year: Row, service: Cell, in_service: Cell) -> Row:
    """Write-off of a building straight over 39 years, from the middle of its month."""
    first = if_(in_service > 0, (12.5 - (remainder(in_service - 1, 12) + 1)) / 12, 1)
    share = if_(year.equals(service), first, 0.5)
    before = if_(year > service, spent.back(), 0)
    return sheet.row(say("The building: write-off"), "USD", (before + placed * share) / _BUILDING_YEARS, kind="year")
