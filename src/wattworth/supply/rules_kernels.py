"""The hours of a fixed design run by rule, compiled: one pass over the hours for each design and year."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import kernel

N_TOTAL = 6
"""Totals of a year: renewable used, charged, battery out, unserved, curtailed, hours short."""

N_FIRM_TOTAL = 3
"""Totals of a firm source in a year: output, capacity that ran, starts."""

N_EXTRA_ROW = 4
"""Hourly rows after those of the sources: charge, discharge, content, unserved."""

_SHORT_MW = 1e-9
_WHOLE_UNIT = 1e-9


@kernel
def serve_hour(need, free, firm, content, store, inside, held):
    """One hour of free power and a store: used, charge, discharge, content at its end, and what is left to firm units.

    ``store`` is power, energy, content at the start of the year, share that survives the way in, and the way out;
    ``firm`` is what firm units could give.
    """
    power, energy, way_in, way_out = store[0], store[1], store[3], store[4]
    if free > need:
        room = energy - content if inside else (energy - content) / way_in
        charge = min(free - need, power, room)
        if charge >= 0.0:
            return need + charge, charge, 0.0, content + charge * way_in, 0.0
        discharge = min(-charge, need)  # content above what age has left serves the load in place of free power
        return need - discharge, 0.0, discharge, content - discharge * way_in, 0.0
    short = need - free
    wanted = max(0.0, short - firm) if held else short
    discharge = min(wanted / way_out, power, content) * way_out if inside else min(wanted, power, content * way_out)
    return free, 0.0, discharge, max(0.0, content - discharge / way_out), max(0.0, short - discharge)


@kernel
def run_year(  # noqa: PLR0913 - compiled
    load, available, renewable_mw, firm_available, firm_mw, unit_mw, store, inside, held, totals, firm_totals, hourly
):
    """Run one year; fills ``totals``, ``firm_totals`` and, unless it has no rows, ``hourly``."""
    content = store[2]
    running = np.full(firm_mw.size, -1.0)
    output = np.zeros(firm_mw.size)
    for h in range(load.size):
        free = 0.0
        for r in range(renewable_mw.size):
            free += renewable_mw[r] * available[r, h]
        firm = 0.0
        for f in range(firm_mw.size):
            firm += firm_mw[f] * firm_available[f, h]
        used, charge, discharge, content, short = serve_hour(load[h], free, firm, content, store, inside, held)
        for f in range(firm_mw.size):
            output[f] = min(short, firm_mw[f] * firm_available[f, h])
            short -= output[f]
            units = np.ceil(output[f] / unit_mw[f] - _WHOLE_UNIT) if unit_mw[f] > 0.0 else 1.0 * (output[f] > 0.0)
            if running[f] >= 0.0 and units > running[f]:
                firm_totals[2, f] += units - running[f]
            running[f] = units
            firm_totals[0, f] += output[f]
            firm_totals[1, f] += max(output[f], min(units * unit_mw[f], firm_mw[f]))
        totals[0] += used
        totals[1] += charge
        totals[2] += discharge
        totals[3] += short
        totals[4] += free - used
        totals[5] += 1.0 * (short > _SHORT_MW)
        if hourly.shape[0] > 0:
            share = used / free if free > 0.0 else 0.0
            for r in range(renewable_mw.size):
                hourly[r, h] = renewable_mw[r] * available[r, h] * share
            hourly[renewable_mw.size : renewable_mw.size + firm_mw.size, h] = output
            extra = renewable_mw.size + firm_mw.size
            hourly[extra, h] = charge
            hourly[extra + 1, h] = discharge
            hourly[extra + 2, h] = content
            hourly[extra + 3, h] = short


@kernel
def run_designs(  # noqa: PLR0913 - compiled
    load,
    available,
    renewable_mw,
    renewable_fade,
    firm_available,
    firm_mw,
    unit_mw,
    power_mw,
    energy_mwh,
    shares,
    inside,
    held,
    n_year,
):
    """Totals of shapes (design, year, total) and (design, year, total, firm).

    ``shares`` of the store: way in, way out, fade a year, content at the start of each year.
    """
    n_design = power_mw.size
    totals = np.zeros((n_design, n_year, N_TOTAL))
    firm_totals = np.zeros((n_design, n_year, N_FIRM_TOTAL, unit_mw.size))
    nothing = np.zeros((0, 0))
    store = np.empty(5)
    aged = np.empty(renewable_fade.size)
    for d in range(n_design):
        for y in range(n_year):
            age_into(store, aged, renewable_mw[d], renewable_fade, power_mw[d], energy_mwh[d], shares, inside, y)
            run_year(
                load,
                available,
                aged,
                firm_available,
                firm_mw[d],
                unit_mw,
                store,
                inside,
                held,
                totals[d, y],
                firm_totals[d, y],
                nothing,
            )
    return totals, firm_totals


@kernel
def age_into(  # noqa: PLR0913 - compiled
    store, aged, renewable_mw, renewable_fade, power_mw, energy_mwh, shares, inside, year
):
    """What a design has left in a year, the first being nought: fills ``store`` and ``aged``."""
    for r in range(aged.size):
        aged[r] = renewable_mw[r] * max(0.0, 1.0 - renewable_fade[r] * year)
    store[0] = power_mw
    store[1] = energy_mwh * max(0.0, 1.0 - shares[2] * year)
    store[2] = shares[3] * (energy_mwh if inside else store[1])
    store[3] = shares[0]
    store[4] = shares[1]
