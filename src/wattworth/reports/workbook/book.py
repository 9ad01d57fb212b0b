"""A run, or a project, as one workbook whose formulas work out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from wattworth.errors import DataError, Fault, SolveError, StudyError
from wattworth.finance.project import ProjectCase, evaluate
from wattworth.reports.words import Words, language
from wattworth.reports.workbook import front
from wattworth.reports.workbook.placing import placed
from wattworth.reports.workbook.project import project_sheet
from wattworth.reports.workbook.scenarios import SCENARIOS, switched
from wattworth.reports.workbook.scope import INPUTS, PATHS, Facts, Market
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.site import SiteSheet, site_sheet, years_reached
from wattworth.reports.workbook.styles import FONTS, PlainWorksheet, Styles
from wattworth.reports.workbook.swings import sensitivity
from wattworth.reports.workbook.tables import Table
from wattworth.reports.workbook.wording import Digits, Said, Tongue, as_is, figure, say
from wattworth.study import Study
from wattworth.study.raw import did_you_mean
from wattworth.valuation import Run
from wattworth.valuation.cases import central_world
from wattworth.valuation.central import Central, central
from wattworth.valuation.named_cases import BASE, with_case

MOST_MODELS: Final = 10
"""Sites that get a model where none are named: those worth most or costing most."""

FIXED: Final = (
    INPUTS,
    PATHS,
    SCENARIOS,
    "Summary",
    "Draws",
    "Cases",
    "Sensitivity",
    "Facts",
    "Warnings",
    "Checks",
)
"""English names of the sheets that are no site's."""

_LONGEST: Final = 31
_BARRED: Final = "[]:*?/\\'{}"
_RELATIVE: Final = 1e-9


def write_workbook(
    source: Run | ProjectCase,
    path: Path | str,
    *,
    sites: str | Sequence[str] | None = None,
    words: Words | None = None,
    digits: Digits = "latn",
) -> Path:
    """Write a run, or one project, as a workbook.

    Parameters
    ----------
    source
        A run whose record holds its study, or a case of ``wattworth finance``.
    path
        File to write; it must not be there yet.
    sites
        Sites of a run that get a sheet of formulas: a glob on site_id, or site_ids, each in its best use or, as
        ``site_id:use``, in another. None takes the :data:`MOST_MODELS` of the greatest value, gain or loss.
    words
        Language of every word of the program in it, from ``language(lang, "workbook")``; None is English. Names of
        cells, formulas and numbers are the same in all.
    digits
        Digits that numbers are shown in: ``latn``, or ``arab`` for those of Arabic.

    Raises
    ------
    StoreError
        If the file is there already or cannot be written; nothing is left half-written.
    DataError
        If the run holds no study, or a site or use is not in it; or a part of a case has no formulas.
    SolveError
        If the formulas do not give what the engine gives; it is a defect of the program.
    """
    path, tongue = Path(path), Tongue(words or language("en", "workbook"), digits)
    with placed(path) as part:
        if isinstance(source, ProjectCase):
            _write_project(source, part, tongue)
        else:
            _write_run(source, part, sites, tongue)
    return path


def _write_project(case: ProjectCase, path: Path, tongue: Tongue) -> None:
    sheet = project_sheet(case, evaluate(case))
    _write(path, [sheet, front.checks([sheet])], (), "", tongue)


def _write_run(run: Run, path: Path, sites: str | Sequence[str] | None, tongue: Tongue) -> None:
    if run.study is None:
        raise DataError(
            f"{run.result['run_id']}: the record holds no study to write formulas of; value the study again"
        )
    study, chosen = run.study, chosen_models(run, sites)
    faults: list[Fault] = []
    studies = {name: with_case(study, name, case, faults) for name, case in study.cases.items()}
    if faults:
        raise StudyError(faults)
    cases = {BASE: central(study)} | {name: central(changed) for name, changed in studies.items()}
    _agree(run, cases[BASE])
    drafts = _drafts(cases, chosen)
    inputs, paths, models = drafts[BASE]
    told = {case: _told(study, case) for case in cases}
    others = {name: _sheets(one) for name, one in drafts.items() if name != BASE}
    switch = [switched(_sheets(drafts[BASE]), others, told, paths.labels)] if study.cases else []
    names = {site["site_id"]: site["site"] for site in run.result["sites"]}
    tables = [front.draws(run.result), front.cases(cases, told, names), sensitivity(study, cases[BASE], chosen, names)]
    tables += [front.facts(cases[BASE].plan.study.facts.values()), front.warnings(run.result)]
    own = [model.sheet for model in models]
    sheets = [front.summary(run.result, models), inputs, *own, paths, *switch, *tables, front.checks(own)]
    _write(path, sheets, (INPUTS, SCENARIOS), run.result["as_of"], tongue)


def _told(study: Study, case: str) -> Said:
    """What a named case says of itself."""
    return as_is(study.cases[case].description or "") if case in study.cases else say("no case")


def chosen_models(run: Run, sites: str | Sequence[str] | None) -> list[tuple[str, str]]:
    """Sites and uses that get a sheet of formulas.

    Raises
    ------
    DataError
        Naming the nearest site or use.
    """
    valued = {site["site_id"]: site for site in run.result["sites"] if site["valued"] and site["best_use"]}
    if sites is None:
        worth = {name: abs(site["uses"][site["best_use"]]["risked_npv_usd"]["mean"]) for name, site in valued.items()}
        names = sorted(worth, key=lambda name: -worth[name])[:MOST_MODELS]
        return [(name, valued[name]["best_use"]) for name in valued if name in names]
    if isinstance(sites, str):
        listed = [name for name in valued if fnmatchcase(name, sites)]
        if not listed:
            raise DataError(f'no valued site of the run matches "{sites}"{did_you_mean(sites, valued)}')
        return [(name, valued[name]["best_use"]) for name in listed]
    return [_chosen(valued, asked) for asked in dict.fromkeys(sites)]


