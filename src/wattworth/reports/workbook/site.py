"""The sheet of one site in one use: its parts one below the other, what fails and what that leaves, and the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from wattworth import timeline, uses
from wattworth.errors import SolveError
from wattworth.finance import IRR_STATUS, internal_rates_frac
from wattworth.records import CashLines, Line
from wattworth.reports.workbook.beside import hybrid
from wattworth.reports.workbook.cells import Cell, Node, Number, Row
from wattworth.reports.workbook.clock import Clock, clock
from wattworth.reports.workbook.cloud import cloud
from wattworth.reports.workbook.functions import both, if_, internal_rate, least, most, product_sum, sum_of
from wattworth.reports.workbook.lease import KINDS, LeaseBlock, lease
from wattworth.reports.workbook.lines import LABELS, Flows, LineRows, written
from wattworth.reports.workbook.mining_on import bitcoin, grid
from wattworth.reports.workbook.sale import hold, sale
from wattworth.reports.workbook.scope import Facts, Market, Scope
from wattworth.reports.workbook.sheet import Sheet, Source
from wattworth.reports.workbook.tax import TaxCells, Taxed, taxed
from wattworth.reports.workbook.wording import as_is, figure, say, word
from wattworth.study import Part
from wattworth.units import MONTHS_PER_YEAR
from wattworth.uses.gpu_cloud import CloudOptions
from wattworth.uses.hall import HallOptions, is_firmed
from wattworth.uses.hybrid import HybridOptions
from wattworth.uses.lease import LeaseOptions
from wattworth.valuation.cases import case_lines, central_case
from wattworth.valuation.central import Central
from wattworth.valuation.plan import FALLBACK, FALLBACKS, SitePlan
from wattworth.valuation.supplied import SuppliedWorld

_SPARE_MONTHS: Final = 60
_CARRIED: Final = ("site_sale", "hold")
_SUMMARY_LINES: Final = 4
_RELATIVE: Final = 1e-7
_CAPITAL: Final = (Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y)


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """A site's sheet and the cells that others read.

    Attributes
    ----------
    sheet
        Itself.
    site_id, use
        What it is of.
    npv, risked, per_watt, irr
        Cells: value if the use succeeds, with its chance, over firm gross watts, and the internal rate; None where
        there is none.
    """

    sheet: Sheet
    site_id: str
    use: str
    npv: Cell
    risked: Cell
    per_watt: Cell | None
    irr: Cell | None


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the site in the case that stands for it under the use."""

    number: int
    part: Part
    name: str
    row: int
    is_shown: bool
    case: uses.Case
    world: uses.World
    lines: CashLines


@dataclass(slots=True)
class _Sums:
    """What the blocks of a sheet add up to."""

    npv: list[Node] = field(default_factory=list)
    risked: list[Node] = field(default_factory=list)
    cash: list[Node] = field(default_factory=list)
    ends: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Site:
    """All that the blocks of one sheet share."""

    central: Central
    site_plan: SitePlan
    sheet: Sheet
    facts: Facts
    market: Market
    rules: TaxCells
    rates: dict[str, Cell]
    horizon: Cell

    def scope(self, block: _Block, name: str, prefix: str) -> Scope:
        return Scope(
            self.central.plan,
            self.site_plan,
            block.case,
            block.world,
            self.sheet,
            self.facts,
            self.market,
            prefix,
            self.rules.rate,
            self.rates[name],
            self.horizon,
        )


