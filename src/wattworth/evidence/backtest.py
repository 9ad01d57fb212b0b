"""Walk forward over a tape: each deal predicted from what was known before it, then compared with what it disclosed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from wattworth.compute.shares import share_range
from wattworth.evidence.deal import Deal
from wattworth.evidence.knowledge import ESCALATOR_KEY, Knowledge, NoPriorError
from wattworth.evidence.measures import MEASURES, Figures, Measure
from wattworth.evidence.scores import crps, interval_score, skill_frac
from wattworth.evidence.tape import Tape
from wattworth.facts import Fact
from wattworth.records import SCHEMA_VERSION

DRAWS: Final = 4_096
SEED: Final = 7
HEADLINE: Final = "average_rent"
"""The measure that a summary's ``rent`` is."""
_FEW: Final = 10
"""Below this many predictions a score is said to rest on few. [1]"""


@dataclass(frozen=True, slots=True)
class Prediction:
    """One measure of one deal.

    Attributes
    ----------
    measure, unit
        What is predicted.
    p10, p50, p90
        The prediction. [unit]
    actual
        What the deal disclosed; None if it is still to come. [unit]
    inside
        Whether the actual value lies from p10 to p90.
    error_frac
        p50 over actual, less one. [1]
    interval_score, crps
        Scores. [unit]
    last_deal, running_mean
        What the two naive rules say; None before any deal. [unit]
    learned_from
        Deals the prediction learnt from.
    priors
        Facts it started from.
    notes
        What to know about the actual value.
    """

    measure: str
    unit: str
    p10: float
    p50: float
    p90: float
    actual: float | None
    inside: bool | None
    error_frac: float | None
    interval_score: float | None
    crps: float | None
    last_deal: float | None
    running_mean: float | None
    learned_from: tuple[str, ...]
    priors: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A graded deal and its predictions, or why there are none."""

    deal: Deal
    predictions: tuple[Prediction, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """A walk-forward over a tape.

    Attributes
    ----------
    tape
        The tape.
    outcomes
        Every graded deal, in the order announced.
    draws, seed
        Of the predictions.
    """

    tape: Tape
    outcomes: tuple[Outcome, ...]
    draws: int
    seed: int

    def of(self, measure: str) -> list[Prediction]:
        """Predictions of a measure that have an actual value."""
        return [p for o in self.outcomes for p in o.predictions if p.measure == measure and p.actual is not None]

    @property
    def summary(self) -> dict[str, Any]:
        """Scores of each measure, and those of the rent at the top."""
        measures = {name: _scores(name, self.of(name)) for name in MEASURES}
        rent = measures[HEADLINE]
        return {
            "n": rent["n"],
            "rent_measure": HEADLINE,
            "rent_mape_frac": rent["mape_frac"],
            "rent_bias_frac": rent["bias_frac"],
            "coverage_80_frac": rent["coverage_80_frac"],
            "skill_vs_naive": rent["skill_vs_naive"],
            "measures": measures,
        }

    def document(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tape": self.tape.name,
            "draws": self.draws,
            "seed": self.seed,
            "deals": [_outcome(outcome) for outcome in self.outcomes],
            "not_scored": [
                {"deal_id": deal.deal_id, "reason": deal.left_out or f"grade {deal.grade}: context only"}
                for deal in self.tape.deals
                if not deal.scored
            ],
            "flagged": [{"deal_id": deal_id, "flag": flag} for deal_id, flag in self.tape.flagged],
            "summary": self.summary,
        }


def backtest(
    tape: Tape, facts: Mapping[str, Fact], *, draws: int = DRAWS, seed: int = SEED, widen: float = 1.0
) -> Backtest:
    """Predict every graded deal of a tape from what was known before it.

    Parameters
    ----------
    tape
        Deals.
    facts
        Facts by key; a prior is taken only if dated before the deal.
    draws
        Draws of each prediction, rounded up to whole chunks of 256.
    seed
        Of the random numbers.
    widen
        Factor on the scale of every learnt distribution, to see what ranges too wide or too narrow score. [1]

    Notes
    -----
    A deal that comes before every prior of one of its figures is reported with that reason, and not predicted.
    """
    graded = sorted((deal for deal in tape.deals if deal.scored), key=lambda deal: (deal.announced, deal.deal_id))
    outcomes: list[Outcome] = []
    for deal in graded:
        try:
            outcomes.append(_predict(tape, facts, deal, draws, seed, widen))
        except NoPriorError as error:
            outcomes.append(Outcome(deal, (), str(error)))
    return Backtest(tape, tuple(outcomes), draws, seed)


def _predict(tape: Tape, facts: Mapping[str, Fact], deal: Deal, draws: int, seed: int, widen: float) -> Outcome:
    if deal.group == "company_sale":
        return Outcome(deal, (), "a company, not a site: the price holds machines, cash and plans as well")
    knowledge = Knowledge(tape, facts, deal.announced, widen=widen)
    figures = Figures(knowledge, deal, draws, seed)
    found: list[Prediction] = []
    for name, measure in MEASURES.items():
        if deal.group not in measure.groups:
            continue
        actual = measure.actual(deal, knowledge)
        pending = name == "months" and deal.row.row_type == "deal" and actual is None
        if actual is not None and all(knowledge.counted(deal, f) for f in measure.figures):
            found.append(_prediction(name, measure, figures, knowledge, actual))
        elif pending:
            found.append(_prediction(name, measure, figures, knowledge, None))
    scored = any(prediction.actual is not None for prediction in found)
    return Outcome(deal, tuple(found), None if scored else _silence(deal))


def _silence(deal: Deal) -> str:
    if deal.row.row_type == "aggregate":
        return "repeats tranches that are predicted themselves"
    return "discloses none of the measures predicted"


def _prediction(
    name: str, measure: Measure, figures: Figures, knowledge: Knowledge, actual: float | None
) -> Prediction:
    deal = figures.deal
    drawn = measure.predict(figures)
    if _per_assumed_it(measure, deal):
        drawn = drawn * knowledge.ratio / figures["gross_to_it"]
    p10, p50, p90 = (float(q) for q in np.quantile(drawn, (0.1, 0.5, 0.9)))
    ratio = ("gross_to_it",) if deal.row.critical_it_mw is None and "gross_to_it" in figures.used else ()
    used = [figures.used[figure] for figure in dict.fromkeys((*measure.figures, *ratio))]
    last, mean = _naive(name, measure, deal, knowledge)
    plain = Prediction(
        measure=name,
        unit=measure.unit,
        p10=p10,
        p50=p50,
        p90=p90,
        actual=actual,
        inside=None,
        error_frac=None,
        interval_score=None,
        crps=None,
        last_deal=last,
        running_mean=mean,
        learned_from=tuple(dict.fromkeys(deal_id for learnt in used for deal_id in learnt.learned_from)),
        priors=tuple(dict.fromkeys([*(learnt.prior_key for learnt in used), *_step_used(measure)])),
        notes=tuple(_notes(name, measure, deal, actual)),
    )
    if actual is None:
        return plain
    return replace(
        plain,
        inside=p10 <= actual <= p90,
        error_frac=p50 / actual - 1.0,
        interval_score=interval_score(p10, p90, actual),
        crps=crps(drawn, actual),
    )


def _per_assumed_it(measure: Measure, deal: Deal) -> bool:
    """Whether a measure is per critical power and the deal states only its gross."""
    per_it = measure.unit not in ("$M", "months", "$/W", "$/GPU-h", "$/GPU", "ratio")
    return per_it and deal.row.critical_it_mw is None


def _step_used(measure: Measure) -> tuple[str, ...]:
    return (ESCALATOR_KEY,) if "rent" in measure.figures else ()


def _notes(name: str, measure: Measure, deal: Deal, actual: float | None) -> list[str]:
    notes = []
    if actual is None:
        notes.append("not delivered by the date of the tape")
    if _per_assumed_it(measure, deal):
        notes.append("critical IT power is not stated: the gross over the ratio known then, whose range is in ours")
    if name in ("year1_rent", "yield_on_cost") and deal.escalator == "assumed":
        notes.append("the rent steps up yearly at a rate that is not stated: the prior's step stands in")
    if deal.row.row_type == "aggregate":
        notes.append("an aggregate, counted because its tranches do not disclose this")
    return notes


def _naive(name: str, measure: Measure, deal: Deal, knowledge: Knowledge) -> tuple[float | None, float | None]:
    """What the last deal that disclosed a measure, and the mean of all, say of a deal."""
    source = measure.naive or name
    past = past_values(source, knowledge)
    if not past:
        return None, None
    factor = 1.0
    if measure.naive is not None:
        mw, term = deal.critical_it_mw(knowledge.ratio), deal.row.term_years
        factor = (mw or 0.0) * (term or 0.0) * 12e3 / 1e6
    return past[-1] * factor, float(np.mean(past)) * factor


def past_values(name: str, knowledge: Knowledge) -> list[float]:
    """Values of a measure that earlier deals disclosed, in the order they became known."""
    measure = MEASURES[name]
    common: list[Deal] | None = None
    for figure in measure.figures:
        seen = [deal for deal, _ in knowledge.observations(figure)]
        common = seen if common is None else [deal for deal in seen if deal in common]
    values = (measure.actual(deal, knowledge) for deal in common or [])
    return [value for value in values if value is not None]


def _scores(name: str, predictions: list[Prediction]) -> dict[str, Any]:
    """Scores of one measure; None where nothing was predicted."""
    measure, n = MEASURES[name], len(predictions)
    errors = [p.error_frac for p in predictions if p.error_frac is not None]
    n_inside = sum(bool(p.inside) for p in predictions)
    rules = {rule: _skill(predictions, rule) for rule in ("last_deal", "running_mean")}
    skills = [rule["skill_frac"] for rule in rules.values() if rule["skill_frac"] is not None]
    low, high = share_range(n_inside, n) if n else (None, None)
    return {
        "label": measure.label,
        "unit": measure.unit,
        "n": n,
        "small_sample": n < _FEW,
        "mape_frac": float(np.mean(np.abs(errors))) if n else None,
        "bias_frac": float(np.mean(errors)) if n else None,
        "inside": n_inside,
        "coverage_80_frac": n_inside / n if n else None,
        "coverage_80_low_frac": low,
        "coverage_80_high_frac": high,
        "interval_score": _mean([p.interval_score for p in predictions]),
        "crps": _mean([p.crps for p in predictions]),
        **rules,
        "skill_vs_naive": min(skills) if skills else None,
    }


def _skill(predictions: list[Prediction], rule: str) -> dict[str, Any]:
    """A naive rule's own error and ours beside it, over the deals it can speak of."""
    triples = [(p.p50, float(getattr(p, rule)), p.actual) for p in predictions if getattr(p, rule) is not None]
    ours = [p50 - actual for p50, _, actual in triples if actual is not None]
    theirs = [says - actual for _, says, actual in triples if actual is not None]
    relative = [abs(says / actual - 1.0) for _, says, actual in triples if actual]
    return {"n": len(triples), "mape_frac": _mean(relative), "skill_frac": skill_frac(ours, theirs)}


def _mean(values: list[Any]) -> float | None:
    return float(np.mean(values)) if values else None


def _outcome(outcome: Outcome) -> dict[str, Any]:
    deal, row = outcome.deal, outcome.deal.row
    return {
        "deal_id": deal.deal_id,
        "company": row.company,
        "site": row.site,
        "group": deal.group,
        "row_type": row.row_type,
        "announced": deal.announced.label,
        "grade": deal.grade,
        "given": {
            "critical_it_mw": row.critical_it_mw,
            "gross_mw": row.gross_mw,
            "term_years": row.term_years,
            "product": row.product,
            "structure": deal.structure if deal.group == "lease" else None,
            "tenant_pays_hall": deal.tenant_pays if deal.group == "lease" else None,
        },
        "flags": [*deal.flags, *([row.flags] if row.flags else [])],
        "reason": outcome.reason,
        "predictions": [asdict(prediction) for prediction in outcome.predictions],
    }
