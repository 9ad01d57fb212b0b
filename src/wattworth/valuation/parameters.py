"""The outer draw: one value of every uncertain fact, common to all sites.

Rents, building costs and margins of one lease structure belong together, so they are drawn
through a rank-normal copula; every other fact is drawn alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import outer_uniforms, uniforms
from wattworth.errors import FactError
from wattworth.facts import Fact
from wattworth.records import CHUNK_DRAWS, INNER_DRAWS, ParameterDraws

_LEADER: Final = "lease_landlord_pays_capex.rent_year1"
_FOLLOWERS: Final = {
    "ai_purpose_built.construction_cost": ("hall", "correlation.rent_capex"),
    "mining_hall_retrofit.construction_cost": ("hall", "correlation.rent_capex"),
    "lease.noi_margin_triple_net": ("margin", "correlation.rent_margin"),
    "lease.noi_margin_modified_gross": ("margin", "correlation.rent_margin"),
    "lease.noi_margin_gross": ("margin", "correlation.rent_margin"),
}
"""Fact to the stream it shares and the fact that ties that stream to the rent."""

FACT_KEYS: Final = ("correlation.rent_capex", "correlation.rent_margin")


@dataclass(frozen=True, slots=True)
class ParameterTable:
    """Every uncertain fact of a run, by outer draw.

    Attributes
    ----------
    keys
        Fact keys, sorted.
    values
        Array, shape (key, outer draw), whole chunks.
    central
        Array, shape (key,): stated values.
    inner_draws
        Draws that share an outer draw.
    """

    keys: tuple[str, ...]
    values: NDArray[np.float64]
    central: NDArray[np.float64]
    inner_draws: int = INNER_DRAWS

    def draws(self, chunks: range) -> ParameterDraws:
        """The parameters of whole chunks, repeated over the inner draws."""
        per_chunk = CHUNK_DRAWS // self.inner_draws
        outer = self.values[:, chunks.start * per_chunk : chunks.stop * per_chunk]
        repeated = np.repeat(outer, self.inner_draws, axis=1)
        return ParameterDraws(dict(zip(self.keys, repeated, strict=True)))

    def at_central(self) -> ParameterDraws:
        """The stated values, as one draw."""
        return ParameterDraws({key: np.array([value]) for key, value in zip(self.keys, self.central, strict=True)})


def parameter_table(
    facts: Mapping[str, Fact], keys: Iterable[str], seed: int, n_chunk: int, inner_draws: int = INNER_DRAWS
) -> ParameterTable:
    """Draw the facts of a study.

    Parameters
    ----------
    facts
        Facts of a filled study.
    keys
        Which of them rooms read by draw.
    seed
        Seed of the run.
    n_chunk
        Chunks of draws.
    inner_draws
        Draws that share an outer draw; 1 gives every draw its own parameters.

    Raises
    ------
    FactError
        If a correlation lies outside -1 to 1.
    """
    names = tuple(sorted(keys))
    placed = {key: _uniform(facts, key, partial(_outer, seed, n_chunk, inner_draws)) for key in names}
    values = np.stack([facts[key].quantile(placed[key]) for key in names])
    return ParameterTable(names, values, np.array([facts[key].value for key in names]), inner_draws)


def _outer(seed: int, n_chunk: int, inner_draws: int, name: str) -> NDArray[np.float64]:
    """Even numbers of a fact, one for each outer draw, shape (outer draw,)."""
    if inner_draws == INNER_DRAWS:
        return outer_uniforms(seed, f"fact:{name}", range(n_chunk))[::INNER_DRAWS]
    return uniforms(seed, f"fact:{name}:each", range(n_chunk), 1)[0][::inner_draws]


def _uniform(facts: Mapping[str, Fact], key: str, outer: Callable[[str], NDArray[np.float64]]) -> NDArray[np.float64]:
    own = outer(_FOLLOWERS[key][0] if key in _FOLLOWERS else key)
    if key not in _FOLLOWERS:
        return own
    from scipy.special import ndtr, ndtri

    tie = facts[_FOLLOWERS[key][1]]
    if not -1.0 <= tie.value <= 1.0:
        raise FactError(f"{tie.key} is {tie.value}, a correlation must lie between -1 and 1")
    lead = outer(_LEADER)
    return ndtr(tie.value * ndtri(lead) + np.sqrt(1.0 - tie.value**2) * ndtri(own))
