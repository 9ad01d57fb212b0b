"""What the numbers rest on: how the run was made, what its terms mean, its warnings and its weakest facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wattworth.reports import appendix
from wattworth.reports.guide import guide
from wattworth.reports.headline import masthead
from wattworth.reports.memo.blocks import Block, head, para, part
from wattworth.reports.memo.reading import blocks_of
from wattworth.reports.memo.source import Source

_FACTS: Final = 36


def method(source: Source) -> Iterator[Block]:
    """How the run was made and what its terms mean."""
    words = source.words
    yield part(words("memo.method"), words, new_page=True)
    made = [block for block in blocks_of(masthead(source.result, words), words) if block["kind"] == "pairs"]
    yield from (block | {"grid": True} for block in made)
    yield head(words("read.title"), words)
    yield from blocks_of(guide(words), words)


def warnings(source: Source) -> Iterator[Block]:
    """What the run warns of."""
    yield part(source.words("warnings.title"), source.words)
    for block in blocks_of(appendix.warnings(source.result, source.words), source.words):
        yield block | {"tiny": True, "widths": [1, 2, 1, 1.4]} if block["kind"] == "table" else block


def sources(source: Source) -> Iterator[Block]:
    """Facts behind the run, weakest first."""
    words, result = source.words, source.result
    listed = result.get("weakest_facts") or []
    yield part(words("memo.sources"), words)
    yield para(appendix.facts_note(result, words), words)
    if len(listed) > _FACTS:
        yield para(words("memo.sources.some", shown=_FACTS, all=f"{len(listed):,}"), words, "note")
    shown = {**result, "weakest_facts": listed[:_FACTS]}
    for block in blocks_of(appendix.facts(shown, words), words):
        yield block | {"tiny": True, "widths": [1.5, 0, 0, 0.7, 0.8, 0, 2.6]} if block["kind"] == "table" else block
