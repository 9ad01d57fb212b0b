"""Compiled kernels against plain peers in the same run, with the agreement of both checked.

Run `python bench/kernels.py`; `--quick` takes less work, to see that both agree.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from printed.table import machine, table
from scipy.optimize import brentq

from wattworth import facts, markets, timeline, uses
from wattworth.finance import TaxRules, internal_rates_frac, ledger, statement
from wattworth.finance.depreciation import MACRS_HALF_YEAR_FRAC
from wattworth.markets.curtailment import curve_of, curve_sums, put_value_usd_per_mwh
from wattworth.records import CashLines, Line
from wattworth.study import read
from wattworth.valuation import SPECS
from wattworth.valuation.cases import case_lines
from wattworth.valuation.plan import Plan, plan

TOLERANCE = 1e-9
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """Cash of one case for one block of draws, with what taxes and discounts it."""

    lines: CashLines
    rules: TaxRules
    discount: Array


def best_seconds(function: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Shortest wall time of several runs, and what the last returned."""
    times, result = [], None
    for _ in range(repeats):
        started = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - started)
    return min(times), result


def difference(left: Array, right: Array) -> float:
    """Largest difference, over the largest figure."""
    return float(np.max(np.abs(left - right)) / max(np.max(np.abs(right)), 1e-300))


def real_cases(laid_out: Plan, n_site: int) -> list[Case]:
    """Real-world cash of every case of the first sites, one chunk of draws."""
    chunks = range(1)
    params = laid_out.table.draws(chunks)
    *_, real_world = markets.draw(laid_out.study, params, laid_out.seed, chunks, laid_out.regions)
    world = uses.World(laid_out.calendar, real_world, params)
    out = []
    for (i, j), named in laid_out.rows.items():
        if i >= n_site:
            break
        site_plan = laid_out.sites[i]
        site, part = site_plan.site, site_plan.parts[j]
        dates = timeline.first_power(site, part, laid_out.clocks, laid_out.calendar, laid_out.seed, chunks)
        machines = uses.mining_flows(site, part, world)
        case = uses.Case(site, part, dates, machines, site_plan.rules.rate_frac)
        out += [Case(case_lines(laid_out, name, case, world), site_plan.rules, site_plan.discount) for _, name in named]
    return out


# The statement in NumPy: the same three tax bills, every operation over all draws of a block at once.


