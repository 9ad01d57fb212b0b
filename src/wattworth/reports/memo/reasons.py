"""Why each use wins at the sites worth most, what can go wrong there, and when the money comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wattworth.reports.formatting import DASH, chance, gigawatts, megawatts, money, month, per_watt, rate
from wattworth.reports.markup import Html
from wattworth.reports.memo.answer import runner_up
from wattworth.reports.memo.blocks import Block, given, head, para, part, table
from wattworth.reports.memo.source import Source, quantiles
from wattworth.reports.sites import (
    Document,
    best_document,
    best_value_usd,
    entry,
    free_gross_mw,
    is_leased,
    leased_it_mw,
    number,
    ranked,
    use_document,
)

_EXPLAINED: Final = 3


def why(source: Source) -> Iterator[Block]:
    """Best use and why, for the first few sites."""
    words, sites = source.words, source.top[:_EXPLAINED]
    yield part(words("memo.why"), words, new_page=True)
    if not sites:
        yield para(words("memo.why.none"), words)
        return
    yield para(words("memo.why.note", sites=words.count("sites", len(sites))), words, "note")
    for site in sites:
        company = f" \N{MIDDLE DOT} {given(site['company'])}" if site.get("company") else ""
        yield head(f"{given(site['site'])}{company}", words)
        yield para(" ".join(_reason(site, source)), words)
        yield _uses(site, source)
        if site is sites[0]:
            yield from source.chart("waterfall", site_id=site["site_id"], width_frac=0.7)


def risk(source: Source) -> Iterator[Block]:
    """How far outcomes lie apart, as a whole and at the sites worth most."""
    words, totals = source.words, source.result.get("totals") or {}
    yield part(words("memo.risk"), words, new_page=True)
    printed = {key: money(number(totals, "npv_usd", key)) for key in ("p10", "p50", "p90", "mean")}
    if not source.top or DASH in printed.values():
        yield para(words("memo.risk.none"), words)
        return
    yield para(words("memo.risk.lead", **printed), words)
    yield from source.chart("ranking", width_frac=0.75)
    yield para(words("memo.risk.note"), words, "note")
    keys = ("col.site", "col.best", "col.chance", "memo.col.loss", "memo.col.fails", "memo.col.residual")
    keys = (*keys, "memo.col.capital", "memo.col.equity")
    rows = []
    for site in source.top:
        best = best_document(site)
        fallback = money(number(best, "fallback_npv_usd", "mean"))
        rows.append([
            source.site(site),
            source.best(site),
            source.cell(chance(best.get("success_frac"))),
            source.cell(chance(best.get("loss_prob_frac"))),
            source.cell(words("missing.cannot_fail") if fallback == DASH else fallback),
            source.cell(money(number(best, "npv_no_residual_usd", "mean"))),
            source.cell(money(number(best, "capex_usd", "p50"))),
            source.cell(money(number(best, "peak_equity_usd", "p50"))),
        ])  # fmt: skip
    heads = [source.named(key, end=place > 1) for place, key in enumerate(keys)]
    yield table(heads, rows, [1.6, 1.2, 0, 0, 0.9, 0, 0, 0])
    first = next((site["site_id"] for site in source.top if site["site_id"] in source.cash), None)
    yield from source.chart("fan", site_id=first, width_frac=0.7) if first else ()


def time_to_power(source: Source) -> Iterator[Block]:
    """When the best uses first earn."""
    words = source.words
    yield part(words("memo.time"), words)
    dated = [site for site in source.top if month(entry(best_document(site), "first_revenue", "p50")) != DASH]
    if states := _states(source):
        yield para(states, words)
    if not dated:
        yield para(words("memo.time.none"), words)
        return
    yield para(words("memo.time.note"), words, "note")
    yield from source.chart("time_to_power", width_frac=0.75)
    keys = ("col.site", "col.status", "col.best", "memo.col.quick", "memo.col.middle", "memo.col.slow")
    rows = [
        [
            source.site(site),
            source.cell(words.of("status", site.get("status")), end=False),
            source.best(site),
            *(source.cell(month(entry(best_document(site), "first_revenue", key))) for key in ("p10", "p50", "p90")),
        ]
        for site in dated
    ]
    yield table([source.named(key, end=place > 2) for place, key in enumerate(keys)], rows, [1.6, 1, 1.2, 0, 0, 0])


def _reason(site: Document, source: Source) -> Iterator[str]:
    """Why the best use of a site is the best, in sentences."""
    words, best, second = source.words, site["best_use"], runner_up(site)
    value, fields = best_value_usd(site), {"use": words.of("use", best)}
    after = number(use_document(site, second), "risked_npv_usd", "mean") if second else None
    if value is None:
        return
    if is_leased(site) and free_gross_mw(site) <= 0:
        yield words("memo.why.whole", mw=megawatts(leased_it_mw(site)), value=money(value))
        return
    if second is None or after is None:
        yield words("memo.why.only", **fields, value=money(value))
    else:
        told = {"value": money(value), "lead": money(value - after), "second": words.of("clause", second)}
        yield words("memo.why.lead.leased" if is_leased(site) else "memo.why.lead", **fields, **told)
    if site.get("tie"):
        yield words("memo.why.tie")
    if (sure := chance(site.get("prob_best_frac"))) != DASH:
        yield words("memo.why.sure", prob=sure)
    if is_leased(site):
        yield words("memo.why.leased", mw=megawatts(leased_it_mw(site)), rest=megawatts(free_gross_mw(site)))
    closed = [
        Html(words("memo.why.closed.item", use=words.of("use", use), reason=str(each["reason"])))
        for use, each in (site.get("uses") or {}).items()
        if not each.get("available") and each.get("reason")
    ]
    if closed:
        yield words("memo.why.closed", items=words.row(closed, "semicolon"))


def _uses(site: Document, source: Source) -> Block:
    """Every use open to a site, dearest first."""
    words = source.words
    keys = ("memo.col.use", "memo.col.mean", "memo.col.quantiles", "memo.col.per_w", "col.chance")
    keys = (*keys, "memo.col.loss", "memo.col.yield", "col.first")
    found = [(use, use_document(site, use)) for use in site.get("uses") or {}]
    open_ = [(use, each, number(each, "risked_npv_usd", "mean")) for use, each in found if each]
    rows = [
        [
            source.cell(words.of("use", use), words("uses.best") if use == site["best_use"] else "", end=False),
            source.cell(money(mean)),
            source.cell(quantiles(each.get("risked_npv_usd"), money) or DASH),
            source.cell(per_watt(number(each, "usd_per_gross_w", "mean"), unit=False)),
            source.cell(chance(each.get("success_frac"))),
            source.cell(chance(each.get("loss_prob_frac"))),
            source.cell(rate(number(each, "yield_on_cost_frac", "p50"))),
            source.cell(month(entry(each, "first_revenue", "p50"))),
        ]
        for use, each, mean in sorted(open_, key=lambda row: -(row[2] if row[2] is not None else float("-inf")))
    ]
    heads = [source.named(key, end=place > 0) for place, key in enumerate(keys)]
    return table(heads, rows, [1.4, 0, 0, 0, 0, 0, 0, 0])


def _states(source: Source) -> str:
    """Power of all valued sites by the state of its part."""
    words, totals = source.words, dict[str, float]()
    for site in ranked(source.result):
        for each in site.get("parts") or ():
            totals[each["state"]] = totals.get(each["state"], 0.0) + (each.get("gross_mw") or 0.0)
    if not totals:
        return ""
    items = [
        words("memo.time.item", state=words.of("status", state), gw=gigawatts(mw))
        for state, mw in sorted(totals.items(), key=lambda pair: -pair[1])
    ]
    return words("memo.time.stages", items=words.row(items))
