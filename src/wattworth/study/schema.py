"""What a study may declare: sites, leases, double counts, changed facts and the settings of a run.

The docstring under a field is its description everywhere: in messages, in templates and in the
reference. Money is nominal dollars; fractions are fractions, never percent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, Field, model_validator

from wattworth.records import SCHEMA_VERSION
from wattworth.study.declared import ConflictError, Declared, DoubleCount, Override
from wattworth.study.fields import (
    Cases,
    ChangedFacts,
    Country,
    Date,
    DoubleCounts,
    FileList,
    MarketFiles,
    Megawatts,
    Month,
    OptionalMonth,
    PlanOf,
    Price,
    Rates,
    Share,
    Slug,
    Step,
    Supplies,
    Text,
    Years,
)

if TYPE_CHECKING:
    from wattworth.facts import Fact
    from wattworth.records import MarketSeries
    from wattworth.study.gate_files import GateRow
    from wattworth.study.named import NamedCase
    from wattworth.study.plan_block import PlanBlock
    from wattworth.study.site_supply import SiteSupply

Confidence = Literal["high", "medium", "low"]
TenantClass = Literal["hyperscaler", "backed_neocloud", "neocloud"]


class Site(Declared):
    """One site: its megawatts, its power, its machines and its lease."""

    site_id: Slug
    """Short name of the site, unique in the study; results and commands use it."""
    name: Text
    """Name for people."""
    company: Text
    """Owner or operator."""
    ticker: str | None = None
    """Exchange symbol of the owner."""
    town: str | None = None
    """Town or county."""
    state: str | None = None
    """State, province or region."""
    country: Country
    """Country, ISO 3166 alpha-2; decides tax and country risk."""
    lat_deg: Annotated[float | None, Field(ge=-90, le=90, json_schema_extra={"unit": "degrees"})] = None
    """Latitude, north positive."""
    lon_deg: Annotated[float | None, Field(ge=-180, le=180, json_schema_extra={"unit": "degrees"})] = None
    """Longitude, east positive."""
    iso: str | None = None
    """Grid operator or balancing area, such as ERCOT or PJM; `none` where none is known."""
    market_region: str | None = None
    """Power price region; empty takes the default region of `iso`."""
    ownership_frac: Share = 1.0
    """Share of the site its owner holds; used for totals only, never for the ranking of uses."""

    operating_gross_mw: Megawatts = None
    """Megawatts energised today at the grid connection."""
    construction_gross_mw: Megawatts = None
    """Megawatts being built, beyond those operating."""
    construction_date: OptionalMonth = None
    """Month in which the megawatts being built are planned to be energised."""
    pipeline_gross_mw: Megawatts = None
    """Further megawatts with nothing built yet."""
    pipeline_date: OptionalMonth = None
    """Month in which the pipeline is planned to be energised."""
    pipeline_stage: Literal["secured", "study"] | None = None
    """`secured`: approved or contracted allocation; `study`: load study, option or letter of intent."""
    firm: Literal["firm", "interruptible", "unknown"] = "unknown"
    """Whether the supply may be cut by contract; interruptible power cannot carry a lease."""

    power_contract: Literal["fixed", "index", "market", "unknown"] = "unknown"
    """`fixed` price, `index` (a stated level that moves with its market), `market` price, or `unknown`."""
    power_price_usd_per_mwh: Price = None
    """Delivered price of energy at the meter."""
    power_escalation_frac: Step = None
    """Yearly step of a fixed price."""
    power_end: OptionalMonth = None
    """Last month of a fixed-price contract."""
    power_resaleable: bool | None = None
    """Whether power not used may be sold at the market price."""
    power_block_mw: Megawatts = None
    """Megawatts that the fixed-price block covers; empty means all."""

    previous_use: Literal["bitcoin_mine", "data_centre", "power_plant", "greenfield", "industrial", "unknown"] = (
        "unknown"
    )
    """What stands or stood on the site."""
    buildings_reusable: bool | None = None
    """Whether its halls can be refitted for an AI tenant; empty counts as no."""
    mining_gross_mw: Megawatts = None
    """Energised megawatts that mine; empty means all operating ones of a `bitcoin_mine`, else none."""
    fleet_hashrate_eh_per_s: Annotated[
        Annotated[float, Field(gt=0)] | Literal["derive"] | None, Field(json_schema_extra={"unit": "EH/s"})
    ] = None
    """Hash rate of the site's own machines, or `derive` to work it out from megawatts and J/TH."""
    fleet_j_per_th: Annotated[float | None, Field(gt=0, le=200, json_schema_extra={"unit": "J/TH"})] = None
    """Mean energy per terahash of the machines; empty takes the fact `fleet.efficiency`."""
    fleet_age_years: Annotated[float | None, Field(ge=0, le=20, json_schema_extra={"unit": "years"})] = None
    """Mean age of the machines; empty takes the fact `fleet.age`."""

    lease_tenant: str | None = None
    """Tenant of a signed lease, or customer of a signed cloud contract."""
    lease_use: Literal["turnkey", "powered_shell", "gpu_cloud"] | None = None
    """What was signed: a turnkey lease (also when empty), a lease of a powered shell, or a GPU cloud contract."""
    lease_tenant_class: TenantClass | None = None
    """Credit behind the rent: investment grade, a neocloud with such a backstop, or a neocloud alone."""
    lease_critical_it_mw: Megawatts = None
    """Power to the tenant's servers, storage and switches; cooling apart."""
    lease_gross_mw: Megawatts = None
    """Megawatts at the connection that the lease takes; empty means critical IT times the observed ratio."""
    lease_term_years: Years = None
    """Base term, without renewal options."""
    lease_start: OptionalMonth = None
    """Planned month of first rent; for a lease in phases, of the phases still to come."""
    lease_rent_usd_per_kw_month: Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "$/kW-month"})] = None
    """First-year rent per kilowatt of critical IT."""
    lease_escalator_frac: Step = None
    """Yearly step of the rent."""
    lease_structure: Literal["triple_net", "modified_gross", "gross"] | None = None
    """Who pays site costs: the tenant all, the landlord some, or the landlord all, power included."""
    lease_capex_payer: Literal["landlord", "tenant"] | None = None
    """Who pays for the hall."""
    lease_capex_musd_per_mw_it: Annotated[float | None, Field(ge=0, le=100, json_schema_extra={"unit": "$M/MW"})] = None
    """Landlord's stated cost per megawatt of critical IT, if known."""
    lease_live_it_mw: Megawatts = None
    """Critical IT already delivered and paying at the as-of month."""

    not_valued_reason: str | None = None
    """Why the row is listed and not valued, for example that no source states its megawatts."""
    confidence: Confidence = "low"
    """Trust in the row as a whole."""
    source: str | None = None
    """Where the row comes from."""
    as_of: Date = None
    """Date of the source."""
    note: str | None = None
    """Anything a reader should know."""

    @model_validator(mode="after")
    def _no_conflict(self) -> Self:
        pairs = [*_supply_conflicts(self), *_lease_conflicts(self)]
        if pairs:
            raise ConflictError(pairs)
        return self

    @property
    def valued(self) -> bool:
        """Whether the site enters a valuation."""
        return self.not_valued_reason is None

    @property
    def gross_mw(self) -> float:
        """All declared megawatts at the connection, those in study included."""
        return (self.operating_gross_mw or 0.0) + (self.construction_gross_mw or 0.0) + (self.pipeline_gross_mw or 0.0)

    @property
    def firm_gross_mw(self) -> float:
        """Megawatts operating, being built or secured; those in study left out."""
        study_mw = (self.pipeline_gross_mw or 0.0) if self.pipeline_stage == "study" else 0.0
        return self.gross_mw - study_mw

    @property
    def mining_mw(self) -> float:
        """Energised megawatts that mine, stated or implied by the previous use."""
        if self.mining_gross_mw is not None:
            return self.mining_gross_mw
        return (self.operating_gross_mw or 0.0) if self.previous_use == "bitcoin_mine" else 0.0

    @property
    def ignores_its_price(self) -> bool:
        """Whether a power price is stated that a contract at the market does not read."""
        return self.power_contract == "market" and self.power_price_usd_per_mwh is not None

    @property
    def signed_use(self) -> str | None:
        """Use that the signed lease or contract belongs to, or None without one."""
        return (self.lease_use or "turnkey") if self.lease_critical_it_mw else None

    @property
    def draws_its_rent(self) -> bool:
        """Whether a lease is signed whose rent is not stated, so that it is drawn as for a new one."""
        return bool(self.lease_critical_it_mw) and self.lease_rent_usd_per_kw_month is None


