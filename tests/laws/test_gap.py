"""What must hold of any balance: it adds up in every draw, order and blocks move nothing, chances only help."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattworth.gap import GapModel, gap
from wattworth.gap.inputs import lay_out
from wattworth.gap.numbers import Amount, Chance, Source
from wattworth.gap.schema import Correlation, Joint, Pair
from wattworth.gap.summing import tally
from wattworth.gap.terms import draw_terms, net_of

NAMES = ("cells", "engines", "nuclear", "sites")
gigawatts = st.floats(0, 80)
chances = st.floats(0, 1)


@st.composite
def ranges(draw, kind, top=40.0, **more):
    low, high = sorted(draw(st.tuples(st.floats(0, top), st.floats(0, top))))
    shape = draw(st.sampled_from(["fixed", "uniform", "triangular", "pert"]))
    if shape == "fixed" or high - low < 1e-6:
        return kind(value=low, **more)
    mode = low + draw(st.floats(0, 1)) * (high - low) if shape != "uniform" else None
    return kind(low=low, mode=mode, high=high, shape=shape, **more)


@st.composite
def models(draw, correlation=None):
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    sources = {name: draw(ranges(Source, success=Chance(value=draw(chances)))) for name in names}
    parts = {name: draw(ranges(Amount)) for name in ("demand", "under_construction", "grid_access")}
    return build(sources, parts, correlation)


def build(sources, parts, correlation=None):
    return GapModel(
        name="any", title="Any", publisher="nobody", region="US", start_year=2026, end_year=2028, source="a law",
        sources=sources, correlation=correlation, **parts,
    )  # fmt: skip


MODES = st.sampled_from(["expected", "simulated"])


@given(models(), MODES, st.integers(0, 50))
@settings(max_examples=30)
def test_the_balance_holds_in_every_draw(model, mode, seed):
    terms = draw_terms(lay_out(model), mode, seed, range(2))
    parts = terms.parts
    left = parts["demand"] - parts["under_construction"] - parts["grid_access"]
    assert np.array_equal(terms.gap_gw, left)
    assert np.array_equal(terms.net_gw, net_of(left, terms.sources))
    assert np.allclose(terms.net_gw, left - sum(terms.sources.values()), atol=1e-9)
    for name, source in lay_out(model).sources.items():
        assert terms.sources[name].min() >= 0
        assert terms.sources[name].max() <= source.high_gw[0] * (1 + 1e-9)


@given(models(), MODES, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_order_of_sources_moves_no_digit(model, mode, random):
    names = list(model.sources)
    random.shuffle(names)
    other = model.model_copy(update={"sources": {name: model.sources[name] for name in names}})
    own, moved = (gap(m, mode, draws=700) for m in (model, other))
    assert own.net == moved.net
    assert own.gap_chance_frac == moved.gap_chance_frac
    assert own.arithmetic == moved.arithmetic


@given(models(), MODES, st.floats(0.01, 0.5))
@settings(max_examples=20)
def test_a_higher_chance_never_raises_the_net_gap(model, mode, more):
    """Proves: draw by draw, so also in the mean."""
    name = next(iter(model.sources))
    surer = Chance(value=min(1.0, model.sources[name].success.value + more))
    raised = model.model_copy(
        update={"sources": {**model.sources, name: model.sources[name].model_copy(update={"success": surer})}}
    )
    own, sure = (draw_terms(lay_out(m), mode, 7, range(3)).net_gw for m in (model, raised))
    assert (sure <= own + 1e-9).all()
    assert gap(raised, mode, draws=768).net.mean_gw <= gap(model, mode, draws=768).net.mean_gw + 1e-9


@given(st.floats(0.1, 0.9), MODES)
@settings(max_examples=8)
def test_correlation_leaves_the_mean_and_widens_the_spread(common, mode):
    """Proves: what moves together spreads the net gap more and does not move its centre."""
    sources = {name: Source(low=4, high=16, success=Chance(value=0.6)) for name in NAMES}
    parts = {"demand": Amount(value=60), "under_construction": Amount(value=5), "grid_access": Amount(value=5)}
    joint = Joint(common_frac=common)
    alone = gap(build(sources, parts), mode, draws=40_000).net
    together = gap(build(sources, parts, Correlation(amounts=joint, success=joint)), mode, draws=40_000).net
    error = np.hypot(alone.error_gw, together.error_gw)
    assert together.mean_gw == pytest.approx(alone.mean_gw, abs=4.5 * error)
    assert together.sd_gw > alone.sd_gw * (1 + 0.2 * common)


def test_pairs_are_a_factor_where_all_are_alike():
    """Proves: a matrix of equal correlations has the spread of one common factor; an opposite pair narrows it."""
    sources = {name: Source(low=4, high=16, success=Chance(value=1)) for name in NAMES[:2]}
    parts = {"demand": Amount(value=60), "under_construction": Amount(value=5), "grid_access": Amount(value=5)}

    def sd(joint):
        return gap(build(sources, parts, Correlation(amounts=joint)), draws=60_000).net.sd_gw

    def pair(frac):
        return Joint(pairs=(Pair(between=NAMES[:2], correlation_frac=frac),))

    assert sd(pair(0.6)) == pytest.approx(sd(Joint(common_frac=0.6)), rel=0.02)
    assert sd(pair(-0.6)) < sd(Joint(common_frac=0.0)) < sd(pair(0.6))


@given(models(), MODES, st.integers(1, 3_000), st.sampled_from([1, 2, 5, 64]))
@settings(max_examples=15)
def test_equal_bits_whatever_the_block(model, mode, n_draw, size):
    layout = lay_out(model)
    own, other = (tally(layout, mode, 5, n_draw, chunks) for chunks in (3, size))
    for row in own.rows.values():
        assert own.sums.mean_gw(row) == other.sums.mean_gw(row)
        assert own.sums.variance_gw(row) == other.sums.variance_gw(row)
        assert own.sums.quantile_gw(row, 0.05) == other.sums.quantile_gw(row, 0.05)
    assert (own.above == other.above).all()


@given(models(), st.floats(0.1, 10))
@settings(max_examples=15)
def test_twice_the_amounts_are_twice_the_gap(model, scale):
    """Proves: the balance is linear in its amounts."""

    def scaled(amount):
        ends = {k: v * scale for k in ("value", "low", "mode", "high") if (v := getattr(amount, k)) is not None}
        return amount.model_copy(update=ends)

    parts = {name: scaled(getattr(model, name)) for name in ("demand", "under_construction", "grid_access")}
    other = model.model_copy(update={**parts, "sources": {n: scaled(s) for n, s in model.sources.items()}})
    own, moved = (gap(m, "simulated", draws=512) for m in (model, other))
    assert moved.net.mean_gw == pytest.approx(scale * own.net.mean_gw, rel=1e-9, abs=1e-9)
    assert moved.net.sd_gw == pytest.approx(scale * own.net.sd_gw, rel=1e-6, abs=1e-6)
