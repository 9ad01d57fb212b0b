"""Options of a study as arrays: plants with the barriers on them, their worth and their capital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from wattworth.facts import FactBook
from wattworth.gas.checks import PER_VOLUME, applied, commodity_of
from wattworth.gas.netback import cash_usd_per_unit
from wattworth.gas.plant import Capital, Plant, in_money
from wattworth.gas.problem import Builds, Outlets, runs_of, spend_of
from wattworth.gas.quantities import THOUSAND_M3_PER_BCM, bcm_at_20c
from wattworth.gas.reading import GasStudy
from wattworth.gas.schema import LimitRow, LinkRow, OptionRow
from wattworth.gas.uses import USES
from wattworth.solve.matrix import Array
from wattworth.supply.levelised import annuity_per_year
from wattworth.units import USD_PER_MUSD

AI_USES: Final = frozenset(("ai_power", "ai_shell", "ai_turnkey", "ai_cloud"))
"""Uses that feed computers for AI."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What all parts of a study share.

    Attributes
    ----------
    study, book
        What is declared, and facts.
    relaxed
        Names of limits that are taken away.
    rate_frac
        Real cost of capital with its add-ons. [1/year]
    discount
        Array, shape (year,): present value of a dollar; the first year counts in full.
    mmbtu_per_bcm
        Heating value.
    volume_bcm
        Billions of cubic metres at 20 °C in one of the study's.
    """

    study: GasStudy
    book: FactBook
    relaxed: frozenset[str]
    rate_frac: float
    discount: Array
    mmbtu_per_bcm: float
    volume_bcm: float

    @property
    def barriers(self) -> tuple[LimitRow, ...]:
        """Limits that stand."""
        return tuple(row for row in self.study.limits if row.limit not in self.relaxed)

    def fact(self, key: str) -> float:
        """A fact in the study's money."""
        return in_money(self.book.require(key), self.study.settings.usd_year).value

    def on(self, row: OptionRow | LinkRow, kind: str) -> list[LimitRow]:
        """Barriers of a kind that stand on an option or a link."""
        names = {row.option, row.use} if isinstance(row, OptionRow) else {row.link}
        return [limit for limit in self.barriers if limit.kind == kind and names & (set(applied(limit)) or names)]


def terms_of(study: GasStudy, book: FactBook, relaxed: frozenset[str] = frozenset()) -> Terms:
    """What all parts share.

    Parameters
    ----------
    study, book
        What is declared, and facts.
    relaxed
        Names of limits that are taken away.
    """
    settings = study.settings
    addons = [row.amount or 0.0 for row in study.limits if row.kind == "rate_addon" and row.limit not in relaxed]
    rate_frac = settings.real_rate_frac + sum(addons)
    heat = settings.mmbtu_per_thousand_m3 or book.require("conversion.thousand_m3_to_mmbtu").value
    discount = (1.0 + rate_frac) ** -np.arange(settings.years, dtype=np.float64)
    volume_bcm = bcm_at_20c(1.0, settings.volume_unit)
    return Terms(study, book, relaxed, rate_frac, discount, heat * THOUSAND_M3_PER_BCM, volume_bcm)


def plant_of(terms: Terms, option: OptionRow) -> Plant:
    """An option's plant, at its size and with the barriers on it."""
    plant = USES[option.use].plant(terms.book, terms.study.settings.usd_year)
    ratio = option.capex_ratio * _product(terms.on(option, "capex_ratio"))
    if option.train:
        plant = plant.sized(_nameplate(terms, option, plant))
    plant = plant.with_capex_times(ratio)
    if option.train and (option.grid_km or option.fibre_km):
        units = _nameplate(terms, option, plant)
        mw = units * plant.it_mw_per_unit_year
        line_usd = option.grid_km * mw * terms.fact("grid_line.cost")
        fibre_usd = option.fibre_km * terms.fact("fibre_underground.cost")
        ways = Capital("power line and fibre", (line_usd + fibre_usd) / units, plant.life_years, is_foreign=False)
        plant = replace(plant, capital=(*plant.capital, ways))
    if option.transport_usd_per_unit is not None:
        plant = replace(plant, transport_usd_per_unit=option.transport_usd_per_unit)
    return plant


