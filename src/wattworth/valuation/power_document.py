"""A solved case as a document that JSON can hold."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from wattworth.records import SCHEMA_VERSION
from wattworth.valuation.power import PowerResult
from wattworth.valuation.power_designs import DesignResult

Document = dict[str, Any]

_WEAK = (
    "sun, wind and the battery never fail, and the battery does not stand in for a failed unit",
    "units fail on their own: common causes, gas supply and cold are not in it",
    "fuel is that of full load, without starts and least load; fading is not in it",
)


def power_document(result: PowerResult) -> Document:
    """Everything a solved case says, in plain values.

    Parameters
    ----------
    result
        From :func:`~wattworth.valuation.power.solve_power`.

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
            _design(found) | {"place": places[found.name].place, "flags": list(places[found.name].flags)}
            for found in result.designs
        ],
        "relaxed": [asdict(one) for one in result.relaxed],
        "numbers": [asdict(row) for row in case.numbers.rows.values()],
        "notes": list(case.hours.notes),
        "weak": list(_WEAK),
        "case": keys.model_dump(mode="json", exclude_unset=True),
    }


def _design(found: DesignResult) -> Document:
    money = found.money
    return {
        "name": found.name,
        "installed_mw": dict(found.installed_mw),
        "battery_mwh": found.battery_mwh,
        "units": {name: asdict(count) | {"n_unit": count.n_unit} for name, count in found.units.items()},
        "reliability": asdict(found.adequacy),
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
        "notes": list(found.notes),
        "gap_frac": found.sizing.gap_frac,
    }
