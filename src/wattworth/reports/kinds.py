"""A run as a file of a kind: a workbook of live formulas, a memo, or a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from wattworth import placing
from wattworth.reports.page import page
from wattworth.reports.words import Words, language
from wattworth.valuation import Run

Kind = Literal["xlsx", "pdf", "html"]

KINDS: Final[tuple[Kind, ...]] = ("xlsx", "pdf", "html")
"""Every kind of file."""
_ROOMS: Final = ("charts", "evidence", "memo", "workbook")


def words_of(lang: str, digits: Literal["latn", "arab"] = "latn") -> Words:
    """A language with the words of every kind of file; English has its own digits alone."""
    return language(lang, *_ROOMS, digits="latn" if lang == "en" else digits)


def file_name(run_id: str, kind: str, lang: str) -> str:
    """What a run's file is called.

    Examples
    --------
    >>> file_name("mine-1", "pdf", "en"), file_name("mine-1", "pdf", "ar")
    ('mine-1.pdf', 'mine-1.ar.pdf')
    """
    return f"{run_id}.{kind}" if lang == "en" else f"{run_id}.{lang}.{kind}"


def write_report(
    run: Run,
    path: Path,
    kind: str,
    words: Words,
    *,
    sites: str | Sequence[str] | None = None,
    asked: Mapping[str, dict[str, Any]] | None = None,
) -> Path:
    """Write a run as a file of a kind.

    Parameters
    ----------
    run
        A run.
    path
        File to write; it must not be there yet.
    kind
        One of :data:`KINDS`.
    words
        Language, from :func:`words_of`.
    sites
        Sites that get a sheet of formulas in a workbook; those of the greatest value, gain or loss by default.
    asked
        Site to its explanation, for the memo.

    Raises
    ------
    StoreError
        If the file is there already or cannot be written.
    DataError
        If a package that draws or prints is missing, or a workbook is asked of a run without its study.
    """
    if kind == "xlsx":
        from wattworth.reports.workbook import write_workbook

        return write_workbook(run, path, sites=sites, words=words, digits=words.digits)
    if kind == "pdf":
        from wattworth.reports.memo import write_memo

        return write_memo(run, path, words=words, asked=asked)
    return placing.write_text(path, page(run.result, words, charts=True), new=True)