def _nameplate(terms: Terms, option: OptionRow, plant: Plant) -> float:
    """Units a year of one plant at full use, where the gas is that of a usual year."""
    taken_mmbtu = (option.train or 0.0) * terms.volume_bcm * terms.mmbtu_per_bcm
    return taken_mmbtu / plant.gas_mmbtu_per_unit / plant.utilisation_frac


def _product(limits: list[LimitRow]) -> float:
    return float(np.prod([limit.amount or 0.0 for limit in limits]))


def price_paths(terms: Terms, option: OptionRow) -> Array:
    """Price of its product by case and year, barriers on it. [$/unit], shape (case, year)"""
    commodity = commodity_of(option)
    cases = tuple(terms.study.probability)
    n_year = terms.study.settings.years
    if not commodity:
        return np.zeros((len(cases), n_year))
    rows = {row.case: row for row in terms.study.prices if row.commodity == commodity}
    paid = option.price_ratio * _product(terms.on(option, "price_ratio"))
    out = []
    for case in cases:
        row = rows[case]
        value = row.value
        if row.unit == PER_VOLUME:  # thousands of the study's cubic metres
            value = row.value * THOUSAND_M3_PER_BCM / (terms.volume_bcm * terms.mmbtu_per_bcm)
        out.append(value * paid * (1.0 + row.growth_frac) ** np.arange(n_year))
    return np.array(out)


def charge_of(terms: Terms, capital: tuple[Capital, ...], runs: Array, lead_years: int, ratio: float = 1.0) -> Array:
    """Present value of what a piece costs, by the year it is decided. [$ for each unit a year], shape (year,)

    Parameters
    ----------
    terms
        Rate, and whether capital is a yearly cost or paid as it is built.
    capital
        Layers.
    runs
        Array, shape (year decided, year): when it runs.
    lead_years
        Years from decision to product, over which it is paid in equal parts.
    ratio
        Factor on all of it.

    Notes
    -----
    As a yearly cost, capital with the interest of building it is repaid over its life, and only the years within the
    study are charged. Paid as it is built, all of it is charged, and what stands at the end is worth nothing.
    """
    years = (runs > 0.0) @ terms.discount
    parts, rate = max(lead_years, 1), terms.rate_frac
    built = ((1.0 + rate) ** parts - 1.0) / (rate * parts) if rate else 1.0
    out = np.zeros(len(terms.discount))
    for layer in capital:
        cost = layer.usd_per_unit_year * ratio
        if terms.study.settings.charge == "annual":
            repaid = annuity_per_year(rate, layer.life_years) * built
            out += cost * (repaid + layer.fixed_frac_per_year) * years
        else:
            out += cost * (_paid(terms, runs, parts, layer.life_years) + layer.fixed_frac_per_year * years)
    return out


def _paid(terms: Terms, runs: Array, parts: int, life_years: float) -> Array:
    """Present value of a dollar of a layer by the year it is decided, bought again whenever its life ends."""
    n_year = len(terms.discount)
    first = spend_of(np.array([parts]), n_year)[0] @ terms.discount
    out = first.copy()
    for decided in range(n_year):
        begin, end = decided + parts, decided + parts + np.count_nonzero(runs[decided])
        again = np.arange(begin + life_years, min(end, n_year), life_years)
        out[decided] += np.sum((1.0 + terms.rate_frac) ** -again)
    return out


def lead_of(terms: Terms, row: OptionRow | LinkRow, usual_years: int) -> int:
    """Years from decision to product, delays on it included."""
    own = row.lead_years if isinstance(row, OptionRow) else row.added_lead_years
    delay = sum(limit.amount or 0.0 for limit in terms.on(row, "delay"))
    return (usual_years if own is None else own) + int(np.ceil(delay))


def allowed_from(terms: Terms, row: OptionRow | LinkRow, first_year: int | None) -> Array:
    """Whether one may be decided in each year, as 0 or 1."""
    years = np.array(terms.study.years)
    ok = years >= (first_year or years[0])
    for limit in terms.on(row, "technology"):
        ok &= False if limit.amount is None else years >= limit.amount
    return ok.astype(np.float64)


