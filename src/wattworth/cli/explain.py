"""``wattworth explain``: what a site's value rests on, and what would change its best use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, note, show
from wattworth.cli.tables import NONE, grid, heading, number, round_millions, waterfall

if TYPE_CHECKING:
    from rich.console import RenderableType

    from wattworth.study import Study
    from wattworth.valuation import Run

_FACTS, _WEAK = 8, 6

Source = Annotated[str, Parameter(name="RUN", help="A saved run, or a study, whose site is then valued afresh.")]
SiteName = Annotated[str, Parameter(name="SITE", help="site_id of a valued site.")]


def explain(
    run: Source,
    site: SiteName,
    /,
    *,
    draws: options.Draws = 2_048,
    seed: options.Seed = 7,
    json: options.Json = False,
) -> int:
    """Explain the best use of a site: what drives it, and what would change it.

    A saved run brings its own draws and seed; --draws and --seed are for a study.
    """
    from wattworth.valuation.explain import explain as explained

    found = explained(_source(run), site, draws=draws, seed=seed, told=None if json else note)
    if json:
        document(found)
        return 0
    for part in _parts(found):
        show(part)
    return 0


def _source(name: str) -> Run | Study:
    """A saved run that holds its study; else the study of that name."""
    from wattworth import store, valuation
    from wattworth.errors import StoreError, StudyError

    try:
        run = store.load_run(name)
    except StoreError as no_run:
        try:
            return valuation.read_study(name)
        except StudyError as no_study:
            raise StudyError(f"{no_run}\n{no_study}") from None
    return run


def _parts(found: dict[str, Any]) -> Iterator[RenderableType]:
    from rich.text import Text

    best, second = found["best_use"], found["runner_up"]
    usd = found["risked_npv_usd"]
    yield Text(f"{found['site_id']}: {best}, worth ${usd['best'] / 1e6:,.1f} million", style="bold")
    if second is not None:
        tie = ", a tie" if found["tie"] else ""
        yield Text(
            f"{usd['lead'] / 1e6:,.1f} million more than {second}{tie}; best in {found['prob_best_frac']:.0%} of "
            f"{found['outer_draws']} draws of the facts"
        )
    yield heading("What moves it: value with each fact at its low and its high, $ million")
    yield _drivers(found["drivers"], "best")
    if second is not None:
        yield heading(f"What moves its lead over {second}, $ million")
        yield _drivers(found["drivers"], "lead")
    if found["markets"]:
        yield heading("Markets: rank correlation of their mean over ten years with the value, and with its lead")
        rows = [(row["market"], _share(row["best"]), _share(row.get("lead"))) for row in found["markets"]]
        yield grid(("market", "value", "lead"), rows)
    if found["break_even"]:
        yield heading("What would change the best use, all else as it is")
        for even in found["break_even"]:
            yield Text(f"- {even['sentence']}; now {number(even['present'])}")
    if found["waterfall"]:
        yield heading("From what a lease creates to what the watt is worth, $/W of the part that can be leased")
        yield waterfall(found["waterfall"], ("", "$/W"))
    yield heading("What to find out first: strong facts with little behind them, $ million from low to high")
    yield grid(
        ("fact", "trust", "swing", "source"),
        ((w["fact"], w["confidence"], round_millions(w["swing_usd"]), w["source"]) for w in found["weakest"][:_WEAK]),
        text=(0, 1, 3),
    )


def _drivers(drivers: Sequence[dict[str, Any]], measure: str) -> RenderableType:
    """The facts that move a measure the most."""
    moved = sorted(drivers, key=lambda row: -_reach(row[measure]))[:_FACTS]
    rows = [
        (
            row["fact"],
            number(row["low"]),
            number(row["high"]),
            round_millions(row[measure]["at_low_usd"]),
            round_millions(row[measure]["at_high_usd"]),
            _share(row[measure]["total_frac"]),
            _share(row[measure]["rank_correlation"]),
        )
        for row in moved
        if _reach(row[measure]) > 0
    ]
    return grid(("fact", "low", "high", "at low", "at high", "share", "rank"), rows)


def _reach(moved: dict[str, float | None]) -> float:
    low, high = moved["at_low_usd"], moved["at_high_usd"]
    return 0.0 if low is None or high is None else abs(high - low)


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"
