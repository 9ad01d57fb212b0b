"""The walk from the study of one run to that of another, one change after the other, each valued."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from wattworth.errors import WattworthError
from wattworth.study import Override, Study
from wattworth.study.document import PLAIN
from wattworth.valuation.central import central
from wattworth.valuation.run import value

Document = dict[str, Any]
Side = tuple[Document, Study]

CLOSING: Final = "versions or machine"
"""Last step: what the studies, draws and seeds do not explain."""

MOST_FACTS: Final = 8
"""Facts valued one by one; the others go together."""

LABELS: Final = ("name", "title", "description", "cases", "plan")
"""What a study is called and asks besides; the value of a run does not rest on it."""

SETTINGS: Final = (
    *(name for name in PLAIN if name not in LABELS),
    "discount",
    "market_series",
    "gates",
    "supply",
    "double_counts",
)
"""Fields of a study that hold for all its sites."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of the study: its kind, what it is, and how to make it."""

    kind: str
    label: str
    make: Callable[[Study], Study]


def total_usd(result: Mapping[str, Any]) -> float:
    """Mean of the portfolio: risked values under the pricing measure at ownership share. [USD]"""
    return float(result["totals"]["npv_usd"]["mean"])


def tolerance_usd(*totals: float) -> float:
    """How far sums of rounded numbers may lie from a total. [USD]"""
    return max(0.01, 1e-12 * max(map(abs, totals)))


def walk(
    before: Side,
    after: Side,
    facts: Mapping[str, Document | None],
    *,
    workers: int | None = None,
    told: Callable[[str], None] = lambda words: None,
) -> list[Document]:
    """Steps from the total of one run to that of another, which they sum to.

    Parameters
    ----------
    before, after
        Result and study of each run.
    facts
        Changed facts; with the row of the first result where the package itself has changed, else None.
    workers
        Processes of each valuation.
    told
        Called before each valuation.

    Returns
    -------
    list of dict
        ``step``, ``detail``, ``change_usd`` and ``total_usd`` after it.

    Notes
    -----
    All studies on the way are valued with the draws and the seed of the second run. A step whose study cannot be
    valued, as a month that ends a lease of a site not yet replaced, is taken together with the next. What is left
    once the second study is reached, and what the first does not give again, stands last.
    """
    (result, start), (goal, end) = before, after
    asked = {"draws": goal["draws"], "seed": goal["seed"]}

    def total(study: Study, words: str, draws: int, seed: int) -> float:
        told(f"valuing {words}")
        return total_usd(value(study, as_of=study.as_of, draws=draws, seed=seed, workers=workers).result)

    begin = _pinned(start, facts)
    at = first = total(begin, "the first study", **asked)
    rows: list[Document] = []
    waiting: list[_Step] = []
    study = begin
    counted = {site["site_id"]: site["best_use"] for site in goal["sites"] if site["valued"]}
    for step in _steps(begin, end, list(facts), counted):
        study = step.make(study)
        waiting.append(step)
        try:
            then = total(study, f"{step.kind}: {step.label}", **asked)
        except WattworthError:
            continue
        rows.append(_row(" and ".join(dict.fromkeys(s.kind for s in waiting)), _labels(waiting), then - at))
        at, waiting = then, []
    if waiting or study != end:
        then = total(end, "the second study", **asked)
        kinds = " and ".join(dict.fromkeys(step.kind for step in waiting)) or "order"
        rows.append(_row(kinds, _labels(waiting) or "order of sites and uses", then - at))
        at = then
    own = first
    if (result["draws"], result["seed"]) != (goal["draws"], goal["seed"]):
        own = total(begin, "the first study with its own draws", result["draws"], result["seed"])
        label = f"{result['draws']:,} draws, seed {result['seed']} to {goal['draws']:,} draws, seed {goal['seed']}"
        rows.append(_row("draws and seed", label, first - own))
    left = (total_usd(goal) - at) + (own - total_usd(result))
    if abs(left) <= tolerance_usd(total_usd(goal), total_usd(result)):
        left = 0.0
    rows.append(_row(CLOSING, "what the steps above do not explain", left))
    reached = total_usd(result)
    for row in rows:
        reached += row["change_usd"]
        row["total_usd"] = reached
    return rows


