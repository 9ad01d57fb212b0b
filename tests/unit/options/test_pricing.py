from __future__ import annotations

import numpy as np
import pytest

from tests.unit.options.paths import put, site
from wattworth.options import collect, fit_policy, fixed_plans, price, price_block


@pytest.fixture(scope="module")
def policy():
    return fit_policy(site(1, range(8), n_date=12))


def fresh(chunks):
    return site(2, chunks, n_date=12)


def told(result):
    return (result.value_usd, result.se_usd, result.fixed, [(s.prob_frac, s.mean_month) for s in result.switchings])


def test_blocks_of_any_size_give_the_same_digits(policy):
    """Proves: nothing in a draw hangs on its neighbours, and sums go chunk by chunk."""
    whole = price(policy, fresh(range(6)))
    split = price(policy, (fresh(range(k, k + 2)) for k in (0, 2, 4)))
    single = price(policy, (fresh(range(k, k + 1)) for k in range(6)))
    assert told(whole) == told(split) == told(single)
    assert whole.values_usd.tolist() == split.values_usd.tolist() == single.values_usd.tolist()


def test_a_padded_block_counts_its_live_draws_only(policy):
    plans = fixed_plans(fresh(range(1)))
    part = collect(policy, plans, [price_block(policy, fresh(range(1)), n_live=100)])
    whole = price(policy, fresh(range(1)))
    assert part.values_usd.tolist() == whole.values_usd[:100].tolist()
    assert part.value_usd == pytest.approx(whole.values_usd[:100].mean())
    assert part.se_usd == pytest.approx(whole.values_usd[:100].std(ddof=1) / 10.0)
    assert sum(s.prob_frac for s in part.switchings) * 100 == pytest.approx(
        round(sum(s.prob_frac for s in part.switchings) * 100)
    )


def test_standard_errors_are_those_of_independent_draws(policy):
    result = price(policy, fresh(range(4)))
    assert result.se_usd == pytest.approx(result.values_usd.std(ddof=1) / 32.0)
    assert result.value_usd == pytest.approx(result.values_usd.mean())


def test_draws_that_share_parameters_count_as_one(policy):
    result = price(policy, fresh(range(4)), group_draws=64)
    means = result.values_usd.reshape(16, 64).mean(axis=1)
    assert result.se_usd == pytest.approx(means.std(ddof=1) / 4.0)
    assert result.value_usd == pytest.approx(means.mean())
    with pytest.raises(ValueError, match="whole groups of 64"):
        price_block(policy, fresh(range(1)), n_live=100, group_draws=64)


def test_regret_is_the_policy_less_the_plan_on_the_same_draws(policy):
    result = price(policy, fresh(range(4)))
    for plan in result.fixed:
        assert plan.regret_usd == pytest.approx(result.value_usd - plan.value_usd, abs=1e-3)
        assert 0.0 <= plan.better_frac <= 1.0
    assert result.never.name == "never"
    assert result.best_now.date in {None, 0}
    assert result.waiting_usd == result.best_now.regret_usd
    assert {plan.name for plan in result.fixed} >= {"mining to leased, now", "mining to sold, month 33"}


def test_switchings_add_up(policy):
    result = price(policy, fresh(range(4)))
    by_name = {s.name: s for s in result.switchings}
    for switching in result.switchings:
        assert switching.prob_frac == pytest.approx(switching.first_frac.sum())
        assert switching.now_frac == switching.first_frac[0]
        assert switching.times_ratio >= switching.prob_frac - 1e-12
        assert (switching.mean_month is None) == (switching.prob_frac == 0.0)
    out = sum(
        by_name[name].prob_frac for name in ("mining to leased", "mining to sold", "idle to leased", "idle to sold")
    )
    assert out <= 1.0


def test_a_policy_has_hindsight_on_its_own_paths_alone():
    """Proves: training value lies above the fresh one, on average over seeds. Fitted on 256 paths it shows."""
    gaps = []
    for seed in range(8):
        result = price(fit_policy(put(seed, range(1), n_date=10)), put(100 + seed, range(8), n_date=10))
        own = price(fit_policy(put(seed, range(1), n_date=10)), put(seed, range(1), n_date=10))
        assert own.value_usd == pytest.approx(own.training_usd)
        gaps.append(own.value_usd - result.value_usd)
    assert np.mean(gaps) > -3 * np.std(gaps) / np.sqrt(len(gaps))
