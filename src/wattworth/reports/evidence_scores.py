"""What the back-test comes to: in a paragraph, in a table beside both naive rules, and how often the ranges held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wattworth.reports.cells import missing, shown, table
from wattworth.reports.evidence_amounts import amount
from wattworth.reports.evidence_figures import (
    HONEST_FRAC,
    capital,
    coverage_axis,
    coverage_bar,
    labelled,
    measure_words,
    scored,
    scored_measures,
)
from wattworth.reports.formatting import DASH, MINUS, chance, rate
from wattworth.reports.markup import Html, join, name, tag, text
from wattworth.reports.sites import entry, number
from wattworth.reports.words import Words

RULES: Final = ("last_deal", "running_mean")
_MOST_NAMED: Final = 3


def in_short(backtest: dict[str, Any], words: Words) -> Html:
    """The numbers to take away and the paragraph that says what they mean."""
    heading = tag("h2", words("ev.short.title"), class_="vh", id="short-heading")
    told = list(_story(backtest, words))
    lead = tag("p", tag("strong", told[0]), class_="story")
    rest = tag("p", join(told[1:], " "), class_="story more") if told[1:] else None
    return tag("section", heading, _tiles(backtest, words), lead, rest, id="short", aria_labelledby="short-heading")


def score_table(backtest: dict[str, Any], words: Words) -> Html:
    """One row per measure: our error, both naive rules over the deals they can speak of, bias and the proper scores."""
    rows = [_score_row(measure, scores, backtest, words) for measure, scores in scored_measures(backtest)]
    if not rows:
        return tag("p", words("ev.nothing"), class_="note")
    over = ("n", "ours_all", "bias", "n_rule", "ours", "last", "mean", "skill", "crps", "interval")
    heads: list[tuple[str, str | None]] = [(words("ev.col.measure"), None)]
    heads += [(words(f"ev.col.{key}"), "n") for key in over]
    return join([
        table(words("ev.scores.caption"), heads, rows, class_="small scores"),
        tag("p", words("ev.scores.key"), class_="note"),
    ])  # fmt: skip


def coverage(backtest: dict[str, Any], words: Words) -> Html:
    """Share of actual values inside P10 to P90, measure by measure, with what so few deals cannot rule out."""
    rows = [_cover_row(measure, scores, words) for measure, scores in scored_measures(backtest)]
    if not rows:
        return tag("p", words("ev.nothing"), class_="note")
    heads: list[tuple[str, str | None]] = [
        (words("ev.col.measure"), None),
        (join([tag("span", words("ev.cover.drawn"), class_="vh"), coverage_axis()]), "figure"),
        (words("ev.cover.range"), "n"),
        (words("ev.cover.says"), None),
    ]
    caption = tag("figcaption", tag("p", words("ev.cover.caption"), class_="note"))
    return tag("figure", table(words("ev.cover.title"), heads, rows, class_="small coverage"), caption)


def loses_to(scores: dict[str, Any]) -> list[str]:
    """The naive rules that do better than we do, the better first."""
    skills = {rule: number(scores, rule, "skill_frac") for rule in RULES}
    losing = [(skill, rule) for rule, skill in skills.items() if skill is not None and skill < 0]
    return [rule for _, rule in sorted(losing)]


def error_beside(backtest: dict[str, Any], measure: str, rule: str) -> float | None:
    """Our mean absolute error over the deals that a naive rule can speak of. [1]"""
    errors = [
        abs(error)
        for _, row in scored(backtest, measure)
        if number(row, rule) is not None and (error := number(row, "error_frac")) is not None
    ]
    return sum(errors) / len(errors) if errors else None


def totals(backtest: dict[str, Any]) -> tuple[int, int]:
    """Predictions scored, and how many of them held."""
    found = [scores for _, scores in scored_measures(backtest)]
    return sum(int(scores["n"]) for scores in found), sum(int(scores.get("inside") or 0) for scores in found)


def signed(share_frac: float | None) -> str:
    """A share with its sign, in whole percent."""
    if share_frac is None:
        return DASH
    printed = chance_of(abs(share_frac))
    return printed if printed == "0%" else ("+" if share_frac > 0 else MINUS) + printed


def chance_of(share_frac: float | None) -> str:
    """A share in whole percent, above a hundred too."""
    return DASH if share_frac is None else f"{100 * share_frac:,.0f}%"


def _rent(backtest: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The measure that leads: the rent where it is scored, else the one with most deals."""
    found = dict(scored_measures(backtest))
    named = str(entry(backtest, "summary", "rent_measure") or "")
    if named not in found:
        named = max(found, key=lambda measure: int(found[measure]["n"]))
    return named, found[named]


