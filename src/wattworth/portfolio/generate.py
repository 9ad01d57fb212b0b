"""Synthetic portfolios: sites, uses and periods under shared limits, of any size, for tests and benches.

Each site has a region, a gross capacity (lognormal around 60 MW) and a taste for each use (lognormal around one). A
use has a value and a capital cost per megawatt, drawn once for all sites; starting later costs 3 % of value a period.
An option takes capital and transformers in its start period, crews in it and the next, its tenant's demand for good,
and headroom of its region's grid for good. Limits are set so that about ``share_frac`` of what every site would like
first can be had. Leaving a site as it is takes nothing but keeps its hash rate, of which a least share must stay.
Values vary by draw with one factor for all, one for each use and one for each site.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wattworth.portfolio.records import KEEP, Array, Case, Choices, Limit, Limits

REGIONS = 5
GROWTH = 0.97
"""Value that is left for each period of delay."""


def generate(
    n_site: int, n_use: int = 6, n_period: int = 12, n_draw: int = 100, share_frac: float = 0.4, seed: int = 1
) -> Case:
    """A portfolio.

    Parameters
    ----------
    n_site, n_use, n_period, n_draw
        Its size; each site has n_use × n_period options and that of being left.
    share_frac
        How much of what all sites would like first can be had.
    seed
        Of all that is drawn.

    Returns
    -------
    Case
        Options and limits: capital, transformers and crews by period, capital in all, demand for each use, headroom
        of each region, hash rate that stays.
    """
    rng = np.random.default_rng(seed)
    gross_mw = np.round(60.0 * np.exp(0.7 * rng.standard_normal(n_site)), 1)
    region = rng.integers(0, REGIONS, n_site)
    taste = np.exp(0.35 * rng.standard_normal((n_site, n_use)))
    value_per_mw, capital_per_mw = rng.uniform(0.5, 5.0, n_use), rng.uniform(0.3, 9.0, n_use)
    crews = rng.integers(1, 4, n_use)
    n_each = n_use * n_period + 1
    site = np.repeat(np.arange(n_site), n_each)
    place = np.tile(np.arange(n_each), n_site)
    use, start = np.where(place, (place - 1) // n_period, -1), np.where(place, (place - 1) % n_period, KEEP)
    own = place > 0
    mw, likes = gross_mw[site], taste[site, np.maximum(use, 0)]
    noise = np.exp(0.05 * rng.standard_normal(len(site)))
    mean = np.where(own, mw * value_per_mw[use] * likes * GROWTH**start * noise, 0.25 * mw) * 1e6
    capital = np.where(own, np.round(mw * capital_per_mw[use] * np.exp(0.1 * rng.standard_normal(n_site))[site], 1), 0)
    transformers = np.where(own, np.ceil(mw / 50.0), 0)
    value = mean[:, None] * _draws(rng, site, use, (n_site, n_use, n_draw))
    takes = _taken(own, use, start, (n_use, n_period), capital, transformers, crews, mw, region[site])
    choices = Choices(
        tuple(f"site {i}" for i in range(n_site)),
        site,
        [f"use {u}" if u >= 0 else "keep" for u in use],
        start,
        value,
        {"gross_w": mw * 1e6, "gw_by_half": np.where(own & (start < n_period // 2), mw / 1e3, 0.0)},
    )
    return Case(choices, _limits(takes, choices, (n_use, n_period), share_frac))


def _draws(rng: Any, site: Any, use: Any, size: tuple[int, int, int]) -> Array:
    """A factor around one for each option and draw, shape (option, draw)."""
    n_site, n_use, n_draw = size
    market = rng.standard_normal(n_draw)
    of_use, of_site = rng.standard_normal((n_use + 1, n_draw)), rng.standard_normal((n_site, n_draw))
    factor = 0.15 * market + 0.25 * of_use[use]
    factor += 0.2 * of_site[site]
    np.maximum(factor + 1.0, -0.5, out=factor)
    return factor


def _taken(own: Any, use: Any, start: Any, shape: Any, *amounts: Any) -> dict[str, Any]:
    """Family to its unit, number of rows, and entries: row, option, amount."""
    (n_use, n_period), (capital, transformers, crews, mw, region) = shape, amounts
    at = np.flatnonzero(own)
    begun, after = start[at], np.minimum(start[at] + 1, n_period - 1)
    later = at[after > begun]
    kept = np.flatnonzero(~own)
    none = np.zeros(len(at), np.int64)
    return {
        "capital by period": ("m USD", n_period, begun, at, capital[at]),
        "transformers by period": ("", n_period, begun, at, transformers[at]),
        "crews by period": (
            "",
            n_period,
            np.concatenate([begun, after[after > begun]]),
            np.concatenate([at, later]),
            np.concatenate([crews[use[at]], crews[use[later]]]),
        ),
        "capital": ("m USD", 1, none, at, capital[at]),
        "demand": ("MW", n_use, use[at], at, mw[at]),
        "headroom": ("MW", REGIONS, region[at], at, mw[at]),
        "hash rate that stays": ("MW", 1, np.zeros(len(kept), np.int64), kept, mw[kept]),
    }


def _limits(takes: Any, choices: Choices, shape: tuple[int, int], share_frac: float) -> Limits:
    """Rows, each at a share of what a first wish of all sites, spread over the periods, would take."""
    from scipy.sparse import coo_array, vstack

    n_use, n_period = shape
    total_mw = float(choices.measures["gross_w"][choices.begins].sum() / 1e6)
    rows, parts = [], []
    for name, (unit, n_row, row, option, amount) in takes.items():
        matrix = coo_array((np.asarray(amount, float), (row, option)), shape=(n_row, choices.n_option)).tocsr()
        most = matrix.sum(axis=1) / (n_use * n_period)  # what one wish of each site would take on average
        scale = {"demand": 1.6, "headroom": 1.5, "crews by period": 1.2, "capital": 0.9}.get(name, 1.0)
        there = np.flatnonzero(most)
        for i in there:
            label = f"{name} {i}" if n_row > 1 else name
            if name.startswith("hash"):
                rows.append(Limit(label, round(0.2 * total_mw, 1), "at least", unit, name, 10.0))
                continue
            had = max(float(np.floor(share_frac * scale * most[i])), 1.0)
            rows.append(Limit(label, had, "at most", unit, name, 50.0 if unit else 1.0))
        parts.append(matrix[there])
    return Limits(tuple(rows), vstack(parts, format="csr"))
