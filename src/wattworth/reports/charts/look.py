"""How every chart looks: the colours of the page, light and dark, fonts, and the direction of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from textwrap import wrap
from typing import Any, Final

from wattworth.errors import DataError
from wattworth.reports.formatting import known
from wattworth.reports.markup import beside
from wattworth.reports.numerals import localised
from wattworth.reports.sites import entry, is_leased, use_names
from wattworth.reports.words import END, FIRST_STRONG, Words, language

THEMES: Final = ("light", "dark", "page")
"""``page`` names the colours of the page's style sheet, which then follow its own theme."""
WIDTH: Final = 720
"""Width of a chart with all around it, if nothing else is asked. [px]"""
_LATIN, _ARABIC = "IBM Plex Sans", "IBM Plex Sans Arabic"
_OTHERS: Final = "Segoe UI, Roboto, Liberation Sans, Noto Sans, sans-serif"
SIGNED: Final = "signed_lease"

_COLOURS: Final = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6})")
_DECIMAL, _THOUSANDS = "\N{ARABIC DECIMAL SEPARATOR}", "\N{ARABIC THOUSANDS SEPARATOR}"
_FROM_LEFT, _FROM_RIGHT = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{RIGHT-TO-LEFT ISOLATE}"
_OPENING: Final = frozenset((FIRST_STRONG, _FROM_LEFT, _FROM_RIGHT))
_PX_PER_LETTER: Final = 6.2


@cache
def colours(theme: str) -> Mapping[str, str]:
    """Name to colour, as the style sheet of the pages has them.

    Raises
    ------
    DataError
        There is no such theme.
    """
    if theme not in THEMES:
        raise DataError(f'theme of a chart: got "{theme}", need {" or ".join(THEMES)}')
    light, dark = beside("page.css").split("prefers-color-scheme: dark", 1)
    found = dict(_COLOURS.findall(light.split("}", 1)[0]))
    if theme == "page":
        return {name: f"var(--{name})" for name in found}
    return found if theme == "light" else found | dict(_COLOURS.findall(dark.split("}", 1)[0]))


def use_colours(document: dict[str, Any], theme: str) -> dict[str, str]:
    """Use to its colour: in the order of the megawatts they are best for, as the head of the page has them."""
    groups = entry(document, "totals", "by_best_use") or {}
    first = sorted(groups, key=lambda use: -groups[use]["gross_mw"])
    named = list(dict.fromkeys([*first, *use_names(document)]))
    palette = [colour for name, colour in colours(theme).items() if name.startswith("use-")]
    return {use: palette[place % len(palette)] for place, use in enumerate(named)}


def with_charts(words: Words) -> Words:
    """A language with the words of the charts."""
    known = language(words.lang, "charts", digits=words.digits)
    return replace(words, table={**known.table, **words.table}, form=known.form)


def said(text: str, words: Words) -> str:
    """Text inside a drawing: its amounts said in its language, all of it held in its direction."""
    told = localised(text, words)
    return told if words.direction == "ltr" else f"{_FROM_RIGHT}{told}{END}"


def lines(text: str, words: Words, width: int = WIDTH) -> list[str]:
    """A sentence cut into lines of a drawing of some width [px]; what is isolated across a cut stays so in both."""
    told = wrap(localised(text, words), max(1, int(width / _PX_PER_LETTER)), break_long_words=False)
    if words.direction == "ltr":
        return told
    out: list[str] = []
    held: list[str] = []
    for line in told:
        before = "".join(held)
        for letter in line:
            if letter in _OPENING:
                held.append(letter)
            elif letter == END and held:
                held.pop()
        out.append(f"{_FROM_RIGHT}{before}{line}{END * (len(held) + 1)}")
    return out


def heading(title: str, note: str, words: Words, width: int, frame: str = "bounds") -> dict[str, Any]:
    """Title of a chart and what it draws, for ``alt.TitleParams``."""
    return {
        "text": lines(title, words, width * 4 // 5),
        "subtitle": lines(note, words, width),
        "anchor": "start" if words.direction == "ltr" else "end",
        "align": "left" if words.direction == "ltr" else "right",
        "frame": frame,
    }


def sides(words: Words) -> tuple[str, str]:
    """The side where lines of the language begin, and the other."""
    return ("left", "right") if words.direction == "ltr" else ("right", "left")


def locale(words: Words) -> dict[str, Any]:
    """How numbers on axes are written, for Vega's ``formatLocale``."""
    whole: dict[str, Any] = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""]}
    if words.digits == "arab":
        whole |= {"decimal": _DECIMAL, "thousands": _THOUSANDS, "numerals": list("٠١٢٣٤٥٦٧٨٩")}
    return whole


