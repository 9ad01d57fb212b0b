"""A run laid out once: sites split into parts, parts into cases, and all they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from wattworth import markets, timeline, uses
from wattworth.errors import StudyError
from wattworth.facts import Fact, FactBook, country_row
from wattworth.finance import TaxRules, discount_factors
from wattworth.records import CHUNK_DRAWS, Calendar
from wattworth.study import Part, Site, Study, fill, parts
from wattworth.valuation import parameters
from wattworth.valuation.parameters import ParameterTable, parameter_table
from wattworth.valuation.site_supply import sized, supply_fact_keys, with_onsite_gates
from wattworth.valuation.supplied import powered_site, powered_world

FALLBACK = "sold_late"
"""Name of the case that sells a part after its conversion has failed."""

FALLBACKS = (FALLBACK, "bitcoin")
"""What a part falls back on, the better of them."""

_FIXED_KEYS = (
    uses.GROSS_PER_IT_KEY,
    "discount.base_rate",
    "tax.state_rate",
    "us_tax.federal_corporate_rate",
    "us_tax.bonus_depreciation",
    "us_tax.nol_use_limit",
    "success.tenant_demand_correlation",
    "bank.noi_multiple",
)
_DRAWN_KEYS = (
    *timeline.SUCCESS_KEYS,
    "failure.salvage",
    "tenant_demand.new_leases",
)


@dataclass(frozen=True, slots=True)
class CaseKey:
    """One part of one site in one use; its place in a plan is its row in the draws."""

    site_index: int
    part_index: int
    use: str


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A valued site: its parts, how it is taxed and discounted.

    Attributes
    ----------
    site, parts
        What is declared, and the megawatts of each state.
    region
        Power price region.
    rules
        Taxes of its country.
    premium_frac
        Country risk on top of any rate. [1/year]
    discount
        Array, shape (month,): value today at the base rate of one dollar at each month end. [1]
    by_use
        The same at a use's own hurdle rate, where the study sets them.
    """

    site: Site
    parts: tuple[Part, ...]
    region: str
    rules: TaxRules
    premium_frac: float
    discount: NDArray[np.float64]
    by_use: Mapping[str, NDArray[np.float64]]

    def discount_of(self, use: str) -> NDArray[np.float64]:
        """Value today of one dollar at each month end of a use, shape (month,). [1]"""
        return self.by_use.get(use, self.discount)

    @property
    def gross_mw(self) -> float:
        """Power at the connection, a lease larger than what the row states included. [MW]"""
        return sum(part.gross_mw for part in self.parts)

    @property
    def free_parts(self) -> tuple[Part, ...]:
        """The megawatts that no signed lease binds."""
        return tuple(part for part in self.parts if part.state != "leased")

    @property
    def firm_gross_mw(self) -> float:
        """The same without what is only in study: the denominator of value per watt. [MW]"""
        return sum(part.gross_mw for part in self.parts if part.stage == "secured")