def numpy_statement(case: Case) -> tuple[Array, Array, Array, Array]:
    """After-tax cash, and its value with declared losses, with the other, and without a residual."""
    lines, rules = case.lines, case.rules
    n_month, n_draw = lines.usd.shape[1:]
    n_year = max(1, -(-(n_month - 1) // 12))
    usd = np.pad(lines.usd, ((0, 0), (0, n_year * 12 + 1 - n_month), (0, 0)))
    discount, draw = case.discount[: n_year * 12 + 1], np.arange(n_draw)
    taxed = usd[Line.REVENUE] + usd[Line.POWER] + usd[Line.OPEX] + usd[Line.PROCEEDS]
    income = _by_year(taxed, n_year) - _deductions(usd, lines, rules, n_year)
    other = TaxRules(
        rules.rate_frac, rules.bonus_frac, rules.loss_use_limit_frac, "carried" if rules.losses == "group" else "group"
    )
    bare = income.copy()
    bare[np.minimum(n_year - 1, _year_of(lines.residual_month)), draw] -= lines.residual_usd

    before = usd.sum(axis=0)
    npvs, cash = [], before
    for used, taxable in ((other, income), (rules, bare), (rules, income)):
        cash = before.copy()
        cash[12::12] -= _tax(taxable, used)
        npvs.append(np.einsum("m,md->d", discount, cash))
    bare_npv = npvs[1] - discount[np.minimum(lines.residual_month, n_year * 12)] * lines.residual_usd
    return cash, npvs[2], npvs[0], bare_npv


def _year_of(month: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.maximum(0, (month - 1) // 12)


def _by_year(monthly: Array, n_year: int) -> Array:
    yearly = monthly[1:].reshape(n_year, 12, -1).sum(axis=1)
    yearly[0] += monthly[0]
    return yearly


def _deductions(usd: Array, lines: CashLines, rules: TaxRules, n_year: int) -> Array:
    years, draw = np.arange(n_year)[:, None], np.arange(usd.shape[2])
    service = np.minimum(n_year - 1, _year_of(lines.in_service_month))
    retired = np.minimum(n_year - 1, _year_of(lines.residual_month))
    taken, basis = np.zeros((n_year, draw.size)), np.zeros((n_year, draw.size))
    for line, life_years in ((Line.CAPEX_5Y, 5), (Line.CAPEX_15Y, 15), (Line.CAPEX_39Y, None)):
        spent = -_by_year(usd[line], n_year)
        placed = np.where(years > service, spent, 0.0)
        placed[service, draw] = np.where(years <= service, spent, 0.0).sum(axis=0)
        basis += placed
        if life_years is None:
            month = lines.in_service_month
            first = np.where(month > 0, (12.5 - ((month - 1) % 12 + 1)) / 12.0, 1.0)
            built = np.cumsum(placed, axis=0)
            taken += (built - placed + placed * np.where(years == service, first, 0.5)) / 39.0
            continue
        taken += placed * rules.bonus_frac
        for age, share in enumerate(MACRS_HALF_YEAR_FRAC[life_years][:n_year]):
            taken[age:] += placed[: n_year - age] * ((1.0 - rules.bonus_frac) * share)
    taken = np.where(years < retired, taken, 0.0)
    taken[retired, draw] = np.where(years <= retired, basis, 0.0).sum(axis=0) - taken.sum(axis=0)
    return taken


def _tax(income: Array, rules: TaxRules) -> Array:
    if rules.losses == "group":
        return rules.rate_frac * income
    carried, out = np.zeros(income.shape[1]), np.empty_like(income)
    for year, earned in enumerate(income):
        gain = np.maximum(earned, 0.0)
        used = np.minimum(carried, rules.loss_use_limit_frac * gain)
        carried += np.maximum(-earned, 0.0) - used
        out[year] = rules.rate_frac * (gain - used)
    return out


def brentq_rates(cash_usd: Array, draws: range) -> Array:
    """Yearly rate of each draw: SciPy's root of its polynomial, above zero where there is one, else below."""
    low, high = 11.0 ** (-1.0 / 12.0), 0.05 ** (-1.0 / 12.0)
    out = np.empty(len(draws))
    for place, d in enumerate(draws):
        flows, months = cash_usd[:, d], np.arange(cash_usd.shape[0])

        def worth(factor: float, flows: Array = flows, months: NDArray[np.int64] = months) -> float:
            return float(flows @ factor**months)

        ends = (low, 1.0) if worth(low) * worth(1.0) <= 0.0 else (1.0, high)
        out[place] = brentq(worth, *ends, xtol=1e-15, rtol=1e-14) ** -12.0 - 1.0
    return out


@numba.njit(nogil=True, error_model="numpy")
def _puts(strike, mean, ratio, hours, ratio_hours):
    out = np.empty(strike.size)
    for i in range(strike.size):
        out[i] = put_value_usd_per_mwh(strike[i], mean[i], ratio, hours, ratio_hours)
    return out


def brute_puts(strike: Array, mean: Array, ratio: Array) -> Array:
    """E[max(strike - p, 0)], each hour of the year for itself."""
    return np.array([np.maximum(s - m * ratio, 0.0).mean() for s, m in zip(strike, mean, strict=True)])


def year_of_hours(rng: np.random.Generator) -> Array:
    """A year of hourly prices with a daily shape, scarcity and hours below zero. [USD/MWh]"""
    hour = np.arange(8_760)
    usual = 32.0 * np.exp(0.35 * np.sin(2.0 * np.pi * (hour - 9) / 24.0) + 0.5 * rng.standard_normal(hour.size))
    scarce = np.where(rng.random(hour.size) < 0.004, 1_500.0 * rng.random(hour.size), 0.0)
    return np.where(rng.random(hour.size) < 0.03, -8.0 * rng.random(hour.size), usual) + scarce


class Rows:
    """Rows of the table, and whether every peer agreed."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.agree = True

    def add(self, name: str, peer: str, unit: str, each_s: tuple[float, float], apart: float) -> None:
        """One kernel beside one peer, in microseconds per unit of work."""
        own, other = each_s
        holds = apart <= TOLERANCE
        self.agree &= holds
        figures = (f"{own * 1e6:,.2f}", f"{other * 1e6:,.2f}", f"{other / own:,.1f}x", f"{apart:.0e}")
        self.rows.append([name, peer, unit, *figures, "yes" if holds else "NO"])


def statements(rows: Rows, cases: list[Case], n_sample: int, repeats: int) -> None:
    """The statement kernel against the ledger and against NumPy."""
    n_draw = cases[0].lines.usd.shape[2]
    own_s, own = best_seconds(lambda: [statement(c.lines, c.rules, c.discount) for c in cases], repeats)
    own_each_s = own_s / len(cases) / n_draw

    sample = range(0, n_draw, n_draw // n_sample)
    ledger_s, ledgers = best_seconds(
        lambda: [[ledger(c.lines, c.rules, d)["after_tax_usd"] for d in sample] for c in cases], 1
    )
    apart = max(
        difference(kept.after_tax_usd[:, sample], np.stack(shown, axis=1))
        for kept, shown in zip(own, ledgers, strict=True)
    )
    each = ledger_s / len(cases) / len(sample)
    rows.add("statement", "finance.ledger, draw by draw", "case and draw", (own_each_s, each), apart)

    numpy_s, blocked = best_seconds(lambda: [numpy_statement(c) for c in cases], repeats)
    apart = 0.0
    for kept, (cash, npv, other, bare) in zip(own, blocked, strict=True):
        pairs = ((kept.after_tax_usd, cash), (kept.npv_usd, npv), (kept.npv_other_losses_usd, other))
        scale = np.max(np.abs(cash))
        apart = max(apart, *(float(np.max(np.abs(a - b)) / scale) for a, b in pairs))
        apart = max(apart, float(np.max(np.abs(kept.npv_no_residual_usd - bare)) / scale))
    each = numpy_s / len(cases) / n_draw
    rows.add("statement", "NumPy over all draws", "case and draw", (own_each_s, each), apart)


def rates(rows: Rows, cases: list[Case], n_sample: int, repeats: int) -> str:
    """Internal rates against SciPy; gives a note."""
    cash = [statement(c.lines, c.rules, c.discount).after_tax_usd for c in cases]
    own_s, own = best_seconds(lambda: [internal_rates_frac(c) for c in cash], repeats)
    n_draw = cash[0].shape[1]
    own_each_s = own_s / len(cash) / n_draw
    sampled = []
    for flows, (rate, status) in zip(cash, own, strict=True):
        unique = np.flatnonzero(status == 0)[:: max(1, n_draw // n_sample)]
        sampled.append((flows[:, unique], rate[unique]))
    count = sum(rate.size for _, rate in sampled)
    peer_s, peer = best_seconds(lambda: [brentq_rates(flows, range(rate.size)) for flows, rate in sampled], 1)
    apart = max(
        (float(np.max(np.abs(a - b) / (1.0 + np.abs(b)))) for (_, a), b in zip(sampled, peer, strict=True) if a.size),
        default=np.inf,
    )
    rows.add("internal_rates_frac", "scipy.optimize.brentq, draw by draw", "draw", (own_each_s, peer_s / count), apart)
    return f"{count} roots compared, of draws whose rate is unique"


def puts(rows: Rows, n_month: int, repeats: int) -> str:
    """Stopping in dear hours by prefix sums against every hour of the year; gives a note."""
    rng = np.random.default_rng(7)
    prices = year_of_hours(rng)
    sort_s, (mean, curve) = best_seconds(lambda: curve_of(prices), repeats)
    hours, ratio_hours = curve_sums(curve)
    strikes, means = rng.uniform(5.0, 250.0, n_month), mean * rng.lognormal(0.0, 0.4, n_month)
    _puts(strikes[:1], means[:1], curve.price_ratio, hours, ratio_hours)  # compile
    own_s, own = best_seconds(lambda: _puts(strikes, means, curve.price_ratio, hours, ratio_hours), repeats)
    sample = slice(0, min(n_month, 2_000))
    peer_s, peer = best_seconds(lambda: brute_puts(strikes[sample], means[sample], curve.price_ratio), 1)
    apart = float(np.max(np.abs(own[sample] - peer) / np.maximum(1.0, np.abs(peer))))
    each = (own_s / n_month, peer_s / peer.size)
    rows.add("curtailment put", "NumPy over 8,760 hours", "strike", each, apart)
    return f"sorting the year costs {sort_s * 1e3:.1f} ms, once for all months and draws"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less work, once")
    quick = parser.parse_args().quick
    repeats, n_sample, n_site = (1, 4, 2) if quick else (7, 16, 12)
    print(machine(), flush=True)
    laid_out = plan(read("us-miners", SPECS), facts.load(), n_draw=256, seed=7)
    cases, rows = real_cases(laid_out, n_site), Rows()
    statement(cases[0].lines, cases[0].rules, cases[0].discount)  # compile before the clock runs
    internal_rates_frac(statement(cases[0].lines, cases[0].rules, cases[0].discount).after_tax_usd)
    statements(rows, cases, n_sample, repeats)
    notes = [rates(rows, cases, n_sample, repeats), puts(rows, 20_000 if quick else 500_000, repeats)]
    heads = ("kernel", "peer", "work", "kernel us", "peer us", "ratio", "apart", "agree")
    title = f"Microseconds per unit of work, one core; {len(cases)} cases of us-miners, 256 draws"
    print(table(title, heads, rows.rows))
    print("", *notes, f"agree: not more than {TOLERANCE:g} apart, of the largest figure", sep="\n")
    if not rows.agree:
        sys.exit("a kernel and its peer differ")


if __name__ == "__main__":
    main()
