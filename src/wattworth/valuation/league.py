"""League of ways to power: dates, odds, capital, what the delay costs, and what is left of a watt.

All money is dollars per gross watt at the connection, in the same dollars whenever it falls due: only timing shifts, as
in the closed form of a month's value. What is left out is listed, never nil by silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from typing import Any, Final

import numpy as np

from wattworth import uses
from wattworth.errors import StudyError
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Site, Study, fill, unknown_use
from wattworth.timeline import month_value_usd
from wattworth.timeline.ways import MINE, Way, WayDraws, draw_ways
from wattworth.units import MONTHS_PER_YEAR, W_PER_MW
from wattworth.valuation.plan import plan
from wattworth.valuation.run import DEFAULT_SEED, SPECS, value
from wattworth.valuation.way_costs import FACT_KEYS, W_PER_KW, WayMoney, plant_of, way_money

DEFAULT_DRAWS: Final = 10_000

SITE: Final = Site(
    site_id="energised-100-mw",
    name="100 MW, energised, nothing on it",
    company="league of ways",
    country="US",
    iso="ERCOT",
    operating_gross_mw=100.0,
    previous_use="greenfield",
)
"""What is valued to find what a watt is worth on the day it has power."""


@dataclass(frozen=True, slots=True)
class PowerOnValue:
    """What a gross watt is worth on the day of its first rent.

    Attributes
    ----------
    basis
        ``turnkey``, ``powered_shell`` ..., ``banks`` or ``given``.
    usd_per_gross_w
        The value: capital of the hall paid, power there, tenant paying. [USD/W]
    central_usd_per_gross_w
        The same on the central path; None where there is none. [USD/W]
    """

    basis: str
    usd_per_gross_w: float
    central_usd_per_gross_w: float | None = None


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One way; money in dollars per gross watt, valued today.

    Attributes
    ----------
    draws
        Its dates and odds.
    capital_usd_per_kw
        Before tax, on the day of power. [USD/kW]
    delay_usd_per_w
        Value at power-on less the same after the wait, if it comes off. [USD/W]
    capital_usd_per_w
        The capital today, after tax, times the chance that power comes. [USD/W]
    energy_usd_per_w
        On-site energy less the grid's from first rent to the horizon, after tax, on that day; 0 on the grid, None where
        no fact tells. [USD/W]
    fallback_usd_per_w
        Sale of the powered site where no hall comes, times the chance of that. [USD/W]
    kept_frac
        Share of a value at power-on that is left after odds and wait. [1]
    net_usd_per_w
        Kept share of value and energy, less capital, plus fallback. [USD/W]
    value_usd_per_w
        The value at power-on it is counted with. [USD/W]
    left_out
        What the row does not count.
    """

    draws: WayDraws
    capital_usd_per_kw: float
    delay_usd_per_w: float
    capital_usd_per_w: float
    energy_usd_per_w: float | None
    fallback_usd_per_w: float
    kept_frac: float
    net_usd_per_w: float
    value_usd_per_w: float
    left_out: tuple[str, ...]

    def net_at_usd_per_w(self, value_usd_per_w: float) -> float:
        """What is left at another value at power-on: a straight line in it. [USD/W]"""
        return self.net_usd_per_w + self.kept_frac * (value_usd_per_w - self.value_usd_per_w)

    def document(self) -> dict[str, Any]:
        """The row as plain values."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "draws"}
        bound = {"net_is_upper_bound": self.energy_usd_per_w is None}
        return {**self.draws.document(), **own, **bound, "left_out": list(self.left_out)}


@dataclass(frozen=True, slots=True)
class League:
    """All ways, the soonest to its first rent first.

    Attributes
    ----------
    study, as_of, n_draw, seed
        The run.
    value
        Value at power-on that the rows count with.
    others
        The same on other bases.
    rate_frac
        Base rate. [1/year]
    mine_leads_from_usd_per_w
        Value at power-on from which the energised mine leaves more than every other way; None if it never does. [USD/W]
    last_passed
        The way that it passes there.
    rows
        In order.
    """

    study: str
    as_of: str
    n_draw: int
    seed: int
    value: PowerOnValue
    others: tuple[PowerOnValue, ...]
    rate_frac: float
    mine_leads_from_usd_per_w: float | None
    last_passed: str | None
    rows: tuple[LeagueRow, ...]

    @property
    def banks_usd_per_w(self) -> float:
        """Value that banks print for a watt with a signed lease. [USD/W]"""
        return next(v.usd_per_gross_w for v in (self.value, *self.others) if v.basis == BANKS)

    @property
    def fastest(self) -> Way:
        """Way with the earliest median first rent."""
        return min(self.rows, key=lambda row: float(np.median(row.draws.rent_months))).draws.way

    @property
    def surest(self) -> Way:
        """Way with the best chance of ever earning rent."""
        return max(self.rows, key=lambda row: row.draws.chance_frac).draws.way

    @property
    def month_usd_per_w(self) -> float:
        """What the first month of delay costs a watt that has power today. [USD/W]"""
        return month_value_usd(self.value.usd_per_gross_w, self.rate_frac)

    def document(self) -> dict[str, Any]:
        """The league as one plain document."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": self.study,
            "as_of": self.as_of,
            "draws": self.n_draw,
            "seed": self.seed,
            "rate_frac": self.rate_frac,
            "value_at_power": asdict(self.value),
            "other_values_at_power": [asdict(other) for other in self.others],
            "month_usd_per_w": self.month_usd_per_w,
            "fastest": self.fastest.name,
            "surest": self.surest.name,
            "mine_leads_from_usd_per_w": self.mine_leads_from_usd_per_w,
            "last_passed": self.last_passed,
            "ways": [row.document() for row in self.rows],
        }


