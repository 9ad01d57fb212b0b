"""What a figure of one site asks of a run and its record does not hold: its yearly cash flow, and what drives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth import markets, timeline, uses
from wattworth.compute.blocks import blocks
from wattworth.errors import StudyError
from wattworth.finance import statement
from wattworth.records import CHUNK_DRAWS
from wattworth.study import Study
from wattworth.valuation.cases import case_discount, case_lines, part_case
from wattworth.valuation.inputs import site_of
from wattworth.valuation.plan import Plan, plan
from wattworth.valuation.result import Document, finite
from wattworth.valuation.run import Run
from wattworth.valuation.sensitivity import swings

QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True, slots=True)
class YearlyCash:
    """Real-world cash of one use of one site after tax, if the use succeeds.

    Attributes
    ----------
    use
        Which.
    years
        Calendar years, array, shape (year,); the first and the last may be short.
    cash_usd
        Of the parts the use serves and of what is signed, array, shape (year, draw). [USD]
    """

    use: str
    years: NDArray[np.int64]
    cash_usd: NDArray[np.float64]

    def document(self) -> Document:
        """The use, and a row a year up to the last with cash: P10, P50, P90 and mean of that year's draws. [USD]"""
        moved = np.flatnonzero(np.any(self.cash_usd != 0, axis=1))
        last = int(moved[-1]) + 1 if moved.size else 0
        levels = np.quantile(self.cash_usd[:last], list(QUANTILES.values()), axis=1).T
        rows = [
            {"year": int(year), **dict(zip(QUANTILES, map(float, row), strict=True)), "mean": float(cash.mean())}
            for year, row, cash in zip(self.years, levels, self.cash_usd, strict=False)
        ]
        return {"use": self.use, "years": rows}


def yearly_cash(run: Run, site_id: str, use: str | None = None) -> YearlyCash:
    """Yearly cash of a use of a site, draw by draw, as the run had it.

    The streams of chance are keyed by site and by fact, so that the site alone, with the draws and the seed of the
    run, has the very draws of the run; nothing else of the study is valued again.

    Parameters
    ----------
    run
        A run that holds its study.
    site_id
        A valued site.
    use
        One of its uses; None takes the best.

    Raises
    ------
    StudyError
        If the run does not hold its study, there is no such site, or the use is not open to it.
    """
    study, use = _asked(run, site_id, use)
    laid_out = plan(study, uses.fact_book(), n_draw=run.result["draws"], seed=run.result["seed"], sites_glob=site_id)
    months = [int(laid_out.calendar.label(month)[:4]) for month in range(laid_out.calendar.n_month)]
    years, starts = np.unique(months, return_index=True)
    found = [np.add.reduceat(_cash_usd(laid_out, use, chunks), starts) for chunks in blocks(laid_out.n_draw)]
    return YearlyCash(use, years, np.concatenate(found, axis=1)[:, : laid_out.n_draw])


def _cash_usd(laid_out: Plan, use: str, chunks: range) -> NDArray[np.float64]:
    """Cash of a block by month, shape (month, draw), as :mod:`wattworth.valuation.block` adds it up. [USD]"""
    params = laid_out.table.draws(chunks)
    _, real_world = markets.draw(laid_out.study, params, laid_out.seed, chunks, laid_out.regions)
    everywhere = uses.World(laid_out.calendar, real_world, params)
    site_plan = laid_out.sites[0]
    total = np.zeros((laid_out.calendar.n_month, len(chunks) * CHUNK_DRAWS))
    for j, part in enumerate(site_plan.parts):
        wanted = site_plan.site.signed_use if part.state == "leased" else use
        names = [name for _, name in laid_out.rows[0, j] if name == wanted]
        if not names:
            continue
        dates = timeline.first_power(site_plan.site, part, laid_out.clocks, laid_out.calendar, laid_out.seed, chunks)
        world = laid_out.powered_world(site_plan.site, part, everywhere)
        case = part_case(laid_out, site_plan, part, dates, world)
        for name in names:
            lines = case_lines(laid_out, name, case, world)
            cash = statement(lines, site_plan.rules, case_discount(site_plan, name), alternatives=False, cash=True)
            total[: cash.after_tax_usd.shape[0]] += cash.after_tax_usd
    return total


def drivers(run: Run, site_id: str) -> list[Document]:
    """Each fact at its low and at its high, and the risked value of the best use of a site there, widest swing first.

    The ``drivers`` of :func:`wattworth.valuation.explain.explain` without its shares and ranks: markets stand still,
    and all else is as declared.

    Raises
    ------
    StudyError
        As :func:`yearly_cash`.
    """
    study, use = _asked(run, site_id, None)
    laid_out = plan(study, uses.fact_book(), n_draw=run.result["draws"], seed=run.result["seed"], sites_glob=site_id)
    rows: list[tuple[float, Document]] = []
    for swing in swings(laid_out):
        low, high = swing.at_low_usd.get(use, np.nan), swing.at_high_usd.get(use, np.nan)
        if not np.isfinite(low) or not np.isfinite(high) or low == high:
            continue
        fact = laid_out.study.facts[swing.key]
        shown = {name: getattr(fact, name) for name in ("value", "low", "high", "unit", "confidence")}
        ends = {"at_low_usd": finite(low), "at_high_usd": finite(high)}
        rows.append((abs(high - low), {"fact": swing.key, **shown, "best": ends}))
    return [row for _, row in sorted(rows, key=lambda row: (-row[0], row[1]["fact"]))]


def _asked(run: Run, site_id: str, use: str | None) -> tuple[Study, str]:
    """The study of a run, and the use asked for or the best one of the site."""
    if run.study is None:
        raise StudyError("this run does not hold its study, so nothing of one site can be worked out again")
    entry = next((site for site in run.result["sites"] if site["site_id"] == site_id), None)
    if entry is None or not entry["valued"] or entry["best_use"] is None:
        site_of(run.study, site_id)
        raise StudyError(f"{site_id}: no use of it is valued in this run")
    wanted = use or entry["best_use"]
    found = entry["uses"].get(wanted)
    if found is None or not found["available"]:
        open_to = ", ".join(name for name, each in entry["uses"].items() if each["available"])
        raise StudyError(f'{site_id}: use "{wanted}" is not open to it; there is {open_to}')
    return run.study, wanted
