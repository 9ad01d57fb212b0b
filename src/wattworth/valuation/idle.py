"""What GPUs cost that wait for power: the published identity, and beside it what the market says.

Each number answers a question of its own. Idle cost and lost value are two measures of one loss: to add them, or any
two numbers here, counts it twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth import uses
from wattworth.errors import Fault, StudyError
from wattworth.facts import Fact
from wattworth.markets import generation_keys
from wattworth.markets.gpu import FACT_KEYS as GPU_KEYS
from wattworth.markets.gpu import NEWEST, NOISE, START_KEY, launch_log_steps, log_growth
from wattworth.records import SCHEMA_VERSION, Calendar, ParameterDraws
from wattworth.study import Study, fill
from wattworth.units import HOURS_PER_MONTH, HOURS_PER_YEAR, KW_PER_MW, MONTHS_PER_YEAR, USD_PER_MUSD
from wattworth.uses.energy import HALL_LOAD_KEY, HALL_PUE_KEY, hall_mwh_per_month

CONVENTION_RATE_FRAC: Final = 0.07
"""Yearly rate of the published identity (validation T9). [1/year]"""

CONVENTION_KEY: Final = "idle.gpu_hour_cost"

FACT_KEYS: Final = (
    CONVENTION_KEY,
    *GPU_KEYS,
    "gpu_cloud.hardware_cost",
    "gpu_cloud.sales_tax",
    "gpu_cloud.utilisation",
    "gpu_cloud.opex",
    "gpu_cloud.life",
    "gpu_cloud.rival_power",
    "servers.residual_value_36mo",
    "price_level.growth",
    HALL_LOAD_KEY,
    HALL_PUE_KEY,
)
"""Facts behind both."""

_RESALE_MONTHS: Final = 36.0  # age at which servers.residual_value_36mo stands
_LEAST_RATE_FRAC: Final = -1.0

SAY: Final = "each number answers its own question; any two of them added count the same loss twice"


@dataclass(frozen=True, slots=True)
class IdleHardware:
    """GPUs that wait, in dollars of today.

    Attributes
    ----------
    gpus, months, rate_frac
        How many, how long, and the yearly rate of both views. [GPU, month, 1/year]
    published_usd
        The published identity: every hour at a fixed price, from the start of each year. [USD]
    usd_per_gpu_hour
        That fixed price. [USD/GPU-h]
    generation
        What was bought; newest on sale at the as-of month.
    hardware_usd
        Price of the GPUs with their share of node, network and storage. [USD]
    rent_usd, power_usd
        Rent not earned while they wait, at the market's expected path and usual utilisation, and power not used. [USD]
    lost_margin_usd
        The first less the second: what power on time would have earned if the GPUs age on the shelf. [USD]
    later_margin_usd
        What they earn after the day on which they would have been worn out, if they wear in use only. [USD]
    resale_usd
        What their later sale brings less than the earlier one. [USD]
    lost_npv_usd
        Margin lost less margin gained later, plus resale lost: power on time against power late, two valuations of
        one fleet with its whole service life. [USD]
    price_fall_usd, interest_usd
        Fall of their resale value while they wait, and interest on their price. [USD]
    held_usd
        Sum of the two: what it cost to have bought them too early instead of on the day of power. [USD]
    """

    gpus: int
    months: int
    rate_frac: float
    published_usd: float
    usd_per_gpu_hour: float
    generation: str
    hardware_usd: float
    rent_usd: float
    power_usd: float
    lost_margin_usd: float
    later_margin_usd: float
    resale_usd: float
    lost_npv_usd: float
    price_fall_usd: float
    interest_usd: float
    held_usd: float

    def document(self) -> dict[str, Any]:
        """The record as plain values."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self), "note": SAY}


def published_idle_usd(gpus: int, usd_per_gpu_hour: float, months: int, rate_frac: float) -> float:
    r"""Idle cost as a published study of microgrids counts it.

    Parameters
    ----------
    gpus
        Number of GPUs.
    usd_per_gpu_hour
        What an idle hour is said to cost. [USD/GPU-h]
    months
        How long they wait; a part of a year counts as that part of it. [month]
    rate_frac
        Yearly rate, above -1. [1/year]

    Notes
    -----
    .. math:: \sum_{k=0}^{n-1} \frac{G \, c \cdot 8760}{(1 + r)^k}      (start of year)

    References
    ----------
    .. [1] Newkirk microgrid study, open repository: 20,000 GPUs at 2.40 and 7 % for 2 years, 813.5 M$.

    Examples
    --------
    >>> round(published_idle_usd(1_000, 2.40, 36, 0.08))
    58515358
    """
    years, rest = divmod(months, MONTHS_PER_YEAR)
    parts = [1.0] * years + ([rest / MONTHS_PER_YEAR] if rest else [])
    yearly = gpus * usd_per_gpu_hour * HOURS_PER_YEAR
    return sum(yearly * part / (1.0 + rate_frac) ** k for k, part in enumerate(parts))


def total_lcoe_usd_per_mwh(capital_usd: float, operating_usd: float, idle_usd: float, energy_mwh: float) -> float:
    """Cost of energy with idle cost in it: present values over discounted energy (methods section 5).

    Examples
    --------
    >>> round(total_lcoe_usd_per_mwh(500e6, 600e6, 58_515_358, 8e6), 3)
    144.814
    """
    if energy_mwh <= 0:
        raise StudyError(f"a cost of energy needs energy above nil, got {energy_mwh:g} MWh")
    return (capital_usd + operating_usd + idle_usd) / energy_mwh


