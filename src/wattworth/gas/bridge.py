"""From the quoted half a billion cubic metres a day to gigawatts: each step with its arithmetic."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from wattworth.errors import DataError
from wattworth.facts import FactBook, table
from wattworth.gas.quantities import THOUSAND_M3_PER_BCM, bcm_per_day
from wattworth.units import DAYS_PER_YEAR, HOURS_PER_DAY

BRIDGE_KEYS: Final = (
    "conversion.thousand_m3_to_mmbtu",
    "ccgt.heat_rate_hhv_full_load",
    "gross_to_critical_it.ratio",
    "russia.spare_central",
    "quoted_surplus.per_day",
    "us_gap.power_shortfall",
)
"""Facts that the bridge reads."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reading of how much gas there is.

    Attributes
    ----------
    name, arithmetic
        What it is, and how it is worked out.
    per_day_bcm
        Gas. [bcm/day]
    per_year_bcm
        Gas. [bcm/year]
    ccgt_gw
        What combined cycles make of it, always on. [GW]
    it_gw
        Computers that firm power of that size feeds. [GW_IT]
    confidence
        Trust in the volume.
    """

    name: str
    arithmetic: str
    per_day_bcm: float
    per_year_bcm: float
    ccgt_gw: float
    it_gw: float
    confidence: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Four readings, and the gap they are set beside.

    Attributes
    ----------
    steps
        From the loudest to the likeliest.
    us_gap_gw
        The shortfall of power in the United States that they are set beside. [GW]
    us_gap_source
        Who says so.
    heat_rate_mmbtu_per_mwh
        Of the combined cycle.
    gross_per_it
        Megawatts of plant for each of computers.
    mmbtu_per_bcm
        Heating value of the gas.
    """

    steps: tuple[Step, ...]
    us_gap_gw: float
    us_gap_source: str
    heat_rate_mmbtu_per_mwh: float
    gross_per_it: float
    mmbtu_per_bcm: float

    def document(self) -> dict[str, Any]:
        """As plain mappings."""
        return asdict(self)


def exports_to_europe_bcm() -> dict[int, float]:
    """Exports by pipeline to Europe by year, as packaged. [bcm]"""
    rows = table("gas_supply").iter_rows(named=True)
    own = [row for row in rows if (row["entity"], row["parameter"]) == ("gazprom", "pipeline_export_europe")]
    return {int(row["year"]): float(row["value"]) for row in own if str(row["year"]).isdigit()}


def _supply_row(entity: str, parameter: str, year: str) -> dict[str, Any]:
    for row in table("gas_supply").iter_rows(named=True):
        if (row["entity"], row["parameter"], str(row["year"])) == (entity, parameter, year):
            return row
    raise DataError(f"no row {entity}, {parameter}, {year} in gas_supply")


def bridge_of(book: FactBook) -> Bridge:
    """The bridge, from the facts.

    Parameters
    ----------
    book
        Facts.

    Notes
    -----
    ``GW = bcm/day x 1e6 x MMBtu per 1,000 m3 / 24 h / MMBtu per MWh / 1,000``, then over megawatts of plant for each
    of computers. Volumes are at 20 C.
    """
    heat_fact, rate_fact, gross_fact, central, quoted, gap = (book.require(key) for key in BRIDGE_KEYS)
    heat, rate, gross = heat_fact.value, rate_fact.value, gross_fact.value
    exports = exports_to_europe_bcm()
    fallen = exports[2019] - exports[2024]
    spare = _supply_row("gazprom", "spare_capacity", "2024")
    peak, output = (float(_supply_row("gazprom", "production", year)["value"]) for year in ("2021", "2024"))

    def step(name: str, arithmetic: str, year_bcm: float, confidence: str) -> Step:
        day = bcm_per_day(year_bcm)
        gw = day * THOUSAND_M3_PER_BCM * heat / HOURS_PER_DAY / rate / 1000.0
        return Step(name, arithmetic, day, year_bcm, gw, gw / gross, confidence)

    steps = (
        step(
            "quoted surplus",
            f"{quoted.value:g} bcm/day x {DAYS_PER_YEAR:g}; that is the whole old flow",
            quoted.value * DAYS_PER_YEAR,
            quoted.confidence,
        ),
        step(
            "fall in exports to Europe",
            f"{exports[2019]:g} (peak, 2018-19) - {exports[2024]:g} (2024) = {fallen:g} bcm/yr",
            fallen,
            "low",
        ),
        step(
            "spare capacity, upper bound",
            f"output {peak:g} (2021) - {output:g} (2024) = {spare['value']:g} bcm/yr; old fields decline",
            float(spare["value"]),
            "derived",
        ),
        step("spare capacity, central", f"{central.value:g} bcm/yr, a judgement", central.value, central.confidence),
    )
    return Bridge(steps, gap.value, gap.source, rate, gross, heat * THOUSAND_M3_PER_BCM)
