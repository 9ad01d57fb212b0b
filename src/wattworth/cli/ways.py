"""``wattworth ways`` and ``wattworth idle``: how soon power can come, and what hardware costs that waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from wattworth.cli import options
from wattworth.cli.console import document, line, show, to_stdout
from wattworth.cli.tables import NONE, grid, heading, millions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wattworth.valuation.idle import IdleHardware
    from wattworth.valuation.league import League, LeagueRow, PowerOnValue

_STUDY: Final = "us-miners"
_MOST_GPUS: Final = 1_000_000_000
_MOST_MONTHS: Final = 1_200

Facts = Annotated[
    str,
    Parameter(name="STUDY", help="Study whose as-of month, money and facts count; its sites are not read."),
]
ValueAt = Annotated[
    float | None,
    Parameter(name="--value", help="Value of a gross watt at power-on of your own.", metavar="USD_PER_W"),
]
OnUse = Annotated[
    str | None,
    Parameter(name="--use", help="Use that gives the value at power-on; the one worth most by default.", metavar="USE"),
]
Gpus = Annotated[
    int, Parameter(name="--gpus", help="GPUs that wait.", metavar="N", validator=Number(gte=1, lte=_MOST_GPUS))
]
Months = Annotated[
    int, Parameter(name="--months", help="Months they wait.", metavar="M", validator=Number(gte=1, lte=_MOST_MONTHS))
]
Rate = Annotated[float, Parameter(name="--rate", help="Yearly discount rate.", metavar="R", validator=Number(gt=-1))]


def ways(
    study: Facts = _STUDY,
    /,
    *,
    draws: options.Draws = 10_000,
    seed: options.Seed = 7,
    use: OnUse = None,
    value_usd_per_w: ValueAt = None,
    json: options.Json = False,
) -> int:
    """Compare every way to power: months, chance, capital, cost of the delay, and what is left of a watt."""
    from wattworth.valuation import read_study
    from wattworth.valuation.league import league

    found = league(read_study(study), draws=draws, seed=seed, use=use, value_usd_per_w=value_usd_per_w)
    if json:
        document(found.document())
        return 0
    _show_league(found)
    return 0


def idle(
    study: Facts = _STUDY,
    /,
    *,
    gpus: Gpus,
    months: Months,
    rate_frac: Rate = 0.07,
    json: options.Json = False,
) -> int:
    """Tell what GPUs cost that wait for power: the published identity, and the market's view beside it."""
    from wattworth.valuation import read_study
    from wattworth.valuation.idle import idle_hardware

    found = idle_hardware(read_study(study), gpus=gpus, months=months, rate_frac=rate_frac)
    if json:
        document(found.document())
        return 0
    _show_idle(found)
    return 0


_HEADS: Final = ("way", "to power", "to first rent", "chance", "$/kW", "net $/W", "banks'")
_MORE_HEADS: Final = ("delay", "energy", "kept", "delayed most by")
_WIDE: Final = 128


def _show_league(found: League) -> None:
    wide = to_stdout().width >= _WIDE
    heads = (*_HEADS, *_MORE_HEADS) if wide else _HEADS
    rows = ((*_cells(row, found.banks_usd_per_w), *(_more_cells(row) if wide else ())) for row in found.rows)
    show(grid(heads, rows, text=(0, len(heads) - 1) if wide else (0,)))
    line()
    line("months: P10-P50-P90; $ per gross W of today, capital before tax; <: the price of the energy is left out")
    line("net: value at power-on after odds, wait, capital and energy; banks': the same at the value banks print")
    if wide:
        line(
            "delay: value lost to the wait; energy: own less the grid's; kept: share of value that odds and wait leave"
        )
    line(f"value at power-on: {_value(found.value)}; others: {', '.join(map(_value, found.others))}")
    line(
        f"a month later costs {found.month_usd_per_w:.4f} $/W at {found.rate_frac:.1%} a year; "
        f"fastest to first rent: {found.fastest.label}; likeliest: {found.surest.label}"
    )
    if found.mine_leads_from_usd_per_w is None:
        line("the energised mine never leaves most: another way keeps more of each dollar")
    else:
        line(
            f"the energised mine leaves most where a watt at power-on is worth more than "
            f"{found.mine_leads_from_usd_per_w:.2f} $; the last way it passes is {found.last_passed}"
        )
    show(heading("left out"))
    said: dict[str, list[str]] = {}
    for row in found.rows:
        for words in row.left_out:
            said.setdefault(words, []).append(row.draws.way.label)
    for words, labels in said.items():
        several = "grid queues" if all(label.startswith("grid") for label in labels) else ", ".join(labels)
        line(f"{several}: {words}")


def _cells(row: LeagueRow, banks_usd_per_w: float) -> tuple[str, ...]:
    dates = row.draws
    return (
        dates.way.label,
        _months(dates.power_months),
        _months(dates.rent_months),
        f"{dates.chance_frac:.0%}",
        f"{row.capital_usd_per_kw:.0f}",
        *(
            f"{'< ' if row.energy_usd_per_w is None else ''}{_cents(row.net_at_usd_per_w(v))}"
            for v in (row.value_usd_per_w, banks_usd_per_w)
        ),
    )


def _more_cells(row: LeagueRow) -> tuple[str, ...]:
    shares = row.draws.rent_critical_frac
    gate = max(shares, key=lambda name: shares[name])
    energy = NONE if row.energy_usd_per_w is None else _cents(row.energy_usd_per_w)
    most = f"{gate.replace('_', ' ')} {shares[gate]:.0%}"
    return _cents(row.delay_usd_per_w), energy, _cents(row.kept_frac), most


def _cents(number: float) -> str:
    return f"{round(number, 2) + 0.0:.2f}"


def _months(draws: NDArray[np.float64]) -> str:
    from wattworth.timeline.ways import months_summary

    return "-".join(f"{month:.0f}" for month in months_summary(draws).values())


def _value(found: PowerOnValue) -> str:
    central = found.central_usd_per_gross_w
    at_central = "" if central is None else f" (central {central:.2f})"
    return f"{found.basis} {found.usd_per_gross_w:.2f}{at_central}"


def _show_idle(found: IdleHardware) -> None:
    one_gpu = found.hardware_usd / found.gpus
    line(f"{found.gpus:,} {found.generation} GPUs at {one_gpu:,.0f} $ with node and network wait {found.months} months")
    line(f"millions of dollars of today at {found.rate_frac:.2%} a year")
    rows = (
        (f"published identity: every hour at {found.usd_per_gpu_hour:.2f} $, start of each year", found.published_usd),
        ("margin not earned while they wait, if they age on the shelf", found.lost_margin_usd),
        ("  rent at the market's path and usual utilisation", found.rent_usd),
        ("  less power not used", -found.power_usd),
        ("power on time against power late, if they wear in use", found.lost_npv_usd),
        ("  margin not earned while they wait", found.lost_margin_usd),
        ("  less margin earned later instead", -found.later_margin_usd),
        ("  resale lost by selling later", found.resale_usd),
        ("bought now against bought on the day of power", found.held_usd),
        ("  fall of their resale value", found.price_fall_usd),
        ("  interest on their price", found.interest_usd),
    )
    show(grid(("", "$M"), ((words, millions(usd).removeprefix("+")) for words, usd in rows)))
    line()
    line("four answers to four questions: any two of them added count the same loss twice")
