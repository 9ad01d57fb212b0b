"""``wattworth backtest`` and ``wattworth calibrate``: disclosed deals against what was known before them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show, to_stdout
from wattworth.cli.tables import NONE, grid, heading, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from wattworth.evidence.backtest import Backtest
    from wattworth.evidence.calibrate import Calibration
    from wattworth.facts import Fact

_WIDE: Final = 96
_WIDEST: Final = 128
FITTED_FILE: Final = Path("fitted.csv")
"""Where fitted facts go unless the command says otherwise."""

Deals = Annotated[
    Path | None, Parameter(help="A tape of deals with the columns of the packaged one, which is read without.")
]


def backtest(
    *,
    deals: Deals = None,
    draws: options.Draws = 4_096,
    seed: options.Seed = 7,
    out: Annotated[Path | None, Parameter(help="Folder for a page and the JSON document.", metavar="DIR")] = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
) -> int:
    """Predict every disclosed deal from what was known before it, and score the predictions."""
    from wattworth import store, uses
    from wattworth.evidence.backtest import backtest as walk
    from wattworth.evidence.tape import read_tape
    from wattworth.reports.evidence_page import evidence_html

    words = language.words("evidence", writes=out is not None)
    tested = walk(read_tape(deals), uses.fact_book(), draws=draws, seed=seed)
    told, page = tested.document(), None
    if out is not None:
        store.write_document(out / "backtest.json", told)
        page = store.write_text(out / "backtest.html", evidence_html(told, None, words=words))
    if json:
        document(told)
    else:
        show(*_scores(tested), *_misses(tested))
    if page is not None:
        (note if json else line)(f"page  {page.resolve()}")
    return 0


def calibrate(
    *,
    deals: Deals = None,
    out: Annotated[
        Path, Parameter(help="File for the fitted facts; nothing is overwritten.", metavar="FILE")
    ] = FITTED_FILE,
    json: options.Json = False,
) -> int:
    """Fit the facts that deals can speak of, and write them as a file a study can point to."""
    from wattworth import store, uses
    from wattworth.evidence.calibrate import calibrate as fit
    from wattworth.evidence.tape import read_tape

    calibration = fit(read_tape(deals), uses.fact_book())
    written = store.write_text(out, calibration.csv_text(), new=True)
    if json:
        document(calibration.document())
    else:
        show(*_fitted(calibration), *_effects(calibration))
        for key, reason in calibration.left_out:
            line(f"not fitted: {key}, {reason}")
    (note if json else line)(f"facts  {written.resolve()}")
    note(f"name it in a study beside it: fact_files: [{written.name}]")
    return 0


def _scores(tested: Backtest) -> Iterator[RenderableType]:
    """One row per measure, both naive rules beside ours; a wide terminal shows what else was scored."""
    measures: dict[str, dict[str, Any]] = tested.summary["measures"]
    width = to_stdout().width
    heads = ["measure", "n", "error", "bias", "in range", "last deal", "mean", "skill"]
    heads += [*(["could be"] if width >= _WIDE else []), *(["CRPS", "interval", ""] if width >= _WIDEST else [])]
    rows = [_score_row(scores, width) for scores in measures.values() if scores["n"]]
    yield heading(f"{tested.tape.name}: each deal predicted from what was known before it")
    yield grid(heads, rows, text=(0, len(heads) - 1) if width >= _WIDEST else (0,))
    yield _small(
        "error: mean absolute error of P50; in range: inside P10 to P90, 80 % if honest; last deal, mean: error of "
        "the two naive rules, over the deals that have an earlier one; skill: 1 less our error over that of the "
        "better rule, below 0 worse than it; * fewer than ten deals; could be: coverage that so few cannot rule out"
    )


def _score_row(scores: dict[str, Any], width: int) -> list[str]:
    row = [
        scores["label"],
        f"{scores['n']}{'*' if scores['small_sample'] else ' '}",
        _percent(scores["mape_frac"]),
        _percent(scores["bias_frac"], sign=True),
        f"{scores['inside']} of {scores['n']}",
        _percent(scores["last_deal"]["mape_frac"]),
        _percent(scores["running_mean"]["mape_frac"]),
        _percent(scores["skill_vs_naive"], sign=True),
    ]
    if width >= _WIDE:
        ends = (scores["coverage_80_low_frac"], scores["coverage_80_high_frac"])
        row.append(" to ".join(map(_percent, ends)))
    if width >= _WIDEST:
        row += [number(scores["crps"]), number(scores["interval_score"]), scores["unit"]]
    return row


def _misses(tested: Backtest) -> Iterator[RenderableType]:
    rows = [
        (
            outcome.deal.deal_id,
            outcome.deal.announced.label,
            p.measure,
            f"{number(p.p10)} - {number(p.p50)} - {number(p.p90)}",
            number(p.actual),
        )
        for outcome in tested.outcomes
        for p in outcome.predictions
        if p.inside is False
    ]
    n = sum(p.inside is not None for outcome in tested.outcomes for p in outcome.predictions)
    yield heading(f"outside P10 to P90: {len(rows)} of {n}")
    if rows:
        yield grid(("deal", "announced", "measure", "P10 - P50 - P90", "actual"), rows, text=(0, 1, 2))
    if tested.tape.flagged:
        yield heading("rows to doubt")
        yield grid(("deal", "what was noticed"), tested.tape.flagged, text=(0, 1))


def _fitted(calibration: Calibration) -> Iterator[RenderableType]:
    wide = to_stdout().width >= _WIDE
    heads = ["fact", "fitted P10 - P50 - P90", "deals", *(["packaged", "unit"] if wide else [])]
    yield heading(f"facts fitted to {calibration.tape}")
    rows = []
    for fitted in calibration.fitted:
        row = [fitted.fact.key, _spread(fitted.fact), f"{fitted.in_cell} of {len(fitted.deals)}"]
        rows.append([*row, *([_spread(fitted.packaged), fitted.fact.unit] if wide else [])])
    yield grid(heads, rows, text=(0, 4) if wide else (0,))


def _spread(fact: Fact) -> str:
    return " - ".join(number(each) for each in (fact.low, fact.value, fact.high))


def _effects(calibration: Calibration) -> Iterator[RenderableType]:
    yield heading("what a group does to a figure, before and after shrinkage")
    rows = [
        (
            effect.figure,
            effect.group,
            f"{effect.n} of {effect.of}",
            _percent(effect.raw_frac, sign=True),
            " to ".join(_percent(each, sign=True) for each in (effect.low_frac, effect.high_frac)),
        )
        for effect in calibration.effects
    ]
    yield grid(("figure", "group", "deals", "as it is", "shrunk, P10 to P90"), rows, text=(0, 1))


def _percent(share_frac: float | None, *, sign: bool = False) -> str:
    return NONE if share_frac is None else f"{100 * share_frac:{'+' if sign else ''}.0f} %"


def _small(words: str) -> RenderableType:
    from rich.text import Text

    return Text(words, style="dim")
