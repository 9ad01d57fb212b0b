"""A gas study from its files to one document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from wattworth import facts
from wattworth.facts import Fact, FactBook, weakest_first
from wattworth.gas.allocation import Allocation, Price, allocate
from wattworth.gas.bridge import Bridge, bridge_of, exports_to_europe_bcm
from wattworth.gas.ladder import Rung, ladder_of
from wattworth.gas.network import problem_of
from wattworth.gas.offset import Offset, offset_of
from wattworth.gas.outlets import Terms, terms_of
from wattworth.gas.reading import GasStudy, book_of, read_gas_study
from wattworth.gas.relaxing import Relaxation, Said, relax_each
from wattworth.gas.survey import fact_keys
from wattworth.gas.uses import USES
from wattworth.solve.matrix import Array


@dataclass(frozen=True, slots=True, eq=False)
class GasRun:
    """What a study's run found.

    Attributes
    ----------
    study, terms
        What was asked.
    plan
        The allocation.
    relaxed
        What each limit costs; empty where that was not asked.
    ladder
        Netbacks.
    offset
        Lost exports beside income.
    bridge
        From the quoted surplus to gigawatts, or None where the study has none.
    """

    study: GasStudy
    terms: Terms
    plan: Allocation
    relaxed: tuple[Relaxation, ...]
    ladder: tuple[Rung, ...]
    offset: Offset
    bridge: Bridge | None


def run_gas(
    source: str | Path, *, book: FactBook | None = None, relax: bool = True, said: Said | None = None
) -> GasRun:
    """Read a study, find the plan, and price its limits.

    Parameters
    ----------
    source
        As of :func:`wattworth.gas.reading.read_gas_study`.
    book
        Facts; the packaged ones by default.
    relax
        Whether every limit is taken away in turn, which solves once for each.
    said
        Told what is being done.

    Raises
    ------
    StudyError
        With every fault of the files.
    InfeasibleError
        No plan keeps every limit; those that clash are named.
    """
    study = read_gas_study(source)
    book = book_of(study, book or facts.load())
    terms = terms_of(study, book)
    plan = allocate(problem_of(study, book))
    relaxed = relax_each(study, book, plan, said=said) if relax else ()
    bridge = bridge_of(book) if study.settings.bridge else None
    return GasRun(study, terms, plan, relaxed, ladder_of(terms), offset_of(study, plan, terms.mmbtu_per_bcm), bridge)


def document_of(run: GasRun) -> dict[str, Any]:
    """The run as plain mappings and numbers; what is not known is None."""
    study, plan = run.study, run.plan
    return _plain(
        {
            "schema_version": study.settings.schema_version,
            "study": study.settings.name,
            "title": study.settings.title,
            "description": study.settings.description,
            "as_of": study.settings.as_of,
            "usd_year": study.settings.usd_year,
            "viewpoint": study.settings.viewpoint,
            "objective_name": study.settings.objective,
            "real_rate_frac": run.terms.rate_frac,
            "mmbtu_per_bcm": run.terms.mmbtu_per_bcm,
            "years": list(study.years),
            "cases": [
                {"case": name, "probability_frac": chance, "value_musd": value}
                for (name, chance), value in zip(study.probability.items(), plan.value, strict=True)
            ],
            "objective": plan.objective,
            "bound": plan.bound,
            "status": plan.status,
            "imbalance_bcm": plan.imbalance_bcm,
            "took_s": plan.took_s,
            "nodes": [
                {"node": row.node, "kind": row.kind, "latitude_deg": row.latitude, "longitude_deg": row.longitude}
                for row in study.nodes
            ],
            "allocation": _allocation(run),
            "limits": [_price(price, run) for price in plan.prices],
            "relaxed": [
                {
                    "limit": each.name,
                    "worth_musd": each.worth,
                    "status": each.status,
                    "rows": [row.model_dump() for row in each.rows],
                }
                for each in run.relaxed
            ],
            "netbacks": [_rung(rung) for rung in run.ladder],
            "offset": _offset(run),
            "bridge": None if run.bridge is None else run.bridge.document(),
            "weakest": _weakest(run),
            "changed_facts": [_fact(run.terms.book[key]) for key in study.overrides],
            "notes": [*plan.notes, *notes_of(run)],
        }
    )


def notes_of(run: GasRun) -> tuple[str, ...]:
    """What a reader must know of how it was reckoned."""
    charge = (
        "capital is charged as a yearly cost over the years within the study, with interest of building"
        if run.study.settings.charge == "annual"
        else "capital is charged as it is paid, and what stands at the end is worth nothing"
    )
    return (
        f"real money of {run.study.settings.usd_year} at {run.terms.rate_frac:.1%} a year; year one counts in full",
        charge,
        "volumes are at 20 °C and 101.325 kPa",
    )


def _allocation(run: GasRun) -> dict[str, Any]:
    plan, problem = run.plan, run.plan.problem
    intake, supply, flow = plan.mean(plan.intake), plan.mean(plan.supply), plan.mean(plan.flow)
    return {
        "fields": [
            {"field": name, "available_bcm": problem.fields.volume[i], "produced_bcm": supply[i]}
            for i, name in enumerate(problem.fields.names)
        ],
        "links": [
            {
                "link": name,
                "from": problem.nodes[problem.links.start[i]],
                "to": problem.nodes[problem.links.end[i]],
                "flow_bcm": flow[i],
                "lost_bcm": flow[i] * problem.links.loss[i],
                "built": plan.lines[i],
                "capex_musd": problem.links.builds.capex[i] * plan.lines[i].sum(),
            }
            for i, name in enumerate(problem.links.names)
        ],
        "options": [
            {
                "option": name,
                "use": problem.outlets.uses[i],
                "label": USES[problem.outlets.uses[i]].label,
                "node": problem.nodes[problem.outlets.node[i]],
                "gas_bcm": intake[i],
                "revenue_musd": plan.mean(problem.outlets.revenue * plan.intake - plan.fall)[i],
                "built": plan.plants[i],
                "capex_musd": problem.outlets.builds.capex[i] * plan.plants[i].sum(),
                "it_gw": problem.outlets.it_gw[i] * intake[i],
            }
            for i, name in enumerate(problem.outlets.names)
        ],
    }


def _price(price: Price, run: GasRun) -> dict[str, Any]:
    return {
        "kind": price.kind,
        "name": price.name,
        "unit": price.unit,
        "present_musd": price.total_musd,
        "by_year_musd": price.musd,
        "words": words_of(price, run.plan.problem.discount, run.study.settings.objective),
    }


def words_of(price: Price, discount: Array, objective: str = "npv") -> str:
    """A price in a sentence: what one more unit is worth in an average year in which the limit binds."""
    if objective == "jobs":  # the mean of all years
        discount = np.full_like(discount, 1.0 / len(discount))
    binds = np.abs(price.musd) > 0.0
    weight = float(discount[binds].sum()) if len(price.musd) == len(discount) else float(discount.sum())
    yearly = price.total_musd / weight
    unit = price.unit.replace("/yr", " a year").replace("workers", "worker")
    amount = f"{abs(yearly):,.3g} jobs" if objective == "jobs" else f"${abs(yearly):,.3g}m a year"
    whose = {
        "field": f"gas from {price.name}",
        "link": f"room in {price.name}",
        "capacity": f"plant of {price.name} that need not be paid for",
        "depth": f"demand of {price.name}",
        "committed": f"committed flow in {price.name}",
        "limit": f"limit {price.name}",
    }[price.kind]
    verb = "is worth" if yearly >= 0.0 else "costs"
    n_bind = int(binds.sum())
    years = (
        f" in {n_bind} year{'s' if n_bind > 1 else ''}" if 0 < binds.sum() < len(discount) == len(price.musd) else ""
    )
    return f"one more {unit} of {whose} {verb} {amount}{years}"


def _rung(rung: Rung) -> dict[str, Any]:
    return {field.name: getattr(rung, field.name) for field in fields(rung) if field.name != "worth"} | asdict(
        rung.worth
    )


def _offset(run: GasRun) -> dict[str, Any]:
    offset, years = run.offset, run.study.years
    total = offset.revenue.sum(axis=0)
    lost = offset.lost_musd_per_year
    return {
        "lost_bcm": offset.lost_bcm,
        "lost_musd_per_year": lost,
        "lost_source": run.study.lost.source if run.study.lost else None,
        "exports_to_europe_bcm": exports_to_europe_bcm() if run.study.settings.bridge else None,
        "by_year": [
            {
                "year": year,
                "revenue_musd": total[i],
                "of_lost_frac": total[i] / lost if lost else None,
                "state_musd": offset.state[i],
                "ai_gw": offset.ai_gw[i],
                "mining_gw": offset.mining_gw[i],
                "jobs": None if offset.jobs is None else offset.jobs[i],
                "concentration": offset.concentration[i],
            }
            for i, year in enumerate(years)
        ],
        "by_use": [
            {"use": name, "revenue_musd": offset.revenue[i], "gas_bcm": offset.gas[i], "worth_musd": offset.worth[i]}
            for i, name in enumerate(offset.uses)
        ],
    }


def _weakest(run: GasRun) -> list[dict[str, Any]]:
    """Rows and facts of the two lowest trusts behind the plan, in the order of trust."""
    weak = [
        fact
        for fact in weakest_first(run.terms.book[key] for key in fact_keys(run.study))
        if fact.confidence in ("assumption", "low")
    ]
    named = (
        ("nodes", "node", run.study.nodes),
        ("links", "link", run.study.links),
        ("options", "option", run.study.options),
        ("limits", "limit", run.study.limits),
    )
    rows = [
        {"where": f"{file}.csv", "name": getattr(row, key), "confidence": row.confidence, "source": row.source}
        for file, key, own in named
        for row in own
        if row.confidence in ("assumption", "low")
    ]
    rows += [
        {
            "where": "prices.csv",
            "name": f"{row.commodity} {row.case}",
            "confidence": row.confidence,
            "source": row.source,
        }
        for row in run.study.prices
        if row.confidence in ("assumption", "low")
    ]
    return rows + [{"where": "facts", "name": f.key, "confidence": f.confidence, "source": f.source} for f in weak]


def _fact(fact: Fact) -> dict[str, Any]:
    shown = ("key", "value", "low", "high", "unit", "money_year", "confidence", "source", "as_of", "note")
    return {name: getattr(fact, name) for name in shown}


def _plain(value: Any) -> Any:
    """Arrays as lists, numbers as Python's, and what is no number as None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return [_plain(inner) for inner in value]
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, float | np.floating):
        return round(float(value), 9) if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
