"""Charts of one site: its uses side by side, the steps to its value, what drives it, its cash by year."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.charts.look import Drawn, lines, whole
from wattworth.reports.formatting import known, money, per_watt, plain
from wattworth.reports.sites import best_document, entry, number

DRIVERS: Final = 12
"""Most facts of a tornado."""
_STEP_PX: Final = 68
_KEYS: Final = ("p10", "p50", "p90", "mean")


def uses(drawn: Drawn) -> Any:
    """Every use of the site on one basis; None where no use of it is valued."""
    import altair as alt

    site, words = drawn.site, drawn.words
    open_to = {use: each for use, each in ((site or {}).get("uses") or {}).items() if each.get("available")}
    if site is None or not open_to:
        return None
    firm = all(whole(each.get("usd_per_gross_w") or {}, *_KEYS) for each in open_to.values())
    measure, printer, per = ("usd_per_gross_w", per_watt, 1.0) if firm else ("risked_npv_usd", money, 1e6)
    rows = []
    for use, each in open_to.items():
        values = each.get(measure) or {}
        if not whole(values, *_KEYS):
            continue
        rows.append(
            {
                "use": drawn.use(use),
                "best": use == site.get("best_use"),
                "printed": drawn.text(printer(values["mean"])),
                "range": drawn.text(" · ".join(printer(values[key]) for key in ("p10", "p50", "p90"))),
                "value": drawn.text(money(number(each, "risked_npv_usd", "mean"))),
                **{key: values[key] / per for key in _KEYS},
            }
        )
    rows.sort(key=lambda row: -row["mean"])
    closed = [words.of("use", use) for use in site["uses"] if use not in open_to]
    rest = words("charts.uses.closed", uses=words("charts.comma").join(closed)) if closed else ""
    axis = alt.Axis(title=drawn.say("axis.per_watt" if firm else "axis.usd_m"))
    colour = alt.condition("datum.best", alt.value(drawn.tone["use-0"]), alt.value(drawn.tone["use-5"]))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("use:N", sort=[row["use"] for row in rows], title=None),
        tooltip=drawn.tips(use="use", printed="mean", range="range", value="value"),
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule().encode(x="zero:Q")
    bars = base.mark_bar(height=11, opacity=0.85).encode(x=alt.X("p10:Q", axis=axis), x2="p90:Q", color=colour)
    middles = base.mark_tick(thickness=2, height=17, color=drawn.tone["ink"]).encode(x="p50:Q")
    means = base.mark_point(shape="diamond", size=66, strokeWidth=1.4, opacity=1).encode(
        x="mean:Q", fill=alt.value(drawn.tone["paper"]), stroke=alt.value(drawn.tone["ink"])
    )
    parts = "; ".join(f"{row['use']}: {row['printed']} ({row['range']})" for row in rows)
    return alt.layer(zero, bars, middles, means).properties(
        title=drawn.head(words("charts.uses.title", site=site["site"]), words("charts.uses.note", rest=rest)),
        description=drawn.alt(words("charts.uses.alt", site=site["site"], parts=parts)),
        height=28 * len(rows),
    )


def steps(site: dict[str, Any], drawn: Drawn) -> list[dict[str, Any]]:
    """Each step of the waterfall with the values it hangs between; a level stands on nought."""
    out: list[dict[str, Any]] = []
    at = 0.0
    listed = site.get("waterfall") or []
    for place, step in enumerate(listed):
        dollars = number(step, "usd_per_gross_w")
        if dollars is None:
            continue
        level = step.get("level", place in (0, len(listed) - 1))
        start, end = (0.0, dollars) if level else (at, at + dollars)
        kind = "level" if level else "up" if dollars >= 0 else "down"
        sign = "+" if kind == "up" else ""
        name = drawn.words.of("step", step["step"])
        out.append(
            {
                "step": "\n".join(lines(name, drawn.words, _STEP_PX)),
                "name": name,
                "kind": kind,
                "from": start,
                "to": end,
                "usd_per_gross_w": dollars,
                "printed": drawn.text(sign + per_watt(dollars)),
                "label": sign + per_watt(dollars, unit=False).replace("$", ""),
                "top": max(start, end),
            }
        )
        at = end
    return out


def waterfall(drawn: Drawn) -> Any:
    """From what a lease creates to what the watt is worth; None where no part of the site can be leased."""
    import altair as alt

    site, words = drawn.site, drawn.words
    rows = steps(site, drawn) if site is not None else []
    if site is None or not rows:
        return None
    names = [row["step"] for row in rows]
    tone = drawn.tone
    colour = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(domain=["level", "up", "down"], range=[tone["use-0"], tone["up"], tone["down"]]),
    )
    order = names if words.direction == "ltr" else names[::-1]
    axis = alt.Axis(labelExpr=r"split(datum.label, '\n')", labelAngle=0, title=None, labelOverlap=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("step:N", sort=order, axis=axis, scale=alt.Scale(paddingInner=0.25)),
        tooltip=drawn.tips(name="step", printed="per_watt"),
    )
    bars = base.mark_bar().encode(
        y=alt.Y("from:Q", axis=alt.Axis(title=drawn.say("axis.per_leasable"))), y2="to:Q", color=colour
    )
    texts = base.mark_text(dy=-7).encode(y="top:Q", text="label:N")
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule().encode(y="zero:Q")
    parts = "; ".join(f"{row['name']} {row['printed']}" for row in rows)
    return alt.layer(bars, texts, zero).properties(
        title=drawn.head(words("charts.waterfall.title", site=site["site"]), words("charts.waterfall.note")),
        description=drawn.alt(words("charts.waterfall.alt", site=site["site"], parts=parts)),
        height=250,
    )


def driver_rows(drawn: Drawn) -> tuple[list[dict[str, Any]], int]:
    """Two rows per fact, one for each end, the widest swing first; and how many facts are left out."""
    found = [
        row
        for row in entry(drawn.beside, "drivers") or []
        if known(entry(row, "best", "at_low_usd")) and known(entry(row, "best", "at_high_usd"))
    ]
    found.sort(key=lambda row: -abs(row["best"]["at_high_usd"] - row["best"]["at_low_usd"]))
    site = drawn.site
    base = number(best_document(site), "central", "risked_npv_usd") if site is not None else None
    if base is None:
        return [], 0
    rows = [
        {
            "fact": row["fact"],
            "end": drawn.say(f"tornado.{end}"),
            "from": base / 1e6,
            "to": row["best"][f"at_{end}_usd"] / 1e6,
            "is": drawn.text(f"{plain(row[end])} {row['unit']}"),
            "stated": drawn.text(f"{plain(row['value'])} {row['unit']}"),
            "value": drawn.text(money(row["best"][f"at_{end}_usd"])),
        }
        for row in found[:DRIVERS]
        for end in ("low", "high")
    ]
    return rows, max(0, len(found) - DRIVERS)


def tornado(drawn: Drawn) -> Any:
    """What the best use of the site is worth with each fact at its low and its high; None without drivers."""
    import altair as alt

    (rows, left), site, words = driver_rows(drawn), drawn.site, drawn.words
    if site is None or not rows:
        return None
    rest = words.count("charts.tornado.rest", left) if left else ""
    tone = drawn.tone
    ends = [drawn.say("tornado.low"), drawn.say("tornado.high")]
    colour = alt.Color(
        "end:N",
        scale=alt.Scale(domain=ends, range=[tone["use-1"], tone["use-0"]]),
        legend=alt.Legend(title=None),
    )
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(height=12, opacity=0.9)
        .encode(
            y=alt.Y("fact:N", sort=list(dict.fromkeys(row["fact"] for row in rows)), title=None),
            x=alt.X("from:Q", axis=alt.Axis(title=drawn.say("axis.usd_m")), scale=alt.Scale(zero=False)),
            x2="to:Q",
            color=colour,
            tooltip=drawn.tips(fact="fact", end="end", stated="stated", value="value", **{"is": "is"}),
        )
    )
    middle = alt.Chart(alt.InlineData(values=[{"base": rows[0]["from"]}])).mark_rule().encode(x="base:Q")
    parts = "; ".join(f"{row['fact']} {row['is']}: {row['value']}" for row in rows[:8])
    named = {"site": site["site"], "use": words.of("use", site["best_use"])}
    return alt.layer(bars, middle).properties(
        title=drawn.head(words("charts.tornado.title", **named), words("charts.tornado.note", rest=rest)),
        description=drawn.alt(words("charts.tornado.alt", parts=parts, **named)),
        height=20 * len(rows) // 2,
    )


def fan(drawn: Drawn) -> Any:
    """Cash of each year of one use, P10 to P90; None without it."""
    import altair as alt

    site, words = drawn.site, drawn.words
    cash, use = entry(drawn.beside, "cash", "years") or [], entry(drawn.beside, "cash", "use")
    if site is None or not cash:
        return None
    keys = ("p10", "p50", "p90")
    last = max((place for place, row in enumerate(cash) if any(row[key] for key in keys)), default=0)
    rows = [
        {
            "year": row["year"],
            **{key: row[key] / 1e6 for key in keys},
            "range": drawn.text(" · ".join(money(row[key]) for key in keys)),
            "mean": drawn.text(money(row["mean"])),
            "middle": drawn.say("fan.p50"),
            "band": drawn.say("fan.band"),
            "printed": drawn.text(str(row["year"])),
        }
        for row in cash[: last + 1]
    ]
    named = [drawn.say("fan.band"), drawn.say("fan.p50")]
    scale = alt.Scale(domain=named, range=[drawn.tone["span"], drawn.tone["use-0"]])
    legend = alt.Legend(title=None, symbolOpacity=1)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "year:Q",
            axis=alt.Axis(title=drawn.say("axis.year"), format="d", tickMinStep=1, grid=False),
            scale=alt.Scale(zero=False, nice=False),
        ),
        tooltip=drawn.tips(printed="year", range="range", mean="mean"),
    )
    band = base.mark_area(opacity=0.75).encode(
        y=alt.Y("p10:Q", axis=alt.Axis(title=drawn.say("axis.usd_m_year"))),
        y2="p90:Q",
        color=alt.Color("band:N", scale=scale, legend=legend),
    )
    line = base.mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=26)).encode(
        y="p50:Q", color=alt.Color("middle:N", scale=scale)
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule().encode(y="zero:Q")
    title = {"site": site["site"], "use": words.of("use", use)}
    parts = "; ".join(f"{row['year']}: {row['range']}" for row in rows[:: max(1, len(rows) // 6)])
    return alt.layer(band, zero, line).properties(
        title=drawn.head(words("charts.fan.title", **title), words("charts.fan.note")),
        description=drawn.alt(words("charts.fan.alt", parts=parts, **title)),
        height=260,
    )
