"""The term debt of a project as formulas: every limit, the least of them, its service, reserve and balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wattworth.finance.project.parts import Debt
from wattworth.reports.workbook.cells import Cell, Node, Row, as_node
from wattworth.reports.workbook.functions import both, if_, least, least_of, most, product_sum, total
from wattworth.reports.workbook.project_base import Draft, nothing
from wattworth.reports.workbook.project_operations import cell_of
from wattworth.reports.workbook.wording import say

_BEYOND = 1e99


_WITHOUT_DEBT: Final = {
    "debt_service_usd": say("Debt service"),
    "interest_usd": say("Interest"),
    "backstop_fee_usd": say("Fee of a guarantor"),
    "balloon_usd": say("Due at maturity"),
    "principal_usd": say("Principal"),
    "debt_balance_usd": say("Debt at the end of the year"),
    "debt_service_reserve_usd": say("Debt service reserve"),
}


@dataclass(frozen=True, slots=True)
class DebtCells:
    """The debt.

    Attributes
    ----------
    usd
        Its size. [USD]
    fee_frac
        Fees at close over it. [1]
    rate, backstop, tenor
        Interest, a guarantor's yearly fee, and years to the last payment.
    per_usd
        Row: service of one dollar. [1]
    """

    usd: Cell
    fee_frac: Node
    rate: Cell
    backstop: Node
    tenor: Cell
    per_usd: Row

    @property
    def all_in(self) -> Node:
        """Interest and a guarantor's fee. [1/year]"""
        return self.rate + self.backstop


def size(draft: Draft) -> DebtCells | None:
    """Write the limits on the debt and its size; None without debt."""
    debt, sheet = draft.case.debt, draft.sheet
    if debt is None:
        return None
    sheet.head(say("Term debt: its limits, the least of which is its size"))
    rate, tenor = (
        draft.given("debt.rate_frac", say("Interest"), "1/year"),
        draft.given("debt.tenor_years", say("Tenor"), "year"),
    )
    cash = sheet.row(say("Cash that may serve debt"), "USD", most(0, draft.rows["cfads_usd"]))
    backstop: Node = nothing()
    all_in: Node = rate
    if debt.backstop is not None:
        backstop = draft.given("debt.backstop.fee_frac_per_year", say("Yearly fee of a guarantor"), "1/year")
        all_in = sheet.result("all_in_rate_frac", say("Interest and fee"), "1/year", rate + backstop)
    per_usd = _service_per_usd(draft, debt, cash, all_in, tenor)
    fee = draft.given("debt.upfront_fee_frac", say("Fee at close"), "1")
    undrawn = _undrawn_years(draft)
    fees = fee + draft.given("debt.commitment_fee_frac", say("Yearly fee on what is undrawn"), "1/year") * undrawn
    limits = _limits(draft, debt, per_usd, fees) + _cash_limits(draft, debt, (cash, per_usd), rate, tenor)
    usd = sheet.result("debt_usd", say("Debt: the least limit"), "USD", most(0, least(*limits)))
    return DebtCells(usd, fees, rate, backstop, tenor, per_usd)


def _undrawn_years(draft: Draft) -> float:
    """Years of the whole loan that are undrawn while building."""
    spent, undrawn = 0.0, 0.0
    for share in draft.case.grid.spending_frac[: draft.case.grid.n_construction].tolist():
        undrawn += 1.0 - spent - share / 2.0
        spent += share
    return undrawn


def _service_per_usd(draft: Draft, debt: Debt, cash: Row, rate: Node, tenor: Cell) -> Row:
    sheet, year = draft.sheet, draft.year
    years = (
        tenor
        if debt.amortisation_years is None
        else draft.given("debt.amortisation_years", say("Years payments are reckoned over"), "year")
    )
    grace: Node = draft.given("debt.moratorium_years", say("Years of interest alone"), "year")
    if debt.profile == "sculpted" and not draft.case.timing.grace_in_sculpting:
        grace = nothing()
    n = years - grace
    match debt.profile:
        case "level_payment":
            paid: Node = if_(as_node(rate).equals(0), 1 / n, rate / (1 - (1 + rate) ** (-n)))
        case "level_principal":
            paid = 1 / n + rate * (1 - (year - grace - 1) / n)
        case "bullet":
            paid = rate
        case _:
            followed = both(year > grace, year <= least(years, draft.last))
            worth = sheet.row(
                say("Cash that is followed, at the start of repayment"),
                "USD",
                if_(followed, cash * (1 + rate) ** (-(year - grace)), 0),
            )
            whole = sheet.result("followed_usd", say("Value of the cash that is followed"), "USD", total(worth))
            paid = if_(whole > 0, cash / whole, 0)
    repaying = both(year > 0, year <= least(tenor, draft.last))
    return sheet.row(say("Service of one dollar"), "1", if_(repaying, if_(year <= grace, rate, paid), 0))