def config(theme: str, words: Words) -> dict[str, Any]:
    """Configuration of Vega-Lite for a theme and a language."""
    tone = colours(theme)
    side = sides(words)[0]
    label = {"labelColor": tone["ink"], "labelFontSize": 11.5, "titleColor": tone["soft"], "titleFontSize": 11.5}
    return {
        "background": "transparent",
        "aria": False,
        "font": ", ".join((_LATIN, _ARABIC, _OTHERS) if side == "left" else (_ARABIC, _LATIN, _OTHERS)),
        "padding": 4,
        "view": {"stroke": None},
        "title": {
            "color": tone["ink"],
            "fontSize": 15,
            "fontWeight": 600,
            "subtitleColor": tone["soft"],
            "subtitleFontSize": 12,
            "subtitlePadding": 5,
            "offset": 12,
        },
        "axis": {
            **label,
            "titleFontWeight": "normal",
            "gridColor": tone["rule"],
            "domainColor": tone["rule"],
            "tickColor": tone["rule"],
            "labelOverlap": True,
            "labelSeparation": 8,
            "labelLimit": 230,
            "titlePadding": 8,
        },
        "axisY": {"orient": side},
        "axisXQuantitative": {"tickCount": 8},
        "axisBand": {"grid": False, "ticks": False, "domain": False, "labelPadding": 8},
        "legend": {
            **label,
            "titleFontWeight": "normal",
            "orient": "top",
            "direction": "horizontal",
            "symbolType": "square",
            "labelLimit": 220,
            "columnPadding": 14,
        },
        "rule": {"color": tone["soft"]},
        "text": {"color": tone["ink"], "fontSize": 11.5},
        "locale": {"number": locale(words)},
    }


def stands_for(site: dict[str, Any]) -> str:
    """The use a whole site is shown under: its best, or the signed lease that stands in every use of it."""
    return SIGNED if is_leased(site) else str(site["best_use"])


def site_labels(sites: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Site to a name that no other has: its own, with the company where two share it, else with its site_id."""
    names = [str(site["site"]) for site in sites]
    longer = {
        site["site_id"]: f"{site['site']} ({site['company']})" if names.count(str(site["site"])) > 1 else site["site"]
        for site in sites
    }
    every = list(longer.values())
    return {key: f"{label} [{key}]" if every.count(label) > 1 else str(label) for key, label in longer.items()}


def whole(values: Mapping[str, Any], *keys: str) -> bool:
    """Whether each of some numbers is there."""
    return all(known(values.get(key)) for key in keys)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a chart is drawn from, and how.

    Attributes
    ----------
    document
        The document of a run.
    words
        Language, with the words of the charts.
    theme
        ``light`` or ``dark``.
    width
        Of the whole drawing. [px]
    site_id
        The site of a chart of one site.
    beside
        What one site was asked on top of the run: its drivers, its cash flow.
    """

    document: dict[str, Any]
    words: Words
    theme: str
    width: int
    site_id: str | None = None
    beside: Mapping[str, Any] | None = None

    @property
    def tone(self) -> Mapping[str, str]:
        """Name to colour."""
        return colours(self.theme)

    @property
    def site(self) -> dict[str, Any] | None:
        """The site asked for, if it is valued."""
        found = (site for site in self.document["sites"] if site["site_id"] == self.site_id and site["valued"])
        return next(found, None)

    def say(self, key: str, **fields: object) -> str:
        """Text of a key under ``charts``, as it stands in a drawing."""
        return said(self.words(f"charts.{key}", **fields), self.words)

    def text(self, printed: str) -> str:
        """Printed text as it stands in a drawing."""
        return said(printed, self.words)

    def alt(self, text: str) -> str:
        """A description, its amounts said in its language."""
        return localised(text, self.words)

    def use(self, name: str | None) -> str:
        """A use as it stands in a drawing."""
        return said(self.words.of("use", name), self.words)

    def head(self, title: str, note: str, **frame: str) -> dict[str, Any]:
        """Title of a chart and what it draws."""
        return heading(title, note, self.words, self.width, **frame)

    def use_colour(self, shown: Iterable[str], **legend: Any) -> Any:
        """Colour by the printed use in field ``use``; its legend holds those shown, the commonest first."""
        import altair as alt

        there = set(shown)
        named = {self.use(use): colour for use, colour in use_colours(self.document, self.theme).items()}
        kept = {name: colour for name, colour in named.items() if name in there}
        kept |= dict.fromkeys(sorted(there - set(kept)), self.tone["soft"])
        scale = alt.Scale(domain=list(kept), range=list(kept.values()))
        return alt.Color("use:N", scale=scale, legend=alt.Legend(title=None, columns=4, **legend))

    def tips(self, **fields: str) -> list[Any]:
        """Tooltips of fields already printed, each under its word."""
        import altair as alt

        return [alt.Tooltip(f"{field}:N", title=self.say(f"tip.{key}")) for field, key in fields.items()]

    def filtered(self) -> tuple[Any, Any]:
        """A click on the legend, and the opacity of what it leaves."""
        import altair as alt

        picked = alt.selection_point(fields=["use"], bind="legend", name="use")
        return picked, alt.condition(picked, alt.value(0.92), alt.value(0.12))
