"""What limits the answer, what the evidence says of the model, and what would change the choice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wattworth.reports import appendix, evidence_comps, evidence_scores
from wattworth.reports.formatting import DASH, chance, gigawatts, money, plain
from wattworth.reports.memo.answer import demand, runner_up
from wattworth.reports.memo.blocks import Block, head, para, part, points, table
from wattworth.reports.memo.reading import blocks_of
from wattworth.reports.memo.source import Source
from wattworth.reports.sites import Document, best_value_usd, entry, number, ranked, use_document


def limits(source: Source) -> Iterator[Block]:
    """Tenants, ownership, megawatts counted once, sites not valued."""
    words, result = source.words, source.result
    totals = result.get("totals") or {}
    yield part(words("memo.limits"), words, new_page=True)
    yield head(words("memo.limits.demand"), words)
    yield from demand(source) or [para(words("memo.limits.demand.none"), words)]
    power = {key: gigawatts(number(totals, f"{name}_mw")) for key, name in _POWER.items()}
    yield para(words("memo.limits.all", **power), words)
    for title, section, widths in _LEFT_OUT:
        yield head(words(title), words)
        for block in blocks_of(section(result, words), words):
            yield block | {"tiny": True, "widths": widths} if block["kind"] == "table" else block


_LEFT_OUT: Final = (
    ("doubles.title", appendix.counted_once, [1.2, 1, 0, 2.4]),
    ("unvalued.title", appendix.not_valued, [1.6, 0.8, 2.4]),
)
_POWER: Final = {"gross": "gross", "share": "share_gross", "firm": "share_firm_gross"}


def evidence(source: Source) -> Iterator[Block]:
    """The back-test of the model, and the market beside the run."""
    words = source.words
    yield part(words("memo.evidence"), words)
    if source.backtest is not None:
        yield para(words("memo.evidence.tape"), words, "note")
        found = blocks_of(evidence_scores.in_short(source.backtest, words), words)
        yield from (block for block in found if block["kind"] == "para")
    yield head(words("memo.evidence.market"), words)
    told = _market(source)
    yield from told or [para(words("memo.evidence.none"), words)]


def _market(source: Source) -> list[Block]:
    if source.comps is None or not any(entry(row, "market", "value") for row in source.comps.get("companies") or ()):
        return []
    found = blocks_of(evidence_comps.market(source.comps, source.words), source.words)
    return [block for block in found if block["kind"] == "para" and block["style"] == ""]


def flips(source: Source) -> Iterator[Block]:
    """How close the second use is, and what would make it the first."""
    words = source.words
    yield part(words("memo.flip"), words, new_page=True)
    rivals = [site for site in source.top if runner_up(site)]
    if not rivals:
        yield para(words("memo.flip.none"), words)
        return
    yield para(words("memo.flip.note"), words, "note")
    keys = ("col.site", "col.best", "memo.col.second", "memo.col.lead", "col.sure", "memo.col.hindsight")
    rows = []
    for site in rivals:
        second = str(runner_up(site))
        after = number(use_document(site, second), "risked_npv_usd", "mean")
        value = best_value_usd(site)
        lead = money(None if value is None or after is None else value - after)
        rows.append([
            source.site(site),
            source.best(site),
            source.cell(words.of("use", second), end=False),
            source.cell(lead + ("*" if site.get("tie") and lead != DASH else "")),
            source.cell(chance(site.get("prob_best_frac"))),
            source.cell(chance(site.get("prob_best_ex_post_frac"))),
            source.cell(words.of("use", on_central_path(site)), end=False),
        ])  # fmt: skip
    heads = [source.named(key, end=place > 2) for place, key in enumerate(keys)]
    yield table([*heads, source.named("memo.col.path")], rows, [1.6, 1.2, 1.2, 0, 0, 0, 1.2])
    sites = [site for site in ranked(source.result) if site.get("best_use")]
    other = sum(on_central_path(site) not in (None, site["best_use"]) for site in sites)
    told = words("memo.flip.central", sites=words.count("sites", other)) if other else words("memo.flip.central.none")
    yield para(told, words)
    yield from source.chart("uses", site_id=rivals[0]["site_id"], width_frac=0.75)
    yield from _asked(source)


def on_central_path(site: Document) -> str | None:
    """The use worth most where every fact has its stated value."""
    values = {use: number(use_document(site, use), "central", "risked_npv_usd") for use in site.get("uses") or {}}
    known = {use: value for use, value in values.items() if value is not None}
    return max(known, key=lambda use: known[use], default=None)


def _asked(source: Source) -> Iterator[Block]:
    """Break-even inputs of the sites that were asked."""
    words = source.words
    if not source.asked:
        yield para(words("memo.flip.more"), words, "note")
    names = {site["site_id"]: site["site"] for site in source.result["sites"]}
    for site_id, told in source.asked.items():
        yield head(words("memo.flip.asked", name=names[site_id]), words)
        yield points([_break_even(even, source) for even in told["break_even"]], words)
        yield from source.chart("tornado", site_id=site_id, width_frac=0.8)


def _break_even(even: Document, source: Source) -> str:
    words, unit = source.words, str(even["unit"])
    times = 100.0 if unit == "frac" or unit.startswith("frac/") else 1.0
    known = {key: number(even, key) for key in ("present", "low", "high", "switches")}
    printed = {key: plain(None if value is None else times * value) for key, value in known.items()}
    fields = {
        "best": words.of("use", even["best_use"]),
        "name": even["input"],
        "unit": f"%{unit.removeprefix('frac')}" if times > 1 else unit,
        "present": printed["present"],
    }
    at = known["switches"]
    if at is None:
        return words("memo.flip.stays", **fields, low=printed["low"], high=printed["high"])
    side = "above" if at > even["present"] else "below"
    return words(f"memo.flip.{side}", **fields, then=words.of("use", even["then"]), at=printed["switches"])
