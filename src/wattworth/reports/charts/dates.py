"""When the power of each site first earns, in its best use."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.charts.look import Drawn, site_labels
from wattworth.reports.charts.ranking import SHOWN, site_row
from wattworth.reports.formatting import megawatts
from wattworth.reports.sites import best_document, ranked

_KEYS: Final = ("p10", "p50", "p90")
_NO_POWER: Final = ("site_sale", "hold")


def year(month: str) -> float:
    """A month as a number of years: ``2027-07`` is 2027.5."""
    return int(month[:4]) + (int(month[5:7]) - 1) / 12


def date_rows(drawn: Drawn) -> tuple[list[dict[str, Any]], int, int]:
    """Sites whose best use is to bring power later, the soonest first; how many earn already; how many sell or wait."""
    sites = [site for site in ranked(drawn.document) if site.get("best_use")]
    labels, as_of = site_labels(sites), str(drawn.document.get("as_of"))
    rows: list[dict[str, Any]] = []
    n_now = n_idle = 0
    for site in sites:
        dates = best_document(site).get("first_revenue") or {}
        if site["best_use"] in _NO_POWER or not all(dates.get(key) for key in _KEYS):
            n_idle += 1
        elif year(dates["p50"]) <= year(as_of) + 1.5 / 12:
            n_now += 1
        else:
            rows.append(
                site_row(site, labels[site["site_id"]], drawn)
                | {key: year(dates[key]) for key in _KEYS}
                | {"gross_mw": site["gross_mw"], "when": drawn.text(" · ".join(dates[key] for key in _KEYS))}
            )
    return sorted(rows, key=lambda row: (row["p50"], row["p90"], row["label"])), n_now, n_idle


def time_to_power(drawn: Drawn) -> Any:
    """First revenue from P10 to P90 by site; None where no site waits for any."""
    import altair as alt

    (every, n_now, n_idle), words = date_rows(drawn), drawn.words
    if not every:
        return None
    shown = every[:SHOWN]
    told = [words.count("charts.later", len(every) - SHOWN)] if len(every) > SHOWN else []
    told += [words.count("charts.now", n_now)] if n_now else []
    told += [words.count("charts.idle", n_idle)] if n_idle else []
    rest = " ".join(told)
    picked, faded = drawn.filtered()
    base = alt.Chart(alt.InlineData(values=shown)).encode(
        y=alt.Y("label:N", sort=[row["label"] for row in shown], title=None),
        tooltip=drawn.tips(label="site", company="company", best="best", mw="mw", when="when", value="value"),
        opacity=faded,
    )
    axis = alt.Axis(title=drawn.say("axis.first"), format="d", tickMinStep=1)
    bars = base.mark_bar(height=9).encode(
        x=alt.X("p10:Q", axis=axis, scale=alt.Scale(zero=False, nice=True)),
        x2="p90:Q",
        color=drawn.use_colour(row["use"] for row in shown),
    )
    middles = base.mark_tick(thickness=2, height=15, color=drawn.tone["ink"]).encode(x="p50:Q")
    parts = "; ".join(
        words("charts.time.item", site=row["label"], mw=megawatts(row["gross_mw"]), when=row["when"])
        for row in shown[:5]
    )
    return alt.layer(bars.add_params(picked), middles).properties(
        title=drawn.head(words("charts.time.title"), words("charts.time.note", rest=rest)),
        description=drawn.alt(words("charts.time.alt", parts=parts, rest=rest)),
        height=22 * len(shown),
    )
