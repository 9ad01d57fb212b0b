"""The netback ladder: what gas is worth in every use, by price case, before anything is built or limited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wattworth.gas.checks import commodity_of
from wattworth.gas.netback import Netback, Taxes, Way, netback
from wattworth.gas.outlets import Terms, plant_of, price_paths
from wattworth.gas.schema import LinkRow, OptionRow
from wattworth.gas.uses import USES
from wattworth.supply.levelised import annuity_per_year
from wattworth.units import USD_PER_MUSD


@dataclass(frozen=True, slots=True)
class Rung:
    """One option in one price case, in its first year.

    Attributes
    ----------
    option, use, node, case
        Which.
    price, price_unit
        What its product is quoted at.
    worth
        At the plant and at the field from which it is cheapest to reach.
    field, way_usd_per_mmbtu, way_loss_frac
        That field, what the way costs, new lines among it at full use, and what it loses.
    available
        Whether it can be built or used within the study.
    """

    option: str
    use: str
    node: str
    case: str
    price: str
    price_unit: str
    worth: Netback
    field: str | None
    way_usd_per_mmbtu: float
    way_loss_frac: float
    available: bool


def ladder_of(terms: Terms) -> tuple[Rung, ...]:
    """All options in all price cases, the dearest at the field first.

    Parameters
    ----------
    terms
        Study, facts, rate and what is relaxed.
    """
    leaving: dict[str, list[LinkRow]] = {}
    for link in terms.study.links:
        leaving.setdefault(link.from_node, []).append(link)
    ways = {row.node: _ways(terms, leaving, row.node) for row in terms.study.nodes if row.kind == "field"}
    settings = terms.study.settings
    taxes = Taxes(settings.export_duty_frac, settings.extraction_usd_per_mmbtu)
    out = []
    for option in terms.study.options:
        plant, paths = plant_of(terms, option), price_paths(terms, option)
        field, way = _nearest(ways, option.node)
        for case, path in zip(terms.study.probability, paths, strict=True):
            worth = netback(plant, float(path[0]), terms.rate_frac, way=way, taxes=taxes, dutiable=option.dutiable)
            priced = bool(commodity_of(option))
            rung = Rung(
                option.option,
                option.use,
                option.node,
                case,
                f"{path[0]:,.6g}" if priced else "",
                USES[option.use].price_unit,
                worth,
                field,
                way.tariff_usd_per_mmbtu,
                way.loss_frac,
                _available(terms, option),
            )
            out.append(rung)
    return tuple(sorted(out, key=lambda rung: (rung.case, -rung.worth.field_usd_per_mmbtu)))


def _available(terms: Terms, option: OptionRow) -> bool:
    last = terms.study.years[-1]
    return all(limit.amount is not None and limit.amount <= last for limit in terms.on(option, "technology"))


def _ways(terms: Terms, leaving: Mapping[str, list[LinkRow]], start: str) -> dict[str, Way]:
    """Cheapest way from a node to all others, for each unit of gas that sets out."""
    best, waiting = {start: Way()}, [start]
    while waiting:
        for row in leaving.get(waiting.pop(0), ()):
            before, here = best[row.from_node], _link_cost(terms, row)
            arrives = 1.0 - before.loss_frac
            way = Way(before.tariff_usd_per_mmbtu + arrives * here, 1.0 - arrives * (1.0 - row.loss_frac))
            there = best.get(row.to_node)
            if there is None or way.tariff_usd_per_mmbtu < there.tariff_usd_per_mmbtu - 1e-12:
                best[row.to_node] = way
                waiting.append(row.to_node)
    return best


def _link_cost(terms: Terms, row: LinkRow) -> float:
    """Tariff, and for a line that is not there yet its capital at full use. [USD/MMBtu]"""
    if row.capacity or not row.added:
        return row.tariff_usd_per_mmbtu
    musd = row.added_capex_musd
    if musd is None:
        musd = (row.added_diameter_inch or 0.0) * row.length_km * terms.fact("pipeline_us.cost_inch_km") / USD_PER_MUSD
    repaid = annuity_per_year(terms.rate_frac, terms.fact("pipeline_new.life")) + terms.fact("pipeline.fixed_opex")
    heat_mmbtu = row.added * terms.volume_bcm * terms.mmbtu_per_bcm
    return row.tariff_usd_per_mmbtu + musd * USD_PER_MUSD * repaid / heat_mmbtu


def _nearest(ways: dict[str, dict[str, Way]], node: str) -> tuple[str | None, Way]:
    reached = [(way[node].tariff_usd_per_mmbtu, field) for field, way in ways.items() if node in way]
    if not reached:
        return None, Way()
    field = min(reached)[1]
    return field, ways[field][node]
