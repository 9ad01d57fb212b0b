"""Tax of a project, the cash of its owners, what that is worth, and the books that must balance, as formulas."""

from __future__ import annotations

from wattworth.finance.project import ProjectResult
from wattworth.reports.workbook.cells import Call, Cell, Node, Row
from wattworth.reports.workbook.functions import if_, internal_rate, least, magnitude, most, product_sum, rounded, total
from wattworth.reports.workbook.project_base import PAYERS, Draft, nothing
from wattworth.reports.workbook.wording import say, word


def reserve_totals(draft: Draft) -> None:
    """Write all reserves together, what goes into them and what they earn."""
    draft.sheet.head(say("All reserves"))
    rows = draft.rows
    held = rows["debt_service_reserve_usd"] + rows["working_capital_reserve_usd"] + rows["receivables_reserve_usd"]
    whole = draft.row("reserves_usd", say("All reserves"), held, summed=False)
    draft.row("reserve_funding_usd", say("Into reserves"), whole - whole.back())
    rate = draft.given("reserves.interest_frac", say("Interest on reserves"), "1/year")
    draft.row("reserve_interest_usd", say("Interest on reserves"), draft.in_operation(rate * whole.back()))


def tax(draft: Draft) -> None:
    """Write interest that may be deducted, losses, and both taxes."""
    case, sheet, rows = draft.case, draft.sheet, draft.rows
    sheet.head(say("Income tax, a benefit positive"))
    interest, earned = rows["interest_usd"], rows["reserve_interest_usd"]
    deducted: Row = interest
    if case.tax.interest_limit_frac is not None:
        share = draft.given("tax.interest_limit_frac", say("Interest deductible over EBITDA"), "1")
        limit = sheet.row(
            say("Most interest that may be deducted"), "USD", most(0, earned + share * most(0, rows["ebitda_usd"]))
        )
        carried = draft.row(
            "interest_carried_usd",
            say("Interest carried to later years"),
            lambda me: interest + me.back() - least(interest + me.back(), limit),
            summed=False,
        )
        deducted = draft.row("deductible_interest_usd", say("Interest deducted"), interest + carried.back() - carried)
    before = sheet.row(
        say("Income before write-off"),
        "USD",
        rows["ebitda_usd"] + earned - deducted + rows["prepayment_taxed_usd"] - rows["backstop_fee_usd"],
    )
    limit_frac = draft.given("tax.loss_use_limit_frac", say("Share of income that losses may offset"), "1")
    at_once = sheet.input(
        "losses_at_once",
        say(
            "A loss earns its tax back in its year (1) or is carried (0): {tax_losses}",
            tax_losses=word("losses", case.tax_losses),
        ),
        float(case.tax_losses != "carried"),
        "1",
    )
    rates = {
        "state": draft.given("tax.state_frac", say("State tax"), "1"),
        "federal": draft.given("tax.federal_frac", say("Federal tax"), "1"),
    }
    state_tax: Node = nothing()
    for payer, rate in rates.items():
        payer_word = PAYERS[payer]
        income = draft.row(
            f"{payer}_income_usd",
            say("{payer} income before losses", payer=payer_word),
            before - rows[f"{payer}_depreciation_usd"] + state_tax,
        )
        state_tax = draft.row(
            f"{payer}_tax_usd",
            say("{payer} tax", payer=payer_word),
            -(rate * _taxable(draft, payer, income, (limit_frac, at_once))),
        )


def _taxable(draft: Draft, payer: str, income: Row, rules: tuple[Cell, Cell]) -> Row:
    limit_frac, at_once = rules
    payer_word, room = PAYERS[payer], limit_frac * most(income, 0)
    carried = draft.row(
        f"{payer}_losses_carried_usd",
        say("{payer} losses carried", payer=payer_word),
        lambda me: if_(at_once > 0, 0, me.back() - least(me.back(), room) + most(0, -income)),
        summed=False,
    )
    taxable = if_(at_once > 0, income, most(income, 0) - least(carried.back(), room))
    return draft.row(f"{payer}_taxable_usd", say("{payer} taxable income", payer=payer_word), taxable)


def owners(draft: Draft) -> None:
    """Write the cash of the owners, before and after tax."""
    rows, year = draft.rows, draft.year
    draft.sheet.head(say("Cash of the owners"))
    funded = if_(year.equals(0), 0, rows["reserve_funding_usd"])
    in_hand = rows["ebitda_usd"] + rows["reserve_interest_usd"] - rows["debt_service_usd"] - rows["balloon_usd"]
    before = draft.row(
        "pre_tax_equity_usd",
        say("Cash of owners before tax"),
        in_hand - funded - rows["equity_paid_in_usd"] - rows["prepayment_credit_usd"],
    )
    cash = draft.row(
        "after_tax_equity_usd",
        say("Cash of owners after tax"),
        before + rows["state_tax_usd"] + rows["federal_tax_usd"],
    )
    debt = draft.case.debt
    if debt is not None and debt.backstop is not None:
        share = draft.given("debt.backstop.warrants_frac", say("Warrants of the guarantor"), "1")
        draft.row(
            "sponsor_cash_usd",
            say("Of it the sponsor's, after warrants"),
            cash - if_(year > 0, share * most(0, cash), 0),
        )


