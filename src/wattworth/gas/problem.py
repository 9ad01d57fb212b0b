"""The network as arrays: what may flow, what may be built, what each is worth, and what limits it.

Volumes are billions of cubic metres at 20 °C in a year, money is millions of real dollars. Axes: field, link, option,
scenario, year; they stand in this order: (scenario, thing, year).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wattworth.solve.matrix import Array

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """Where gas comes from.

    Attributes
    ----------
    names
        Theirs.
    node
        Array, shape (field,): place of the node.
    volume, committed
        Arrays, shape (field, year): most and least that is produced. [bcm/year]
    cost, shut_in
        Arrays, shape (field,): cost of a volume produced, and of one left. [M$/bcm]
    """

    names: tuple[str, ...]
    node: Places
    volume: Array
    committed: Array
    cost: Array
    shut_in: Array


@dataclass(frozen=True, slots=True, eq=False)
class Builds:
    """What may be built to add capacity, as whole pieces.

    Attributes
    ----------
    size
        Array, shape (thing,): capacity of one piece; 0 where none can be built. [bcm/year]
    most
        Array, shape (thing,): most pieces in all years.
    allowed
        Array, shape (thing, year): whether one may be decided then.
    runs
        Array, shape (thing, year decided, year): share of a piece that runs.
    charge
        Array, shape (thing, year decided): present value of what a piece costs. [M$]
    spend
        Array, shape (thing, year decided, year): share of its capital that is paid.
    capex, foreign_capex
        Arrays, shape (thing,): capital of a piece, and the part of it for equipment from abroad. [M$]
    """

    size: Array
    most: Array
    allowed: NDArray[np.bool_]
    runs: Array
    charge: Array
    spend: Array
    capex: Array
    foreign_capex: Array


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Ways between nodes.

    Attributes
    ----------
    names
        Theirs.
    start, end
        Arrays, shape (link,): places of nodes.
    capacity, committed
        Arrays, shape (link, year): most before anything is built, and least. [bcm/year]
    tariff
        Array, shape (link,): for what enters. [M$/bcm]
    loss
        Array, shape (link,): share that does not arrive.
    builds
        What may be added.
    """

    names: tuple[str, ...]
    start: Places
    end: Places
    capacity: Array
    committed: Array
    tariff: Array
    loss: Array
    builds: Builds


@dataclass(frozen=True, slots=True, eq=False)
class Outlets:
    """Uses of gas at nodes.

    Attributes
    ----------
    names, uses
        Theirs, and of the use of each.
    node
        Array, shape (option,).
    existing, depth
        Arrays, shape (option, year): capacity before anything is built, and the most its market takes. [bcm/year]
    margin
        Array, shape (scenario, option, year): worth of gas before capital. [M$/bcm]
    revenue
        Array, shape (scenario, option, year): what its product sells for. [M$/bcm]
    price_effect
        Array, shape (option,): fall of the price of all it sells for each volume. [M$/bcm per bcm]
    kept
        Array, shape (option,): share that can be taken later where it is a store; 0 elsewhere.
    it_gw, product, jobs, duty
        Arrays, shape (option,): for each volume: computers fed [GW], units made, jobs, and duty as a share of revenue.
    builds
        What may be added.
    """

    names: tuple[str, ...]
    uses: tuple[str, ...]
    node: Places
    existing: Array
    depth: Array
    margin: Array
    revenue: Array
    price_effect: Array
    kept: Array
    it_gw: Array
    product: Array
    jobs: Array
    duty: Array
    builds: Builds


@dataclass(frozen=True, slots=True, eq=False)
class SharedLimit:
    """A limit on a weighted sum of what is used and built.

    Attributes
    ----------
    name, unit
        Of the limit.
    amount
        Array, shape (year,), infinite where it does not hold; or shape (1,) for the sum of all years.
    on_intake
        Array, shape (option,), for each volume used.
    on_options, on_links
        Arrays, shape (option,) and (link,), for each piece, as its capital is paid.
    """

    name: str
    unit: str
    amount: Array
    on_intake: Array
    on_options: Array
    on_links: Array


@dataclass(frozen=True, slots=True, eq=False)
class GasProblem:
    """All of it.

    Attributes
    ----------
    years, nodes, scenarios
        Names of the axes.
    probability
        Array, shape (scenario,), sums to one.
    worst_weight_frac
        Weight on the worst scenario; the rest is on the mean.
    discount
        Array, shape (year,): present value of a dollar.
    fields, links, outlets, limits
        The parts.
    extraction
        Extraction tax for each volume produced. [M$/bcm]
    is_owner
        Whether duty and extraction tax are costs, as to the owner, or stay in the country.
    objective
        ``npv``, ``revenue`` or ``jobs``.
    is_whole
        Whether only whole pieces are built.
    """

    years: tuple[int, ...]
    nodes: tuple[str, ...]
    scenarios: tuple[str, ...]
    probability: Array
    worst_weight_frac: float
    discount: Array
    fields: Fields
    links: Links
    outlets: Outlets
    limits: tuple[SharedLimit, ...] = field(default=())
    extraction: Array = field(default_factory=lambda: np.zeros(1))
    is_owner: bool = False
    objective: str = "npv"
    is_whole: bool = True


def no_builds(n_thing: int, n_year: int) -> Builds:
    """Nothing can be built."""
    zero = np.zeros(n_thing)
    return Builds(
        zero,
        zero,
        np.zeros((n_thing, n_year), dtype=np.bool_),
        np.zeros((n_thing, n_year, n_year)),
        np.zeros((n_thing, n_year)),
        spend_of(np.zeros(n_thing, dtype=np.int64), n_year),
        zero,
        zero,
    )


def runs_of(lead_years: Places, life_years: Array, first_year_frac: Array, n_year: int) -> Array:
    """Share of a piece that runs, by year decided and year.

    Parameters
    ----------
    lead_years, life_years, first_year_frac
        Arrays, shape (thing,).
    n_year
        Years.

    Returns
    -------
    array
        Shape (thing, year decided, year): 0 before its lead has passed and after its life, its first year's share in
        the first year, 1 between.
    """
    age = np.arange(n_year)[None, None, :] - np.arange(n_year)[None, :, None] - lead_years[:, None, None]
    alive = (age >= 0) & (age < life_years[:, None, None])
    return np.where(alive, np.where(age == 0, first_year_frac[:, None, None], 1.0), 0.0)


def spend_of(lead_years: Places, n_year: int) -> Array:
    """Share of capital paid, by year decided and year: in equal parts from the decision to the first product.

    Parameters
    ----------
    lead_years
        Array, shape (thing,).
    n_year
        Years.

    Returns
    -------
    array
        Shape (thing, year decided, year); what would be paid after the last year is not in it.
    """
    parts = np.maximum(lead_years, 1)[:, None, None]
    age = np.arange(n_year)[None, None, :] - np.arange(n_year)[None, :, None]
    return np.where((age >= 0) & (age < parts), 1.0 / parts, 0.0)
