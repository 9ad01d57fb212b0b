"""``wattworth show``: a saved run again, or one site of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, show
from wattworth.cli.remarks import remarks
from wattworth.cli.tables import NONE, grid, heading, per_watt, round_millions, waterfall

if TYPE_CHECKING:
    from rich.console import RenderableType

Document = dict[str, Any]

RunName = Annotated[
    str, Parameter(name="RUN", help="run_id of a saved run, the beginning of one, its folder, or last for the newest.")
]
SiteName = Annotated[str | None, Parameter(name="SITE", help="site_id of a site; without it all are shown.")]

_HEADS: Final = ("use", "mean", "p10", "p50", "p90", "$/W", "chance", "")
_DATE_HEADS: Final = ("use", "p10", "p50", "p90", "capital $m", "IRR")


def show_run(run: RunName, site: SiteName = None, /, *, json: options.Json = False) -> int:
    """Show a saved run as value printed it, or one site of it in every use."""
    from wattworth import reports, store

    result = store.load_run(run).result
    if site is not None:
        entry = site_of(result, site)
        if json:
            document({"schema_version": result["schema_version"], "run_id": result["run_id"], **entry})
        else:
            show(*_site_parts(result, entry))
    elif json:
        document(result)
    else:
        show(reports.table(result), *remarks(result["warnings"]))
    return 0


def site_of(result: Document, site_id: str) -> Document:
    """The entry of one site, or which ones there are."""
    from wattworth.errors import StoreError
    from wattworth.study.raw import did_you_mean

    found = {site["site_id"]: site for site in result["sites"]}
    if site_id not in found:
        near = did_you_mean(site_id, found)
        raise StoreError(
            f'no site "{site_id}" in {result["run_id"]}{near}; wattworth show {result["run_id"]} lists them'
        )
    return found[site_id]


def _site_parts(result: Document, site: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    about = [site["site"], site["company"], site["status"], f"{site['gross_mw']:,.0f} MW gross"]
    yield Text(f"{site['site_id']}: {', '.join(str(word) for word in about if word)}", style="bold")
    yield Text(f"run {result['run_id']}, {result['draws']:,} draws, seed {result['seed']}", style="dim")
    if not site["valued"]:
        yield Text(f"not valued: {site['reason']}")
        return
    if (made := site.get("supply")) is not None:
        price = f"{made['usd_per_mwh']:,.2f} $/MWh, {made['fixed_usd_per_mwh']:,.2f} of it owed taken or not"
        yield Text(
            f"power made on site for {made['served_gross_mw']:,.0f} MW: {price}; {made['design']} of {made['case']}"
        )
    tie = ", a tie with the second" if site["tie"] else ""
    if site["best_use"] is None:
        yield Text("no use is open to it")
    else:
        yield Text(f"best in {site['best_use']}, in {site['prob_best_frac']:.0%} of outer draws{tie}")
    uses = {name: use for name, use in site["uses"].items() if use["available"]}
    ranked = sorted(uses, key=lambda name: -uses[name]["risked_npv_usd"]["mean"])
    if uses:
        yield heading("Each use, risked: $ million, mean under the pricing measure")
        yield grid(_HEADS, [_row(site, name, uses[name]) for name in ranked], text=(7,))
    closed = [(name, use["reason"]) for name, use in site["uses"].items() if not use["available"]]
    if closed:
        yield heading("Not open to it")
        yield grid(("use", "why"), closed, text=(0, 1))
    if site["waterfall"]:
        yield heading("Waterfall of a turnkey lease, central path")
        yield waterfall(site["waterfall"], ("step", "$/W gross"))
    if uses:
        yield heading("First revenue, and the middle of capital and of the internal rate")
        yield grid(_DATE_HEADS, [_dates(name, uses[name]) for name in ranked], text=())


def _dates(name: str, use: Document) -> tuple[str, ...]:
    irr = use["irr_frac"]["p50"]
    return (
        name,
        *(use["first_revenue"][key] or NONE for key in ("p10", "p50", "p90")),
        round_millions(use["capex_usd"]["p50"]),
        NONE if irr is None else f"{irr:.1%}",
    )


def _row(site: Document, name: str, use: Document) -> tuple[str, ...]:
    marks = [word for word, key in (("best", "best_use"), ("today", "today_use")) if site[key] == name]
    return (
        name,
        *(round_millions(use["risked_npv_usd"][key]) for key in ("mean", "p10", "p50", "p90")),
        per_watt(use["usd_per_gross_w"]["mean"]),
        f"{use['success_frac']:.0%}",
        ", ".join(marks),
    )
