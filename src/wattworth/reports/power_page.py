"""On-site supply as one HTML page that asks the network for nothing: what to build, at what cost and reliability."""

from __future__ import annotations

from wattworth.reports.cells import headed
from wattworth.reports.formatting import megawatts, plain
from wattworth.reports.markup import Html, join, name, tag
from wattworth.reports.power_charts import cost_figure, spares_figure, targets_figure
from wattworth.reports.power_figures import duration_figure, price_figure, week_figure, week_words
from wattworth.reports.power_story import in_short, target_words
from wattworth.reports.power_tables import (
    binds,
    cost_table,
    designs_table,
    left_out,
    numbers_table,
    prices_table,
    spares_table,
    targets_table,
)
from wattworth.reports.power_words import POWER, Document, in_order, patterns, per_mwh
from wattworth.reports.shell import document, masthead, meanings, sectioned
from wattworth.reports.words import Words


def power_html(found: Document, *, words: Words = POWER) -> str:
    """One self-contained HTML page of a solved supply.

    Parameters
    ----------
    found
        Document of :func:`wattworth.valuation.power_document.power_document`, the data of its figures in it.
    words
        Language of the page.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    title = words("pw.page.title", title=found["title"])
    lead = in_short(found, words)
    body = sectioned("pw", _masthead(found, words), lead, _sections(found, words), words, kind="evidence power")
    return document(title, [patterns(), *body], words)


def _sections(found: Document, words: Words) -> list[tuple[str, Html]]:
    made = [("designs", join([designs_table(found, words), _costs(found, words)]))]
    if sure_parts := _reliability(found, words):
        made.append(("reliability", join(sure_parts)))
    made += [
        ("hours", join(_hours(found, words))),
        ("binds", join([binds(found, words), tag("h3", words("pw.prices.title")), prices_table(found, words)])),
        ("numbers", numbers_table(found, words)),
        ("left", left_out(found, words)),
        ("read", meanings("pw", words)),
    ]
    noted = {key: words.table.get(f"pw.{key}.note") for key, _ in made}
    return [(key, headed(words(f"pw.{key}.title"), noted[key], content, anchor=key)) for key, content in made]


def _costs(found: Document, words: Words) -> Html:
    figure = cost_figure(found, words)
    heading = tag("h3", words("pw.cost.title"))
    note = tag("p", words("pw.cost.note"), class_="note")
    return join([heading, note, tag("div", figure, cost_table(found, words), class_="beside")])


def _reliability(found: Document, words: Words) -> list[Html]:
    made: list[Html] = []
    if found["targets"]:
        made += [tag("h3", words("pw.targets.title")), tag("p", words("pw.targets.note"), class_="note")]
        made.append(tag("div", targets_figure(found, words), targets_table(found, words), class_="beside"))
    spares = spares_figure(found, words)
    if spares is not None:
        made += [tag("h3", words("pw.spares.title")), tag("p", words("pw.spares.note"), class_="note")]
        made.append(tag("div", spares, spares_table(found, words), class_="beside"))
    return made


def _hours(found: Document, words: Words) -> list[Html]:
    fold = [
        tag("button", words(f"detail.{way}"), type="button", data_fold=way, hidden=True) for way in ("open", "close")
    ]
    entries = [_entry(one, place, words, is_open=place == 0) for place, one in enumerate(in_order(found))]
    return [tag("p", *fold, class_="fold"), *entries]


def _entry(design: Document, place: int, words: Words, *, is_open: bool) -> Html:
    rank = words("pw.misses") if design["place"] is None else words("pw.rank", n=design["place"])
    summary = tag(
        "summary",
        tag("span", tag("strong", tag("bdi", design["name"], dir="auto"))),
        tag("span", rank, class_="best"),
        tag("span", words("pw.usd_per_mwh", usd=per_mwh(design["served_usd_per_mwh"])), class_="n"),
    )
    weeks = [
        join([tag("h4", week_words(week, words)), week_figure(week, design, words)]) for week in design["weeks"]
    ]  # fmt: skip
    curves = [duration_figure(design, words), price_figure(design, words)]
    panels = tag("div", *(each for each in curves if each is not None), class_="beside")
    body = tag("div", *weeks, panels, class_="body")
    return tag("details", summary, body, id=f"design-{place}", class_="site", open=is_open)


def _masthead(found: Document, words: Words) -> Html:
    years = int(found["n_year"])
    made: list[tuple[str, object]] = [
        ("case", found["name"]),
        ("load", words("pw.run.load.value", mw=megawatts(found["peak_mw"]), mwh=plain(found["demanded_mwh_per_year"]))),
        ("target", target_words(found, words)),
        ("years", words.count("pw.run.years", years)),
        ("money", found["money_year"]),
        ("method", words.table.get(f"pw.method.{found['method']}", found["method"])),
        ("schema", found["schema_version"]),
    ]
    heads = words("pw.kicker"), name(found["title"]), words("pw.question")
    return masthead(heads, [(f"pw.run.{key}", value) for key, value in made], words, label="pw.run")
