"""The plan of a study as one document: what each site becomes and when, why, and what each limit is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from wattworth.portfolio.baselines import Baseline, everything_now, greedy, replay
from wattworth.portfolio.checks import check
from wattworth.portfolio.from_study import FRESH_SEED_STEP, StudyCase, fresh_draws, full_draws, study_case
from wattworth.portfolio.frontier import frontier
from wattworth.portfolio.option_needs import Need
from wattworth.portfolio.planning import hold, plan
from wattworth.portfolio.pricing import LimitPrice, limit_prices
from wattworth.portfolio.reasons import Reason, first_out, next_in, why
from wattworth.portfolio.records import KEEP, Aim, Array, Effort, Places, Plan
from wattworth.portfolio.shared_limits import period_label
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Study
from wattworth.valuation.compose import outer_means
from wattworth.valuation.totals import counted_frac

Document = dict[str, Any]
DRAWS: Final = 1_000
SEED: Final = 7
GAP_FRAC: Final = 1e-4
TIME_LIMIT_S: Final = 20.0
_PRICE_GAP_FRAC: Final = 1e-7
"""A step of a limit adds little to the whole, so it is sought to a smaller gap."""

_SHARES: Final = {"plan": 0.4, "prices": 0.4, "frontier": 0.2}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a plan is sought.

    Attributes
    ----------
    draws, seed
        Of the valuation, and of as many fresh draws besides.
    time_limit_s
        For the search, the prices of limits and the frontier together. [s]
    gap_frac
        Proven gap at which to stop.
    tail_weight_frac
        In place of the study's; None keeps it.
    sites
        Glob on site_id.
    workers
        Processes; None takes one per core.
    """

    draws: int = DRAWS
    seed: int = SEED
    time_limit_s: float = TIME_LIMIT_S
    gap_frac: float = GAP_FRAC
    tail_weight_frac: float | None = None
    sites: str | None = None
    workers: int | None = None


def plan_study(study: Study, how: Asked | None = None) -> Document:
    """Plan the sites of a study under what they share.

    Parameters
    ----------
    study
        A study already read.
    how
        How the plan is sought.

    Returns
    -------
    dict
        The document that ``wattworth plan --json`` prints.

    Raises
    ------
    StudyError, FactError
        The declaration is wrong.
    InfeasibleError
        No plan keeps every limit; those that clash are named.
    SolveError
        No plan was found in the time given.
    """
    how = how or Asked()
    held = study_case(study, draws=how.draws, seed=how.seed, sites=how.sites, workers=how.workers)
    return planned(held, how)


def planned(held: StudyCase, how: Asked) -> Document:
    """The document of a portfolio that is valued already."""
    case, aim = held.case, held.aim
    if how.tail_weight_frac is not None:
        aim = replace(aim, tail_weight_frac=how.tail_weight_frac)
    check(case, aim)
    effort = {key: Effort(share * how.time_limit_s, how.gap_frac) for key, share in _SHARES.items()}
    rivals = [greedy(case), everything_now(case)]
    fit = tuple(rival.chosen for rival in rivals if not rival.missed)
    found = plan(case, aim, effort["plan"], fit)
    hold(case, found.chosen)
    finer = replace(effort["prices"], gap_frac=min(how.gap_frac, _PRICE_GAP_FRAC))
    prices = limit_prices(case, found, aim, finer, _dearest(held, found)) if aim.per is None else ()
    points = _frontier(held, aim, effort["frontier"])
    study, timing = held.study, held.timing
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.name,
        "as_of": study.as_of,
        "draws": how.draws,
        "seed": how.seed,
        "periods": timing.periods,
        "period_months": timing.period_months,
        "aim": {"of": held.block.aim, "gw_by": held.block.gw_by, **asdict(aim)},
        "plan": _plan(held, found),
        "sites": [_site(held, found, aim, place) for place in range(len(case.choices.sites))],
        "limits": _limits(held, found, prices),
        "next_in": _told(held, next_in(case, found, aim)),
        "first_out": _told(held, first_out(case, found, aim)),
        "capital": _capital(held, found.chosen),
        "waterfall": _waterfall(held, found.chosen),
        "frontier": points,
        "against": _against(held, found, rivals, how),
        "left_out": _left_out(held),
        "notes": [*found.notes, *_notes(held)],
    }


