"""The balance: draws, sums, years, regions, and what the sentences say."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest

from tests.unit.gap.model_files import BODY, model, write
from wattworth import facts
from wattworth.errors import DataError, StudyError
from wattworth.gap import SupplyCurve, gap, headroom, read_model, versions
from wattworth.gap.headroom import area_headroom_gw
from wattworth.gap.inputs import lay_out
from wattworth.gap.ranges import Range
from wattworth.gap.summing import tally
from wattworth.gap.terms import draw_terms
from wattworth.gap.tornado import base_net_gw

NOV = "morgan-stanley-2025-11"
BY_YEAR = "morgan-stanley-2025-11-by-year"


def test_sums_are_those_of_the_draws():
    """Proves: mean and deviation are exact, quantiles within a bin.

    Sensitivity: counting the padding moves the mean.
    """
    layout, n = lay_out(read_model(NOV)), 3_000
    net = draw_terms(layout, "simulated", 7, range(12)).net_gw[0, :n]
    result = gap(NOV, "simulated", draws=n)
    assert result.net.mean_gw == pytest.approx(net.mean(), rel=1e-12)
    assert result.net.sd_gw == pytest.approx(net.std(), rel=1e-10)
    for share, found in ((0.05, result.net.p5_gw), (0.5, result.net.p50_gw), (0.95, result.net.p95_gw)):
        assert found == pytest.approx(np.quantile(net, share), abs=0.03)
    assert result.gap_chance_frac == (net > 0).mean()
    assert result.corner_chance_frac == (net >= 12.75 - 1e-9).mean()
    assert sum(result.net_bars.share_frac) == pytest.approx(1, abs=1e-12)
    assert len(result.net_bars.edges_gw) == len(result.net_bars.share_frac) + 1


@pytest.mark.parametrize("mode", ["expected", "simulated"])
def test_no_digit_depends_on_the_block(tmp_path, mode):
    own = lay_out(
        model(tmp_path, f"{BODY}correlation: {{amounts: {{common_frac: 0.4}}, success: {{common_frac: 0.2}}}}\n")
    )
    told = [tally(own, mode, 3, 5_000, size) for size in (1, 3, 64)]
    for other in told[1:]:
        for row in told[0].rows.values():
            for share in (0.05, 0.5, 0.95):
                assert other.sums.quantile_gw(row, share) == told[0].sums.quantile_gw(row, share)
            assert other.sums.mean_gw(row) == told[0].sums.mean_gw(row)
            assert other.sums.variance_gw(row) == told[0].sums.variance_gw(row)
        assert (other.above == told[0].above).all()


def test_contributions_add_up():
    result = gap(NOV, "simulated", draws=20_000)
    assert sum(row.variance_frac for row in result.contributions) == pytest.approx(1, abs=1e-9)
    assert sum(row.share_frac or 0 for row in result.contributions) == pytest.approx(1, abs=1e-12)
    whole = sum(row.sign * row.delivered.mean_gw for row in result.contributions)
    assert whole == pytest.approx(result.net.mean_gw, abs=1e-9)
    steps = {step.name: step.gw for step in result.waterfall}
    assert steps["net"] == pytest.approx(result.net.mean_gw, abs=1e-9)
    assert steps["gap"] == 44


def test_lines_are_the_amounts_of_the_arithmetic(tmp_path):
    """Proves: ends times chances sum to the arithmetic, in every mode, and what is unknown has no line."""
    own = write(tmp_path)
    for mode in ("as_printed", "simulated"):
        result = gap(own, mode, draws=256)
        parts, sources = ([line for line in result.lines if line.is_part is kind] for kind in (True, False))
        assert [line.name for line in parts] == ["demand", "under_construction", "grid_access"]
        assert sum(line.counted_low_gw for line in sources) == pytest.approx(result.arithmetic.ttp_low_gw)
        assert sum(line.counted_high_gw for line in sources) == pytest.approx(result.arithmetic.ttp_high_gw)
        assert (sources[0].low_gw, sources[0].high_gw, sources[0].chance_frac) == (3, 9, 0.8)
    unknown = write(tmp_path, BODY.replace("low: 3, high: 9, ", ""))
    assert [line.name for line in gap(unknown, "as_printed").lines] == [*(line.name for line in parts), "sites"]


def test_memory_does_not_grow_with_draws():
    """Proves: four times the draws need no more memory. Sensitivity: kept, 300,000 draws more are 2.4 MB a series."""

    def peak_mb(draws):
        tracemalloc.start()
        gap(NOV, "simulated", draws=draws)
        found = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        return found

    peak_mb(1_000)
    assert peak_mb(400_000) < 1.1 * peak_mb(100_000)


def test_waterfall_as_printed_ends_in_the_headline():
    steps = gap(NOV, "as_printed").waterfall
    assert [step.name for step in steps if step.is_level] == ["demand", "gap", "net"]
    assert steps[-1].gw == pytest.approx(12.75, rel=1e-12)


def test_document_is_plain_json():
    document = gap(BY_YEAR, draws=1_000).document()
    assert json.loads(json.dumps(document)) == document
    assert document["schema_version"] == 1
    assert {"figure": "net_high", "printed": 13.0}.items() <= document["checks"][3].items()


def test_years_end_where_the_window_does():
    """Proves: an allocation moves amounts between years and none out of the window."""
    by_year, whole = gap(BY_YEAR, draws=50_000), gap(NOV, draws=50_000)
    assert by_year.years[-1].net.mean_gw == pytest.approx(whole.net.mean_gw, abs=1e-6)
    assert [year.year for year in by_year.years] == [2025, 2026, 2027, 2028]
    worst = max(by_year.years, key=lambda year: year.net.mean_gw)
    assert worst.year == 2027
    assert any("rest on an assumption" in line for line in by_year.sentences)
    chosen = gap(BY_YEAR, draws=50_000, year=2027)
    assert chosen.net == worst.net
    assert chosen.checks == by_year.checks
    assert "None of" not in " ".join(chosen.sentences)


def test_by_year_file_repeats_the_numbers_of_the_note():
    note, spread = read_model(NOV), read_model(BY_YEAR)
    for part in ("demand", "under_construction", "grid_access"):
        assert getattr(note, part).value == getattr(spread, part).value
    for name, source in note.sources.items():
        other = spread.sources[name]
        assert (source.low, source.high, source.success.value) == (other.low, other.high, other.success.value)
    assert note.printed == spread.printed


def test_no_year_is_made_up():
    with pytest.raises(StudyError, match="states no years for demand"):
        gap(NOV, year=2027)
    with pytest.raises(StudyError, match="lies outside"):
        gap(BY_YEAR, year=2031)
    with pytest.raises(StudyError, match="whole window"):
        gap(BY_YEAR, "as_printed", year=2027)
    assert gap(NOV, draws=256).years == ()


def test_stated_years_and_clocks(tmp_path):
    """Proves: additions add up, sums stand as given, and a clock delivers its ramp and no more."""
    body = """clock_from: 2026-06
