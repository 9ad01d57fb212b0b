"""Power made on a site, as a study declares it: a case, a design of it, and, once sized, what its energy costs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from wattworth.errors import Fault
from wattworth.study.checking import check_record
from wattworth.study.declared import Declared
from wattworth.study.fields import Text
from wattworth.study.raw import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wattworth.study.raw import Record
    from wattworth.study.schema import Site


class SupplyNumber(Declared):
    """A number that a price rests on."""

    key: Text
    """Where it stands in the case: `sources.engine.capex_usd_per_kw`."""
    value: float
    """In the unit that the key names, money in that of the case."""
    fact: str = ""
    """Fact it is taken from; empty where the case gives it."""
    source: str = ""
    """Where it comes from."""
    as_of: str = ""
    """Date of the source."""
    confidence: str = ""
    """Trust in it."""


class SupplyPrice(Declared):
    """What energy from a sized supply costs, in money of the study's as-of month."""

    design: Text
    """Design that is built."""
    load_mw: float
    """Megawatts at the connection that the case is for."""
    energy_mwh_per_year: float
    """Energy served in a year of the case."""
    installed_mw: dict[str, float]
    """Built of each source, spares in it; `battery` its power."""
    battery_mwh: float = 0.0
    """Energy of the battery."""
    availability_frac: float
    """Share of hours in which all load is served."""
    unserved_frac: float
    """Share of demand not served."""
    short_h_per_year: float
    """Expected hours a year in which some load is not served."""
    misses: tuple[str, ...] = ()
    """What of the case's target it does not reach."""
    fixed_usd_per_mw_month: float
    """Owed each month for each megawatt that it is for, taken or not: capital and fixed upkeep."""
    fixed_by: Text
    """`annuity`, which moves with the price level, or the convention of the case, which stays level from its start."""
    fuel_mmbtu_per_mwh: float
    """Gas burnt for each megawatt-hour served."""
    gas_usd_per_mmbtu: float
    """Price of gas in the case."""
    gas_is_henry_hub: bool
    """Whether that price is the packaged Henry Hub, and not a price of the case's own."""
    grid_usd_per_mwh: float
    """Grid energy less what export earns, for each megawatt-hour served; it moves with the power market."""
    carbon_usd_per_mwh: float
    """Price of carbon, for each megawatt-hour served."""
    other_usd_per_mwh: float
    """All else that running costs, for each megawatt-hour served: upkeep that follows output, starts."""
    way: str = ""
    """Way to power whose gates its machines pass; empty where there are none."""
    numbers: tuple[SupplyNumber, ...] = ()
    """What it rests on."""

    @property
    def fixed_usd_per_mwh(self) -> float:
        """Fixed part over the energy of the case. [USD/MWh]"""
        return 12.0 * self.fixed_usd_per_mw_month * self.load_mw / self.energy_mwh_per_year

    @property
    def running_usd_per_mwh(self) -> float:
        """Running part at the case's own price of gas. [USD/MWh]"""
        fuel = self.fuel_mmbtu_per_mwh * self.gas_usd_per_mmbtu
        return fuel + self.grid_usd_per_mwh + self.carbon_usd_per_mwh + self.other_usd_per_mwh


class SupplyKeys(Declared):
    """Keys under a site in `supply`."""

    case: Text
    """Case of on-site supply: a YAML file of the folder, or the name of a packaged case."""
    design: str | None = None
    """Named design of the case; empty takes the optimum."""
    serves: Literal["unbuilt", "all"] = "unbuilt"
    """Megawatts it serves: those not yet energised, or all; what a signed lease takes is served only by `all`."""
    gas_price_indexed: bool = True
    """Whether its gas moves with the study's price of gas; otherwise it keeps its level in real terms."""
    tenant_pays: Literal["market", "cost"] = "market"
    """What a new tenant pays for its power: the delivered price of the market, or all that the supply costs."""


class SiteSupply(SupplyKeys):
    """Power made on one site: what is declared, and what is known of it."""

    folder: str = Field(default="", exclude=True)
    """Where a case that is a file lies; empty for a packaged one, and once it is sized."""
    where: str = Field(default="", exclude=True)
    """Place of the key with the case, for messages; empty once it is sized."""
    price: SupplyPrice | None = None
    """What its energy costs, once it is sized."""


def check_supplies(
    records: Mapping[str, Record], sites: Sequence[Site | None], folder: Traversable | None, faults: list[Fault]
) -> dict[str, SiteSupply]:
    """Every supply of a study by site_id; the case itself is read where it is sized.

    Parameters
    ----------
    records
        Site to its keys, as written.
    sites
        Rows of the study, None for one with a fault.
    folder
        Folder of the study.
    faults
        Collects what is wrong, each with its place.
    """
    known = {site.site_id: site for site in sites if site is not None}
    out: dict[str, SiteSupply] = {}
    for site_id, record in records.items():
        keys = check_record(SupplyKeys, record, faults)
        site = known.get(site_id)
        if site is None and None not in sites:
            near = did_you_mean(site_id, known)
            faults.append(Fault(record.where, f"no site {shown(site_id)} in the study{near}"))
        if keys is None or site is None:
            continue
        faults += _clashes(site, keys, record)
        where = record.entries["case"].where
        held = _folder(keys, where, folder, faults)
        out[site_id] = SiteSupply(**keys.model_dump(), where=where, folder=held)
    return out


def _folder(supply: SupplyKeys, where: str, folder: Traversable | None, faults: list[Fault]) -> str:
    """Folder of a case that is a file; empty for a name, which the package is asked for."""
    name = PurePath(supply.case)
    if name.is_absolute() or ".." in name.parts:
        faults.append(Fault(where, f"got {shown(supply.case)}, need a file inside the folder, or a packaged case"))
        return ""
    return str(folder) if folder is not None and folder.joinpath(supply.case).is_file() else ""


def _clashes(site: Site, supply: SupplyKeys, record: Record) -> list[Fault]:
    """Megawatts that nothing is left to serve, and a price stated for those it serves."""
    if not site.valued:
        return [Fault(record.where, f"{site.site_id} is not valued, so its supply does nothing; leave it out")]
    if supply.serves == "unbuilt" and not (site.construction_gross_mw or site.pipeline_gross_mw):
        message = f"{site.site_id} has no megawatts left to energise; write serves: all, or leave its supply out"
        return [Fault(record.where, message)]
    if supply.serves == "all" and site.power_price_usd_per_mwh is not None:
        message = (
            f"{site.site_id} states power_price_usd_per_mwh, and its supply serves all of its megawatts; clear the "
            "price, or write serves: unbuilt"
        )
        return [Fault(record.where, message)]
    return []
