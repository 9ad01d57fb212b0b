"""When each site can have power and rent, with what chance, which gate decides, and what a month is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth import timeline, uses
from wattworth.records import SCHEMA_VERSION, Calendar
from wattworth.study import Override, Part, Study, fill
from wattworth.timeline.network import Network, critical_frac, finish, last_frac, on_the_way_to, opened
from wattworth.timeline.networks import POWER_GATES, kind_of
from wattworth.timeline.slippage import observed, packaged_projects
from wattworth.valuation.inputs import DELAY_KEY
from wattworth.valuation.plan import Plan, SitePlan, plan
from wattworth.valuation.run import Run, value

Document = dict[str, Any]
Told = Callable[[str], None]

DRAWS: Final = 10_000
VALUE_DRAWS: Final = 1_024
SEED: Final = 7
BLOCK_KEYS: Final = ("gate_block.size_mw", "gate.ramp_step")
"""Facts on the blocks in which a hall is handed over."""

_QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True, slots=True)
class Block:
    """How much of a hall is handed over at a time, and the time to the next."""

    critical_it_mw: float
    step_months: float


@dataclass(frozen=True, slots=True)
class PartDates:
    """Dates of one part of a site, by draw.

    Attributes
    ----------
    site_plan, part
        The megawatts.
    graph
        Their gates.
    months
        Duration of each gate, shape (draw,). [month]
    opens
        When each gate opens, shape (draw,). [month]
    slip_months
        Delay beyond the plan, shape (draw,). [month]
    first_month
        Month of first revenue, shape (draw,). [month]
    success_frac
        Chance that a conversion succeeds, mean over the draws. [1]
    """

    site_plan: SitePlan
    part: Part
    graph: Network
    months: Mapping[str, NDArray[np.float64]]
    opens: Mapping[str, NDArray[np.float64]]
    slip_months: NDArray[np.float64]
    first_month: NDArray[np.int64]
    success_frac: float

    @property
    def power_month(self) -> NDArray[np.float64] | None:
        """When the connection is live, shape (draw,); None where it is, or where a contract hides it. [month]"""
        names = [gate.name for gate in self.graph.gates if gate.name in POWER_GATES]
        return np.max([self.opens[name] for name in names], axis=0) if names else None


def part_dates(laid_out: Plan, site_plan: SitePlan, part: Part) -> PartDates:
    """Draw the gates of a part; the same draws as in a valuation of the same seed.

    Parameters
    ----------
    laid_out
        A run, from :func:`wattworth.valuation.plan.plan`.
    site_plan, part
        A site of it, and one of its parts.
    """
    site, chunks = site_plan.site, range(laid_out.n_chunk)
    asked = (site, part, laid_out.clocks)
    months = timeline.gate_months(*asked, laid_out.calendar, laid_out.seed, chunks)
    graph, keep = laid_out.clocks.network(site, part), slice(laid_out.n_draw)
    months = {name: drawn[keep] for name, drawn in months.items()}
    dates = timeline.first_power(*asked, laid_out.calendar, laid_out.seed, chunks)
    return PartDates(
        site_plan=site_plan,
        part=part,
        graph=graph,
        months=months,
        opens=opened(graph, months),
        slip_months=timeline.slip_months(*asked, laid_out.seed, chunks)[keep],
        first_month=dates.first_revenue_month[keep],
        success_frac=float(laid_out.drawn_success_frac(site, part).mean()),
    )


def time_to_power(
    study: Study,
    *,
    draws: int = DRAWS,
    value_draws: int = VALUE_DRAWS,
    seed: int = SEED,
    sites: str | None = None,
    workers: int | None = None,
    told: Told = lambda words: None,
) -> Document:
    """Dates, chances and gates of every site, and what a month is worth in each use.

    Parameters
    ----------
    study
        A study already read.
    draws
        Draws of the gates.
    value_draws
        Draws of the three valuations behind the value of a month; 0 leaves it out.
    seed
        Of the random numbers.
    sites
        Glob on site_id.
    workers
        Processes of the valuations.
    told
        Called with what is being done.

    Returns
    -------
    dict
        The document that ``wattworth timeline --json`` prints.

    Raises
    ------
    StudyError, FactError
        If the declaration, a network or a fact is wrong.
    """
    laid_out = plan(study, uses.fact_book(), n_draw=draws, seed=seed, sites_glob=sites)
    told(f"drawing the gates of {len(laid_out.sites)} sites")
    facts = fill(study, uses.fact_book(), BLOCK_KEYS).facts
    block = Block(facts[BLOCK_KEYS[0]].value, facts[BLOCK_KEYS[1]].value)
    listed = [_site_document(laid_out, site_plan, block) for site_plan in laid_out.sites]
    if value_draws:
        worth = month_values(study, draws=value_draws, seed=seed, sites=sites, workers=workers, told=told)
        for site in listed:
            site["uses"] = worth[site["site_id"]]
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.name,
        "as_of": study.as_of,
        "draws": draws,
        "value_draws": value_draws,
        "seed": seed,
        "slippage": {
            "on_time_frac": laid_out.clocks.on_time_frac,
            "late_mean_months": laid_out.clocks.slip_mean_months,
            "observed": asdict(observed(packaged_projects())),
        },
        "correlation_frac": laid_out.clocks.correlation_frac,
        "sites": listed,
    }


def month_values(
    study: Study,
    *,
    draws: int = VALUE_DRAWS,
    seed: int = SEED,
    sites: str | None = None,
    workers: int | None = None,
    told: Told = lambda words: None,
) -> dict[str, dict[str, Document]]:
    """What a month sooner and a month later is worth, by site and use.

    Each is the difference of two full valuations with the same random numbers: ``clock.extra_delay`` moved by one
    month either way, all else as it is. Dates that are past do not come sooner.

    Returns
    -------
    dict
        Site to use to ``later_usd`` and ``sooner_usd``, the changes of the mean risked value, each with its standard
        error, and the dates of first revenue. [USD]
    """

    def valued(months: float) -> Run:
        told(f"valuing {study.name} " + ("as it is" if months == 0 else f"{months:+g} month"))
        moved = _delayed(study, months)
        return value(moved, draws=draws, seed=seed, sites=sites, workers=workers)

    base, later, sooner = valued(0), valued(1), valued(-1)
    out: dict[str, dict[str, Document]] = {}
    for site in base.result["sites"]:
        site_id = site["site_id"]
        entry = out[site_id] = {}
        for name, use in site["uses"].items():
            if use["available"]:
                pair = (site_id, name)
                entry[name] = {
                    "first_revenue": use["first_revenue"],
                    **_difference("later", later, base, pair),
                    **_difference("sooner", sooner, base, pair),
                }
    return out


def _delayed(study: Study, months: float) -> Study:
    if months == 0:
        return study
    stated = study.overrides[DELAY_KEY].value if DELAY_KEY in study.overrides else 0.0
    moved = Override(value=stated + months, source="the value of a month")
    return replace(study, overrides={**study.overrides, DELAY_KEY: moved})


def _difference(name: str, moved: Run, base: Run, pair: tuple[str, str]) -> Document:
    change = moved.draws[pair][RISKED] - base.draws[pair][RISKED]
    return {f"{name}_usd": float(change.mean()), f"{name}_error_usd": float(change.std() / np.sqrt(change.size))}


RISKED: Final = "risked_npv_usd"
"""Metric of a run's draws whose mean decides."""


