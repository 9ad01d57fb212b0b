"""The page of when to switch: cells of the boundary, today's ring, names as text."""

from __future__ import annotations

from wattworth.reports.switching_page import boundary_figure, switching_html

EDGE = {
    "date": "2027-06",
    "driver_x": "rent",
    "driver_y": "build cost",
    "x": [100.0, 120.0, 140.0],
    "y": [0.9, 1.1],
    "choice": [["wait", "turnkey", "turnkey"], ["wait", "wait", "turnkey"]],
    "today": {"rent": 120.0, "build cost": 1.0},
    "words": "turnkey if rent exceeds 130",
}
UNITS = {"rent": "$/kW-month", "build cost": "of today's"}


def test_each_cell_has_the_colour_of_its_choice_and_the_dearest_build_stands_on_top():
    drawn = str(boundary_figure(EDGE, UNITS))
    assert drawn.count('class="use-0"') == 3 + 1, "three cells of turnkey and its key"
    assert drawn.count('class="use-1"') == 3 + 1
    assert "turnkey if rent exceeds 130" in drawn, "the drawing has its words"
    assert "rent, $/kW-month" in drawn
    assert 'cx="237' in drawn, "today's rent is in the middle of the axis"


def test_today_outside_the_drawing_is_not_drawn():
    far = {**EDGE, "today": {"rent": 300.0, "build cost": 1.0}}
    assert "<circle" not in str(boundary_figure(far, UNITS))


def test_a_site_name_is_text():
    site = {
        "free": True,
        "site": "<script>alert(1)</script>",
        "company": "=cmd()",
        "free_gross_mw": 10.0,
        "now": "wait",
        "flexible_usd": {"mean": 1e6, "error": 1e5},
        "waiting_usd": {"mean": 1e5, "error": 1e4},
        "best_now": {"decision": "site_sale", "usd": 9e5},
        "switches": [{"decision": "turnkey", "prob_frac": 0.5, "now_frac": 0.0, "expected": "2027-06"}],
        "boundary": EDGE,
    }
    page = switching_html({"study": "s", "as_of": "2026-06", "driver_units": UNITS, "sites": [site]})
    assert "<script>alert" not in page
    assert "turnkey, 50%, 2027-06" in page
    assert "In 2027-06, having waited: turnkey if rent exceeds 130." in page
