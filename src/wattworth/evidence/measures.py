"""What is predicted of a deal, from the figures behind it, and what the deal then disclosed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute import streams
from wattworth.evidence.deal import Deal
from wattworth.evidence.figures import Context
from wattworth.evidence.knowledge import ESCALATOR_KEY, Knowledge, Learnt
from wattworth.facts import pert
from wattworth.records import CHUNK_DRAWS
from wattworth.units import KW_PER_MW, MONTHS_PER_YEAR, USD_PER_MUSD
from wattworth.uses.lease_math import total_rent_usd

Drawn = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number predicted of a deal.

    Attributes
    ----------
    label
        Name for people.
    unit
        Its unit.
    figures
        Figures it is built from.
    groups
        Kinds of deal it is predicted of.
    actual
        What a deal disclosed, or None.
    predict
        Draws, shape (draw,), from the figures of a deal.
    naive
        Measure whose past values a naive rule takes; None takes its own.
    """

    label: str
    unit: str
    figures: tuple[str, ...]
    groups: tuple[str, ...]
    actual: Callable[[Deal, Context], float | None]
    predict: Callable[[Figures], Drawn]
    naive: str | None = None


class Figures:
    """Draws of the figures of one deal, each from its own stream.

    Parameters
    ----------
    knowledge
        What was known before the deal.
    deal
        The deal, of which only megawatts, term, product and structure are read.
    n_draw
        Number of draws, rounded up to whole chunks.
    seed
        Of the random numbers.
    """

    def __init__(self, knowledge: Knowledge, deal: Deal, n_draw: int, seed: int) -> None:
        self.deal, self._knowledge, self._seed = deal, knowledge, seed
        self._chunks = range(-(-n_draw // CHUNK_DRAWS))
        self.used: dict[str, Learnt] = {}

    def __getitem__(self, name: str) -> Drawn:
        if name not in self.used:
            self.used[name] = self._knowledge.learn(name, self.deal)
        return self.used[name].quantile(self._probabilities(name))

    @property
    def escalator_frac(self) -> Drawn:
        """Yearly steps of the rent, which are not given before a deal."""
        fact = self._knowledge.fact((ESCALATOR_KEY,))
        low, high = (fact.value if end is None else end for end in (fact.low, fact.high))
        return pert.quantile(self._probabilities("escalator"), low, fact.value, high, bounds=fact.bounds)

    @property
    def critical_it_mw(self) -> Drawn | float | None:
        """Critical power as given, or the gross over draws of the ratio."""
        row = self.deal.row
        if row.critical_it_mw is not None:
            return row.critical_it_mw
        return row.gross_mw / self["gross_to_it"] if row.gross_mw is not None else None

    @property
    def average_rent(self) -> Drawn:
        """Average rent over the term, the first year's stepped up. [$/kW-month]"""
        term = np.full(len(self._chunks) * CHUNK_DRAWS, self.deal.row.term_years or 1.0)
        return total_rent_usd(self["rent"], term, self.escalator_frac) / term

    def _probabilities(self, name: str) -> Drawn:
        """Middles of equal steps from 0 to 1, shuffled by the name: every quantile is as even as it can be."""
        drawn = streams.uniforms(self._seed, f"backtest {self.deal.deal_id} {name}", self._chunks, 1)[0]
        return (np.argsort(np.argsort(drawn, kind="stable"), kind="stable") + 0.5) / drawn.size


def _contract_value(figures: Figures) -> Drawn:
    mw, term = figures.critical_it_mw, figures.deal.row.term_years
    return figures.average_rent * np.asarray(mw) * KW_PER_MW * MONTHS_PER_YEAR * np.asarray(term) / USD_PER_MUSD


def _year1_rent(deal: Deal, context: Context) -> float | None:
    return None if deal.escalator == "unknown" else deal.year1_rent(context.escalator_frac, context.ratio)


def _noi(deal: Deal, context: Context) -> float | None:
    return _income(deal.average_rent(context.ratio), deal.noi_margin_frac)


def _yield_on_cost(deal: Deal, context: Context) -> float | None:
    income, capex = _income(_year1_rent(deal, context), deal.noi_margin_frac), deal.capex_musd_per_mw(context.ratio)
    return income / capex if income is not None and capex else None


def _income(rent: float | None, margin_frac: float | None) -> float | None:
    """Yearly net operating income per critical megawatt. [$M/MW]"""
    return rent * margin_frac * MONTHS_PER_YEAR / 1e3 if rent is not None and margin_frac is not None else None


def _value_musd(deal: Deal, _: Context) -> float | None:
    return None if deal.contract_value_usd is None else deal.contract_value_usd / USD_PER_MUSD


MEASURES: Final[Mapping[str, Measure]] = {
    "year1_rent": Measure(
        label="first year's rent",
        unit="$/kW-month",
        figures=("rent",),
        groups=("lease",),
        actual=_year1_rent,
        predict=lambda figures: figures["rent"],
    ),
    "average_rent": Measure(
        label="average rent",
        unit="$/kW-month",
        figures=("rent",),
        groups=("lease",),
        actual=lambda deal, context: deal.average_rent(context.ratio),
        predict=lambda figures: figures.average_rent,
    ),
    "contract_value": Measure(
        label="contract value",
        unit="$M",
        figures=("rent",),
        groups=("lease",),
        actual=_value_musd,
        predict=_contract_value,
        naive="average_rent",
    ),
    "noi": Measure(
        label="average NOI",
        unit="$M/MW-yr",
        figures=("rent", "noi_margin"),
        groups=("lease",),
        actual=_noi,
        predict=lambda figures: figures.average_rent * figures["noi_margin"] * MONTHS_PER_YEAR / 1e3,
    ),
    "capex": Measure(
        label="owner's cost of the hall",
        unit="$M/MW",
        figures=("capex",),
        groups=("lease", "gpu_cloud", "other"),
        actual=lambda deal, context: deal.capex_musd_per_mw(context.ratio),
        predict=lambda figures: figures["capex"],
    ),
    "yield_on_cost": Measure(
        label="first year's yield on cost",
        unit="frac/yr",
        figures=("rent", "noi_margin", "capex"),
        groups=("lease",),
        actual=_yield_on_cost,
        predict=lambda figures: figures["rent"] * figures["noi_margin"] * MONTHS_PER_YEAR / 1e3 / figures["capex"],
    ),
    "gross_to_it": Measure(
        label="gross over critical IT power",
        unit="ratio",
        figures=("gross_to_it",),
        groups=("lease", "gpu_cloud", "other"),
        actual=lambda deal, _: deal.gross_to_it_ratio,
        predict=lambda figures: figures["gross_to_it"],
    ),
    "months": Measure(
        label="months to first revenue",
        unit="months",
        figures=("months",),
        groups=("lease",),
        actual=lambda deal, _: deal.months_to_first_revenue,
        predict=lambda figures: figures["months"],
    ),
    "site_price": Measure(
        label="price of an unleased site",
        unit="$/W",
        figures=("price",),
        groups=("site_sale",),
        actual=lambda deal, _: deal.price_usd_per_w,
        predict=lambda figures: figures["price"],
    ),
    "cloud_revenue": Measure(
        label="cloud revenue",
        unit="$/GPU-h",
        figures=("cloud",),
        groups=("gpu_cloud",),
        actual=lambda deal, _: deal.cloud_usd_per_gpu_hour,
        predict=lambda figures: figures["cloud"],
    ),
    "gpu_price": Measure(
        label="price of a GPU",
        unit="$/GPU",
        figures=("gpu_price",),
        groups=("gpu_cloud",),
        actual=lambda deal, _: deal.gpu_price_usd,
        predict=lambda figures: figures["gpu_price"],
    ),
}
"""Measures by name, in the order they are shown."""