demand: {by_year: {2026: {value: 4}, 2027: {value: 6}, 2028: {value: 10}}}
under_construction: {years: cumulative, by_year: {2026: {value: 1}, 2027: {value: 2}, 2028: {value: 2}}}
grid_access: {by_year: {2026: {value: 0}, 2027: {value: 1}, 2028: {value: 1}}}
sources:
  engines: {value: 6, success: {value: 1}, start: {value: 12}, ramp: {value: 12}}
"""
    result = gap(write(tmp_path, body), draws=256)
    assert [year.gap.mean_gw for year in result.years] == [3, 7, 16]
    assert [year.mean_gw["engines"] for year in result.years] == [0, 3, 6]
    assert result.years_label is None
    assert result.net.sd_gw == 0
    assert (result.net.p5_gw, result.net.p95_gw) == (10, 10)


def test_regions_share_the_balance(tmp_path):
    half = "demand_frac: 0.5, under_construction_frac: 0.5, grid_access_frac: 0.5"
    share = f"{{{half}, source_frac: {{engines: 0.5, sites: 0.5}}}}"
    result = gap(write(tmp_path, f"{BODY}regions: {{east: {share}, west: {share}}}\n"), draws=2_000)
    east, west = result.regions
    assert east.net == west.net
    assert east.net.mean_gw == pytest.approx(result.net.mean_gw / 2, rel=1e-12)
    assert east.gap_chance_frac == result.gap_chance_frac


def test_headline_is_called_a_corner():
    told = " ".join(gap(NOV, "expected", draws=1_000).sentences)
    assert (
        "The printed 13 GW is the corner where every source comes in at its low end (12.75 GW), not the centre" in told
    )
    assert "leaves 3.0 GW and their other ends -6.7 GW" in told
    assert "None of 1,000 draws leaves as much" in told


def test_a_headline_off_every_corner_says_so(tmp_path):
    body = f"{BODY}printed: {{net_high: {{value: 60}}, gap: {{value: 20}}}}\n"
    told = " ".join(gap(write(tmp_path, body), "as_printed").sentences)
    assert "The printed 60 GW is no corner of the model's inputs" in told
    assert "The gap is printed as 20 and computed as 37.33" in told


def test_tornado_moves_one_input_at_a_time(tmp_path):
    own = model(tmp_path)
    layout, result = lay_out(own), gap(own, "simulated", draws=400)
    base = base_net_gw(layout)
    swings = {(swing.name, swing.what): swing for swing in result.tornado}
    parts = {("demand", "amount"), ("grid_access", "amount"), ("engines", "amount"), ("engines", "success")}
    assert set(swings) == parts | {("sites", "amount"), ("sites", "chance"), ("sites", "success")}
    assert swings["demand", "amount"].net_at_low_gw == pytest.approx(base + 40 - 160 / 3, rel=1e-12)
    assert swings["engines", "success"].net_at_low_gw == pytest.approx(base + 0.8 * 6, rel=1e-12)
    widths = [swing.width_gw for swing in result.tornado]
    assert widths == sorted(widths, reverse=True)
    assert ("engines", "success") not in {(s.name, s.what) for s in gap(own, "expected", draws=400).tornado}


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert"])
def test_shapes_have_their_mean_and_ends(shape):
    spread = Range(2.0, 3.0 if shape != "uniform" else 5.0, 8.0, shape)
    even = (np.arange(200_000) + 0.5) / 200_000
    drawn = spread.at(even)
    assert drawn.mean() == pytest.approx(spread.mean, abs=6e-6)
    assert (np.diff(drawn) > 0).all()
    assert drawn.min() >= 2.0
    assert drawn.max() <= 8.0


def test_headroom_is_read_inside_its_points_only():
    book = facts.load()
    assert [headroom(rate, book).gw for rate in (0.0025, 0.005, 0.01, 0.05)] == [76, 98, 126, 215]
    assert headroom(0.0075, book).gw == pytest.approx(112, rel=1e-12)
    assert not headroom(0.0075, book).printed
    for rate in (0.002, 0.06):
        with pytest.raises(DataError, match="nothing is extended beyond"):
            headroom(rate, book)
    result = gap(NOV, draws=1_000, headroom=headroom(0.005, book))
    assert result.net_with_headroom.mean_gw == pytest.approx(result.net.mean_gw - 98, rel=1e-12)
    assert any("98 GW of new load fits" in line for line in result.sentences)


def test_areas_of_the_headroom_sum_to_the_print():
    areas = area_headroom_gw(facts.load())
    assert len(areas) == 22
    assert (next(iter(areas)), areas["PJM"], areas["DESC"]) == ("PJM", 17.8, 0.6)
    assert sum(areas.values()) == pytest.approx(98.3, abs=0.05)


def test_a_curve_without_a_counterpart_is_added(tmp_path):
    parts = "demand: {value: 9}\nunder_construction: {value: 1}\ngrid_access: {value: 0}\nsources: {}\n"
    curve = SupplyCurve("more", "More", "bitcoin_sites", (2026, 2027, 2028), np.full((3, 256), 2.0))
    result = gap(write(tmp_path, parts), draws=512, curves=[curve])
    assert result.net.mean_gw == 6
    assert "added beside the model's own sources" in " ".join(result.sentences)
    short = SupplyCurve("more", "More", "bitcoin_sites", (2026,), np.full((1, 256), 2.0))
    with pytest.raises(StudyError, match="holds no 2028"):
        gap(write(tmp_path, parts), draws=512, curves=[short])


def test_what_is_refused():
    with pytest.raises(StudyError, match='no mode "bernoulli"'):
        gap(NOV, "bernoulli")
    with pytest.raises(StudyError, match="draws must be at least 1"):
        gap(NOV, draws=0)


def test_versions_in_order_with_their_gaps():
    told = versions()
    assert [version.published for version in told] == ["2024-12", "2025-06", "2025-09-21", "2025-11-12"]
    assert [version.printed["gap"] for version in told] == [36, 45, 45, 44]
    assert [version.computed.gap_gw for version in told] == [None, None, 44, 44]