def _row(step: str, detail: str, change_usd: float) -> Document:
    return {"step": step, "detail": detail, "change_usd": change_usd}


def _labels(steps: list[_Step]) -> str:
    return "; ".join(step.label for step in steps)


def _pinned(study: Study, facts: Mapping[str, Document | None]) -> Study:
    """The first study with the facts that its package held and this one does not."""
    pins = {
        key: Override(
            value=row["value"],
            low=row["low"],
            high=row["high"],
            unit=row["unit"],
            source=row["source"] or "record",
            confidence=row["confidence"],
        )
        for key, row in facts.items()
        if row is not None
    }
    return replace(study, overrides={**study.overrides, **pins}) if pins else study


def _steps(begin: Study, end: Study, keys: list[str], counted: Mapping[str, str | None]) -> Iterator[_Step]:
    """Changes in the order they are made, those that change nothing left out."""
    names = [name for name in (*LABELS, *SETTINGS) if getattr(begin, name) != getattr(end, name)]
    if names:
        yield _Step("settings", ", ".join(names), lambda s: replace(s, **{name: getattr(end, name) for name in names}))
    ranked = _largest_first(begin, end, keys, counted)
    for key in ranked[:MOST_FACTS]:
        yield _Step("fact", key, lambda s, key=key: _with_facts(s, end, [key]))
    if rest := ranked[MOST_FACTS:]:
        yield _Step("facts", ", ".join(rest), lambda s: _with_facts(s, end, rest))
    old, new = {site.site_id: site for site in begin.sites}, {site.site_id: site for site in end.sites}
    if gone := [site_id for site_id in old if site_id not in new]:
        yield _Step(
            "sites removed",
            ", ".join(gone),
            lambda s: replace(s, sites=tuple(site for site in s.sites if site.site_id in new)),
        )
    if changed := [site_id for site_id in old if site_id in new and old[site_id] != new[site_id]]:
        yield _Step(
            "sites changed",
            ", ".join(changed),
            lambda s: replace(s, sites=tuple(new.get(site.site_id, site) for site in s.sites)),
        )
    if added := [site_id for site_id in new if site_id not in old]:
        yield _Step("sites added", ", ".join(added), lambda s: replace(s, sites=end.sites))
    if begin.uses != end.uses:
        moved = [name for name in {**begin.uses, **end.uses} if begin.uses.get(name) != end.uses.get(name)]
        yield _Step("uses", ", ".join(moved), lambda s: replace(s, uses=end.uses))


def _with_facts(study: Study, end: Study, keys: list[str]) -> Study:
    """The study with some facts as the second study has them, changed or as packaged."""
    kept = {key: override for key, override in study.overrides.items() if key not in keys}
    return replace(study, overrides=kept | {key: end.overrides[key] for key in keys if key in end.overrides})


def _largest_first(begin: Study, end: Study, keys: list[str], counted: Mapping[str, str | None]) -> list[str]:
    """Facts by how far each alone moves, on the central path, the sum of the uses the second run counts."""
    if len(keys) < 2:
        return keys
    here = _central_usd(begin, counted)
    moves = {key: abs(_central_usd(_with_facts(begin, end, [key]), counted) - here) for key in keys}
    return sorted(keys, key=lambda key: -moves[key])


def _central_usd(study: Study, counted: Mapping[str, str | None]) -> float:
    """Sites in the uses counted, on the central path at ownership share; nought where it cannot be valued. [USD]"""
    try:
        found = central(study)
    except WattworthError:
        return 0.0
    owned = {site.site_id: site.ownership_frac for site in study.sites}
    return sum(
        owned[site_id] * float(use.risked_usd[0])
        for site_id, of in found.values.items()
        if (use := of.uses.get(counted.get(site_id) or "")) is not None and use.reason is None
    )
