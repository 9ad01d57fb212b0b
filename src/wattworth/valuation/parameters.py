"""The outer draw: one value of every uncertain fact, common to all sites.

Rents, building costs and margins of one lease structure belong together, so they are drawn
through a rank-normal copula; every other fact is drawn alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import outer_uniforms
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

_OUTER_PER_CHUNK: Final = CHUNK_DRAWS // INNER_DRAWS


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
    """

    keys: tuple[str, ...]
    values: NDArray[np.float64]
    central: NDArray[np.float64]

    def draws(self, chunks: range) -> ParameterDraws:
        """The parameters of whole chunks, repeated over the inner draws."""
        outer = self.values[:, chunks.start * _OUTER_PER_CHUNK : chunks.stop * _OUTER_PER_CHUNK]
        repeated = np.repeat(outer, INNER_DRAWS, axis=1)
        return ParameterDraws(dict(zip(self.keys, repeated, strict=True)))

    def at_central(self) -> ParameterDraws:
        """The stated values, as one draw."""
        return ParameterDraws({key: np.array([value]) for key, value in zip(self.keys, self.central, strict=True)})


def parameter_table(facts: Mapping[str, Fact], keys: Iterable[str], seed: int, n_chunk: int) -> ParameterTable:
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

    Raises
    ------
    FactError
        If a correlation lies outside -1 to 1.
    """
    names = tuple(sorted(keys))
    uniforms = {key: _uniform(facts, key, seed, n_chunk) for key in names}
    values = np.stack([facts[key].quantile(uniforms[key]) for key in names])
    return ParameterTable(names, values, np.array([facts[key].value for key in names]))


def _uniform(facts: Mapping[str, Fact], key: str, seed: int, n_chunk: int) -> NDArray[np.float64]:
    own = outer_uniforms(seed, f"fact:{_FOLLOWERS[key][0] if key in _FOLLOWERS else key}", range(n_chunk))
    own = own[::INNER_DRAWS]
    if key not in _FOLLOWERS:
        return own
    from scipy.special import ndtr, ndtri

    tie = facts[_FOLLOWERS[key][1]]
    if not -1.0 <= tie.value <= 1.0:
        raise FactError(f"{tie.key} is {tie.value}, a correlation must lie between -1 and 1")
    lead = outer_uniforms(seed, f"fact:{_LEADER}", range(n_chunk))[::INNER_DRAWS]
    return ndtr(tie.value * ndtri(lead) + np.sqrt(1.0 - tie.value**2) * ndtri(own))
