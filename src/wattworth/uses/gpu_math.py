"""Arithmetic of a GPU cloud: how many fit in a megawatt, what an hour must earn, when to renew."""

from __future__ import annotations

from wattworth.units import HOURS_PER_YEAR


def gpus_per_mw(kw_per_gpu: float) -> float:
    """GPUs in a megawatt of critical IT, from their share of node, network and storage.

    Examples
    --------
    >>> round(gpus_per_mw(1.37), 3)
    729.927
    """
    return 1000.0 / kw_per_gpu


def revenue_usd_per_mw_year(gpus_per_mw: float, price_usd_per_h: float, utilisation_frac: float) -> float:
    """Yearly revenue of a megawatt of critical IT.

    Examples
    --------
    >>> from wattworth.markets import year_average_usd_per_hour
    >>> mean = float(year_average_usd_per_hour(2.50, 0.25))
    >>> round(revenue_usd_per_mw_year(gpus_per_mw(1.37), mean, 0.85) / 1e6, 4)
    12.0223
    """
    return gpus_per_mw * HOURS_PER_YEAR * utilisation_frac * price_usd_per_h


def contract_price_usd_per_h(contract_usd: float, term_years: float, gpus_ratio: float) -> float:
    """Price of a GPU-hour in a contract that pays for every hour, ``gpus_ratio`` being the number of GPUs.

    Examples
    --------
    >>> round(contract_price_usd_per_h(9.7e9, 5, 76_000), 5)
    2.91396
    """
    return contract_usd / (term_years * HOURS_PER_YEAR * gpus_ratio)


def break_even_usd_per_h(  # noqa: PLR0913 - one argument per term of the formula
    *,
    capital_usd: float,
    residual_frac: float,
    rate_frac: float,
    life_years: float,
    utilisation_frac: float,
    kw_per_gpu: float,
    pue_ratio: float,
    power_usd_per_mwh: float,
    idle_draws: bool = True,
) -> float:
    """Price of a sold GPU-hour that pays for the GPU and its power (methods section 2).

    Examples
    --------
    >>> terms = dict(capital_usd=45_700, residual_frac=0.10, rate_frac=0.12, life_years=5, utilisation_frac=0.85)
    >>> round(break_even_usd_per_h(**terms, kw_per_gpu=1.37, pue_ratio=1.2, power_usd_per_mwh=60), 5)
    1.72205
    """
    owed = capital_usd * (1.0 - residual_frac * (1.0 + rate_frac) ** -life_years)
    hours = HOURS_PER_YEAR * utilisation_frac
    power = kw_per_gpu / 1000.0 * pue_ratio * power_usd_per_mwh / (utilisation_frac if idle_draws else 1.0)
    return owed * _recovery(rate_frac, life_years) / hours + power


def annual_cost_usd(capital_usd: float, kept_frac_per_year: float, rate_frac: float, life_years: float) -> float:
    """Equal yearly cost of hardware renewed every ``life_years``, its resale falling by a constant factor.

    Examples
    --------
    >>> [round(annual_cost_usd(100, 0.65, 0.12, n), 4) for n in (3, 4, 5)]
    [33.4964, 29.1885, 25.9146]
    """
    resale = kept_frac_per_year**life_years * (1.0 + rate_frac) ** -life_years
    return capital_usd * (1.0 - resale) * _recovery(rate_frac, life_years)


def usd_per_mwh_of_lease(usd_per_kw_month: float) -> float:
    """Rent of a kilowatt for a month, over the energy it could take.

    Examples
    --------
    >>> round(usd_per_mwh_of_lease(194.95), 3)
    267.055
    """
    return usd_per_kw_month * 12_000.0 / HOURS_PER_YEAR


def usd_per_mwh_of_gpu(usd_per_h: float, kw_per_gpu: float) -> float:
    """Rental of a fully used GPU, over the energy it draws.

    Examples
    --------
    >>> round(usd_per_mwh_of_gpu(2.35, 1.37), 2)
    1715.33
    """
    return usd_per_h / kw_per_gpu * 1000.0


def _recovery(rate_frac: float, life_years: float) -> float:
    """Yearly payment that repays one dollar."""
    if rate_frac == 0.0:
        return 1.0 / life_years
    return rate_frac / (1.0 - (1.0 + rate_frac) ** -life_years)
