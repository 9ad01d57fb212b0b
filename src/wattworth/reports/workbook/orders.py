"""When machines are bought on the central path: read off the engine's capital, slot by slot, and entered as values."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from wattworth import uses
from wattworth.records import CashLines, Line
from wattworth.reports.workbook.hours import hours_run
from wattworth.uses.refresh import machine_slots

_CLOSE = 1e-6


@dataclass(slots=True)
class Slot:
    """What can hold machines, by month; arrays of shape (month,).

    Attributes
    ----------
    power_mw
        At the meter. [MW]
    j_per_th, last_month
        Of the machines in it; -1 where there are none.
    arrives, ordered, hall
        Whether machines arrive in a month, are ordered, and are ordered with a hall.
    runs_frac, paid_usd_per_mwh
        Share of hours that run, and power paid over all hours.
    has_today
        Whether machines stand in it at the as-of month.
    """

    power_mw: float
    j_per_th: NDArray[np.float64]
    last_month: NDArray[np.float64]
    arrives: NDArray[np.bool_]
    ordered: NDArray[np.bool_]
    hall: NDArray[np.bool_]
    runs_frac: NDArray[np.float64]
    paid_usd_per_mwh: NDArray[np.float64]
    has_today: bool


@dataclass(slots=True)
class _Now:
    """A slot in the month that is looked at."""

    power_mw: float
    j_per_th: float
    end: int
    no_hall: bool
    due: int = -1
    due_j: float = 0.0


def slots(case: uses.Case, world: uses.World, lines: CashLines) -> list[Slot] | None:
    """Every slot and its machines by month; None where the capital leaves open which were bought."""
    own_j, power, end, missing = (array[:, 0] for array in machine_slots(case.site, case.part, world))
    now = [
        _Now(float(mw), float(j), int(last), bool(bare))
        for mw, j, last, bare in zip(power, own_j, end, missing, strict=True)
    ]
    n_month = lines.usd.shape[1]
    out = [_empty(slot, n_month) for slot in now]
    life = max(1, int(np.rint(12.0 * world.params["asic.economic_life"][0])))
    for m in range(n_month):
        for slot, kept in zip(now, out, strict=True):
            if slot.due == m:
                slot.j_per_th, slot.end, slot.due = slot.due_j, m + life - 1, -1
                kept.arrives[m] = True
            kept.j_per_th[m], kept.last_month[m] = slot.j_per_th, slot.end
        if not _order(now, out, m, world, lines):
            return None
    for kept in out:
        kept.runs_frac, kept.paid_usd_per_mwh = hours_run(case, world, kept.j_per_th, kept.last_month)
    return out


def _empty(slot: _Now, n_month: int) -> Slot:
    never = np.zeros(n_month, np.bool_)
    none = np.zeros(n_month)
    flags = (never.copy(), never.copy(), never.copy())
    return Slot(slot.power_mw, none.copy(), none.copy(), *flags, none, none, slot.end >= 0)


def _order(now: list[_Now], out: list[Slot], m: int, world: uses.World, lines: CashLines) -> bool:
    """Enter what is ordered in a month; False where no set of slots costs what was spent."""
    params, paths = world.params, world.paths
    per_mw = 1e6 / params["mine.pue"][0] / paths.asic_j_per_th[m, 0] * paths.asic_usd_per_th[m, 0]
    hall_per_mw = params["mine.capex"][0] * 1e6 * paths.price_index[m, 0]
    bought_mw = -lines.usd[Line.CAPEX_5Y, m, 0] / per_mw
    halls_mw = -lines.usd[Line.CAPEX_15Y, m, 0] / hall_per_mw
    if bought_mw <= _CLOSE:
        return True
    lead, hall_lead = (int(np.rint(params[f"mine_refresh.{name}"][0])) for name in ("machine_lead", "hall_lead"))
    free = [n for n, slot in enumerate(now) if slot.due < 0]
    sets = [chosen for size in range(1, len(free) + 1) for chosen in combinations(free, size)]
    fits = [
        chosen
        for chosen in sets
        if abs(sum(now[n].power_mw for n in chosen) - bought_mw) < _CLOSE * bought_mw
        and abs(sum(now[n].power_mw for n in chosen if now[n].no_hall) - halls_mw) < _CLOSE * bought_mw
    ]
    if not fits:
        return False

    def _worn_first(chosen: tuple[int, ...]) -> tuple[int, float]:
        return sum(now[n].end - lead > m for n in chosen), -sum(now[n].j_per_th for n in chosen)

    for n in min(fits, key=_worn_first):
        slot, kept = now[n], out[n]
        kept.ordered[m], kept.hall[m] = True, slot.no_hall
        slot.due = m + 1 + (max(lead, hall_lead) if slot.no_hall else lead)
        slot.due_j, slot.no_hall = float(paths.asic_j_per_th[m, 0]), False
    return True