def league(
    study: Study,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    use: str | None = None,
    value_usd_per_w: float | None = None,
) -> League:
    """Every way to power on one basis.

    Parameters
    ----------
    study
        Its as-of month, money and facts; its sites are not read.
    draws, seed
        Of the dates, and of the value at power-on.
    use
        Conversion that gives the value at power-on; None takes the one worth most if it succeeds.
    value_usd_per_w
        A value at power-on of one's own, in place of it. [USD/W]

    Raises
    ------
    StudyError
        If the use is unknown or no conversion, or a number is out of range.
    """
    if value_usd_per_w is not None and not isfinite(value_usd_per_w):
        raise StudyError(f"value at power-on: got {value_usd_per_w}, need dollars per gross watt, such as 1.5")
    one = _one_site(study, use)
    filled = fill(one, uses.fact_book(), FACT_KEYS)
    drawn = draw_ways(filled.facts, draws=draws, seed=seed)
    laid_out = plan(one, uses.fact_book(), n_draw=1, seed=seed)
    money = way_money(laid_out, filled.facts)
    found = power_on_values(one, draws=draws, seed=seed, rate_frac=money.rate_frac)
    chosen = max((v for v in found if v.basis != BANKS), key=lambda v: v.usd_per_gross_w)
    if value_usd_per_w is not None:
        chosen = PowerOnValue("given", value_usd_per_w)
    usd_per_w = chosen.usd_per_gross_w
    rows = sorted((league_row(each, money, usd_per_w) for each in drawn), key=_soonest)
    leads_from, last = _mine_leads(rows, usd_per_w)
    return League(
        study=study.name,
        as_of=study.as_of,
        n_draw=draws,
        seed=seed,
        value=chosen,
        others=tuple(v for v in found if v != chosen),
        rate_frac=money.rate_frac,
        mine_leads_from_usd_per_w=leads_from,
        last_passed=last,
        rows=tuple(rows),
    )


def _soonest(row: LeagueRow) -> tuple[float, float]:
    return float(np.median(row.draws.rent_months)), float(np.median(row.draws.power_months))


BANKS: Final = "banks"
"""Basis of the value that banks print: income times a multiple less capital, on a lease that is signed and sure."""


def _one_site(study: Study, use: str | None) -> Study:
    convertible = [name for name, each in uses.registered().items() if each.converts]
    if use is not None and use not in SPECS:
        raise StudyError(unknown_use(use, SPECS))
    if use is not None and use not in convertible:
        raise StudyError(f'use "{use}" needs no hall; need one of {", ".join(convertible)}')
    names = [use] if use else convertible
    return replace(
        study,
        sites=(SITE,),
        uses={name: study.uses.get(name) or SPECS[name].options() for name in names},
        double_counts=(),
        discount=None,
    )


