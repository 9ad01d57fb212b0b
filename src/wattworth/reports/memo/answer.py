"""The first pages: what it is worth, what to do, where it lies, and every site in one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wattworth.reports import appendix, headline
from wattworth.reports.formatting import DASH, chance, gigawatts, megawatts, money, month, per_watt
from wattworth.reports.memo.blocks import Block, Cell, Piece, given, head, para, part, plain, points, table
from wattworth.reports.memo.reading import blocks_of
from wattworth.reports.memo.source import Source, quantiles, tile
from wattworth.reports.site_table import best_use_words
from wattworth.reports.sites import (
    Document,
    best_document,
    best_value_usd,
    entry,
    is_leased,
    number,
    ranked,
    squeezed_ids,
    use_document,
)
from wattworth.reports.story import story

_BEST: Final = 5
_CONVERSIONS: Final = 3


def answer(source: Source) -> Iterator[Block]:
    """The answer, on the first page."""
    words, result = source.words, source.result
    totals, valued = result.get("totals") or {}, ranked(result)
    p10, p50, p90 = (number(totals, "npv_usd", key) for key in ("p10", "p50", "p90"))
    if valued and p10 is not None and p50 is not None and p90 is not None:
        printed = {"p10": money(p10), "p50": money(p50), "p90": money(p90)}
        yield para(words("memo.answer.lead", sites=words.count("sites", len(valued)), **printed), words, "lead")
    elif not valued:
        yield para(words("memo.answer.lead.none"), words, "lead")
    yield {"kind": "tiles", "tiles": _tiles(source)}
    yield para(plain(story(result, words)), words)
    if source.top:
        yield head(words("memo.best"), words)
        yield _best(source)
    yield head(words("memo.do"), words)
    yield points(list(_to_do(source)) or [words("memo.do.none")], words)


def where(source: Source) -> Iterator[Block]:
    """Map, power by best use, companies."""
    words, result = source.words, source.result
    yield part(words("memo.where"), words, new_page=True)
    drawn = source.chart("map", width_frac=0.78) or source.chart("world", width_frac=0.78)
    yield from drawn or [para(words("memo.where.none"), words, "note")]
    if groups := _groups(result):
        yield head(words("memo.by_use"), words)
        heads = [
            source.named("memo.col.use"),
            source.named("head.sites", end=True),
            source.named("head.gross", end=True),
        ]
        rows = [
            [
                source.cell(words.of("use", use), end=False),
                source.cell(words.count("sites", group["sites"])),
                source.cell(gigawatts(group["gross_mw"])),
            ]
            for use, group in groups
        ]
        yield table(heads, rows, [2, 1, 1]) | {"tiny": True}
    yield head(words("companies.title"), words)
    yield para(words("companies.note"), words, "note")
    yield from (block | {"tiny": True} for block in blocks_of(appendix.companies(result, words), words))


def every_site(source: Source) -> Iterator[Block]:
    """The table of all sites valued."""
    words, result = source.words, source.result
    yield part(words("memo.table"), words, new_page=True)
    sites = ranked(result)
    if not sites:
        yield para(words("table.empty"), words)
        return
    yield para(words("memo.table.note"), words, "note")
    keys = ("col.site", "col.company", "col.gross", "col.best", "col.value", "memo.col.per_w", "memo.col.range")
    keys = (*keys, "col.sure", "col.gain", "col.first")
    text = {"col.site", "col.company", "col.best"}
    out = squeezed_ids(result)
    rows = [_row(site, source, squeezed=site["site_id"] in out) for site in sites]
    heads = [source.named(key, end=key not in text) for key in keys]
    widths = [{"col.site": 1.8, "col.company": 1.2, "col.best": 1.2}.get(key, 0) for key in keys]
    yield table(heads, [*rows, _total(source)], widths) | {"tiny": True, "total": True}


def _tiles(source: Source) -> list[dict[str, list[Piece]]]:
    words, result = source.words, source.result
    totals = result.get("totals") or {}
    share = {
        "share": gigawatts(number(totals, "share_gross_mw")),
        "firm": gigawatts(number(totals, "share_firm_gross_mw")),
    }
    assumed, used = entry(result, "facts", "assumptions"), entry(result, "facts", "used")
    ranges = (quantiles(totals.get("npv_usd"), money), quantiles(totals.get("usd_per_gross_w"), per_watt))
    order = words("order")
    value_note, per_w_note = (f"{order}: {each}" if each else "" for each in ranges)
    found = (
        ("head.value", money(number(totals, "npv_usd", "mean")), value_note),
        ("head.per_w", per_watt(number(totals, "usd_per_gross_w", "mean")), per_w_note),
        ("head.gross", gigawatts(number(totals, "gross_mw")), words("head.gross.note", **share)),
        ("head.sites", f"{len(ranked(result)):,}", words("head.sites.of", n=len(result["sites"]))),
        ("memo.assumptions", _count(assumed), words("head.doubt.note", n=_count(used))),
    )
    return [tile(source, words(key), value, note) for key, value, note in found]


def _count(number_: int | None) -> str:
    return DASH if number_ is None else f"{number_:,}"


def _best(source: Source) -> Block:
    text = ("col.site", "col.best")
    keys = ("col.site", "col.best", "col.value", "memo.col.per_w", "memo.col.quantiles", "col.sure")
    rows = [
        [
            source.site(site),
            _use(site, source),
            source.cell(money(best_value_usd(site))),
            source.cell(per_watt(number(best_document(site), "usd_per_gross_w", "mean"))),
            source.cell(quantiles(best_document(site).get("risked_npv_usd"), money) or DASH),
            source.cell(chance(site.get("prob_best_frac"))),
        ]
        for site in source.top[:_BEST]
    ]
    return table([source.named(key, end=key not in text) for key in keys], rows, [1.5, 1.5, 0, 0, 0, 0])


def _to_do(source: Source) -> Iterator[str]:
    """What follows from the numbers, in sentences."""
    words, result = source.words, source.result
    out = squeezed_ids(result)
    chosen = [site for site in ranked(result) if site.get("best_use") and site["site_id"] not in out]
    moving = [
        (gain, site)
        for site in chosen
        if site["best_use"] != site.get("today_use") and (gain := number(site, "gain_vs_today_usd", "mean") or 0.0) > 0
    ]
    for gain, site in sorted(moving, key=lambda pair: -pair[0])[:_CONVERSIONS]:
        fields = {"name": site["site"], "use": words.of("clause", site["best_use"]), "gain": money(gain)}
        told = words("memo.do.beside" if is_leased(site) else "memo.do.convert", **fields)
        second = runner_up(site) if site.get("tie") else None
        yield f"{told} {words('memo.do.tie', second=words.of('clause', second))}" if second else told
    if same := sum(site["best_use"] == site.get("today_use") for site in chosen):
        yield words("memo.do.keep", sites=words.count("sites", same))
    if ties := sum(bool(site.get("tie")) for site in chosen):
        yield words.count("memo.do.ties", ties)
    assumed, used = entry(result, "facts", "assumptions"), entry(result, "facts", "used")
    if chosen and assumed and used:
        yield words("memo.do.facts", assumed=f"{assumed:,}", used=f"{used:,}")
    if chosen and (found := len(result.get("warnings") or [])):
        yield words.count("memo.do.warnings", found)


def runner_up(site: Document) -> str | None:
    """The use of a site with the second highest mean risked value."""
    means = {use: number(use_document(site, use), "risked_npv_usd", "mean") for use in site.get("uses") or {}}
    known = sorted((use for use, mean in means.items() if mean is not None), key=lambda use: -(means[use] or 0.0))
    others = [use for use in known if use != site.get("best_use")]
    return others[0] if others else None


def _use(site: Document, source: Source) -> Cell:
    words = source.words
    found = blocks_of(f"<table><tr><td>{best_use_words(site, words)}</td></tr></table>", words)  # type: ignore[arg-type]
    return found[0]["rows"][0][0]


def _row(site: Document, source: Source, *, squeezed: bool) -> list[Cell]:
    words, best = source.words, best_document(site)
    per_w = entry(best, "usd_per_gross_w") or {}
    low, high = per_watt(number(per_w, "p10"), unit=False), per_watt(number(per_w, "p90"), unit=False)
    use = source.best(site)
    if squeezed:
        use["p"] += source.cell("", words("squeezed"))["p"][1:]
    same = site.get("best_use") and site.get("best_use") == site.get("today_use")
    return [
        source.cell(given(site["site"]), end=False),
        source.cell(given(site.get("company") or ""), end=False),
        source.cell(megawatts(site.get("gross_mw"))),
        use,
        source.cell(money(best_value_usd(site))),
        source.cell(per_watt(number(per_w, "mean"), unit=False)),
        source.cell(DASH if DASH in (low, high) else words.range(low, high)),
        source.cell(chance(site.get("prob_best_frac")) + ("*" if site.get("tie") else "")),
        source.cell(DASH if same else money(number(site, "gain_vs_today_usd", "mean"))),
        source.cell(month(entry(best, "first_revenue", "p50"))),
    ]


def _total(source: Source) -> list[Cell]:
    words, totals = source.words, source.result.get("totals") or {}
    per_w = totals.get("usd_per_gross_w") or {}
    low, high = per_watt(number(per_w, "p10"), unit=False), per_watt(number(per_w, "p90"), unit=False)
    return [
        source.cell(words("row.total"), end=False) | {"span": 2},
        source.cell(megawatts(totals.get("share_gross_mw"))),
        source.cell(""),
        source.cell(money(number(totals, "npv_usd", "mean"))),
        source.cell(per_watt(number(per_w, "mean"), unit=False)),
        source.cell(DASH if DASH in (low, high) else words.range(low, high)),
        source.cell("") | {"span": 3},
    ]


def demand(source: Source) -> list[Block]:
    """What the head of the page says of tenants."""
    found = blocks_of(headline.in_short(source.result, source.words), source.words)
    return [block | {"style": ""} for block in found if block["kind"] == "para" and block["style"] == "note"]


def _groups(result: Document) -> list[tuple[str, Document]]:
    return sorted((entry(result, "totals", "by_best_use") or {}).items(), key=lambda item: -item[1]["gross_mw"])