def _dearest(held: StudyCase, found: Plan) -> list[str]:
    """Of each limit that may be priced the row that is dearest in the bound: of a limit by period, one period."""
    rows, best = held.case.limits.rows, dict[str, int]()
    for i, name in enumerate(held.limit_names):
        if rows[i].relax_step is not None and (name not in best or found.prices[i] > found.prices[best[name]]):
            best[name] = i
    return [rows[i].name for i in best.values()]


def _plan(held: StudyCase, found: Plan) -> Document:
    draws = held.case.choices.value_usd[found.chosen].sum(axis=0)
    p10, p50, p90 = (float(value) for value in np.percentile(draws, (10, 50, 90)))
    return {
        "value_usd": {"mean": found.value_usd, "error": _error(draws), "p10": p10, "p50": p50, "p90": p90},
        "tail_usd": found.tail_usd,
        "objective": found.objective,
        "bound": found.bound,
        "gap_frac": found.gap_frac,
        "status": found.status,
        "took_s": round(found.took_s, 3),
    }


def _error(draws_usd: Array) -> float:
    """Standard error of a mean of draws that share their facts in groups; nought of a single group. [USD]"""
    groups, _ = outer_means(draws_usd)
    return float(groups.std(ddof=1) / np.sqrt(groups.size)) if groups.size > 1 else 0.0


def _site(held: StudyCase, found: Plan, aim: Aim, place: int) -> Document:
    """What a site becomes, what that takes, and why not something else."""
    choices, option = held.case.choices, int(found.chosen[place])
    site_plan = held.plan.sites[held.asked.offers[option].place]
    own = np.flatnonzero(choices.site == place)
    mean = choices.value_usd[own].mean(axis=1)
    kept = float(mean[choices.start_period[own] == KEEP][0])
    value = float(choices.value_usd[option].mean())
    site = site_plan.site
    chosen, rejected = _reasons(held, found, aim, option, own)
    return {
        "site_id": site.site_id,
        "site": site.name,
        "company": site.company,
        "iso": site.iso,
        "gross_mw": site_plan.gross_mw,
        "counted_frac": counted_frac(held.plan, site_plan),
        **_option(held, option),
        "value_usd": value,
        "keep_usd": kept,
        "gain_usd": value - kept,
        **_needed(held, option),
        "chosen": chosen,
        "rejected": rejected,
    }


def _option(held: StudyCase, option: int) -> Document:
    """A choice in words: what, and from when."""
    choices = held.case.choices
    period = int(choices.start_period[option])
    changes = period != KEEP
    return {
        "use": choices.use[option],
        "changes": changes,
        "period": period if changes else None,
        "start": period_label(held.asked, period) if changes else None,
    }


def _needed(held: StudyCase, option: int) -> Document:
    need: Need = held.asked.needs[option]
    label, takes = held.plan.calendar.label, held.case.limits.takes.tocsc()
    share = counted_frac(held.plan, held.plan.sites[held.asked.offers[option].place])
    own = slice(takes.indptr[option], takes.indptr[option + 1])
    taken: dict[str, float] = {}
    for row, amount in zip(takes.indices[own], takes.data[own], strict=True):
        name = held.limit_names[row]
        taken[name] = (
            max(taken.get(name, 0.0), float(amount)) if _is_stock(held, name) else taken.get(name, 0.0) + amount
        )
    return {
        "begin": label(min(part.begin_month for part in need.parts)) if need.parts else None,
        "first": label(min(part.first_month for part in need.parts)) if need.parts else None,
        "done": label(max(part.first_month for part in need.parts)) if need.parts else None,
        "success_frac": _mean_chance(need),
        "capital_usd": share * sum(float(part.capital_usd.sum()) for part in need.parts),
        "expected_capital_usd": share * sum(part.success_frac * float(part.capital_usd.sum()) for part in need.parts),
        "critical_it_mw": sum(part.critical_it_mw for part in need.parts),
        "takes": {name: float(amount) for name, amount in taken.items()},
    }


