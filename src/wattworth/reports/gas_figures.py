"""Drawings of a gas study on axes: netbacks, supply by use, allocation and income by year, gigawatts, and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wattworth.reports.evidence_amounts import ticks
from wattworth.reports.evidence_figures import Axis
from wattworth.reports.figures import svg
from wattworth.reports.formatting import plain
from wattworth.reports.gap_rows import Row, rows_figure, shortened
from wattworth.reports.gas_words import (
    NO_BCM,
    Document,
    Unit,
    expected,
    marks_of,
    musd,
    per_mmbtu,
    unit_of,
    use_label,
    worth,
)
from wattworth.reports.markup import Html, tag
from wattworth.reports.words import Words, language

WIDTH: Final = 360
MOST_RUNGS: Final = 18
MOST_BLOCKS: Final = 24
MOST_RELAXED: Final = 14
_LEFT, _RIGHT = 40.0, WIDTH - 8.0
_TOP, _BASE, _FOOT = 28.0, 226.0, 34
_ROW: Final = 33
_LETTER_PX: Final = 5.7
_CLIPPED: Final = 2.2
_ROOM_FOR_LETTER: Final = 9.0
_MUSD_PER_BILLION: Final = 1000.0
_LEAST_YEARS_PX: Final = 30.0
_HALO: Final = "paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round"
_LETTER: Final = f"font-weight:700;font-size:10px;{_HALO}"
_EDGE: Final = "stroke:var(--paper);stroke-width:.7"
_NO_USE: Final = "fill:none;stroke:var(--warn);stroke-width:1.1;stroke-dasharray:4 3"
_DASHED: Final = "stroke:var(--ink);stroke-width:1.3;stroke-dasharray:5 3"


def ladder_options(found: Document) -> list[str]:
    """Options whose netbacks are drawn, the highest at the field first; the best of each use where there are many."""
    means = expected(found)
    order = sorted(means, key=lambda option: (-means[option]["field_usd_per_mmbtu"], option))
    if len(order) <= MOST_RUNGS:
        return order
    best: dict[str, str] = {}
    for option in order:
        best.setdefault(means[option]["use"], option)
    return list(best.values())


def ladder(found: Document, case: str, words: Words) -> Html:
    """Netback of each option in a price case: what owner and state have, at the field, the plant, and before capex."""
    rungs = {rung["option"]: rung for rung in found["netbacks"] if rung["case"] == case}
    options = [option for option in ladder_options(found) if option in rungs]
    held = [rung for rung in found["netbacks"] if rung["option"] in set(options)]
    sure = [rung[f"{key}_usd_per_mmbtu"] for rung in held for key in ("inlet", "field", "owner")]
    before = [rung["inlet_before_capex_usd_per_mmbtu"] for rung in held]
    top = max([*sure, 1.0])
    drawn_to = max([top, *(each for each in before if each <= _CLIPPED * top)])
    axis = Axis(min([*sure, 0.0]), drawn_to, 6.0, WIDTH - 12.0, log=False)
    base = _ROW * len(options) + 4
    drawn = [*_down(axis, 0.0, base, words("gs.axis.netback"))]
    for place, option in enumerate(options):
        drawn.append(_rung(rungs[option], axis, _ROW * place, words))
    told = words.row((_rung_words(rungs[option], words) for option in options), "semicolon")
    alt = words("gs.ladder.alt", case=case, rows=told or words("gs.nothing"))
    return svg(WIDTH, base + _FOOT, "bar ladder", alt, *drawn)


def _rung_words(rung: Document, words: Words) -> str:
    key = "gs.ladder.row" if rung["available"] else "gs.ladder.row.barred"
    fields = {
        name: per_mmbtu(rung[f"{name}_usd_per_mmbtu"])
        for name in ("inlet_before_capex", "inlet", "field", "owner", "state")
    }  # fmt: skip
    return words(key, option=rung["option"], **fields)


def _rung(rung: Document, axis: Axis, top: float, words: Words) -> Html:
    owner, field = rung["owner_usd_per_mmbtu"], rung["field_usd_per_mmbtu"]
    inlet, before = rung["inlet_usd_per_mmbtu"], rung["inlet_before_capex_usd_per_mmbtu"]
    label = words("gs.barred", option=rung["option"]) if not rung["available"] else rung["option"]
    letters = int((WIDTH - 60) / _LETTER_PX)
    y = top + 16.0
    faint = {} if rung["available"] else {"opacity": 0.45}
    bars = [
        _across(axis, 0.0, owner, y, 6.0, "fill:var(--use-0)", "owner"),
        _across(axis, owner, field, y + 6.0, 5.0, "fill:var(--use-1)", "state"),
        tag("rect", style="fill:var(--ink)", x=round(axis.at(inlet) - 1.0, 2), y=y - 2, width=2, height=15),
    ]
    at = axis.at(before)
    if before > axis.high:
        bars.append(tag("path", style="fill:var(--soft)", d=f"M{at - 1:g} {y + 0.5:g}l8 5 -8 5z"))
        bars.append(
            tag("text", per_mmbtu(before), x=at - 4, y=y + 9.5, text_anchor="end", class_="tick", style=_HALO)
        )  # fmt: skip
    else:
        style = "fill:var(--paper);stroke:var(--ink);stroke-width:1.4"
        bars.append(tag("path", style=style, d=f"M{at:g} {y + 0.8:.1f}l4.6 4.7 -4.6 4.7 -4.6 -4.7z"))
    return tag(
        "g",
        tag("title", _rung_words(rung, words)),
        tag("text", shortened(label, letters), x=2, y=top + 12, style=_HALO),
        tag("text", per_mmbtu(field), x=WIDTH - 2, y=top + 12, text_anchor="end", class_="value", style=_HALO),
        tag("g", *bars, **faint),
        data_option=rung["option"],
    )


def _across(axis: Axis, start: float, end: float, y: float, tall: float, style: str, part: str) -> Html:
    left, right = sorted((axis.at(start), axis.at(end)))
    return tag("rect", style=style, x=left, y=y, width=round(right - left, 2), height=tall, data_part=part)


def _down(axis: Axis, top: float, base: float, told: str) -> Iterator[Html]:
    """Marks of an axis that runs across, and the line of nought."""
    for value in ticks(axis.low, axis.high, log=False):
        at = axis.at(value)
        yield tag("line", class_="grid" if value else "zero", x1=at, x2=at, y1=top, y2=base + 3)
        anchor = "start" if at < axis.left + 6 else "end" if at > axis.right - 6 else "middle"
        yield tag("text", plain(value), x=at, y=base + 14, text_anchor=anchor, class_="tick")
    yield tag("text", told, x=WIDTH - 4, y=base + 29, text_anchor="end", class_="tick")


def _up(axis: Axis, told: str) -> Iterator[Html]:
    """Marks of an axis that runs up, and the line of nought."""
    yield tag("text", told, x=2, y=10, class_="tick")
    for value in ticks(axis.low, axis.high, log=False):
        at = axis.at(value)
        yield tag("line", class_="grid" if value else "zero", x1=_LEFT, x2=_RIGHT, y1=at, y2=at)
        yield tag("text", plain(value), x=_LEFT - 5, y=at + 3.5, text_anchor="end", class_="tick")


@dataclass(frozen=True, slots=True)
class Block:
    """Gas that an option or a use takes in an average year, and its mean netback at the field."""

    label: str
    use: str
    volume_bcm: float
    usd_per_mmbtu: float


def blocks_of(found: Document, words: Words) -> list[Block]:
    """Options that take gas, the highest netback first; by use where there are many, weighted by what they take."""
    means, n = expected(found), len(found["years"])
    own = [
        Block(option["option"], option["use"], sum(option["gas_bcm"]) / n, _field_usd(means, option["option"]))
        for option in found["allocation"]["options"]
        if sum(option["gas_bcm"]) > NO_BCM
    ]
    if len(own) > MOST_BLOCKS:
        uses = dict.fromkeys(block.use for block in own)
        own = [_added(use, [block for block in own if block.use == use], words) for use in uses]
    return sorted(own, key=lambda block: (-block.usd_per_mmbtu, block.label))


def _field_usd(means: dict[str, Document], option: str) -> float:
    return float(means[option]["field_usd_per_mmbtu"]) if option in means else 0.0


def _added(use: str, blocks: Sequence[Block], words: Words) -> Block:
    volume = sum(block.volume_bcm for block in blocks)
    usd = sum(block.volume_bcm * block.usd_per_mmbtu for block in blocks) / volume
    return Block(use_label(use, words), use, volume, usd)


def supply_curve(found: Document, words: Words) -> Html:
    """What gas earns at the field against the volume taken, up to all that is available."""
    blocks, unit, marks, n = blocks_of(found, words), unit_of(found), marks_of(found), len(found["years"])
    available = sum(sum(field["available_bcm"]) for field in found["allocation"]["fields"]) / n
    produced = sum(sum(field["produced_bcm"]) for field in found["allocation"]["fields"]) / n
    taken = sum(block.volume_bcm for block in blocks)
    x = Axis(0.0, max(available, taken) * unit.per_bcm or 1.0, _LEFT, _RIGHT, log=False)
    prices = [block.usd_per_mmbtu for block in blocks]
    y = Axis(min([*prices, 0.0]), max([*prices, 1.0]), _BASE, _TOP, log=False)
    drawn = [*_up(y, words("gs.axis.netback")), *_below(x, unit.name(words))]
    at = 0.0
    for block in blocks:
        style = f"fill:{marks.colour(block.use)};{_EDGE}"
        wide = block.volume_bcm * unit.per_bcm
        told = _block_words(block, unit, words)
        drawn.append(_block(x, y, (at, at + wide), block.usd_per_mmbtu, style, marks.letter(block.use), told))
        at += wide
    for key, volume, style in (
        ("lost", produced - taken, "fill:var(--soft)"),
        ("unused", available - produced, _NO_USE),
    ):
        if volume > NO_BCM:
            wide = volume * unit.per_bcm
            left, right = x.at(at), x.at(at + wide)
            tall = 5.0 if key == "lost" else y.at(0.0) - _TOP
            top, long = round(y.at(0.0) - tall, 1), round(right - left, 2)
            sheet = tag("rect", style=style, x=left, y=top, width=long, height=round(tall, 1), data_part=key)
            drawn.append(tag("g", tag("title", words(f"gs.end.{key}")), sheet))
            at += wide
    rows = words.row((_block_words(block, unit, words) for block in blocks), "semicolon")
    rest = unit.said(max(available - produced, 0.0), words)
    alt = words("gs.supply.alt", rows=rows or words("gs.nothing"), unused=rest)
    return svg(WIDTH, round(_BASE) + _FOOT, "bar supply", alt, *drawn)


def _block_words(block: Block, unit: Unit, words: Words) -> str:
    return words(
        "gs.supply.row",
        label=block.label,
        volume=unit.said(block.volume_bcm, words),
        usd=per_mmbtu(block.usd_per_mmbtu),
    )


def _block(
    x: Axis, y: Axis, ends: tuple[float, float], value: float, style: str, letter: str, told: str
) -> Html:  # fmt: skip
    left, right = x.at(ends[0]), x.at(ends[1])
    top, low = sorted((y.at(0.0), y.at(value)))
    bar = tag("rect", style=style, x=left, y=top, width=round(right - left, 2), height=round(max(low - top, 1.0), 2),
              data_block=letter)  # fmt: skip
    above = round(min(top, y.at(0.0)) - 3, 1)
    over = tag("text", letter, x=round((left + right) / 2, 1), y=above, text_anchor="middle", style=_LETTER)
    return tag("g", tag("title", told), bar, over if right - left >= _ROOM_FOR_LETTER else None)


def _below(x: Axis, told: str) -> Iterator[Html]:
    for value in ticks(x.low, x.high, log=False):
        at = x.at(value)
        yield tag("line", class_="zero", x1=at, x2=at, y1=_BASE, y2=_BASE + 3)
        yield tag("text", plain(value), x=at, y=_BASE + 14, text_anchor="middle", class_="tick")
    yield tag("text", told, x=_RIGHT, y=_BASE + 29, text_anchor="end", class_="tick")


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of a stack of columns: one value for each year."""

    label: str
    values: Sequence[float]
    style: str
    letter: str
    mark: str


