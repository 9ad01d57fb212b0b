"""One project's result as a lender reads it: headline, sources and uses, the statement by year, what to know."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wattworth.reports.formatting import DASH

if TYPE_CHECKING:
    from rich.console import RenderableType

Document = dict[str, Any]
_UNITS: Final = ((1e7, 1e6, "$m"), (1e4, 1e3, "$k"), (0.0, 1.0, "$"))
_LIMITS: Final = {
    "dscr": "cover of debt service",
    "cash": "no cash to sculpt it to",
    "share": "fixed share of the cost",
    "gearing": "gearing cap",
    "loan_to_value": "loan to value",
    "interest_cover": "interest cover",
}
_USES: Final = {"installed_cost": "parts, contingency, sales tax"}
_LOSSES: Final = {"paid": "paid out in their year", "group": "used by the owner's group", "carried": "carried forward"}


def project_parts(found: Document, width: int) -> Iterator[RenderableType]:
    """What the terminal shows of one project.

    Parameters
    ----------
    found
        The plain form of a :class:`~wattworth.finance.project.ProjectResult`.
    width
        Cells of a line.

    Yields
    ------
    RenderableType
    """
    from rich.text import Text

    yield Text(found["name"], style="bold")
    yield Text(convention_words(found), style="dim")
    yield _headline(found)
    yield _sources_and_uses(found)
    scale, unit = _unit(found)
    yield from _vehicles(found.get("vehicles"))
    for table in _TABLES:
        if (made := table.made(found, scale, width)) is not None:
            yield Text(f"\n{table.title}, {unit}", style="bold")
            yield made
            yield Text(table.words, style="dim")
    yield from _remarks(found)


def convention_words(found: Document) -> str:
    """How the convention of a result times money, in one sentence."""
    from wattworth.finance.project import CONVENTIONS

    timing = CONVENTIONS[found["convention"]]
    n_construction = sum(year <= 0 for year in found["year"])
    first = found["year"][0]
    cash = {0.0: "at the end of its year", -0.5: "in the middle of its year"}.get(
        timing.operating_shift_years, f"{timing.operating_shift_years:g} years after its year"
    )
    spread = "equal parts" if timing.capex_profile == "equal" else "parts of an S-curve"
    capital = "year 0" if n_construction == 1 else f"{n_construction} {spread}, years {first} to 0"
    return (
        f"convention {timing.name}: prices of year 1 {'escalated once' if timing.escalates_year_1 else 'as given'}; "
        f"cash of operation {cash}; capital in {capital}; "
        f"a share of debt is of {'all uses' if timing.gearing_base == 'uses' else 'the cost before debt fees'}; "
        f"tax losses {_LOSSES[found['tax_losses']]}"
    )


def statement_csv(found: Document) -> str:
    """The whole statement: one line a row, one column a year; empty where there is no number."""
    from wattworth.finance.project import STATEMENT_ROWS

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["row", "words", "moves_cash", *(f"year {year}" for year in found["year"])])
    for name, values in found["statement"].items():
        words, sign = STATEMENT_ROWS.get(name, (name, 0))
        moves = {1: "in", -1: "out"}.get(sign, "")
        writer.writerow([name, words, moves, *("" if value is None else repr(value) for value in values)])
    return out.getvalue()


def _unit(found: Document) -> tuple[float, str]:
    rows = found["statement"]
    largest = max((abs(x or 0.0) for name in ("revenue_usd", "capital_spending_usd") for x in rows[name]), default=0.0)
    return next((scale, unit) for least, scale, unit in _UNITS if largest >= least)


def _money(usd: float | None) -> str:
    """Dollars in the largest unit that leaves three digits before the point, or a dash."""
    if usd is None:
        return DASH
    for scale, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(usd) >= scale:
            digits = 3 if unit == "bn" else 1
            return f"{'-' if usd < 0 else ''}${abs(usd) / scale:,.{digits}f}{unit}"
    return f"{'-' if usd < 0 else ''}${abs(usd):,.2f}"


def _percent(frac: float | None) -> str:
    return DASH if frac is None else f"{100 * frac:.2f} %"


def _plain(number: float | None, unit: str = "", digits: int = 2) -> str:
    return DASH if number is None else f"{number:,.{digits}f}{unit}"


def _rate(status: str, irr_frac: float | None, roots_frac: Sequence[float]) -> str:
    """A rate of return, or why there is none, with every root where there are several."""
    others = [root for root in roots_frac if irr_frac is None or abs(root - irr_frac) > 1e-9]
    listed = ", ".join(map(_percent, others))
    if irr_frac is not None:
        return _percent(irr_frac) + (f"  (also a root, below zero: {listed})" if others else "  (the only root)")
    reasons = {"not_unique": f"none: the roots are {listed}", "no_sign_change": "none: cash has one sign"}
    return reasons.get(status, f"none: {status.replace('_', ' ')}")


def _headline(found: Document) -> RenderableType:
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True, justify="right")
    table.add_column(overflow="fold")
    for label, value, more in _headline_rows(found):
        table.add_row(label, value, more)
    return table


def _headline_rows(found: Document) -> Iterator[tuple[str, str, str]]:
    rate = found.get("discount_rate_frac")
    at = "" if rate is None else f"after tax, of the owners' cash at {_percent(rate)} nominal"
    yield "NPV", _money(found["npv_usd"]), at
    other = "carried forward" if found["tax_losses"] != "carried" else "used at once"
    if found["npv_other_losses_usd"] != found["npv_usd"]:
        yield "", _money(found["npv_other_losses_usd"]), f"with tax losses {other} instead"
    yield "", _money(found["project_npv_usd"]), "without any debt"
    if found.get("warrants_npv_usd"):
        given = f"warrants take {_money(found['warrants_npv_usd'])}"
        yield "NPV of sponsor", _money(found["sponsor_npv_usd"]), f"{given}; IRR {_percent(found['sponsor_irr_frac'])}"
    irr, more = _split(_rate(found["irr_status"], found["irr_frac"], found["irr_roots_frac"]))
    yield "IRR of owners", irr, more
    irr, more = _split(_rate(found["project_irr_status"], found["project_irr_frac"], ()))
    yield "IRR without debt", irr, more.replace("(the only root)", "")
    yield "MIRR", _percent(found["mirr_frac"]), "financed and reinvested at the discount rate"
    share = f"{_percent(found['debt_frac'])} of the cost; {_bound(found)}"
    yield "debt", _money(found["debt_usd"]), share if found["debt_usd"] else "none"
    yield (
        "installed cost",
        _money(found["installed_cost_usd"]),
        "all uses net of grants, fees and reserves too",
    )
    cover = (
        f"mean {_plain(found['dscr_mean'])}; loan life {_plain(found['llcr'])}, project life {_plain(found['plcr'])}"
    )
    if found["debt_usd"]:
        yield "least DSCR", _plain(found["dscr_min"]), cover
    if found.get("is_fundable") is not None:
        state = "in reach of the owner" if found["is_fundable"] else "NOT in reach of the owner"
        yield "equity need", _money(found["equity_need_usd"]), f"{state}; new shares {_money(found['new_shares_usd'])}"
    if found["price_usd_per_mwh"] is not None:
        yield "price of year 1", _plain(found["price_usd_per_mwh"]), "$/MWh"
    if found["lcoe_nominal_usd_per_mwh"] is not None:
        real = _plain(found["lcoe_real_usd_per_mwh"])
        yield "LCOE", _plain(found["lcoe_nominal_usd_per_mwh"]), f"$/MWh nominal, {real} real"
    if found["lcoe_it_served_usd_per_mwh"] is not None:
        demanded = _plain(found["lcoe_it_demanded_usd_per_mwh"])
        yield "", _plain(found["lcoe_it_served_usd_per_mwh"]), f"$/MWh served at the servers, {demanded} demanded"
    later = f"years of operation; discounted {_plain(found['discounted_payback_years'], digits=1)}"
    yield "payback", _plain(found["payback_years"], digits=1), later
    yield "multiple", _plain(found["equity_multiple"], "x"), "of equity: cash received over cash paid in"


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("  ")
    return (first, rest) if not text.startswith("none") else (DASH, text)


def _bound(found: Document) -> str:
    limits = {name: usd for name, usd in found["debt_limits_usd"].items() if usd is not None}
    binding = found["debt_binding"]
    others = ", ".join(
        f"{_LIMITS.get(name, name.replace('_', ' '))} {_money(usd)}" for name, usd in limits.items() if name != binding
    )
    words = _LIMITS.get(binding, binding.replace("_", " "))
    return f"bound by {words}" + (f" (would also allow: {others})" if others else "")


def _vehicles(compared: Document | None) -> Iterator[RenderableType]:
    """Value to the holders in each vehicle, and the tests of a trust."""
    from rich.table import Table
    from rich.text import Text

    if compared is None:
        return
    yield Text(f"\nWhat holders keep, at {_percent(compared['discount_frac'])}", style="bold")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("vehicle", no_wrap=True)
    for head in ("value", "before tax", "its tax", "holders' tax", "held back", "$/gross W", "$/IT W", "$/share"):
        table.add_column(head, justify="right", no_wrap=True)
    for name, vehicle in compared["vehicles"].items():
        kinds = ("before_tax", "vehicle_tax", "holder_tax", "retention")
        per = (vehicle[f"value_usd_per_{unit}"] for unit in ("gross_w", "critical_w", "share"))
        table.add_row(
            name.replace("_", " ") + (" *" if name == compared["best"] else ""),
            _money(vehicle["value_usd"]),
            *(_money(vehicle[f"{kind}_value_usd"] or None) for kind in kinds),
            *map(_plain, per),
        )
    yield table
    trust = compared["vehicles"]["reit"]
    failed = [test for test in trust["tests"] if not test["passes"]]
    words = (
        f"passes all {len(trust['tests'])} tests" if not failed else f"taxed as a {trust['taxed_as']}, for it fails:"
    )
    yield Text(f"* worth most to holders; the REIT {words}", style="dim")
    for test in failed:
        yield Text(f"  {test['name']}: {test.get('rule', '')}", style="dim")


def _sources_and_uses(found: Document) -> RenderableType:
    from rich.table import Table

    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("\nsources", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("\nuses", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    sources, uses = (
        [(_USES.get(name, name.replace("_", " ")), usd) for name, usd in found[key].items() if usd]
        for key in ("sources_usd", "uses_usd")
    )
    for n in range(max(len(sources), len(uses))):
        cells: list[str] = []
        for lines in (sources, uses):
            cells += [lines[n][0], _money(lines[n][1])] if n < len(lines) else ["", ""]
        table.add_row(*cells)
    totals = [_money(sum(usd for _, usd in lines)) for lines in (sources, uses)]
    table.add_row("all", totals[0], "all", totals[1], style="bold")
    return table


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: signed sum of rows less the growth of balances, or one row as a ratio; left out where it is nothing."""

    head: str
    rows: tuple[tuple[str, float], ...]
    always: bool = True
    ratio: bool = False
    running: bool = False
    less_change: tuple[str, ...] = ()

    def values(self, found: Document) -> list[float | None]:
        statement, n = found["statement"], len(found["year"])
        if self.ratio:
            return list(statement.get(self.rows[0][0], [None] * n))
        total = [0.0] * n
        for name, sign in self.rows:
            for i, value in enumerate(statement.get(name, ())):
                total[i] += sign * (value or 0.0)
        for name in self.less_change:
            balances = [value or 0.0 for value in statement.get(name, [0.0] * n)]
            total = [x - (now - before) for x, now, before in zip(total, balances, [0.0, *balances], strict=False)]
        if self.running:
            for i in range(1, n):
                total[i] += total[i - 1]
        return list(total)


