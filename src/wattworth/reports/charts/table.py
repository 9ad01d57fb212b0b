"""The charts by name, and each as a chart of Altair, as JSON for a browser, and as a drawing that stands alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from typing import Any, Final

from wattworth.errors import DataError
from wattworth.reports.charts import maps, one_site
from wattworth.reports.charts.dates import time_to_power
from wattworth.reports.charts.look import WIDTH, Drawn, config, with_charts
from wattworth.reports.charts.ranking import ranking, value
from wattworth.reports.words import Words

_CHARTS: Final[Mapping[str, Callable[[Drawn], Any]]] = {
    "ranking": ranking,
    "value": value,
    "time_to_power": time_to_power,
    "map": maps.near,
    "world": maps.world,
    "uses": one_site.uses,
    "waterfall": one_site.waterfall,
    "tornado": one_site.tornado,
    "fan": one_site.fan,
}
NAMES: Final = tuple(_CHARTS)
"""Every chart by name."""
OF_RUN: Final = ("ranking", "value", "time_to_power", "map", "world")
"""Charts of the whole run; the others are of one site."""
_MISSING: Final = 'charts need Altair and vl-convert: pip install "wattworth[report]"'


def chart(
    name: str,
    document: dict[str, Any],
    words: Words,
    *,
    site_id: str | None = None,
    theme: str = "light",
    width: int = WIDTH,
    beside: Mapping[str, Any] | None = None,
) -> Any:
    """One chart of a run, its data inside.

    Parameters
    ----------
    name
        One of :data:`NAMES`.
    document
        The document of a run.
    words
        Language; the words of the charts are added to it.
    site_id
        The site of a chart of one site.
    theme
        ``light``, ``dark``, or ``page`` for the colours of a page's style sheet by name.
    width
        Of the whole drawing, axes and legend inside. [px]
    beside
        What one site was asked on top of the run: ``drivers`` as ``explain`` or
        :func:`wattworth.valuation.one_site.drivers` gives them, ``cash`` as
        :meth:`wattworth.valuation.one_site.YearlyCash.document` does.

    Returns
    -------
    altair.Chart or altair.LayerChart or None
        None where the document has nothing to show.

    Raises
    ------
    DataError
        There is no such chart or theme, or the packages that draw are not installed.
    """
    if name not in _CHARTS:
        raise DataError(f'there is no chart "{name}"; there is {", ".join(NAMES)}')
    try:
        import altair as alt
    except ImportError as error:
        raise DataError(_MISSING) from error
    known = with_charts(words)
    made = _CHARTS[name](Drawn(document, known, theme, width, site_id, beside))
    if made is None:
        return None
    fitted = made.properties(width=width, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    return fitted.configure(**config(theme, known))


def spec(name: str, document: dict[str, Any], words: Words, **asked: Any) -> dict[str, Any] | None:
    """One chart as JSON of Vega-Lite, as :func:`chart` makes it; it refers to nothing outside itself."""
    made = chart(name, document, words, **asked)
    if made is None:
        return None
    found = made.to_dict()
    # Vega-Lite knows this setting and Altair's schema does not
    anchor = "start" if words.direction == "ltr" else "end"
    found["config"]["legend"]["layout"] = {"top": {"anchor": anchor}}
    return found


def svg(name: str, document: dict[str, Any], words: Words, **asked: Any) -> str | None:
    """One chart as a drawing, its text kept as text in IBM Plex Sans and its description with it."""
    found = spec(name, document, words, **asked)
    return None if found is None else drawing(found)


def drawing(found: dict[str, Any]) -> str:
    """A chart of :func:`spec` as a drawing."""
    number = found["config"]["locale"]["number"]
    drawn = _drawer().vegalite_to_svg(found, format_locale=number, allowed_base_urls=[])
    return drawn.replace("<svg ", f'<svg role="img" direction="ltr" aria-label="{escape(found["description"])}" ', 1)


@cache
def script() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that sets ``vegaEmbed`` and asks the network for nothing."""
    return _drawer().javascript_bundle()


@cache
def _drawer() -> Any:
    try:
        import fontpkg_ibm_plex_sans as latin
        import fontpkg_ibm_plex_sans_arabic as arabic
        import vl_convert
    except ImportError as error:
        raise DataError(_MISSING) from error
    for package in (latin, arabic):
        vl_convert.register_font_directory(str(_folder(package)))
    return vl_convert


def _folder(package: Any) -> Any:
    from importlib.resources import files

    return files(package).joinpath("files")