def use_layers(found: Document, values: Callable[[Document], Sequence[float]], words: Words) -> list[Layer]:
    """A layer of each use that takes gas."""
    marks = marks_of(found)
    rows = {row["use"]: row for row in found["offset"]["by_use"]}
    return [
        Layer(use_label(use, words), values(rows[use]), f"fill:{marks.colour(use)};{_EDGE}", marks.letter(use), use)
        for use in marks.uses
        if use in rows
    ]


def years_figure(found: Document, words: Words) -> Html:
    """Gas by use in each year, and on top what is lost on the way and what finds no use."""
    unit, n = unit_of(found), len(found["years"])
    fields = found["allocation"]["fields"]
    available = [sum(field["available_bcm"][i] for field in fields) for i in range(n)]
    produced = [sum(field["produced_bcm"][i] for field in fields) for i in range(n)]
    layers = use_layers(found, lambda row: row["gas_bcm"], words)
    taken = [sum(layer.values[i] for layer in layers) for i in range(n)]
    lost = [max(produced[i] - taken[i], 0.0) for i in range(n)]
    unused = [max(available[i] - produced[i], 0.0) for i in range(n)]
    layers.append(Layer(words("gs.end.lost"), lost, f"fill:var(--soft);{_EDGE}", "", "lost"))
    layers.append(Layer(words("gs.end.unused"), unused, _NO_USE, "", "unused"))
    scaled = [
        Layer(each.label, [value * unit.per_bcm for value in each.values], each.style, each.letter, each.mark)
        for each in layers
    ]
    return columns_figure(
        found["years"], scaled, unit.name(words), words("gs.years.alt"), words,
        said=lambda value: unit.printed(value / unit.per_bcm),
    )  # fmt: skip


