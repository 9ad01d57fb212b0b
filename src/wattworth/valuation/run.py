"""The main job: from a study to what each watt is worth."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wattworth import uses
from wattworth.errors import Fault, StudyError
from wattworth.records.axes import month_number
from wattworth.study import Study, UseSpec, ended_before, read, unknown_use
from wattworth.valuation import result as documents
from wattworth.valuation.assemble import Draws, Progress, assemble, process_count
from wattworth.valuation.block import USE_METRICS
from wattworth.valuation.cases import central_world
from wattworth.valuation.compose import SiteValue, compose
from wattworth.valuation.identities import check_energy, check_identities
from wattworth.valuation.plan import Plan, matching_sites, plan
from wattworth.valuation.reads import noting, unread
from wattworth.valuation.site_supply import check_supplies, sized
from wattworth.valuation.switch_worths import Freedom
from wattworth.valuation.totals import totals
from wattworth.valuation.warn import warnings_of
from wattworth.valuation.when_to_switch import when_to_switch

SPECS: Final = {name: UseSpec(name, use.options) for name, use in uses.registered().items()}
"""The uses a study may declare, for :func:`wattworth.study.read`."""

DEFAULT_DRAWS: Final = 10_000
DEFAULT_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Run:
    """A finished valuation.

    Attributes
    ----------
    result
        The document that JSON prints; see the docs page on reading it.
    draws
        (site_id, use) to metric to array, shape (draw,).
    study
        What was valued, narrowed as asked: valued again with the same draws and seed it gives the same run_id.
        None where the record does not hold it.
    """

    result: dict[str, Any]
    draws: Mapping[tuple[str, str], Mapping[str, NDArray[np.float64]]]
    study: Study | None = None

    def site(self, site_id: str) -> dict[str, Any]:
        """The entry of one site; KeyError if there is none."""
        for entry in self.result["sites"]:
            if entry["site_id"] == site_id:
                return entry
        raise KeyError(site_id)

    @property
    def sites(self) -> pl.DataFrame:
        """One row per valued site: best use, chance, value and date."""
        rows = [_flat(site) for site in self.result["sites"] if site["valued"]]
        return pl.DataFrame(rows, infer_schema_length=None)


def value(  # noqa: PLR0913 - the options of the command
    source: str | Path | Study,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    as_of: str | None = None,
    sites: str | None = None,
    use_names: Sequence[str] | None = None,
    workers: int | None = None,
    chunks_per_block: int = 1,
    freedom: Freedom | None = None,
    progress: Progress | None = None,
) -> Run:
    """Value every site of a study in every use.

    Parameters
    ----------
    source
        Folder, workbook or packaged name, or a study already read.
    draws
        Number of draws, at least 1.
    seed
        Seed of the random numbers, 0 or above.
    as_of
        Month that replaces the study's, as ``YYYY-MM``.
    sites
        Glob on site_id that narrows the sites.
    use_names
        Uses that narrow the study's.
    workers
        Processes; None takes one per core, fewer for a short run.
    chunks_per_block
        Chunks of draws valued together; changes speed and memory, never a digit.
    freedom
        What may be decided later, to say of each site what to do now and what waiting is worth; None asks nothing.
    progress
        Called with the draws done and asked for.

    Returns
    -------
    Run

    Raises
    ------
    StudyError, FactError
        If the declaration or a fact is wrong.
    SolveError
        If the supply of a site cannot reach its target.
    """
    started = time.perf_counter()
    study = _narrowed(source if isinstance(source, Study) else read_study(source), as_of, use_names, sites)
    if draws < 1 or seed < 0:
        raise StudyError(f"draws must be at least 1 and the seed at least 0, got {draws} and {seed}")
    study = sized(study, sites)
    laid_out = plan(study, uses.fact_book(), n_draw=draws, seed=seed, sites_glob=sites)
    n_process = process_count(laid_out, workers)
    noted, reads = noting(laid_out)
    central, drawn = assemble(
        laid_out, workers=n_process, chunks_per_block=chunks_per_block, central_plan=noted, progress=progress
    )
    values = {p.site.site_id: compose(laid_out, drawn, i) for i, p in enumerate(laid_out.sites)}
    at_central = {p.site.site_id: compose(laid_out, central, i, central=True) for i, p in enumerate(laid_out.sites)}
    later = {} if freedom is None else _later(study, freedom, seed, sites, n_process)
    result = _document(laid_out, drawn, (values, at_central), unread(laid_out, reads), later)
    result["elapsed_s"] = round(time.perf_counter() - started, 3)
    return Run(result, _kept(laid_out, drawn, values), replace(study, facts={}))


def read_study(source: str | Path) -> Study:
    """Read and check a study: a folder, a workbook, or the name of a packaged one; cases of supply with it, not sized.

    Raises
    ------
    StudyError
        With every fault found, each with its place.
    """
    study = read(source, SPECS)
    check_supplies(study)
    return study


def _narrowed(study: Study, as_of: str | None, use_names: Sequence[str] | None, sites_glob: str | None) -> Study:
    changes: dict[str, Any] = {}
    if as_of is not None:
        month_number(as_of)
        changes["as_of"] = as_of
        ended = [
            Fault(f"{site.site_id}, {name}", why)
            for site in matching_sites(study, sites_glob)
            for name, why in ended_before(site, as_of)
        ]
        if ended:
            raise StudyError(ended)
    if use_names is not None:
        unknown = [name for name in use_names if name not in SPECS]
        if unknown:
            raise StudyError(unknown_use(unknown[0], SPECS))
        changes["uses"] = {name: study.uses.get(name) or SPECS[name].options() for name in use_names}
        bare = [name for name in use_names if study.discount and name not in study.discount]
        if bare:
            raise StudyError(
                f"{study.name} sets hurdle rates by use and none for {', '.join(bare)}; add it to discount"
            )
    if sites_glob is not None and (chosen := {site.site_id for site in matching_sites(study, sites_glob)}):
        changes["sites"] = tuple(site for site in study.sites if not site.valued or site.site_id in chosen)
    return replace(study, **changes) if changes else study


def _document(
    laid_out: Plan,
    drawn: Draws,
    composed: tuple[Mapping[str, SiteValue], Mapping[str, SiteValue]],
    unused: list[tuple[str, list[str]]],
    later: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    study, (values, central) = laid_out.study, composed
    first = _median_first_month(laid_out, drawn, values)
    stated = study.tenant_demand_gw_per_year
    limit = study.facts["tenant_demand.new_leases"].value if stated is None else stated
    summed = totals(laid_out, values, first, limit)
    world = central_world(laid_out)
    check_identities(laid_out, values, summed)
    check_energy(laid_out, world)
    by_id = {
        p.site.site_id: documents.site_document(
            laid_out,
            i,
            drawn,
            values[p.site.site_id],
            central[p.site.site_id],
            world,
            summed.weight_frac[p.site.site_id],
        )
        | later.get(p.site.site_id, {})
        for i, p in enumerate(laid_out.sites)
    }
    left_out = [site for site in study.sites if site.site_id not in by_id and not site.valued]
    counts, weakest = documents.facts_document(laid_out)
    head = documents.header(laid_out)
    body = {
        "sites": [
            *by_id.values(),
            *(documents.unvalued_document(s, s.not_valued_reason or "no megawatts") for s in left_out),
        ],
        "totals": documents.totals_document(laid_out, summed, values),
        "tenant_demand": {"gw_per_year": limit, "squeezed": list(summed.squeezed)},
        "double_counts": [double.model_dump(mode="json") for double in study.double_counts],
        "warnings": warnings_of(laid_out, summed, list(by_id.values()), unused),
        "facts": counts,
        "weakest_facts": weakest,
        "versions": {
            "wattworth": version("wattworth"),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "machine": platform.machine(),
        },
    }
    digest = hashlib.blake2b(json.dumps([head, body], sort_keys=True, default=str).encode(), digest_size=6).hexdigest()
    run_id = f"{study.name}-{study.as_of}-{digest}"
    return {"schema_version": head["schema_version"], "run_id": run_id, **head, **body}


def _later(study: Study, freedom: Freedom, seed: int, sites: str | None, n_process: int) -> dict[str, dict[str, Any]]:
    """Site to what the freedom to decide later is worth there, as ``wattworth options`` gives it."""
    asked = when_to_switch(study, freedom, seed=seed, sites=sites, workers=n_process)
    return {site["site_id"]: {"switching": {"freedom": asked["freedom"], **site}} for site in asked["sites"]}


def _median_first_month(laid_out: Plan, drawn: Draws, values: Mapping[str, SiteValue]) -> dict[str, float]:
    """Site to median month of the first revenue of its best use."""
    names, row = list(laid_out.uses), USE_METRICS.index("first_revenue_month")
    pairs = {
        p.site.site_id: i * len(names) + names.index(best)
        for i, p in enumerate(laid_out.sites)
        if (best := values[p.site.site_id].best_use) is not None
    }
    return {site_id: float(np.median(drawn.uses[row, pair])) for site_id, pair in pairs.items()}


def _kept(
    laid_out: Plan, drawn: Draws, values: Mapping[str, SiteValue]
) -> dict[tuple[str, str], dict[str, NDArray[np.float64]]]:
    kept: dict[tuple[str, str], dict[str, NDArray[np.float64]]] = {}
    for i, site_plan in enumerate(laid_out.sites):
        for k, (name, use) in enumerate(values[site_plan.site.site_id].uses.items()):
            if use.reason is not None:
                continue
            metric = drawn.uses[:, i * len(laid_out.uses) + k]
            kept[site_plan.site.site_id, name] = {
                "npv_usd": use.success_usd,
                "npv_real_world_usd": use.success_real_usd,
                "risked_npv_usd": use.risked_usd,
                "risked_npv_real_world_usd": use.risked_real_usd,
                **{m: metric[USE_METRICS.index(m)] for m in ("first_revenue_month", "irr_frac", "capital_usd")},
            }
    return kept


def _flat(site: dict[str, Any]) -> dict[str, Any]:
    best = site["uses"].get(site["best_use"]) or {}
    risked, per_w, gain = (
        best.get("risked_npv_usd", {}),
        best.get("usd_per_gross_w", {}),
        site["gain_vs_today_usd"] or {},
    )
    keys = (
        "site_id",
        "site",
        "company",
        "region",
        "gross_mw",
        "firm_gross_mw",
        "status",
        "best_use",
        "prob_best_frac",
        "tie",
    )
    return {
        **{key: site[key] for key in keys},
        "risked_npv_mean_usd": risked.get("mean"),
        "risked_npv_p10_usd": risked.get("p10"),
        "risked_npv_p90_usd": risked.get("p90"),
        "usd_per_gross_w": per_w.get("mean"),
        "gain_vs_today_mean_usd": gain.get("mean"),
        "first_revenue_p50": best.get("first_revenue", {}).get("p50"),
        "success_frac": best.get("success_frac"),
        "confidence": site["confidence"],
    }
