"""Keys of a case of on-site supply, each with its unit and bounds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Frac = Annotated[float | None, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})]
Megawatts = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "MW"})]
MegawattHours = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "MWh"})]
Years = Annotated[float | None, Field(gt=0, le=100, json_schema_extra={"unit": "years"})]
Price = Annotated[float | None, Field(ge=-5000, le=20_000, json_schema_extra={"unit": "$/MWh"})]
PerKw = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$/kW"})]
PerKwYear = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$/kW-yr"})]
PerKwh = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$/kWh"})]
Amount = Annotated[float | None, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})]
Efficiency = Annotated[float | None, Field(gt=0, le=1, json_schema_extra={"unit": "frac"})]
Discount = Annotated[float | None, Field(ge=0, le=1, json_schema_extra={"unit": "frac/yr"})]
PlainMw = Annotated[float, Field(gt=0, json_schema_extra={"unit": "MW"})]
Hours = Annotated[float | None, Field(ge=1, le=8760, json_schema_extra={"unit": "h"})]
Fade = Annotated[float | None, Field(ge=0, le=0.1, json_schema_extra={"unit": "frac/yr"})]
Months = Annotated[float | None, Field(ge=0, le=240, json_schema_extra={"unit": "months"})]
Month = Annotated[int, Field(ge=1, le=12)]
HourOfDay = Annotated[int, Field(ge=0, le=23)]
HourOfYear = Annotated[int, Field(ge=0, le=8759)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Dollars = Annotated[float, Field(ge=0, json_schema_extra={"unit": "$"})]
Need = Annotated[float, Field()]
Text = Annotated[str, Field(min_length=1)]
OptionalText = Annotated[str | None, Field(min_length=1)]
WholeYears = Annotated[int, Field(ge=1, le=50, json_schema_extra={"unit": "years"})]


class Keys(BaseModel):
    """A frozen mapping of a case."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class HallKeys(Keys):
    """A hall: servers, and a PUE that follows the wet bulb."""

    critical_it_mw: PlainMw
    load_frac: Share
    pue_base_ratio: Annotated[float, Field(ge=1, le=3)]
    pue_ratio_per_c: Annotated[float, Field(ge=0, le=1)]
    pue_threshold_c: Annotated[float, Field(ge=-50, le=50)]


class LoadKeys(Keys):
    """What is demanded: one of three."""

    flat_mw: Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "MW"})] = None
    file: OptionalText = None
    column: OptionalText = None
    size_mw: Megawatts = None
    hall: HallKeys | None = None


class PlaceKeys(Keys):
    """Where a synthetic year is drawn for."""

    latitude_deg: Annotated[float, Field(ge=-90, le=90)]
    longitude_deg: Annotated[float, Field(ge=-180, le=180)]
    elevation_m: Annotated[float, Field(ge=-430, le=6000)]
    utc_offset_h: Annotated[float, Field(ge=-12, le=14)]


class SkyKeys(Keys):
    """Clouds."""

    clear_frac: Annotated[float, Field(gt=0, lt=1, json_schema_extra={"unit": "frac"})]
    thickness_index: Annotated[float, Field(ge=0)]
    lasting_frac: Share


class AirKeys(Keys):
    """Temperature and humidity."""

    mean_c: Need
    season_c: Need
    day_c: Need
    hottest_day: Annotated[int, Field(ge=0, le=364)]
    hottest_h: Annotated[float, Field(ge=0, le=24)]
    noise_c: Need
    lasting_frac: Share
    dew_mean_c: Need
    dew_season_c: Need
    dew_noise_c: Need


class BreezeKeys(Keys):
    """Wind at one height."""

    height_m: Annotated[float, Field(gt=0)]
    mean_m_per_s: Annotated[float, Field(gt=0)]
    shape_index: Annotated[float, Field(gt=0)]
    season_frac: Share
    day_frac: Share
    windiest_day: Annotated[int, Field(ge=0, le=364)]
    windiest_h: Annotated[float, Field(ge=0, le=24)]
    lasting_frac: Share


class SyntheticKeys(Keys):
    """Weather years drawn from a climate."""

    name: Text
    seed: Annotated[int, Field(ge=0)]
    n_year: WholeYears
    place: PlaceKeys
    sky: SkyKeys
    air: AirKeys
    wind: BreezeKeys


class WeatherKeys(Keys):
    """Files, or a synthetic year."""

    file: OptionalText = None
    wind_file: OptionalText = None
    wind_height_m: Annotated[float | None, Field(gt=0)] = None
    synthetic: SyntheticKeys | None = None


class ReliabilityKeys(Keys):
    """What every design must reach; one at least."""

    availability_frac: Efficiency = None
    unserved_max_frac: Frac = None
    short_h_per_year: Annotated[float | None, Field(ge=0, le=8760, json_schema_extra={"unit": "h/yr"})] = None


