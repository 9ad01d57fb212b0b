"""Forced outages drawn by the hour."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.compute import streams
from wattworth.errors import DataError
from wattworth.supply.reliability import adequacy
from wattworth.supply.reliability_chain import Generators, Reserve
from wattworth.supply.reliability_draws import drawn_adequacy

ENGINES = Generators("engine", 5, 1.0, 190.0, 10.0)
LARGE = Generators("turbine", 2, 2.0, 500.0, 60.0)
HOUR = np.arange(8760)
LOAD = 4.0 + np.sin(2.0 * np.pi * HOUR / 24.0)


def test_draws_agree_with_the_exact_answer():
    """Proves: unserved energy and hours short, units of two kinds, within four standard errors of the binomial.

    Sensitivity: engines repaired in half the time are ten standard errors out.
    """
    kinds = [ENGINES, LARGE]
    load = LOAD + 3.0
    found, exact = drawn_adequacy(load, kinds, 256, seed=7), adequacy(load, [k.in_the_long_run for k in kinds])
    off_mwh = found.mean.unserved_mwh_per_year - exact.unserved_mwh_per_year
    off_h = found.mean.short_h_per_year - exact.short_h_per_year
    assert abs(off_mwh) < 4.0 * found.unserved_se_mwh_per_year
    assert abs(off_h) < 4.0 * found.short_se_h_per_year
    assert found.short_se_h_per_year < 0.05 * exact.short_h_per_year
    assert found.mean.availability_frac == pytest.approx(
        exact.availability_frac, abs=4 * found.short_se_h_per_year / 8760
    )
    quick = adequacy(load, [Generators("engine", 5, 1.0, 190.0, 5.0).in_the_long_run, LARGE.in_the_long_run])
    assert abs(found.mean.short_h_per_year - quick.short_h_per_year) > 8.0 * found.short_se_h_per_year


def test_the_first_years_stay_as_they_are_when_more_are_drawn():
    load = LOAD[:200]
    few, many = (drawn_adequacy(load, [ENGINES], n, seed=1) for n in (40, 300))
    assert few.unserved_mwh.tolist() == many.unserved_mwh[:40].tolist()
    assert few.short_h.tolist() == many.short_h[:40].tolist()


def test_a_kind_more_leaves_the_failures_of_the_others():
    """Proves: year by year, units beside the engines never add to what is unserved, for the engines fail as before."""
    alone, beside = (drawn_adequacy(LOAD[:500], kinds, 64, seed=1) for kinds in ([ENGINES], [LARGE, ENGINES]))
    assert (beside.unserved_mwh <= alone.unserved_mwh + 1e-12).all()
    assert alone.unserved_mwh.sum() > 0.0


def test_a_year_drawn_is_what_a_slow_twin_makes_of_the_same_luck():
    battery = Reserve(0.8, 3.0, 0.5, 0.1, 0.9, 0.95)
    kind, load = Generators("engine", 2, 1.0, 5.0, 3.0), LOAD[:48] - 2.5
    luck = [streams.uniforms(3, f"outage.engine.{n}", range(1), 48)[:, 4] for n in range(2)]
    up, content, unserved, short = [False, False], 3.0 * 0.4, 0.0, 0
    for h in range(48):
        for n in range(2):
            chance = 0.625 if h == 0 else (0.8 if up[n] else 1.0 / 3.0)
            up[n] = luck[n][h] >= 0.2 if h and up[n] else luck[n][h] < chance
        spare = sum(up) - load[h]
        if spare >= 0.0:
            content = min(2.7, content + min(spare, 0.8) * 0.9)
        else:
            given = min(-spare, 0.8, content * 0.95)
            content -= given / 0.95
            unserved += -spare - given
            short += -spare - given > 1e-9
    found = drawn_adequacy(load, [kind], 5, seed=3, reserve=battery)
    assert found.unserved_mwh[4] == pytest.approx(unserved, abs=1e-9)
    assert found.short_h[4] == short


def test_a_reserve_helps_and_no_loss_has_no_error():
    bare, helped = (drawn_adequacy(LOAD[:2000], [ENGINES], 64, 2, reserve=r) for r in (None, Reserve(1.0, 8.0)))
    assert helped.mean.unserved_frac < 0.5 * bare.mean.unserved_frac
    safe = drawn_adequacy(np.ones(24), [Generators("engine", 9, 1.0, 1e6, 1.0)], 4, 2)
    assert (safe.mean.availability_frac, safe.short_se_h_per_year) == (1.0, 0.0)
    assert drawn_adequacy(np.ones(24), [ENGINES], 1, 2).short_se_h_per_year == np.inf


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(ValueError, match="never repaired"):
        drawn_adequacy(LOAD, [Generators("engine", 1, 1.0, 5.0)], 1, 0)
    with pytest.raises(ValueError, match="names that differ"):
        drawn_adequacy(LOAD, [ENGINES, ENGINES], 1, 0)
    with pytest.raises(DataError, match="not all without need"):
        drawn_adequacy(np.zeros(3), [ENGINES], 1, 0)
