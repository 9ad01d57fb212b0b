"""Sites on a map drawn from outlines that stand beside the code."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from wattworth.reports.charts.look import Drawn, site_labels
from wattworth.reports.charts.ranking import site_row
from wattworth.reports.formatting import gigawatts, known
from wattworth.reports.sites import ranked

Outline = list[list[float]]
_HOME: Final = "USA"
_MOSTLY_FRAC: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A piece of the world: its edges [degree], its projection, and its scale and height over its width [1]."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float
    projection: Mapping[str, Any]
    scale_frac: float
    aspect_frac: float

    def holds(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether a place is in it."""
        return self.west_deg <= lon_deg <= self.east_deg and self.south_deg <= lat_deg <= self.north_deg


AMERICA: Final = Frame(
    -126.5, 24.0, -64.5, 51.5, {"type": "conicEqualArea", "parallels": [29.5, 45.5], "rotate": [96, 0]}, 1.19, 0.62
)
"""The contiguous United States and the south of Canada."""
WORLD: Final = Frame(-180.0, -60.0, 180.0, 85.0, {"type": "naturalEarth1", "rotate": [0, 0]}, 0.186, 0.46)


@cache
def outlines() -> tuple[tuple[str, str, Outline], ...]:
    """Layer (``state`` or ``country``), place and ring of each outline, in degrees east and north."""
    text = files("wattworth.reports.charts").joinpath("outlines.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple((row["layer"], row["place"], _ring(row["outline"])) for row in rows)


def _ring(printed: str) -> Outline:
    ring = [[float(number) for number in point.split()] for point in printed.split(";")]
    return [*ring, ring[0]]


def site_rows(drawn: Drawn) -> list[dict[str, Any]]:
    """Valued sites whose place is known, the largest first, so that a small one is drawn on top."""
    sites = [site for site in ranked(drawn.document) if site.get("best_use")]
    labels = site_labels(sites)
    rows = [
        site_row(site, labels[site["site_id"]], drawn)
        | {"lat_deg": site["lat_deg"], "lon_deg": site["lon_deg"], "gross_mw": site["gross_mw"]}
        for site in sites
        if known(site.get("lat_deg")) and known(site.get("lon_deg")) and known(site.get("gross_mw"))
    ]
    return sorted(rows, key=lambda row: (-row["gross_mw"], row["site_id"]))


def near(drawn: Drawn) -> Any:
    """The sites of North America if most of the power is there, else those of the world; None without places."""
    rows = site_rows(drawn)
    inside = [row for row in rows if AMERICA.holds(row["lat_deg"], row["lon_deg"])]
    if _power_mw(inside) < _MOSTLY_FRAC * _power_mw(rows):
        return _mapped(drawn, WORLD, rows, rows)
    return _mapped(drawn, AMERICA, inside, rows)


def world(drawn: Drawn) -> Any:
    """All sites on the world; None where ``map`` shows them all already."""
    rows = site_rows(drawn)
    inside = [row for row in rows if AMERICA.holds(row["lat_deg"], row["lon_deg"])]
    already = len(inside) == len(rows) or _power_mw(inside) < _MOSTLY_FRAC * _power_mw(rows)
    return None if already else _mapped(drawn, WORLD, rows, rows)


def _power_mw(rows: list[dict[str, Any]]) -> float:
    return sum(row["gross_mw"] for row in rows)


def _mapped(drawn: Drawn, frame: Frame, rows: list[dict[str, Any]], every: list[dict[str, Any]]) -> Any:
    import altair as alt

    if not rows:
        return None
    words, tone, width = drawn.words, drawn.tone, drawn.width - 10
    height = round(width * frame.aspect_frac)
    projection = dict(frame.projection) | _placed(frame, width, height)
    picked, faded = drawn.filtered()
    land = (
        alt.Chart(alt.InlineData(values=_shapes(frame), format=alt.JsonDataFormat(type="json")))
        .mark_geoshape(fill=tone["band"], stroke=tone["rule"], strokeWidth=0.7, clip=True)
        .encode()
    )
    largest = max(row["gross_mw"] for row in rows)
    size = alt.Size(
        "gross_mw:Q",
        scale=alt.Scale(domain=[0, largest], range=[12, 620], type="linear"),
        legend=alt.Legend(
            title=drawn.say("map.size"),
            values=_round_sizes(largest),
            symbolType="circle",
            format=",d",
            symbolFillColor="transparent",
            symbolStrokeColor=tone["soft"],
        ),
    )
    places = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_circle(stroke=tone["paper"], strokeWidth=0.8, clip=True)
        .encode(
            longitude="lon_deg:Q",
            latitude="lat_deg:Q",
            size=size,
            color=drawn.use_colour((row["use"] for row in rows), symbolType="circle"),
            opacity=faded,
            tooltip=drawn.tips(
                label="site", company="company", best="best", mw="mw", value="value", printed="per_watt"
            ),
        )
    )
    rest = _elsewhere(drawn, rows, every)
    parts = "; ".join(words("charts.map.item", site=row["label"], mw=row["mw"], use=row["use"]) for row in rows[:5])
    kind = "map" if frame is AMERICA else "world"
    return (
        alt.layer(land, places.add_params(picked))
        .project(**projection)
        .properties(
            title=drawn.head(words(f"charts.{kind}.title"), words("charts.map.note", rest=rest), frame="group"),
            description=drawn.alt(
                words("charts.map.alt", n=len(rows), total=gigawatts(_power_mw(rows)), parts=parts, rest=rest)
            ),
            height=height,
        )
    )


def _elsewhere(drawn: Drawn, rows: list[dict[str, Any]], every: list[dict[str, Any]]) -> str:
    """How many sites stand outside the frame, and how many have no place."""
    words, n_site = drawn.words, sum(1 for site in ranked(drawn.document) if site.get("best_use"))
    told = [words.count("charts.map.outside", len(every) - len(rows))] if len(every) > len(rows) else []
    told += [words.count("charts.map.unplaced", n_site - len(every))] if n_site > len(every) else []
    return " ".join(told)


def _placed(frame: Frame, width: int, height: int) -> dict[str, Any]:
    """Scale and place of a projection so that its frame fills the drawing."""
    middle = {"center": [0.0, (frame.south_deg + frame.north_deg) / 2 + (0.4 if frame is AMERICA else -4.0)]}
    return middle | {"scale": round(frame.scale_frac * width, 1), "translate": [width / 2, height / 2]}


def _round_sizes(largest_mw: float) -> list[float]:
    """Three round powers for the legend, the last at most the largest."""
    return sorted({size for size in (50, 250, 1000, 4000) if size <= largest_mw}) or [round(largest_mw)]


@cache
def _shapes(frame: Frame) -> str:
    """Outlines that reach into a frame, as JSON: states in place of their country in America, countries elsewhere."""
    near = frame is AMERICA
    shapes = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for layer, place, ring in outlines()
        if (near if layer == "state" else not near or place != _HOME) and _reaches(ring, frame)
    ]
    return json.dumps(shapes, separators=(",", ":"))


def _reaches(ring: Outline, frame: Frame) -> bool:
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    return (
        max(lons) >= frame.west_deg
        and min(lons) <= frame.east_deg
        and max(lats) >= frame.south_deg
        and min(lats) <= frame.north_deg
    )