def _site_document(laid_out: Plan, site_plan: SitePlan, block: Block) -> Document:
    site = site_plan.site
    parts = [_part_document(laid_out, part_dates(laid_out, site_plan, part), block) for part in site_plan.parts]
    # what speaks for the site is its largest part that can still move, else its largest
    moving = [entry for entry in parts if entry["kind"] != "leased"] or parts
    main = max(moving, key=lambda entry: entry["gross_mw"])
    shown = (
        "kind",
        "energised",
        "first_revenue",
        "first_revenue_months",
        "success_frac",
        "power_frac",
        "last_frac",
        "critical_frac",
    )
    return {
        "site_id": site.site_id,
        "site": site.name,
        "company": site.company,
        "iso": site.iso,
        "gross_mw": site_plan.gross_mw,
        **{name: main[name] for name in shown},
        "parts": parts,
    }


def _part_document(laid_out: Plan, dates: PartDates, block: Block) -> Document:
    calendar, part, site = laid_out.calendar, dates.part, dates.site_plan.site
    shares = timeline.failure_frac(site, part, laid_out.clocks, laid_out.success_frac(site, part))
    last, critical = last_frac(dates.graph, dates.opens), critical_frac(dates.graph, dates.months)
    power, hazards = dates.power_month, on_the_way_to(dates.graph, POWER_GATES)
    gates = [
        {
            "gate": gate.name,
            "after": list(gate.after),
            "cause": gate.cause or None,
            "months": _quantiles(dates.months[gate.name]),
            "opens": _labels(calendar, dates.opens[gate.name]),
            "opens_months": _quantiles(dates.opens[gate.name]),
            "last_frac": last[gate.name],
            "critical_frac": critical[gate.name],
            "fails_frac": 1.0 - dates.success_frac ** shares[gate.name],
            "failure_share_frac": shares[gate.name],
            "fact": gate.months,
        }
        for gate in dates.graph.gates
    ]
    return {
        "kind": kind_of(site, part),
        "state": part.state,
        "stage": part.stage,
        "gross_mw": part.gross_mw,
        "energised": None if power is None else _labels(calendar, power),
        "energised_months": None if power is None else _quantiles(power),
        "first_revenue": _labels(calendar, dates.first_month),
        "first_revenue_months": _quantiles(dates.first_month),
        "planned_months": _quantiles(finish(dates.graph, dates.opens)),
        "slip_months": {"mean": float(dates.slip_months.mean()), **_quantiles(dates.slip_months)},
        "success_frac": dates.success_frac,
        "power_frac": float(dates.success_frac ** sum(shares[name] for name in hazards)),
        "last_frac": {name: share for name, share in last.items() if share > 0},
        "critical_frac": critical,
        "gates": gates,
        "blocks": _blocks(laid_out, dates, block),
    }


def _blocks(laid_out: Plan, dates: PartDates, block: Block) -> list[Document]:
    """Blocks in which a hall is handed over, about the date of its mean megawatt."""
    part, calendar = dates.part, laid_out.calendar
    critical_mw = part.critical_it_mw or part.gross_mw / laid_out.study.facts[uses.GROSS_PER_IT_KEY].value
    n_block = max(1, int(np.ceil(critical_mw / block.critical_it_mw - 1e-9)))
    middle = float(np.median(dates.first_month))
    return [
        {
            "critical_it_mw": critical_mw / n_block,
            "first_revenue": calendar.label(max(1, round(middle + (place - (n_block - 1) / 2) * block.step_months))),
        }
        for place in range(n_block)
    ]


def _quantiles(months: NDArray[Any]) -> Document:
    return {name: float(np.quantile(months, share)) for name, share in _QUANTILES.items()}


def _labels(calendar: Calendar, months: NDArray[Any]) -> Document:
    picked = {name: np.quantile(months, share, method="nearest") for name, share in _QUANTILES.items()}
    return {name: calendar.label(round(float(month))) for name, month in picked.items()}
