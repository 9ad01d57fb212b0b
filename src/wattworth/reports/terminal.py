"""The result as a table for the terminal, as wide as the terminal is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wattworth.reports.formatting import chance, megawatts, money, money_m, month, per_watt
from wattworth.reports.site_table import place
from wattworth.reports.sites import (
    best_document,
    best_value_usd,
    entry,
    free_gross_mw,
    is_leased,
    number,
    ranked,
    squeezed_ids,
    unvalued,
    use_document,
    use_names,
)
from wattworth.reports.words import ENGLISH, Words

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

_GAP: Final = 2
Site = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its least and best width, and its rank; the highest ranks go first when there is no room."""

    key: str
    least: int
    best: int
    rank: int
    cell: Callable[[Site, Words], str]
    right: bool = True
    heading: str = ""


def table(result: dict[str, Any], words: Words = ENGLISH) -> RenderableType:
    """Valued sites, one a row, dearest first, with the totals and what to know about them.

    Parameters
    ----------
    result
        The document of a run.
    words
        Language of the headings.

    Returns
    -------
    RenderableType
        Fits the console it is printed on: the least important columns go first, names are shortened.
    """
    return _ResultTable(result, words)


@dataclass(frozen=True, slots=True)
class _ResultTable:
    result: dict[str, Any]
    words: Words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text

        words = self.words
        title = words("cli.title", title=self.result.get("title"), as_of=self.result.get("as_of"))
        yield Text(title, style="bold", no_wrap=True, overflow="ellipsis")
        if ranked(self.result):
            yield _drawn(self.result, words, options.max_width)
        else:
            yield Text(words("table.empty"))
        for line in _lines(self.result, words):
            yield Text(line, style="dim")


def _drawn(result: dict[str, Any], words: Words, width: int) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    columns, widths = _fitted(_columns(result, words), width)
    out = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column, cells in zip(columns, widths, strict=True):
        out.add_column(
            column.heading or words(f"cli.{column.key}"),
            justify="right" if column.right else "left",
            width=cells,
            no_wrap=True,
            overflow="ellipsis",
        )
    for site in ranked(result):
        out.add_row(*(Text(column.cell(site, words)) for column in columns))
    out.add_section()
    total = _total(result, words)
    out.add_row(*(Text(total.get(column.key, "")) for column in columns), style="bold")
    return out


def _fitted(columns: list[_Column], width: int) -> tuple[list[_Column], list[int]]:
    """Columns that fit a width, and the cells each gets; what is left over goes to the names."""
    while len(columns) > 1 and _wide([column.least for column in columns]) > width:
        last = max(column.rank for column in columns)
        columns = [column for column in columns if column.rank < last]
    widths = [column.least for column in columns]
    for at in sorted(range(len(columns)), key=lambda at: columns[at].best - columns[at].least):
        spare = width - _wide(widths)
        widths[at] += min(max(spare, 0), columns[at].best - columns[at].least)
    return columns, widths


