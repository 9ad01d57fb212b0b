"""One paragraph that says in plain words what the numbers say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wattworth.reports.formatting import chance, gigawatts, money, per_watt
from wattworth.reports.markup import Html, join, name, tag, text
from wattworth.reports.sites import (
    best_value_usd,
    entry,
    free_gross_mw,
    is_leased,
    number,
    ranked,
    squeezed_ids,
    unvalued,
)
from wattworth.reports.words import Words

_LARGE_SHARE_FRAC: Final = 0.2
_MOST_GAINS: Final = 3


def story(result: dict[str, Any], words: Words) -> Html:
    """The paragraph."""
    told = [*_value(result, words), *_choice(result, words), *_places(result, words), *_doubt(result, words)]
    return tag("p", join(told, " "), class_="story")


def _value(result: dict[str, Any], words: Words) -> Iterator[Html]:
    totals, sites = result.get("totals") or {}, ranked(result)
    mean = number(totals, "npv_usd", "mean")
    if not sites or mean is None:
        yield text(words("story.no_sites"))
        return
    yield words.html(
        "story.total",
        sites=words.count("sites", len(sites)),
        gw=gigawatts(number(totals, "gross_mw")),
        mean=tag("strong", money(mean)),
        per_w=per_watt(number(totals, "usd_per_gross_w", "mean")),
    )
    p10, p50, p90 = (number(totals, "npv_usd", key) for key in ("p10", "p50", "p90"))
    if p10 is not None and p50 is not None and p90 is not None:
        yield words.html("story.range", p10=money(p10), p50=money(p50), p90=money(p90))
        if not p10 <= mean <= p90:
            yield text(words("story.outside"))


def _choice(result: dict[str, Any], words: Words) -> Iterator[Html]:
    counted = sorted((entry(result, "totals", "by_best_use") or {}).items(), key=lambda item: -item[1]["sites"])
    if counted:
        items = [
            words.html(
                "story.uses.item",
                use=words.of("clause", use),
                sites=words.count("sites", group["sites"]),
                gw=gigawatts(number(group, "gross_mw")),
            )
            for use, group in counted
        ]
        yield words.html("story.uses", uses=words.listed(items))
    if any(is_leased(site) and free_gross_mw(site) > 0 for site in ranked(result)):
        yield text(words("story.leased"))
    chosen = [site for site in ranked(result) if site.get("best_use")]
    if chosen:
        ties = sum(bool(site.get("tie")) for site in chosen)
        yield text(words.count("story.ties", ties) if ties else words("story.ties.none"))
        unsure = sum((prob := number(site, "prob_best_frac")) is not None and prob < 0.5 for site in chosen)
        if unsure:
            yield text(words.count("story.unsure", unsure))


def _places(result: dict[str, Any], words: Words) -> Iterator[Html]:
    total = number(result, "totals", "npv_usd", "mean")
    out = squeezed_ids(result)
    held = [(_counted_usd(site), site) for site in ranked(result) if site["site_id"] not in out]
    largest_usd, largest = max(held, key=lambda pair: pair[0], default=(0.0, None))
    if largest is not None and total is not None and total > 0 and largest_usd / total >= _LARGE_SHARE_FRAC:
        yield words.html("story.largest", name=name(largest["site"]), share=chance(largest_usd / total))
    gains = [
        (gain, site)
        for _, site in held
        if (gain := number(site, "gain_vs_today_usd", "mean")) is not None
        and gain > 0
        and site.get("best_use") != site.get("today_use")
    ]
    best = sorted(gains, key=lambda pair: -pair[0])[:_MOST_GAINS]
    if best:
        items = [
            words.html(
                "story.gain.beside" if is_leased(site) else "story.gain.item",
                name=name(site["site"]),
                use=words.of("clause", site["best_use"]),
                gain=money(gain),
            )
            for gain, site in best
        ]
        yield words.html("story.gain", names=words.listed(items))


def _doubt(result: dict[str, Any], words: Words) -> Iterator[Html]:
    used = entry(result, "facts", "used")
    if used:
        yield words.html("story.doubt", used=f"{used:,}", assumed=f"{entry(result, 'facts', 'assumptions') or 0:,}")
    left_out = len(unvalued(result))
    if left_out:
        yield text(words.count("story.unvalued", left_out))


def _counted_usd(site: dict[str, Any]) -> float:
    return (best_value_usd(site) or 0.0) * (number(site, "counted_frac") or 0.0)