class PanelKeys(Keys):
    """Panels on trackers."""

    dc_per_ac_ratio: Annotated[float, Field(gt=0)]
    loss_frac: Share
    power_frac_per_c: Need
    inverter_frac: Share
    albedo_frac: Share
    heat_loss_w_per_m2_per_c: Need
    wind_loss_w_per_m2_per_m_per_s: Need
    max_turn_deg: Annotated[float, Field(gt=0, le=90)]
    ground_cover_frac: Share


class TurbineKeys(Keys):
    """A park of wind turbines with a generic curve."""

    hub_m: Annotated[float, Field(gt=0)]
    cut_in_m_per_s: Annotated[float, Field(gt=0)]
    rated_m_per_s: Annotated[float, Field(gt=0)]
    cut_out_m_per_s: Annotated[float, Field(gt=0)]
    spread_m_per_s: Annotated[float, Field(ge=0)]
    loss_frac: Share


class CommitmentKeys(Keys):
    """Running in whole units: least load, starts, ramps, and fuel at part load by one point of the data sheet."""

    min_load_frac: Frac = None
    start_usd_per_mw: Amount = None
    ramp_frac_per_h: Annotated[float | None, Field(gt=0, le=1, json_schema_extra={"unit": "1/h"})] = None
    part_load_frac: Annotated[float, Field(gt=0, lt=1, json_schema_extra={"unit": "frac"})] = 0.5
    part_load_heat_ratio: Annotated[float | None, Field(ge=1, le=3)] = None


class BuiltKeys(Keys):
    """What anything that may be built costs, lasts, waits for and is bounded by."""

    capex_usd_per_kw: PerKw = None
    life_years: Years = None
    discount_frac: Discount = None
    lead_time_months: Months = None
    max_mw: Megawatts = None


class FreeKeys(BuiltKeys):
    """Beside that, upkeep and fading of what burns nothing."""

    fixed_frac_per_year: Frac = None
    fade_frac_per_year: Fade = None


class SolarKeys(FreeKeys):
    """Sun: cost, and panels, an hourly file or the reference year."""

    panels: PanelKeys | None = None
    file: OptionalText = None
    column: OptionalText = None
    reference_year: bool = False


class WindKeys(FreeKeys):
    """Wind: cost, and turbines or an hourly file."""

    turbine: TurbineKeys | None = None
    file: OptionalText = None
    column: OptionalText = None


class FirmKeys(BuiltKeys):
    """Engines, turbines or fuel cells: cost, fuel, units."""

    fixed_usd_per_kw_year: PerKwYear = None
    variable_usd_per_mwh: Amount = None
    heat_rate_mmbtu_per_mwh: Amount = None
    unit_mw: Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "MW"})] = None
    forced_outage_frac: Annotated[float | None, Field(ge=0, lt=1, json_schema_extra={"unit": "frac"})] = None
    maintenance_frac: Annotated[float | None, Field(ge=0, lt=1, json_schema_extra={"unit": "frac"})] = None
    repair_h: Hours = None
    loss_frac_per_deg: Frac = None
    loss_frac_per_km: Frac = None
    commitment: CommitmentKeys | None = None


class SourcesKeys(Keys):
    """What may be built; what is left out is not looked at."""

    solar: SolarKeys | None = None
    wind: WindKeys | None = None
    engine: FirmKeys | None = None
    turbine: FirmKeys | None = None
    fuel_cell: FirmKeys | None = None


class HoursKeys(Keys):
    """Hours that are meant: all that lie in the months, hours of the day and weekdays given."""

    months: tuple[Month, ...] = tuple(range(1, 13))
    hours: tuple[HourOfDay, ...] = tuple(range(24))
    weekdays: tuple[Weekday, ...] = tuple(range(7))


class InterruptedKeys(HoursKeys):
    """Hours in which the grid gives only a share of what is connected."""

    firm_frac: Share = 0.0


class EnergyPeriodKeys(HoursKeys):
    """Hours of a time-of-use price."""

    usd_per_mwh: Annotated[float, Field(ge=-5000, le=20_000, json_schema_extra={"unit": "$/MWh"})]


class DemandKeys(HoursKeys):
    """A demand charge on the highest import of each month, with a ratchet if ``floor_frac`` is given."""

    name: Text
    usd_per_kw_month: Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$/kW-month"})] = None
    usd_per_kw_by_month: Annotated[tuple[Dollars, ...] | None, Field(min_length=12, max_length=12)] = None
    floor_frac: Frac = None
    floor_months: tuple[Month, ...] = tuple(range(1, 13))
    lookback_months: Annotated[int | None, Field(ge=1, le=24)] = None


class CoincidentKeys(Keys):
    """A yearly charge on the highest import in stated hours of the year."""

    name: Text
    hours_of_year: Annotated[tuple[HourOfYear, ...], Field(min_length=1)]
    usd_per_kw_year: Dollars