def _is_stock(held: StudyCase, name: str) -> bool:
    """Whether a limit is on what is there at a time, and not on what is used up."""
    limit = held.block.limits.get(name)
    return limit is None or limit.kind == "crews"


def _mean_chance(need: Need) -> float | None:
    if not need.parts:
        return None
    return float(np.average([p.success_frac for p in need.parts], weights=[p.gross_mw for p in need.parts]))


def _reasons(held: StudyCase, found: Plan, aim: Aim, option: int, own: Places) -> tuple[Document, Document | None]:
    """Why a choice was made, and why the best of the others was not: of those for another use, else another date."""
    choices = held.case.choices
    others = [o for o in own.tolist() if o != option and choices.use[o] != choices.use[option]]
    others = others or [o for o in own.tolist() if o != option]
    made = _told(held, why(held.case, found, aim, [option])[0])
    assert made is not None
    if not others:
        return made, None
    asked = why(held.case, found, aim, others)
    return made, _told(held, min(asked, key=lambda reason: reason.behind))


def _told(held: StudyCase, reason: Reason | None) -> Document | None:
    if reason is None:
        return None
    return {
        "site_id": held.case.choices.sites[held.case.choices.site[reason.option]],
        **_option(held, reason.option),
        "because": reason.because,
        "value": reason.value,
        "limits_cost": reason.limits_cost,
        "behind": reason.behind,
        "dearest": reason.dearest,
        "short": [asdict(short) for short in reason.short],
    }


def _limits(held: StudyCase, found: Plan, prices: Sequence[LimitPrice]) -> list[Document]:
    """Each limit as declared, what the plan uses of it, and what a little more of it would add."""
    by_row = {price.limit.name: price for price in prices}
    used = held.case.limits.takes[:, found.chosen].sum(axis=1)
    out: list[Document] = []
    for name in dict.fromkeys(held.limit_names):
        places = [i for i, own in enumerate(held.limit_names) if own == name]
        declared, rows = held.block.limits.get(name), []
        for i in places:
            row = held.case.limits.rows[i]
            rows.append(
                {
                    "name": row.name,
                    "amount": row.amount,
                    "used": float(used[i]),
                    "price": float(found.prices[i]),
                    "step": _step(by_row.get(row.name)),
                }
            )
        first = held.case.limits.rows[places[0]]
        out.append(
            {
                "name": name,
                "kind": first.kind,
                "unit": first.unit,
                "sense": first.sense,
                "every_period": declared is not None and declared.per_period is not None,
                "source": declared.source if declared is not None else "",
                "confidence": declared.confidence if declared is not None else None,
                "rows": rows,
            }
        )
    return out


def _step(price: LimitPrice | None) -> Document | None:
    if price is None:
        return None
    return {"amount": price.step, "gain": price.gain, "low": price.low, "high": price.high}


