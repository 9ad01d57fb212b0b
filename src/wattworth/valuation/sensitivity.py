"""How much each fact moves a site: swings from end to end, and shares of variance, with markets at rest.

The whole design is valued as the draws of one run whose market shocks and dates stand still, so it takes one or
two blocks. Volatilities are nil in it, and first power comes when the stated gates say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import StudyError
from wattworth.markets import gpu
from wattworth.records import CHUNK_DRAWS, INNER_DRAWS, ParameterDraws
from wattworth.timeline import Clocks
from wattworth.timeline.gates import expected_delay_months
from wattworth.valuation.assemble import assemble
from wattworth.valuation.central import Central, central
from wattworth.valuation.compose import compose
from wattworth.valuation.inputs import fact_input, with_input
from wattworth.valuation.parameters import ParameterTable
from wattworth.valuation.plan import Plan

SOBOL_SAMPLES: Final = 256
"""Base samples of the Sobol design: a power of two."""

_NOISE: Final = ("volatility", "volatility_long_run", "noise")
"""How the keys of facts end that only say how much chance there is; those of GPU prices stand with their market."""

_SMALLEST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Swing:
    """What the value of each use does as one fact goes from its low to its high.

    Attributes
    ----------
    key
        Fact.
    at_low_usd, at_high_usd
        Use to its risked value with the fact at its low and at its high. [USD]
    """

    key: str
    at_low_usd: Mapping[str, float]
    at_high_usd: Mapping[str, float]


class _Design(ParameterTable):
    """Samples in place of draws: each stands once, and nothing moves by chance."""

    __slots__ = ()

    def draws(self, chunks: range) -> ParameterDraws:
        columns = self.values[:, chunks.start * CHUNK_DRAWS : chunks.stop * CHUNK_DRAWS]
        return ParameterDraws(dict(zip(self.keys, columns, strict=True)))


def is_noise(key: str) -> bool:
    """Whether a fact only says how much chance there is, so that it is nil where markets stand still."""
    return key in gpu.NOISE or key.endswith(_NOISE)


def sampled_usd(plan: Plan, samples: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Risked value of each use of the only site of a plan, for each sample of the facts.

    Parameters
    ----------
    plan
        A plan of one site.
    samples
        Array, shape (key, sample), in the order of the plan's table.

    Returns
    -------
    dict of use to array, shape (sample,)
        Uses that are available. [USD]
    """
    n = samples.shape[1]
    padded = np.pad(samples, ((0, 0), (0, -n % CHUNK_DRAWS)), mode="edge")
    still = padded.copy()
    still[[i for i, key in enumerate(plan.table.keys) if is_noise(key)]] = 0.0
    at_rest = replace(
        plan, table=_Design(plan.table.keys, still, plan.table.central), clocks=_standing(plan.clocks), n_draw=n
    )
    _, drawn = assemble(at_rest, workers=1)
    # a sample stands for an outer draw, so its values are those of all the inner draws under it
    repeated = replace(drawn, **{name: np.repeat(getattr(drawn, name), INNER_DRAWS, axis=-1) for name in _BY_DRAW})
    as_outer = replace(plan, table=ParameterTable(plan.table.keys, padded, plan.table.central), n_draw=n * INNER_DRAWS)
    value = compose(as_outer, repeated, 0)
    return {name: use.risked_usd[::INNER_DRAWS] for name, use in value.uses.items() if use.reason is None}


_BY_DRAW: Final = ("cases", "lost_usd")


def _standing(clocks: Clocks) -> Clocks:
    """Clocks that show their stated months in every draw, the mean delay added."""
    quantiles = {gate: np.full_like(table, clocks.stated[gate]) for gate, table in clocks.quantiles.items()}
    late = expected_delay_months(clocks.on_time_frac, clocks.slip_mean_months)
    late += clocks.extra_delay_months
    return replace(clocks, quantiles=quantiles, on_time_frac=1.0, slip_mean_months=0.0, extra_delay_months=late)