@dataclass(frozen=True, slots=True)
class _YearTable:
    """A part of the statement: a line a year."""

    title: str
    columns: tuple[_Column, ...]
    words: str
    needs: str | None = None

    def made(self, found: Document, scale: float, width: int) -> RenderableType | None:
        """The table, or None where what it is about is nothing in every year."""
        from rich.table import Table

        if self.needs is not None and not any(found["statement"][self.needs]):
            return None
        kept = [(column, column.values(found)) for column in self.columns]
        kept = [(column, values) for column, values in kept if column.always or any(values)]
        cells = [[_cell(value, 1.0 if c.ratio else scale, c.ratio) for value in values] for c, values in kept]
        widths = [max(len(c.head), *map(len, column)) for (c, _), column in zip(kept, cells, strict=True)]
        gap = 2 if 5 + sum(widths) + 2 * len(widths) <= width else 1
        table = Table(box=None, padding=(0, gap, 0, 0), header_style="dim", pad_edge=False)
        table.add_column("year", justify="right", no_wrap=True)
        for column, _ in kept:
            table.add_column(column.head, justify="right", no_wrap=True)
        for n, year in enumerate(found["year"]):
            table.add_row(str(year), *(column[n] for column in cells))
        return table


def _cell(value: float | None, scale: float, is_ratio: bool) -> str:
    if value is None:
        return ""
    digits = 2 if is_ratio or scale == 1.0 else 1
    text = f"{value / scale:,.{digits}f}"
    return DASH if not is_ratio and float(text.replace(",", "")) == 0.0 else text


