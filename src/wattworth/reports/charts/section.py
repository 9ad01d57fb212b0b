"""The charts of a run on its page: a drawing that stands without script, and the script that makes it answer."""

from __future__ import annotations

import base64
import gzip
import json
import re
from functools import cache
from typing import Any, Final

from wattworth.errors import DataError
from wattworth.reports.cells import headed
from wattworth.reports.charts.look import with_charts
from wattworth.reports.charts.table import OF_RUN, drawing, script, spec
from wattworth.reports.markup import Html, beside, join, tag
from wattworth.reports.words import Words

ANCHOR: Final = "charts"
_WIDTH: Final = 640
_CLIP: Final = re.compile(r'(id="|url\(#)(clip\d+)')
_NAMESPACE: Final = re.compile(r' xmlns(:xlink)?="[^"]*"')


def section(result: dict[str, Any], words: Words) -> Html:
    """The section of charts; one that says why where the packages that draw are not installed.

    Parameters
    ----------
    result
        The document of a run.
    words
        Language of the page.

    Notes
    -----
    Vega comes packed in base64 and is unpacked when the first chart comes near: a page that is only read pays for
    its bytes alone. Colours are those of the style sheet by name, so that one drawing serves light and dark.
    """
    known = with_charts(words)
    try:
        specs = {
            name: found
            for name in OF_RUN
            if (found := spec(name, result, words, theme="page", width=_WIDTH)) is not None
        }
        drawn = {name: _inline(name, drawing(found)) for name, found in specs.items()}
        packed = _packed() if specs else None
    except DataError as error:
        note = tag("p", known("charts.missing", why=str(error)), class_="note no-charts", role="status")
        return headed(known("charts.title"), None, note, anchor=ANCHOR)
    if packed is None:
        return headed(known("charts.title"), None, tag("p", known("charts.none"), class_="note"), anchor=ANCHOR)
    figures = [_figure(name, specs[name], drawn[name]) for name in specs]
    scripts = (tag("script", Html(packed), type="text/plain", id="vega"), tag("script", beside("charts/live.js")))
    box = tag("div", *figures, class_="charts")
    return headed(known("charts.title"), known("charts.section"), join([box, *scripts]), anchor=ANCHOR)


def _figure(name: str, found: dict[str, Any], drawn: Html) -> Html:
    kept = {key: part for key, part in found.items() if key != "$schema"}
    # no text of the data may close the element it stands in
    told = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    label = found["description"]
    box = tag("div", drawn, class_="drawing scroll", role="region", aria_label=label, tabindex=0)
    return tag("figure", box, tag("script", Html(told), type="application/json"), class_="chart", data_chart=name)


def _inline(name: str, drawn: str) -> Html:
    """A drawing as a part of a page, the ids of its clips its own."""
    return Html(_CLIP.sub(rf"\1{name}-\2", _NAMESPACE.sub("", drawn, count=2)))


@cache
def _packed() -> str:
    """The script of Vega, compressed, as text."""
    return base64.b64encode(gzip.compress(script().encode(), 9, mtime=0)).decode()