def power_on_values(one: Study, *, draws: int, seed: int, rate_frac: float) -> list[PowerOnValue]:
    """Value of :data:`SITE` in each use of a study, brought forward to its first rent.

    Parameters
    ----------
    one
        A study with that site alone.
    draws, seed
        Of the valuation.
    rate_frac
        Base rate. [1/year]

    Notes
    -----
    The engine's net present value if the conversion succeeds, hall and all, over the mean discount factor of its first
    rent: what the watt is worth on that day, in dollars of that day.
    """
    run = value(one, draws=draws, seed=seed, workers=1)
    entry = run.site(SITE.site_id)
    watts = (SITE.operating_gross_mw or 0.0) * W_PER_MW
    found: list[PowerOnValue] = []
    if not run.draws:
        why = "; ".join(f"{name}: {each['reason']}" for name, each in entry["uses"].items())
        raise StudyError(f"no value at power-on, for an energised site without a mine cannot serve this use ({why})")
    for (_, name), metric in run.draws.items():
        factor = float(np.mean((1.0 + rate_frac) ** (-metric["first_revenue_month"] / MONTHS_PER_YEAR)))
        central = entry["uses"][name]["central"]["npv_usd"] / watts / factor
        found.append(PowerOnValue(name, float(metric["npv_usd"].mean()) / watts / factor, central))
    if entry["waterfall"]:
        found.append(PowerOnValue(BANKS, entry["waterfall"][0]["usd_per_gross_w"]))
    return found


def league_row(way: WayDraws, money: WayMoney, value_usd_per_w: float) -> LeagueRow:
    r"""One way at a value at power-on.

    Parameters
    ----------
    way
        Its dates and odds.
    money
        What all ways share.
    value_usd_per_w
        Value of a watt on the day of its first rent. [USD/W]

    Notes
    -----
    With *q* the chance of power, *p* that of rent, *d* mean discount factors, *V* value, *E* energy, *K* capital,
    *c* tax credit, *s* tax saved and *S* the sale of what stands without a tenant:

    .. math:: p\, d_{rent} (V - E + s K) - q\, d_{power} (1 - c) K + (q - p)\, d_{sale} S
    """
    plant = plant_of(way.way.name)
    dates = (way.power_months, way.rent_months, way.given_up_months)
    to_power, to_rent, to_sale = (
        float(np.mean((1.0 + money.rate_frac) ** (-months / MONTHS_PER_YEAR))) for months in dates
    )
    per_kw_usd = money.capital_usd_per_kw(plant)
    per_w_usd = per_kw_usd / W_PER_KW
    kept = way.chance_frac * to_rent
    spent = way.power_frac * to_power * (1.0 - money.credit_frac(plant)) * per_w_usd
    capital = spent - kept * money.shield_frac(plant) * per_w_usd
    fallback = (way.power_frac - way.chance_frac) * to_sale * money.sale_usd_per_w(plant)
    energy = money.energy_usd_per_w(plant)
    return LeagueRow(
        draws=way,
        capital_usd_per_kw=per_kw_usd,
        delay_usd_per_w=value_usd_per_w * (1.0 - to_rent),
        capital_usd_per_w=capital,
        energy_usd_per_w=energy,
        fallback_usd_per_w=fallback,
        kept_frac=kept,
        net_usd_per_w=kept * (value_usd_per_w - (energy or 0.0)) - capital + fallback,
        value_usd_per_w=value_usd_per_w,
        left_out=plant.left_out,
    )


def _mine_leads(rows: Sequence[LeagueRow], value_usd_per_w: float) -> tuple[float | None, str | None]:
    """Least value at power-on from which no other way leaves more, and the last to be passed.

    What is left is a straight line in the value, and the mine's is steepest if it keeps the largest share.
    """
    mine = next(row for row in rows if row.draws.way.name == MINE)
    others = [row for row in rows if row is not mine]
    if any(row.kept_frac >= mine.kept_frac for row in others):
        return None, None
    lag = {
        row.draws.way.name: (row.net_usd_per_w - mine.net_usd_per_w) / (mine.kept_frac - row.kept_frac)
        for row in others
    }
    last = max(lag, key=lambda name: lag[name])
    return value_usd_per_w + lag[last], last
