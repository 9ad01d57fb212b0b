"""What to do with each site now, where the answer flips, and what the freedom to wait is worth."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np

from wattworth import uses
from wattworth.compute.blocks import blocks, map_blocks
from wattworth.errors import StudyError
from wattworth.finance import compile_kernels
from wattworth.options import (
    Boundary,
    Policy,
    Priced,
    Result,
    SwitchProblem,
    boundary,
    collect,
    fit_checked,
    fixed_plans,
    less_unseen,
    price_block,
)
from wattworth.records import CHUNK_DRAWS, SCHEMA_VERSION, Calendar
from wattworth.study import Study
from wattworth.valuation.assemble import Progress, process_count
from wattworth.valuation.cases import central_world
from wattworth.valuation.parameters import parameter_table
from wattworth.valuation.plan import Plan, SitePlan, plan
from wattworth.valuation.switch_worths import UNITS, Freedom, SiteWorths, drivers, joined, site_worths, stage
from wattworth.valuation.switching import WAIT, Choices, choose, offered, problem, real_world_problem

Document = dict[str, Any]
DRAWS: Final = 1_024
TRAINING_DRAWS: Final = 4_096
SEED: Final = 7
PLAIN: Final = Freedom()
BOUNDARY_MONTH: Final = 12
"""Month near which the boundary is drawn: on date 0 nothing has moved yet."""

_TRAINING_SEED_STEP: Final = 1_000_003
_CHUNKS_PER_BLOCK: Final = 1
_SITES_PER_TASK: Final = 6
_GRID: Final = 25
_NEVER: Final = "keep, then sell"


def when_to_switch(  # noqa: PLR0913 - the options of the command
    study: Study,
    freedom: Freedom = PLAIN,
    *,
    draws: int = DRAWS,
    training_draws: int = TRAINING_DRAWS,
    seed: int = SEED,
    sites: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Document:
    """What to do with every site, by least-squares Monte Carlo on the paths of the valuation.

    Parameters
    ----------
    study
        A study already read.
    freedom
        What may be decided, and when.
    draws
        Fresh draws that price the policy, each with facts of its own.
    training_draws
        Draws of their own on which it is fitted.
    seed
        Of the fresh draws; training has another, fixed by it.
    sites
        Glob on site_id.
    workers
        Processes; by default as for a valuation.
    progress
        Called with the sites done and all of them.

    Returns
    -------
    dict
        The document that ``wattworth options --json`` prints.

    Raises
    ------
    StudyError, FactError
        If the declaration is wrong, or discounts uses at rates of their own.
    """
    if study.discount:
        raise StudyError(
            f"{study.name}: discount: by_use gives each use a rate of its own, and the value of waiting needs one "
            "measure for all (methods, section 0); take `discount:` out to ask when to switch"
        )
    fresh = _own_parameters(plan(study, uses.fact_book(), n_draw=draws, seed=seed, sites_glob=sites))
    last = fresh.calendar.n_month - 1
    if not 0 < freedom.every_months <= freedom.window_months <= last:
        raise StudyError(
            f"a window of {freedom.window_months} months with a date every {freedom.every_months}: need at least one "
            f"date, and an end within the {last} months of the study"
        )
    train = plan(study, uses.fact_book(), n_draw=training_draws, seed=seed + _TRAINING_SEED_STEP, sites_glob=sites)
    train = _own_parameters(train)
    free = [place for place, site_plan in enumerate(fresh.sites) if site_plan.free_parts]
    work = [range(start, min(start + _SITES_PER_TASK, len(free))) for start in range(0, len(free), _SITES_PER_TASK)]
    n_process = min(process_count(train, workers), max(1, len(work)))
    task = partial(_decide, train, fresh, freedom, tuple(free))
    listed: dict[str, Document] = {}
    for group in map_blocks(task, work, n_process, meanwhile=compile_kernels if n_process > 1 else None):
        listed |= group
        if progress is not None:
            progress(len(listed), len(free))
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.name,
        "as_of": study.as_of,
        "draws": draws,
        "training_draws": training_draws,
        "seed": seed,
        "freedom": asdict(freedom),
        "driver_units": dict(UNITS),
        "sites": [listed.get(site.site.site_id) or _bound(site) for site in fresh.sites],
    }


def _own_parameters(laid_out: Plan) -> Plan:
    """The plan with facts drawn anew for every draw: a policy is to hold for all of them, and knows none."""
    table, facts = laid_out.table, laid_out.study.facts
    own = parameter_table(facts, table.keys, laid_out.seed, laid_out.n_chunk, inner_draws=1)
    return replace(laid_out, table=own)


def _bound(site_plan: SitePlan) -> Document:
    return {**_named(site_plan), "free": False, "reason": "every megawatt is under a signed lease"}


def _named(site_plan: SitePlan) -> Document:
    site, free_mw = site_plan.site, sum(part.gross_mw for part in site_plan.free_parts)
    return {
        "site_id": site.site_id,
        "site": site.name,
        "company": site.company,
        "free_gross_mw": free_mw,
        "leased_gross_mw": sum(part.gross_mw for part in site_plan.parts if part.state == "leased"),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """A site's policy and what was settled in training.

    Attributes
    ----------
    choices, policy
        From the training paths.
    training
        The problem it was fitted on.
    """

    choices: Choices
    policy: Policy
    training: SwitchProblem


def decide(laid_out: Plan, site_plan: SitePlan, worths: SiteWorths, freedom: Freedom) -> Decided:
    """Fit the policy of a site on its training paths."""
    choices = choose(laid_out, site_plan, worths, freedom)
    training = problem(laid_out, site_plan, worths, choices, freedom)
    unseen = laid_out.table.values[:, : training.n_draw]
    return Decided(choices, fit_checked(less_unseen(training, unseen)), training)


def _decide(train: Plan, fresh: Plan, freedom: Freedom, free: tuple[int, ...], group: range) -> dict[str, Document]:
    """Decide on a group of sites: train on one set of paths, price on the other, block by block."""
    places = [free[place] for place in group]
    central = central_world(train)
    seen: dict[int, list[SiteWorths]] = {place: [] for place in places}
    for chunks in blocks(train.n_draw, _CHUNKS_PER_BLOCK):
        pricing, _ = stage(train, central, chunks, freedom)
        for place in places:
            seen[place].append(site_worths(train, train.sites[place], pricing))
    decided = {place: decide(train, train.sites[place], joined(seen.pop(place)), freedom) for place in places}
    priced: dict[int, tuple[list[Priced], list[Priced]]] = {place: ([], []) for place in places}
    plans = {place: fixed_plans(made.training) for place, made in decided.items()}
    for chunks in blocks(fresh.n_draw, _CHUNKS_PER_BLOCK):
        pricing, real = stage(fresh, central, chunks, freedom)
        live = min(fresh.n_draw, chunks.stop * CHUNK_DRAWS) - chunks.start * CHUNK_DRAWS
        for place, made in decided.items():
            site_plan = fresh.sites[place]
            asked = problem(fresh, site_plan, site_worths(fresh, site_plan, pricing), made.choices, freedom)
            told = real_world_problem(asked, drivers(fresh, site_plan, real))
            for kept, each in zip(priced[place], (asked, told), strict=True):
                kept.append(price_block(made.policy, each, live))
    out: dict[str, Document] = {}
    for place, made in decided.items():
        worth, follows = (collect(made.policy, plans[place], parts) for parts in priced[place])
        site_plan = fresh.sites[place]
        out[site_plan.site.site_id] = _document(fresh, site_plan, made, worth, follows)
    return out


def _document(laid_out: Plan, site_plan: SitePlan, made: Decided, worth: Result, follows: Result) -> Document:
    best_now, best_fixed = worth.best_now, worth.best_fixed
    months, label = made.training.months, laid_out.calendar.label
    return {
        **_named(site_plan),
        "free": True,
        "now": _said(worth.now),
        "flexible_usd": {"mean": worth.value_usd, "error": worth.se_usd},
        "waiting_usd": {"mean": worth.waiting_usd, "error": worth.waiting_se_usd},
        "best_now": {"decision": best_now.switch or _NEVER, "usd": best_now.value_usd},
        "best_fixed": {
            "decision": best_fixed.switch or _NEVER,
            "date": None if best_fixed.date is None else label(months[best_fixed.date]),
            "usd": best_fixed.value_usd,
            "regret_usd": best_fixed.regret_usd,
            "regret_error_usd": best_fixed.regret_se_usd,
        },
        "never": {
            "usd": worth.never.value_usd,
            "regret_usd": worth.never.regret_usd,
            "regret_error_usd": worth.never.regret_se_usd,
        },
        "uses": _by_use(laid_out, site_plan, worth, months),
        "switches": [
            {
                "decision": switching.name,
                "prob_frac": switching.prob_frac,
                "now_frac": switching.now_frac,
                "expected_month": switching.mean_month,
                "expected": None if switching.mean_month is None else label(round(switching.mean_month)),
            }
            for switching in follows.switchings
        ],
        "stages": None
        if made.choices.staged is None
        else {"use": made.choices.staged, "months": made.choices.lag_dates * (months[1] - months[0])},
        "boundary": _boundary(made, follows, laid_out.calendar),
        "training_usd": worth.training_usd,
        "notes": list(worth.notes),
    }


def _said(switch: str) -> str:
    return "wait" if switch == "stay" else switch


def _by_use(laid_out: Plan, site_plan: SitePlan, worth: Result, months: tuple[int, ...]) -> Document:
    """Each decision taken for good: today, and on its best date."""
    out: Document = {}
    for name in offered(laid_out, site_plan):
        plans = [fixed for fixed in worth.fixed if fixed.switch == name]
        best = max(plans, key=lambda fixed: fixed.value_usd)
        now = next((fixed for fixed in plans if fixed.date == 0), None)
        out[name] = {
            "now_usd": None if now is None else now.value_usd,
            "regret_now_usd": None if now is None else now.regret_usd,
            "best_usd": best.value_usd,
            "best_date": laid_out.calendar.label(months[best.date or 0]),
        }
    return out


def _boundary(made: Decided, follows: Result, calendar: Calendar) -> Document:
    """Where the choice flips in the two drivers that matter most, for the switch most often made from waiting."""
    out_of_wait = [s for s in made.training.switches if s.origin == WAIT]
    often = {s.name: s.prob_frac for s in follows.switchings}
    later = [s for s in out_of_wait if np.any(np.asarray(s.allowed)[1:])] if made.training.n_date > 1 else []
    if made.policy.follows is not None or not later:
        return {"words": _unbounded(made)}
    date = int(np.argmin([abs(month - BOUNDARY_MONTH) for month in made.training.months[:-1]]))
    date = max(1, date)
    names = matter_most(made.training, date)
    if not names:
        return {"words": "nothing that the owner sees has moved by then"}
    likeliest = max(later, key=lambda s: often[s.name])
    found = boundary(made.policy, date, WAIT, *names[:2], grid=_GRID, switch=likeliest.name)
    today = {name: float(made.training.drivers[name][0, 0]) for name in names[:2]}
    return {"date": calendar.label(made.training.months[date]), "today": today, **_drawn(found, made.policy)}


def _unbounded(made: Decided) -> str:
    plan = made.policy.follows
    return "there is one date" if plan is None else f"whatever the markets do: {plan.name}"


def _drawn(found: Boundary, policy: Policy) -> Document:
    switches = policy.outline.switches
    return {
        "switch": found.switch,
        "driver_x": found.driver_x,
        "driver_y": found.driver_y,
        "x": found.grid[0].tolist(),
        "y": found.grid[1].tolist(),
        "choice": [["wait" if way < 0 else switches[way][0] for way in row] for row in found.choice],
        "thresholds": [None if np.isnan(at) else at for at in found.thresholds],
        "words": found.words,
        "inside": found.inside,
        "outside": found.outside,
    }


def matter_most(training: SwitchProblem, date: int) -> list[str]:
    """Drivers by how far they move the choice between the two best decisions on a date, first the one that does most.

    Notes
    -----
    A linear fit of the difference of the two, each driver in units of its spread.
    """
    names = [name for name, path in training.drivers.items() if np.ptp(path[date]) > 0.0]
    if not names:
        return []
    worths = {"wait": training.terminal_usd[WAIT] + np.sum(training.cash_usd[WAIT][date:], axis=0)}
    for switch in training.switches:
        if switch.origin == WAIT and np.asarray(switch.allowed)[date]:
            worths[switch.name] = np.asarray(switch.earned_usd)[date]
    best, second = sorted(worths, key=lambda name: -float(worths[name].mean()))[:2]
    target = worths[best] - worths[second]
    scaled = np.stack([(training.drivers[n][date] - training.drivers[n][date].mean()) for n in names])
    scaled /= scaled.std(axis=1, keepdims=True)
    slopes = np.linalg.lstsq(scaled.T, target - target.mean(), rcond=None)[0]
    return [names[place] for place in np.argsort(-np.abs(slopes), kind="stable")]
