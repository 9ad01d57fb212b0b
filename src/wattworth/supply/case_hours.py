"""Hours of a case: load, what sun, wind and turbines can give, and prices, all of one length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import Fault, StudyError
from wattworth.supply.case_file import PowerFile
from wattworth.supply.case_grid import grid_available, grid_price
from wattworth.supply.case_numbers import FIRM, Numbers
from wattworth.supply.case_schema import PanelKeys, SyntheticKeys, TurbineKeys
from wattworth.supply.cooling import PueFit, hall_load, pue_ratio, wet_bulb_c
from wattworth.supply.part_load import derate_frac
from wattworth.supply.photovoltaic import Panels, Tracker, solar_output
from wattworth.supply.profiles import read_profile
from wattworth.supply.synthetic import (
    Air,
    Climate,
    Place,
    Sky,
    WindClimate,
    reference_sun_frac,
    synthetic_solar_output,
    synthetic_weather,
)
from wattworth.supply.system import YEAR_H, Hourly
from wattworth.supply.weather import Weather, read_weather, with_wind
from wattworth.supply.wind import Turbine, generic_curve, wind_frac

Series = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CaseHours:
    """Hours of a case, weather years end to end.

    Attributes
    ----------
    load_mw
        Array, shape (hour,). [MW]
    available_frac
        Output that a megawatt of each source can give. [1]
    price_usd_per_mwh
        Price of the grid, one number or by the hour; None without one. [USD/MWh]
    n_year
        Weather years.
    notes
        What the files had to say.
    """

    load_mw: Series
    available_frac: dict[str, Hourly]
    price_usd_per_mwh: Hourly | None
    n_year: int
    notes: tuple[str, ...]


def hours_of_case(file: PowerFile, numbers: Numbers) -> CaseHours:
    """Read or draw all hours of a case, and bring them to one length.

    Parameters
    ----------
    file
        The case.
    numbers
        Of the case: derating of units comes from them.

    Raises
    ------
    StudyError
        If files hold different numbers of years, neither of which is one.
    DataError
        If a file cannot be used.
    """
    weather = _weather(file)
    notes = [] if weather is None else list(weather.notes)
    found: dict[str, Hourly] = {"load": _load(file, weather, notes)}
    found |= _available(file, weather, numbers, notes)
    grid = file.keys.grid
    price = None if grid is None else grid_price(file, grid, notes)
    if grid is not None:
        found["grid"] = grid_available(file, grid, notes)
    if price is not None:
        found["grid price"] = price
    lengths = {what: len(values) for what, values in found.items() if isinstance(values, np.ndarray)}
    n_hour = max(lengths.values(), default=YEAR_H)
    odd = {what: n for what, n in lengths.items() if n_hour % n}
    if odd:
        told = ", ".join(f"{what} {n // YEAR_H}" for what, n in odd.items())
        raise StudyError([Fault(file.file, f"{n_hour // YEAR_H} years of hours, but of {told}: give as many, or one")])
    full = {what: _repeated(values, n_hour) for what, values in found.items()}
    load, price = np.broadcast_to(full.pop("load"), n_hour).astype(np.float64), full.pop("grid price", None)
    return CaseHours(load, full, price, n_hour // YEAR_H, tuple(notes))


def _repeated(values: Hourly, n_hour: int) -> Hourly:
    return np.tile(values, n_hour // len(values)) if isinstance(values, np.ndarray) else values


def _weather(file: PowerFile) -> Weather | None:
    keys = file.keys.weather
    if keys is None:
        return None
    if keys.synthetic is not None:
        return synthetic_weather(_climate(keys.synthetic), keys.synthetic.seed, keys.synthetic.n_year)
    assert keys.file is not None
    weather = read_weather(file.folder / keys.file, keys.wind_height_m)
    return weather if keys.wind_file is None else with_wind(weather, read_weather(file.folder / keys.wind_file))


def _climate(keys: SyntheticKeys) -> Climate:
    return Climate(
        keys.name,
        Place(**keys.place.model_dump()),
        Sky(**keys.sky.model_dump()),
        Air(**keys.air.model_dump()),
        WindClimate(**keys.wind.model_dump()),
    )


def _load(file: PowerFile, weather: Weather | None, notes: list[str]) -> Hourly:
    load = file.keys.load
    if load.flat_mw is not None:
        return load.flat_mw
    if load.file is not None:
        profile = read_profile(file.folder / load.file, "load_mw", column=load.column, size_mw=load.size_mw)
        notes += profile.notes
        return profile.values
    hall = load.hall
    assert hall is not None
    assert weather is not None
    if weather.humidity_frac is None:
        raise StudyError([file.fault("load.hall", "the weather has no humidity, so no wet bulb; take another file")])
    fit = PueFit(hall.pue_base_ratio, hall.pue_ratio_per_c, hall.pue_threshold_c)
    pue = pue_ratio(wet_bulb_c(weather.dry_bulb_c, weather.humidity_frac), fit)
    return hall_load(hall.critical_it_mw, hall.load_frac, pue, weather.n_hour // YEAR_H).load_mw


def _available(file: PowerFile, weather: Weather | None, numbers: Numbers, notes: list[str]) -> dict[str, Hourly]:
    sources, out = file.keys.sources, {}
    sun, wind = sources.solar, sources.wind
    if sun is not None:
        if sun.file is not None:
            out["solar"] = _profile(file, sun.file, sun.column, notes)
        elif sun.panels is not None:
            out["solar"] = _sun(file, weather, sun.panels)
        else:
            out["solar"] = reference_sun_frac()
    if wind is not None:
        if wind.file is not None:
            out["wind"] = _profile(file, wind.file, wind.column, notes)
        else:
            assert weather is not None
            assert wind.turbine is not None
            out["wind"] = wind_frac(weather, _turbine(wind.turbine))
    for name in FIRM:
        if getattr(sources, name) is not None:
            out[name] = _derated(weather, numbers, f"sources.{name}")
    return out


def _profile(file: PowerFile, path: str, column: str | None, notes: list[str]) -> Series:
    profile = read_profile(file.folder / path, "available_frac", column=column)
    notes += profile.notes
    return profile.values


def _sun(file: PowerFile, weather: Weather | None, keys: PanelKeys) -> Series:
    assert weather is not None
    given = keys.model_dump(exclude={"max_turn_deg", "ground_cover_frac"})
    panels = Panels(**given)
    declared = file.keys.weather
    if declared is not None and declared.synthetic is not None:
        return synthetic_solar_output(weather, panels).per_mwac_frac
    return solar_output(weather, Tracker(keys.max_turn_deg, keys.ground_cover_frac), panels).per_mwac_frac


def _turbine(keys: TurbineKeys) -> Turbine:
    curve = generic_curve(keys.cut_in_m_per_s, keys.rated_m_per_s, keys.cut_out_m_per_s, keys.spread_m_per_s)
    return Turbine(keys.hub_m, curve, keys.loss_frac)


def _derated(weather: Weather | None, numbers: Numbers, path: str) -> Hourly:
    per_deg, per_km = numbers[f"{path}.loss_frac_per_deg"], numbers[f"{path}.loss_frac_per_km"]
    if weather is None or per_deg == per_km == 0.0:
        return 1.0
    return derate_frac(weather.dry_bulb_c, weather.elevation_m, loss_frac_per_deg=per_deg, loss_frac_per_km=per_km)
