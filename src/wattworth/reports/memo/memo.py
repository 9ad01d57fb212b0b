"""A run as a memo that a board reads: the answer first, then why, what can go wrong, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from wattworth import placing
from wattworth.errors import StudyError
from wattworth.reports.charts.look import colours
from wattworth.reports.memo import answer, basis, doubts, reasons
from wattworth.reports.memo.blocks import Block, given, piece
from wattworth.reports.memo.press import printed
from wattworth.reports.memo.source import Source
from wattworth.reports.words import Words, language
from wattworth.valuation import Run

ROOMS: Final = ("evidence", "charts", "memo")
"""Rooms of words a memo takes beside those of every report."""

_PARTS: Final[tuple[Callable[[Source], Iterator[Block]], ...]] = (
    answer.answer,
    answer.where,
    answer.every_site,
    reasons.why,
    reasons.risk,
    reasons.time_to_power,
    doubts.limits,
    doubts.evidence,
    doubts.flips,
    basis.method,
    basis.warnings,
    basis.sources,
)
_COLOURS: Final = ("ink", "soft", "rule", "band", "link")


def write_memo(
    run: Run, path: Path | str, *, words: Words | None = None, asked: Mapping[str, dict[str, Any]] | None = None
) -> Path:
    """Write the memo of a run.

    Parameters
    ----------
    run
        A run.
    path
        File to write; it must not be there yet.
    words
        Language, with the words of :data:`ROOMS`; English by default.
    asked
        Site to its document of :func:`wattworth.valuation.explain.explain`, for what would change the choice there.

    Raises
    ------
    StoreError
        If the file is there already or cannot be written; nothing is left half-written.
    DataError
        If Typst, the fonts or the charts' packages are not installed.
    """
    path = Path(path)
    with placing.placed(path) as part:
        part.write_bytes(memo_pdf(run, words=words, asked=asked))
    return path


def memo_pdf(run: Run, *, words: Words | None = None, asked: Mapping[str, dict[str, Any]] | None = None) -> bytes:
    """The memo of a run as the bytes of a PDF; see :func:`write_memo`."""
    told = words or language("en", *ROOMS)
    return printed(memo_data(_source(run, told, asked or {})))


def memo_data(source: Source) -> dict[str, Any]:
    """What the template reads."""
    words, result = source.words, source.result

    def text(told: str) -> str:
        return piece(told, words)["t"]

    name = text(given(result.get("title") or result.get("study") or result["run_id"]))
    return {
        "title": words("page.title", title=str(result.get("title"))),
        "name": name,
        "kicker": text(words("memo.kicker")),
        "header": name,
        "as_of": text(words("memo.as_of", month=result.get("as_of"))),
        "footer": text(words("memo.footer", name=result.get("run_id"))),
        "page": words.table["memo.page"],
        "lang": words.lang,
        "dir": words.direction,
        "digits": words.digits,
        "colours": {name: colours("light")[name] for name in _COLOURS},
        "blocks": [block for made in _PARTS for block in made(source)],
    }


def _source(run: Run, words: Words, asked: Mapping[str, dict[str, Any]]) -> Source:
    return Source(run.result, words, asked, _cash(run), _backtest(), _comps(run))


def _comps(run: Run) -> dict[str, Any]:
    """The market beside the run; the percentiles of its companies, which the memo does not print, are left out."""
    from wattworth.evidence.comps import comparables, site_sales
    from wattworth.evidence.market_tables import market_table
    from wattworth.evidence.tape import read_tape

    declared = () if run.study is None else run.study.sites
    tickers = {site.company: site.ticker for site in declared if site.ticker}
    return comparables(run.result, market_table(None), site_sales(read_tape()), tickers=tickers).document()


@cache
def _backtest() -> dict[str, Any]:
    """The back-test of the packaged tape; it is the same for every run."""
    from wattworth import uses
    from wattworth.evidence.backtest import backtest
    from wattworth.evidence.tape import read_tape

    return backtest(read_tape(), uses.fact_book()).document()


def _cash(run: Run) -> dict[str, dict[str, Any]]:
    """Yearly cash of the site worth most, if the run holds its study."""
    from wattworth.valuation.one_site import yearly_cash

    top = Source(run.result, language("en"), {}, {}).top
    if run.study is None or not top:
        return {}
    try:
        return {top[0]["site_id"]: yearly_cash(run, top[0]["site_id"]).document()}
    except StudyError:
        return {}  # the site is not in the study as it was recorded
