"""Paths and problems that several tests of options share; bits are keyed by seed and name, as in a run."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from wattworth.compute import streams
from wattworth.options import Switch, SwitchProblem

TRAINING = range(16)
"""Chunks of 4,096 paths."""


def lognormal(seed, chunks, start, drift, vol, years, name="price", normals=None):
    """Geometric Brownian motion at the given times, the first of which may be 0; shape (date, draw)."""
    if normals is None:
        normals = streams.normals(seed, name, chunks, len(years))
    step = np.diff(years, prepend=0.0)[:, None]
    return start * np.exp(np.cumsum((drift - 0.5 * vol**2) * step + vol * np.sqrt(step) * normals, axis=0))


def surprise(path, drift, years):
    """What each value did until the next beyond its drift; the path has one value more than there are dates."""
    growth = np.array([np.exp(drift * (b - a)) for a, b in pairwise(years)])[:, None]
    return path[1:] - path[:-1] * growth


def put(seed, chunks, n_date=50, spot=100.0, strike=100.0, rate=0.05, div=0.0, vol=0.25, years=1.0):
    """A put that may be exercised now and on `n_date` dates, the last its expiry."""
    times = np.arange(n_date + 2) * years / n_date
    path = lognormal(seed, chunks, spot, rate - div, vol, times)
    price = path[:-1]
    return SwitchProblem(
        states=("held", "exercised"),
        months=tuple(range(n_date + 2)),
        discount=np.exp(-rate * np.minimum(times, years)),
        drivers={"price": price},
        switches=(Switch("held", "exercised", cost_usd=price - strike, allowed=price < strike),),
        surprises={"price": surprise(path, rate - div, times) * np.exp(rate * years / n_date)},
    )


def wait_to_build(seed, chunks, rate, div, vol, start, n_date=320, years=80.0):
    """The right to pay 1 for a project worth V, on `n_date` dates."""
    times = np.arange(n_date + 1) * years / n_date
    path = lognormal(seed, chunks, start, rate - div, vol, times)
    worth = path[:-1]
    return SwitchProblem(
        states=("waiting", "built"),
        months=tuple(round(12 * t) for t in times),
        discount=np.exp(-rate * times),
        drivers={"worth": worth},
        switches=(Switch("waiting", "built", cost_usd=1.0 - worth, allowed=worth >= 1.0),),
        surprises={"worth": surprise(path, rate - div, times)},
    )


def site(seed, chunks, n_date=40, rent_vol=0.2):
    """A mine that may be idled, converted in one stage or two, or sold; three drivers, every quarter."""
    times = np.arange(n_date + 1) / 4.0
    walks = {
        "hashprice": lognormal(seed, chunks, 50.0, -0.05, 0.5, times, "hashprice"),
        "rent": lognormal(seed, chunks, 120.0, 0.0, rent_vol, times, "rent"),
        "power": lognormal(seed, chunks, 45.0, 0.02, 0.25, times, "power"),
    }
    drifts = {"hashprice": -0.05, "rent": 0.0, "power": 0.02}
    hashprice, rent, power = (walk[:-1] for walk in walks.values())
    mining = (1.2 * hashprice - power) * 2e5
    switches = [
        ("mining", "idle", 1e5, 0),
        ("idle", "mining", 5e5, 1),
        ("mining", "half leased", 6e7, 4),
        ("half leased", "leased", 6e7, 4),
        ("mining", "leased", 1.1e8, 6),
        ("idle", "leased", 1.1e8, 6),
        ("mining", "sold", -5e7, 0),
        ("idle", "sold", -5e7, 0),
    ]
    return SwitchProblem(
        states=("mining", "idle", "half leased", "leased", "sold"),
        months=tuple(range(0, 3 * n_date + 1, 3)),
        discount=np.exp(-0.08 * times),
        drivers={"hashprice": hashprice, "rent": rent, "power": power},
        cash_usd={"mining": mining, "idle": -1e5, "half leased": 0.5 * mining + 5e4 * rent, "leased": 1e5 * rent},
        terminal_usd={"mining": 1e7, "half leased": 5e5 * rent[-1], "leased": 1e6 * rent[-1]},
        switches=tuple(Switch(origin, target, cost, lag) for origin, target, cost, lag in switches),
        surprises={name: surprise(walk, drifts[name], times) for name, walk in walks.items()},
    )


def blocks(make, n_block, *args, **kwargs):
    """Fresh blocks of 4,096 draws, one after the other."""
    return (make(*args, range(16 * k, 16 * (k + 1)), **kwargs) for k in range(n_block))
