"""A solved case as a document that JSON can hold."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wattworth.records import SCHEMA_VERSION
from wattworth.supply.tariffs import Bill
from wattworth.valuation.power import PowerResult
from wattworth.valuation.power_designs import DesignResult
from wattworth.valuation.power_series import design_series, sized_at_targets

Document = dict[str, Any]


def power_document(result: PowerResult, *, figures: bool = True) -> Document:
    """Everything a solved case says, in plain values.

    Parameters
    ----------
    result
        From :func:`~wattworth.valuation.power.solve_power`.
    figures
        Whether the data of its figures are in it: they take a few more solves.

    Returns
    -------
    dict
        Designs in the order of the file, the optimum first; each with its place and flags.
    """
    case = result.case
    keys = case.file.keys
    places = {row.candidate.name: row for row in result.ranking.rows}
    return {
        "schema_version": SCHEMA_VERSION,
        "name": keys.name,
        "title": keys.title or keys.name,
        "method": result.method,
        "money_year": keys.money_year,
        "n_year": case.hours.n_year,
        "demanded_mwh_per_year": float(case.system.load_mw.sum()) / case.system.n_year,
        "peak_mw": float(case.system.load_mw.max()),
        "convention": None if keys.finance.project is None else keys.finance.project.convention,
        "reliability": asdict(case.target),
        "at_equal_reliability": result.ranking.at_equal_reliability,
        "designs": [
            _design(found, case.system.n_year)
            | {"place": places[found.name].place, "flags": list(places[found.name].flags)}
            | (design_series(result, found) if figures else {})
            for found in result.designs
        ],
        "targets": sized_at_targets(result) if figures else [],
        "relaxed": [asdict(one) for one in result.relaxed],
        "numbers": [asdict(row) for row in case.numbers.rows.values()],
        "notes": list(case.hours.notes),
        "weak": _weak(result),
        "case": keys.model_dump(mode="json", exclude_unset=True),
    }


def _design(found: DesignResult, n_year: float) -> Document:
    money = found.money
    return {
        "name": found.name,
        "installed_mw": dict(found.installed_mw),
        "battery_mwh": found.battery_mwh,
        "units": {name: asdict(count) | {"n_unit": count.n_unit} for name, count in found.units.items()},
        "reliability": asdict(found.adequacy),
        "reliability_method": found.reliability_method,
        "energy_mwh_per_year": dict(found.energy_mwh_per_year),
        "renewable_frac": found.renewable_frac,
        "fuel_mmbtu_per_year": found.fuel_mmbtu_per_year,
        "co2_t_per_year": found.co2_t_per_year,
        "capital_usd_per_year": money.capital_usd_per_year,
        "running_usd_per_year": money.running_usd_per_year,
        **asdict(money.served),
        "convention_usd_per_mwh": money.convention_usd_per_mwh,
        "bound_usd_per_mwh": money.bound_usd_per_mwh,
        "rule": None if found.rule is None else asdict(found.rule),
        "marginal_price": None if found.price is None else asdict(found.price),
        "tariff_usd_per_year": None if found.bill is None else _bill(found.bill, n_year),
        "in_units": None if found.in_units is None else asdict(found.in_units),
        "lead_months": dict(found.lead_months),
        "first_power_months": found.first_power_months,
        "full_power_months": found.full_power_months,
        "notes": list(found.notes),
        "gap_frac": found.sizing.gap_frac,
    }


def _weak(result: PowerResult) -> list[str]:
    """What the result leaves out."""
    out = [
        "sun, wind and the battery never fail",
        "units fail on their own: common causes, gas supply and cold are not in it",
    ]
    if result.case.units and not result.case.commitment:
        out.append("fuel is that of full load, without starts and least load")
    fades = any(row.value for key, row in result.case.numbers.rows.items() if key.endswith(".fade_frac_per_year"))
    priced = result.case.file.keys.finance.project is not None
    out.append("fading is only in the price by the convention" if fades and priced else "fading is not in it")
    return out


def _bill(found: Bill, n_year: float) -> dict[str, float]:
    """Charges of a tariff beside energy, over the years. [USD/year]"""
    return {
        "demand": float(found.demand_usd.sum()) / n_year,
        "coincident": float(found.coincident_usd.sum()) / n_year,
        "four_cp": float(found.four_cp_usd.sum()) / n_year,
        "four_cp_unsaved": float(found.four_cp_unsaved_usd.sum()) / n_year,
        "fixed": float(found.fixed_usd.sum()) / n_year,
    }
