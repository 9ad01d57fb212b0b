"""Why a site is worth what it is, why that use wins, and what would have to change for another to win."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth import markets, uses
from wattworth.errors import StudyError, WattworthError
from wattworth.records import CHUNK_DRAWS, INNER_DRAWS, SCHEMA_VERSION, MarketPaths
from wattworth.study import Study
from wattworth.units import MONTHS_PER_YEAR
from wattworth.valuation.compose import outer_means
from wattworth.valuation.inputs import SHORT_NAMES, Input, fact_input, find, site_of, with_input
from wattworth.valuation.plan import Plan, plan
from wattworth.valuation.result import finite
from wattworth.valuation.roots import Reader, bracket, crossings
from wattworth.valuation.run import DEFAULT_SEED, Run, read_study, value
from wattworth.valuation.sensitivity import Shares, Swing, shares, swings

Document = dict[str, Any]
Told = Callable[[str], None]

DEFAULT_DRAWS: Final = 2_048
MOST_BREAK_EVEN_DRAWS: Final = 1_024
"""Draws of each run of a break-even, if the run has more."""

_MOST_MARKET_DRAWS: Final = 2_048
_AVERAGED_YEARS: Final = 10
_N_DRIVER, _N_SHARED, _N_BREAK_EVEN, _N_WEAK = 12, 8, 5, 10
_ALWAYS: Final = ("rent", "bitcoin", "power")
_BREAK_EVEN_RELATIVE: Final = 1e-4
_SCAN: Final = 4
_WEAKNESS: Final = {"assumption": 1.0, "low": 0.8, "derived": 0.6, "medium": 0.4, "high": 0.2}


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where one input makes another use the best.

    Attributes
    ----------
    input, unit
        What moves, and its unit.
    present
        Its value as declared. [unit]
    low, high
        Range searched. [unit]
    stays, switches
        Nearest value at which the present best use still wins, and the one beside it where it does not; None if it
        wins all through the range. [unit]
    best_use, then
        The present best use, and the one that takes over.
    """

    input: str
    unit: str
    present: float
    low: float
    high: float
    stays: float | None
    switches: float | None
    best_use: str
    then: str | None

    @property
    def sentence(self) -> str:
        """The finding in a sentence."""
        unit = f" {self.unit}" if self.unit else ""
        if self.switches is None:
            return f"{self.best_use} stays best for every {self.input} from {self.low:.6g} to {self.high:.6g}{unit}"
        side = "above" if self.switches > self.present else "below"
        return f"{self.then} takes over from {self.best_use} where {self.input} is {side} {self.switches:.6g}{unit}"


