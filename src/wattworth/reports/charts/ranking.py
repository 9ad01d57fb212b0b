"""Sites by value per watt, the best first, each with its range; and dollars by company."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.charts.look import Drawn, site_labels, stands_for, whole
from wattworth.reports.formatting import megawatts, money, per_watt
from wattworth.reports.sites import (
    best_document,
    best_value_usd,
    entry,
    free_gross_mw,
    is_leased,
    leased_it_mw,
    number,
    ranked,
    squeezed_ids,
)

SHOWN: Final = 25
"""Most rows of a chart; the rest are counted beneath its title."""
_KEYS: Final = ("p10", "p50", "p90", "mean")


def site_row(site: dict[str, Any], label: str, drawn: Drawn) -> dict[str, Any]:
    """What a tooltip says of a site, and the use that colours it."""
    values = best_document(site).get("usd_per_gross_w") or {}
    printed = {key: per_watt(values.get(key)) for key in _KEYS}
    return {
        "site_id": site["site_id"],
        "label": label,
        "company": site["company"],
        "use": drawn.use(stands_for(site)),
        "best": drawn.text(_best(site, drawn)),
        "mw": drawn.text(f"{megawatts(site['gross_mw'])} MW"),
        "value": drawn.text(money(best_value_usd(site))),
        "printed": drawn.text(printed["mean"]),
        "range": drawn.text(" · ".join(printed[key] for key in ("p10", "p50", "p90"))),
    }


def _best(site: dict[str, Any], drawn: Drawn) -> str:
    """The best use, or what is leased and what is best for the rest."""
    words, use = drawn.words, drawn.words.of("use", site["best_use"])
    if not is_leased(site):
        return use
    told, rest_mw = [words("best.leased", mw=megawatts(leased_it_mw(site)))], free_gross_mw(site)
    told += [words("best.rest", mw=megawatts(rest_mw), use=use)] if rest_mw > 0 else []
    return " · ".join(told)


def rows(drawn: Drawn) -> list[dict[str, Any]]:
    """One row per site with firm power, the dearest mean per watt first."""
    sites = [site for site in ranked(drawn.document) if site.get("best_use")]
    labels = site_labels(sites)
    valued = [site for site in sites if whole(best_document(site).get("usd_per_gross_w") or {}, *_KEYS)]
    out = [
        site_row(site, labels[site["site_id"]], drawn)
        | {key: number(best_document(site), "usd_per_gross_w", key) for key in _KEYS}
        for site in valued
    ]
    return sorted(out, key=lambda row: -row["mean"])


def ranking(drawn: Drawn) -> Any:
    """Range and mean per watt of each site; None where no site has a value per watt."""
    import altair as alt

    every, words = rows(drawn), drawn.words
    if not every:
        return None
    shown, rest = every[:SHOWN], _rest(drawn, every)
    picked, faded = drawn.filtered()
    base = alt.Chart(alt.InlineData(values=shown)).encode(
        y=alt.Y("label:N", sort=[row["label"] for row in shown], title=None),
        tooltip=drawn.tips(
            label="site", company="company", best="best", mw="mw", printed="per_watt", range="range", value="value"
        ),
        opacity=faded,
    )
    axis = alt.Axis(title=drawn.say("axis.per_watt"))
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule().encode(x="zero:Q")
    bars = base.mark_bar(height=9).encode(
        x=alt.X("p10:Q", axis=axis), x2="p90:Q", color=drawn.use_colour(row["use"] for row in shown)
    )
    middles = base.mark_tick(thickness=2, height=15, color=drawn.tone["ink"]).encode(x="p50:Q")
    means = base.mark_point(shape="diamond", size=62, strokeWidth=1.4).encode(
        x="mean:Q", fill=alt.value(drawn.tone["paper"]), stroke=alt.value(drawn.tone["ink"]), opacity=alt.value(1)
    )
    parts = "; ".join(
        words("charts.ranking.item", site=row["label"], **{key: per_watt(row[key]) for key in ("mean", "p10", "p90")})
        for row in shown[:5]
    )
    return alt.layer(zero, bars.add_params(picked), middles, means).properties(
        title=drawn.head(words("charts.ranking.title"), words("charts.ranking.note", rest=rest)),
        description=drawn.alt(words("charts.ranking.alt", parts=parts, rest=rest)),
        height=22 * len(shown),
    )


def _rest(drawn: Drawn, every: list[dict[str, Any]]) -> str:
    """What the ranking leaves out."""
    words, n_site = drawn.words, sum(1 for site in ranked(drawn.document) if site.get("best_use"))
    told = [words.count("charts.rest", len(every) - SHOWN)] if len(every) > SHOWN else []
    if n_site > len(every):
        told.append(words.count("charts.no_firm", n_site - len(every)))
    return " ".join(told) or words("charts.all")


def company_rows(drawn: Drawn) -> list[dict[str, Any]]:
    """One row per company and use, at the share of each site that is counted; each company adds up to its total."""
    sums: dict[tuple[str, str], list[float]] = {}
    out = squeezed_ids(drawn.document)
    for site in drawn.document["sites"]:
        usd, counted = best_value_usd(site), site.get("counted_frac")
        if usd is None or not counted or site["site_id"] in out:
            continue
        sums.setdefault((site["company"], stands_for(site)), []).append(counted * usd)
    found: list[dict[str, Any]] = []
    for company in entry(drawn.document, "totals", "by_company") or []:
        own = {use: sum(usd) for (name, use), usd in sums.items() if name == company["company"]}
        left = company["npv_usd"] - sum(own.values())
        if abs(left) > 1.0:  # a site that no tenant is left for counts in its next best use
            own[""] = left
        for use, usd in own.items():
            found.append(
                {
                    "company": company["company"],
                    "use": drawn.use(use) if use else drawn.say("value.next"),
                    "usd_m": usd / 1e6,
                    "value": drawn.text(money(usd)),
                    "total": drawn.text(money(company["npv_usd"])),
                    "mw": drawn.text(f"{megawatts(company['share_firm_gross_mw'])} MW"),
                    "printed": drawn.text(per_watt(company["usd_per_gross_w"])),
                }
            )
    return found


def value(drawn: Drawn) -> Any:
    """Dollars of each company by the use its sites are best for; None where nothing is counted."""
    import altair as alt

    every, words = company_rows(drawn), drawn.words
    if not every:
        return None
    names = list(dict.fromkeys(row["company"] for row in every))
    kept, left = names[:SHOWN], len(names) - SHOWN
    shown = [row for row in every if row["company"] in kept]
    rest = words.count("charts.companies", left) if left > 0 else words("charts.companies.all")
    picked, faded = drawn.filtered()
    bars = (
        alt.Chart(alt.InlineData(values=shown))
        .mark_bar(height=13)
        .encode(
            y=alt.Y("company:N", sort=kept, title=None),
            x=alt.X("usd_m:Q", axis=alt.Axis(title=drawn.say("axis.usd_m"))),
            color=drawn.use_colour(row["use"] for row in shown),
            tooltip=drawn.tips(
                company="company", use="use", value="value", total="total", mw="firm", printed="per_watt"
            ),
            opacity=faded,
        )
    )
    totals = {row["company"]: row["total"] for row in shown}
    parts = "; ".join(
        words("charts.value.item", company=company, value=money(_total(drawn, company))) for company in kept[:5]
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule().encode(x="zero:Q")
    return alt.layer(bars.add_params(picked), zero).properties(
        title=drawn.head(words("charts.value.title"), words("charts.value.note", rest=rest)),
        description=drawn.alt(words("charts.value.alt", n=len(totals), parts=parts, rest=rest)),
        height=21 * len(kept),
    )


def _total(drawn: Drawn, company: str) -> float:
    return next(row["npv_usd"] for row in drawn.document["totals"]["by_company"] if row["company"] == company)
