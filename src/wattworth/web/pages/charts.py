"""Charts on a page: a box that a script fills with a figure of the API when it comes near."""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import urlencode

from nicegui import ui

from wattworth.reports.markup import tag
from wattworth.reports.words import Words

VEGA = "/assets/vega.js"
"""Where the script that draws is served."""


def charts(words: Words, run_id: str, names: tuple[str, ...], *, site_id: str | None = None) -> None:
    """Boxes of some figures of a run, one below the other.

    Parameters
    ----------
    words
        Language.
    run_id, site_id
        Of which run, and of which site of it.
    names
        Of :data:`wattworth.reports.charts.NAMES`.
    """
    asked = {"lang": words.lang, "theme": "page"} | ({} if site_id is None else {"site": site_id})
    waiting = tag("p", words("web.charts.waiting"), class_="note", role="status")
    failed = words("web.charts.none")
    boxes = [
        tag(
            "figure",
            tag("div", waiting, class_="drawing", dir="ltr"),
            class_="chart",
            data_spec=f"/api/v1/runs/{run_id}/figures/{name}?{urlencode(asked)}",
            data_none=failed,
            data_chart=name,
        )
        for name in names
    ]
    ui.html("".join(boxes), sanitize=False).classes("charts")
    script = files("wattworth.web").joinpath("charts.js").read_text(encoding="utf-8")
    ui.add_body_html(f"<script>{script}</script>")
