"""Small networks as arrays, and a small study as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from wattworth.gas.problem import Builds, Fields, GasProblem, Links, Outlets, no_builds, runs_of, spend_of


def hub(margin, existing=None, depth=None, volume=((100.0,),), builds=None, **others) -> GasProblem:
    """One field and options at one node; margin is (option, year) or (scenario, option, year)."""
    margin = np.asarray(margin, float)
    margin = margin[None] if margin.ndim == 2 else margin
    _, n_option, n_year = margin.shape
    volume, none = np.asarray(volume, float), np.zeros(0, np.int64)
    endless = np.full((n_option, n_year), np.inf)
    zero = np.zeros(n_option)
    price_effect = others.pop("price_effect", zero)
    kept, jobs = others.pop("kept", zero), others.pop("jobs", zero)
    names = tuple("ABCDEFGH"[:n_option])
    outlets = Outlets(
        names,
        names,
        np.zeros(n_option, np.int64),
        endless if existing is None else np.asarray(existing, float),
        endless if depth is None else np.asarray(depth, float),
        margin,
        margin,
        price_effect,
        kept,
        zero,
        zero,
        jobs,
        zero,
        builds or no_builds(n_option, n_year),
    )
    n_scenario = margin.shape[0]
    fields = Fields(
        ("field",),
        np.array([0]),
        volume,
        others.pop("committed", np.zeros_like(volume)),
        np.array([others.pop("cost", 0.0)]),
        np.array([others.pop("shut_in", 0.0)]),
    )
    empty = np.zeros((0, n_year))
    links = Links((), none, none, empty, empty, np.zeros(0), np.zeros(0), no_builds(0, n_year))
    chance = others.pop("probability", np.full(n_scenario, 1 / n_scenario))
    return GasProblem(
        tuple(range(2026, 2026 + n_year)),
        ("hub",),
        tuple(f"case {i}" for i in range(n_scenario)),
        chance,
        others.pop("worst_weight_frac", 0.0),
        others.pop("discount", np.ones(n_year)),
        fields,
        links,
        outlets,
        **others,
    )


def built(n_year: int, size, cost, most=1000.0) -> Builds:
    """Plants that run at once and for good."""
    size, cost = np.asarray(size, float), np.asarray(cost, float)
    n = len(size)
    return Builds(
        size,
        np.where(size > 0, most, 0.0),
        np.repeat(size[:, None] > 0, n_year, axis=1),
        runs_of(np.zeros(n, np.int64), np.full(n, 99.0), np.ones(n), n_year),
        np.repeat(cost[:, None], n_year, axis=1),
        spend_of(np.zeros(n, np.int64), n_year),
        cost,
        cost,
    )


STUDY = """schema_version: 1
name: small
title: Small
as_of: 2026-11
usd_year: 2025
first_year: 2026
years: 3
volume_unit: bcm_20c
mmbtu_per_thousand_m3: 36.0
real_rate_frac: 0.10
cases: {base: 1.0}
"""
NODES = """node,kind,volume,cost_usd_per_mmbtu,volume_unit
wells,field,10,1.0,bcm_20c
coast,market,,,bcm_20c
"""
LINKS = """link,from_node,to_node,capacity,committed,tariff_usd_per_mmbtu,loss_frac,added,added_capex_musd,volume_unit
pipe,wells,coast,6,0,0.5,0.1,,,bcm_20c
"""
OPTIONS = """option,use,node,depth,volume_unit
abroad,pipeline_export,coast,,bcm_20c
home,domestic_sale,wells,2,bcm_20c
"""
LIMITS = "limit,kind,applies_to,amount,unit\nhome-cap,gas,home,1,volume/yr\n"
PRICES = "case,commodity,value,unit\nbase,gas_abroad,5,$/MMBtu\nbase,gas_at_home,2,$/MMBtu\n"
FILES = {
    "study.yaml": STUDY,
    "nodes.csv": NODES,
    "links.csv": LINKS,
    "options.csv": OPTIONS,
    "limits.csv": LIMITS,
    "prices.csv": PRICES,
}


def write(folder: Path, **changed: str) -> Path:
    """The small study, some of its files changed: a file's stem to its text."""
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.partition(".")[0], text), encoding="utf-8")
    return folder
