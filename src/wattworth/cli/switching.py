"""``wattworth options``: what to do with each site now, where that flips, and what waiting is worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show
from wattworth.cli.progress import telling
from wattworth.cli.tables import NONE, grid, heading, millions, round_millions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

Document = dict[str, Any]

OneSite = Annotated[str | None, Parameter(help="One site in detail.", metavar="SITE_ID")]
Training = Annotated[
    int,
    Parameter(help="Draws of their own on which the policy is fitted.", metavar="N", validator=Number(gte=256)),
]
Window = Annotated[int, Parameter(help="Months in which to decide.", metavar="N", validator=Number(gte=1))]
Every = Annotated[int, Parameter(help="Months between dates.", metavar="N", validator=Number(gte=1))]
LeaseUntil = Annotated[
    str | None,
    Parameter(help="Last month in which a conversion may be decided.", metavar="YYYY-MM", validator=options.is_month),
]
_SEEN_FRAC: Final = 0.005
"""Chance from which a decision is listed as likely."""


def when(  # noqa: PLR0913 - one parameter for each option of the command
    study: options.StudySource,
    /,
    *,
    site: OneSite = None,
    sites: options.Sites = None,
    draws: options.Draws = 1_024,
    training_draws: Training = 4_096,
    seed: options.Seed = 7,
    window_months: Window = 36,
    every_months: Every = 3,
    lease_until: LeaseUntil = None,
    one_step: Annotated[bool, Parameter(help="Convert a site whole or not at all.", show_default=False)] = False,
    workers: options.Workers = None,
    out: Annotated[Path | None, Parameter(help="Folder for a page and the JSON document.", metavar="DIR")] = None,
    json: options.Json = False,
) -> int:
    """Say what to do with each site now, where the answer flips, and what the freedom to wait is worth."""
    from wattworth import store, valuation
    from wattworth.records import Calendar
    from wattworth.valuation.inputs import site_of
    from wattworth.valuation.switch_worths import Freedom
    from wattworth.valuation.when_to_switch import when_to_switch

    if out is not None:
        store.check_folder(out)
    declared = valuation.read_study(study)
    if site is not None:
        sites = site_of(declared, site).site_id
    until = None if lease_until is None else Calendar(declared.as_of, declared.horizon_years).index(lease_until)
    freedom = replace(Freedom(every_months, window_months), lease_until_month=until, stages=not one_step)
    with telling(f"deciding on the sites of {declared.name}", draws, quiet=json) as progress:
        found = when_to_switch(
            declared,
            freedom,
            draws=draws,
            training_draws=training_draws,
            seed=seed,
            sites=sites,
            workers=workers,
            **({} if progress is None else {"told": progress}),
        )
    page = None if out is None else _write(found, out)
    if json:
        document(found)
    else:
        show(*(_detail(found) if site is not None else _tables(found)))
    if page is not None:
        (note if json else line)(f"page  {page.resolve()}")
    return 0


def _write(found: Document, folder: Path) -> Path:
    from wattworth import store
    from wattworth.reports.switching_page import switching_html

    store.write_document(folder / "options.json", found)
    return store.write_text(folder / "options.html", switching_html(found))


def named(decision: str) -> str:
    """A decision in words.

    Examples
    --------
    >>> named("half powered_shell"), named("wait")
    ('half powered shell', 'wait')
    """
    return decision.replace("_", " ")


def _tables(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    free = [site for site in found["sites"] if site["free"]]
    heads = ("site", "MW", "now", "worth $m", "best today", "waiting $m", "±", "later, if at all")
    rows = [_row(site) for site in sorted(free, key=lambda site: -site["waiting_usd"]["mean"])]
    yield heading(f"{found['study']}, as of {found['as_of']}: what to do now, and what waiting is worth")
    yield grid(heads, rows, text=(0, 2, 4, 7))
    bound = [site["site_id"] for site in found["sites"] if not site["free"]]
    last = f"\nnothing to decide, every megawatt leased: {', '.join(bound)}" if bound else ""
    yield Text(
        "MW: under no lease; worth: with the freedom to wait, pricing measure; best today: taken for good;\n"
        "waiting: what it adds to that, with its standard error; later: odds and mean date, real-world" + last,
        style="dim",
    )


def _row(site: Document) -> tuple[str, ...]:
    likely = max(site["switches"], key=lambda way: way["prob_frac"] - way["now_frac"])
    later = likely["prob_frac"] - likely["now_frac"] >= _SEEN_FRAC
    waiting = site["waiting_usd"]
    return (
        site["site_id"],
        f"{site['free_gross_mw']:,.0f}",
        named(site["now"]),
        round_millions(site["flexible_usd"]["mean"]),
        named(site["best_now"]["decision"]),
        millions(waiting["mean"]),
        f"{waiting['error'] / 1e6:,.1f}",
        f"{named(likely['decision'])} {100 * likely['prob_frac']:.0f} % {likely['expected']}" if later else NONE,
    )


def _detail(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    site = found["sites"][0]
    yield heading(f"{site['site']} ({site['company']}), as of {found['as_of']}")
    if not site["free"]:
        yield Text(f"Nothing to decide: {site['reason']}.")
        return
    yield Text("\n".join(sentences(site, found["driver_units"])))
    chance = {way["decision"]: way for way in site["switches"]}
    rows = [
        (
            named(name),
            round_millions(worth["now_usd"]),
            round_millions(worth["best_usd"]),
            worth["best_date"],
            *_odds(chance.pop(name)),
        )
        for name, worth in site["uses"].items()
    ]
    rows += [(named(name), NONE, NONE, NONE, *_odds(way)) for name, way in chance.items()]
    yield heading("Each decision")
    yield grid(("decision", "today $m", "best date $m", "that date", "chance", "expected"), rows)
    notes = ["today, best date: taken for good, pricing measure; chance, expected: real-world", *site["notes"]]
    yield Text("\n".join(notes), style="dim")


def _odds(way: Document) -> tuple[str, str]:
    return f"{100 * way['prob_frac']:.0f} %", way["expected"] or NONE


def sentences(site: Document, units: dict[str, str]) -> list[str]:
    """What to do, what waiting is worth, what other decisions give up, and where it flips."""
    waiting, best, never = site["waiting_usd"], site["best_now"], site["never"]
    edge, stages = site["boundary"], site["stages"]
    out = [
        f"Now: {named(site['now'])}. With the freedom to decide later the free {site['free_gross_mw']:,.0f} MW are "
        f"worth ${site['flexible_usd']['mean'] / 1e6:,.0f}m (± {site['flexible_usd']['error'] / 1e6:,.0f}).",
        f"Waiting adds ${waiting['mean'] / 1e6:,.1f}m (± {waiting['error'] / 1e6:,.1f}) to the best decision taken "
        f"for good today, {named(best['decision'])} at ${best['usd'] / 1e6:,.0f}m.",
        f"Never to decide, and to sell at the end of the window, gives up ${never['regret_usd'] / 1e6:,.0f}m.",
    ]
    if edge.get("date"):
        seen = [edge[key] for key in ("driver_x", "driver_y") if edge.get(key)]
        levels = ", ".join(f"{name} today {edge['today'][name]:,.4g} {units[name]}" for name in seen)
        out.append(f"In {edge['date']}, having waited: {named(edge['words'])} ({levels}).")
    else:
        out.append(f"Where it flips: {named(edge['words'])}.")
    if stages is not None:
        out.append(
            f"In two steps: half {named(stages['use'])} first, the rest once that has come off, about "
            f"{stages['months']} months later."
        )
    return out
