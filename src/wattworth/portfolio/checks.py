"""What is wrong with a case, all of it at once, before anything is solved."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np

from wattworth.errors import Fault, StudyError
from wattworth.portfolio.records import Aim, Case, Choices, Limits


def check(case: Case, aim: Aim | None = None) -> None:
    """Raise if a case cannot be planned as it stands.

    Parameters
    ----------
    case
        Options, limits, and what is fixed.
    aim
        What is to be large.

    Raises
    ------
    StudyError
        All faults: limits that name nothing, are negative or twice there; options without a site; choices fixed
        twice or unknown; measures that are missing; shares outside their range.
    """
    faults = [*_of_choices(case.choices), *_of_limits(case), *_of_fixed(case), *_of_aim(case.choices, aim or Aim())]
    if faults:
        raise StudyError(faults)


def _of_choices(choices: Choices) -> list[Fault]:
    """Arrays that do not fit, and numbers that are none."""
    n, out = choices.n_option, []
    shapes = {"use": len(choices.use), "start_period": len(choices.start_period), "value_usd": len(choices.value_usd)}
    shapes |= {f"measure {name!r}": len(measure) for name, measure in choices.measures.items()}
    out += [Fault(name, f"got {m:,} options, need {n:,} as in site") for name, m in shapes.items() if m != n]
    if choices.value_usd.ndim != 2 or not choices.value_usd.shape[-1]:
        out.append(Fault("value_usd", f"got shape {choices.value_usd.shape}, need (option, draw)"))
    elif not np.isfinite(choices.value_usd).all():
        bad = int(np.argmin(np.isfinite(choices.value_usd).all(axis=1)))
        out.append(Fault(choices.called(bad), "its value is not a number in every draw"))
    if n and ((np.diff(choices.site) < 0).any() or choices.site[0] < 0 or choices.site[-1] >= len(choices.sites)):
        out.append(Fault("site", f"need places of {len(choices.sites)} sites that never fall"))
    else:
        count = np.bincount(choices.site, minlength=len(choices.sites))
        out += [
            Fault(choices.sites[i], "has no option; give it at least that of being kept")
            for i in np.where(count == 0)[0]
        ]
    return out


def _of_limits(case: Case) -> list[Fault]:
    """Limits that name nothing, are negative, or cannot be told apart."""
    limits, out = case.limits, []
    if limits.takes.shape != (len(limits.rows), case.choices.n_option):
        need = (len(limits.rows), case.choices.n_option)
        return [Fault("limits", f"got what options take in shape {limits.takes.shape}, need {need}")]
    names = [row.name for row in limits.rows]
    out += [
        Fault(f"limit {name!r}", "is there twice; give each a name of its own")
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
    ends, data = limits.takes.indptr, limits.takes.data
    for i, row in enumerate(limits.rows):
        own, where = data[ends[i] : ends[i + 1]], f"limit {row.name!r}"
        if not np.isfinite(row.amount) or not np.isfinite(own).all():
            out.append(Fault(where, f"got {row.amount} and amounts that must all be finite numbers"))
        elif row.sense not in {"at most", "at least"}:
            out.append(Fault(where, f"got sense {row.sense!r}, need 'at most' or 'at least'"))
        elif not own.any():
            out.append(Fault(where, "names nothing: no option takes any of it; check what it is on, or leave it out"))
        elif row.amount < 0.0 and own.min() >= 0.0:
            out.append(Fault(where, f"got {row.amount:,.6g} {row.unit}".rstrip() + ", need nought or more"))
        if row.relax_step is not None and not row.relax_step > 0.0:
            out.append(Fault(where, f"got relax_step {row.relax_step}, need more than nought"))
    return out


def _of_fixed(case: Case) -> list[Fault]:
    """Choices that are unknown, or two at one site."""
    choices, out = case.choices, []
    wrong = [option for option in case.fixed if not 0 <= option < choices.n_option]
    out += [Fault("fixed", f"got option {option}, need 0 to {choices.n_option - 1}") for option in wrong]
    at: dict[int, int] = {}
    for option in (o for o in case.fixed if o not in wrong):
        site = int(choices.site[option])
        if at.setdefault(site, option) != option:
            text = f"fixed twice: {choices.called(at[site])}, and {choices.called(option)}; leave one"
            out.append(Fault(choices.sites[site], text))
    return out


def _of_aim(choices: Choices, aim: Aim) -> list[Fault]:
    """Weights outside their range, and measures that are not there."""
    out = []
    if not 0.0 <= aim.tail_weight_frac <= 1.0:
        out.append(Fault("tail_weight_frac", f"got {aim.tail_weight_frac}, need 0 to 1"))
    if not 0.0 < aim.tail_frac <= 1.0:
        out.append(Fault("tail_frac", f"got {aim.tail_frac}, need more than 0, at most 1"))
    for where, name in (("measure", aim.measure), ("per", aim.per)):
        if name is not None and name not in choices.measures:
            near = get_close_matches(name, choices.measures, n=1) or sorted(choices.measures)
            out.append(
                Fault(where, f"got {name!r}, need one of the measures, such as {', '.join(near) or 'none given'}")
            )
    if aim.measure is not None and aim.tail_weight_frac > 0.0:
        out.append(Fault("tail_weight_frac", f"got {aim.tail_weight_frac} for a measure, which has no draws; need 0"))
    if aim.per in choices.measures and (np.asarray(choices.measures[aim.per or ""]) < 0.0).any():
        out.append(Fault("per", f"got {aim.per!r} with amounts below nought; need nought or more"))
    return out


def place_of(choices: Choices, site: str, use: str, start_period: int) -> int:
    """The option of a site, by what it is called.

    Raises
    ------
    StudyError
        There is none; the nearest name is given.
    """
    if site not in choices.sites:
        near = get_close_matches(site, choices.sites, n=1)
        raise StudyError(
            f"got site {site!r}, which is not in the portfolio" + (f"; did you mean {near[0]!r}?" if near else "")
        )
    own = np.flatnonzero(choices.site == choices.sites.index(site))
    for option in own.tolist():
        if choices.use[option] == use and choices.start_period[option] == start_period:
            return int(option)
    there = ", ".join(sorted({f"{choices.use[o]} {choices.start_period[o]}" for o in own.tolist()})[:8])
    raise StudyError(f"{site}: got use {use!r} from period {start_period}; its options (use, period) are {there}")


def place_of_limit(limits: Limits, name: str) -> int:
    """The row of a limit.

    Raises
    ------
    StudyError
        There is none; the nearest name is given.
    """
    names = [row.name for row in limits.rows]
    if name in names:
        return names.index(name)
    near = get_close_matches(name, names, n=1)
    raise StudyError(f"got limit {name!r}, which is not there" + (f"; did you mean {near[0]!r}?" if near else ""))
