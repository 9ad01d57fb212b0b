"""The page of a power gap: numbers as the document has them, names as text, drawings with words, and no request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.studies import EVERY_KIND, study
from tests.unit.gap.model_files import BODY, HEAD, write
from tests.unit.reports.reader import MINUS_NOUGHT, asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth import facts
from wattworth.gap import factory_curve, gap, gap_document, headroom, read_model, site_curves
from wattworth.gap.feedback import Scarcity
from wattworth.reports import english_gap
from wattworth.reports.gap_figures import group_of, largest_sites
from wattworth.reports.gap_page import gap_html
from wattworth.reports.gap_rows import Row, rows_figure
from wattworth.reports.gap_words import GAP, gw, span

Document = dict[str, Any]

NOV, BY_YEAR = "morgan-stanley-2025-11", "morgan-stanley-2025-11-by-year"
CHOSEN = {"mine": "bitcoin", "half-leased": "turnkey", "retrofit": "powered_shell", "queue": "turnkey"}
HOSTILE = "<script>alert('x')</script>"
YEARS = range(2025, 2029)


@cache
def drawn() -> Document:
    return gap_document(gap(NOV, "simulated", draws=4_096))


@cache
def printed() -> Document:
    return gap_document(gap(NOV, "as_printed"))


@cache
def with_sites() -> Document:
    sites = site_curves(study(*EVERY_KIND), draws=512, chosen=CHOSEN)
    curves = [sites.supply(YEARS, "simulated")]
    found, bare = (gap(BY_YEAR, "simulated", draws=2_048, curves=each) for each in (curves, []))
    felt = Scarcity(0.5, "assumption", "judgement", 1.077, 9.51, 9.42, 5.37, 5.46, 22.3e9, 24.2e9)
    return gap_document(found, bare=bare, sites=sites, years=YEARS, scarcity=felt)


@cache
def with_factories() -> Document:
    book = facts.load()
    curve = factory_curve("ge_turbines", book, YEARS, draws=512)
    room = headroom(0.0075, book)
    found, bare = (gap(BY_YEAR, draws=1_024, curves=each, headroom=room) for each in ([curve], []))
    return gap_document(found, bare=bare)


@cache
def partial() -> Document:
    return gap_document(gap("morgan-stanley-2024-12", "simulated", draws=512))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """A file of one's own with a hostile title and a source without an amount."""
    folder: Path = tmp_path_factory.mktemp("own")
    body = BODY.replace("low: 3, high: 9, success: {value: 0.8}", f'label: "{HOSTILE}"')
    head = HEAD.replace("A model of my own", HOSTILE).replace("my notebook", "<b>notebook</b>")
    return gap_document(gap(write(folder, body, head), draws=512))


CASES: dict[str, Callable[[], Document]] = {
    "drawn": drawn,
    "as printed": printed,
    "with sites": with_sites,
    "with a factory": with_factories,
    "partial": partial,
}


@pytest.fixture(params=[*CASES, "own"])
def found(request: pytest.FixtureRequest) -> Document:
    """Each kind of document."""
    return request.getfixturevalue("own") if request.param == "own" else CASES[request.param]()