def _supply_conflicts(site: Site) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    if site.valued and site.gross_mw == 0 and not site.lease_critical_it_mw:
        pairs.append(
            (
                "operating_gross_mw",
                "the row has no megawatts; fill operating_gross_mw, construction_gross_mw or pipeline_gross_mw, "
                "or say in not_valued_reason why it is not valued",
            )
        )
    if site.pipeline_gross_mw and site.pipeline_stage is None:
        pairs.append(("pipeline_stage", 'empty beside pipeline_gross_mw, need one of "secured", "study"'))
    for date, megawatts in (("construction_date", "construction_gross_mw"), ("pipeline_date", "pipeline_gross_mw")):
        if getattr(site, date) is not None and not getattr(site, megawatts):
            pairs.append((date, f"{getattr(site, date)} has no {megawatts} beside it; fill it or clear the date"))
    if site.power_contract == "fixed" and site.power_price_usd_per_mwh is None:
        pairs.append(("power_price_usd_per_mwh", "empty beside a fixed power_contract, need a number of $/MWh"))
    if site.mining_mw > (site.operating_gross_mw or 0.0):
        pairs.append(
            (
                "mining_gross_mw",
                f"{site.mining_mw:g} is more than the {site.operating_gross_mw or 0.0:g} MW in operating_gross_mw; "
                "only energised megawatts mine",
            )
        )
    if isinstance(site.fleet_hashrate_eh_per_s, float) and site.mining_mw == 0:
        pairs.append(("fleet_hashrate_eh_per_s", "a fleet is stated and no megawatts mine; fill mining_gross_mw"))
    if (site.lat_deg is None) != (site.lon_deg is None):
        pairs.append(("lat_deg", "lat_deg and lon_deg go together; fill both or neither"))
    return pairs


