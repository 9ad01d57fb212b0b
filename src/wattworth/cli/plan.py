"""``wattworth plan``: which sites first, under limits that all share."""

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

Document = dict[str, Any]

TimeLimit = Annotated[
    float,
    Parameter(
        help="Seconds for the search, the prices of limits and the frontier, once all is valued.",
        metavar="S",
        validator=Number(gt=0),
    ),
]
Gap = Annotated[float, Parameter(help="Proven gap at which to stop.", metavar="FRAC", validator=Number(gte=0, lt=1))]
Weight = Annotated[
    float | None,
    Parameter(
        help="Weight of the mean of the worst draws, in place of the study's.",
        metavar="FRAC",
        validator=Number(gte=0, lte=1),
    ),
]


def plan(  # noqa: PLR0913 - one parameter for each option of the command
    study: options.StudySource,
    /,
    *,
    draws: options.Draws = 1_000,
    seed: options.Seed = 7,
    time_limit: TimeLimit = 20.0,
    gap: Gap = 1e-4,
    tail_weight: Weight = None,
    sites: options.Sites = None,
    workers: options.Workers = None,
    out: Annotated[Path | None, Parameter(help="Folder for a page and the JSON document.", metavar="DIR")] = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
) -> int:
    """Choose what each site becomes and when, under limits that all share, and price each limit."""
    from wattworth import store, valuation
    from wattworth.portfolio.plan_study import Asked, plan_study

    words = language.words("plan", writes=out is not None)
    if out is not None:
        store.check_folder(out)
    declared = valuation.read_study(study)
    how = Asked(draws, seed, time_limit, gap, tail_weight, sites, workers)
    with telling(f"planning the sites of {declared.name}", draws, quiet=json):
        found = plan_study(declared, how)
    written = [] if out is None else _write(found, out, words)
    if json:
        document(found)
    else:
        show(*_parts(found))
    for path in written:
        (note if json else line)(f"wrote {path.resolve()}")
    return 0


def _write(found: Document, folder: Path, words: Words) -> list[Path]:
    """What ``--out`` leaves in its folder: the document, and a page of it."""
    from wattworth import store
    from wattworth.reports.plan_page import plan_html

    return [
        store.write_document(folder / "plan.json", found),
        store.write_text(folder / "plan.html", plan_html(found, words=words)),
    ]


def _parts(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    from wattworth.reports.plan_words import changed, declared_words, price_words, sentences, used_words

    yield heading(f"{found['study']}, as of {found['as_of']}: the plan")
    yield Text("\n".join(sentences(found)))
    if changed(found):
        yield heading("Roadmap")
        heads = ("site", "becomes", "when", "adds $m", "worth $m", "capital $m", "takes")
        yield grid(heads, (_row(site, found) for site in changed(found)), text=(0, 1, 6))
    kept = [site["site_id"] for site in found["sites"] if not site["changes"]]
    if kept:
        yield heading(f"As it is ({len(kept)})")
        yield Text(", ".join(kept))
    if found["left_out"]:
        yield Text("\n" + "\n".join(f"not planned: {site['site_id']}, {site['reason']}" for site in found["left_out"]))
    if found["limits"]:
        yield heading("Limits")
        rows = [
            (each["name"], declared_words(each), used_words(each), price_words(each, found)) for each in found["limits"]
        ]
        yield grid(("limit", "amount", "used at most", "one step more"), rows, text=(0, 1, 3))
    yield Text("\n" + "\n".join([_LEGEND, *found["notes"]]), style="dim")


_LEGEND = (
    "when: the month of the decision; adds: to leaving the site as it is; worth: risked, after tax, leases with it; "
    "capital: if it comes off; takes: at its chance"
)


def _row(site: Document, found: Document) -> tuple[str, ...]:
    from wattworth.reports.plan_words import takes_words

    return (
        site["site_id"],
        str(site["use"]).replace("_", " "),
        site["start"],
        _round(site["gain_usd"]),
        _round(site["value_usd"]),
        round_millions(site["capital_usd"]) if site["capital_usd"] else NONE,
        takes_words(site, found),
    )


def _round(amount_usd: float) -> str:
    """Whole millions, nought without a sign."""
    return round_millions(amount_usd if abs(amount_usd) > 0.5e6 else 0.0)
