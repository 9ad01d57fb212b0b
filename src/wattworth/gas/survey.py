"""What a gas study holds before it is solved: counts, the facts it reads, and what its reader should know."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from wattworth.facts import CostIndex, Fact, FactBook
from wattworth.gas.bridge import BRIDGE_KEYS
from wattworth.gas.checks import commodity_of
from wattworth.gas.network import problem_of
from wattworth.gas.outlets import plant_of, terms_of
from wattworth.gas.quantities import bcm_at_20c
from wattworth.gas.reading import GasStudy, book_of
from wattworth.gas.schema import ROWS
from wattworth.gas.uses import USES
from wattworth.records import SCHEMA_VERSION

LINE_KEYS: Final = ("pipeline_new.lead_time", "pipeline_new.life", "pipeline.fixed_opex")
"""Facts that new lines read, whether or not any can be built."""


def fact_keys(study: GasStudy) -> tuple[str, ...]:
    """Keys of the facts that a run of a study reads, sorted."""
    keys = {*LINE_KEYS, *(key for row in study.options for key in USES[row.use].fact_keys)}
    asked = {
        "conversion.thousand_m3_to_mmbtu": not study.settings.mmbtu_per_thousand_m3,
        "pipeline_us.cost_inch_km": any(row.added and row.added_capex_musd is None for row in study.links),
        "grid_line.cost": any(row.train and (row.grid_km or row.fibre_km) for row in study.options),
        "fibre_underground.cost": any(row.train and (row.grid_km or row.fibre_km) for row in study.options),
        "reinjection.recovered": any(row.use == "reinjection" for row in study.options),
    }
    keys |= {key for key, is_read in asked.items() if is_read}
    return tuple(sorted(keys | set(BRIDGE_KEYS if study.settings.bridge else ())))


def facts_of(study: GasStudy, book: FactBook) -> tuple[Fact, ...]:
    """The facts that a run reads, in money of the study.

    Parameters
    ----------
    study, book
        What is declared, and packaged facts.

    Raises
    ------
    StudyError
        With every changed fact that cannot stand.
    """
    changed, index = book_of(study, book), CostIndex.load()
    return tuple(changed.require(key).in_money_of(study.usd_year, index) for key in fact_keys(study))


def survey(study: GasStudy, book: FactBook) -> dict[str, Any]:
    """What a study holds, as plain mappings.

    Parameters
    ----------
    study, book
        What is declared, and packaged facts.

    Raises
    ------
    StudyError
        With every changed fact that cannot stand.
    """
    read = facts_of(study, book)
    problem_of(study, book_of(study, book))  # what only the lay-out meets is told here too
    trust = Counter(fact.confidence for fact in read)
    weak = Counter(row.confidence for name in ROWS for row in getattr(study, name))
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.settings.name,
        "title": study.settings.title,
        "kind": "gas",
        "ok": True,
        "faults": [],
        "as_of": study.settings.as_of,
        "usd_year": study.usd_year,
        "first_year": study.years[0],
        "last_year": study.years[-1],
        "uses": list(dict.fromkeys(row.use for row in study.options)),
        "fields": [
            {"field": row.node, "volume_bcm": bcm_at_20c(row.volume or 0.0, study.settings.volume_unit)}
            for row in study.nodes
            if row.kind == "field"
        ],
        "rows": {name: len(getattr(study, name)) for name in ROWS} | {"assumptions": weak["assumption"]},
        "cases": dict(study.probability),
        "facts": {
            "used": len(read),
            "assumptions": trust["assumption"],
            "low_confidence": trust["low"],
            "changed": len(study.overrides),
        },
        "warnings": [
            {"code": code, "where": ", ".join(places), "message": message}
            for code, places, message in _remarks(study, book_of(study, book))
            if places
        ],
    }


def _remarks(study: GasStudy, book: FactBook) -> list[tuple[str, list[str], str]]:
    """Code, places and message of what does not stop a run and should be known before it."""
    sold = {commodity_of(row) for row in study.options}
    read = set(fact_keys(study))
    reached = _reached(study)
    return [
        ("unused_fact", [key for key in study.overrides if key not in read], "changed by the study and read by none"),
        (
            "unused_price",
            sorted({row.commodity for row in study.prices} - sold),
            "priced, and no option sells by it",
        ),
        (
            "no_way",
            [row.option for row in study.options if row.node not in reached],
            "no link leads gas of any field there",
        ),
        ("small_plant", _small(study, book), "a plant smaller than the smallest that the facts call worth building"),
    ]


def _reached(study: GasStudy) -> set[str]:
    """Nodes that gas of some field can come to."""
    reached = {row.node for row in study.nodes if row.kind == "field"}
    for _ in study.links:
        reached |= {row.to_node for row in study.links if row.from_node in reached and (row.capacity or row.added)}
    return reached


def _small(study: GasStudy, book: FactBook) -> list[str]:
    terms = terms_of(study, book)
    out = []
    for row in study.options:
        plant = plant_of(terms, row)
        made_units = (row.train or 0.0) * terms.volume_bcm * terms.mmbtu_per_bcm / plant.gas_mmbtu_per_unit
        if row.train and made_units < 0.99 * plant.smallest_units_per_year * plant.utilisation_frac:
            out.append(row.option)
    return out
