"""``wattworth options``: what to do with each site now, where that flips, and what waiting is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show
from wattworth.cli.progress import telling
from wattworth.cli.tables import NONE, grid, heading, round_millions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from wattworth.reports.words import Words
    from wattworth.study import Study

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
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
) -> int:
    """Say what to do with each site now, where the answer flips, and what the freedom to wait is worth."""
    from wattworth import store, valuation
    from wattworth.valuation.inputs import site_of
    from wattworth.valuation.switch_worths import Freedom
    from wattworth.valuation.when_to_switch import when_to_switch

    words = language.words("switching", writes=out is not None)
    if out is not None:
        store.check_folder(out)
    _check_dates(window_months, every_months)
    declared = valuation.read_study(study)
    if site is not None:
        _check_one(sites)
        sites = site_of(declared, site).site_id
    until = None if lease_until is None else _last_month(declared, lease_until)
    freedom = Freedom(every_months, window_months, lease_until_month=until, stages=not one_step)
    with telling(f"deciding on the sites of {declared.name}", draws, quiet=json) as progress:
        found = when_to_switch(
            declared,
            freedom,
            draws=draws,
            training_draws=training_draws,
            seed=seed,
            sites=sites,
            workers=workers,
            progress=progress,
        )
    page = None if out is None else _write(found, out, words)
    if json:
        document(found)
    else:
        show(*(_detail(found) if site is not None else _tables(found)))
    if page is not None:
        (note if json else line)(f"page  {page.resolve()}")
    return 0


def _check_dates(window_months: int, every_months: int) -> None:
    """Refuse a window that does not end on a date."""
    from wattworth.errors import StudyError

    over = window_months % every_months
    if over:
        near = [months for months in (window_months - over, window_months - over + every_months) if months > 0]
        raise StudyError(
            f"--window-months {window_months} is no multiple of --every-months {every_months}; "
            f"take {' or '.join(map(str, near))}"
        )


def _check_one(sites: str | None) -> None:
    from wattworth.errors import StudyError

    if sites is not None:
        raise StudyError("give either --site, for one site in detail, or --sites, for a table")


def _last_month(declared: Study, lease_until: str) -> int:
    """Months until conversions end."""
    from wattworth.errors import StudyError
    from wattworth.records import Calendar

    months = Calendar(declared.as_of, declared.horizon_years).index(lease_until)
    if months < 0:
        raise StudyError(
            f"--lease-until {lease_until} lies before {declared.as_of}, the month of {declared.name}; "
            f"take {declared.as_of} to allow conversions today only"
        )
    return months


def _write(found: Document, folder: Path, words: Words) -> Path:
    """What ``--out`` leaves in its folder: the document, and a page of it."""
    from wattworth import store
    from wattworth.reports.switching_page import switching_html

    store.write_document(folder / "options.json", found)
    return store.write_text(folder / "options.html", switching_html(found, words=words))


def _tables(found: Document) -> Iterator[RenderableType]:
    """What to put off and what to decide now, each in a table of its own."""
    from rich.text import Text

    from wattworth.reports.switching_words import WAIT, bound_sites, free_sites

    free = free_sites(found)
    later = [site for site in free if site["now"] == WAIT]
    now = [site for site in free if site["now"] != WAIT]
    yield heading(f"{found['study']}, as of {found['as_of']}: what to do now, and what waiting is worth")
    if later:
        yield heading(f"Wait ({len(later)})")
        heads = ("site", "MW", "worth $m", "best today", "waiting $m", "likeliest later")
        yield grid(heads, map(_later_row, later), text=(0, 5))
    if now:
        yield heading(f"Decide now ({len(now)})")
        heads = ("site", "MW", "now", "worth $m", "best today", "waiting $m")
        yield grid(heads, map(_now_row, now), text=(0, 2))
    bound = [site["site_id"] for site in bound_sites(found)]
    last = f"\nnothing to decide, every megawatt leased: {', '.join(bound)}" if bound else ""
    yield Text(
        "\nMW: under no lease; worth: free to decide later; best today: taken for good; waiting: what that adds; "
        "\N{PLUS-MINUS SIGN}: standard error; money: pricing measure; likeliest later: odds and mean date, real-world"
        + last,
        style="dim",
    )


def _later_row(site: Document) -> tuple[str, ...]:
    from wattworth.reports.switching_words import likeliest_later

    way = likeliest_later(site)
    later = NONE if way is None else f"{named(way['decision'])} {_percent(way['prob_frac'])} {way['expected']}"
    return (*_names(site), _worth(site), _best(site), _waiting(site), later)


def _now_row(site: Document) -> tuple[str, ...]:
    return (*_names(site), named(site["now"]), _worth(site), _best(site), _waiting(site))


def _names(site: Document) -> tuple[str, str]:
    return site["site_id"], f"{site['free_gross_mw']:,.0f}"


def named(decision: str) -> str:
    """A decision as it is named in studies, its words apart.

    Examples
    --------
    >>> named("half powered_shell"), named("wait")
    ('half powered shell', 'wait')
    """
    return decision.replace("_", " ")


def _worth(site: Document) -> str:
    return _with_error(site["flexible_usd"])


def _best(site: Document) -> str:
    best = site["best_now"]
    return f"{named(best['decision'])} {round_millions(best['usd'])}"


def _waiting(site: Document) -> str:
    return _with_error(site["waiting_usd"], "+")


def _with_error(worth: Document, sign: str = "") -> str:
    """Millions with their standard error, nought without a sign."""
    mean, error = (round(worth[key] / 1e6, 1) for key in ("mean", "error"))
    printed = f"{mean:{sign},.1f}" if mean else "0"
    return f"{printed} \N{PLUS-MINUS SIGN}{error:,.1f}" if error else printed


def _percent(share_frac: float) -> str:
    from wattworth.reports.formatting import chance

    return chance(share_frac)


def _detail(found: Document) -> Iterator[RenderableType]:
    """One site in sentences, and each decision about it."""
    from rich.text import Text

    from wattworth.reports.switching_story import sentences
    from wattworth.reports.switching_words import end_label

    site = found["sites"][0]
    yield heading(f"{site['site']} ({site['company']}), as of {found['as_of']}")
    yield Text("\n".join(sentences(site, found)))
    if not site["free"]:
        return
    never = site["never"]
    yield heading("Each decision")
    heads = ("decision", "today $m", "gives up $m", "best $m", "best date", "chance", "expected")
    rows = list(_decisions(site))
    rows.append(("never", *map(round_millions, (never["usd"], never["regret_usd"]))))
    yield grid(heads, [(*row, *[NONE] * (len(heads) - len(row))) for row in rows])
    notes = [
        "today, best date: taken for good, pricing measure; gives up: less than the freedom to wait; "
        f"chance, expected: real-world; never: sold in {end_label(found)}",
        *map(named, site["notes"]),
    ]
    yield Text("\n".join(notes), style="dim")


def _decisions(site: Document) -> Iterator[tuple[str, ...]]:
    from wattworth.reports.switching_words import SEEN_FRAC, in_steps

    made = {way["decision"]: way for way in site["switches"]}
    steps = [name for name, way in made.items() if name not in site["uses"] and way["prob_frac"] >= SEEN_FRAC]
    for name in in_steps([*site["uses"], *steps]):
        worth, way = site["uses"].get(name), made[name]
        money = [NONE] * 4
        if worth is not None:
            money = [round_millions(worth[key]) for key in ("now_usd", "regret_now_usd", "best_usd")]
            money.append(worth["best_date"])
        yield (named(name), *money, _percent(way["prob_frac"]), way["expected"] or NONE)
