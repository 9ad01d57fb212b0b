"""``wattworth timeline``: when each site can have power and rent, with what chance, and what a month is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show
from wattworth.cli.tables import NONE, grid, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from wattworth.reports.words import Words

Document = dict[str, Any]

ValueDraws = Annotated[
    int,
    Parameter(
        help="Draws of the three valuations behind the value of a month; 0 leaves it out.",
        metavar="N",
        validator=Number(gte=0, lte=options.MOST_DRAWS),
    ),
]
_MONTH_USES: Final = ("turnkey", "powered_shell", "gpu_cloud", "hybrid")
"""Uses whose month is shown, the dearest of them; --json holds all."""


def timeline(  # noqa: PLR0913 - one parameter for each option of the command
    study: options.StudySource,
    /,
    *,
    draws: options.Draws = 10_000,
    value_draws: ValueDraws = 1_024,
    seed: options.Seed = 7,
    sites: options.Sites = None,
    workers: options.Workers = None,
    out: Annotated[Path | None, Parameter(help="Folder for a page and the JSON document.", metavar="DIR")] = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
) -> int:
    """Say when each site can have power and rent, with odds, which gate decides, and what a month is worth."""
    from wattworth import store, valuation
    from wattworth.valuation.time_to_power import time_to_power

    words = language.words("timeline", writes=out is not None)
    if out is not None:
        store.check_folder(out)
    found = time_to_power(
        valuation.read_study(study),
        draws=draws,
        value_draws=value_draws,
        seed=seed,
        sites=sites,
        workers=workers,
        told=note,
    )
    page = None if out is None else _write(found, out, words)
    if json:
        document(found)
    else:
        show(*_tables(found))
    if page is not None:
        (note if json else line)(f"page  {page.resolve()}")
    return 0


def _write(found: Document, folder: Path, words: Words) -> Path:
    """What ``--out`` leaves in its folder: the document, and a page of it."""
    from wattworth import store
    from wattworth.reports.timeline_page import timeline_html

    store.write_document(folder / "timeline.json", found)
    return store.write_text(folder / "timeline.html", timeline_html(found, words=words))


def _tables(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    heads = ("site", "megawatts", "MW", "power", "first rent P10 - P50 - P90", "chance", "what decides", "month $m")
    rows = [_row(site) for site in sorted(found["sites"], key=_when)]
    yield heading(f"{found['study']}, as of {found['as_of']}: time to power and to the first rent")
    yield grid(heads, rows, text=(0, 1, 3, 4, 6))
    yield Text(
        "megawatts: the largest part that can still move; power: P50, now where it is there; chance: of success;\n"
        "what decides: how often each gate delays most; month $m: a month later, in the use where it costs most",
        style="dim",
    )


def _when(site: Document) -> tuple[float, str]:
    return site["first_revenue_months"]["p50"], site["site_id"]


def _row(site: Document) -> tuple[str, ...]:
    first, power = site["first_revenue"], site["energised"]
    return (
        site["site_id"],
        site["kind"],
        f"{site['gross_mw']:,.0f}",
        "now" if site["kind"] == "energised" else NONE if power is None else power["p50"],
        f"{first['p10']} - {first['p50']} - {first['p90']}",
        f"{100 * site['success_frac']:.0f} %",
        _decides(site["critical_frac"]),
        _month(site.get("uses", {})),
    )


def _decides(shares: dict[str, float]) -> str:
    """The two gates that delay most, in percent of the draws."""
    most = sorted(shares.items(), key=lambda pair: -pair[1])[:2]
    return ", ".join(f"{name.replace('_', ' ')} {100 * share:.0f} %" for name, share in most if share >= 0.005)


def _month(uses: dict[str, Document]) -> str:
    worth = {name: uses[name]["later_usd"] for name in _MONTH_USES if name in uses}
    if not worth:
        return NONE
    name = min(worth, key=lambda use: worth[use])
    return f"{worth[name] / 1e6:+.1f} {name}"