def outlets_of(terms: Terms, nodes: Mapping[str, int]) -> Outlets:
    """All options.

    Parameters
    ----------
    terms
        What they share.
    nodes
        Node to its place.

    Notes
    -----
    A movable plant runs here for its stay. As a yearly cost it is charged for that time alone, and limits on capital
    have the share of its life that it stays. Where all is charged as it is paid, so is all of a movable plant.
    """
    rows = terms.study.options
    plants = [plant_of(terms, row) for row in rows]
    n_option, years = len(rows), np.array(terms.study.years)
    volume, heat = terms.volume_bcm, terms.mmbtu_per_bcm
    units_per_bcm = np.array([heat / plant.gas_mmbtu_per_unit for plant in plants])
    carbon_musd = np.array([plant.co2_kg_per_mmbtu for plant in plants]) / 1000.0 * heat / USD_PER_MUSD
    margin = np.zeros((len(terms.study.probability), n_option, len(years)))
    revenue = np.zeros_like(margin)
    depth, existing = np.full((n_option, len(years)), np.inf), np.full((n_option, len(years)), np.inf)
    for i, (row, plant) in enumerate(zip(rows, plants, strict=True)):
        price = price_paths(terms, row)
        to_musd = units_per_bcm[i] / USD_PER_MUSD
        earned = price * plant.price_ratio + plant.rent_usd_per_unit
        cash = np.vectorize(lambda p, plant=plant: cash_usd_per_unit(plant, p))(price)
        margin[:, i] = cash * to_musd - carbon_musd[i] * terms.study.settings.co2_usd_per_t
        revenue[:, i] = earned * to_musd
        if row.depth is not None:
            depth[i] = row.depth * volume
        if row.last_year is not None:
            depth[i, years > row.last_year] = 0.0
        if row.existing is not None or row.most_trains or plant.capital:
            existing[i] = (row.existing or 0.0) * volume
    return Outlets(
        tuple(row.option for row in rows),
        tuple(row.use for row in rows),
        np.array([nodes[row.node] for row in rows], dtype=np.int64),
        existing,
        depth,
        margin,
        revenue,
        np.array([row.price_effect_usd_per_mmbtu_per_bcm for row in rows]) * heat / USD_PER_MUSD,
        np.array([terms.fact("reinjection.recovered") if row.use == "reinjection" else 0.0 for row in rows]),
        _it_gw(plants, units_per_bcm),
        units_per_bcm,
        np.array([row.jobs_per_bcm for row in rows]),
        np.array([terms.study.settings.export_duty_frac if row.dutiable else 0.0 for row in rows]),
        _builds(terms, rows, plants),
    )


def _it_gw(plants: list[Plant], units_per_bcm: Array) -> Array:
    each = [plant.it_mw_per_unit_year / plant.utilisation_frac / 1000.0 for plant in plants]
    return np.array(each) * units_per_bcm


def _builds(terms: Terms, rows: tuple[OptionRow, ...], plants: list[Plant]) -> Builds:
    n_year = len(terms.discount)
    leads = np.array([lead_of(terms, row, plant.lead_years) for row, plant in zip(rows, plants, strict=True)], np.int64)
    lives = np.array([plant.life_years for plant in plants])
    stays = np.minimum(lives, [row.stay_years or np.inf for row in rows])
    share = np.where(np.isfinite(lives), stays / np.where(np.isfinite(lives), lives, 1.0), 1.0)
    runs = runs_of(leads, stays, np.array([plant.first_year_frac for plant in plants]), n_year)
    size = np.array([(row.train or 0.0) * terms.volume_bcm for row in rows])
    charge, capex, foreign = np.zeros((len(rows), n_year)), np.zeros(len(rows)), np.zeros(len(rows))
    for i, (row, plant) in enumerate(zip(rows, plants, strict=True)):
        if not row.train:
            continue
        to_musd = _nameplate(terms, row, plant) / USD_PER_MUSD
        moved = row.move_musd * (runs[i] > 0.0).any(axis=1) * terms.discount
        charge[i] = charge_of(terms, plant.capital, runs[i], int(leads[i]), to_musd) + moved
        capex[i] = plant.capex_usd_per_unit_year * to_musd * share[i] + row.move_musd
        foreign[i] = sum(layer.usd_per_unit_year for layer in plant.capital if layer.is_foreign) * to_musd * share[i]
    allowed = np.array([allowed_from(terms, row, row.earliest_year) for row in rows]) > 0.0
    most = np.array([float(row.most_trains) for row in rows])
    return Builds(size, most, allowed.reshape(len(rows), n_year), runs, charge, spend_of(leads, n_year), capex, foreign)
