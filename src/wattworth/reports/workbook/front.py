"""The sheets around the models of a run: summary, draws, cases, facts, warnings and checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wattworth.facts import Fact, weakest_first
from wattworth.reports.workbook.cells import Cell
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.site import SiteSheet
from wattworth.reports.workbook.tables import Column, Table
from wattworth.reports.workbook.wording import Said, as_is, figure, say, sheet_name, word
from wattworth.valuation.central import Central

Document = Mapping[str, Any]
_QUANTILES = ("p10", "p50", "p90")


def summary(result: Document, models: Sequence[SiteSheet]) -> Table:
    """Every site in its best use, and beside it the live figures of the sites that have a model."""
    by_site = {model.site_id: model for model in models}
    rows: list[list[Any]] = []
    for site in result["sites"]:
        best = site.get("best_use") if site["valued"] else None
        use: Document = site["uses"][best] if best is not None else {}
        model = by_site.get(site["site_id"])
        live: list[Any] = [None] * 5
        if model is not None:
            own = sheet_name(model.sheet.title), word("use", model.use)
            live = [*own, model.risked, model.per_watt, model.irr]
        per_w = use.get("usd_per_gross_w", {})
        rows.append(
            [
                site["site"],
                site["company"],
                site["firm_gross_mw"],
                word("use", best) if best else site.get("reason"),
                site.get("prob_best_frac"),
                *(per_w.get(key) for key in (*_QUANTILES, "mean")),
                use.get("central", {}).get("risked_npv_usd"),
                *live,
            ]
        )
    notes = (
        say("{title}: what each watt is worth, and in which use", title=result["title"]),
        say(
            "Run {run}, as of {month}, {draws} draws with seed {seed}, dollars of {year}, tax losses {losses}.",
            run=result["run_id"],
            month=figure(result["as_of"]),
            draws=result["draws"],
            seed=result["seed"],
            year=result["usd_year"],
            losses=word("losses", result["tax_losses"]),
        ),
        say(
            "P10, P50 and P90 are under the real-world measure, the mean under the pricing measure. Black figures in "
            "the last columns are formulas: they follow the sheets of the sites, and those follow the sheet Inputs."
        ),
    )
    columns = (
        Column(say("Site"), width=34),
        Column(say("Company"), width=24),
        Column(say("Firm power"), "MW"),
        Column(say("Best use"), width=16),
        Column(say("Chance it is best"), "1"),
        *(Column(as_is(key), "$/W") for key in ("P10", "P50", "P90")),
        Column(say("Mean"), "$/W"),
        Column(say("Central value"), "USD", 18),
        Column(say("Sheet"), width=32),
        Column(say("Use of the sheet"), width=16),
        Column(say("Live value, risked"), "USD", 18),
        Column(say("Live value"), "$/W"),
        Column(say("Live rate of return"), "1/year"),
    )
    return Table("Summary", say("Summary"), notes, columns, rows)


def draws(result: Document) -> Table:
    """Percentiles of every site and use."""
    rows: list[list[Any]] = []
    for site in result["sites"]:
        for key, use in site["uses"].items():
            if not use["available"]:
                rows.append([site["site"], word("use", key), use["reason"], *([None] * 14)])
                continue
            found: list[Any] = [site["site"], word("use", key), None, use["success_frac"]]
            found += [use["risked_npv_usd"][q] for q in (*_QUANTILES, "mean")]
            found += [use["npv_usd"][q] for q in (*_QUANTILES, "mean")]
            found += [use["irr_frac"][q] for q in _QUANTILES]
            first = use["first_revenue"]["p50"]
            found += [use["loss_prob_frac"], None if first is None else figure(str(first))]
            rows.append(found)
    shown = [as_is(key) for key in ("P10", "P50", "P90")]
    columns = (
        Column(say("Site"), width=34),
        Column(say("Use"), width=16),
        Column(say("Why not"), width=30),
        Column(say("Chance of success"), "1"),
        *(Column(say("Risked {quantile}", quantile=key), "USD", 17) for key in (*shown, say("mean"))),
        *(Column(say("If it succeeds {quantile}", quantile=key), "USD", 17) for key in (*shown, say("mean"))),
        *(Column(say("Rate of return {quantile}", quantile=key), "1/year") for key in shown),
        Column(say("Chance of a loss"), "1"),
        Column(say("First revenue, P50")),
    )
    return Table("Draws", say("Draws"), (say("Summary of the draws, values"),), columns, rows)


def cases(found: Mapping[str, Central], told: Mapping[str, Said], names: Mapping[str, str]) -> Table:
    """Named cases side by side on the central path."""
    first = next(iter(found.values()))
    rows: list[list[Any]] = [
        [
            names.get(site_id, site_id),
            word("use", use),
            *(one.use_document(site_id, use).get("usd_per_gross_w") for one in found.values()),
        ]
        for site_id, value in first.values.items()
        for use in value.uses
    ]
    notes = [say("Named cases, value per firm gross watt on the central path, risked")]
    notes += [say("{case}: {what}", case=word("case", case), what=said) for case, said in told.items()]
    own = (Column(word("case", case), "$/W") for case in found)
    columns = (Column(say("Site"), width=34), Column(say("Use"), width=16), *own)
    return Table("Cases", say("Cases"), tuple(notes), columns, rows)


def facts(known: Iterable[Fact]) -> Table:
    """Every fact behind the run, the weakest first."""
    rows = [
        [
            fact.key,
            fact.value,
            fact.low,
            fact.high,
            word("unit", fact.unit),
            word("confidence", fact.confidence),
            figure(str(fact.as_of)),
            fact.source,
            fact.note,
        ]
        for fact in weakest_first(known)
    ]
    columns = (
        Column(say("Fact"), width=44),
        *(Column(said, "x") for said in (say("Value"), say("Low"), say("High"))),
        Column(say("Unit"), width=20),
        Column(say("Confidence")),
        Column(say("As of")),
        Column(say("Source"), width=60),
        Column(say("Note"), width=60),
    )
    return Table("Facts", say("Facts"), (say("Facts behind the run, the weakest first"),), columns, rows)


def warnings(result: Document) -> Table:
    """What a reader must know before trusting a number."""
    rows = [[one["code"], one["where"], one["message"]] for one in result["warnings"]]
    columns = (
        Column(say("Warning"), width=28),
        Column(say("Where"), width=34),
        Column(say("What it means"), width=110),
    )
    return Table("Warnings", say("Warnings"), (say("Warnings of the run"),), columns, rows)


def checks(sheets: Iterable[Sheet]) -> Table:
    """Every identity of every sheet, as a formula."""
    rows: list[list[Any]] = []
    for sheet in sheets:
        rows += [[sheet_name(sheet.title), label, cell, _address(cell)] for label, cell in sheet.checks]
    columns = (
        Column(say("Sheet"), width=34),
        Column(say("Identity"), width=60),
        Column(say("Holds")),
        Column(say("Cell")),
    )
    return Table("Checks", say("Checks"), (say("Every line must say TRUE, whatever the inputs are"),), columns, rows)


def _address(cell: Cell) -> str:
    return f"C{cell.line + 1}"
