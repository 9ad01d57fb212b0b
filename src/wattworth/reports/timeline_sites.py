"""What the page of time to power asks of its document: the part that speaks for a site, kinds in order, mean shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean, median
from typing import Any, Final

from wattworth.records import Calendar
from wattworth.reports.sites import number

Document = dict[str, Any]

LEASED: Final = "leased"
AI_USES: Final = ("turnkey", "powered_shell", "gpu_cloud", "hybrid")
"""Uses whose date is a first rent."""

CLEAR_ERRORS: Final = 2.0
"""Standard errors beyond which a value differs from nought."""


def sites_of(found: Document) -> list[Document]:
    """Sites that have megawatts to speak of."""
    return [site for site in found.get("sites") or () if site.get("parts")]


def main_part(site: Document) -> Document:
    """The part that speaks for a site: the largest that has not signed, else the largest."""
    parts = site["parts"]
    return max(
        [part for part in parts if part["kind"] != LEASED] or parts, key=lambda part: number(part, "gross_mw") or 0.0
    )


def other_parts(site: Document) -> list[Document]:
    """Parts beside the one that speaks for a site."""
    main = main_part(site)
    return [part for part in site["parts"] if part is not main]


def rent_months(part: Document) -> float:
    """P50 of the first rent. [month]"""
    return number(part, "first_revenue_months", "p50") or 0.0


def power_is_there(part: Document) -> bool:
    """Whether the part has its power by the as-of month."""
    if part.get("energised") is None:
        return part.get("state") == "energised"
    last = number(part, "energised_months", "p90")
    return last is not None and last <= 0


def by_kind(sites: Iterable[Document]) -> list[tuple[str, list[Document]]]:
    """Sites by kind of megawatt, the kind and the sites with the soonest first rent first."""
    groups: dict[str, list[Document]] = {}
    for site in sites:
        groups.setdefault(str(main_part(site)["kind"]), []).append(site)
    listed = [(kind, sorted(group, key=_when)) for kind, group in groups.items()]
    return sorted(listed, key=lambda entry: (median_months(entry[1]), entry[0]))


def median_months(sites: Sequence[Document]) -> float:
    """Middle site's P50 of the first rent. [month]"""
    return median(rent_months(main_part(site)) for site in sites)


def mean_chance(sites: Sequence[Document]) -> float:
    """Chance of success, mean over sites. [1]"""
    return fmean(number(main_part(site), "success_frac") or 0.0 for site in sites)


def gross_mw(sites: Iterable[Document]) -> float:
    """Megawatts of the parts that speak for the sites. [MW]"""
    return sum(number(main_part(site), "gross_mw") or 0.0 for site in sites)


def mean_shares(sites: Sequence[Document]) -> list[tuple[str, float]]:
    """How often each gate delays most, mean over sites, the most frequent first."""
    totals: dict[str, float] = {}
    for site in sites:
        for gate, share in (main_part(site).get("critical_frac") or {}).items():
            totals[gate] = totals.get(gate, 0.0) + share / len(sites)
    return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))


def causes(sites: Iterable[Document]) -> dict[str, str | None]:
    """Gate to what it shares with other sites."""
    return {gate["gate"]: gate.get("cause") for site in sites for part in site["parts"] for gate in part["gates"]}


def without_lease(sites: Iterable[Document]) -> list[Document]:
    """Sites of which no part has signed."""
    return [site for site in sites if all(part["kind"] != LEASED for part in site["parts"])]


def by_years(found: Document, sites: Iterable[Document]) -> list[tuple[int, float, float]]:
    """Year, and megawatts of all parts with their first rent by its end at P50: if nothing failed, and by chance."""
    parts = [part for site in sites for part in site["parts"]]
    calendar = Calendar(str(found["as_of"])[:7], 0)
    years = [int(calendar.label(round(rent_months(part)))[:4]) for part in parts]
    out: list[tuple[int, float, float]] = []
    for year in range(min(years, default=0), max(years, default=-1) + 1):
        done = [part for part, when in zip(parts, years, strict=True) if when <= year]
        out.append((year, _plain_mw(done), _risked_mw(done)))
    return out


def half_way(sites: Iterable[Document]) -> tuple[float, float, float, float]:
    """When half of the megawatts have their first rent at P50 [month]; how many, by chance, and of how many. [MW]"""
    parts = sorted((part for site in sites for part in site["parts"]), key=rent_months)
    total_mw = _plain_mw(parts)
    when = next(
        (rent_months(part) for place, part in enumerate(parts) if _plain_mw(parts[: place + 1]) >= total_mw / 2)
    )
    done = [part for part in parts if rent_months(part) <= when]
    return when, _plain_mw(done), _risked_mw(done), total_mw


def dearest(site: Document) -> tuple[str, float] | None:
    """Use in which a month later costs most, with its value; None where none is valued. [USD]"""
    worth = [
        (value, use)
        for use, entry in (site.get("uses") or {}).items()
        if (value := number(entry, "later_usd")) is not None
    ]
    return (min(worth)[1], min(worth)[0]) if worth else None


def is_clear(entry: Document, name: str) -> bool:
    """Whether the value of a month ``later`` or ``sooner`` differs from nought beyond its error."""
    value, error = number(entry, f"{name}_usd"), number(entry, f"{name}_error_usd")
    return value is not None and value != 0 and abs(value) > CLEAR_ERRORS * (error or 0.0)


def _when(site: Document) -> tuple[float, float, str]:
    main = main_part(site)
    return rent_months(main), number(main, "first_revenue_months", "p90") or 0.0, str(site["site_id"])


def _plain_mw(parts: Iterable[Document]) -> float:
    return sum(number(part, "gross_mw") or 0.0 for part in parts)


def _risked_mw(parts: Iterable[Document]) -> float:
    return sum((number(part, "gross_mw") or 0.0) * (number(part, "success_frac") or 0.0) for part in parts)
