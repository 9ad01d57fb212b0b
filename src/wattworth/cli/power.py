"""``wattworth power``: what to build for a load, at least cost and at a stated reliability."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show
from wattworth.cli.tables import NONE, number

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from wattworth.reports.words import Words

Document = dict[str, Any]

CaseSource = Annotated[
    str, Parameter(name="CASE", help="A YAML file with a load and what may serve it, or the packaged case offgrid-ai.")
]
Method = Annotated[
    Literal["decomposition", "lp"],
    Parameter(help="decomposition is certified and takes one battery; lp solves the whole year as one programme."),
]
OutFolder = Annotated[Path | None, Parameter(help="Folder for a page and the JSON document.", metavar="DIR")]

_PERCENT = 100.0
_SHORT = {"solar": "sun", "wind": "wind", "engine": "engine", "turbine": "turbine", "fuel_cell": "fuel cell"}


def power(
    case: CaseSource,
    /,
    *,
    method: Method = "decomposition",
    out: OutFolder = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
    strict: options.Strict = False,
) -> int:
    """Size on-site supply at least cost, and rank named designs at equal reliability."""
    from wattworth import store
    from wattworth.supply.case_system import read_power_case
    from wattworth.valuation.power import solve_power
    from wattworth.valuation.power_document import power_document

    words = language.words("power", writes=out is not None)
    if out is not None:
        store.check_folder(out)
    found = power_document(solve_power(read_power_case(case), method), figures=json or out is not None)
    written = [] if out is None else _write(found, out, words)
    if json:
        document(found)
    else:
        show(*_parts(found))
    for path in written:
        (note if json else line)(f"wrote {path.resolve()}")
    return int(strict and not found["at_equal_reliability"])


def _write(found: Document, folder: Path, words: Words) -> list[Path]:
    """What ``--out`` leaves in its folder: the document, and a page of it."""
    from wattworth import store
    from wattworth.reports.power_page import power_html

    return [
        store.write_document(folder / "power.json", found),
        store.write_text(folder / "power.html", power_html(found, words=words)),
    ]


def _parts(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(found["title"], style="bold")
    yield Text(_headline(found), style="dim")
    yield _built(found)
    yield _cost(found)
    for design in found["designs"]:
        for words in design["notes"] if design["name"] == "optimum" else []:
            yield Text(f"optimum: {words}")
        if design["place"] is None:
            yield Text(f"{design['name']}: not ranked, it {'; '.join(design['flags'])}", style="bold")
    if found["convention"]:
        yield Text(f"Price: of power served, by the convention {found['convention']}.", style="dim")
    for one in found["relaxed"]:
        costs = f": {one['costs']}" if one["costs"] else ""
        yield Text(f"{one['limit']}, {one['step']}: saves {number(one['saves_usd_per_year'])} $/year{costs}")
    yield Text("Left out: " + "; ".join(found["weak"]) + ".", style="dim")


def _headline(found: Document) -> str:
    wanted = found["reliability"]
    parts = [f"{number(found['demanded_mwh_per_year'])} MWh a year, at most {number(found['peak_mw'])} MW"]
    if wanted["availability_frac"] is not None:
        parts.append(f"all of it in {wanted['availability_frac']:.4%} of hours")
    if wanted["unserved_frac"] is not None:
        parts.append(f"at most {wanted['unserved_frac']:.4%} unserved")
    if wanted["short_h_per_year"] is not None:
        parts.append(f"short in at most {number(wanted['short_h_per_year'])} h a year")
    return "; ".join(parts)


def _table(*headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0))
    table.add_column(headings[0], no_wrap=True)
    for heading in headings[1:]:
        table.add_column(heading, justify="right")
    return table


def _built(found: Document) -> Table:
    """What each design builds."""
    names = [name for name in found["designs"][0]["installed_mw"] if name != "battery"]
    has_battery = "battery" in found["designs"][0]["installed_mw"]
    battery = ["battery MW / MWh"] if has_battery else []
    table = _table("design", *(f"{_SHORT.get(name, name)} MW" for name in names), *battery, "units")
    for design in found["designs"]:
        built = design["installed_mw"]
        cells = [_mw(built[name]) for name in names]
        cells += [f"{_mw(built['battery'])} / {_mw(design['battery_mwh'])}"] if has_battery else []
        table.add_row(design["name"], *cells, _units(design))
    return table


def _mw(value: float) -> str:
    return f"{value:,.1f}" if value >= 0.05 else NONE


def _units(design: Document) -> str:
    counts = [count for count in design["units"].values() if count["n_unit"]]
    return ", ".join(f"{c['n_load']}{c['n_spare']:+d} x {c['unit_mw']:g}" for c in counts) or NONE


def _cost(found: Document) -> Table:
    """What each design costs, and how well it serves."""
    named = ["$/MWh price"] if found["convention"] else []
    table = _table("design", "lost ppm", "short h", "green %", "CO2 kt", "$/MWh asked", "$/MWh served", *named, "rank")
    for design in found["designs"]:
        served = design["reliability"]
        cells = [
            f"{served['unserved_frac'] * 1e6:,.1f}",
            f"{served['short_h_per_year']:.2f}",
            f"{design['renewable_frac'] * _PERCENT:.1f}",
            f"{design['co2_t_per_year'] / 1e3:,.1f}",
            f"{design['demanded_usd_per_mwh']:,.2f}",
            f"{design['served_usd_per_mwh']:,.2f}",
        ]
        cells += [f"{design['convention_usd_per_mwh']:,.2f}"] if named else []
        table.add_row(design["name"], *cells, "misses" if design["place"] is None else str(design["place"]))
    return table