def _compared(backtest: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(m, scores) for m, scores in scored_measures(backtest) if number(scores, "skill_vs_naive") is not None]


def _tiles(backtest: dict[str, Any], words: Words) -> Html | None:
    if not scored_measures(backtest):
        return None
    n, inside = totals(backtest)
    measure, scores = _rent(backtest)
    compared, every = _compared(backtest), scored_measures(backtest)
    few = sum(bool(each.get("small_sample")) for _, each in every)
    beaten = sum(not loses_to(each) for _, each in compared)
    error = words(
        "ev.tile.error.note", bias=signed(number(scores, "bias_frac")), n=scores["n"], inside=scores.get("inside") or 0
    )
    tiles = (
        (words("ev.tile.error", measure=measure_words(measure, scores, words)), rate(scores["mape_frac"]), error),
        (
            words("ev.tile.inside"),
            words("ev.of", part=inside, whole=n),
            words("ev.tile.inside.note", share=chance_of(inside / n)),
        ),
        (
            words("ev.tile.rules"),
            words("ev.of", part=beaten, whole=len(compared)) if compared else DASH,
            words("ev.tile.rules.note"),
        ),
        (words("ev.tile.few"), words("ev.of", part=few, whole=len(every)), words("ev.tile.few.note")),
        (
            words("ev.tile.deals"),
            f"{len(backtest.get('deals') or ()):,}",
            words("ev.tile.deals.note", n=len(backtest.get("not_scored") or ())),
        ),
    )
    drawn = [
        tag("div", tag("dt", label), tag("dd", tag("strong", big), tag("small", note))) for label, big, note in tiles
    ]
    return tag("dl", *drawn, class_="figures")


def _story(backtest: dict[str, Any], words: Words) -> Iterator[Html]:
    every = scored_measures(backtest)
    if not every:
        yield text(words("ev.nothing"))
        return
    n, inside = totals(backtest)
    measure, scores = _rent(backtest)
    compared = _compared(backtest)
    losing = [(lost, each) for lost, each in compared if loses_to(each)]
    yield words.html(
        "ev.story.answer",
        measure=measure_words(measure, scores, words),
        error=rate(number(scores, "mape_frac")),
        n=scores["n"],
        inside=inside,
        total=n,
        honest=f"{HONEST_FRAC * n:.0f}",
        rules=words("ev.story.no_rule")
        if not compared
        else words("ev.story.loses", part=len(losing), whole=len(compared)),
    )
    if losing:
        items = [_lost(lost, each, words) for lost, each in losing]
        yield words.html("ev.story.lost", items=words.listed(items))
    wrong = sorted(every, key=lambda pair: -(number(pair[1], "mape_frac") or 0.0))[:_MOST_NAMED]
    items = [_off(off, each, words) for off, each in wrong]
    yield words.html("ev.story.worst", items=words.listed(items))
    for verdict in ("narrow", "wide"):
        found = [text(measure_words(held, each, words)) for held, each in every if _verdict(each) == verdict]
        if found:
            yield words.html(f"ev.story.{verdict}", items=words.listed(found))
    few = sum(bool(each.get("small_sample")) for _, each in every)
    if few:
        yield text(words("ev.story.few", part=few, whole=len(every)))


