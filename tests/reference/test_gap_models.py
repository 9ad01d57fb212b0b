"""Printed figures of power-gap models: N1 to N5 and the Monte Carlo table of the facts page, methods.md section 11.

Printed figures hold to their digits, Monte Carlo to 4 standard errors at a fixed seed beside them.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from wattworth import facts
from wattworth.gap import gap, headroom, read_model, versions
from wattworth.gap.arithmetic import net_high_gw, net_mid_gw
from wattworth.gap.inputs import lay_out
from wattworth.gap.summing import tally

NOV, SEP = "morgan-stanley-2025-11", "morgan-stanley-2025-09"
DRAWS = 1_000_000
TABLE = {
    # mode: mean and s.d. in closed form; mean, s.d., p5, p50, p95 and P(net > 0) as printed
    "expected": (3.025, 2.97703, (3.02, 2.98, -1.9, 3.0, 7.9, 0.83)),
    "simulated": (3.025, 8.26535, (3.04, 8.3, -7.6, 1.3, 19.3, 0.57)),
}


def figures(model):
    return {check.figure: check for check in gap(model, "as_printed").checks}


def test_n1_weighted_supply():
    """Proves: four ranges and four chances give 31.25 and 50.70 GW.

    Sensitivity: fuel cells at 8 GW in both ends give 33.95.
    """
    computed = gap(NOV, "as_printed").arithmetic
    assert (computed.ttp_low_gw, computed.ttp_high_gw) == (pytest.approx(31.25), pytest.approx(50.70))
    assert (round(computed.ttp_low_gw), round(computed.ttp_high_gw)) == (31, 51)
    assert figures(NOV)["ttp_low"].agrees
    assert figures(NOV)["ttp_high"].agrees


def test_n2_september_gap():
    """Proves: 65, 6 and 15 are 44 where 45 is printed, within the bank's rounding."""
    check = figures(SEP)["gap"]
    assert (check.number, check.value, check.tolerance, check.agrees) == (44, 45, 1, True)


def test_n3_november_gap():
    """Proves: 69, 10 and 15 are 44, as printed and to the digit."""
    check = figures(NOV)["gap"]
    assert (check.number, check.value, check.tolerance, check.agrees) == (44, 44, 0, True)


def test_n4_november_net():
    """Proves: the printed 13 is the low-ends corner. Sensitivity: the middle of the ranges leaves 3.025."""
    computed = gap(NOV, "as_printed").arithmetic
    assert computed.net_high_gw == pytest.approx(12.75, rel=1e-12)
    assert round(computed.net_high_gw) == 13
    assert computed.net_mid_gw == pytest.approx(3.025, rel=1e-12)
    assert computed.net_low_gw == pytest.approx(-6.70, rel=1e-12)


def test_n5_november_share():
    """Proves: 12.75 of 69 is 18.5 %, printed as 20 % to the nearest five points."""
    computed = gap(NOV, "as_printed").arithmetic
    assert computed.share_frac == pytest.approx(0.1848, abs=5e-5)
    assert round(computed.share_frac * 20) * 5 == 20
    assert figures(NOV)["share"].agrees


def test_september_net_to_the_nearest_five():
    """Proves: "5 to 15" is the middle and the low ends of the November chances, each to the nearest 5 GW."""
    told = figures(SEP)
    assert told["net_high"].agrees
    assert told["net_mid"].agrees
    assert [round(told[name].number / 5) * 5 for name in ("net_mid", "net_high")] == [5, 15]


def test_any_other_note_runs_on_its_own_gap():
    assert net_high_gw(50.0, 31.25) == pytest.approx(18.75, rel=1e-12)
    assert net_mid_gw(50.0, 31.25, 50.70) == pytest.approx(9.025, rel=1e-12)


def test_notes_without_inputs_stay_without():
    """Proves: December 2024 and June 2025 print a gap alone; nothing is filled in."""
    for version, printed in zip(versions()[:2], (36, 45), strict=True):
        assert version.printed == {"gap": printed}
        assert version.computed.gap_gw is None
        assert set(version.missing) == {"demand", "under_construction", "grid_access", "sources"}


@pytest.mark.parametrize("mode", ["expected", "simulated"])
def test_monte_carlo_table(mode):
    """Proves: mean, s.d., quantiles and chance of the table in both modes, 4 standard errors around.

    Sensitivity: one source whose chance is left out moves the mean by more than a gigawatt, 100 standard errors.
    """
    mean, sd, printed = TABLE[mode]
    net = gap(NOV, mode, draws=DRAWS, seed=7)
    assert net.net.mean_gw == pytest.approx(mean, abs=4 * sd / sqrt(DRAWS))
    # the variance of a s.d. is its own variance times (kurtosis - 1) / 4n; 4 bounds the kurtosis of both
    sd_error = sd * sqrt(3 / (4 * DRAWS))
    assert net.net.sd_gw == pytest.approx(sd, abs=4 * sd_error)
    edges, shares = np.array(net.net_bars.edges_gw), np.array(net.net_bars.share_frac)
    found = (net.net.mean_gw, net.net.sd_gw, net.net.p5_gw, net.net.p50_gw, net.net.p95_gw)
    assert found[0] == pytest.approx(printed[0], abs=0.05)
    assert found[1] == pytest.approx(printed[1], abs=0.05)
    for share, quantile, told in zip((0.05, 0.5, 0.95), found[2:], printed[2:5], strict=True):
        place = np.searchsorted(edges, quantile) - 1
        density = shares[place] / (edges[place + 1] - edges[place])
        error = sqrt(share * (1 - share) / DRAWS) / density
        assert quantile == pytest.approx(told, abs=0.05 + 4 * error)
    chance = printed[5]
    assert net.gap_chance_frac == pytest.approx(chance, abs=0.005 + 4 * sqrt(chance * (1 - chance) / DRAWS))


def test_monte_carlo_beside_plain_numpy():
    """Proves: another generator and another way to sum give the same, within 4 standard errors of the difference."""
    rng, n = np.random.default_rng(11), 400_000
    model = read_model(NOV)
    chance = {name: source.success.value for name, source in model.sources.items()}
    drawn = {name: rng.uniform(source.low, source.high, n) for name, source in model.sources.items()}
    net = 44 - sum(drawn[name] * (rng.random(n) < chance[name]) for name in model.sources)
    summed = tally(lay_out(model), "simulated", 7, n)
    row = summed.rows["net", 0]
    error = net.std() * sqrt(2 / n)
    assert summed.sums.mean_gw(row) == pytest.approx(net.mean(), abs=4 * error)
    assert sqrt(summed.sums.variance_gw(row)) == pytest.approx(net.std(), abs=4 * net.std() * sqrt(1.5 / n))
    assert summed.above[0] / n == pytest.approx((net > 0).mean(), abs=4 * sqrt(0.5 / n))


def test_headroom_of_the_duke_paper():
    """Proves: 76, 98, 126 and 215 GW at 0.25, 0.5, 1 and 5 %, from the facts."""
    told = [headroom(rate, facts.load()) for rate in (0.0025, 0.005, 0.01, 0.05)]
    assert [room.gw for room in told] == [76, 98, 126, 215]
    assert all(room.printed for room in told)
