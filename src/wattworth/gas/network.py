"""A study and facts as one problem: fields, links, options and the limits they share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wattworth.facts import FactBook
from wattworth.gas.checks import BARRIERS, applied
from wattworth.gas.outlets import Terms, allowed_from, charge_of, lead_of, outlets_of, terms_of
from wattworth.gas.plant import Capital
from wattworth.gas.problem import Builds, Fields, GasProblem, Links, Outlets, SharedLimit, runs_of, spend_of
from wattworth.gas.reading import GasStudy
from wattworth.gas.schema import LimitRow, LinkRow
from wattworth.solve.matrix import Array
from wattworth.units import MONTHS_PER_YEAR, USD_PER_MUSD


def problem_of(study: GasStudy, book: FactBook, relaxed: frozenset[str] = frozenset()) -> GasProblem:
    """Lay a study out as arrays.

    Parameters
    ----------
    study, book
        What is declared, and facts.
    relaxed
        Names of limits that are taken away.
    """
    terms = terms_of(study, book, relaxed)
    nodes = {row.node: place for place, row in enumerate(study.nodes)}
    outlets, links = outlets_of(terms, nodes), _links(terms, nodes)
    settings = study.settings
    return GasProblem(
        years=study.years,
        nodes=tuple(nodes),
        scenarios=tuple(study.probability),
        probability=np.array(list(study.probability.values())),
        worst_weight_frac=settings.worst_weight_frac,
        discount=terms.discount,
        fields=_fields(terms, nodes),
        links=links,
        outlets=outlets,
        limits=tuple(_shared(terms, row, outlets, links) for row in terms.barriers if row.kind not in BARRIERS),
        extraction=np.array([settings.extraction_usd_per_mmbtu * terms.mmbtu_per_bcm / USD_PER_MUSD]),
        is_owner=settings.viewpoint == "owner",
        objective=settings.objective,
    )


def _fields(terms: Terms, nodes: Mapping[str, int]) -> Fields:
    rows = [row for row in terms.study.nodes if row.kind == "field"]
    years = np.array(terms.study.years)
    to_musd = terms.mmbtu_per_bcm / USD_PER_MUSD
    shape = []
    for row in rows:
        first = row.first_year or years[0]
        shape.append(np.where(years >= first, (1.0 - row.decline_frac) ** np.maximum(years - first, 0), 0.0))
    by_year = np.reshape(shape, (len(rows), len(years)))
    return Fields(
        tuple(row.node for row in rows),
        np.array([nodes[row.node] for row in rows], dtype=np.int64),
        by_year * np.array([(row.volume or 0.0) * terms.volume_bcm for row in rows])[:, None],
        by_year * np.array([(row.committed or 0.0) * terms.volume_bcm for row in rows])[:, None],
        np.array([row.cost_usd_per_mmbtu * to_musd for row in rows]),
        np.array([row.shut_in_usd_per_mmbtu * to_musd for row in rows]),
    )


def _links(terms: Terms, nodes: Mapping[str, int]) -> Links:
    rows, years = terms.study.links, np.array(terms.study.years)
    shape = (len(rows), len(years))
    is_open = np.array([_open(row, years) for row in rows]).reshape(shape)
    volume = terms.volume_bcm
    return Links(
        tuple(row.link for row in rows),
        np.array([nodes[row.from_node] for row in rows], dtype=np.int64),
        np.array([nodes[row.to_node] for row in rows], dtype=np.int64),
        is_open * np.array([(row.capacity or 0.0) * volume for row in rows])[:, None],
        is_open * np.array([(row.committed or 0.0) * volume for row in rows])[:, None],
        np.array([row.tariff_usd_per_mmbtu * terms.mmbtu_per_bcm / USD_PER_MUSD for row in rows]),
        np.array([row.loss_frac for row in rows]),
        _lines(terms, rows),
    )


def _open(row: LinkRow, years: Array) -> Array:
    return ((years >= (row.first_year or years[0])) & (years <= (row.last_year or years[-1]))).astype(np.float64)


def _lines(terms: Terms, rows: tuple[LinkRow, ...]) -> Builds:
    """New lines: cost given, or by diameter and length."""
    n_year, n_link = len(terms.discount), len(rows)
    usual = int(-(-terms.fact("pipeline_new.lead_time") // MONTHS_PER_YEAR))
    life, upkeep = terms.fact("pipeline_new.life"), terms.fact("pipeline.fixed_opex")
    leads = np.array([lead_of(terms, row, usual) for row in rows], dtype=np.int64)
    runs = runs_of(leads, np.full(n_link, life), np.ones(n_link), n_year)
    charge, capex = np.zeros((n_link, n_year)), np.zeros(n_link)
    for i, row in enumerate(rows):
        if row.added is None:
            continue
        capex[i] = _line_musd(terms, row) * _ratio(terms, row)
        line = (Capital("line", float(capex[i]), life, upkeep, is_foreign=False),)
        charge[i] = charge_of(terms, line, runs[i], int(leads[i]))
    allowed = np.array([allowed_from(terms, row, row.added_first_year) for row in rows]).reshape(n_link, n_year) > 0.0
    size = np.array([(row.added or 0.0) * terms.volume_bcm for row in rows])
    most = np.array([float(row.added_most) if row.added else 0.0 for row in rows])
    return Builds(size, most, allowed, runs, charge, spend_of(leads, n_year), capex, np.zeros(n_link))


def _line_musd(terms: Terms, row: LinkRow) -> float:
    if row.added_capex_musd is not None:
        return row.added_capex_musd
    return (row.added_diameter_inch or 0.0) * row.length_km * terms.fact("pipeline_us.cost_inch_km") / USD_PER_MUSD


def _ratio(terms: Terms, row: LinkRow) -> float:
    return float(np.prod([limit.amount or 0.0 for limit in terms.on(row, "capex_ratio")]))


def _shared(terms: Terms, row: LimitRow, outlets: Outlets, links: Links) -> SharedLimit:
    """A limit on a sum, with what each option and new line adds to it."""
    named = set(applied(row))
    pairs = zip(outlets.names, outlets.uses, strict=True)
    option = np.array([not named or bool(named & set(pair)) for pair in pairs], dtype=np.float64)
    line = np.array([not named or name in named for name in links.names], dtype=np.float64)
    none, none_built, no_line = np.zeros_like(option), np.zeros_like(option), np.zeros_like(line)
    years = np.array(terms.study.years)
    amount = np.full(len(years), row.amount or 0.0)
    if row.year is not None:
        amount = np.where(years == row.year, amount, np.inf)
    on_intake, on_options, on_links = none, none_built, no_line
    if row.kind in ("capital", "capital_total"):
        on_options, on_links = option * outlets.builds.capex / 1000.0, line * links.builds.capex / 1000.0
    elif row.kind == "foreign_capital":
        on_options = option * outlets.builds.foreign_capex / 1000.0
    elif row.kind == "workforce":
        on_intake = option * outlets.jobs
        on_options = option * np.array([each.build_worker_years for each in terms.study.options])
        on_links = line * np.array([each.added_worker_years for each in terms.study.links])
    elif row.kind == "it_load":
        on_intake = option * outlets.it_gw
    elif row.kind == "product":
        on_intake = option * outlets.product / 1e6
    else:
        on_intake = option / terms.volume_bcm
    if row.kind in ("capital_total", "foreign_capital"):
        amount = np.array([row.amount or 0.0])
    own = terms.study.settings.volume_unit
    volume = "bcm a year" if own == "bcm_20c" else f"{own.partition('_')[0]}/yr"
    unit = volume if row.unit == "volume/yr" else row.unit
    return SharedLimit(row.limit, unit, amount, on_intake, on_options, on_links)