def flat(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def part(page: str, pattern: str) -> str:
    match = re.search(pattern, page, re.DOTALL)
    assert match is not None, pattern
    return match[0]


def cells(page: str, key: str, value: str) -> str:
    """A row of a table as text."""
    return flat(part(page, rf'<tr[^>]* {key}="{re.escape(value)}".*?</tr>'))


def test_never_prints_none_or_nan(found: Document) -> None:
    prints_no_nan(gap_html(found), MINUS_NOUGHT)


def test_ids_are_unique_and_links_lead_somewhere(found: Document) -> None:
    links_lead_somewhere(gap_html(found))


def test_asks_for_nothing(found: Document) -> None:
    page = re.sub(r"<script>.*?</script>", "", gap_html(found), flags=re.DOTALL)
    asks_for_nothing(page)


def test_every_drawing_has_a_name_and_says_unit_and_source(found: Document) -> None:
    page = gap_html(found)
    drawings = [attributes for tag, attributes in read(page).tags if tag == "svg"]
    assert drawings
    assert all(attributes.get("aria-label") for attributes in drawings)
    captions = re.findall(r"<figcaption.*?</figcaption>", page, re.DOTALL)
    assert len(captions) == len(drawings)
    for caption in map(flat, captions):
        assert "GW" in caption
        assert "Source" in caption or "sources" in caption


def test_names_are_text(own: Document) -> None:
    page = gap_html(own)
    assert HOSTILE not in page
    assert "<b>notebook</b>" not in page
    assert "&lt;script&gt;alert(" in page


@pytest.mark.parametrize("make", [drawn, with_sites, with_factories], ids=["drawn", "with sites", "with a factory"])
def test_the_balance_holds_the_numbers_of_the_document(make: Callable[[], Document]) -> None:
    made = make()
    page = gap_html(made)
    delivered = {row["name"]: row for row in made["contributions"]}
    assert {line["name"] for line in made["lines"]} == set(delivered)
    for line in made["lines"]:
        row, spread = cells(page, "data-amount", line["name"]), delivered[line["name"]]["delivered"]
        for shown in (gw(line["counted_low_gw"]), gw(line["counted_high_gw"]), gw(spread["mean_gw"])):
            assert shown in row
        assert span(spread["p5_gw"], spread["p95_gw"]) in row
    tile = flat(part(page, r'<div data-tile="net".*?</div>'))
    assert f"{gw(made['net']['mean_gw'])} GW" in tile
    assert span(made["net"]["p5_gw"], made["net"]["p95_gw"]) in tile


def test_every_sentence_is_on_the_page(found: Document) -> None:
    text = " ".join(" ".join(read(gap_html(found)).text).split()).replace("\N{MINUS SIGN}", "-")
    for sentence in found["sentences"]:
        assert sentence in text


def test_as_printed_shows_the_three_corners_and_no_draws() -> None:
    page = gap_html(printed())
    assert 'id="spread"' not in page
    tiles = {key: flat(part(page, rf'<div data-tile="{key}".*?</div>')) for key in ("low", "middle", "high", "printed")}
    assert "12.8 GW" in tiles["low"]
    assert "3.0 GW" in tiles["middle"]
    assert "\N{MINUS SIGN}6.7 GW" in tiles["high"]
    assert "13 GW" in tiles["printed"]
    assert "none, as printed" in flat(page)


def test_the_waterfall_steps_end_where_they_should() -> None:
    """Proves: each step hangs where the one before ended, and the last is what is left."""
    drawing = part(gap_html(drawn()), r'<figure class="panel"><h3>Waterfall.*?</figure>')
    drawn_bars = re.findall(r'<rect class="(?:level|up)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawing)
    bars = [(float(x), float(x) + float(width)) for x, width in drawn_bars]
    assert len(bars) == len(drawn()["waterfall"]) == 9
    demand, built, grid, middle, *sources, net = bars
    assert built[1] == pytest.approx(demand[1], abs=0.02)
    assert grid[1] == pytest.approx(built[0], abs=0.02)
    assert middle[1] == pytest.approx(grid[0], abs=0.02)
    assert sources[-1][0] == pytest.approx(net[1], abs=0.02)
    px = (demand[1] - demand[0]) / 69
    assert middle[1] - middle[0] == pytest.approx(44 * px, abs=0.05)


def test_a_partial_model_says_so_and_draws_no_waterfall() -> None:
    page = gap_html(partial())
    assert "This model is partial" in flat(page)
    assert "there is no waterfall" in flat(page)
    row = cells(page, "data-amount", "demand")
    assert "missing: not found in print" in row
    assert not re.search(r"\d", row)
    assert 'data-tile="net"' not in page


def test_a_source_without_numbers_leaves_an_upper_bound(own: Document) -> None:
    page = gap_html(own)
    assert f"{gw(own['after_known']['mean_gw'])} GW" in flat(part(page, r'<div data-tile="known".*?</div>'))
    assert "missing: no amount is stated" in cells(page, "data-amount", "engines")


def test_years_are_those_of_the_document_and_carry_their_assumption() -> None:
    made = with_sites()
    page = gap_html(made)
    for year in made["years"]:
        row = cells(page, "data-year", str(year["year"]))
        assert gw(year["gap"]["mean_gw"]) in row
        assert gw(year["net"]["mean_gw"]) in row
    assert made["years_label"] in flat(part(page, r'<section id="years".*?</section>'))
    assert 'id="years"' not in gap_html(drawn())


def test_regions_are_those_of_the_document(tmp_path: Path) -> None:
    share = "{demand_frac: 0.4, under_construction_frac: 0.5, grid_access_frac: 0.5, source_frac: {engines: 1}}"
    made = gap_document(gap(write(tmp_path, f"{BODY}regions: {{east: {share}}}\n"), draws=512))
    row = cells(gap_html(made), "data-region", "east")
    assert gw(made["regions"][0]["net"]["mean_gw"]) in row
    assert 'id="regions"' not in gap_html(drawn())


def test_sites_state_the_overlap_the_curve_and_what_is_left_out() -> None:
    made = with_sites()
    page = gap_html(made)
    section = flat(part(page, r'<section id="sites".*?</section>'))
    assert "9.5 to 14.2" in section
    for site in made["sites"]["rows"]:
        row = cells(page, "data-site", site["site_id"])
        assert all(gw(value, 2) in row for value in site["mean_gw"].values())
    assert "in study, without a firm connection" in section
    assert "One round, not an equilibrium" in flat(page)
    names = [site["site_id"] for site in largest_sites(made)]
    means = {site["site_id"]: site["mean_gw"]["2028"] for site in made["sites"]["rows"]}
    assert names == sorted(names, key=lambda each: (-means[each], each))


def test_versions_and_views_of_demand_stand_on_every_page(found: Document) -> None:
    page = gap_html(found)
    assert "45, 44.00" in cells(page, "data-version", "morgan-stanley-2025-09")
    assert "Demand, Under construction, Grid access, Sources" in cells(page, "data-version", "morgan-stanley-2024-12")
    lbnl = cells(page, "data-case", "lbnl-2028")
    assert "325 to 580 TWh" in lbnl
    assert "printed" in lbnl
    assert "lent" in cells(page, "data-case", "iea-2030")
    groups = {case["case_id"]: group_of(case) for case in found["demand"]["cases"]}
    assert (groups["epri-epoch-2030"], groups["citi-us-2030"], groups["grid-strategies-2025"]) == ("ai", "ai", "all")


def test_views_of_demand_share_one_axis() -> None:
    """Proves: gigawatts have one length in all drawings. Sensitivity: with own axes, 50 and 166 GW end alike."""
    section = part(gap_html(drawn()), r'<section id="demand".*?</section>')
    per_gw: list[float] = []
    for row in re.findall(r"<g>.*?</g>", section):
        found = re.search(r'<title>[^<]* ([\d.]+)</title>.*<rect class="level"[^>]* width="([\d.]+)"', row)
        if found is not None and float(found[1]) > 30:
            per_gw.append(float(found[2]) / float(found[1]))
    assert len(per_gw) > 12
    assert max(per_gw) / min(per_gw) < 1.03, "printed to whole gigawatts"


def test_the_weakest_numbers_come_first() -> None:
    section = part(gap_html(with_sites()), r'<section id="numbers".*?</section>')
    ranks = ["assumption", "derived", "low", "medium", "high"]
    trust = [ranks.index(each) for each in re.findall(r'class="confidence (\w+)"', section)]
    assert len(trust) == len(with_sites()["numbers"])
    assert trust[0] == 0
    assert set(trust) <= set(range(len(ranks)))


def test_a_row_tells_its_numbers_and_cuts_a_long_name() -> None:
    rows = [Row("A very long name of a source that has no room " * 3, "3.0 (1.0 to 5.0)", 1.0, 5.0, 3.0)]
    drawing = rows_figure(rows, "Title", "GW", marked=(2.0, "here"))
    assert "3.0 (1.0 to 5.0)" in drawing
    assert "\N{HORIZONTAL ELLIPSIS}" in drawing
    assert rows[0].label in drawing, "the whole name is in its title"
    assert "here" in drawing


class Heard(Mapping[str, str]):
    """A table of words that remembers what was asked of it."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self.table, self.asked = table, set[str]()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return self.table[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


def test_every_word_is_used(own: Document, tmp_path: Path) -> None:
    heard = Heard(GAP.table)
    clock = gap_document(gap(read_model(BY_YEAR), "expected", draws=512, year=2027))
    zero = "{demand_frac: 0, under_construction_frac: 0, grid_access_frac: 0, source_frac: {}}"
    shared = gap_document(gap(write(tmp_path, f"{BODY}regions: {{east: {zero}}}\n"), draws=512))
    for made in (*(make() for make in CASES.values()), own, clock, shared):
        gap_html(made, words=replace(GAP, table=heard))
    seldom = {"gp.measure.average", "gp.basis.critical_it", "gp.overlap.none", "gp.figure.net_mid", "gp.agrees.false",
              "gp.tornado.more", "gp.sites.hidden", "gp.partial", "gp.what.chance", "gp.what.ramp", "gp.no_date",
              "gp.out.abroad", "gp.out.counted elsewhere", "gp.lead.surplus"}  # fmt: skip
    assert set(english_gap.TEXT) - heard.asked <= seldom