def worth(draft: Draft, result: ProjectResult, places: list[int]) -> None:
    """Write the value, the rate and the levelised cost on the lines kept free for them."""
    sheet, case, rows, year = draft.sheet, draft.case, draft.rows, draft.year
    sheet.head(say("Value"))
    if case.discounting.nominal_frac is not None:
        rate: Node = draft.given("discounting.nominal_frac", say("Discount rate"), "1/year")
    else:
        real = draft.given("discounting.real_frac", say("Discount rate above inflation"), "1/year")
        inflation = draft.given("discounting.inflation_frac", say("Inflation"), "1/year")
        rate = sheet.result("discount_rate_frac", say("Discount rate"), "1/year", (1 + inflation) * (1 + real) - 1)
    own = case.timing
    exponent = sheet.row(
        say("Years of discounting"), "year", year + if_(year > 0, own.operating_shift_years, own.capital_shift_years)
    )
    factor = sheet.row(say("Value today of a dollar"), "1", (1 + rate) ** (-exponent))
    cash = rows["after_tax_equity_usd"]
    sheet.result("npv_usd", say("Net present value of the owners' cash"), "USD", product_sum(cash, factor), places[0])
    even = own.operating_shift_years == own.capital_shift_years
    found = result.equity_rates.irr_frac
    if found is not None and even:
        rate_found = internal_rate(cash, found, lambda numbers: found)
        sheet.result("irr_frac", say("Internal rate of return of the owners"), "1/year", rate_found, places[1])
    else:
        why = say("its years are not evenly spaced") if found is not None else word("irr", result.equity_rates.status)
        sheet.note(say("No formula for the internal rate of return: {why}", why=why))
    sheet.result("debt_summary_usd", say("Debt"), "USD", total(rows["debt_drawn_usd"]), places[2])
    sheet.result("equity_summary_usd", say("Equity"), "USD", total(rows["equity_paid_in_usd"]), places[3])
    energy = product_sum(rows["energy_mwh"], factor)
    if float(rows["energy_mwh"].values.sum()) > 0:
        cost = draft.in_operation(rows["sales_usd"]) - cash
        if not own.counts_receivables_release:
            cost = cost + if_(year.equals(draft.last), rows["receivables_reserve_usd"].back(), 0)
        levelised = sheet.row(say("Sales less the owners' cash"), "USD", cost)
        held = sheet.row(say("Energy in the years of operation"), "MWh", draft.in_operation(rows["energy_mwh"]))
        energy = product_sum(held, factor)
        sheet.result(
            "lcoe_nominal_usd_per_mwh",
            say("Levelised cost, nominal"),
            "$/MWh",
            product_sum(levelised, factor) / energy,
            places[4],
        )


def balance(draft: Draft) -> None:
    """Write the books, and the identities that must hold in every year."""
    sheet, rows, year = draft.sheet, draft.rows, draft.year
    sheet.head(say("Balance sheet"))
    spent = rows["capital_spending_usd"]
    left = draft.last - year + 1
    plant = draft.row(
        "net_plant_usd",
        say("Net plant"),
        lambda me: if_(draft.operates, (me.back() + spent) * (1 - 1 / left), me.back() + spent),
        summed=False,
    )
    written = draft.row("book_depreciation_usd", say("Book depreciation"), plant.back() + spent - plant)
    taxes = rows["state_tax_usd"] + rows["federal_tax_usd"]
    income = draft.row(
        "net_income_usd",
        say("Net income"),
        rows["ebitda_usd"]
        - written
        + rows["reserve_interest_usd"]
        - rows["interest_usd"]
        - rows["backstop_fee_usd"]
        + taxes,
    )
    draft.row(
        "distributions_usd",
        say("Distributions, or further equity if negative"),
        rows["after_tax_equity_usd"] + rows["equity_paid_in_usd"],
    )
    assets = draft.row("assets_usd", say("Assets"), plant + rows["reserves_usd"], summed=False)
    owed = draft.row(
        "liabilities_usd", say("Liabilities"), rows["debt_balance_usd"] + rows["prepayment_balance_usd"], summed=False
    )
    equity = draft.row(
        "owners_equity_usd",
        say("Owners' equity"),
        lambda me: me.back() + rows["equity_paid_in_usd"] + income - rows["distributions_usd"],
        summed=False,
    )
    sheet.head(say("Identities, to the cent"))
    drawn, repaid, owing = rows["debt_drawn_usd"], rows["principal_usd"], rows["debt_balance_usd"]
    raised = drawn + rows["equity_paid_in_usd"] + rows["prepayment_usd"]
    cent = most(0.01, 1e-12 * total(spent))
    for label, breach in (
        (say("Assets = liabilities + equity"), assets - owed - equity),
        (say("Sources = uses"), raised - spent - rows["first_reserves_usd"]),
        (say("Debt drawn - repaid = owed"), drawn - repaid - (owing - owing.back())),
    ):
        row = sheet.row(say("{identity}: breach", identity=label), "USD", rounded(magnitude(breach), 3))
        sheet.check(label, Call("MAX", (row.all,), lambda numbers: float(numbers.max())) <= cent)