@dataclass(frozen=True)
class Plan:
    """Everything a block of draws needs; small, frozen and picklable.

    Attributes
    ----------
    study
        The filled study.
    sites
        Valued sites in study order.
    uses
        Enabled uses by name, in result order.
    cases
        What is evaluated, in order.
    table
        Parameters by outer draw.
    clocks
        Gate distributions.
    seed, n_draw
        The run.
    """

    study: Study
    sites: tuple[SitePlan, ...]
    uses: Mapping[str, uses.Use]
    cases: tuple[CaseKey, ...]
    table: ParameterTable
    clocks: timeline.Clocks
    seed: int
    n_draw: int

    @property
    def calendar(self) -> Calendar:
        """The months of the study."""
        return Calendar(self.study.as_of, self.study.horizon_years)

    @property
    def n_chunk(self) -> int:
        """Chunks of draws, the last one padded."""
        return -(-self.n_draw // CHUNK_DRAWS)

    @cached_property
    def conversions(self) -> dict[int, int]:
        """Rows of the cases that can fail, each with its place among them."""
        rows = (row for row, case in enumerate(self.cases) if self.converts(case.use))
        return {row: place for place, row in enumerate(rows)}

    def use(self, name: str) -> tuple[uses.Use, uses.Options]:
        """A use with what the study declares under it, enabled or not."""
        return declared_use(self.study, name)

    def why_not(self, name: str, site: Site, part: Part) -> str | None:
        """Why a part cannot serve an enabled use as it is declared, or None if it can."""
        return self.uses[name].unavailable(self.powered_site(site, part), part, self.use(name)[1])

    def powered_site(self, site: Site, part: Part) -> Site:
        """The site as a part of it stands with the power made on it; the site itself without."""
        return powered_site(site, self.study.supply.get(site.site_id), part)

    def powered_world(self, site: Site, part: Part, world: uses.World) -> uses.World:
        """The world of a part, its energy at the cost of making it on the site; the world itself without."""
        return powered_world(site, self.study.supply.get(site.site_id), part, world)

    def converts(self, name: str) -> bool:
        """Whether a case of this name can fail."""
        return name in self.uses and self.uses[name].converts

    @cached_property
    def rows(self) -> dict[tuple[int, int], list[tuple[int, str]]]:
        """Rows and uses of the cases of each site and part."""
        out: dict[tuple[int, int], list[tuple[int, str]]] = {
            (i, j): [] for i, site in enumerate(self.sites) for j in range(len(site.parts))
        }
        for row, case in enumerate(self.cases):
            out[case.site_index, case.part_index].append((row, case.use))
        return out

    @cached_property
    def available(self) -> tuple[tuple[str, ...], ...]:
        """Uses that can serve a part of each site."""
        return tuple(
            tuple(name for name in self.uses if any(self.why_not(name, site.site, part) is None for part in site.parts))
            for site in self.sites
        )

    def success_frac(self, site: Site, part: Part) -> float:
        """Stated chance that a conversion of a part succeeds. [1]"""
        own = timeline.own_success_frac(site, part, self.clocks)
        return self.study.facts[timeline.success_fact(part)].value if own is None else own

    def drawn_success_frac(self, site: Site, part: Part) -> NDArray[np.float64]:
        """The same by draw, the fact drawn with the parameters, shape (draw,). [1]

        A range near 0 or 1 has a tail past it, of which no chance can be: it counts as never or always.
        """
        own = timeline.own_success_frac(site, part, self.clocks)
        if own is not None:
            return np.full(self.n_draw, own)
        outer = self.table.values[self.table.keys.index(timeline.success_fact(part))]
        return np.repeat(np.clip(outer, 0.0, 1.0), self.table.inner_draws)[: self.n_draw]

    @property
    def regions(self) -> tuple[str, ...]:
        """Power regions the sites use, sorted."""
        return tuple(sorted({plan.region for plan in self.sites}))


def declared_use(study: Study, name: str) -> tuple[uses.Use, uses.Options]:
    """A use with what a study declares under it, enabled or not."""
    use = uses.registered()[name]()
    return use, cast("uses.Options", study.uses.get(name) or use.options())


def ai_demand_frac(study: Study, name: str) -> float:
    """Share of the critical IT of a part in this use that needs an AI customer. [1]"""
    use, options = declared_use(study, name)
    return use.ai_demand_frac(options)


def fact_keys(study: Study) -> set[str]:
    """Keys of every fact a run of this study reads."""
    common = set(_FIXED_KEYS) | set(parameters.FACT_KEYS) | set(timeline.FACT_KEYS)
    return common | _drawn_keys(study) | supply_fact_keys(study)


def always_read() -> set[str]:
    """Keys that every run reads while it is laid out."""
    return {*_FIXED_KEYS, *_DRAWN_KEYS, *parameters.FACT_KEYS, *timeline.FACT_KEYS}


def _drawn_keys(study: Study) -> set[str]:
    regions = {markets.market_region(site) for site in study.sites if site.valued}
    keys = set(_DRAWN_KEYS) | set(markets.FACT_KEYS) | {key for r in regions for key in markets.region_keys(r)}
    for use in enabled_uses(study).values():
        keys |= set(use.fact_keys)
    # a conversion needs the machines it stops and what it falls back on, enabled or not
    return keys | {*uses.Bitcoin.fact_keys, *uses.SiteSale.fact_keys, *uses.LEDGER_KEYS}


def enabled_uses(study: Study) -> dict[str, uses.Use]:
    """The uses a study asks for, in result order."""
    return {name: use() for name, use in uses.registered().items() if name in study.uses}


def matching_sites(study: Study, sites_glob: str | None) -> list[Site]:
    """Valued sites whose site_id matches a glob; all of them without one."""
    return [site for site in study.valued_sites if sites_glob is None or fnmatch(site.site_id, sites_glob)]


def plan(study: Study, book: FactBook, *, n_draw: int, seed: int, sites_glob: str | None = None) -> Plan:
    """Lay out a run.

    Raises
    ------
    StudyError
        If no site matches the glob or none can be valued, or the case of a supply cannot be used.
    SolveError
        If no supply reaches its target.
    FactError
        If a fact the run needs is missing or a gap.
    """
    study = sized(study, sites_glob)
    filled = fill(study, book, fact_keys(study))
    enabled = enabled_uses(filled)
    gross_per_it = filled.facts[uses.GROSS_PER_IT_KEY].value
    chosen = matching_sites(filled, sites_glob)
    if not chosen:
        why = f'no valued site matches "{sites_glob}"' if sites_glob else "no site in the study can be valued"
        raise StudyError(f"{study.name}: {why}; `wattworth check` lists the sites and what each lacks")
    site_plans = tuple(_site_plan(filled, site, parts(site, gross_per_it), book) for site in chosen)
    cases = tuple(
        CaseKey(i, j, use)
        for i, site_plan in enumerate(site_plans)
        for j, part in enumerate(site_plan.parts)
        for use in _part_cases(site_plan.site, part, enabled, filled)
    )
    return Plan(
        study=filled,
        sites=site_plans,
        uses=enabled,
        cases=cases,
        table=parameter_table(filled.facts, _drawn_keys(filled), seed, -(-n_draw // CHUNK_DRAWS)),
        clocks=with_onsite_gates(timeline.clocks(filled.facts, filled.gates), filled),
        seed=seed,
        n_draw=n_draw,
    )


def _part_cases(site: Site, part: Part, enabled: Mapping[str, uses.Use], study: Study) -> list[str]:
    options = cast("Mapping[str, uses.Options]", study.uses)
    site = powered_site(site, study.supply.get(site.site_id), part)
    names = [name for name, use in enabled.items() if use.unavailable(site, part, options[name]) is None]
    if any(enabled[name].converts for name in names):
        names += fallbacks(site, part)
    return list(dict.fromkeys(names))


def fallbacks(site: Site, part: Part) -> tuple[str, ...]:
    """What a part can fall back on when its conversion fails, the better of them."""
    mines = part.mining_gross_mw > 0 or uses.Bitcoin().unavailable(site, part) is None
    return FALLBACKS if mines else (FALLBACK,)


def _site_plan(study: Study, site: Site, site_parts: tuple[Part, ...], book: FactBook) -> SitePlan:
    facts: Mapping[str, Fact] = study.facts
    federal, state = facts["us_tax.federal_corporate_rate"].value, facts["tax.state_rate"].value
    rate, bonus, premium = facts["discount.base_rate"].value, facts["us_tax.bonus_depreciation"].value, 0.0
    tax = federal + state * (1.0 - federal)
    if site.country != "US":
        row = country_row(site.country)
        tax, bonus, premium = row.corporate_tax_frac, 0.0, row.country_risk_premium_frac
    months = Calendar(study.as_of, study.horizon_years).n_month
    return SitePlan(
        site=site,
        parts=site_parts,
        region=markets.market_region(site),
        rules=TaxRules(tax, bonus, facts["us_tax.nol_use_limit"].value, study.tax_losses),
        premium_frac=premium,
        discount=discount_factors(rate + premium, months),
        by_use={name: discount_factors(hurdle + premium, months) for name, hurdle in (study.discount or {}).items()},
    )