def _lease_conflicts(site: Site) -> list[tuple[str, str]]:
    terms = [name for name in Site.model_fields if name.startswith("lease_") and getattr(site, name) is not None]
    critical = site.lease_critical_it_mw
    if not critical:
        if not terms:
            return []
        return [("lease_critical_it_mw", f"needed beside {terms[0]}: a signed lease states its critical IT megawatts")]
    pairs: list[tuple[str, str]] = []
    if site.lease_gross_mw is not None and site.lease_gross_mw < critical:
        pairs.append(
            (
                "lease_gross_mw",
                f"{site.lease_gross_mw:g} is less than the {critical:g} MW in lease_critical_it_mw; "
                "gross power carries cooling too",
            )
        )
    if site.lease_live_it_mw is not None and site.lease_live_it_mw > critical:
        pairs.append(
            (
                "lease_live_it_mw",
                f"{site.lease_live_it_mw:g} is more than the {critical:g} MW in lease_critical_it_mw",
            )
        )
    return pairs


class StudyFile(Declared):
    """Keys of `study.yaml`, or of the sheet `study` of a workbook."""

    schema_version: Annotated[int, Field(json_schema_extra={"need": f"{SCHEMA_VERSION}"})]
    """Version of this layout."""
    name: Slug
    """Short name of the study; saved runs carry it."""
    title: str | None = None
    """Name for people."""
    as_of: Month
    """Month 0 of every cash flow."""
    usd_year: Annotated[int, Field(ge=1990, le=2100, json_schema_extra={"need": "a year from 1990 to 2100"})]
    """Year of the money that facts are converted to."""
    horizon_years: Annotated[int, Field(ge=1, le=60, json_schema_extra={"unit": "years"})] = 30
    """Years valued after the as-of month."""
    convention: Literal["wattworth"] = "wattworth"
    """Rules of escalation, discounting and timing."""
    commodity_case: Literal["2025", "2026"] = "2026"
    """Year whose mean price of gas the paths stand on; 2026 is distorted by the closure of Hormuz, so run both."""
    tax_losses: Literal["carried", "group"]
    """`carried`: losses wait for the site's own profit; `group`: the owner uses them at once."""
    tenant_demand_gw_per_year: Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "GW/yr"})] = None
    """Critical IT that tenants take from these owners in a year; empty takes the fact `tenant_demand.new_leases`."""
    description: str | None = None
    """What the study is, for readers."""
    sites: Text = "sites.csv"
    """File with the sites, in the same folder; a workbook holds them in its sheet `sites`."""
    uses: Annotated[
        dict[str, Any] | list[Any] | None,
        Field(json_schema_extra={"need": "a list of uses, or a mapping of uses to their options"}),
    ] = None
    """Uses to value, each with its options (`{}` for none); empty values every use known."""
    facts: ChangedFacts = None
    """Facts the study changes, by key."""
    double_counts: DoubleCounts = None
    """Megawatts that two rows may both hold."""
    discount: Rates = None
    """Yearly hurdle rates by use, in place of the base rate and the market risk in the drifts; only in `study.yaml`."""
    cases: Cases = None
    """Named cases, each a set of changed inputs with their reasons; only in `study.yaml`."""
    market_files: MarketFiles = None
    """Markets whose own monthly or hourly prices stand in files of the folder; only in `study.yaml`."""
    fact_files: FileList = None
    """Files of facts the study changes, laid out as `wattworth calibrate` writes them; `facts` goes before them."""
    gate_files: FileList = None
    """Files of gates to first power that take the place of the packaged networks; only in `study.yaml`."""
    supply: Supplies = None
    """Sites whose power is made on site, each with a case of on-site supply; only in `study.yaml`."""
    plan: PlanOf = None
    """What all sites share, for `wattworth plan`; only in `study.yaml`."""


