"""Colours are those of the page and told apart by everybody; outlines are few and where an atlas has them."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from wattworth.reports.charts import maps
from wattworth.reports.charts.look import colours, lines, said
from wattworth.reports.markup import beside
from wattworth.reports.words import language

# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", IEEE Trans. Vis. Comput. Graph. 15 (2009) 1291-1298, severity 1.0, on linear RGB.
SEEN_BY = {
    "all": np.eye(3),
    "protanope": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranope": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanope": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
APART, CONTRAST = 12.0, 3.0
"""Least distance of two colours in CIELAB, and least ratio of contrast of a mark to the paper by WCAG 2.1."""


def linear(colour: str) -> NDArray[np.float64]:
    """Linear RGB of a colour of the style sheet."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIELAB of linear RGB."""
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("who", SEEN_BY)
def test_uses_are_told_apart_by_everybody(theme: str, who: str) -> None:
    """Proves: no two colours of uses look alike. Sensitivity: two that differ by 1 to a protanope fail."""
    seen = [lab(np.array(SEEN_BY[who]) @ linear(colours(theme)[f"use-{i}"])) for i in range(6)]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) >= APART


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_stand_out_from_the_paper(theme: str) -> None:
    tone = colours(theme)
    light = {name: float(TO_XYZ[1] @ linear(tone[name])) for name in ("paper", *(f"use-{i}" for i in range(6)))}
    paper = light.pop("paper")
    ratios = {name: (max(each, paper) + 0.05) / (min(each, paper) + 0.05) for name, each in light.items()}
    assert {name: ratio for name, ratio in ratios.items() if ratio < CONTRAST} == {}


def test_colours_are_those_of_the_page() -> None:
    css = beside("page.css")
    for theme in ("light", "dark"):
        for name, colour in colours(theme).items():
            assert f"--{name}: {colour}" in css
    assert set(colours("light")) == set(colours("dark")) == set(colours("page"))
    assert colours("page")["use-0"] == "var(--use-0)"
    assert colours("light")["paper"] != colours("dark")["paper"]


def test_a_field_cut_in_two_is_held_in_both_lines() -> None:
    arabic = language("ar")
    cut = lines("\N{FIRST STRONG ISOLATE}one two three four\N{POP DIRECTIONAL ISOLATE} خمسة", arabic, 60)
    assert len(cut) > 1
    for line in cut:
        assert sum(line.count(mark) for mark in "\u2066\u2067\u2068") == line.count("\N{POP DIRECTIONAL ISOLATE}")
    assert said("نص", arabic) == "\N{RIGHT-TO-LEFT ISOLATE}نص\N{POP DIRECTIONAL ISOLATE}"
    assert said("text", language("en")) == "text"


def test_outlines_are_small_closed_and_in_place() -> None:
    """Proves: states lie where an atlas has them (Austin in Texas, not in Oklahoma), countries too (Oslo in Norway)."""
    size = sum(len(f"{x} {y};") for _, _, ring in maps.outlines() for x, y in ring)
    assert size < 80_000
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for _, _, ring in maps.outlines())
    assert holds("state", "TX", -97.74, 30.27)
    assert not holds("state", "OK", -97.74, 30.27)
    assert holds("state", "CO", -104.99, 39.74)
    assert holds("country", "NOR", 10.75, 60.2)
    assert holds("country", "BTN", 90.4, 27.5)
    assert not holds("country", "FRA", 10.75, 60.2)
    assert len({place for layer, place, _ in maps.outlines() if layer == "state"}) == 51


def holds(layer: str, place: str, lon: float, lat: float) -> bool:
    """Whether a place holds a point, by the crossings of a ray."""
    inside = False
    for kind, name, ring in maps.outlines():
        if (kind, name) != (layer, place):
            continue
        for (x0, y0), (x1, y1) in pairwise(ring):
            if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
                inside = not inside
    return inside