def idle_hardware(study: Study, *, gpus: int, months: int, rate_frac: float = CONVENTION_RATE_FRAC) -> IdleHardware:
    """Cost of GPUs that wait for power, both ways.

    Parameters
    ----------
    study
        Its as-of month, money and facts; its sites are not read.
    gpus
        GPUs of the newest generation, at least 1.
    months
        Months they wait, at least 1. [month]
    rate_frac
        Yearly rate, above -1. [1/year]

    Raises
    ------
    StudyError
        With every argument out of range.
    """
    faults = list(_faults(gpus, months, rate_frac))
    if faults:
        raise StudyError(faults)
    filled = fill(study, uses.fact_book(), FACT_KEYS)
    facts = filled.facts
    fleet = _Fleet.of(facts, gpus)
    life = max(1, round(facts["gpu_cloud.life"].value * MONTHS_PER_YEAR))
    month = np.arange(months + life + 1)
    discount = (1.0 + rate_frac) ** (-month / MONTHS_PER_YEAR)
    prices = (1.0 + facts["price_level.growth"].value) ** (month / MONTHS_PER_YEAR)
    rent = fleet.rent_usd * rent_usd_per_hour(facts, Calendar(filled.as_of, filled.horizon_years), month.size)
    resale = facts["servers.residual_value_36mo"].value ** (month / _RESALE_MONTHS) * discount

    waits, later = slice(1, months + 1), slice(life + 1, life + months + 1)
    rent_usd = float(np.sum((rent * discount)[waits]))
    power_usd = float(np.sum((fleet.power_usd * prices * discount)[waits]))
    margin = (rent - (fleet.power_usd + fleet.upkeep_usd) * prices) * discount
    later_usd = float(np.sum(np.maximum(margin, 0.0)[later]))
    resale_usd = float(fleet.price_usd * (resale[life] - resale[life + months]))
    price_fall_usd = float(fleet.price_usd * (discount[months] - resale[months]))
    interest_usd = float(fleet.price_usd * (1.0 - discount[months]))
    hour = facts[CONVENTION_KEY].value
    return IdleHardware(
        gpus=gpus,
        months=months,
        rate_frac=rate_frac,
        published_usd=published_idle_usd(gpus, hour, months, rate_frac),
        usd_per_gpu_hour=hour,
        generation=NEWEST,
        hardware_usd=fleet.price_usd,
        rent_usd=rent_usd,
        power_usd=power_usd,
        lost_margin_usd=rent_usd - power_usd,
        later_margin_usd=later_usd,
        resale_usd=resale_usd,
        lost_npv_usd=rent_usd - power_usd - later_usd + resale_usd,
        price_fall_usd=price_fall_usd,
        interest_usd=interest_usd,
        held_usd=price_fall_usd + interest_usd,
    )


def rent_usd_per_hour(facts: Mapping[str, Fact], calendar: Calendar, n_month: int) -> NDArray[np.float64]:
    """Expected rent of an H100-equivalent hour, real-world and without noise, shape (month,). [USD/GPU-h]"""
    params = ParameterDraws({key: np.array([0.0 if key in NOISE else facts[key].value]) for key in GPU_KEYS})
    dated = facts["gpu.next_launch"].as_of
    since = -calendar.index(dated[:7] if len(dated) >= len("YYYY-MM") else f"{dated[:4]}-07")
    steps = launch_log_steps(params, np.zeros((max(n_month - 1, 1), 1)), n_month, since)
    return facts[START_KEY].value * np.exp(log_growth(params, steps))[:, 0]


@dataclass(frozen=True, slots=True)
class _Fleet:
    """GPUs of the newest generation: price, and a month's rent per dollar of an H100 hour, power and upkeep. [USD]"""

    price_usd: float
    rent_usd: float
    power_usd: float
    upkeep_usd: float

    @classmethod
    def of(cls, facts: Mapping[str, Fact], gpus: int) -> _Fleet:
        fact = {key: facts[key].value for key in FACT_KEYS}
        equivalents, kilowatts = (fact[key] for key in generation_keys(NEWEST))
        kw = gpus * kilowatts
        per_kw_usd = fact["gpu_cloud.hardware_cost"] * USD_PER_MUSD / KW_PER_MW
        mwh = float(
            hall_mwh_per_month(np.array(kw / KW_PER_MW), np.array(fact[HALL_LOAD_KEY]), np.array(fact[HALL_PUE_KEY]))
        )
        return cls(
            price_usd=kw * per_kw_usd * (1.0 + fact["gpu_cloud.sales_tax"]),
            rent_usd=gpus * equivalents * HOURS_PER_MONTH * fact["gpu_cloud.utilisation"],
            power_usd=mwh * fact["gpu_cloud.rival_power"],
            upkeep_usd=kw * fact["gpu_cloud.opex"] / MONTHS_PER_YEAR,
        )


def _faults(gpus: int, months: int, rate_frac: float) -> list[Fault]:
    faults: list[Fault] = []
    if gpus < 1:
        faults.append(Fault("gpus", f"got {gpus}, need a number of GPUs of at least 1"))
    if months < 1:
        faults.append(Fault("months", f"got {months}, need whole months, at least 1"))
    if not (isfinite(rate_frac) and rate_frac > _LEAST_RATE_FRAC):
        faults.append(Fault("rate", f"got {rate_frac:g}, need a yearly rate above -1, such as 0.07"))
    return faults