def years_reached(central: Central, index: int, use: str, world: uses.World) -> int:
    """Tax years that the sheet of a site reaches, some spare for a later start."""
    last = max(block.lines.usd.shape[1] for block in _blocks(central, index, use, world)) - 1
    return min(central.plan.study.horizon_years, -(-(last + _SPARE_MONTHS) // MONTHS_PER_YEAR))


def site_sheet(
    central: Central, index: int, use: str, title: str, n_year: int, shared: tuple[Facts, Market]
) -> SiteSheet:
    """Put together the sheet of one site in one use.

    Parameters
    ----------
    central
        The central path of the study.
    index
        Which site of its plan.
    use
        An available use of it.
    title
        Name of the sheet.
    n_year
        Tax years that its columns reach, from :func:`years_reached`.
    shared
        Facts and paths of the workbook.

    Raises
    ------
    SolveError
        If the formulas do not give what the engine gives; it is a defect of the program.
    """
    facts, market = shared
    plan, site_plan = central.plan, central.plan.sites[index]
    blocks = _blocks(central, index, use, market.world)
    labels = tuple(figure(plan.calendar.label(m)) for m in range(n_year * MONTHS_PER_YEAR + 1))
    called = say("{site} {use}", site=site_plan.site.site_id, use=word("short", use))
    heading = say("{site}: {use}", site=site_plan.site.name, use=word("label", use, plan.use(use)[0].label))
    sheet = Sheet(title, called, heading, labels)
    sheet.head(say("What it is worth"))
    places = sheet.reserve(_SUMMARY_LINES)
    site = _Site(central, site_plan, sheet, facts, market, *_rules(central, site_plan, blocks, sheet, facts))
    sums = _Sums()
    for block in blocks:
        _write_block(site, block, sums)
    return _summary(site, use, sums, places)


def _blocks(central: Central, index: int, use: str, world: uses.World) -> list[_Block]:
    """The case of each part, as the engine chooses it."""
    plan, site_plan, out = central.plan, central.plan.sites[index], []
    for j, part in enumerate(site_plan.parts):
        known = {name: row for row, name in plan.rows[index, j]}
        signed = part.state == "leased"
        name = site_plan.site.signed_use if signed else use
        if name not in known:
            carried = [] if signed else [case for case in _CARRIED if case in known]
            name = max(carried, key=lambda case: float(central.draws.cases[0, known[case], 0]), default=None)
        if name is None:
            continue
        own = plan.powered_world(site_plan.site, part, world)
        case = central_case(plan, site_plan, part, own)
        lines = case_lines(plan, name, case, own)
        out.append(_Block(j + 1, part, name, known[name], signed or name == use, case, own, lines))
    return out


def _rules(
    central: Central, site_plan: SitePlan, blocks: list[_Block], sheet: Sheet, facts: Facts
) -> tuple[TaxCells, dict[str, Cell], Cell]:
    """Tax, discount rates and horizon as cells of the sheet."""
    study, rules = central.plan.study, site_plan.rules
    sheet.head(say("Tax, discount rate and horizon"))
    if site_plan.site.country == "US":
        federal, state = facts.cell("us_tax.federal_corporate_rate"), facts.cell("tax.state_rate")
        rate = sheet.result("tax_rate_frac", say("Income tax, federal and state"), "1", federal + state * (1 - federal))
        bonus = facts.cell("us_tax.bonus_depreciation")
    else:
        said = Source(say("tax table of countries, {country}", country=site_plan.site.country))
        rate = sheet.input("tax_rate_frac", say("Income tax"), rules.rate_frac, "1", said)
        bonus = sheet.input("bonus_frac", say("Share of capital written off at once"), rules.bonus_frac, "1", said)
    group = sheet.input(
        "losses_at_once", say("Losses earn their tax back at once (1), or wait for income (0)"),
        float(rules.losses == "group"), "1", Source(say("tax_losses of the study")),
    )  # fmt: skip
    premium = sheet.input(
        "country_premium_frac",
        say("Country risk on top of the rate"),
        site_plan.premium_frac,
        "1/year",
        Source(say("country table")),
    )
    rates = {
        name: _rate_of(sheet, facts, name, study.discount or {}, premium)
        for name in dict.fromkeys([*(block.name for block in blocks), "site_sale"])
    }
    horizon = sheet.input(
        "horizon_month",
        say("Last month of the study"),
        central.plan.calendar.n_month - 1,
        "month",
        Source(say("horizon_years of the study")),
    )
    return TaxCells(rate, bonus, facts.cell("us_tax.nol_use_limit"), group), rates, horizon


def _rate_of(sheet: Sheet, facts: Facts, name: str, hurdles: Mapping[str, float], premium: Cell) -> Cell:
    """Discount rate of a use: its own hurdle rate where the study sets one, else the base rate."""
    base, said = facts.cell("discount.base_rate"), Source(say("discount of the study"))
    own = sheet.input(
        f"hurdle_{name}",
        say("Hurdle rate of {use}; nought takes the base rate", use=word("use", name)),
        hurdles.get(name, 0.0),
        "1/year",
        said,
    )
    return sheet.result(
        f"discount_rate_{name}",
        say("Discount rate of {use}", use=word("use", name)),
        "1/year",
        if_(own > 0, own, base) + premium,
    )


def _write_block(site: _Site, block: _Block, sums: _Sums) -> None:
    """Write a part, what is lost if it fails, and what it falls back on."""
    sheet, plan, prefix = site.sheet, site.central.plan, f"p{block.number}_"
    part = block.part
    sheet.head(
        say(
            "PART {number}: {mw} MW {state}, in the case {use}",
            number=block.number,
            mw=figure(f"{part.gross_mw:g}"),
            state=word("state", part.state),
            use=word("use", block.name),
        )
    )
    scope = site.scope(block, block.name, prefix)
    lines, dates, pursuit = _case(scope, block)
    result = taxed(sheet, lines, site.rules, site.rates[block.name], prefix)
    _agree(site, block, lines, result)
    sums.npv.append(result.npv)
    sums.ends.append(lines.retired)
    if block.is_shown:
        sums.cash.append(result.after_tax)
    if block.row not in plan.conversions:
        sums.risked.append(result.npv)
        return
    own = timeline.own_success_frac(site.site_plan.site, part, plan.clocks)
    chance = (
        site.facts.cell(timeline.success_fact(part))
        if own is None
        else scope.input("success_frac", say("Chance of success"), own, "1", say("gates of the study"))
    )
    chance = scope.result("chance_frac", say("Chance that the conversion succeeds"), "1", chance)
    lost = _lost(scope, block, lines, result, dates, pursuit)
    left = _fallback(site, block, dates)
    sums.risked.append(chance * result.npv + (1 - chance) * (left - lost))


def _case(scope: Scope, block: _Block) -> tuple[LineRows, Clock | None, Cell | None]:
    """The lines of a case as formulas, or as values where it has none yet."""
    if isinstance(block.world, SuppliedWorld):
        return _given(scope, block)
    options, lines = (scope.plan.use(block.name)[1], block.lines)
    found: LineRows | LeaseBlock | None = None
    match block.name, options:
        case _, HallOptions() if is_firmed(block.case, options):
            pass
        case "turnkey" | "powered_shell", LeaseOptions():
            found = lease(scope, KINDS[block.name], options)
        case "gpu_cloud", CloudOptions():
            found = cloud(scope, options, lines)
        case "hybrid", HybridOptions():
            found = hybrid(scope, options)
        case "bitcoin", _:
            found = bitcoin(scope, options, lines)
        case "grid", _ if block.case.decided_month == 0:
            found = grid(scope, lines)
        case "site_sale", _:
            found = sale(scope, Number(0.0))
        case "hold", _:
            found = hold(scope)
    if isinstance(found, LeaseBlock):
        return found.lines, found.clock, found.pursuit
    return _given(scope, block) if found is None else (found, None, None)


def _given(scope: Scope, block: _Block) -> tuple[LineRows, Clock | None, Cell | None]:
    """The lines of the engine as values; tax and value are formulas on them."""
    dates = clock(scope, None) if block.row in scope.plan.conversions else None
    scope.sheet.note(
        say("The cash before tax of this case is entered as values from the engine; tax and value are formulas.")
    )
    flows, lines = Flows(), block.lines
    for line, label in LABELS.items():
        flows.add(line, scope.sheet.given(say("{line}, engine", line=label), "USD", lines.usd[line, :, 0]))
    service = scope.input(
        "in_service_month", say("Capital in service"), float(lines.in_service_month[0]), "month", say("engine")
    )
    end = scope.input("end_month", say("Use ends"), float(lines.residual_month[0]), "month", say("engine"))
    return written(scope.sheet, flows, service, end), dates, None


def _lost(
    scope: Scope, block: _Block, lines: LineRows, result: Taxed, dates: Clock | None, pursuit: Cell | None
) -> Cell:
    """Value today of the after-tax money that a failed conversion has cost."""
    scope.sheet.head(say("If the conversion fails"))
    label = say("Money lost, after tax, value today")
    if dates is None or pursuit is None:
        plan, world = scope.plan, block.world
        from wattworth.valuation.cases import lost_usd

        lost = lost_usd(plan, scope.site_plan, block.name, block.case, block.lines, world)
        return scope.input("lost_usd", label, float(lost[0]), "USD", say("engine"))
    capital = sum_of([lines.rows[line] for line in _CAPITAL])
    begun = both(scope.month <= dates.failed, dates.failed >= dates.full_start)
    spent = scope.sheet.row(say("Capital spent by then"), "USD", if_(begun, -capital, 0), summed=True)
    keep = 1 - scope.tax_rate
    lost = product_sum(spent, result.discount) * (1 - scope.fact("failure.salvage")) * keep
    if block.part.state != "leased":
        start = most(0, least(dates.full_start, scope.horizon))
        lost = lost + pursuit * keep * (1 + scope.discount_rate) ** (-(start / 12))
    return scope.result("lost_usd", label, "USD", lost)


def _fallback(site: _Site, block: _Block, dates: Clock | None) -> Node:
    """What a failed part is worth: the better of a late sale, as formulas, and mining on, as a value."""
    assert dates is not None
    prefix = f"p{block.number}_late_"
    scope = site.scope(block, "site_sale", prefix)
    site.sheet.head(say("PART {number}, sold late after the conversion has failed", number=block.number))
    lines = sale(scope, dates.failed)
    late = taxed(site.sheet, lines, site.rules, site.rates["site_sale"], prefix)
    index = site.central.plan.sites.index(site.site_plan)
    known = {name: row for row, name in site.central.plan.rows[index, block.number - 1]}
    _compare(site, f"{block.name}, sold late", late.npv.number, float(site.central.draws.cases[0, known[FALLBACK], 0]))
    left: Node = late.npv
    for other in FALLBACKS:
        if other != FALLBACK and other in known:
            worth = float(site.central.draws.cases[0, known[other], 0])
            left = most(
                left,
                scope.input(
                    f"{other}_usd", say("Or {use} goes on", use=word("use", other)), worth, "USD", say("engine")
                ),
            )
    return scope.result("left_usd", say("What is left, the better of the two"), "USD", left)


def _agree(site: _Site, block: _Block, lines: LineRows, result: Taxed) -> None:
    """Stop where the formulas do not give the cash of the engine."""
    for line, row in lines.rows.items():
        engine = np.zeros(row.values.size)
        engine[: block.lines.usd.shape[1]] = block.lines.usd[line, :, 0]
        worst = float(np.abs(row.values - engine).max())
        if not worst <= _RELATIVE * max(float(np.abs(engine).max()), 1e3):
            month = int(np.abs(row.values - engine).argmax())
            raise SolveError(
                f"{site.sheet.title}, {block.name}, {LABELS[line]}, month {month}: the workbook gives "
                f"{row.values[month]:.2f}, the engine {engine[month]:.2f}; please report this study"
            )
    _compare(site, block.name, result.npv.number, float(site.central.draws.cases[0, block.row, 0]))


def _compare(site: _Site, what: str, found: float, engine: float) -> None:
    if not abs(found - engine) <= _RELATIVE * max(abs(engine), 1e3):
        raise SolveError(f"{site.sheet.title}, {what}: the workbook gives {found:.2f}, the engine {engine:.2f}")


def _summary(site: _Site, use: str, sums: _Sums, places: list[int]) -> SiteSheet:
    """Value, chance and rate of the site, on the lines kept free for them."""
    sheet, site_id = site.sheet, site.site_plan.site.site_id
    value = site.central.values[site_id].uses[use]
    sheet.head(say("SITE"))
    firm_mw = sheet.input(
        "firm_gross_mw",
        say("Firm power, what is only in study left out"),
        site.site_plan.firm_gross_mw,
        "MW",
        Source(as_is("sites.csv")),
    )
    cash = sheet.row(
        say("Cash after tax if it succeeds, carried parts left out"), "USD", sum_of(sums.cash), summed=True
    )
    npv = sheet.result("npv_usd", say("Net present value if it succeeds"), "USD", sum_of(sums.npv), places[0])
    risked = sheet.result(
        "risked_npv_usd", say("Net present value with the chance of success"), "USD", sum_of(sums.risked), places[1]
    )
    per_watt = None
    if firm_mw.number > 0:
        per_watt = sheet.result(
            "usd_per_gross_w", say("Value per firm gross watt"), "$/W", risked / (firm_mw * 1e6), places[2]
        )
    _compare(site, use, npv.number, float(value.success_usd[0]))
    _compare(site, f"{use}, risked", risked.number, float(value.risked_usd[0]))
    irr = _rate(sheet, cash, places[3])
    sheet.check(say("Every date falls within the columns"), most(*sums.ends) <= Number(float(sheet.n_month - 1)))
    return SiteSheet(sheet, site_id, use, npv, risked, per_watt, irr)


def _rate(sheet: Sheet, cash: Row, place: int) -> Cell | None:
    """Internal rate of the cash of a site; a note where the engine finds none."""
    rates, status = internal_rates_frac(cash.values[:, None])
    if IRR_STATUS[int(status[0])] != "ok":
        sheet.note(say("No internal rate of return: {why}", why=word("irr", IRR_STATUS[int(status[0])])))
        return None
    monthly = float((1.0 + rates[0]) ** (1 / 12) - 1.0)
    found = internal_rate(
        cash, monthly, lambda numbers: float((1.0 + internal_rates_frac(numbers[:, None])[0][0]) ** (1 / 12) - 1.0)
    )
    return sheet.result("irr_frac", say("Internal rate of return"), "1/year", (1 + found) ** 12 - 1, place)