def _wide(widths: list[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _total(result: dict[str, Any], words: Words) -> dict[str, str]:
    totals = result.get("totals") or {}
    return {
        "site": words("cli.total"),
        "gross": megawatts(number(totals, "share_gross_mw")),
        "per_w": per_watt(number(totals, "usd_per_gross_w", "mean"), unit=False),
        "value": money_m(number(totals, "npv_usd", "mean")),
        "p10": money_m(number(totals, "npv_usd", "p10")),
        "p90": money_m(number(totals, "npv_usd", "p90")),
    }


def _lines(result: dict[str, Any], words: Words) -> Iterator[str]:
    printed = {key: money(number(result, "totals", "npv_usd", key)) for key in ("mean", "p10", "p50", "p90")}
    yield words("cli.worth", **printed)
    yield words("cli.note")
    if rates := entry(result, "discount", "by_use"):
        yield words("cli.hurdles", rates=", ".join(f"{use} {hurdle:.1%}" for use, hurdle in rates.items()))
    if any(site.get("tie") for site in ranked(result)):
        yield words("cli.ties")
    told = [words("cli.unvalued", n=f"{len(unvalued(result)):,}")]
    squeezed = squeezed_ids(result)
    if squeezed:
        told.append(words("cli.squeezed", n=f"{len(squeezed):,}"))
    counts = {key: f"{entry(result, 'facts', key) or 0:,}" for key in ("assumptions", "used")}
    told.append(words("cli.facts", assumed=counts["assumptions"], used=counts["used"]))
    told.append(words.count("cli.warnings", len(result.get("warnings") or ())))
    yield "; ".join(told)


def _best(site: Site, words: Words) -> str:
    use = site.get("best_use")
    named = words.of("short", use) if use else words("best.none")
    rest = words.of("cli.rest", use)
    if not is_leased(site):
        return named
    return words("cli.leased_and", use=rest) if free_gross_mw(site) > 0 else words("cli.leased")


def _sure(site: Site, words: Words) -> str:
    return chance(site.get("prob_best_frac")) + ("*" if site.get("tie") else " ")


def _of_best(printer: Callable[[float | None], str], *path: str) -> Callable[[Site, Words], str]:
    return lambda site, words: printer(number(best_document(site), *path))


def _per_w(use: str) -> Callable[[Site, Words], str]:
    return lambda site, words: per_watt(number(use_document(site, use), "usd_per_gross_w", "mean"), unit=False)


def _leading(result: dict[str, Any]) -> list[str]:
    """The uses by the money that stands in them where they are the best or the second, most first."""
    held_usd = dict.fromkeys(use_names(result), 0.0)
    for site in ranked(result):
        means = {use: number(use_document(site, use), "risked_npv_usd", "mean") for use in held_usd}
        known = {use: mean for use, mean in means.items() if mean is not None}
        for use in sorted(known, key=lambda use: -known[use])[:2]:
            held_usd[use] += max(known[use], 0.0)
    return sorted(held_usd, key=lambda use: -held_usd[use])


def _columns(result: dict[str, Any], words: Words) -> list[_Column]:
    """Every column; of the uses, the two that hold most are kept longest and the others go one by one."""
    rank = {use: place + (5 if place < 2 else 12) for place, use in enumerate(_leading(result))}
    uses = [_Column(use, 6, 6, rank[use], _per_w(use), heading=words.of("cli.use", use)) for use in use_names(result)]
    return [
        _Column("site", 13, 30, 0, lambda s, w: str(s.get("site")), right=False),
        _Column("company", 12, 18, 22, lambda s, w: str(s.get("company") or ""), right=False),
        _Column("region", 9, 15, 25, lambda s, w: place(s).replace(" · ", " "), right=False),
        _Column("gross", 6, 6, 4, lambda s, w: megawatts(s.get("gross_mw"))),
        _Column("status", 11, 11, 24, lambda s, w: w.of("status", s.get("status")), right=False),
        *uses,
        _Column("best", 11, 14, 1, _best, right=False),
        _Column("per_w", 7, 7, 2, _of_best(lambda amount: per_watt(amount, unit=False), "usd_per_gross_w", "mean")),
        _Column("sure", 5, 5, 7, _sure),
        _Column("chance", 6, 6, 23, _of_best(chance, "success_frac")),
        _Column("value", 7, 7, 8, lambda s, w: money_m(best_value_usd(s))),
        _Column("p10", 7, 7, 9, _of_best(money_m, "risked_npv_usd", "p10")),
        _Column("p90", 7, 7, 9, _of_best(money_m, "risked_npv_usd", "p90")),
        _Column("gain", 7, 7, 21, lambda s, w: money_m(number(s, "gain_vs_today_usd", "mean"))),
        _Column("first", 7, 7, 3, lambda s, w: month(entry(best_document(s), "first_revenue", "p50"))),
        _Column("confidence", 6, 6, 26, lambda s, w: w.of("confidence", s.get("confidence")), right=False),
    ]