def _capital(held: StudyCase, chosen: Places) -> list[Document]:
    """Expected capital of the plan by period, at the share that totals count, and of each use."""
    months = held.timing.period_months
    total: dict[int, dict[str, float]] = {}
    for option in chosen.tolist():
        share = counted_frac(held.plan, held.plan.sites[held.asked.offers[option].place])
        for part in held.asked.needs[option].parts:
            for month in np.flatnonzero(part.capital_usd).tolist():
                of_use = total.setdefault(month // months, {})
                use = str(held.case.choices.use[int(option)])
                amount = share * part.success_frac * float(part.capital_usd[month])
                of_use[use] = of_use.get(use, 0.0) + amount
    last = max(total, default=-1)
    return [{"period": period_label(held.asked, period), "usd": total.get(period, {})} for period in range(last + 1)]


def _waterfall(held: StudyCase, chosen: Places) -> list[Document]:
    """From every site as it is to the plan, use by use."""
    choices = held.case.choices
    mean = choices.value_usd.mean(axis=1)
    kept = mean[choices.begins]
    steps: dict[str, float] = {}
    for place, option in enumerate(chosen.tolist()):
        if choices.start_period[option] != KEEP:
            use = str(choices.use[int(option)])
            steps[use] = steps.get(use, 0.0) + float(mean[option] - kept[place])
    listed = [{"step": use, "level": False, "usd": gain} for use, gain in sorted(steps.items(), key=lambda s: -s[1])]
    return [
        {"step": "keep", "level": True, "usd": float(kept.sum())},
        *listed,
        {"step": "plan", "level": True, "usd": float(mean[chosen].sum())},
    ]


def _frontier(held: StudyCase, aim: Aim, effort: Effort) -> list[Document]:
    """Mean and tail at each weight; none for an aim that is not value."""
    if aim.measure is not None or aim.per is not None:
        return []
    return [
        {
            "tail_weight_frac": point.tail_weight_frac,
            "mean_usd": point.plan.value_usd,
            "tail_usd": point.plan.tail_usd,
            "gap_frac": point.plan.gap_frac,
            "on_hull": point.on_hull,
            "changes": int((held.case.choices.start_period[point.plan.chosen] != KEEP).sum()),
        }
        for point in frontier(held.case, aim=aim, effort=effort)
    ]


def _against(held: StudyCase, found: Plan, rivals: Sequence[Baseline], how: Asked) -> Document:
    """The plan beside simple rules, on its own draws and on fresh ones."""
    case = held.case
    kept = case.choices.begins
    plans = {"plan": found.chosen, "greedy": rivals[0].chosen, "everything_now": rivals[1].chosen, "keep": kept}
    missed = {"greedy": rivals[0].missed, "everything_now": rivals[1].missed}
    wanted = {int(option) for chosen in plans.values() for option in chosen}
    valued = fresh_draws(held, wanted, draws=how.draws, seed=how.seed + FRESH_SEED_STEP, workers=how.workers)
    fresh = full_draws(held, valued)
    out: Document = {}
    for name, chosen in plans.items():
        seen = replay(found.chosen, fresh, chosen, held.aim.tail_frac)
        own = replay(chosen, fresh, None, held.aim.tail_frac)
        out[name] = {
            "mean_usd": float(case.choices.value_usd[chosen].sum(axis=0).mean()),
            "fresh_mean_usd": own.mean_usd,
            "fresh_error_usd": own.mean_error_usd,
            "fresh_tail_usd": own.tail_usd,
            "plan_ahead_usd": seen.ahead_usd,
            "plan_ahead_error_usd": seen.ahead_error_usd,
            "missed": list(missed.get(name, ())),
        }
    return {"draws": how.draws, "seed": how.seed + FRESH_SEED_STEP, "plans": out}


def _left_out(held: StudyCase) -> list[Document]:
    """Sites that have no choice, and why."""
    inside = set(held.case.choices.sites)
    out = []
    for site_plan in held.plan.sites:
        site = site_plan.site
        if site.site_id in inside:
            continue
        counted = counted_frac(held.plan, site_plan) > 0.0
        reason = (
            f"its lease is for {site.signed_use}, which the study does not value"
            if counted
            else ("another row counts its megawatts")
        )
        out.append({"site_id": site.site_id, "site": site.name, "reason": reason})
    return out


def _notes(held: StudyCase) -> list[str]:
    if held.study.plan is None:
        return ["the study has no `plan`, so nothing limits the choice"]
    if not held.case.limits.rows:
        return ["the plan has no limits, so every site takes what is best for it alone"]
    apart = [name for name in held.block.limits if name not in held.limit_names]
    return [f"limits on other sites only, left out: {', '.join(apart)}"] if apart else []
