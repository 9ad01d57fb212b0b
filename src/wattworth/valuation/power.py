"""Supply of power on a site: the optimum and named designs, at one reliability, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from wattworth.supply.case_schema import DesignKeys
from wattworth.supply.case_system import PowerCase
from wattworth.supply.reliability_rank import Candidate, Ranking, rank_designs
from wattworth.supply.system import System
from wattworth.valuation.power_designs import METHODS, DesignResult, run_design
from wattworth.valuation.power_reliability import reached
from wattworth.valuation.power_run import sized

OPTIMUM = "optimum"
"""Name of the design in which nothing is held."""

_AT_LIMIT_FRAC = 1e-6
_WORTH_A_LINE_USD = 1.0


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What loosening one limit of the optimum is worth.

    Attributes
    ----------
    limit
        Which one.
    step
        By how much, in words.
    saves_usd_per_year
        What it saves. [USD/year]
    costs
        What it gives up, in words; empty for a bound of the case.
    """

    limit: str
    step: str
    saves_usd_per_year: float
    costs: str


@dataclass(frozen=True, slots=True, eq=False)
class PowerResult:
    """A case, solved.

    Attributes
    ----------
    case
        What was asked.
    method
        How it was sized.
    designs
        The optimum, then the named designs in the order of the file.
    ranking
        The same at equal reliability.
    relaxed
        What binds the optimum.
    """

    case: PowerCase
    method: str
    designs: tuple[DesignResult, ...]
    ranking: Ranking
    relaxed: tuple[Relaxed, ...]


def solve_power(case: PowerCase, method: str = "decomposition") -> PowerResult:
    """Find the supply of least cost and set the named designs beside it.

    Parameters
    ----------
    case
        From :func:`~wattworth.supply.case_system.read_power_case`.
    method
        ``decomposition`` (certified, one battery) or ``lp``.

    Raises
    ------
    StudyError
        If the method cannot do what the case asks.
    SolveError
        If no design meets the limits, or units cannot reach the target.
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r}: need one of {', '.join(METHODS)}")
    wanted = (DesignKeys(name=OPTIMUM), *case.file.keys.designs)
    designs = tuple(run_design(case, design, method) for design in wanted)
    candidates = [_candidate(case, found) for found in designs]
    relaxed = (*_bounds(case, designs[0], method), *_one_unit_less(case, designs[0]))
    return PowerResult(case, method, designs, rank_designs(candidates, case.target), relaxed)


def _candidate(case: PowerCase, found: DesignResult) -> Candidate:
    demanded = float(case.system.load_mw.sum()) / case.system.n_year
    return Candidate(found.name, found.money.usd_per_year, demanded, found.adequacy)


def _bounds(case: PowerCase, found: DesignResult, method: str) -> list[Relaxed]:
    """Most that may be built, where that binds, moved by a megawatt and solved again."""
    system, sizing, out = case.system, found.sizing, []
    before = sized(case, system, method).cost_usd_per_year

    def told(name: str, unit: str, loose: System) -> None:
        saves = before - sized(case, loose, method).cost_usd_per_year
        if saves > _WORTH_A_LINE_USD:
            out.append(Relaxed(f"{name} at most", f"1 {unit} more", saves, ""))

    for n, (source, mw) in enumerate(zip(system.sources, sizing.design.source_mw, strict=True)):
        if isfinite(source.max_mw) and mw >= source.max_mw * (1.0 - _AT_LIMIT_FRAC):
            more = replace(source, max_mw=source.max_mw + 1.0)
            told(source.name, "MW", replace(system, sources=(*system.sources[:n], more, *system.sources[n + 1 :])))
    for store, mw, mwh in zip(system.stores, sizing.design.store_mw, sizing.design.store_mwh, strict=True):
        if isfinite(store.max_mw) and mw >= store.max_mw * (1.0 - _AT_LIMIT_FRAC):
            told("battery power", "MW", replace(system, stores=(replace(store, max_mw=store.max_mw + 1.0),)))
        if isfinite(store.max_mwh) and mwh >= store.max_mwh * (1.0 - _AT_LIMIT_FRAC):
            told("battery energy", "MWh", replace(system, stores=(replace(store, max_mwh=store.max_mwh + 1.0),)))
    return out


def _one_unit_less(case: PowerCase, found: DesignResult) -> list[Relaxed]:
    """What the last spare costs, and how well the rest serve without it."""
    out = []
    for source in case.system.sources:
        count = found.units.get(source.name)
        if count is None or count.n_spare < 1:
            continue
        fewer = {**found.units, source.name: replace(count, n_spare=count.n_spare - 1)}
        without = reached(case, found.sizing, fewer).adequacy
        saves = count.unit_mw * source.capacity_usd_per_mw_year
        now = found.adequacy.availability_frac
        costs = f"all load served in {without.availability_frac:.4%} of hours, not {now:.4%}"
        out.append(Relaxed("reliability", f"1 {source.name} spare fewer", saves, costs))
    return out