def _chosen(valued: dict[str, Any], asked: str) -> tuple[str, str]:
    name, _, use = asked.partition(":")
    if name not in valued:
        raise DataError(f'no valued site "{name}" in the run{did_you_mean(name, valued)}')
    available = [key for key, found in valued[name]["uses"].items() if found["available"]]
    if use and use not in available:
        raise DataError(f'{name} has no use "{use}"{did_you_mean(use, available)}; it has {", ".join(available)}')
    return name, use or valued[name]["best_use"]


def sheet_title(name: str, taken: set[str]) -> str:
    """Name of a sheet: what a spreadsheet allows of a name, and unlike every other."""
    plain = "".join(letter for letter in name if letter not in _BARRED and letter.isprintable()).strip() or "site"
    title, number = plain[:_LONGEST], 2
    while title.casefold() in taken:
        end = f" {number}"
        title, number = plain[: _LONGEST - len(end)] + end, number + 1
    taken.add(title.casefold())
    return title


Draft = tuple[Sheet, Sheet, list[SiteSheet]]


def draft(found: Central, chosen: Sequence[tuple[str, str]], years: Sequence[int] | None = None) -> Draft:
    """Inputs, paths, and the sheet of each chosen site and use, put together and not written."""
    plan = found.plan
    labels = tuple(figure(plan.calendar.label(month)) for month in range(plan.calendar.n_month))
    inputs = Sheet(INPUTS, say("Inputs"), say("Inputs: change a blue cell and every sheet follows"), labels[:1])
    inputs.head(say("Facts that formulas read, with range and source"))
    paths = Sheet(PATHS, say("Paths"), say("Market paths of the central case"), labels)
    world = central_world(plan)
    shared = (facts := Facts(plan.study.facts, inputs), Market(world, facts, paths))
    taken = {title.casefold() for title in FIXED}
    ids = [site.site.site_id for site in plan.sites]
    reached = years or [years_reached(found, ids.index(site_id), use, world) for site_id, use in chosen]
    models = [
        site_sheet(found, ids.index(site_id), use, sheet_title(f"{site_id} {use}", taken), n_year, shared)
        for (site_id, use), n_year in zip(chosen, reached, strict=True)
    ]
    return inputs, paths, models


def _drafts(cases: dict[str, Central], chosen: Sequence[tuple[str, str]]) -> dict[str, Draft]:
    """The sheets under every case, all as wide as the widest needs; a case in which one is unavailable is left out."""
    able = {
        name: found
        for name, found in cases.items()
        if all(found.values[site_id].uses[use].reason is None for site_id, use in chosen)
    }
    years: list[list[int]] = []
    for found in able.values():
        world, ids = central_world(found.plan), [site.site.site_id for site in found.plan.sites]
        years.append([years_reached(found, ids.index(site_id), use, world) for site_id, use in chosen])
    widest = [max(column) for column in zip(*years, strict=True)]
    return {name: draft(found, chosen, widest) for name, found in able.items()}


def _sheets(one: Draft) -> list[Sheet]:
    inputs, paths, models = one
    return [inputs, *(model.sheet for model in models), paths]


def _agree(run: Run, found: Central) -> None:
    """Stop where a saved run is of another version of the engine than the formulas."""
    for site in run.result["sites"]:
        for use_name, use in site["uses"].items():
            if not use["available"]:
                continue
            saved, now = use["central"]["npv_usd"], float(found.values[site["site_id"]].uses[use_name].success_usd[0])
            if not abs(saved - now) <= _RELATIVE * max(abs(saved), 1e6):
                raise SolveError(
                    f"{run.result['run_id']}, {site['site_id']}, {use_name}: the run says {saved:.2f}, this version of "
                    f"wattworth {now:.2f}; value the study again"
                )


def _titles(sheets: Sequence[Sheet | Table], tongue: Tongue) -> dict[str, str]:
    """English names of sheets to their names in the workbook."""
    taken: set[str] = set()
    ordered = sorted(sheets, key=lambda sheet: sheet.title not in FIXED)
    return {sheet.title: sheet_title(tongue(sheet.called), taken) for sheet in ordered}


def _write(path: Path, sheets: Sequence[Sheet | Table], shared: Sequence[str], as_of: str, tongue: Tongue) -> None:
    """Write sheets in order; names of cells belong to their sheet unless it is shared."""
    font = FONTS[tongue.words.direction]
    options = {"constant_memory": True, "tmpdir": str(path.parent), "default_format_properties": font}
    tongue = replace(tongue, titles=_titles(sheets, tongue))
    with xlsxwriter.Workbook(path, options) as book:
        book.set_calc_mode("auto")
        if as_of:  # the same run gives the same file
            book.set_properties({"title": "wattworth", "created": datetime.strptime(as_of, "%Y-%m")})
        styles = Styles(book, tongue)
        for sheet in sheets:
            title = tongue.titles[sheet.title]
            sheet.write(book.add_worksheet(title, PlainWorksheet), styles)
            if isinstance(sheet, Table):
                continue
            scope = "" if sheet.title in shared else f"'{title}'!"
            for cell_name, cell in sheet.named():
                book.define_name(f"{scope}{cell_name}", f"='{title}'!{cell}")
