"""The tables of docs/evidence.md: scores, predictions and misses of the packaged tape, as the walk-forward has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wattworth.evidence.backtest import Backtest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evidence.md"


def page() -> str:
    """The page with its tables as they are now."""
    from wattworth import uses
    from wattworth.evidence.backtest import backtest
    from wattworth.evidence.tape import read_tape

    tested = backtest(read_tape(), uses.fact_book())
    text = PAGE.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not marks.search(text):
            raise ValueError(f"{PAGE.name} has no place for the table {name}")
        made = table(tested)
        text = marks.sub(lambda found, made=made: f"{found[1]}\n{made}\n{found[2]}", text)
    return text


def misses(tested: Backtest) -> list[str]:
    """Deal and measure of every actual value outside its range, as the page discusses them."""
    return [f"{o.deal.deal_id}: {p.measure}" for o in tested.outcomes for p in o.predictions if p.inside is False]


def _scores(tested: Backtest) -> str:
    heads = (
        "measure", "n", "error", "bias", "inside P10-P90", "coverage that n leaves open", "error of the last deal",
        "error of the mean", "skill", "interval score", "CRPS", "unit",
    )  # fmt: skip
    measures: dict[str, dict[str, Any]] = tested.summary["measures"]
    return _table(heads, [_score_row(scores) for scores in measures.values() if scores["n"]])


def _score_row(scores: dict[str, Any]) -> Sequence[str]:
    return (
        scores["label"],
        f"{scores['n']}{' (few)' if scores['small_sample'] else ''}",
        _percent(scores["mape_frac"]),
        _percent(scores["bias_frac"], sign=True),
        f"{scores['inside']} ({_percent(scores['coverage_80_frac'])})",
        f"{_percent(scores['coverage_80_low_frac'])} to {_percent(scores['coverage_80_high_frac'])}",
        _percent(scores["last_deal"]["mape_frac"]),
        _percent(scores["running_mean"]["mape_frac"]),
        _percent(scores["skill_vs_naive"], sign=True),
        _number(scores["interval_score"]),
        _number(scores["crps"]),
        scores["unit"],
    )


def _predictions(tested: Backtest) -> str:
    rows = [
        (
            outcome.deal.deal_id,
            outcome.deal.announced.label,
            p.measure,
            f"{_number(p.p10)} / {_number(p.p50)} / {_number(p.p90)}",
            _number(p.actual),
            {True: "yes", False: "**no**", None: ""}[p.inside],
            str(len(p.learned_from)),
        )
        for outcome in tested.outcomes
        for p in outcome.predictions
        if p.actual is not None
    ]
    heads = ("deal", "announced", "measure", "P10 / P50 / P90", "actual", "inside", "deals learnt from")
    return _table(heads, rows)


def _silent(tested: Backtest) -> str:
    rows = [(o.deal.deal_id, o.reason) for o in tested.outcomes if o.reason is not None]
    return _table(("graded deal without a score", "why"), rows)


TABLES: dict[str, Callable[[Backtest], str]] = {
    "scores": _scores,
    "predictions": _predictions,
    "silent": _silent,
}


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _percent(share_frac: float | None, *, sign: bool = False) -> str:
    return "" if share_frac is None else f"{100 * share_frac:{'+' if sign else ''}.0f} %"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1e3 else f"{value:.3g}"
