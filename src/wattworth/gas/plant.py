"""A use of gas as numbers: what a unit of product takes in gas and costs, layer by layer of capital."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from wattworth.facts import CostIndex, Fact, FactBook
from wattworth.units import MONTHS_PER_YEAR

GasTo = Literal["gas", "fuel", "chemicals", "power", "compute", "ground", "air"]
"""What gas becomes."""


@dataclass(frozen=True, slots=True)
class Capital:
    """One layer of capital.

    Attributes
    ----------
    name
        What it is, such as "hall".
    usd_per_unit_year
        Cost for each unit of product a year that it can make at full use. [USD/(unit/year)]
    life_years
        Over how long it is paid for. [years]
    fixed_frac_per_year
        Yearly upkeep as a share of the cost. [1/year]
    is_foreign
        Whether it is equipment that must be bought abroad.
    """

    name: str
    usd_per_unit_year: float
    life_years: float
    fixed_frac_per_year: float = 0.0
    is_foreign: bool = True


@dataclass(frozen=True, slots=True)
class Plant:
    """What one use of gas takes and costs for each unit of product.

    Attributes
    ----------
    unit
        Unit of product, such as ``t`` or ``MWh``.
    gas_mmbtu_per_unit
        Gas at the plant's inlet, higher heating value; what is lost or burnt on the way included. [MMBtu/unit]
    capital
        Layers of capital; none where nothing is built.
    variable_usd_per_unit
        Cost that follows output, gas apart. [USD/unit]
    fixed_usd_per_unit_year
        Fixed yearly cost of each unit a year of capacity. [USD/(unit/year)/year]
    transport_usd_per_unit
        From the plant to the buyer. [USD/unit]
    rent_usd_per_unit
        Earned beside the product's price, such as the rent of a hall. [USD/unit]
    price_ratio
        What the product earns over the price it is quoted by.
    utilisation_frac
        Share of capacity that is made in a year.
    reference_units_per_year, scale_exponent_ratio
        Size at which the capital is quoted, and how cost grows with size; 0 and 1 where cost is in proportion.
    smallest_units_per_year
        Smallest plant worth naming. [unit/year]
    lead_months
        From decision to first product. [month]
    first_year_frac
        Share of capacity that is made in its first year.
    co2_kg_per_mmbtu
        Carbon dioxide of plant and product together for each unit of heat at the inlet; captured gas left out.
        [kg/MMBtu]
    it_mw_per_unit_year
        Megawatts of computers for each unit a year, where it feeds computers. [MW/(unit/year)]
    """

    unit: str
    gas_mmbtu_per_unit: float
    capital: tuple[Capital, ...] = ()
    variable_usd_per_unit: float = 0.0
    fixed_usd_per_unit_year: float = 0.0
    transport_usd_per_unit: float = 0.0
    rent_usd_per_unit: float = 0.0
    price_ratio: float = 1.0
    utilisation_frac: float = 1.0
    reference_units_per_year: float = 0.0
    scale_exponent_ratio: float = 1.0
    smallest_units_per_year: float = 0.0
    lead_months: float = 0.0
    first_year_frac: float = 1.0
    co2_kg_per_mmbtu: float = 0.0
    it_mw_per_unit_year: float = 0.0

    @property
    def life_years(self) -> float:
        """Life of its longest layer; without limit where nothing is built. [years]"""
        return max((layer.life_years for layer in self.capital), default=float("inf"))

    @property
    def lead_years(self) -> int:
        """Whole years from decision to product."""
        return -int(-self.lead_months // MONTHS_PER_YEAR)

    @property
    def capex_usd_per_unit_year(self) -> float:
        """All layers of capital once. [USD/(unit/year)]"""
        return sum(layer.usd_per_unit_year for layer in self.capital)

    def sized(self, units_per_year: float) -> Plant:
        """The same plant at another size: unit cost follows (size / reference) ** (exponent - 1).

        Parameters
        ----------
        units_per_year
            Capacity. [unit/year]

        Raises
        ------
        ValueError
            If the size is not above 0.
        """
        if not units_per_year > 0.0:
            raise ValueError(f"a plant of {units_per_year} units a year has no cost")
        if not self.reference_units_per_year or self.scale_exponent_ratio == 1.0:
            return self
        factor = (units_per_year / self.reference_units_per_year) ** (self.scale_exponent_ratio - 1.0)
        return self.with_capex_times(factor)

    def with_capex_times(self, ratio: float) -> Plant:
        """The same plant with all its capital times a factor."""
        layers = tuple(replace(layer, usd_per_unit_year=layer.usd_per_unit_year * ratio) for layer in self.capital)
        return replace(self, capital=layers)


@dataclass(frozen=True, slots=True)
class GasUse:
    """One use of gas.

    Attributes
    ----------
    name
        What studies call it.
    label
        Words for people.
    becomes
        What the gas becomes.
    commodity
        Price that its product is quoted by; empty where it earns nothing.
    price_unit
        Unit of that price.
    fact_keys
        Facts it reads.
    build
        Facts to plant.
    """

    name: str
    label: str
    becomes: GasTo
    commodity: str
    price_unit: str
    fact_keys: tuple[str, ...]
    build: Callable[[Facts], Plant] = field(repr=False)

    def plant(self, book: FactBook, usd_year: int | None = None) -> Plant:
        """The use with the numbers of a book.

        Parameters
        ----------
        book
            Facts.
        usd_year
            Year of the money; None takes each figure in the money of its own year, as worked examples do.
        """
        return self.build(Facts(book, usd_year, self.fact_keys))


class Facts:
    """What a use reads from a book: only the facts it declares, in money of one year.

    Parameters
    ----------
    book
        Facts.
    usd_year
        Year of the money, or None for none.
    keys
        The facts declared.
    """

    def __init__(self, book: FactBook, usd_year: int | None, keys: tuple[str, ...]) -> None:
        self._book, self._usd_year, self._keys = book, usd_year, keys

    def __getitem__(self, key: str) -> float:
        if key not in self._keys:
            raise KeyError(f"{key} is read and not declared")
        return in_money(self._book.require(key), self._usd_year).value


def in_money(fact: Fact, usd_year: int | None) -> Fact:
    """A fact in dollars of a year, or as it stands where there is no year."""
    return fact if usd_year is None else fact.in_money_of(usd_year, CostIndex.load())


PLANT_KEYS: Final = ("gas_plant.utilisation", "gas_plant.life", "gas_plant.first_year")
"""Facts that every process plant reads."""


def process_plant(facts: Facts, unit: str, gas_mmbtu_per_unit: float, **others: float) -> Plant:
    """A plant of one layer of capital, with the life, use and first year that process plants share.

    Parameters
    ----------
    facts
        Must declare :data:`PLANT_KEYS`.
    unit, gas_mmbtu_per_unit
        As of :class:`Plant`.
    others
        ``capex`` and ``fixed_frac`` of the layer; the rest as of :class:`Plant`.
    """
    layer = Capital("plant", others.pop("capex"), facts["gas_plant.life"], others.pop("fixed_frac", 0.0))
    return Plant(
        unit,
        gas_mmbtu_per_unit,
        (layer,),
        utilisation_frac=facts["gas_plant.utilisation"],
        first_year_frac=facts["gas_plant.first_year"],
        **others,
    )


def shipped_chemical(name: str, capex_key: str) -> GasUse:
    """A chemical made of gas alone and sold by the tonne; its facts stand under its name.

    Parameters
    ----------
    name
        Of the use, its product and its facts.
    capex_key
        Fact with its capital.
    """
    own = [
        f"{name}.{key}" for key in ("gas_use", "opex_excl_gas", "freight", "lead_time", "reference_scale", "smallest")
    ]
    shared = ("scale.capex_exponent_process_plant", "gas_combustion.co2_per_mmbtu")

    def plant(facts: Facts) -> Plant:
        gas_use, opex, freight, lead_time, scale, smallest = (facts[key] for key in own)
        return process_plant(
            facts,
            "t",
            gas_use,
            capex=facts[capex_key],
            variable_usd_per_unit=opex,
            transport_usd_per_unit=freight,
            reference_units_per_year=scale * 1e6,
            scale_exponent_ratio=facts[shared[0]],
            smallest_units_per_year=smallest * 1e6,
            lead_months=lead_time,
            co2_kg_per_mmbtu=facts[shared[1]],
        )

    return GasUse(name, name, "chemicals", name, "$/t", (*PLANT_KEYS, capex_key, *own, *shared), plant)


def registry(uses: tuple[GasUse, ...]) -> Mapping[str, GasUse]:
    """Uses by name.

    Raises
    ------
    ValueError
        If a name stands twice.
    """
    by_name = {use.name: use for use in uses}
    if len(by_name) != len(uses):
        raise ValueError("two uses of gas share a name")
    return by_name
