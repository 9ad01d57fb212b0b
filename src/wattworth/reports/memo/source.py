"""What a memo is made from, and the cells that its tables share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wattworth.reports.formatting import DASH
from wattworth.reports.memo.blocks import Block, Cell, Piece, cell, figure, given, piece
from wattworth.reports.sites import Document, free_gross_mw, is_leased, number, ranked
from wattworth.reports.words import Words

MOST_NAMED: Final = 10
"""Sites in the tables of those worth most."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a memo is made from.

    Attributes
    ----------
    result
        The document of a run.
    words
        Language.
    asked
        Site to what it was asked on top of the run: documents of :func:`wattworth.valuation.explain.explain`.
    cash
        Site to the yearly cash of its best use.
    backtest, comps
        Documents of the evidence, or None.
    """

    result: Document
    words: Words
    asked: Mapping[str, Document]
    cash: Mapping[str, Document]
    backtest: Document | None = None
    comps: Document | None = None

    @property
    def top(self) -> list[Document]:
        """The sites worth most that have a best use."""
        return [site for site in ranked(self.result) if site.get("best_use")][:MOST_NAMED]

    def named(self, key: str, *, end: bool = False) -> Cell:
        """A heading of a table."""
        return cell(piece(self.words(key), self.words), end=end)

    def cell(self, printed: str, *small: str, end: bool = True) -> Cell:
        """A printed number, or a word, with smaller lines below."""
        return cell(piece(printed, self.words), *(piece(each, self.words, "small") for each in small if each), end=end)

    def site(self, site: Document) -> Cell:
        """Name of a site with its company below."""
        company = str(site.get("company") or "")
        return self.cell(given(site["site"]), given(company) if company else "", end=False)

    def best(self, site: Document) -> Cell:
        """The best use of a site, beside the lease where one stands."""
        use = site.get("best_use")
        if not use:
            return self.cell(self.words("best.none"), end=False)
        if not is_leased(site):
            return self.cell(self.words.of("use", use), end=False)
        rest = self.words("cli.leased_and", use=self.words.of("cli.rest", use))
        return self.cell(rest if free_gross_mw(site) > 0 else self.words("cli.leased"), end=False)

    def chart(self, name: str, *, site_id: str | None = None, width: int = 720, width_frac: float = 1.0) -> list[Block]:
        """A chart of the run, where it has something to show."""
        from wattworth.reports import charts

        beside: dict[str, Any] = {}
        if site_id is not None and site_id in self.asked:
            beside |= {"drivers": self.asked[site_id]["drivers"]}
        if site_id is not None and site_id in self.cash:
            beside |= {"cash": self.cash[site_id]}
        drawn = charts.svg(name, self.result, self.words, site_id=site_id, width=width, beside=beside or None)
        return [figure(drawn, self.words.table.get(f"charts.{name}.title", name), width_frac)] if drawn else []


def quantiles(values: Any, printer: Callable[[float | None], str]) -> str:
    """P10, P50 and P90 in one line, or nothing."""
    printed = [printer(number(values, key)) for key in ("p10", "p50", "p90")]
    return "" if DASH in printed else " · ".join(printed)


def tile(source: Source, label: str, value: str, note: str) -> dict[str, list[Piece]]:
    """One number to take away."""
    texts = {"label": label, "value": value, "note": note}
    return {key: [piece(text, source.words)] for key, text in texts.items()}