def explain(
    source: Run | Study | str | Path,
    site: str,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    told: Told | None = None,
) -> Document:
    """Explain the best use of a site.

    Parameters
    ----------
    source
        A run, or a study that is then valued for this site alone.
    site
        Its site_id.
    draws, seed
        Of that valuation; a run brings its own.
    told
        Called with what is being worked out.

    Returns
    -------
    dict
        See the docs page on questions.

    Raises
    ------
    StudyError
        If there is no such site, it is not valued or no use is open to it, or the run has no study.
    """
    say = told or (lambda _: None)
    run, study = _run_of(source, site, draws, seed, say)
    entry = next((entry for entry in run.result["sites"] if entry["site_id"] == site), None)
    if entry is None or not entry["valued"] or entry["best_use"] is None:
        site_of(study, site)
        raise StudyError(f"{site}: no use of it is valued in this run, so there is nothing to explain")
    laid_out = plan(study, uses.fact_book(), n_draw=run.result["draws"], seed=run.result["seed"], sites_glob=site)
    best, *others = _ranked(entry)
    second = others[0] if others else None
    measures: dict[str, dict[str, float]] = {"best": {best: 1.0}}
    if second is not None:
        measures["lead"] = {best: 1.0, second: -1.0}
    risked = {
        name: _weighted(weights, lambda use: run.draws[site, use]["risked_npv_usd"])
        for name, weights in measures.items()
    }
    say("swings of every fact")
    swung = swings(laid_out)
    swing_usd = {name: {s.key: _swing_usd(s, weights) for s in swung} for name, weights in measures.items()}
    order = _by_influence(swing_usd)
    drawn = [key for key in order if key in laid_out.table.keys][:_N_SHARED]
    say("shares of variance")
    shared = shares(laid_out, drawn, measures)
    ranks = {name: _fact_ranks(laid_out, drawn_usd) for name, drawn_usd in risked.items()}
    evens = break_evens(study, site, order, run.result["draws"], run.result["seed"], say)
    return {
        "schema_version": SCHEMA_VERSION,
        "study": study.name,
        "run_id": run.result["run_id"],
        "draws": run.result["draws"],
        "seed": run.result["seed"],
        "site_id": site,
        "best_use": best,
        "runner_up": second,
        "risked_npv_usd": {name: float(np.mean(drawn_usd)) for name, drawn_usd in risked.items()},
        "tie": entry["tie"],
        "prob_best_frac": entry["prob_best_frac"],
        "outer_draws": -(-run.result["draws"] // INNER_DRAWS),
        "drivers": [_driver(laid_out, key, swing_usd, shared, ranks) for key in order[:_N_DRIVER]],
        "markets": _market_ranks(laid_out, risked),
        "break_even": [{**asdict(even), "sentence": even.sentence} for even in evens],
        "waterfall": entry["waterfall"],
        "weakest": _weakest(laid_out, swing_usd),
    }


def _run_of(source: Run | Study | str | Path, site: str, draws: int, seed: int, say: Told) -> tuple[Run, Study]:
    if isinstance(source, Run):
        if source.study is None:
            raise StudyError("this run does not hold its study; explain the study itself, by its name or folder")
        return source, source.study
    study = source if isinstance(source, Study) else read_study(source)
    site_of(study, site)
    say("valuing the site")
    return value(study, draws=draws, seed=seed, sites=site, workers=1), study


def _ranked(entry: Document) -> list[str]:
    """Uses by mean risked value, the best first."""
    means = {name: use["risked_npv_usd"]["mean"] for name, use in entry["uses"].items() if use["available"]}
    return sorted(means, key=lambda name: -means[name])


def _weighted(weights: Mapping[str, float], of: Callable[[str], Any]) -> Any:
    return sum(weight * of(use) for use, weight in weights.items())


def _swing_usd(swing: Swing, weights: Mapping[str, float]) -> tuple[float, float]:
    ends = (swing.at_low_usd, swing.at_high_usd)
    low, high = (float(_weighted(weights, lambda use, end=end: end.get(use, math.nan))) for end in ends)
    return low, high


def _by_influence(swing_usd: Mapping[str, Mapping[str, tuple[float, float]]]) -> list[str]:
    """Facts by the larger of their swings of the best use and of its lead; those without any are left out."""
    reach = {
        key: np.nanmax([abs(by_key[key][1] - by_key[key][0]) for by_key in swing_usd.values()] + [0.0])
        for key in swing_usd["best"]
    }
    return sorted((key for key, usd in reach.items() if usd > 0), key=lambda key: (-reach[key], key))


def _driver(
    laid_out: Plan,
    key: str,
    swing_usd: Mapping[str, Mapping[str, tuple[float, float]]],
    shared: Mapping[str, Shares],
    ranks: Mapping[str, Mapping[str, float]],
) -> Document:
    fact = laid_out.study.facts[key]
    return {
        "fact": key,
        **{name: getattr(fact, name) for name in ("value", "low", "high", "unit", "confidence")},
        **{
            name: {
                "at_low_usd": finite(by_key[key][0]),
                "at_high_usd": finite(by_key[key][1]),
                "rank_correlation": finite(ranks[name].get(key, math.nan)),
                "first_order_frac": finite(shared[name].first.get(key, math.nan)),
                "total_frac": finite(shared[name].total.get(key, math.nan)),
            }
            for name, by_key in swing_usd.items()
        },
    }


def _fact_ranks(laid_out: Plan, usd: NDArray[np.float64]) -> dict[str, float]:
    """Rank correlation of every drawn fact with the mean of each outer draw."""
    means, _ = outer_means(usd)
    table = laid_out.table.values[:, : means.size]
    return dict(zip(laid_out.table.keys, rank_correlations(table, means), strict=True))


def rank_correlations(rows: NDArray[np.float64], against: NDArray[np.float64]) -> list[float]:
    """Spearman's rank correlation of each row with one array; nan where either does not vary."""
    from scipy.stats import rankdata

    x, y = rankdata(rows, axis=-1), rankdata(against)
    x, y = x - x.mean(axis=-1, keepdims=True), y - y.mean()
    size = np.sqrt((x**2).sum(axis=-1) * (y**2).sum())
    products = (x * y).sum(axis=-1)
    return np.divide(products, size, out=np.full(size.shape, np.nan), where=size > 0).tolist()


def _market_ranks(laid_out: Plan, risked: Mapping[str, NDArray[np.float64]]) -> list[Document]:
    """Rank correlation of each market's mean over ten years, drawn again from the seed, draw by draw."""
    n = min(laid_out.n_draw, _MOST_MARKET_DRAWS)
    chunks = range(-(-n // CHUNK_DRAWS))
    params = laid_out.table.draws(chunks)
    paths, _ = markets.draw(laid_out.study, params, laid_out.seed, chunks, laid_out.regions)
    means = market_means(paths, _AVERAGED_YEARS * MONTHS_PER_YEAR)
    return [
        {
            "market": name,
            **{measure: finite(rank_correlations(mean[None, :n], usd[:n])[0]) for measure, usd in risked.items()},
        }
        for name, mean in means.items()
    ]


def market_means(paths: MarketPaths, n_month: int) -> dict[str, NDArray[np.float64]]:
    """Mean of every market over its first months, by name, shape (draw,)."""
    found: dict[str, NDArray[np.float64]] = {}
    for name in type(paths).__dataclass_fields__:
        held = getattr(paths, name)
        by_name = {f"{name}[{key}]": path for key, path in held.items()} if isinstance(held, Mapping) else {name: held}
        found |= {
            key: path[1 : n_month + 1].mean(axis=0)
            for key, path in by_name.items()
            if isinstance(path, np.ndarray) and path.ndim == 2
        }
    return {name: mean for name, mean in found.items() if np.ptp(mean) > 0}


def break_evens(
    study: Study, site: str, order: Sequence[str], draws: int, seed: int, told: Told | None = None
) -> list[BreakEven]:
    """Where the best use changes, for the strongest facts and for rent, bitcoin and power.

    Every run has the same draws, at most :data:`MOST_BREAK_EVEN_DRAWS`, so that only the input moves.
    """
    asked: dict[str, Input] = {}
    for name in (*order[:_N_BREAK_EVEN], *_ALWAYS):
        found = find(study, name, site) if name in SHORT_NAMES else fact_input(study, name)
        asked.setdefault(found.key, found)
    at_present = _means(study, site, draws, seed)
    out: list[BreakEven] = []
    for one in asked.values():
        if told is not None:
            told(f"break-even of {one.label}")
        even = break_even(study, site, one, draws=draws, seed=seed, at_present=at_present)
        out += [even] if even is not None else []
    return out


def break_even(
    study: Study, site: str, asked: Input, *, draws: int, seed: int, at_present: Mapping[str, float] | None = None
) -> BreakEven | None:
    """Where one input makes another use the best, bracketed to a ten-thousandth; None if only one use is open."""
    usual, present = asked.search_range, asked.value
    if usual is None or present is None:
        return None
    low, high = usual
    means: dict[float, Mapping[str, float]] = {}
    if at_present is not None:
        means[present] = at_present

    def at(number: float) -> Mapping[str, float]:
        if number not in means:
            means[number] = _possible_means(study, site, asked, number, draws=draws, seed=seed)
        return means[number]

    best = max(at(present), key=lambda use: at(present)[use])
    if len(at(present)) < 2:
        return None

    def margin(number: float) -> float:
        if not at(number):
            return math.nan
        others = [usd for use, usd in at(number).items() if use != best]
        return at(number).get(best, -math.inf) - max(others, default=-math.inf)

    read = Reader(margin)
    points = {present, *(present + (end - present) * i / _SCAN for end in usual for i in range(1, _SCAN + 1))}
    seen = {number: read(number) for number in sorted(points)}
    pairs = crossings(seen, 0.0)
    if not pairs:
        return BreakEven(asked.label, asked.unit, present, low, high, None, None, best, None)
    left, right = bracket(read, min(pairs, key=lambda p: min(abs(e - present) for e in p)), 0.0, _BREAK_EVEN_RELATIVE)
    stays, switches = (left, right) if read(left) > 0 else (right, left)
    others = {use: usd for use, usd in at(switches).items() if use != best}
    then = max(others, key=lambda use: others[use])
    return BreakEven(asked.label, asked.unit, present, low, high, stays, switches, best, then)


def _possible_means(
    study: Study, site: str, asked: Input, number: float, *, draws: int, seed: int
) -> Mapping[str, float]:
    """Means with an input changed; none where the study cannot be valued with it, as far from what it is now."""
    try:
        with np.errstate(all="ignore"):
            return _means(with_input(study, asked, number), site, draws, seed)
    except (WattworthError, FloatingPointError):
        return {}


def _means(study: Study, site: str, draws: int, seed: int) -> dict[str, float]:
    run = value(study, draws=min(draws, MOST_BREAK_EVEN_DRAWS), seed=seed, sites=site, workers=1)
    entry = run.site(site)
    return {name: use["risked_npv_usd"]["mean"] for name, use in entry["uses"].items() if use["available"]}


def _weakest(laid_out: Plan, swing_usd: Mapping[str, Mapping[str, tuple[float, float]]]) -> list[Document]:
    """Facts behind the best use, by how far they move it times how little stands behind them."""
    rows = []
    for key, (low, high) in swing_usd["best"].items():
        fact = laid_out.study.facts[key]
        reach = abs(high - low)
        if reach > 0:
            rows.append(
                {
                    "fact": key,
                    "confidence": fact.confidence,
                    "swing_usd": reach,
                    "weight_usd": reach * _WEAKNESS[fact.confidence],
                    "source": fact.source,
                    "note": fact.note,
                }
            )
    return sorted(rows, key=lambda row: (-row["weight_usd"], row["fact"]))[:_N_WEAK]
