"""Tables inside pages written by hand: scores and predictions of the tape, gates and slippage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wattworth.evidence.backtest import Backtest
    from wattworth.facts import Fact

DOCS = Path(__file__).resolve().parents[1] / "docs"


def evidence_page() -> str:
    """The page of evidence with its tables as they are now."""
    from wattworth import uses
    from wattworth.evidence.backtest import backtest
    from wattworth.evidence.tape import read_tape

    tested = backtest(read_tape(), uses.fact_book())
    return _marked(
        DOCS / "evidence.md",
        {"scores": _scores(tested), "predictions": _predictions(tested), "silent": _silent(tested)},
    )


def clocks_page() -> str:
    """The page on time to power with its tables as they are now."""
    return _marked(DOCS / "time-to-power.md", {"gates": _gates(), "slippage": _slippage(), "observed": _observed()})


def _marked(page: Path, tables: dict[str, str]) -> str:
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not marks.search(text):
            raise ValueError(f"{page.name} has no place for the table {name}")
        text = marks.sub(lambda found, made=table: f"{found[1]}\n{made}\n{found[2]}", text)
    return text


def _gates() -> str:
    from wattworth import facts
    from wattworth.timeline.networks import NETWORKS

    book = facts.load()
    rows = []
    for name, graph in NETWORKS.items():
        if name.startswith("study ") and name != "study dated":
            continue  # as study, each with the duration of its own grid
        for gate in graph.gates:
            fact = book[gate.months]
            ends = f" ({fact.low:g} to {fact.high:g})" if fact.low is not None else ""
            chance = "the rest" if gate.name == graph.rest else _chance(book, gate.fails, gate.opens)
            waits = ", ".join(gate.after) or "the as-of month"
            rows.append((name, gate.name, waits, f"{fact.value:g}{ends}", chance, gate.cause, f"`{gate.months}`"))
    heads = ("megawatts", "gate", "begins after", "months (P10 to P90)", "fails", "shared cause", "fact")
    return _table(heads, rows)


def _chance(book: Mapping[str, Fact], fails: str | None, opens: str | None) -> str:
    if opens is not None:
        return _percent(1.0 - book[opens].value)
    return "" if fails is None else _percent(book[fails].value)


def _slippage() -> str:
    from wattworth.timeline.slippage import packaged_projects

    heads = ("project", "planned", "came", "months late", "source")
    rows = [
        (
            row["project"],
            row["planned"] or "",
            row["actual"] or ("still open" if row["still_open"] == "yes" else ""),
            f"{row['months_late']}{' or more' if row['still_open'] == 'yes' else ''}",
            row["source"],
        )
        for row in packaged_projects()
    ]
    return _table(heads, rows)


def _observed() -> str:
    from wattworth import facts
    from wattworth.timeline.slippage import observed, packaged_projects

    seen, book = observed(packaged_projects()), facts.load()
    on_time, late = book["clock.on_time_share_us_data_centres"], book["clock.slip_mean"]
    span = f"{_percent(seen.on_time_low_frac)} to {_percent(seen.on_time_high_frac)}"
    months = f"{seen.late_low_months:.1f} to {seen.late_high_months:.1f}"
    rows = [
        ("on time or early", f"{seen.n_on_time} of {seen.n_closed + seen.n_open}: {_percent(seen.on_time_frac)}", span,
         _percent(on_time.value)),
        ("mean delay of the late ones, months", f"{seen.late_mean_months:.1f}", months, f"{late.value:g}"),
    ]  # fmt: skip
    return _table(("", "these projects", "what so few leave open (90 %)", "in the model"), rows)


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