def _limits(draft: Draft, debt: Debt, per_usd: Row, fees: Node) -> list[Node]:
    """Limits that are shares of the cost or of a value."""
    sheet, case, rows = draft.sheet, draft.case, draft.rows
    now = -sheet.first_period
    months = draft.given("reserves.debt_service_months", say("Debt service reserve: months held"), "month")
    first = sheet.result(
        "first_reserve_per_usd", say("First filling of the reserve, per dollar"), "1", months / 12 * per_usd.at(now + 1)
    )
    receivables = rows["receivables_reserve_usd"].at(now)
    built = cell_of(draft, "depreciable_usd") + draft.given("debt.closing_usd", say("Cost of closing"), "USD")
    before = sheet.result(
        "before_debt_usd",
        say("Uses before the debt's own"),
        "USD",
        built + rows["working_capital_reserve_usd"].at(now) + receivables,
    )
    out: list[Node] = []
    whole_uses = case.timing.gearing_base == "uses"
    if debt.share_frac is not None:
        share = draft.given("debt.share_frac", say("Share of the cost"), "1")
        dearer = 1 + share * fees
        base, per_debt = (before, fees + first) if whole_uses else ((before - receivables) * dearer, first * dearer)
        out.append(
            sheet.result(
                "limit_share_usd", say("Limit: share of the cost"), "USD", share * base / (1 - share * per_debt)
            )
        )
    most_share = draft.given("debt.max_share_frac", say("Gearing cap"), "1")
    base = before if whole_uses else before - receivables + fees * cell_of(draft, "installed_usd")
    per_debt = fees + first if whole_uses else nothing()
    left = 1 - most_share * per_debt
    out.append(
        sheet.result(
            "limit_gearing_usd", say("Limit: gearing"), "USD", if_(left > 1e-12, most_share * base / left, _BEYOND)
        )
    )
    if case.prepayment is not None:
        ahead = draft.given("prepayment.usd", say("Rent received ahead"), "USD")
        out.append(
            sheet.result(
                "limit_funding_usd", say("Limit: what is left to fund"), "USD", (before - ahead) / (1 - fees - first)
            )
        )
    if debt.max_loan_to_value_frac is not None:
        share = draft.given("debt.max_loan_to_value_frac", say("Loan to value"), "1")
        out.append(sheet.result("limit_value_usd", say("Limit: loan to value"), "USD", share * _value(draft, debt)))
    return out


def _value(draft: Draft, debt: Debt) -> Cell:
    """The value a loan to value is of."""
    if debt.appraisal is None:
        return draft.given("debt.value_usd", say("Appraised value, stated"), "USD")
    income = draft.sheet.row(
        say("Income before financing"), "USD", draft.in_operation(draft.rows["sales_usd"] - draft.rows["opex_usd"])
    )
    if debt.appraisal.cap_rate_frac is not None:
        cap = draft.given("debt.appraisal.cap_rate_frac", say("Yield of the appraisal"), "1/year")
        year = draft.given("debt.appraisal.year", say("Year whose income it is of"), "year")
        worth = income.at(year - draft.sheet.first_period) / cap
    else:
        rate = draft.given("debt.appraisal.discount_frac", say("Discount rate of the appraisal"), "1/year")
        worth = total(draft.sheet.row(say("Income, value in year 0"), "USD", income * (1 + rate) ** (-draft.year)))
    return draft.sheet.result("appraised_value_usd", say("Appraised value"), "USD", most(0, worth))


def _cash_limits(draft: Draft, debt: Debt, served: tuple[Row, Row], rate: Cell, tenor: Cell) -> list[Node]:
    """Limits that cash sets, year by year."""
    sheet, (cash, per_usd), out = draft.sheet, served, []
    if debt.dscr_ratio is not None:
        cover = draft.given("debt.dscr_ratio", say("Least cover"), "ratio")
        carried = sheet.row(
            say("Debt that the cash of a year carries"), "USD", if_(per_usd > 0, cash / cover / per_usd, _BEYOND)
        )
        out.append(sheet.result("limit_dscr_usd", say("Limit: cover"), "USD", least_of(carried)))
    if debt.profile == "sculpted":
        out.append(
            sheet.result(
                "limit_cash_usd",
                say("Limit: some cash to follow"),
                "USD",
                if_(cell_of(draft, "followed_usd") > 0, _BEYOND, 0),
            )
        )
    if debt.min_interest_cover_ratio is not None:
        cover = draft.given("debt.min_interest_cover_ratio", say("Least cash over interest"), "ratio")
        paying = both(draft.year > 0, draft.year <= least(tenor, draft.last))
        carried = sheet.row(
            say("Debt whose interest the cash of a year covers"), "USD", if_(paying, cash / (cover * rate), _BEYOND)
        )
        out.append(sheet.result("limit_interest_usd", say("Limit: interest cover"), "USD", least_of(carried)))
    return out


