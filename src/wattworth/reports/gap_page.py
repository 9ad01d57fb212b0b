"""A power gap as one HTML page that asks the network for nothing: what is short, and what fills it."""

from __future__ import annotations

from wattworth.reports import gap_figures, gap_sites, gap_tables
from wattworth.reports.cells import headed
from wattworth.reports.gap_figures import beside, pair, panel
from wattworth.reports.gap_story import in_short
from wattworth.reports.gap_words import GAP, Document, caption, is_drawn
from wattworth.reports.markup import Html, join, said, tag
from wattworth.reports.shell import document, masthead, meanings, sectioned
from wattworth.reports.sites import entry
from wattworth.reports.words import Words


def gap_html(found: Document, *, words: Words = GAP) -> str:
    """One self-contained HTML page of a power gap.

    Parameters
    ----------
    found
        Document of :func:`wattworth.gap.documents.gap_document`.
    words
        Language of the page.

    Returns
    -------
    str
        HTML with its style and script inside; it works without the script.
    """
    lead, sections = gap_parts(found, words)
    title = words("gp.page.title", title=found["title"])
    body = sectioned("gp", _masthead(found, words), lead, sections, words, kind="evidence gap")
    return document(title, body, words)


def gap_parts(found: Document, words: Words) -> tuple[Html, list[tuple[str, Html]]]:
    """What the page says in short, and its sections, each with its anchor."""
    sections = [("balance", _balance(found, words)), *_drawn(found, words), *_own(found, words)]
    sections += [("versions", _versions(found, words)), ("demand", _demand(found, words))]
    sections += [("numbers", _numbers(found, words))] if found["numbers"] else []
    sections.append(("read", headed(words("gp.read.title"), None, meanings("gp", words), anchor="read")))
    return in_short(found, words), sections


def _masthead(found: Document, words: Words) -> Html:
    made: list[tuple[str, object]] = [
        ("model", found["title"]),
        ("publisher", found["publisher"]),
        ("published", found.get("published")),
        ("region", found["region"]),
        ("window", words("gp.window", start=found["start_year"], end=found["year"])),
        ("mode", words(f"gp.mode.{found['mode']}")),
        ("draws", f"{found['draws']:,}" if is_drawn(found) else words("gp.no_draws")),
        ("seed", found["seed"]),
    ]
    if study := entry(found, "sites", "study"):
        made.append(("study", words.row([str(study), str(entry(found, "sites", "as_of"))])))
    made.append(("schema", found["schema_version"]))
    heads = words("gp.kicker"), words("gp.title"), words("gp.question")
    return masthead(heads, [(f"gp.run.{key}", value) for key, value in made], words, label="gp.run")


def _balance(found: Document, words: Words) -> Html:
    below = caption(found, words)
    drawings: list[Html] = []
    if found["waterfall"]:
        what = words("gp.waterfall.mean" if is_drawn(found) else "gp.waterfall.low")
        drawings.append(panel(words("gp.waterfall.title"), gap_figures.waterfall(found, words), f"{what} {below}"))
    if any(not each["is_part"] for each in found["lines"]):
        what = words("gp.contributions.drawn" if is_drawn(found) else "gp.contributions.ends")
        drawing = gap_figures.contributions(found, words)
        drawings.append(panel(words("gp.contributions.title"), drawing, f"{what} {below}"))
    content: list[Html] = [] if found["waterfall"] else [tag("p", words("gp.waterfall.none"), class_="note")]
    content += [pair(*drawings)] if drawings else []
    content.append(gap_tables.balance(found, words))
    if found["checks"]:
        content += [tag("h3", words("gp.checks.title")), gap_tables.checks(found, words)]
    return headed(words("gp.balance.title"), words("gp.balance.note"), *content, anchor="balance")


def _drawn(found: Document, words: Words) -> list[tuple[str, Html]]:
    """What only draws can tell: the distribution with what moves it, and years."""
    below = caption(found, words)
    drawings: list[Html] = []
    made: list[tuple[str, Html]] = []
    if found.get("net_bars"):
        drawing = gap_figures.net_bars(found, words)
        drawings.append(panel(words("gp.bars.title"), drawing, f"{words('gp.bars.caption')} {below}"))
    if found["tornado"]:
        told = f"{words('gp.tornado.how')} {gap_figures.tornado_note(found, words)}"
        drawings.append(panel(words("gp.tornado.title"), gap_figures.tornado(found, words), f"{told} {below}"))
    if drawings:
        content = pair(*drawings)
        made.append(("spread", headed(words("gp.spread.title"), words("gp.spread.note"), content, anchor="spread")))
    if found["years"]:
        drawing = panel(words("gp.fan.title"), gap_figures.net_fan(found, words), f"{words('gp.fan.caption')} {below}")
        label = found.get("years_label")
        note = join([words("gp.years.note"), *([said(label)] if label else [])], " ")
        content = beside(drawing, gap_tables.years(found, words))
        made.append(("years", headed(words("gp.years.title"), note, content, anchor="years")))
    if found["regions"]:
        note, content = words("gp.regions.note"), gap_tables.regions(found, words)
        made.append(("regions", headed(words("gp.regions.title"), note, content, anchor="regions")))
    return made


def _own(found: Document, words: Words) -> list[tuple[str, Html]]:
    """Own supply in place of the model's sources, and what scarcity does to rents."""
    if not found["overlaps"]:
        return []
    sites = found.get("sites")
    if sites:
        told = {key: sites[key] for key in ("study", "as_of")}
        told |= {"gross": f"{sites['gross_gw']:.1f}", "live": f"{sites['live_gw']:.1f}"}
        title, note, anchor = words("gp.sites.title"), words("gp.sites.note", **told), "sites"
    else:
        title, note, anchor = words("gp.curves.title"), words("gp.curves.note"), "curves"
    made = [(anchor, headed(title, note, gap_sites.own_supply(found, words), anchor=anchor))]
    if found.get("scarcity"):
        content = gap_sites.scarcity(found, words)
        note = words("gp.scarcity.note")
        made.append(("scarcity", headed(words("gp.scarcity.title"), note, content, anchor="scarcity")))
    return made


def _versions(found: Document, words: Words) -> Html:
    drawing = panel(words("gp.versions.title"), gap_figures.versions(found, words), words("gp.versions.source"))
    content = (drawing, gap_tables.versions(found, words))
    return headed(words("gp.versions.title"), words("gp.versions.note"), *content, anchor="versions")


def _demand(found: Document, words: Words) -> Html:
    content = (gap_figures.demand_panels(found, words), gap_tables.demand(found, words))
    return headed(words("gp.demand.title"), words("gp.demand.intro"), *content, anchor="demand")


def _numbers(found: Document, words: Words) -> Html:
    content = gap_tables.numbers(found, words)
    return headed(words("gp.numbers.title"), words("gp.numbers.note"), content, anchor="numbers")
