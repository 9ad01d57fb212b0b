"""A balance as one document, with what stands beside it: versions of the note, views of demand, your own sites."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import numpy as np

from wattworth.gap.cases import demand_cases
from wattworth.gap.feedback import Scarcity
from wattworth.gap.result import Document, GapResult
from wattworth.gap.sites import LeftOut, SiteCurves
from wattworth.gap.terms import Mode
from wattworth.gap.versions import versions

LOAD_FACTOR_CASE: Final = "lbnl-2028"
"""The view of demand whose printed load factor stands in where a view states none."""


def gap_document(
    result: GapResult,
    *,
    bare: GapResult | None = None,
    sites: SiteCurves | None = None,
    years: range = range(0),
    scarcity: Scarcity | None = None,
) -> Document:
    """What ``wattworth gap`` prints as JSON and its page reads.

    Parameters
    ----------
    result
        A balance.
    bare
        The same without curves of your own, to stand beside it; None where it has none.
    sites
        The sites whose curve is in the balance.
    years
        The years of its window.
    scarcity
        What the net gap did to rents.
    """
    return {
        **result.document(),
        "bare": None if bare is None else _in_short(bare),
        "sites": None if sites is None else _sites(sites, years, result.mode),
        "scarcity": None if scarcity is None else asdict(scarcity),
        "versions": [version.document() for version in versions()],
        "demand": _demand(),
    }


def _in_short(bare: GapResult) -> Document:
    told = bare.document()
    return {key: told[key] for key in ("net", "gap_chance_frac", "arithmetic", "after_known")}


def _sites(sites: SiteCurves, years: range, mode: Mode) -> Document:
    """The curve of the sites by year, a row for each, and what is left out and why."""
    total = sites.total_gw(years, mode)
    left_out = sorted(sites.left_out, key=lambda out: (out.reason, -out.gross_mw, out.site_id))
    return {
        "study": sites.study,
        "as_of": sites.as_of,
        "draws": sites.draws,
        "value_draws": sites.value_draws,
        "gross_gw": sites.gross_gw,
        "live_gw": sites.live_gw,
        "years": [
            {"year": year, "mean_gw": float(row.mean())}
            | {f"p{share}_gw": float(np.quantile(row, share / 100)) for share in (5, 50, 95)}
            for year, row in zip(years, total, strict=True)
        ],
        "rows": sites.table(years),
        "left_out": [asdict(out) for out in left_out],
        "left_out_gw": _by_reason(left_out),
    }


def _by_reason(left_out: list[LeftOut]) -> dict[str, float]:
    """Gigawatts by reason, most first."""
    out: dict[str, float] = {}
    for each in left_out:
        out[each.reason] = out.get(each.reason, 0.0) + each.gross_mw / 1e3
    return dict(sorted(out.items(), key=lambda pair: -pair[1]))


def _demand() -> Document:
    """Views of demand of the United States on one axis, the load factor of one of them lent to those without.

    It is lent between the energy and the capacity of data centres; a peak or another load has a factor of its own.
    """
    lender = next(case for case in demand_cases() if case.case_id == LOAD_FACTOR_CASE)
    pairs = zip(
        demand_cases(region="US"), demand_cases(region="US", load_factor_frac=lender.load_factor_frac), strict=True
    )
    return {
        "load_factor_frac": lender.load_factor_frac,
        "load_factor_of": f"{lender.publisher}, {lender.published}",
        "cases": [(bare if bare.measure == "peak" else lent).document() for bare, lent in pairs],
    }
