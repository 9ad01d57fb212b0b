"""Supply by year of what factories make: their output, the orders before yours, and the way from order to power."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import uniforms
from wattworth.errors import DataError
from wattworth.facts import Fact
from wattworth.gap.curves import SupplyCurve
from wattworth.gap.numbers import Kind
from wattworth.records import CHUNK_DRAWS
from wattworth.records.axes import month_number
from wattworth.units import MONTHS_PER_YEAR

_FIELDS: Final = ("capacity", "backlog", "us_share", "data_centre_share", "order_lead", "build_time")


@dataclass(frozen=True, slots=True)
class FactorySource:
    """A kind of plant whose factory decides how much comes, and when.

    Attributes
    ----------
    name, label, kind
        Key, words, and which sources of a model it can stand in for.
    facts
        Field to the key of its fact: yearly ``capacity`` [GW/yr] and ``backlog`` [GW] of the factory, ``us_share``
        and ``data_centre_share`` [1], ``order_lead`` from an order today to the delivered machine and
        ``build_time`` from there to power [month]. ``lead_to_power`` marks a lead that ends in power itself.
    lead_to_power
        Whether ``order_lead`` ends in power and not in the delivered machine.
    """

    name: str
    label: str
    kind: Kind
    facts: Mapping[str, str]
    lead_to_power: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that nobody prints and that no fact fills; without them there is no supply by year."""
        return tuple(name for name in _FIELDS if name not in self.facts)


def _keys(technology: str, *names: str) -> dict[str, str]:
    return {name: f"{technology}.{name}" for name in names}


SOURCES: Final = {
    source.name: source
    for source in (
        FactorySource("ge_turbines", "Gas turbines of GE Vernova", "gas_turbine", _keys("gas_turbine_ge", *_FIELDS)),
        FactorySource(
            "gas_engines",
            "Reciprocating engines",
            "gas_engine",
            _keys("gas_engine", "order_lead"),
            lead_to_power=True,
        ),
        FactorySource(
            "bloom_fuel_cells",
            "Fuel cells of Bloom Energy",
            "fuel_cell",
            {
                **_keys("fuel_cell_bloom", *(name for name in _FIELDS if name != "order_lead")),
                "order_lead": "clock.onsite_fuel_cell",
            },
            lead_to_power=True,
        ),
    )
}
"""Packaged kinds by name."""


def delivered_gw(
    months: NDArray[np.float64],
    *,
    capacity_gw_per_year: NDArray[np.float64],
    backlog_gw: NDArray[np.float64],
    share_frac: NDArray[np.float64],
    first_month: NDArray[np.float64],
    new_month: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Power that stands some months from now.

    Parameters
    ----------
    months
        Array, shape (year,): months from now. [month]
    capacity_gw_per_year, backlog_gw
        Arrays, shape (draw,): output of the factory, and orders not delivered. [GW/year], [GW]
    share_frac
        Array, shape (draw,): share of both that goes to data centres of the country. [1]
    first_month
        Array, shape (draw,): when the first delivery from the backlog has power. [month]
    new_month
        Array, shape (draw,): when the first order of today has power. [month]

    Returns
    -------
    array, shape (year, draw)
        The backlog is worked off at full output; orders of today follow at the same output, not before their lead
        and not before the backlog is done. [GW]
    """
    rate = capacity_gw_per_year * share_frac / MONTHS_PER_YEAR
    passed = months[:, None]
    old = np.minimum(rate * np.maximum(passed - first_month, 0.0), backlog_gw * share_frac)
    cleared = first_month + backlog_gw / capacity_gw_per_year * MONTHS_PER_YEAR
    return old + rate * np.maximum(passed - np.maximum(new_month, cleared), 0.0)


def factory_curve(
    source: FactorySource | str,
    facts: Mapping[str, Fact],
    years: range,
    *,
    from_month: str | None = None,
    draws: int = 4_096,
    seed: int = 7,
) -> SupplyCurve:
    """Supply by year of one kind of plant, every fact drawn over its range for itself.

    Parameters
    ----------
    source
        A kind, or the name of a packaged one.
    facts
        With the keys of the source.
    years
        Calendar years.
    from_month
        Month of today's order, ``YYYY-MM``; what ran before it is not counted. None is the month of the backlog.
    draws, seed
        Rounded up to whole chunks of 256; of the random numbers.

    Raises
    ------
    DataError
        If there is no such kind, or a number it needs is printed nowhere.
    """
    if isinstance(source, str):
        if source not in SOURCES:
            raise DataError(f'no source "{source}"; there are {", ".join(SOURCES)}')
        source = SOURCES[source]
    if source.missing:
        listed = ", ".join(name.replace("_", " ") for name in source.missing)
        raise DataError(f"{source.label}: no {listed} is printed; state it as a source with a range in a model file")
    begun = from_month or f"{facts[source.facts['backlog']].as_of}-01"[:7]
    chunks = range(-(-draws // CHUNK_DRAWS))
    drawn = {
        name: facts[key].quantile(uniforms(seed, f"gap:{source.name}:{name}", chunks, 1)[0])
        for name, key in source.facts.items()
    }
    now = month_number(begun)
    months = np.array([float((year + 1) * MONTHS_PER_YEAR - 1 - now) for year in years])
    lead = drawn["order_lead"] if source.lead_to_power else drawn["order_lead"] + drawn["build_time"]
    gw = delivered_gw(
        months,
        capacity_gw_per_year=drawn["capacity"],
        backlog_gw=drawn["backlog"],
        share_frac=np.clip(drawn["us_share"], 0.0, 1.0) * np.clip(drawn["data_centre_share"], 0.0, 1.0),
        first_month=drawn["build_time"],
        new_month=lead,
    )
    note = f"output and backlog of one maker from {begun} on; what runs already and other makers are not in it"
    return SupplyCurve(source.name, source.label, source.kind, tuple(years), gw, note)