class FourPeaksKeys(Keys):
    """The four coincident peaks of ERCOT: their hours, or a file of the grid's load."""

    usd_per_kw_year: Dollars
    saved_after_2026_frac: Share
    peak_hours: Annotated[tuple[HourOfYear, ...] | None, Field(min_length=4, max_length=4)] = None
    file: OptionalText = None
    column: OptionalText = None


class TariffKeys(Keys):
    """What the wires and the meter cost beside energy."""

    fixed_usd_per_month: Dollars = 0.0
    demand: tuple[DemandKeys, ...] = ()
    coincident: tuple[CoincidentKeys, ...] = ()
    four_cp: FourPeaksKeys | None = None


class GridKeys(Keys):
    """A connection: what may be taken and given, and at what price."""

    import_max_mw: Annotated[float, Field(ge=0, json_schema_extra={"unit": "MW"})] = 0.0
    import_usd_per_mwh: Price = None
    price_file: OptionalText = None
    price_column: OptionalText = None
    periods: tuple[EnergyPeriodKeys, ...] = ()
    first_year: Annotated[int, Field(ge=1990, le=2100)] = 2026
    available_file: OptionalText = None
    available_column: OptionalText = None
    interrupted: tuple[InterruptedKeys, ...] = ()
    tariff: TariffKeys | None = None
    adder_usd_per_mwh: Annotated[float, Field(json_schema_extra={"unit": "$/MWh"})] = 0.0
    capacity_usd_per_kw_year: Annotated[float, Field(ge=0, json_schema_extra={"unit": "$/kW-yr"})] = 0.0
    forced_outage_frac: Annotated[float, Field(ge=0, lt=1, json_schema_extra={"unit": "frac"})] = 0.0
    outage_h: Hours = None
    co2_kg_per_mwh: Annotated[float, Field(ge=0)] = 0.0
    export_max_mw: Annotated[float, Field(ge=0, json_schema_extra={"unit": "MW"})] = 0.0
    export_usd_per_mwh: Price = None


class BatteryKeys(Keys):
    """One battery, its power and its energy sized apart."""

    power_usd_per_kw: PerKw = None
    energy_usd_per_kwh: PerKwh = None
    fixed_frac_per_year: Frac = None
    round_trip_frac: Efficiency = None
    life_years: Years = None
    discount_frac: Discount = None
    fade_frac_per_year: Fade = None
    lead_time_months: Months = None
    max_mw: Megawatts = None
    max_mwh: MegawattHours = None
    start_frac: Share = 0.5


class ProjectKeys(Keys):
    """What a convention of project finance asks beyond cost and energy."""

    convention: Literal["wattworth", "sam", "reopt", "offgridai", "mid_year"]
    analysis_years: WholeYears
    soft_frac: Share
    debt_share_frac: Share
    debt_rate_frac: Share
    federal_tax_frac: Share
    inflation_frac: Share
    fuel_growth_frac: Annotated[float, Field(gt=-1, le=1, json_schema_extra={"unit": "frac/yr"})]
    return_frac: Share
    depreciation: Literal[
        "macrs_3", "macrs_5", "macrs_7", "macrs_15", "macrs_20", "sl_5", "sl_15", "sl_20", "sl_39", "none"
    ]
    renewable_credit_frac: Share = 0.0
    new_battery_frac: Share = 1.0


class FinanceKeys(Keys):
    """How capital becomes a yearly cost; with ``project``, also a price by a convention."""

    discount_frac: Discount = None
    project: ProjectKeys | None = None


class DesignKeys(Keys):
    """A named design to set beside the optimum; what it does not name is chosen at least cost."""

    name: Text
    solar_mw: Megawatts = None
    wind_mw: Megawatts = None
    engine_mw: Megawatts = None
    turbine_mw: Megawatts = None
    fuel_cell_mw: Megawatts = None
    grid_mw: Megawatts = None
    battery_mw: Megawatts = None
    battery_mwh: MegawattHours = None


class CaseKeys(Keys):
    """All keys of a case."""

    name: Text
    title: OptionalText = None
    money_year: Annotated[int | None, Field(ge=1990, le=2100)] = None
    load: LoadKeys
    weather: WeatherKeys | None = None
    reliability: ReliabilityKeys
    unserved_usd_per_mwh: Annotated[float, Field(gt=0, json_schema_extra={"unit": "$/MWh"})]
    gas_usd_per_mmbtu: Amount = None
    co2_kg_per_mmbtu: Amount = None
    carbon_usd_per_t: Annotated[float, Field(ge=0)] = 0.0
    commitment_time_s: Annotated[float, Field(gt=0, le=86_400, json_schema_extra={"unit": "s"})] = 60.0
    commitment_gap_frac: Annotated[float, Field(gt=0, le=0.1, json_schema_extra={"unit": "frac"})] = 0.001
    finance: FinanceKeys = FinanceKeys()
    sources: SourcesKeys
    grid: GridKeys | None = None
    battery: BatteryKeys | None = None
    designs: tuple[DesignKeys, ...] = ()