_TAXES: Final = (("federal_tax_usd", 1.0), ("state_tax_usd", 1.0), ("tax_credits_usd", 1.0))
_INTEREST: Final = (
    ("interest_usd", -1.0),
    ("reserve_interest_usd", 1.0),
    ("backstop_fee_usd", -1.0),
    ("refinancing_fee_usd", -1.0),
)
_TABLES: Final = (
    _YearTable(
        "Cash of the owners",
        (
            _Column("revenue", (("revenue_usd", 1.0), ("salvage_usd", -1.0), ("sale_usd", -1.0))),
            _Column("sale", (("salvage_usd", 1.0), ("sale_usd", 1.0)), always=False),
            _Column("opex", (("opex_usd", -1.0),)),
            _Column("EBITDA", (("ebitda_usd", 1.0),)),
            _Column("paid", (("incentive_usd", 1.0),), always=False),
            _Column("credited", (("prepayment_credit_usd", -1.0),), always=False),
            _Column("service", (("debt_service_usd", -1.0),), always=False),
            _Column(
                "due",
                (
                    ("swept_usd", -1.0),
                    ("balloon_usd", -1.0),
                    ("refinancing_fee_usd", -1.0),
                    ("refinanced_usd", 1.0),
                ),
                always=False,
            ),
            _Column(
                "reserves",
                (
                    ("reserve_interest_usd", 1.0),
                    ("reserve_funding_usd", -1.0),
                    ("first_reserves_usd", 1.0),
                    ("equipment_spending_usd", -1.0),
                ),
                always=False,
                less_change=("locked_up_usd",),
            ),
            _Column("tax", _TAXES),
            _Column("paid in", (("equity_paid_in_usd", -1.0),)),
            _Column("owners", (("after_tax_equity_usd", 1.0),)),
            _Column("to date", (("after_tax_equity_usd", 1.0),), running=True),
        ),
        "inflow positive; EBITDA to paid in add up to owners; sale: of the project or its salvage; reserves: out of "
        "them, interest, replacements and a lock-up within; tax: credits within, a benefit positive; to date: running "
        "total",
    ),
    _YearTable(
        "Debt and reserves",
        (
            _Column("CFADS", (("cfads_usd", 1.0),)),
            _Column("interest", (("interest_usd", 1.0),)),
            _Column("principal", (("principal_usd", 1.0),)),
            _Column("service", (("debt_service_usd", 1.0),)),
            _Column("swept", (("swept_usd", 1.0),), always=False),
            _Column("due", (("balloon_usd", 1.0),), always=False),
            _Column("refin.", (("refinanced_usd", 1.0),), always=False),
            _Column("owed", (("debt_balance_usd", 1.0),)),
            _Column("DSCR", (("dscr_ratio", 1.0),), ratio=True),
            _Column("LLCR", (("llcr_ratio", 1.0),), ratio=True),
            _Column("PLCR", (("plcr_ratio", 1.0),), ratio=True),
            _Column("DSRA", (("debt_service_reserve_usd", 1.0),), always=False),
            _Column("reserves", (("reserves_usd", 1.0),), always=False),
        ),
        "CFADS: cash available for debt service, before tax; due: at maturity, within principal; owed, reserves: at "
        "the end of the year",
        needs="debt_balance_usd",
    ),
    _YearTable(
        "Tax",
        (
            _Column("write-off", (("federal_depreciation_usd", 1.0),)),
            _Column("interest", (("deductible_interest_usd", 1.0),), always=False),
            _Column("income", (("federal_income_usd", 1.0),)),
            _Column("taxable", (("federal_taxable_usd", 1.0),)),
            _Column("carried", (("federal_losses_carried_usd", 1.0),), always=False),
            _Column("federal", (("federal_tax_usd", 1.0),)),
            _Column("state", (("state_tax_usd", 1.0),), always=False),
            _Column("credits", (("tax_credits_usd", 1.0),), always=False),
        ),
        "write-off to carried: federal; income: before losses of other years; carried: losses left at the end of the "
        "year; federal, state: a benefit positive",
    ),
    _YearTable(
        "Income and balance",
        (
            _Column("EBITDA", (("ebitda_usd", 1.0),)),
            _Column("depr.", (("book_depreciation_usd", -1.0),)),
            _Column("interest", _INTEREST, always=False),
            _Column("tax", _TAXES),
            _Column("income", (("net_income_usd", 1.0),)),
            _Column("plant", (("net_plant_usd", 1.0),)),
            _Column("cash", (("cash_in_reserves_usd", 1.0), ("locked_up_usd", 1.0)), always=False),
            _Column("assets", (("assets_usd", 1.0),)),
            _Column("owed", (("liabilities_usd", 1.0),)),
            _Column("equity", (("owners_equity_usd", 1.0),)),
        ),
        "books: plant written off straight to the last year, tax as paid; interest: net of what reserves earn, fees of "
        "guarantor and refinancing within; "
        "owed: debt, and rent paid ahead; assets = owed + equity",
    ),
)


def _remarks(found: Document) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    compared = found.get("vehicles") or {"vehicles": {}}
    held = [
        remark | {"where": f"{name}: {remark['where']}"}
        for name, vehicle in compared["vehicles"].items()
        for remark in vehicle["remarks"]
    ]
    remarks = [*found["remarks"], *held]
    if not remarks:
        yield Text("\nnothing to remark", style="dim")
        return
    yield Text(f"\n{len(remarks)} remark{'s' if len(remarks) > 1 else ''}", style="bold")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for remark in remarks:
        where = Text.assemble((remark["code"], "bold"), f" ({remark['where']}): {remark['message']}. ")
        grid.add_row("-", where.append_text(Text.assemble(("To mend: ", "bold"), remark["fix"])))
    yield grid
