"""What the reports ask of a result: its sites in order, and a number if it is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wattworth.reports.formatting import known

Document = dict[str, Any]


def entry(document: Any, *path: str) -> Any:
    """What stands at a path of keys, or None where the path ends early."""
    for key in path:
        if not isinstance(document, dict):
            return None
        document = document.get(key)
    return document


def number(document: Any, *path: str) -> float | None:
    """The finite number at a path of keys, or None."""
    found = entry(document, *path)
    return float(found) if known(found) else None


def best_document(site: Document) -> Document:
    """Entry of the best use, empty where there is none."""
    return use_document(site, site.get("best_use"))


def use_document(site: Document, use: str | None) -> Document:
    """Entry of a use of a site if it is available, else empty."""
    found = (site.get("uses") or {}).get(use) or {}
    return found if found.get("available") else {}


def best_value_usd(site: Document) -> float | None:
    """Mean risked value of the best use [USD]."""
    return number(best_document(site), "risked_npv_usd", "mean")


def ranked(result: Document) -> list[Document]:
    """Valued sites, dearest best use first, those without a value last."""
    return sorted((site for site in result["sites"] if site.get("valued")), key=_rank)


def unvalued(result: Document) -> list[Document]:
    """Sites that could not be valued."""
    return [site for site in result["sites"] if not site.get("valued")]


def use_names(result: Document) -> list[str]:
    """Every use of the run, in the order in which the result names them."""
    return list(dict.fromkeys(use for site in result["sites"] for use in site.get("uses") or {}))


def leased_it_mw(site: Document) -> float:
    """Critical IT power under signed leases [MW]."""
    return sum(part.get("critical_it_mw") or 0.0 for part in _parts(site) if part["state"] == "leased")


def is_leased(site: Document) -> bool:
    """Whether a signed lease stands on a part of the site."""
    return any(part["state"] == "leased" for part in _parts(site))


def free_gross_mw(site: Document) -> float:
    """Power that no lease takes [MW]."""
    return sum(part.get("gross_mw") or 0.0 for part in _parts(site) if part["state"] != "leased")


def squeezed_ids(result: Document) -> set[str]:
    """Sites for whose conversion no tenant is left."""
    listed = entry(result, "tenant_demand", "squeezed") or []
    return {item if isinstance(item, str) else str(item.get("site_id")) for item in listed}


def _parts(site: Document) -> Iterator[Document]:
    yield from site.get("parts") or ()


def _rank(site: Document) -> tuple[bool, float]:
    value = best_value_usd(site)
    return value is None, -(value or 0.0)
