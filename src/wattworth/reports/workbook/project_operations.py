"""Everything of a project above its financing: sales, costs, the end, capital, write-off and reserves, as formulas."""

from __future__ import annotations

from typing import Final

from wattworth.finance.project import SCHEDULE_FRAC, YearlyLine
from wattworth.reports.workbook.cells import Cell, Node, Row
from wattworth.reports.workbook.functions import both, if_, most, sum_of
from wattworth.reports.workbook.project_base import PAYERS, Draft, nothing
from wattworth.reports.workbook.wording import as_is, say, word

_COSTS: Final = (
    ("fixed_om_usd", say("Fixed O&M"), "fixed_usd_per_year", "fixed_above_inflation_frac", "USD/year"),
    ("variable_om_usd", say("Variable O&M"), "variable_usd_per_mwh", "variable_above_inflation_frac", "$/MWh"),
    (
        "capacity_om_usd",
        say("O&M by capacity"),
        "capacity_usd_per_kw_year",
        "capacity_above_inflation_frac",
        "$/kW-year",
    ),
)


def capital(draft: Draft) -> None:
    """Write the cost of building, and interest and fees while building."""
    sheet, own = draft.sheet, draft.case.capital
    sheet.head(say("Capital"))
    parts = [draft.given(f"capital.parts.{n}.usd", as_is(part.name), "USD") for n, part in enumerate(own.parts)]
    contingency = draft.given("capital.contingency_frac", say("Contingency"), "1")
    tax = draft.given("capital.sales_tax_frac", say("Sales tax"), "1") * draft.given(
        "capital.sales_taxed_frac", say("Share of the cost it applies to"), "1"
    )
    installed = sheet.result(
        "installed_usd", say("Installed cost"), "USD", sum_of([*parts]) * (1 + contingency) * (1 + tax)
    )
    fixed = draft.given("capital.construction_financing_usd", say("Interest and fees while building, stated"), "USD")
    cost: Node = fixed
    for n, _ in enumerate(own.construction_loans):
        path, loan = f"capital.construction_loans.{n}", say("Construction loan {number}", number=n + 1)
        share = draft.given(f"{path}.share_frac", say("{loan}: share of the installed cost", loan=loan), "1")
        months = draft.given(f"{path}.months", say("{loan}: months", loan=loan), "month")
        rate = draft.given(f"{path}.rate_frac", say("{loan}: interest", loan=loan), "1/year")
        fee = draft.given(f"{path}.upfront_fee_frac", say("{loan}: fee", loan=loan), "1")
        cost = cost + share * (rate * months / 12 / 2 + fee) * installed
    building = sheet.result("construction_usd", say("Interest and fees while building"), "USD", cost)
    other = draft.given("capital.other_financing_usd", say("Other soft cost"), "USD")
    sheet.result("depreciable_usd", say("Cost that is written off"), "USD", installed + building + other)