def swings(plan: Plan) -> list[Swing]:
    """The swing of every fact with a range that the run reads.

    Facts that are drawn swing in one design with all others at their stated values; those that are not, such as
    the gates of the time to power, one by one on the central path.
    """
    facts = plan.study.facts
    keys = [key for key, fact in facts.items() if fact.low is not None and fact.low < (fact.high or fact.low)]
    drawn = [key for key in keys if key in plan.table.keys and not is_noise(key)]
    row = {key: i for i, key in enumerate(plan.table.keys)}
    samples = np.repeat(plan.table.central[:, None], 2 * len(drawn), axis=1)
    for i, key in enumerate(drawn):
        samples[row[key], 2 * i], samples[row[key], 2 * i + 1] = facts[key].low, facts[key].high
    found = sampled_usd(plan, samples)
    out = [
        Swing(
            key,
            {use: float(usd[2 * i]) for use, usd in found.items()},
            {use: float(usd[2 * i + 1]) for use, usd in found.items()},
        )
        for i, key in enumerate(drawn)
    ]
    site = plan.sites[0].site.site_id
    for key in keys:
        if key in plan.table.keys:
            continue
        swing = _alone(plan, site, key)
        out += [swing] if swing is not None else []
    return out


def _alone(plan: Plan, site: str, key: str) -> Swing | None:
    asked, fact = fact_input(plan.study, key), plan.study.facts[key]
    if fact.low is None or fact.high is None:
        return None
    try:
        low, high = (central(with_input(plan.study, asked, end), site) for end in (fact.low, fact.high))
    except StudyError:
        return None
    return Swing(key, _risked(low, site), _risked(high, site))


def _risked(found: Central, site: str) -> dict[str, float]:
    uses = found.values[site].uses
    return {name: float(use.risked_usd[0]) for name, use in uses.items() if use.reason is None}


@dataclass(frozen=True, slots=True)
class Shares:
    """Sobol's shares of the variance that a set of facts brings about together.

    Attributes
    ----------
    first, total
        Fact to its share alone, and with all it does together with others; nan where nothing varies. [1]
    """

    first: Mapping[str, float]
    total: Mapping[str, float]


def shares(
    plan: Plan, keys: Sequence[str], measures: Mapping[str, Mapping[str, float]], n_sample: int = SOBOL_SAMPLES
) -> dict[str, Shares]:
    """Sobol's first-order and total shares of some facts, drawn independently, all else at its stated value.

    Parameters
    ----------
    plan
        A plan of one site.
    keys
        Facts to vary, drawn ones only.
    measures
        Name to use and weight: what is explained, such as ``{"lead": {"turnkey": 1, "bitcoin": -1}}``.
    n_sample
        Base samples, a power of two; (keys + 2) times as many are valued.

    References
    ----------
    .. [1] A. Saltelli et al., "Variance based sensitivity analysis of model output", Comput. Phys. Commun. 181
       (2010) 259-270, the estimators of ``scipy.stats.sobol_indices``.
    """
    from scipy.stats import sobol_indices
    from scipy.stats.qmc import Sobol

    d = len(keys)
    if d == 0:
        return {name: Shares({}, {}) for name in measures}
    uniform = np.clip(Sobol(2 * d, rng=plan.seed).random(n_sample).T, _SMALLEST, 1 - _SMALLEST)
    drawn = np.stack([plan.study.facts[keys[i % d]].quantile(uniform[i]) for i in range(2 * d)])
    first, second = drawn[:d], drawn[d:]
    mixed = np.repeat(first[None], d, axis=0)
    for i in range(d):
        mixed[i, i] = second[i]
    design = np.concatenate([first, second, *mixed], axis=1)
    samples = np.repeat(plan.table.central[:, None], design.shape[1], axis=1)
    samples[[plan.table.keys.index(key) for key in keys]] = design
    found = sampled_usd(plan, samples)
    out: dict[str, Shares] = {}
    for name, weights in measures.items():
        usd = sum(weight * found[use] for use, weight in weights.items())
        parts = np.reshape(usd, (d + 2, n_sample))
        if np.ptp(parts[:2]) <= _SMALLEST * np.abs(parts).max():
            nothing = dict.fromkeys(keys, float("nan"))
            out[name] = Shares(nothing, nothing)
            continue
        centred = parts - parts[:2].mean()
        result = sobol_indices(
            func={"f_A": centred[0][None], "f_B": centred[1][None], "f_AB": centred[2:][:, None]}, n=n_sample
        )
        out[name] = Shares(
            dict(zip(keys, np.ravel(result.first_order).tolist(), strict=True)),
            dict(zip(keys, np.ravel(result.total_order).tolist(), strict=True)),
        )
    return out