def _lost(measure: str, scores: dict[str, Any], words: Words) -> Html:
    rule = loses_to(scores)[0]
    return words.html(
        "ev.story.lost.item",
        measure=measure_words(measure, scores, words),
        times=f"{1.0 - (number(scores, rule, 'skill_frac') or 0.0):.2f}",
        rule=words(f"ev.rule.{rule}"),
        deals=words.count("ev.deals", int(number(scores, rule, "n") or 0)),
    )


def _off(measure: str, scores: dict[str, Any], words: Words) -> Html:
    return words.html(
        "ev.story.worst.item",
        measure=measure_words(measure, scores, words),
        error=chance_of(number(scores, "mape_frac")),
        deals=words.count("ev.deals", int(scores["n"])),
    )


def _score_row(measure: str, scores: dict[str, Any], backtest: dict[str, Any], words: Words) -> Html:
    unit, why = str(scores.get("unit") or ""), words("ev.no_rule")
    n_rule = int(number(scores, RULES[0], "n") or 0)
    few = tag("small", words("ev.few"), class_="few") if scores.get("small_sample") else None
    beside = error_beside(backtest, measure, RULES[0])
    rules = [tag("td", shown(chance_of(number(scores, rule, "mape_frac")), why), class_="n") for rule in RULES]
    return tag(
        "tr",
        tag("th", labelled(measure, scores, words), scope="row"),
        tag("td", f"{scores['n']}", few, class_="n"),
        tag("td", tag("strong", chance_of(number(scores, "mape_frac"))), class_="n"),
        tag("td", signed(number(scores, "bias_frac")), class_="n"),
        tag("td", f"{n_rule}" if n_rule else missing(why), class_="n"),
        tag("td", shown(chance_of(beside), why), class_="n"),
        *rules,
        tag("td", _skill(scores, words), class_="n wrap"),
        tag("td", shown(amount(number(scores, "crps"), unit, words, bare=True), words("missing")), class_="n"),
        tag(
            "td", shown(amount(number(scores, "interval_score"), unit, words, bare=True), words("missing")), class_="n"
        ),
        data_measure=measure,
    )


def _skill(scores: dict[str, Any], words: Words) -> Html:
    skill, losing = number(scores, "skill_vs_naive"), loses_to(scores)
    if skill is None:
        return missing(words("ev.no_rule"))
    if not losing:
        return text(signed(skill))
    rule = words("ev.loses.both") if len(losing) == len(RULES) else words(f"ev.loses.{losing[0]}")
    return join([tag("span", signed(skill), class_="tie"), tag("small", rule, class_="tie")])


def _verdict(scores: dict[str, Any]) -> str:
    low, high = number(scores, "coverage_80_low_frac"), number(scores, "coverage_80_high_frac")
    if low is None or high is None:
        return "unknown"
    return "wide" if low > HONEST_FRAC else "narrow" if high < HONEST_FRAC else "fits"


def _cover_row(measure: str, scores: dict[str, Any], words: Words) -> Html:
    low, high = (chance(number(scores, f"coverage_80_{end}_frac")) for end in ("low", "high"))
    verdict = _verdict(scores)
    few = tag("small", words("ev.few"), class_="few") if scores.get("small_sample") else None
    share = chance(number(scores, "coverage_80_frac"))
    held = words("ev.cover.held", inside=scores.get("inside") or 0, n=scores["n"], share=share)
    label = capital(measure_words(measure, scores, words))
    return tag(
        "tr",
        tag("th", name(label), tag("small", held, class_="nowrap"), scope="row"),
        tag("td", coverage_bar(scores, words), class_="figure"),
        tag("td", missing(words("missing")) if DASH in (low, high) else words.range(low, high), class_="n"),
        tag(
            "td",
            words(f"ev.verdict.{verdict}"),
            few,
            class_="nowrap tie" if verdict in ("wide", "narrow") else "nowrap",
        ),
        data_measure=measure,
    )
