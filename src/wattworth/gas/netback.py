"""What gas is worth in a use: price less all that stands between the gas and the buyer."""

from __future__ import annotations

from dataclasses import dataclass

from wattworth.gas.plant import Plant
from wattworth.supply.levelised import annuity_per_year


@dataclass(frozen=True, slots=True)
class Taxes:
    """What the state takes before profit.

    Attributes
    ----------
    export_duty_frac
        Share of the border price.
    extraction_usd_per_mmbtu
        For each unit of heat taken out of the ground. [USD/MMBtu]
    """

    export_duty_frac: float = 0.0
    extraction_usd_per_mmbtu: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """The way from the field to the plant.

    Attributes
    ----------
    tariff_usd_per_mmbtu
        Paid for gas that enters it. [USD/MMBtu]
    loss_frac
        Share of the gas that does not arrive.
    """

    tariff_usd_per_mmbtu: float = 0.0
    loss_frac: float = 0.0


@dataclass(frozen=True, slots=True)
class Netback:
    """What a unit of heat is worth.

    Attributes
    ----------
    inlet_usd_per_mmbtu, inlet_before_capex_usd_per_mmbtu
        At the plant's inlet, after and before what its capital costs. [USD/MMBtu]
    field_usd_per_mmbtu, field_before_capex_usd_per_mmbtu
        At the field, with losses and tariffs of the way off. [USD/MMBtu]
    owner_usd_per_mmbtu
        At the field, less duty and extraction tax. [USD/MMBtu]
    state_usd_per_mmbtu
        Duty and extraction tax, at the field. [USD/MMBtu]
    capex_usd_per_mmbtu
        What capital costs, its fixed upkeep included. [USD/MMBtu]
    """

    inlet_usd_per_mmbtu: float
    inlet_before_capex_usd_per_mmbtu: float
    field_usd_per_mmbtu: float
    field_before_capex_usd_per_mmbtu: float
    owner_usd_per_mmbtu: float
    state_usd_per_mmbtu: float
    capex_usd_per_mmbtu: float


def capital_usd_per_unit(plant: Plant, rate_frac: float) -> float:
    """Yearly cost of capital and its upkeep for each unit made. [USD/unit]

    Parameters
    ----------
    plant
        What is built.
    rate_frac
        Real cost of capital. [1/year]
    """
    yearly = sum(
        layer.usd_per_unit_year * (annuity_per_year(rate_frac, layer.life_years) + layer.fixed_frac_per_year)
        for layer in plant.capital
    )
    return yearly / plant.utilisation_frac


def cash_usd_per_unit(plant: Plant, price_usd_per_unit: float) -> float:
    """What is left of the price of one unit after all costs but capital and gas. [USD/unit]"""
    fixed = plant.fixed_usd_per_unit_year / plant.utilisation_frac
    earned = price_usd_per_unit * plant.price_ratio + plant.rent_usd_per_unit
    return earned - plant.transport_usd_per_unit - plant.variable_usd_per_unit - fixed


def netback(
    plant: Plant,
    price_usd_per_unit: float,
    rate_frac: float,
    *,
    way: Way | None = None,
    taxes: Taxes | None = None,
    dutiable: bool = False,
) -> Netback:
    r"""Worth of gas in one use. [USD/MMBtu]

    Parameters
    ----------
    plant
        The use.
    price_usd_per_unit
        Quoted price of its product. [USD/unit]
    rate_frac
        Real cost of capital; the country's risk is in it and nowhere else. [1/year]
    way
        From the field to the plant; none by default.
    taxes
        Taken by the state; none by default.
    dutiable
        Whether the product pays export duty.

    Notes
    -----
    .. math:: n = \frac{P\,\pi - T - O - (F + \sum_l K_l(\mathrm{CRF}(r, n_l) + f_l))/u}{g}

    A plant of no gas per unit does not exist. At the field: :math:`n(1-\text{loss}) - \text{tariff}`.
    """
    way, taxes = way or Way(), taxes or Taxes()
    gas_mmbtu = plant.gas_mmbtu_per_unit
    before = cash_usd_per_unit(plant, price_usd_per_unit) / gas_mmbtu
    capex = capital_usd_per_unit(plant, rate_frac) / gas_mmbtu
    arrives_frac = 1.0 - way.loss_frac
    field_before = before * arrives_frac - way.tariff_usd_per_mmbtu
    at_field = (before - capex) * arrives_frac - way.tariff_usd_per_mmbtu
    border = price_usd_per_unit * plant.price_ratio / gas_mmbtu
    duty = taxes.export_duty_frac * border * arrives_frac if dutiable else 0.0
    state = duty + taxes.extraction_usd_per_mmbtu
    return Netback(before - capex, before, at_field, field_before, at_field - state, state, capex)