def financing(draft: Draft, debt: DebtCells | None) -> None:
    """Write sources and uses, and spending while building."""
    sheet, rows, year, case = draft.sheet, draft.rows, draft.year, draft.case
    sheet.head(say("Sources and uses"))
    now = -sheet.first_period
    usd: Node = nothing() if debt is None else debt.usd
    reserve = nothing() if debt is None else cell_of(draft, "first_reserve_per_usd") * usd
    held = sheet.result(
        "first_reserves_usd",
        say("First filling of reserves"),
        "USD",
        rows["working_capital_reserve_usd"].at(now) + rows["receivables_reserve_usd"].at(now) + reserve,
    )
    fees = (
        nothing()
        if debt is None
        else debt.fee_frac * usd + draft.given("debt.closing_usd", say("Cost of closing"), "USD")
    )
    uses = sheet.result("uses_usd", say("All uses"), "USD", cell_of(draft, "depreciable_usd") + fees + held)
    ahead: Node = (
        nothing() if case.prepayment is None else draft.given("prepayment.usd", say("Rent received ahead"), "USD")
    )
    sheet.result("equity_usd", say("Equity"), "USD", uses - usd - ahead)
    share = sheet.given(say("Share of capital spent"), "1", case.grid.spending_frac)
    filled = if_(year.equals(0), held, 0)
    draft.row("first_reserves_usd", say("First filling of reserves"), filled)
    draft.row("capital_spending_usd", say("Capital spending"), share * (uses - held))
    spent = rows["capital_spending_usd"] + rows["first_reserves_usd"]
    draft.row("debt_drawn_usd", say("Debt drawn"), spent * usd / uses)
    draft.row("prepayment_usd", say("Rent received ahead"), spent * ahead / uses)
    draft.row("equity_paid_in_usd", say("Equity paid in"), spent - rows["debt_drawn_usd"] - rows["prepayment_usd"])
    draft.row(
        "prepayment_balance_usd",
        say("Rent received ahead and not credited yet"),
        lambda me: me.back() + rows["prepayment_usd"] - rows["prepayment_credit_usd"],
        summed=False,
    )


def service(draft: Draft, debt: DebtCells | None) -> None:
    """Write debt service, what is due at maturity, and the balance."""
    sheet, rows, year = draft.sheet, draft.rows, draft.year
    sheet.head(say("Debt from year to year"))
    if debt is None:
        for name, label in _WITHOUT_DEBT.items():
            draft.row(name, label, nothing())
        return
    paid = draft.row("debt_service_usd", say("Debt service"), debt.usd * debt.per_usd)
    drawn, at_once = rows["debt_drawn_usd"], draft.case.debt is not None and draft.case.debt.has_balloon
    ends = both(year.equals(debt.tenor), year <= draft.last)

    def _balance(me: Row) -> Node:
        owed = me.back() * (1 + debt.all_in) - paid
        after = if_(ends, 0, owed) if at_once else owed
        return if_(year <= 0, me.back() + drawn, if_(year <= least(debt.tenor, draft.last), after, me.back()))

    balance = draft.row("debt_balance_usd", say("Debt at the end of the year"), _balance, summed=False)
    owing = if_(both(year > 0, year <= least(debt.tenor, draft.last)), balance.back(), 0)
    interest = draft.row("interest_usd", say("Interest"), owing * debt.rate)
    fee = draft.row("backstop_fee_usd", say("Fee of a guarantor"), owing * debt.backstop)
    due = if_(ends, balance.back() - (paid - interest - fee), 0) if at_once else nothing()
    balloon = draft.row("balloon_usd", say("Due at maturity"), due)
    draft.row("principal_usd", say("Principal"), paid - interest - fee + balloon)
    months = draft.given("reserves.debt_service_months", say("Debt service reserve: months held"), "month")
    holds = both(year >= 0, year < least(debt.tenor, draft.last))
    draft.row(
        "debt_service_reserve_usd", say("Debt service reserve"), if_(holds, months / 12 * paid.ahead(), 0), summed=False
    )


def covers(draft: Draft, debt: DebtCells | None) -> None:
    """Write cover by year, its least and mean, and cover over the life of the loan."""
    if debt is None:
        return
    sheet, rows, year = draft.sheet, draft.rows, draft.year
    sheet.head(say("Cover"))
    paid, cash = rows["debt_service_usd"], rows["cfads_usd"]
    served = sheet.row(say("Debt is served (1)"), "1", if_(paid > 1e-6, 1, 0))
    ratio = draft.row(
        "dscr_ratio",
        say("Debt service cover; nought where none is served"),
        if_(served > 0, cash / paid, 0),
        "ratio",
        summed=False,
    )
    lowest = sheet.row(say("Cover, for the least"), "ratio", if_(served > 0, ratio, _BEYOND))
    sheet.result("dscr_min_ratio", say("Least cover"), "ratio", if_(total(served) > 0, least_of(lowest), 0))
    sheet.result("dscr_mean_ratio", say("Mean cover"), "ratio", if_(total(served) > 0, total(ratio) / total(served), 0))
    worth = sheet.row(
        say("Value in year 0 of a dollar at the debt's rate"),
        "1",
        if_(both(year > 0, year <= debt.tenor), (1 + debt.all_in) ** (-year), 0),
    )
    sheet.result(
        "llcr_ratio", say("Loan life cover"), "ratio", if_(debt.usd > 0.005, product_sum(cash, worth) / debt.usd, 0)
    )
