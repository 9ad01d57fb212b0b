"""The same systems as one plain linear programme in HiGHS, and random systems to compare on."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import scipy.sparse as sp

from wattworth.supply.system import Design, Sink, Source, Store, System


def solar(n_hour):
    """Output of a megawatt of PV, the profile without a weather file of the validation page."""
    h = np.arange(n_hour)
    season = 0.85 + 0.15 * np.cos(2.0 * np.pi * ((h // 24) % 365 - 172) / 365)
    return 0.8 * np.maximum(0.0, np.sin(np.pi * (h % 24 - 6) / 12)) * season


def plain_lp(system, design=None):
    """Least yearly cost, capacities included; None if infeasible. Variables: capacities, then hours of each flow."""
    n, year = system.n_hour, system.n_year
    store = system.stores[0] if system.stores else Store("none", max_mw=0.0, max_mwh=0.0, start_frac=0.0)
    n_source, n_sink = len(system.sources), len(system.sinks)
    n_cap, n_flow = n_source + 2, n_source + n_sink + 4
    cost, low, high = np.zeros(n_cap + n * n_flow), np.zeros(n_cap + n * n_flow), np.full(n_cap + n * n_flow, np.inf)
    hours, eye = np.arange(n), sp.identity(n, format="csr")

    def place(k):
        return slice(n_cap + k * n, n_cap + (k + 1) * n)

    def caps(k, column):
        out = sp.lil_matrix((n, n_cap))
        out[:, k] = np.broadcast_to(column, n)[:, None]
        return out

    def row(caps_part, parts):
        blocks = [parts.get(k, sp.csr_matrix((n, n))) for k in range(n_flow)]
        return sp.hstack([caps_part if caps_part is not None else sp.csr_matrix((n, n_cap)), *blocks])

    for k, s in enumerate(system.sources):
        cost[k], low[k], high[k] = s.capacity_usd_per_mw_year, s.min_mw, s.max_mw
        cost[place(k)] = np.broadcast_to(s.running_usd_per_mwh, n) / year
    for k, s in enumerate(system.sinks, n_source):
        cost[place(k)], high[place(k)] = -np.broadcast_to(s.price_usd_per_mwh, n) / year, s.limit_mw
    cost[n_source:n_cap] = store.capacity_usd_per_mw_year, store.capacity_usd_per_mwh_year
    low[n_source:n_cap], high[n_source:n_cap] = (store.min_mw, store.min_mwh), (store.max_mw, store.max_mwh)
    if design is not None:
        low[:n_cap] = high[:n_cap] = design
    unserved, charge, discharge, content = range(n_source + n_sink, n_flow)
    cost[place(unserved)], high[place(unserved)] = system.unserved_usd_per_mwh / year, system.load_mw
    balance = dict.fromkeys(range(n_source), eye) | dict.fromkeys(range(n_source, n_source + n_sink), -eye)
    rows = [(row(None, balance | {unserved: eye, discharge: eye, charge: -eye}), system.load_mw, system.load_mw)]
    free = np.full(n, -np.inf)
    for k, s in enumerate(system.sources):
        rows.append((row(-caps(k, s.available_frac), {k: eye}), free, np.zeros(n)))
    for flow, k in ((charge, n_source), (discharge, n_source), (content, n_source + 1)):
        rows.append((row(-caps(k, 1.0), {flow: eye}), free, np.zeros(n)))
    first = caps(n_source + 1, np.where(hours == 0, -store.start_frac, 0.0))
    change = {content: eye - sp.eye(n, k=-1), charge: -store.charge_frac * eye, discharge: eye / store.discharge_frac}
    rows.append((row(first, change), np.zeros(n), np.zeros(n)))
    last = sp.diags(np.where(hours == n - 1, 1.0, 0.0))
    end = caps(n_source + 1, np.where(hours == n - 1, -store.start_frac, 0.0))
    rows.append((row(end, {content: last}), np.zeros(n), np.full(n, np.inf)))
    if system.unserved_max_frac < 1.0:
        total = sp.csr_matrix((np.ones(n), (np.zeros(n, dtype=int), hours)), shape=(n, n))
        most = np.full(n, np.inf)
        most[0] = system.unserved_max_frac * system.load_mw.sum()
        rows.append((row(None, {unserved: total}), free, most))
    matrix = sp.vstack([r[0] for r in rows]).tocsc()
    return _solve(cost, low, high, matrix, np.concatenate([r[1] for r in rows]), np.concatenate([r[2] for r in rows]))


def _solve(cost, low, high, matrix, least, most):
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(least)
    lp.col_cost_, lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_ = cost, low, high, least, most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
    solver.setOptionValue("dual_feasibility_tolerance", 1e-9)
    solver.passModel(lp)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    assert status == highspy.HighsModelStatus.kOptimal
    return solver.getInfo().objective_function_value


def _source(draw, k, n):
    sort = draw.random()
    available = 1.0 if sort < 0.4 else solar(n) if sort < 0.7 else draw.random(n).round(int(draw.integers(0, 3)))
    constant = draw.random() < 0.5
    running = float(draw.integers(0, 80)) if constant else draw.normal(20, 40, n).round(int(draw.integers(0, 3)))
    low = 0.0 if draw.random() < 0.7 else float(draw.integers(0, 20))
    high = np.inf if np.min(running) >= 0 and draw.random() < 0.6 else low + float(draw.integers(0, 80))
    return Source(f"source {k}", available, running, float(draw.integers(1, 30) * n), low, high)


def _sink(draw, k, n):
    price = float(draw.integers(-10, 60)) if draw.random() < 0.4 else draw.normal(20, 30, n)
    return Sink(f"sink {k}", price, float(draw.integers(0, 40)) if draw.random() < 0.5 else draw.random(n) * 30)


def _store(draw, n):
    into, out = (1.0 if draw.random() < 0.15 else float(draw.uniform(0.7, 1.0)) for _ in range(2))
    return Store(
        "store",
        into,
        out,
        float(draw.integers(0, 10) * n),
        float(draw.integers(1, 8) * n) / 10.0,
        float(draw.integers(0, 2) * draw.integers(0, 15)),
        np.inf if draw.random() < 0.5 else 15.0 + float(draw.integers(0, 20)),
        float(draw.integers(0, 2) * draw.integers(0, 60)),
        np.inf if draw.random() < 0.5 else 60.0 + float(draw.integers(0, 60)),
        float(draw.choice([0.0, 0.25, 0.5, 1.0])),
    )


def random_system(seed, limit_frac=1.0):
    """Up to four sources and two sinks, prices below nought, a store or none, of 48 to 240 hours."""
    draw = np.random.default_rng(seed)
    n = int(draw.choice([48, 72, 168, 240]))
    load = np.clip(draw.normal(50, 15, n), 0.0, None) if draw.random() < 0.7 else np.full(n, 40.0)
    if draw.random() < 0.2:
        load[draw.random(n) < 0.1] = 0.0
    sources = tuple(_source(draw, k, n) for k in range(draw.integers(1, 5)))
    sinks = tuple(_sink(draw, k, n) for k in range(draw.integers(0, 3)))
    stores = (_store(draw, n),) if draw.random() < 0.85 else ()
    unserved = float(draw.choice([100.0, 1000.0, 10000.0]))
    return System(load, sources, sinks, stores, unserved, limit_frac, float(draw.choice([0.5, 1.0, 2.0])))


def random_design(system, seed):
    """Capacities as one array: sources, power, energy."""
    draw = np.random.default_rng([seed, 1])
    has = bool(system.stores)
    sources = draw.integers(0, 80, len(system.sources)).astype(float)
    return np.array([*sources, has * float(draw.integers(0, 30)), has * float(draw.integers(0, 100))])


def capacity_cost(system, capacities):
    """Yearly cost of capacities. [USD/year]"""
    rates = [s.capacity_usd_per_mw_year for s in system.sources]
    rates += [x for s in system.stores for x in (s.capacity_usd_per_mw_year, s.capacity_usd_per_mwh_year)]
    return float(np.dot(rates, capacities[: len(rates)]))


def as_design(system, capacities):
    """The same capacities as a record."""
    *sources, power, energy = map(float, capacities)
    return Design(tuple(sources), (power,) * len(system.stores), (energy,) * len(system.stores))


def sunny_year(n_hour=8760, n_year=1.0, noise=0.3, seed=0, **changes):
    """PV, gas and a battery for a flat load of 100 MW; cloud differs from day to day."""
    draw = np.random.default_rng(seed)
    cloud = np.clip(1.0 - noise * np.repeat(draw.exponential(0.6, n_hour // 24 + 1), 24)[:n_hour], 0.05, 1.0)
    sources = (
        Source("pv", solar(n_hour) * cloud, 0.0, 60e3),
        Source("gas", 1.0, 60.0, 150e3),
    )
    system = System(np.full(n_hour, 100.0), sources, (), (Store("battery", 0.92, 0.92, 9e3, 14e3),), n_year=n_year)
    return replace(system, **changes)


def balance_error_mw(system, dispatch):
    """Largest gap in any hour between what comes in and what goes out, and between contents and their changes."""
    made = dispatch.source_mw.sum(axis=0) + dispatch.discharge_mw.sum(axis=0) + dispatch.unserved_mw
    taken = system.load_mw + dispatch.sink_mw.sum(axis=0) + dispatch.charge_mw.sum(axis=0)
    return float(np.abs(made - taken).max())


def broken(system, capacities, dispatch):
    """By how much the worst limit of an hour is broken. [MW]"""
    n = system.n_hour
    worst = [0.0, float((dispatch.unserved_mw - system.load_mw).max()), -float(dispatch.unserved_mw.min())]
    for k, source in enumerate(system.sources):
        most = capacities[k] * np.broadcast_to(source.available_frac, n)
        worst += [float((dispatch.source_mw[k] - most).max()), -float(dispatch.source_mw[k].min())]
    for k, sink in enumerate(system.sinks):
        worst += [float((dispatch.sink_mw[k] - sink.limit_mw).max()), -float(dispatch.sink_mw[k].min())]
    for k, store in enumerate(system.stores):
        power, energy = capacities[-2:]
        start = store.start_frac * energy
        content = np.concatenate([[start], dispatch.content_mwh[k]])
        change = store.charge_frac * dispatch.charge_mw[k] - dispatch.discharge_mw[k] / store.discharge_frac
        worst += [float(np.abs(np.diff(content) - change).max()), start - content[-1]]
        worst += [content.max() - energy, -content.min()]
        for flow in (dispatch.charge_mw[k], dispatch.discharge_mw[k]):
            worst += [flow.max() - power, -flow.min()]
    return max(worst)
