"""``wattworth gas``: where a country's surplus gas is worth most, and what each limit costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show
from wattworth.cli.tables import NONE, grid, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from wattworth.reports.words import Words

Document = dict[str, Any]

Source = Annotated[
    str, Parameter(name="STUDY", help="A folder with study.yaml, a workbook, or the name of a packaged gas study.")
]
Quick = Annotated[bool, Parameter(help="Leave out what each limit costs.", show_default=False)]
MOST_LIMITS = 8
MOST_WEAK = 6
MOST_OPTIONS = 20
"""Options beyond which those of a use are told together."""


def gas(
    study: Source = "russia-gas",
    /,
    *,
    quick: Quick = False,
    out: Annotated[Path | None, Parameter(help="Folder for the JSON document and its page.", metavar="DIR")] = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
) -> int:
    """Find the use of surplus gas worth most, price each limit, and set the income beside lost exports."""
    from wattworth import store
    from wattworth.gas import document_of, run_gas

    words = language.words("gas", writes=out is not None)
    if out is not None:
        store.check_folder(out)
    if not quick and not json:
        note(f"gas of {study}: solving once, and once for each limit")
    found = document_of(run_gas(study, relax=not quick))
    written = {} if out is None else _write(found, out, words)
    if json:
        document(found)
    else:
        show(*_tables(found))
    for what, path in written.items():
        (note if json else line)(f"{what:<9} {path.resolve()}")
    return 0


def _write(found: Document, folder: Path, words: Words) -> dict[str, Path]:
    """What ``--out`` leaves in its folder: the document, and a page of it."""
    from wattworth import store
    from wattworth.reports.gas_page import gas_html

    return {
        "document": store.write_document(folder / "gas.json", found),
        "page": store.write_text(folder / "gas.html", gas_html(found, words=words)),
    }


def _tables(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    years = found["years"]
    cases = ", ".join(f"{case['case']}: {_worth(found, case['value_musd'])}" for case in found["cases"])
    yield heading(f"{found['title']}: {years[0]} to {years[-1]}, as of {found['as_of']}")
    what = {"npv": "worth", "revenue": "sales worth", "jobs": "work for"}[found["objective_name"]]
    yield Text(f"{what} {_worth(found, found['objective'])} on average over price cases ({cases})")
    yield from _allocation(found)
    yield from _netbacks(found)
    yield from _limits(found)
    yield from _offset(found)
    if found["bridge"] is not None:
        yield from _bridge(found["bridge"])
    weak = [f"{row['name']} ({row['confidence']})" for row in found["weakest"]]
    more = f" and {len(weak) - MOST_WEAK} more in --json" if len(weak) > MOST_WEAK else ""
    changed = [f"{row['key']} {row['value']:g} {row['unit']} ({row['source']})" for row in found["changed_facts"]]
    if changed:
        yield Text(f"\nfacts changed by the study: {', '.join(changed)}")
    yield Text(f"\nweakest inputs: {', '.join(weak[:MOST_WEAK])}{more}", style="dim")
    yield Text("\n".join(found["notes"]), style="dim")


def _worth(found: Document, amount: float) -> str:
    """What is made large, in its own unit: dollars, or jobs on average over the years."""
    return f"{amount:,.0f} jobs" if found["objective_name"] == "jobs" else _billions(amount)


def _billions(musd: float) -> str:
    """Millions as billions, or as they are where they are few.

    Examples
    --------
    >>> _billions(-1234.0), _billions(4.07)
    ('$-1.2bn', '$4.1M')
    """
    return f"${musd:,.1f}M" if 0.0 < abs(musd) < 50.0 else f"${musd / 1000:,.1f}bn"


def _by_use(options: list[Document]) -> list[Document]:
    """Options as they are, or where they are many one row for each use."""
    if len(options) <= MOST_OPTIONS:
        return options
    rows: dict[str, Document] = {}
    for option in options:
        row = rows.setdefault(
            option["label"],
            {"option": "", "label": option["label"], "gas_bcm": [0.0] * len(option["gas_bcm"]), "capex_musd": 0.0}
            | {"built": [0.0] * len(option["built"]), "count": 0},
        )
        row["count"] += any(option["gas_bcm"])
        row["option"] = f"{row['count']} options"
        for key in ("gas_bcm", "built"):
            row[key] = [one + other for one, other in zip(row[key], option[key], strict=True)]
        row["capex_musd"] += option["capex_musd"]
    return list(rows.values())


def _allocation(found: Document) -> Iterator[RenderableType]:
    parts, last = found["allocation"], len(found["years"]) - 1
    middle, options = last // 2, _by_use(found["allocation"]["options"])
    most = max((max(option["gas_bcm"]) for option in options), default=0.0)
    unit, scale = ("bcm", 1.0) if most >= 1.0 else ("million m³", 1e3)
    dear = max((option["capex_musd"] for option in options), default=0.0) >= 1000.0
    money, share = ("$bn", 1000.0) if dear else ("$M", 1.0)
    rows = []
    for option in options:
        if not any(option["gas_bcm"]):
            continue
        built = sum(option["built"])
        flows = [f"{option['gas_bcm'][i] * scale:,.1f}" for i in (0, middle, last)]
        capital = f"{option['capex_musd'] / share:,.1f}" if built else NONE
        rows.append((option["option"], option["label"], *flows, f"{built:.0f}" if built else NONE, capital))
    yield heading(f"Allocation, {unit} a year")
    seen = [str(found["years"][i]) for i in (0, middle, last)]
    yield grid(("option", "use", *seen, "built", f"capital {money}"), rows, text=(0, 1))
    lines = [(link["link"], f"{link['capex_musd'] / 1000:,.3g}") for link in parts["links"] if sum(link["built"])]
    if len(lines) > MOST_OPTIONS:
        total = sum(link["capex_musd"] for link in parts["links"])
        lines = [(f"{len(lines)} lines", f"{total / 1000:,.3g}")]
    if lines:
        yield grid(("new line", "capital $bn"), lines)


def _netbacks(found: Document) -> Iterator[RenderableType]:
    uses = {option["option"]: option["label"] for option in found["allocation"]["options"]}
    many = len(uses) > MOST_OPTIONS
    yield heading("Netback in the first year, $/MMBtu" + ("; the best option of each use" if many else ""))
    for case in found["cases"]:
        rungs = [rung for rung in found["netbacks"] if rung["case"] == case["case"]]
        if many:
            best: dict[str, Document] = {}
            for rung in sorted(rungs, key=lambda rung: -rung["field_usd_per_mmbtu"]):
                best.setdefault(uses[rung["option"]], rung)
            rungs = list(best.values())
        rows = []
        for rung in rungs:
            keys = ("inlet_before_capex", "inlet", "field", "owner", "state")
            cells = [f"{rung[f'{key}_usd_per_mmbtu']:,.2f}" for key in keys]
            name = f"{uses[rung['option']]}, {rung['option']}" if many else rung["option"]
            rows.append((name + ("" if rung["available"] else " (barred)"), *cells))
        heads = (f"prices of {case['case']}", "before capex", "at plant", "at field", "owner", "state")
        yield grid(heads, rows)


def _limits(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    yield heading("What limits cost")
    binding = [limit for limit in found["limits"] if limit["kind"] != "capacity"]
    yield Text("\n".join(limit["words"] for limit in binding[:MOST_LIMITS]) or "no limit binds on flows")
    if found["relaxed"]:
        rows = [
            (each["limit"], _worth(found, each["worth_musd"]) if each["worth_musd"] else "nothing by itself")
            for each in found["relaxed"]
        ]
        yield grid(("taken away", "adds"), rows)


def _offset(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    offset = found["offset"]
    yield heading("Lost exports and what comes back")
    if offset["lost_bcm"] is not None:
        money = _billions(offset["lost_musd_per_year"])
        yield Text(f"lost: {offset['lost_bcm']:,.1f} bcm a year, {money} a year at the price then")
    rows = []
    for year in offset["by_year"]:
        back = NONE if year["of_lost_frac"] is None else f"{100 * year['of_lost_frac']:.0f} %"
        spread = NONE if year["concentration"] is None else f"{1 - year['concentration']:.2f}"
        cells = (_billions(year["revenue_musd"]), back, _billions(year["state_musd"]), f"{year['ai_gw']:.2f}", spread)
        jobs = () if year["jobs"] is None else (f"{year['jobs']:,.0f}",)
        rows.append((str(year["year"]), *cells, *jobs))
    jobs = () if offset["by_year"][0]["jobs"] is None else ("jobs",)
    yield grid(("year", "sales", "of lost", "duty and tax", "AI GW", "spread", *jobs), rows)
    yield Text("spread: one less the sum of squared shares of uses; 0 is a single use", style="dim")


def _bridge(bridge: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    yield heading("How much gas, and how many gigawatts")
    rows = [
        (
            step["name"],
            f"{step['per_day_bcm']:.2f}",
            f"{step['ccgt_gw']:.0f}",
            f"{step['it_gw']:.0f}",
            step["confidence"],
        )
        for step in bridge["steps"]
    ]
    yield grid(("gas", "bcm a day", "GW of CCGT", "GW of AI", "trust"), rows, text=(0, 4))
    words = [f"{step['name']}: {step['arithmetic']}" for step in bridge["steps"]]
    words.append(
        f"GW = bcm a day x {bridge['mmbtu_per_bcm'] / 1e6:g} million MMBtu / 24 h / "
        f"{bridge['heat_rate_mmbtu_per_mwh']:g} MMBtu per MWh; "
        f"AI: over {bridge['gross_per_it']:g}"
    )
    words.append(f"beside it: a gap of {bridge['us_gap_gw']:g} GW in the United States ({bridge['us_gap_source']})")
    yield Text("\n".join(words), style="dim")