def operation(draft: Draft) -> None:
    """Write sales, costs, what the end brings, and EBITDA."""
    case, sheet, year = draft.case, draft.sheet, draft.year
    sheet.head(say("Sales"))
    nameplate = draft.given("nameplate_mw", say("Nameplate"), "MW")
    inflation = draft.given("discounting.inflation_frac", say("Inflation"), "1/year")
    mwh = _energy(draft)
    price = _price(draft)
    draft.row("energy_revenue_usd", say("Energy revenue"), mwh * price)
    paid = draft.given("revenue.capacity_usd_per_mw_year", say("Capacity payment"), "$/MW-year")
    paid_share = draft.given("revenue.capacity_credit_frac", say("Share of nameplate paid for"), "1")
    step = draft.given("revenue.capacity_escalation_frac", say("Growth of the capacity payment"), "1/year")
    draft.row("capacity_revenue_usd", say("Capacity payments"), paid * paid_share * nameplate * draft.growth(step))
    others = [_line(draft, f"revenue.other.{n}", line) for n, line in enumerate(case.revenue.other)]
    draft.row("other_revenue_usd", say("Other revenue"), sum_of([*others]))
    rows = draft.rows
    sales = sheet.row(
        say("Sales"), "USD", rows["energy_revenue_usd"] + rows["capacity_revenue_usd"] + rows["other_revenue_usd"]
    )
    rows["sales_usd"] = sales
    sheet.head(say("Operating cost, positive"))
    sizes: dict[str, Node] = {"variable_om_usd": mwh, "capacity_om_usd": nameplate * 1000}
    for name, label, path, above, unit in _COSTS:
        own = draft.given(f"operating.{path}", label, unit)
        step = draft.given(f"operating.{above}", say("{cost}: growth above inflation", cost=label), "1/year")
        size = sizes.get(name)
        draft.row(name, label, (own if size is None else own * size) * draft.growth(inflation + step))
    _fuel_insurance_tax(draft, inflation)
    costs = [_line(draft, f"operating.other.{n}", line) for n, line in enumerate(case.operating.other)]
    draft.row("other_cost_usd", say("Other operating cost"), sum_of([*costs]))
    names = (
        "fixed_om_usd",
        "variable_om_usd",
        "capacity_om_usd",
        "fuel_usd",
        "insurance_usd",
        "property_tax_usd",
        "other_cost_usd",
    )
    opex = sheet.row(say("Operating cost, the year after with it"), "USD", sum_of([rows[name] for name in names]))
    sheet.head(say("The end, and EBITDA"))
    salvage = draft.given("terminal.salvage_frac", say("Salvage over the installed cost"), "1")
    draft.row(
        "salvage_usd",
        say("Net salvage value"),
        if_(year.equals(draft.last), cell_of(draft, "installed_usd") * salvage, 0),
    )
    sale: Node = nothing()
    if case.terminal.exit_cap_rate_frac is not None:
        cap = draft.given("terminal.exit_cap_rate_frac", say("Yield at the sale"), "1/year")
        fee = draft.given("terminal.selling_cost_frac", say("Cost of the sale"), "1")
        sale = if_(year.equals(draft.last), (sales.ahead() - opex.ahead()) / cap * (1 - fee), 0)
    draft.row("sale_usd", say("Proceeds of sale"), sale)
    draft.row("revenue_usd", say("Total revenue"), draft.in_operation(sales + rows["salvage_usd"] + rows["sale_usd"]))
    draft.row("opex_usd", say("Total operating cost"), draft.in_operation(opex))
    draft.row("ebitda_usd", say("EBITDA"), rows["revenue_usd"] - rows["opex_usd"])


def cell_of(draft: Draft, name: str) -> Cell:
    """A result that is written already."""
    return next(line.cell for line in draft.sheet.lines if line.cell is not None and line.cell.name == name)


def _energy(draft: Draft) -> Row:
    own, year = draft.case.energy, draft.year
    if own.mwh_by_year is not None:
        draft.rows["energy_mwh"] = draft.series(say("Energy sold"), "MWh", own.mwh_by_year)
        return draft.rows["energy_mwh"]
    first = draft.given("energy.year1_mwh", say("Energy of year 1"), "MWh")
    fall = draft.given("energy.degradation_frac_per_year", say("Yearly fall of output"), "1/year")
    left = most(0, 1 - fall * (year - 1)) if draft.case.timing.linear_degradation else (1 - fall) ** (year - 1)
    return draft.row("energy_mwh", say("Energy sold"), if_(year > 0, first * left, 0), "MWh")


def _price(draft: Draft) -> Row:
    own = draft.case.revenue
    if own.price_by_year is not None:
        draft.rows["price_usd_per_mwh"] = draft.series(say("Price of energy"), "$/MWh", own.price_by_year)
        return draft.rows["price_usd_per_mwh"]
    label = say("Price of year 1") if draft.case.target is None else say("Price of year 1, found for the target")
    first = draft.sheet.input("revenue_price_usd_per_mwh", label, draft.first_usd_per_mwh, "$/MWh")
    step = draft.given("revenue.price_escalation_frac", say("Growth of the price"), "1/year")
    return draft.row("price_usd_per_mwh", say("Price of energy"), first * draft.growth(step), "$/MWh", summed=False)


def _line(draft: Draft, path: str, line: YearlyLine) -> Row:
    if line.usd_by_year is not None:
        return draft.series(as_is(line.name), "USD", line.usd_by_year)
    first = draft.given(f"{path}.usd_per_year", say("{line}: year 1", line=line.name), "USD/year")
    step = draft.given(f"{path}.escalation_frac", say("{line}: growth", line=line.name), "1/year")
    return draft.sheet.row(as_is(line.name), "USD", first * draft.growth(step), summed=True)


