"""The sheets around the models of a run: summary, draws, cases, facts, warnings and checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wattworth.facts import Fact, weakest_first
from wattworth.reports.workbook.cells import Cell
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.site import SiteSheet
from wattworth.reports.workbook.tables import Column, Table
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
            live = [model.sheet.title, model.use, model.risked, model.per_watt, model.irr]
        per_w = use.get("usd_per_gross_w", {})
        rows.append(
            [
                site["site"],
                site["company"],
                site["firm_gross_mw"],
                best or site.get("reason"),
                site.get("prob_best_frac"),
                *(per_w.get(name) for name in (*_QUANTILES, "mean")),
                use.get("central", {}).get("risked_npv_usd"),
                *live,
            ]
        )
    head = f"{result['title']}: what each watt is worth, and in which use"
    notes = (
        head,
        f"Run {result['run_id']}, as of {result['as_of']}, {result['draws']} draws with seed {result['seed']}, "
        f"dollars of {result['usd_year']}, tax losses {result['tax_losses']}.",
        "P10, P50 and P90 are under the real-world measure, the mean under the pricing measure. Black figures in the "
        "last columns are formulas: they follow the sheets of the sites, and those follow the sheet Inputs.",
    )
    columns = (
        Column("Site", width=34),
        Column("Company", width=24),
        Column("Firm power", "MW"),
        Column("Best use", width=16),
        Column("Chance it is best", "1"),
        *(Column(name, "$/W") for name in ("P10", "P50", "P90", "Mean")),
        Column("Central value", "USD", 18),
        Column("Sheet", width=32),
        Column("Use of the sheet", width=16),
        Column("Live value, risked", "USD", 18),
        Column("Live value", "$/W"),
        Column("Live rate of return", "1/year"),
    )
    return Table("Summary", notes, columns, rows)


def draws(result: Document) -> Table:
    """Percentiles of every site and use."""
    rows: list[list[Any]] = []
    for site in result["sites"]:
        for name, use in site["uses"].items():
            if not use["available"]:
                rows.append([site["site"], name, use["reason"], *([None] * 14)])
                continue
            found: list[Any] = [site["site"], name, None, use["success_frac"]]
            found += [use["risked_npv_usd"][q] for q in (*_QUANTILES, "mean")]
            found += [use["npv_usd"][q] for q in (*_QUANTILES, "mean")]
            found += [use["irr_frac"][q] for q in _QUANTILES]
            found += [use["loss_prob_frac"], use["first_revenue"]["p50"]]
            rows.append(found)
    columns = (
        Column("Site", width=34),
        Column("Use", width=16),
        Column("Why not", width=30),
        Column("Chance of success", "1"),
        *(Column(f"Risked {name}", "USD", 17) for name in ("P10", "P50", "P90", "mean")),
        *(Column(f"If it succeeds {name}", "USD", 17) for name in ("P10", "P50", "P90", "mean")),
        *(Column(f"Rate of return {name}", "1/year") for name in ("P10", "P50", "P90")),
        Column("Chance of a loss", "1"),
        Column("First revenue, P50"),
    )
    return Table("Draws", ("Summary of the draws, values",), columns, rows)


def cases(found: Mapping[str, Central], words: Mapping[str, str], names: Mapping[str, str]) -> Table:
    """Named cases side by side on the central path."""
    first = next(iter(found.values()))
    rows: list[list[Any]] = [
        [
            names.get(site_id, site_id),
            use,
            *(one.use_document(site_id, use).get("usd_per_gross_w") for one in found.values()),
        ]
        for site_id, value in first.values.items()
        for use in value.uses
    ]
    notes = ["Named cases, value per firm gross watt on the central path, risked"]
    notes += [f"{name}: {said}" for name, said in words.items()]
    columns = (Column("Site", width=34), Column("Use", width=16), *(Column(name, "$/W") for name in found))
    return Table("Cases", tuple(notes), columns, rows)


def facts(known: Iterable[Fact]) -> Table:
    """Every fact behind the run, the weakest first."""
    rows = [
        [fact.key, fact.value, fact.low, fact.high, fact.unit, fact.confidence, str(fact.as_of), fact.source, fact.note]
        for fact in weakest_first(known)
    ]
    columns = (
        Column("Fact", width=44),
        *(Column(name, "x") for name in ("Value", "Low", "High")),
        Column("Unit", width=20),
        Column("Confidence"),
        Column("As of"),
        Column("Source", width=60),
        Column("Note", width=60),
    )
    return Table("Facts", ("Facts behind the run, the weakest first",), columns, rows)


def warnings(result: Document) -> Table:
    """What a reader must know before trusting a number."""
    rows = [[one["code"], one["where"], one["message"]] for one in result["warnings"]]
    columns = (Column("Warning", width=28), Column("Where", width=34), Column("What it means", width=110))
    return Table("Warnings", ("Warnings of the run",), columns, rows)


def checks(sheets: Iterable[Sheet]) -> Table:
    """Every identity of every sheet, as a formula."""
    rows: list[list[Any]] = []
    for sheet in sheets:
        rows += [[sheet.title, label, cell, _address(cell)] for label, cell in sheet.checks]
    columns = (Column("Sheet", width=34), Column("Identity", width=60), Column("Holds"), Column("Cell"))
    return Table("Checks", ("Every line must say TRUE, whatever the inputs are",), columns, rows)


def _address(cell: Cell) -> str:
    return f"C{cell.line + 1}"
