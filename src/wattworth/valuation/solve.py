"""Goal seek: the number of one input at which one metric of one use of one site takes a wanted value.

Every evaluation shares the seed, so the metric is a plain function of the input. Its range is scanned for
changes of sign; each is then closed in on, and proved by a further run.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from wattworth.errors import SolveError, StudyError
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Study
from wattworth.study.raw import did_you_mean
from wattworth.valuation.central import central
from wattworth.valuation.compose import outer_means
from wattworth.valuation.inputs import Input, check_use, find, site_of, with_input
from wattworth.valuation.roots import Reader, bracket, crossings
from wattworth.valuation.run import DEFAULT_SEED, Run, read_study, value

DEFAULT_DRAWS: Final = 2_048
"""Draws of each evaluation unless told otherwise."""

CENTRAL_METRICS: Final = ("central.npv_usd", "central.risked_npv_usd", "central.usd_per_gross_w")
DRAWN_METRICS: Final = (
    "npv_usd.mean",
    "risked_npv_usd.mean",
    "risked_npv_usd.p10",
    "risked_npv_usd.p50",
    "risked_npv_usd.p90",
    "usd_per_gross_w.mean",
    "irr_frac.p50",
    "yield_on_cost_frac.p50",
    "implied_rate_frac",
    "loss_prob_frac",
    "prob_best_frac",
)
GAIN: Final = "gain_over:"
"""Before the name of another use: mean risked value less that of the other. [USD]"""

_SCAN: Final = 17
_RELATIVE: Final = 1e-9
_MISS_FRAC: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Answer:
    """One place where the metric meets or crosses its target.

    Attributes
    ----------
    value
        Of the input. [its unit]
    metric
        There.
    exact
        Whether the metric takes the target; False where it jumps over it.
    below, above
        Nearest values of the input on the two sides, each with its metric.
    """

    value: float
    metric: float
    exact: bool
    below: tuple[float, float]
    above: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Solution:
    """What a goal seek found.

    Attributes
    ----------
    study, site, use, metric, target, draws, seed
        What was asked.
    input, unit
        What was sought, and its unit.
    present, present_metric
        Value of the input as declared, and the metric there; None where the input is empty.
    low, high
        Range searched, and ``ends`` the metric at both; nan where the use is not available.
    answers
        Every answer on the scan, nearest to the present value first.
    closest
        Value of the input that came closest to the target, and its metric.
    evaluations
        Runs made.
    """

    study: str
    site: str
    use: str
    metric: str
    target: float
    draws: int
    seed: int
    input: str
    unit: str
    present: float | None
    present_metric: float | None
    low: float
    high: float
    ends: tuple[float, float]
    closest: tuple[float, float]
    evaluations: int
    answers: tuple[Answer, ...] = field(default=())

    @property
    def status(self) -> Literal["found", "jump", "none"]:
        """Whether there is an answer, a jump over the target only, or neither."""
        if any(answer.exact for answer in self.answers):
            return "found"
        return "jump" if self.answers else "none"

    @property
    def value(self) -> float:
        """The answer nearest to the present value.

        Raises
        ------
        SolveError
            If there is none, with what was seen.
        """
        if not self.answers:
            raise SolveError(self.sentence)
        return self.answers[0].value

    @property
    def sentence(self) -> str:
        """What was found, in a sentence or two."""
        unit = f" {self.unit}" if self.unit else ""
        asked = f"{self.metric} of {self.site} in {self.use}"
        if not self.answers:
            return (
                f"no answer in range: from {self.low:.6g} to {self.high:.6g}{unit} of {self.input}, {asked} runs from "
                f"{self.ends[0]:.6g} to {self.ends[1]:.6g}; it comes closest to {self.target:.6g} at "
                f"{self.closest[0]:.6g}{unit}, where it is {self.closest[1]:.6g}"
            )
        first = self.answers[0]
        if first.exact:
            return f"{asked} is {self.target:.6g} where {self.input} is {first.value:.9g}{unit}"
        (x0, f0), (x1, f1) = first.below, first.above
        return (
            f"{asked} jumps over {self.target:.6g}: it is {f0:.6g} at {x0:.9g}{unit} of {self.input} and "
            f"{f1:.6g} at {x1:.9g}{unit}"
        )

    def document(self) -> dict[str, Any]:
        """As one plain document."""
        return {"schema_version": SCHEMA_VERSION, "status": self.status, **_plain(asdict(self))}


def solve(  # noqa: PLR0913 - the options of the command
    source: str | Path | Study,
    *,
    site: str,
    use: str,
    for_input: str,
    metric: str = "risked_npv_usd.mean",
    target: float = 0.0,
    low: float | None = None,
    high: float | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Solution:
    """Find the number of an input at which a metric takes a value.

    Parameters
    ----------
    source
        Folder, workbook or packaged name, or a study already read.
    site, use
        What the metric is of.
    for_input
        Input sought; see :func:`wattworth.valuation.inputs.find`.
    metric
        One of :data:`CENTRAL_METRICS`, :data:`DRAWN_METRICS`, or ``gain_over:`` and another use.
    target
        Wanted value. [unit of the metric]
    low, high
        Range to search; None takes four times either side of the present value, or the range of the fact. [its unit]
    draws, seed
        Of every evaluation; the central metrics need none.

    Returns
    -------
    Solution
        With every answer on the scan, also if there is none.

    Raises
    ------
    StudyError, FactError
        If the question cannot be asked.

    Notes
    -----
    A metric that touches its target between two points of the scan without crossing it is not found; narrow the
    range around the closest value to see it.
    """
    study = source if isinstance(source, Study) else read_study(source)
    asked = find(study, for_input, site_of(study, site).site_id, use)
    _known(study, use, metric)
    ends = _range(asked, low, high)
    read = _reader(study, asked, site, use, metric, draws, seed)
    seen = _scan(asked, ends, read)
    present = None if asked.value is None else read(asked.value)
    if all(map(math.isnan, seen.values())):
        why = _reason(study, site, use)
        raise StudyError(f"{site}, {use}: the use or the metric is not there anywhere in the range{why}")
    scale = max(abs(target), *(abs(number) for number in seen.values() if math.isfinite(number))) or 1.0
    found = [_answer(read, pair, target, scale, asked) for pair in crossings(seen, target)]
    centre = asked.value if asked.value is not None else (ends[0] + ends[1]) / 2
    reached = [item for item in read.seen.items() if math.isfinite(item[1])]
    closest = min(reached, key=lambda item: abs(item[1] - target))
    return Solution(
        study=study.name,
        site=site,
        use=use,
        metric=metric,
        target=target,
        draws=0 if metric in CENTRAL_METRICS else draws,
        seed=seed,
        input=asked.label,
        unit=asked.unit,
        present=asked.value,
        present_metric=present if present is not None and math.isfinite(present) else None,
        low=ends[0],
        high=ends[1],
        ends=(seen[ends[0]], seen[ends[1]]),
        closest=closest,
        evaluations=read.count,
        answers=tuple(sorted(found, key=lambda answer: abs(answer.value - centre))),
    )


def metric_of(run: Run, site: str, use: str, metric: str) -> float:
    """A drawn metric of a run of one site; nan where the use, or the number, is not there."""
    entry = run.site(site)
    shown = entry["uses"].get(use, {})
    if not shown.get("available"):
        return math.nan
    if metric == "prob_best_frac":
        return prob_best_frac(run, site, use)
    if metric.startswith(GAIN):
        other = entry["uses"][metric.removeprefix(GAIN)]
        return shown["risked_npv_usd"]["mean"] - other["risked_npv_usd"]["mean"] if other["available"] else math.nan
    number: Any = shown
    for name in metric.split("."):
        number = number[name]
    return math.nan if number is None else float(number)


def prob_best_frac(run: Run, site: str, use: str) -> float:
    """Share of outer draws in which a use has the highest mean risked value; it moves in steps. [1]"""
    names = [name for owner, name in run.draws if owner == site]
    means, sizes = outer_means(np.stack([run.draws[site, name]["risked_npv_usd"] for name in names]))
    return float(sizes[np.argmax(means, axis=0) == names.index(use)].sum() / sizes.sum())


def _answer(read: Reader, pair: tuple[float, float], target: float, scale: float, asked: Input) -> Answer:
    left, right = pair if asked.whole else bracket(read, pair, target, _RELATIVE)
    best = min((left, right), key=lambda x: abs(read(x) - target))
    exact = abs(read(best) - target) <= _MISS_FRAC * scale
    return Answer(best, read(best), exact, (left, read(left)), (right, read(right)))


def _scan(asked: Input, ends: tuple[float, float], read: Reader) -> dict[float, float]:
    low, high = ends
    if asked.whole:
        points = [float(number) for number in range(math.ceil(low), math.floor(high) + 1)]
    else:
        points = [float(number) for number in np.linspace(low, high, _SCAN)]
    points[0], points[-1] = low, high
    if asked.value is not None and low < asked.value < high:
        points.append(asked.value)
    return {number: read(number) for number in sorted(set(points))}


def _range(asked: Input, low: float | None, high: float | None) -> tuple[float, float]:
    usual = asked.search_range
    if usual is None and (low is None or high is None):
        raise StudyError(f"{asked.label} is empty, so there is nothing to search around; give --range LOW HIGH")
    start, end = usual or (0.0, 0.0)
    start, end = start if low is None else low, end if high is None else high
    if not start < end:
        raise StudyError(f"the range of {asked.label} runs from {start:g} to {end:g}; its low must be below its high")
    if start < asked.least or end > asked.most:
        raise StudyError(f"{asked.label} can only lie from {asked.least:.6g} to {asked.most:.6g}; narrow --range")
    if asked.whole and not (float(start).is_integer() and float(end).is_integer()):
        raise StudyError(f"{asked.label} takes whole numbers only; give a --range of whole numbers")
    return float(start), float(end)


def _reader(study: Study, asked: Input, site: str, use: str, metric: str, draws: int, seed: int) -> Reader:
    def on_path(number: float) -> float:
        shown = central(with_input(study, asked, number), site).use_document(site, use)
        found = shown.get(metric.removeprefix("central."))
        return math.nan if found is None else found

    def drawn(number: float) -> float:
        run = value(with_input(study, asked, number), draws=draws, seed=seed, sites=site, workers=1)
        return metric_of(run, site, use, metric)

    return Reader(on_path if metric in CENTRAL_METRICS else drawn)


def _known(study: Study, use: str, metric: str) -> None:
    for name in [use] + ([metric.removeprefix(GAIN)] if metric.startswith(GAIN) else []):
        check_use(study, name)
    known = (*CENTRAL_METRICS, *DRAWN_METRICS)
    if metric not in known and not metric.startswith(GAIN):
        near = did_you_mean(metric, known)
        raise StudyError(f'no metric "{metric}"{near}; known: {", ".join(known)}, {GAIN}USE')


def _reason(study: Study, site: str, use: str) -> str:
    reason = central(study, site).values[site].uses[use].reason
    return f": {reason}" if reason else ""


def _plain(content: Any) -> Any:
    """Nan as None, as JSON wants it."""
    if isinstance(content, dict):
        return {key: _plain(item) for key, item in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(item) for item in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content