def _fuel_insurance_tax(draft: Draft, inflation: Cell) -> None:
    year, installed = draft.year, cell_of(draft, "installed_usd")
    burnt = draft.given("operating.fuel_mmbtu_per_year", say("Fuel burnt in a year"), "MMBtu")
    price = draft.given("operating.fuel_price_usd_per_mmbtu", say("Price of fuel"), "$/MMBtu")
    step = draft.given("operating.fuel_above_inflation_frac", say("Price of fuel: growth above inflation"), "1/year")
    draft.row("fuel_usd", say("Fuel"), burnt * price * draft.growth(inflation + step))
    share = draft.given("operating.insurance_frac_per_year", say("Insurance over the installed cost"), "1/year")
    draft.row("insurance_usd", say("Insurance"), share * installed * draft.growth(inflation))
    rate = draft.given("property_tax.rate_frac", say("Property tax rate"), "1/year")
    assessed = draft.given("property_tax.assessed_frac", say("Assessed value over the installed cost"), "1")
    fall = draft.given("property_tax.decline_frac_per_year", say("Yearly fall of the assessed value"), "1/year")
    owed = rate * installed * assessed * most(0, 1 - fall * (year - 1))
    abated = draft.case.property_tax.abatement_by_year
    if abated:
        owed = owed * (1 - draft.series(say("Property tax forgiven"), "1", (*abated, 0.0)))
    draft.row("property_tax_usd", say("Property tax"), if_(year > 0, owed, 0))


def write_off(draft: Draft) -> None:
    """Write depreciation for both taxes, class by class."""
    sheet, case, year = draft.sheet, draft.case, draft.year
    sheet.head(say("Write-off for tax"))
    cost = cell_of(draft, "depreciable_usd")
    federal = draft.given("depreciation.federal_bonus_frac", say("Share of eligible classes at once, federal"), "1")
    state = draft.given("depreciation.state_bonus_frac", say("Share of eligible classes at once, state"), "1")
    sums: dict[str, list[Node]] = {"federal": [], "state": []}
    for n, part in enumerate(case.depreciation.classes):
        share = draft.given(
            f"depreciation.classes.{n}.share_frac",
            say(
                "Class {number}, {schedule}: share of the cost", number=n + 1, schedule=word("schedule", part.schedule)
            ),
            "1",
        )
        values = part.custom_frac_by_year if part.schedule == "custom" else SCHEDULE_FRAC[part.schedule].tolist()
        table = draft.series(
            say("Class {number}, {schedule}: table", number=n + 1, schedule=word("schedule", part.schedule)),
            "1",
            (*(values or (0.0,)), 0.0),
        )
        for payer, bonus in (("federal", federal), ("state", state)):
            at_once = bonus if getattr(part, f"{payer}_bonus") else nothing()
            spread = cost * share * ((1 - at_once) * table + if_(year.equals(1), at_once, 0))
            sums[payer].append(spread)
    for payer, parts in sums.items():
        draft.row(
            f"{payer}_depreciation_usd",
            say("{payer} tax depreciation", payer=PAYERS[payer]),
            draft.in_operation(sum_of(parts)),
        )


def reserves(draft: Draft) -> None:
    """Write reserves that do not depend on the debt, the prepayment, and cash for debt service."""
    sheet, rows, year = draft.sheet, draft.rows, draft.year
    sheet.head(say("Reserves before debt, and cash for debt service"))
    before_the_end = both(year >= 0, year < draft.last)
    for name, what, path, paid in (
        ("working_capital_reserve_usd", say("Working capital"), "reserves.working_capital_months", rows["opex_usd"]),
        ("receivables_reserve_usd", say("Receivables"), "reserves.receivables_months", rows["sales_usd"]),
    ):
        months = draft.given(path, say("{what} reserve: months held", what=what), "month")
        draft.row(
            name, say("{what} reserve", what=what), if_(before_the_end, months / 12 * paid.ahead(), 0), summed=False
        )
    credit: Node = nothing()
    taxed: Node = nothing()
    if draft.case.prepayment is not None:
        ahead = draft.given("prepayment.usd", say("Rent received ahead"), "USD")
        shares = draft.series(say("Share credited"), "1", (*draft.case.prepayment.credit_frac_by_year, 0.0))
        credit = draft.in_operation(ahead * shares)
        if draft.case.prepayment.taxed == "received":
            taxed = if_(year.equals(1), ahead, 0) - credit
    draft.row("prepayment_credit_usd", say("Rent credited against a prepayment"), credit)
    draft.row("prepayment_taxed_usd", say("Taxed beside the rent billed"), taxed)
    held = rows["receivables_reserve_usd"]
    change = if_(year < draft.last, held - held.back(), 0)
    draft.row(
        "cfads_usd",
        say("Cash for debt service"),
        draft.in_operation(rows["ebitda_usd"] - change - rows["prepayment_credit_usd"]),
    )
