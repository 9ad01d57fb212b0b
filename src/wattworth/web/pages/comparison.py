"""Two runs side by side as sections: what changed, and the bridge of their totals by cause and by site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from wattworth.reports.cells import headed, table
from wattworth.reports.figures import svg
from wattworth.reports.formatting import DASH, money, plain
from wattworth.reports.markup import Html, join, name, said, tag, text
from wattworth.reports.shell import tile
from wattworth.reports.words import Words
from wattworth.valuation.bridge import CLOSING
from wattworth.valuation.compare import NOT_SPLIT
from wattworth.web.pages.frame import place

Document = dict[str, Any]
WIDTH: Final = 260
HEIGHT: Final = 22
_MARGIN: Final = 8
_MOST_CHANGES: Final = 200


@dataclass(frozen=True, slots=True)
class _Scale:
    """A common scale of bars, in dollars."""

    low: float
    high: float

    def x(self, value_usd: float) -> float:
        """Place of a value on the drawing, in pixels."""
        share_frac = (value_usd - self.low) / ((self.high - self.low) or 1.0)
        return round(_MARGIN + share_frac * (WIDTH - 2 * _MARGIN), 1)


def comparison(found: Document, words: Words) -> Html:
    """What changed between two runs, and why and where the total moved.

    Parameters
    ----------
    found
        Document of :func:`wattworth.valuation.compare.compare`.
    words
        Language.
    """
    sections = [
        headed(words("web.compare.why"), words("web.compare.why.note"), _by_cause(found, words), anchor="why"),
        headed(words("web.compare.where"), words("web.compare.where.note"), _by_site(found, words), anchor="where"),
        headed(words("web.compare.changes"), None, _changes(found, words), anchor="changes"),
    ]
    return tag("div", _in_short(found, words), *sections, class_="compare")


def _in_short(found: Document, words: Words) -> Html:
    tiles = [
        tile(words(f"web.compare.{side}"), money(found[side]["mean_usd"]), _run_link(found[side], words), mark=side)
        for side in ("before", "after")
    ]
    tiles.append(
        tile(words("web.compare.change"), signed(found["change_usd"]), words("web.compare.change.note"), mark="change")
    )
    return tag("dl", *tiles, class_="figures")


def _run_link(head: Document, words: Words) -> Html:
    link = tag("a", tag("bdi", head["run_id"], dir="ltr"), href=place(words, f"/runs/{head['run_id']}"))
    told = words("web.compare.made", as_of=head["as_of"], draws=f"{head['draws']:,}", seed=head["seed"])
    return join([link, tag("br"), told])


def signed(amount_usd: float) -> str:
    """A change of money with its sign.

    Examples
    --------
    >>> signed(2.5e9), signed(0.0)
    ('+$2.5bn', '$0')
    """
    printed = money(amount_usd)
    return f"+{printed}" if amount_usd > 0 and printed != "$0" else printed


def _by_cause(found: Document, words: Words) -> Html:
    """The waterfall: each step hangs where the one above it ended."""
    start, end = found["before"]["mean_usd"], found["after"]["mean_usd"]
    totals = [start, *(row["total_usd"] for row in found["by_cause"]), end]
    scale = _Scale(min(totals), max(totals))
    rows = [_level(words("web.compare.before"), start, scale)]
    at = start
    for row in found["by_cause"]:
        change, then = row["change_usd"], row["total_usd"]
        detail = words("web.compare.closing") if row["step"] == CLOSING else said(row["detail"])
        drawn = _hanging(scale, at, then)
        cells = (
            tag("th", _step(row["step"], words), tag("small", detail), scope="row"),
            tag("td", drawn, class_="drawn"),
            tag("td", signed(change), class_="n", data_v=change),
            tag("td", money(then), class_="n"),
        )
        rows.append(tag("tr", *cells, data_step=row["step"]))
        at = then
    rows.append(_level(words("web.compare.after"), end, scale))
    heads = [("step", None), ("drawn", None), ("change", "n"), ("total", "n")]
    printed = [(words(f"web.compare.col.{key}"), kind) for key, kind in heads]
    return table(words("web.compare.why"), printed, rows, class_="bridge")


def _level(label: str, total_usd: float, scale: _Scale) -> Html:
    at = scale.x(total_usd)
    mark = tag("path", class_="level", d=f"M{at:g} 4l5 7 -5 7 -5 -7z")
    return tag(
        "tr",
        tag("th", label, scope="row"),
        tag("td", _drawing(mark), class_="drawn"),
        tag("td"),
        tag("td", money(total_usd), class_="n"),
        class_="level",
    )


def _hanging(scale: _Scale, start_usd: float, end_usd: float) -> Html:
    left, right = sorted((scale.x(start_usd), scale.x(end_usd)))
    kind = "up" if end_usd >= start_usd else "down"
    here = scale.x(end_usd)
    return _drawing(
        tag("rect", class_=kind, x=left, y=4, width=round(max(right - left, 1.5), 1), height=14),
        tag("line", class_="link", x1=here, x2=here, y1=18, y2=HEIGHT),
    )


def _drawing(*drawn: Html) -> Html:
    """A bar beside the numbers that say the same."""
    whole = svg(WIDTH, HEIGHT, "waterfall", "", *drawn)
    return Html(str(whole).replace('role="img" aria-label=""', 'aria-hidden="true"').replace("<title></title>", ""))


def _step(step: str, words: Words) -> Html:
    """The kind of a step in words; those taken together are joined."""
    key = f"web.compare.step.{step.replace(' ', '_')}"
    if key in words.table:
        return text(words(key))
    kinds = [words.of("web.compare.step", kind.replace(" ", "_")) for kind in step.split(" and ")]
    return words.listed([text(kind) for kind in kinds])


def _by_site(found: Document, words: Words) -> Html:
    moved = [row for row in found["by_site"] if row["change_usd"] != 0]
    if not moved:
        return tag("p", words("web.compare.where.none"), class_="note")
    changes = [row["change_usd"] for row in moved]
    scale = _Scale(min(0.0, *changes), max(0.0, *changes))
    heads = [("site", None), ("drawn", None), ("change", "n"), ("was", "n"), ("is", "n"), ("use", None)]
    printed = [(words(f"web.compare.col.{key}"), kind) for key, kind in heads]
    rows = [_site(row, found, scale, words) for row in moved]
    kept = len(found["by_site"]) - len(moved)
    below = tag("p", words.count("web.compare.where.kept", kept), class_="note") if kept else None
    return join([table(words("web.compare.where"), printed, rows, class_="bridge"), *([below] if below else [])])


def _site(row: Document, found: Document, scale: _Scale, words: Words) -> Html:
    zero = tag("line", class_="zero", x1=scale.x(0.0), x2=scale.x(0.0), y1=0, y2=HEIGHT)
    left, right = sorted((scale.x(0.0), scale.x(row["change_usd"])))
    kind = "up" if row["change_usd"] >= 0 else "down"
    bar = tag("rect", class_=kind, x=left, y=4, width=round(max(right - left, 1.5), 1), height=14)
    side = "after" if row["after_use"] else "before"
    link = tag("a", name(row["site_id"]), href=place(words, f"/runs/{found[side]['run_id']}/sites/{row['site_id']}"))
    uses = [words.of("use", row[key]) if row[key] else DASH for key in ("before_use", "after_use")]
    use = uses[1] if uses[0] == uses[1] else words("web.compare.from_to", before=uses[0], after=uses[1])
    return tag(
        "tr",
        tag("th", words("web.compare.not_split") if row["site_id"] == NOT_SPLIT else link, scope="row"),
        tag("td", _drawing(zero, bar), class_="drawn"),
        tag("td", signed(row["change_usd"]), class_="n", data_v=row["change_usd"]),
        tag("td", money(row["before_usd"]), class_="n"),
        tag("td", money(row["after_usd"]), class_="n"),
        tag("td", use),
    )


def _changes(found: Document, words: Words) -> Html:
    listed = list(_listed(found["changes"], words))
    if not listed:
        return tag("p", words("web.compare.changes.none"), class_="note")
    heads = [(words(f"web.compare.col.{key}"), None) for key in ("kind", "what", "was_set", "is_set")]
    rows = [
        tag("tr", tag("td", kind), tag("th", tag("code", what, dir="ltr"), scope="row"), tag("td", was), tag("td", now))
        for kind, what, was, now in listed[:_MOST_CHANGES]
    ]
    more = len(listed) - _MOST_CHANGES
    below = tag("p", words.count("web.compare.changes.more", more), class_="note") if more > 0 else None
    return join([table(words("web.compare.changes"), heads, rows), *([below] if below else [])])


def _listed(changes: Document, words: Words) -> Iterator[tuple[str, str, object, object]]:
    """Kind, name, and value before and after of every change."""
    for kind in ("settings", "run"):
        for row in changes[kind]:
            yield words(f"web.compare.kind.{kind}"), row["name"], _told(row["before"]), _told(row["after"])
    for fact in changes["facts"]:
        kind = words("web.compare.kind.packaged" if fact["packaged"] else "web.compare.kind.fact")
        yield kind, fact["key"], _fact(fact["before"], words), _fact(fact["after"], words)
    for kind, key, column in (("sites", "site_id", "column"), ("uses", "use", "option")):
        for what in ("removed", "added"):
            for each in changes[kind][what]:
                yield words(f"web.compare.kind.{kind}.{what}"), each, DASH, DASH
        for row in changes[kind]["changed"]:
            both = f"{row[key]} {row[column]}"
            yield words(f"web.compare.kind.{kind}"), both, _told(row["before"]), _told(row["after"])


def _fact(row: Document | None, words: Words) -> object:
    if row is None:
        return words("web.compare.as_packaged")
    ends = None if row.get("low") is None else tag("small", words.range(plain(row["low"]), plain(row["high"])))
    unit = said(str(row["unit"])) if row.get("unit") else ""
    return join([plain(row["value"]), " ", unit, *([ends] if ends else [])])


def _told(value: Any) -> object:
    if value is None:
        return DASH
    return plain(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else said(str(value))
