"""The power contract as an asset of its own: what a fixed price is worth against the market."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattworth.study import Part, Site
from wattworth.units import HOURS_PER_MONTH
from wattworth.uses.base import World
from wattworth.uses.mining import FIXED, block_frac, power_terms


def has_block(site: Site, part: Part) -> bool:
    """Whether a fixed-price contract supplies the part: only energised megawatts draw on one."""
    return site.power_contract == "fixed" and (part.state == "energised" or part.mining_gross_mw > 0)


def block_mw(site: Site, part: Part) -> float:
    """Megawatts of a part that a fixed-price contract supplies, pro rata where it covers a part of the site. [MW]"""
    if not has_block(site, part):
        return 0.0
    return block_frac(site) * (part.gross_mw if part.state == "energised" else part.mining_gross_mw)


def contract_value_usd(site: Site, part: Part, world: World, discount: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Mark a fixed-price contract to the delivered market, before tax.

    Parameters
    ----------
    site, part
        Whose contract, and for which megawatts.
    world
        Markets and parameters.
    discount
        Array, shape (month,): value today of one dollar at each month end. [1]

    Returns
    -------
    array, shape (draw,)
        Nil without a fixed price; below nil where the contract is dearer than the market. [USD]

    Notes
    -----
    .. math:: \sum_{m=1}^{\text{end}} B \cdot 730 \,(p_m + \text{adder} - K_m)\, \delta_m

    for a block of *B* megawatts taken in all hours: power delivered at the contract's price *K* against
    power delivered at the month's mean price. The right to stop or to resell in dear hours is not in it:
    that is in the use that holds the contract.
    """
    n_month = world.paths.n_month
    megawatts = block_mw(site, part)
    if megawatts <= 0.0:
        return np.zeros(world.paths.n_draw)
    terms = power_terms(site, world, n_month)
    weight = np.where(terms.modes >= FIXED, discount[:n_month], 0.0)
    weight[0] = 0.0
    gap = terms.price_usd_per_mwh + terms.adder_usd_per_mwh - terms.fixed_usd_per_mwh[:, None]
    return megawatts * HOURS_PER_MONTH * (weight @ gap)
