"""A run laid out once: sites split into parts, parts into cases, and all they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

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
_SUCCESS = {"leased": "success.signed", "energised": "success.energised", "construction": "success.construction"}
_DRAWN_KEYS = (
    *_SUCCESS.values(),
    "success.undeveloped",
    "success.study",
    "failure.salvage",
    "tenant_demand.new_leases",
)


def success_key(part: Part) -> str:
    """Fact with the chance that a conversion of this part succeeds."""
    if part.state == "undeveloped" and part.stage == "study":
        return "success.study"
    return _SUCCESS.get(part.state, "success.undeveloped")


@dataclass(frozen=True, slots=True)
class CaseKey:
    """One part of one site in one use; its place in a plan is its row in the draws."""

    site_index: int
    part_index: int
    use: str


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A valued site: its parts, how it is taxed and discounted."""

    site: Site
    parts: tuple[Part, ...]
    region: str
    rules: TaxRules
    rate_frac: float
    discount: NDArray[np.float64]

    @property
    def gross_mw(self) -> float:
        """Power at the connection, a lease larger than what the row states included. [MW]"""
        return sum(part.gross_mw for part in self.parts)

    @property
    def firm_gross_mw(self) -> float:
        """The same without what is only in study: the denominator of value per watt. [MW]"""
        return sum(part.gross_mw for part in self.parts if part.stage == "secured")


@dataclass(frozen=True, slots=True)
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

    @property
    def n_part(self) -> int:
        """Parts of all valued sites."""
        return sum(len(site.parts) for site in self.sites)

    @property
    def rows(self) -> dict[tuple[int, int], list[tuple[int, str]]]:
        """Rows and uses of the cases of each site and part."""
        out: dict[tuple[int, int], list[tuple[int, str]]] = {
            (i, j): [] for i, site in enumerate(self.sites) for j in range(len(site.parts))
        }
        for row, case in enumerate(self.cases):
            out[case.site_index, case.part_index].append((row, case.use))
        return out

    @property
    def available(self) -> tuple[tuple[str, ...], ...]:
        """Uses that can serve a part of each site."""
        return tuple(
            tuple(
                name
                for name, use in self.uses.items()
                if any(use.unavailable(site.site, part) is None for part in site.parts)
            )
            for site in self.sites
        )

    @property
    def regions(self) -> tuple[str, ...]:
        """Power regions the sites use, sorted."""
        return tuple(sorted({plan.region for plan in self.sites}))


def fact_keys(study: Study) -> set[str]:
    """Keys of every fact a run of this study reads."""
    return set(_FIXED_KEYS) | _drawn_keys(study) | set(parameters.FACT_KEYS) | set(timeline.FACT_KEYS)


def _drawn_keys(study: Study) -> set[str]:
    regions = {markets.market_region(site) for site in study.sites if site.valued}
    keys = set(_DRAWN_KEYS) | set(markets.FACT_KEYS) | {key for r in regions for key in markets.region_keys(r)}
    for use in enabled_uses(study).values():
        keys |= set(use.fact_keys)
    # a conversion needs the machines it stops and the sale it falls back on, enabled or not
    return keys | set(uses.Bitcoin.fact_keys) | set(uses.SiteSale.fact_keys)


def enabled_uses(study: Study) -> dict[str, uses.Use]:
    """The uses a study asks for, in result order."""
    return {use.name: use() for use in uses.BUILT_IN if use.name in study.uses}


def matching_sites(study: Study, sites_glob: str | None) -> list[Site]:
    """Valued sites whose site_id matches a glob; all of them without one."""
    return [site for site in study.valued_sites if sites_glob is None or fnmatch(site.site_id, sites_glob)]


def plan(study: Study, book: FactBook, *, n_draw: int, seed: int, sites_glob: str | None = None) -> Plan:
    """Lay out a run.

    Raises
    ------
    StudyError
        If no site matches the glob or none can be valued.
    FactError
        If a fact the run needs is missing or a gap.
    """
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
        for use in _part_cases(site_plan.site, part, enabled)
    )
    return Plan(
        study=filled,
        sites=site_plans,
        uses=enabled,
        cases=cases,
        table=parameter_table(filled.facts, _drawn_keys(filled), seed, -(-n_draw // CHUNK_DRAWS)),
        clocks=timeline.clocks(filled.facts),
        seed=seed,
        n_draw=n_draw,
    )


def _part_cases(site: Site, part: Part, enabled: Mapping[str, uses.Use]) -> list[str]:
    names = [name for name, use in enabled.items() if use.unavailable(site, part) is None]
    if "turnkey" in names:
        names.append(FALLBACK)
        if part.mining_gross_mw > 0 and "bitcoin" not in names:
            names.append("bitcoin")
    return names


def _site_plan(study: Study, site: Site, site_parts: tuple[Part, ...], book: FactBook) -> SitePlan:
    facts: Mapping[str, Fact] = study.facts
    federal, state = facts["us_tax.federal_corporate_rate"].value, facts["tax.state_rate"].value
    rate, bonus = facts["discount.base_rate"].value, facts["us_tax.bonus_depreciation"].value
    tax = federal + state * (1.0 - federal)
    if site.country != "US":
        row = country_row(site.country)
        tax, rate, bonus = row.corporate_tax_frac, rate + row.country_risk_premium_frac, 0.0
    months = Calendar(study.as_of, study.horizon_years).n_month
    return SitePlan(
        site=site,
        parts=site_parts,
        region=markets.market_region(site),
        rules=TaxRules(tax, bonus, facts["us_tax.nol_use_limit"].value, study.tax_losses),
        rate_frac=rate,
        discount=discount_factors(rate, months),
    )