class UseSpec(NamedTuple):
    """A use as the study room needs to know it: its name and the schema of its options."""

    name: str
    options: type[BaseModel]


@dataclass(frozen=True)
class Study:
    """What the user declared, checked, with the facts that stand behind it once filled.

    Attributes
    ----------
    name, title, description
        Names for machines and for people.
    as_of
        Month 0, as ``YYYY-MM``.
    usd_year
        Year of the money of ``facts``.
    horizon_years
        Years valued after month 0.
    convention
        Rules of escalation, discounting and timing.
    tax_losses
        ``carried`` or ``group``.
    tenant_demand_gw_per_year
        Critical IT taken from these owners in a year, or None for the packaged fact. [GW/yr]
    sites
        Every row, valued or not, in the order declared.
    uses
        Enabled use to its options.
    overrides
        Facts the study changes, as declared.
    double_counts
        Megawatts that two rows may both hold.
    discount
        Use to its own yearly hurdle rate, or None for one base rate and risk-adjusted drifts. [1/year]
    facts
        Filled facts, in money of ``usd_year``; empty until :func:`wattworth.study.fill`.
    cases
        Named cases by name, in the order declared.
    commodity_case
        Year whose mean price of gas the paths stand on.
    market_series
        Market to its own monthly or hourly prices, in place of the packaged ones.
    gates
        Gates to first power of the study's own.
    supply
        Site to the power made on it.
    plan
        What all sites share, or None where nothing is declared.
    places
        Where each changed fact, limit and choice stands, for messages.
    """

    name: str
    title: str | None
    description: str | None
    as_of: str
    usd_year: int
    horizon_years: int
    convention: str
    tax_losses: Literal["carried", "group"]
    tenant_demand_gw_per_year: float | None
    sites: tuple[Site, ...]
    uses: Mapping[str, BaseModel]
    overrides: Mapping[str, Override] = field(default_factory=dict)
    double_counts: tuple[DoubleCount, ...] = ()
    discount: Mapping[str, float] | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    cases: Mapping[str, NamedCase] = field(default_factory=dict)
    commodity_case: str = "2026"
    market_series: Mapping[str, MarketSeries] = field(default_factory=dict)
    gates: tuple[GateRow, ...] = ()
    supply: Mapping[str, SiteSupply] = field(default_factory=dict)
    plan: PlanBlock | None = None
    places: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def valued_sites(self) -> tuple[Site, ...]:
        """Sites that enter a valuation."""
        return tuple(site for site in self.sites if site.valued)

    @property
    def unread_overrides(self) -> list[str]:
        """Facts the study changes and no use of it reads, once it is filled."""
        return sorted(set(self.overrides) - set(self.facts))

    def site(self, site_id: str) -> Site:
        """The site of this name; KeyError if there is none."""
        for site in self.sites:
            if site.site_id == site_id:
                return site
        raise KeyError(site_id)
