"""A section per site: what it is, its parts, every use and the waterfall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wattworth.reports.cells import mean_and_range, missing, shown, spread, table
from wattworth.reports.figures import waterfall
from wattworth.reports.formatting import DASH, chance, megawatts, money, month, per_watt, plain, rate
from wattworth.reports.markup import Html, join, name, said, tag, text
from wattworth.reports.site_table import best_use_words, place
from wattworth.reports.sites import best_document, best_value_usd, entry, is_leased, number, ranked
from wattworth.reports.switching_words import step_of
from wattworth.reports.words import Words

Cell = Callable[[dict[str, Any]], Html]


def site_details(result: dict[str, Any], words: Words) -> Html:
    """Every valued site, folded, in the order of the table."""
    buttons = [
        tag("button", words(f"detail.{what}"), type="button", data_fold=what, hidden=True) for what in ("open", "close")
    ]
    sections = [_site(site, result, words) for site in ranked(result)]
    return join([tag("p", *buttons, class_="fold"), *sections])


def _site(site: dict[str, Any], result: dict[str, Any], words: Words) -> Html:
    value, per_w = best_value_usd(site), number(best_document(site), "usd_per_gross_w", "mean")
    summary = tag(
        "summary",
        tag("span", tag("strong", name(site["site"])), " ", tag("small", name(str(site.get("company") or "")))),
        tag("span", best_use_words(site, words), class_="best"),
        tag("span", money(value), " ", tag("small", per_watt(per_w)) if per_w is not None else None, class_="n"),
    )
    return tag("details", summary, site_body(site, result, words), id=f"site-{site['site_id']}", class_="site")


def site_body(site: dict[str, Any], result: dict[str, Any], words: Words) -> Html:
    """All there is of a valued site: what it is, its parts, every use and the waterfall."""
    return tag(
        "div",
        tag("div", _about(site, words), _parts(site, words), class_="about"),
        _uses(site, result, words),
        _waterfall(site, words),
        class_="body",
    )


def _about(site: dict[str, Any], words: Words) -> Html:
    best = chance(site.get("prob_best_frac"))
    sure = words("about.sure.value", prob=best, ex_post=chance(site.get("prob_best_ex_post_frac")))
    tie = [" · ", tag("span", words("about.tie"), class_="tie")] if site.get("tie") else []
    owned, counted = chance(site.get("ownership_frac")), chance(site.get("counted_frac"))
    power = words("about.power.value", gross=megawatts(site.get("gross_mw")), firm=megawatts(site.get("firm_gross_mw")))
    rows: list[tuple[str, object]] = [
        ("about.place", name(place(site)) if place(site) else missing(words("missing.not_stated"))),
        ("about.power", power),
        ("about.owned", words("about.owned.value", owned=owned, counted=counted)),
        ("about.today", words.of("use", site.get("today_use"))),
        ("about.best", words.of("use", site["best_use"]) if site.get("best_use") else words("best.none")),
        ("about.sure", missing(words("missing.no_value")) if best == DASH else join([sure, *tie])),
        ("about.gain", mean_and_range(site.get("gain_vs_today_usd"), money, words("missing.no_today"), words)),
        ("about.confidence", words.of("confidence", site.get("confidence"))),
    ]
    if (contract_usd := number(site, "power_contract", "npv_usd")) is not None:
        fate = words.of("fate", entry(best_document(site), "power_contract"))
        rows.insert(4, ("about.contract", words("about.contract.value", value=money(contract_usd), fate=fate)))
    if isinstance(made := site.get("supply"), dict):
        usd, fixed = plain(number(made, "usd_per_mwh")), plain(number(made, "fixed_usd_per_mwh"))
        named = {"design": made.get("design"), "case": made.get("case")}
        served = megawatts(number(made, "served_gross_mw"))
        rows.insert(4, ("about.supply", words("about.supply.value", usd=usd, fixed=fixed, served=served, **named)))
    if is_leased(site):
        rows.insert(3, ("about.tenant", name(site["tenant"]) if site.get("tenant") else missing(words("missing"))))
    if (waiting_usd := number(site, "switching", "waiting_usd", "mean")) is not None:
        now = _now(str(site["switching"]["now"]), words)
        rows.append(("about.now", join([now, " · ", money(waiting_usd)])))
    pairs = [tag("div", tag("dt", words(key)), tag("dd", value)) for key, value in rows]
    return tag("dl", *pairs, class_="facts")


def _now(decision: str, words: Words) -> str:
    step, use = step_of(decision)
    whole = words.table.get(f"now.{use}") or words.of("use", use)
    return words(f"now.{step}", use=whole) if step else whole


def _parts(site: dict[str, Any], words: Words) -> Html:
    heads: list[tuple[str, str | None]] = [("parts.state", None), ("parts.stage", None)]
    heads += [(f"parts.{key}", "n") for key in ("gross", "it", "mining")]
    rows = [
        tag(
            "tr",
            tag("th", words.of("status", part.get("state")), scope="row"),
            tag("td", words.of("stage", part.get("stage"))),
            tag("td", shown(megawatts(part.get("gross_mw")), words("missing")), class_="n"),
            tag("td", shown(megawatts(part.get("critical_it_mw")), words("parts.no_it")), class_="n"),
            tag("td", shown(megawatts(part.get("mining_gross_mw")), words("missing")), class_="n"),
        )
        for part in site.get("parts") or ()
    ]
    if not rows:
        return Html("")
    caption = words("parts.caption", site=site["site"])
    return join([tag("h3", words("parts.title")), table(caption, [(words(key), kind) for key, kind in heads], rows)])


def _uses(site: dict[str, Any], result: dict[str, Any], words: Words) -> Html:
    uses: dict[str, dict[str, Any]] = site.get("uses") or {}
    title = tag("h3", words("uses.title"))
    if not uses:
        return join([title, tag("p", words("uses.none"), class_="note")])
    metrics = _metrics(str(result.get("tax_losses")), words)
    rows: list[Html] = []
    for place_, (label, term, cell) in enumerate(metrics):
        head = tag("th", tag("a", label, href=f"#term-{term}"), scope="row")
        cells = [_cell(site, use, uses[use], cell, len(metrics), first=place_ == 0, words=words) for use in uses]
        rows.append(tag("tr", head, *(each for each in cells if each is not None)))
    heads = [tag("th", words("uses.metric"), scope="col"), *(_use_head(site, use, words) for use in uses)]
    caption = words("uses.caption", site=site["site"])
    whole = tag(
        "table",
        tag("caption", caption, class_="vh"),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="uses",
    )
    return join([title, tag("div", whole, class_="scroll", role="region", aria_label=caption, tabindex=0)])


def _use_head(site: dict[str, Any], use: str, words: Words) -> Html:
    marks = [
        tag("small", words(f"uses.{mark}"), class_=mark) for mark in ("best", "today") if site.get(f"{mark}_use") == use
    ]
    kind = "n best-use" if site.get("best_use") == use else "n"
    return tag("th", words.of("use", use), *marks, scope="col", class_=kind)


def _cell(
    site: dict[str, Any], use: str, document: dict[str, Any], cell: Cell, n_row: int, *, first: bool, words: Words
) -> Html | None:
    if document.get("available"):
        return tag("td", cell(document), class_="n best-use" if site.get("best_use") == use else "n")
    if not first:
        return None
    reason = tag("small", said(str(document["reason"])) if document.get("reason") else words("unknown"))
    return tag("td", words("uses.unavailable"), reason, class_="unavailable", rowspan=n_row)


def _metrics(tax_losses: str, words: Words) -> list[tuple[str, str, Cell]]:
    """Every measure of a use: its label, the term that explains it, and its cell."""

    def one(printer: Callable[[float | None], str], why: str, *path: str) -> Cell:
        return lambda use: shown(printer(number(use, *path)), words(why))

    def mean(printer: Callable[[float | None], str], why: str, key: str) -> Cell:
        return lambda use: mean_and_range(use.get(key), printer, words(why), words)

    return [
        (words("metric.per_w"), "firm", mean(per_watt, "missing.no_firm", "usd_per_gross_w")),
        (words("metric.risked"), "risked", mean(money, "missing.no_value", "risked_npv_usd")),
        (words("metric.success"), "npv", mean(money, "missing.no_value", "npv_usd")),
        (words("metric.chance"), "chance", one(chance, "missing.no_value", "success_frac")),
        (words("metric.fallback"), "fallback", one(money, "missing.cannot_fail", "fallback_npv_usd", "mean")),
        (words("metric.loss"), "loss", one(chance, "missing.no_value", "loss_prob_frac")),
        (words("metric.no_residual"), "residual", one(money, "missing.no_value", "npv_no_residual_usd", "mean")),
        (
            words("metric.other_tax", how=words.of("other_tax", tax_losses)),
            "tax",
            one(money, "missing.no_value", "npv_other_tax_losses_usd", "mean"),
        ),
        (words("metric.central"), "central", lambda use: _central(use, words)),
        (words("metric.irr"), "irr", lambda use: _irr(use, words)),
        (words("metric.implied"), "implied", one(rate, "missing.no_rate", "implied_rate_frac")),
        (words("metric.yield"), "yield", one(rate, "missing.no_cost", "yield_on_cost_frac", "p50")),
        (words("metric.capex"), "capital", one(money, "missing.no_value", "capex_usd", "p50")),
        (words("metric.peak"), "capital", one(money, "missing.no_value", "peak_equity_usd", "p50")),
        (words("metric.own_capital"), "capital", one(_ratio, "missing.no_capital", "npv_per_own_capital")),
        (words("metric.first"), "first", lambda use: _first(use, words)),
    ]


def _central(use: dict[str, Any], words: Words) -> Html:
    central = use.get("central") or {}
    risked = money(number(central, "risked_npv_usd"))
    if risked == DASH:
        return missing(words("missing.no_value"))
    per_w, success = per_watt(number(central, "usd_per_gross_w")), money(number(central, "npv_usd"))
    told = [] if per_w == DASH else [per_w]
    if success not in (DASH, risked):
        told.append(words("metric.central.success", value=success))
    return join([risked, tag("small", " · ".join(told))] if told else [risked])


def _irr(use: dict[str, Any], words: Words) -> Html:
    counts = {status: count for status, count in (use.get("irr_status") or {}).items() if count}
    printed = spread(use.get("irr_frac"), rate, words("missing.no_rate"), words)
    lines = [tag("small", f"{count:,} {words.of('irr', status)}") for status, count in counts.items()]
    return join([printed, *lines])


def _first(use: dict[str, Any], words: Words) -> Html:
    dates = use.get("first_revenue") or {}
    middle = month(dates.get("p50"))
    if middle == DASH:
        return missing(words("missing.never"))
    ends = words.range(month(dates.get("p10")), month(dates.get("p90")))
    return text(middle) if ends == middle else join([middle, tag("small", ends)])


def _ratio(value: float | None) -> str:
    return per_watt(value, unit=False)


def _waterfall(site: dict[str, Any], words: Words) -> Html:
    steps = site.get("waterfall") or []
    drawing = waterfall(steps, words)
    if not drawing:
        return tag("p", words("waterfall.none"), class_="note")
    told = [
        tag("div", tag("dt", words.of("step", step["step"])), tag("dd", words.table[f"why.{step['step']}"]))
        for step in steps
        if f"why.{step['step']}" in words.table and number(step, "usd_per_gross_w") is not None
    ]
    return tag(
        "figure",
        tag("figcaption", tag("h3", words("waterfall.title")), tag("p", words("waterfall.note"), class_="note")),
        tag("div", drawing, class_="scroll", role="region", aria_label=words("waterfall.title"), tabindex=0),
        tag("dl", *told, class_="steps"),
    )
