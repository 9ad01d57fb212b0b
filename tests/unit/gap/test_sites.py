"""Sites as supply: by their own dates and chances, and gone with exactly what they brought."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.studies import EVERY_KIND, HALF_LEASED, MINE, RETROFIT, study
from wattworth.errors import StudyError
from wattworth.gap import gap, site_curves
from wattworth.study import DoubleCount
from wattworth.valuation import Run, value

YEARS = range(2025, 2032)
CHOSEN = {"mine": "turnkey", "half-leased": "turnkey", "retrofit": "powered_shell", "queue": "turnkey"}


@pytest.fixture(scope="module")
def curves():
    return site_curves(study(*EVERY_KIND), draws=1_024, chosen=CHOSEN)


def test_only_firm_megawatts_of_ai_count(curves):
    assert curves.site_ids == ("mine", "half-leased", "retrofit")
    assert {out.reason for out in curves.left_out} >= {"in study", "use: none"}
    assert curves.gross_gw == pytest.approx((100 + 750 + 350) / 1e3)
    assert curves.live_gw == 0


def test_curves_rise_and_end_at_chance_times_megawatts(curves):
    total = curves.total_gw(YEARS)
    assert (np.diff(total, axis=0) >= 0).all()
    assert (total[0] == 0).all()
    late = curves.total_gw(range(2060, 2061))[0]
    assert late == pytest.approx(sum(part.gross_mw * part.chance_frac for part in curves.parts) / 1e3, rel=1e-12)
    drawn = curves.total_gw(range(2060, 2061), "simulated")[0]
    assert late.mean() == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 32)
    whole = {round(sum(some), 9) for some in _some([part.gross_mw / 1e3 for part in curves.parts])}
    assert set(drawn.round(9)) <= whole


def _some(parts):
    out = [()]
    for part in parts:
        out += [(*some, part) for some in out]
    return out


def test_removing_a_site_lowers_supply_by_its_curve(curves):
    """Proves: whether it leaves the curves or the study, nothing else moves."""
    own = curves.site_gw("half-leased", YEARS, "simulated")
    assert own[-1].max() > 0
    lowered = curves.total_gw(YEARS, "simulated") - curves.without("half-leased").total_gw(YEARS, "simulated")
    assert np.abs(lowered - own).max() < 1e-12
    fewer = study(*(site for site in EVERY_KIND if site.site_id != "half-leased"))
    again = site_curves(fewer, draws=1_024, chosen=CHOSEN)
    assert (again.total_gw(YEARS, "simulated") == curves.without("half-leased").total_gw(YEARS, "simulated")).all()


def test_a_site_counts_once_where_two_rows_hold_it():
    double = DoubleCount(site_id="retrofit", same_as="mine", reason="the same megawatts", mw=70.0)
    whole = study(MINE, RETROFIT, HALF_LEASED, double_counts=(double,))
    curves = site_curves(whole, draws=256, chosen=CHOSEN)
    assert sum(part.gross_mw for part in curves.parts if part.site_id == "retrofit") == pytest.approx(280)
    assert {"counted elsewhere"} <= {out.reason for out in curves.left_out}
    alone = site_curves(study(RETROFIT, HALF_LEASED, double_counts=(double,)), draws=256, chosen=CHOSEN)
    assert sum(part.gross_mw for part in alone.parts if part.site_id == "retrofit") == pytest.approx(350)


def test_live_megawatts_stand_from_the_as_of_month():
    live = HALF_LEASED.model_copy(update={"lease_live_it_mw": 90.0})
    curves = site_curves(study(live), draws=256, chosen={})
    assert curves.live_gw == pytest.approx(0.5 * 0.25)
    gw = curves.total_gw(YEARS)
    assert (gw[0] == 0).all()
    assert (gw[1] >= 0.125 - 1e-12).all()


def test_a_chance_drawn_above_one_is_one():
    """Proves: a signed lease that is sure comes. Sensitivity: unclipped, its normal quantile is none, and it fails."""
    curves = site_curves(study(HALF_LEASED), draws=16_384, chosen={})
    (part,) = curves.parts
    sure = part.chance_frac == 1
    assert sure.any()
    assert part.comes[sure].all()
    assert part.comes.mean() == pytest.approx(part.chance_frac.mean(), abs=4 * part.comes.std() / 128)


def test_abroad_is_left_out():
    norway = MINE.model_copy(update={"country": "NO"})
    assert site_curves(study(norway, HALF_LEASED), draws=256, chosen=CHOSEN).site_ids == ("half-leased",)
    assert "mine" in site_curves(study(norway, HALF_LEASED), draws=256, chosen=CHOSEN, country=None).site_ids


def test_they_replace_the_source_and_say_so(curves):
    supply = curves.supply(range(2025, 2029))
    bank, own = (gap("morgan-stanley-2025-11", draws=4_096, curves=c) for c in ((), (supply,)))
    names = [row.name for row in own.contributions]
    assert "bitcoin_sites" not in names
    assert "own_sites" in names
    kept = {row.name: row.delivered for row in bank.contributions}
    assert next(row.delivered for row in own.contributions if row.name == "gas_turbines") == kept["gas_turbines"]
    lost = kept["bitcoin_sites"].mean_gw - supply.gw[-1].mean()
    assert own.net.mean_gw - bank.net.mean_gw == pytest.approx(lost, abs=1e-9)
    overlap = own.overlaps[0]
    assert (overlap.low_gw, overlap.high_gw) == (pytest.approx(9.5), pytest.approx(14.25))
    assert overlap.replaced == ("Bitcoin site conversion",)
    assert "in place of the model's Bitcoin site conversion of 9.5 to 14.2 GW" in " ".join(own.sentences)
    assert "are not added" in " ".join(own.sentences)
    assert own.checks == bank.checks
    assert len(bank.numbers) - len(own.numbers) == 2, "the amount and the chance of what is replaced"
    assert json.loads(json.dumps(own.document()))["overlaps"][0]["high_gw"] == pytest.approx(14.25)
    printed = gap("morgan-stanley-2025-11", "as_printed", curves=(supply,))
    assert printed.arithmetic.net_high_gw == pytest.approx(44 - 21.75 - overlap.own_p5_gw)


def test_a_run_gives_the_uses():
    run = value(study(MINE, HALF_LEASED), draws=256, workers=1)
    curves = site_curves(run, draws=256)
    assert curves.value_draws == 256
    assert "half-leased" in curves.site_ids
    best = run.site("mine")["best_use"]
    assert ("mine" in curves.site_ids) == (best in ("turnkey", "powered_shell", "gpu_cloud", "hybrid"))
    with pytest.raises(StudyError, match="does not hold its study"):
        site_curves(replace(run, study=None))
    assert isinstance(run, Run)


def test_a_row_per_site(curves):
    rows = curves.table(YEARS)
    assert [row["site_id"] for row in rows] == ["half-leased", "retrofit", "mine"]
    assert rows[0]["mean_gw"]["2031"] == pytest.approx(curves.site_gw("half-leased", YEARS)[-1].mean())