def offset_figure(found: Document, words: Words) -> Html:
    """Sales by use in each year below what is lost, in billions of dollars, or millions where all are small."""
    lost = found["offset"]["lost_musd_per_year"]
    scale, unit = _money_scale([lost or 0.0, *(year["revenue_musd"] for year in found["offset"]["by_year"])])
    layers = use_layers(found, lambda row: [value / scale for value in row["revenue_musd"]], words)
    line = None if lost is None else (lost / scale, words("gs.offset.lost", money=musd(lost)))
    alt = words("gs.offset.alt")
    return columns_figure(
        found["years"], layers, words(unit), alt, words, line=line, said=lambda value: musd(scale * value)
    )  # fmt: skip


def _money_scale(values_musd: Sequence[float]) -> tuple[float, str]:
    """Millions of dollars in a unit of a drawing, and the key of its words."""
    small = max(values_musd, default=0.0) < _MUSD_PER_BILLION
    return (1.0, "gs.axis.millions") if small else (_MUSD_PER_BILLION, "gs.axis.billions")


def columns_figure(
    years: Sequence[int],
    layers: Sequence[Layer],
    unit: str,
    title: str,
    words: Words,
    *,
    said: Callable[[float], str],
    line: tuple[float, str] | None = None,
) -> Html:
    """Stacked columns, one for each year, and a dashed level with its words if there is one."""
    above = [sum(max(layer.values[i], 0.0) for layer in layers) for i in range(len(years))]
    under = [sum(min(layer.values[i], 0.0) for layer in layers) for i in range(len(years))]
    high = max([*above, line[0] if line else 0.0]) or 1.0
    y = Axis(min([*under, 0.0]), high, _BASE, _TOP, log=False)
    slot = (_RIGHT - _LEFT) / max(len(years), 1)
    drawn, told = [*_up(y, unit)], []
    every = max(1, -int(-_LEAST_YEARS_PX // slot))
    for i, year in enumerate(years):
        left = _LEFT + slot * (i + 0.12)
        up = down = 0.0
        for layer in layers:
            value = layer.values[i]
            start, end = (up, up + value) if value >= 0 else (down + value, down)
            up, down = (up + value, down) if value >= 0 else (up, down + value)
            tall = round(y.at(start) - y.at(end), 2)
            if tall > 0.0:
                drawn.append(_piece(layer, left, y.at(end), slot * 0.76, tall, f"{layer.label}, {year}: {said(value)}"))
        if i % every == 0:
            middle = round(_LEFT + slot * (i + 0.5), 1)
            drawn.append(tag("text", str(year), x=middle, y=_BASE + 15, text_anchor="middle", class_="tick"))
        parts = [f"{layer.label} {said(layer.values[i])}" for layer in layers if abs(layer.values[i]) > NO_BCM]
        told.append(f"{year}: {words.row(parts) or words('gs.nothing')}")
    if line:
        at = y.at(line[0])
        drawn.append(tag("line", style=_DASHED, x1=_LEFT, x2=_RIGHT, y1=at, y2=at, class_="lost"))
        drawn.append(tag("text", line[1], x=_RIGHT, y=at - 5, text_anchor="end", style=_HALO))
        told.append(line[1])
    return svg(
        WIDTH,
        round(_BASE) + 24,
        "bar columns",
        words("gs.columns.alt", title=title, rows=words.row(told, "semicolon")),
        *drawn,
    )


def _piece(layer: Layer, left: float, top: float, wide: float, tall: float, told: str) -> Html:
    bar = tag(
        "rect", style=layer.style, x=round(left, 2), y=top, width=round(wide, 2), height=tall, data_layer=layer.mark
    )  # fmt: skip
    room = layer.letter and tall >= _ROOM_FOR_LETTER + 3 and wide >= _ROOM_FOR_LETTER
    middle = round(left + wide / 2, 1)
    over = tag("text", layer.letter, x=middle, y=round(top + tall / 2 + 3.5, 1), text_anchor="middle", style=_LETTER)
    return tag("g", tag("title", told), bar, over if room else None)


def bridge_figure(found: Document, words: Words) -> Html:
    """Gigawatts of combined cycle and of computers from each volume, and the gap of the United States as a line."""
    bridge, rows = found["bridge"], []
    for step in bridge["steps"]:
        label = words.table.get(f"gs.step.{step['name']}", step["name"])
        for key, kind in (("ccgt", "span"), ("it", "level")):
            value = step[f"{key}_gw"]
            rows.append(Row(words(f"gs.bridge.{key}", step=label), f"{value:.1f}", 0.0, value, kind=kind))
    gap = bridge["us_gap_gw"]
    marked = (gap, words("gs.bridge.gap", gw=f"{gap:g}"))
    return rows_figure(rows, words("gs.bridge.alt"), words("gs.axis.gw"), _gap_words(words), marked=marked)


def relaxed_rows(found: Document) -> list[Document]:
    """Limits whose absence adds something, the dearest first."""
    rows = [each for each in found["relaxed"] if each["worth_musd"]]
    return sorted(rows, key=lambda each: (-each["worth_musd"], each["limit"]))


def relaxed_figure(found: Document, words: Words) -> Html | None:
    """What taking each limit away adds, the most first; None where nothing adds anything."""
    rows = relaxed_rows(found)[:MOST_RELAXED]
    if not rows:
        return None
    gains = [each["worth_musd"] for each in rows]
    scale, unit = (1.0, "gs.axis.jobs") if found["objective_name"] == "jobs" else _money_scale(gains)
    made = [
        Row(limit_name(each, words), worth(gain, found, words), 0.0, gain / scale, kind="level")
        for each, gain in zip(rows, gains, strict=True)
    ]
    return rows_figure(made, words("gs.relaxed.alt"), words(unit), _gap_words(words))


def limit_name(each: Document, words: Words) -> str:
    """A limit that was taken away, or a set of them."""
    if len(each["rows"]) > 1 and each["limit"].startswith("all of "):
        return words("gs.together", name=each["limit"].removeprefix("all of "))
    return each["limit"]


def _gap_words(words: Words) -> Words:
    """The words of the drawing of rows, in the language of the page."""
    return language(words.lang, "gap", digits=words.digits)
