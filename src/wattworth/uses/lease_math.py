"""Arithmetic of leases: rent from contract value, tenant credit, and what is left at expiry."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.compute.kernels import kernel
from wattworth.errors import DataError


def first_year_rent_usd(contract_value_usd: float, term_years: float, escalator_frac: float) -> float:
    """First year's rent of a contract whose total and escalator are disclosed.

    Examples
    --------
    >>> round(first_year_rent_usd(3.7e9, 10, 0.03) / 1e6, 3)
    322.753
    """
    if term_years <= 0:
        raise DataError(f"a lease needs a term above zero, got {term_years} years")
    if escalator_frac == 0.0:
        return contract_value_usd / term_years
    return contract_value_usd * escalator_frac / ((1 + escalator_frac) ** term_years - 1)


def total_rent_usd(
    first_year_usd: NDArray[np.float64], term_years: NDArray[np.float64], escalator_frac: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Rent of a whole term, stepping once a year; a part of a year counts as a part of a step.

    Examples
    --------
    >>> total = total_rent_usd(np.array([322.753]), np.array([10.0]), np.array([0.03]))
    >>> round(float(total[0]), 0)
    3700.0
    """
    growth = np.where(escalator_frac == 0, term_years, np.expm1(term_years * np.log1p(escalator_frac)))
    return first_year_usd * growth / np.where(escalator_frac == 0, 1, escalator_frac)


def rent_usd_per_kw_month(yearly_rent_usd: float, critical_it_mw: float) -> float:
    """Yearly rent spread over critical IT kilowatts and months.

    Examples
    --------
    >>> round(rent_usd_per_kw_month(322.753e6, 200), 2)
    134.48
    """
    if critical_it_mw <= 0:
        raise DataError(f"rent per kW needs a positive critical IT capacity, got {critical_it_mw} MW")
    return yearly_rent_usd / (critical_it_mw * 12_000)


def rent_of_yield_usd_per_kw_month(
    yield_frac: NDArray[np.float64], price_musd_per_mw: NDArray[np.float64], margin_frac: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Rent whose income is a share of the price of what is let.

    Examples
    --------
    >>> rent = rent_of_yield_usd_per_kw_month(np.array([0.14]), np.array([2.0]), np.array([0.95]))
    >>> round(float(rent[0]), 4)
    24.5614
    """
    return yield_frac * price_musd_per_mw * 1e6 / (12e3 * margin_frac)


def hazard_per_year(spread_frac: ArrayLike, recovery_frac: ArrayLike) -> NDArray[np.float64]:
    """Default intensity that a credit spread pays for.

    Examples
    --------
    >>> h = hazard_per_year(0.03, 0.4)
    >>> round(float(h), 6), round(float(np.exp(-h * 10)), 6)
    (0.05, 0.606531)
    """
    return np.asarray(spread_frac, dtype=np.float64) / (1.0 - np.asarray(recovery_frac, dtype=np.float64))


def created_usd_per_gross_w(
    noi_musd_per_mw_it: float, multiple: float, capex_musd_per_mw_it: float, gross_per_it: float
) -> float:
    """The banks' "value created" by a conversion: capitalised income less cost, per gross watt.

    Examples
    --------
    >>> round(created_usd_per_gross_w(1.4, 14, 11, 1.4), 5)
    6.14286
    """
    return (noi_musd_per_mw_it * multiple - capex_musd_per_mw_it) / gross_per_it


def residual_usd(  # noqa: PLR0913 - one argument per term of the rule
    *,
    site_usd: NDArray[np.float64],
    scrap_usd: NDArray[np.float64],
    market_noi_usd: NDArray[np.float64],
    markdown_frac: NDArray[np.float64],
    cap_rate_frac: NDArray[np.float64],
    renewal_frac: NDArray[np.float64],
    refit_usd: NDArray[np.float64],
    downtime_months: NDArray[np.float64],
    depreciated_cost_usd: NDArray[np.float64],
) -> NDArray[np.float64]:
    r"""What site and hall are worth when a lease ends.

    Notes
    -----
    .. math::

        R = \min\bigl(\max(s + \text{scrap},\;
            p\,[N(1-m)/c - \text{refit} - N(1-m)\,d/12]),\; D + s\bigr)

    where *s* is the bare site, *N* the market's net operating income, *m* the mark-down of a
    used hall, *c* the capitalisation rate, *p* the chance of renewal, *d* the empty months and
    *D* the depreciated replacement cost (methods section 2). Capitalising an expired lease
    without the cap is the usual way to overvalue one.
    """
    return residual_rule(
        site_usd,
        scrap_usd,
        market_noi_usd,
        markdown_frac,
        cap_rate_frac,
        renewal_frac,
        refit_usd,
        downtime_months,
        depreciated_cost_usd,
    )


@kernel
def residual_rule(site, scrap, noi, markdown, cap_rate, renewal, refit, downtime, depreciated):  # noqa: PLR0913 - compiled
    """Rule of :func:`residual_usd` for numbers or arrays, for use inside kernels."""
    income = noi * (1.0 - markdown)
    renewed = renewal * (income / cap_rate - refit - income * downtime / 12.0)
    return np.minimum(np.maximum(site + scrap, renewed), depreciated + site)
