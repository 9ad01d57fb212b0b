"""What a study holds, laid out as a run would lay it out, and what a reader of its run should know."""

from __future__ import annotations

from collections import Counter
from typing import Any

from wattworth import facts, timeline, uses, valuation
from wattworth.errors import Fault, StudyError, WattworthError
from wattworth.markets import market_region
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Study, fill, parts
from wattworth.uses import GROSS_PER_IT_KEY

_NO_MARKET = "other"
_ALL_OF_THEM = ("leased", "energised", "construction", "undeveloped")


def survey(source: str) -> dict[str, Any]:
    """Read a study, lay it out and count what it holds.

    Raises
    ------
    StudyError
        With every fault of its files, or else with every site and fact that a run could not use.
    """
    study = valuation.read_study(source)
    regions = _regions(study)
    filled = fill(study, uses.fact_book(), valuation.fact_keys(study))
    timeline.own_networks(study.gates)
    trust = Counter(fact.confidence for fact in filled.facts.values())
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.name,
        "title": study.title,
        "ok": True,
        "faults": [],
        "as_of": study.as_of,
        "usd_year": study.usd_year,
        "horizon_years": study.horizon_years,
        "uses": list(study.uses),
        "sites": {
            "valued": len(study.valued_sites),
            "not_valued": [
                {"site_id": site.site_id, "reason": site.not_valued_reason} for site in study.sites if not site.valued
            ],
        },
        "mw_by_state": _by_state(filled),
        "facts": {
            "used": len(filled.facts),
            "assumptions": trust["assumption"],
            "low_confidence": trust["low"],
            "changed": len(study.overrides),
        },
        "warnings": [
            {"code": code, "where": ", ".join(places), "message": message}
            for code, places, message in _remarks(filled, regions)
            if places
        ],
    }


def _regions(study: Study) -> dict[str, str]:
    """Power region of each valued site; every site that a run could not place is a fault."""
    regions: dict[str, str] = {}
    faults: list[Fault] = []
    for site in study.valued_sites:
        try:
            regions[site.site_id] = market_region(site)
            if site.country != "US":
                facts.country_row(site.country)
        except WattworthError as error:
            faults.append(Fault(f"site {site.site_id}", str(error).removeprefix(f"site {site.site_id}: ")))
    if not study.valued_sites:
        faults.append(Fault("sites", "none can be valued; each says why under not_valued_reason"))
    if faults:
        raise StudyError(faults)
    return regions


def _by_state(study: Study) -> list[dict[str, Any]]:
    ratio = study.facts[GROSS_PER_IT_KEY].value
    gross: Counter[tuple[str, str]] = Counter()
    sites: dict[tuple[str, str], set[str]] = {}
    for site in study.valued_sites:
        for part in parts(site, ratio):
            kind = part.state, part.stage
            gross[kind] += part.gross_mw  # pyright: ignore[reportArgumentType] - a counter of megawatts
            sites.setdefault(kind, set()).add(site.site_id)
    ordered = sorted(gross, key=lambda kind: (_ALL_OF_THEM.index(kind[0]), kind[1]))
    return [
        {"state": state, "stage": stage, "sites": len(sites[state, stage]), "gross_mw": gross[state, stage]}
        for state, stage in ordered
    ]


def _remarks(study: Study, regions: dict[str, str]) -> list[tuple[str, list[str], str]]:
    """Code, places and message of what does not stop a run and should be known before it."""
    valued = study.valued_sites
    return [
        (
            "unused_fact",
            study.unread_overrides,
            "changed by the study and read by none of its uses",
        ),
        (
            "double_counts_left_out",
            [count.site_id for count in study.double_counts if count.site_id in regions],
            "megawatts that stand in another row too and are left out of totals",
        ),
        (
            "lease_rent_unknown",
            [s.site_id for s in valued if s.draws_its_rent],
            "the rent of the lease is not stated and is drawn as for a new one",
        ),
        (
            "unused_price",
            [s.site_id for s in valued if s.ignores_its_price],
            "a price stated beside the contract market is not used; state index, or clear the price",
        ),
        (
            "region_unknown",
            [s.site_id for s in valued if regions[s.site_id] == _NO_MARKET and s.power_price_usd_per_mwh is None],
            "neither a power price nor a market region is known; a typical price stands in; fill market_region",
        ),
    ]
