"""One notion of a numeric input of a study: read it, change it, know its bounds.

An input is named as a person would: a short name (``rent``), a fact (``btc.price``), a column of a site
(``operating_gross_mw``), an option of a use (``uses.bitcoin.NAME``) or a setting (``horizon_years``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from wattworth import uses
from wattworth.errors import StudyError
from wattworth.facts import Fact
from wattworth.markets import level_key, market_region
from wattworth.study import Override, Site, Study, fill
from wattworth.study.fields import kind, unit
from wattworth.study.raw import did_you_mean
from wattworth.study.schema import StudyFile
from wattworth.valuation.plan import fact_keys

SHORT_NAMES: Final = ("rent", "capex", "delay", "residual", "bitcoin", "power")
"""Names that stand for a fact, or for the column of a site that states the same."""

DELAY_KEY: Final = "clock.extra_delay"

_FACTS: Final = {
    "rent": "lease_landlord_pays_capex.rent_year1",
    "delay": DELAY_KEY,
    "residual": "renewal.chance",
    "bitcoin": "btc.price",
}
_STATED: Final = {"rent": "lease_rent_usd_per_kw_month", "capex": "lease_capex_musd_per_mw_it"}
_OF_USE: Final[Mapping[tuple[str | None, str], str]] = {
    ("powered_shell", "rent"): "powered_shell.yield",
    ("powered_shell", "capex"): "powered_shell.construction_cost",
    ("gpu_cloud", "rent"): "H100.rental_2026-05",
    ("gpu_cloud", "capex"): "gpu_cloud.hardware_cost",
}
"""What a short name means in a use that has a price or a cost of its own."""

_OUTPUTS: Final = {
    "hashprice": "hashprice follows from the price of bitcoin and the network; ask for bitcoin or fleet_j_per_th",
}
_SETTINGS: Final = ("horizon_years", "tenant_demand_gw_per_year")
_WIDEST_MONTHS: Final = 60.0
_STEEPEST_RATE: Final = 0.9

Place = Literal["fact", "site", "option", "setting"]


@dataclass(frozen=True, slots=True)
class Input:
    """A numeric input of a study.

    Attributes
    ----------
    name
        As asked for.
    place
        Where it stands.
    key
        Fact key, column, or setting; for an option its name.
    owner
        Site of a column, use of an option; else empty.
    unit
        As printed; empty if it has none.
    value
        In the study as it is, or None where it is empty. [unit]
    least, most
        What the schema or the nature of the number allows. [unit]
    low, high
        Range of the fact, or None. [unit]
    whole
        Whether only whole numbers are allowed.
    """

    name: str
    place: Place
    key: str
    owner: str
    unit: str
    value: float | None
    least: float
    most: float
    low: float | None = None
    high: float | None = None
    whole: bool = False

    @property
    def label(self) -> str:
        """Name for people, with what a short name stands for."""
        full = {"site": f"{self.key} of {self.owner}", "option": f"{self.owner}.{self.key}"}.get(self.place, self.key)
        return full if self.name in (full, self.key) else f"{self.name} ({full})"

    @property
    def search_range(self) -> tuple[float, float] | None:
        """Where a search looks unless told otherwise, or None where there is nothing to start from."""
        if self.key == DELAY_KEY:
            return 0.0, _WIDEST_MONTHS
        if self.whole:
            ends = self.least, self.most
            return ends if all(map(math.isfinite, ends)) else None
        if self.value is None:
            return None
        if is_rate(self.unit) and self.low is not None and self.high is not None:
            low, high = 2.0 * self.low - self.value, 2.0 * self.high - self.value
        elif self.value > 0:
            low, high = self.value / 4.0, self.value * 4.0
        else:
            spread = 4.0 * (self.high - self.low) if self.low is not None and self.high is not None else 0.0
            spread = spread or max(4.0 * abs(self.value), 1.0)
            low, high = self.value - spread, self.value + spread
        low = low if self.low is None else min(low, self.low)
        high = high if self.high is None else max(high, self.high)
        return max(low, self.least), min(high, self.most)


def find(study: Study, name: str, site_id: str | None = None, use: str | None = None) -> Input:
    """The input of a name.

    Parameters
    ----------
    study
        A checked study.
    name
        Short name, fact, column, option or setting.
    site_id
        Site that a column, or a short name, is read of.
    use
        Use that is asked about: a short name means the site's signed contract only where it is one of this use.

    Raises
    ------
    StudyError
        If no input has the name, naming the nearest; or a column is asked for without a site.
    """
    site = None if site_id is None else site_of(study, site_id)
    if name in _OUTPUTS:
        raise StudyError(f"{name} is not an input: {_OUTPUTS[name]}")
    if name in SHORT_NAMES:
        return replace(_named(study, _long_name(study, name, site, use), site), name=name)
    return _named(study, name, site)


def site_of(study: Study, site_id: str) -> Site:
    """The valued site of a name; a StudyError names the nearest, or says why it is not valued."""
    try:
        site = study.site(site_id)
    except KeyError:
        near = did_you_mean(site_id, [known.site_id for known in study.sites])
        raise StudyError(f'no site "{site_id}" in {study.name}{near}; `wattworth check` lists them') from None
    if site.not_valued_reason is not None:
        raise StudyError(f"{site_id} is not valued: {site.not_valued_reason}")
    return site


def check_use(study: Study, name: str) -> None:
    """Refuse a use that the study does not enable, naming the nearest."""
    if name not in study.uses:
        near, has = did_you_mean(name, study.uses), ", ".join(study.uses)
        raise StudyError(f'"{name}" is not a use of {study.name}{near}; it has {has}')


def with_input(study: Study, asked: Input, number: float) -> Study:
    """The study with one input changed; a fact takes its range along, so that its draws move with it.

    Parameters
    ----------
    study
        A checked study.
    asked
        From :func:`find`, of this study.
    number
        New value. [unit of the input]

    Raises
    ------
    StudyError
        If the number is not allowed there.
    """
    if not asked.least <= number <= asked.most:
        raise StudyError(f"{asked.label}: {number:g} lies outside {asked.least:.6g} to {asked.most:.6g}")
    if asked.whole and not float(number).is_integer():
        raise StudyError(f"{asked.label}: {number:g} is not a whole number")
    value = int(number) if asked.whole else float(number)
    match asked.place:
        case "fact":
            return replace(study, overrides={**study.overrides, asked.key: moved(asked, value)})
        case "setting":
            return replace(study, **{asked.key: value})
        case "option":
            options = study.uses[asked.owner]
            changed = _checked(type(options), {**options.model_dump(), asked.key: value}, asked)
            return replace(study, uses={**study.uses, asked.owner: changed})
        case "site":
            return with_site(study, asked.owner, {asked.key: value})


def with_site(study: Study, site_id: str, changes: Mapping[str, Any]) -> Study:
    """The study with columns of one site changed, the row checked as a whole."""
    row = {**study.site(site_id).model_dump(), **changes}
    changed = _checked(Site, row, None, f"site {site_id}")
    return replace(study, sites=tuple(changed if site.site_id == site_id else site for site in study.sites))


def moved(asked: Input, value: float, source: str = "goal seek") -> Override:
    """A fact at another value, its range scaled with it, or moved along if it is a rate; a share stays a share."""
    low, high = asked.low, asked.high
    if low is not None and high is not None and asked.value is not None:
        if asked.value > 0 and value >= 0 and not is_rate(asked.unit):
            low, high = low * value / asked.value, high * value / asked.value
        else:
            low, high = low + value - asked.value, high + value - asked.value
        low, high = min(max(low, asked.least), value), max(min(high, asked.most), value)
    return Override(value=value, low=low, high=high, unit=asked.unit, source=source)


def fact_input(study: Study, key: str) -> Input:
    """A fact that a run of the study reads, in the money of the study."""
    if key not in fact_keys(study):
        uses.fact_book().require(key)
        raise StudyError(f"{key} is a fact that no use of {study.name} reads, so it changes nothing; see the uses")
    fact = fill(study, uses.fact_book(), [key]).facts[key]
    least, most = _fact_limits(fact)
    return Input(key, "fact", key, "", fact.unit, fact.value, least, most, fact.low, fact.high)


def _fact_limits(fact: Fact) -> tuple[float, float]:
    """Hard ends: a share stays from 0 to 1, and what is nowhere negative stays so."""
    ends = [end for end in (fact.value, fact.low, fact.high) if end is not None]
    if fact.unit.startswith("frac") and "/yr" not in fact.unit and min(ends) >= 0 and max(ends) <= 1:
        return 0.0, 1.0
    if fact.key.startswith("correlation."):
        return -1.0, 1.0
    if is_rate(fact.unit) and min(ends) > -_STEEPEST_RATE and max(ends) < _STEEPEST_RATE:
        return -_STEEPEST_RATE, _STEEPEST_RATE
    return (-math.inf if min(ends) < 0 else 0.0), math.inf


def is_rate(unit_shown: str) -> bool:
    """Whether a unit is that of a yearly growth, decay or interest rate."""
    return unit_shown.startswith("frac") and "/yr" in unit_shown


def _long_name(study: Study, name: str, site: Site | None, use: str | None) -> str:
    stated = _STATED.get(name)
    is_asked = site is not None and use in (None, site.signed_use)
    if site is not None and is_asked and stated is not None and getattr(site, stated) is not None:
        return stated
    if (use, name) in _OF_USE:
        return _OF_USE[use, name]
    if name in _FACTS:
        return _FACTS[name]
    if site is None:
        raise StudyError(f'"{name}" depends on the site; name one with --site')
    if name == "capex":
        if site.lease_critical_it_mw and is_asked and site.lease_capex_payer == "tenant":
            return "lease_tenant_pays_capex.landlord_capex"
        return ("mining_hall_retrofit" if site.buildings_reusable else "ai_purpose_built") + ".construction_cost"
    states = site.power_price_usd_per_mwh is not None and not site.ignores_its_price
    return "power_price_usd_per_mwh" if states else level_key(market_region(site))


def _named(study: Study, name: str, site: Site | None) -> Input:
    use, _, option = name.removeprefix("uses.").rpartition(".")
    if use in study.uses and option in type(study.uses[use]).model_fields:
        return _field(name, "option", use, study.uses[use], option)
    if not name.startswith("uses.") and "." in name and (name in fact_keys(study) or name in _every_fact()):
        return fact_input(study, name)
    if name in Site.model_fields:
        if site is None:
            raise StudyError(f"{name} is a column of a site; name the site with --site")
        return _field(name, "site", site.site_id, site, name)
    if name in _SETTINGS:
        info = StudyFile.model_fields[name]
        return _of_field(name, "setting", "", info, getattr(study, name))
    raise StudyError(f'no input "{name}"{did_you_mean(name, known_names(study))}; {_KINDS}')


_KINDS: Final = (
    f"an input is one of {', '.join(SHORT_NAMES)}, a fact such as btc.price (`wattworth sources` lists them), "
    "a column of a site such as operating_gross_mw, an option such as uses.USE.OPTION, or horizon_years"
)


def known_names(study: Study) -> list[str]:
    """Every name an input of the study can have."""
    columns = [name for name, info in Site.model_fields.items() if kind(info) in ("number", "whole")]
    options = [f"uses.{use}.{name}" for use, declared in study.uses.items() for name in type(declared).model_fields]
    return [*SHORT_NAMES, *sorted(fact_keys(study)), *columns, *options, *_SETTINGS]


def _every_fact() -> Iterable[str]:
    return uses.fact_book()


def _field(name: str, place: Place, owner: str, record: BaseModel, key: str) -> Input:
    return _of_field(name, place, owner, type(record).model_fields[key], getattr(record, key), key)


def _of_field(name: str, place: Place, owner: str, info: FieldInfo, value: object, key: str = "") -> Input:
    sort = kind(info)
    if sort not in ("number", "whole"):
        raise StudyError(f"{key or name} is not a number, so nothing can be solved for it; {_KINDS}")
    number = float(value) if isinstance(value, float | int) else None
    least, most = limits(info)
    return Input(name, place, key or name, owner, unit(info) or "", number, least, most, whole=sort == "whole")


def limits(info: FieldInfo) -> tuple[float, float]:
    """Least and most number a field allows; infinite where it sets no bound."""
    parts = [info, *(field for part in get_args(info.annotation) for field in get_args(part))]
    least, most = -math.inf, math.inf
    for bound in (item for part in parts if isinstance(part, FieldInfo) for item in part.metadata):
        if (end := getattr(bound, "ge", None)) is not None:
            least = float(end)
        if (end := getattr(bound, "gt", None)) is not None:
            least = math.nextafter(float(end), math.inf)
        if (end := getattr(bound, "le", None)) is not None:
            most = float(end)
        if (end := getattr(bound, "lt", None)) is not None:
            most = math.nextafter(float(end), -math.inf)
    return least, most


def _checked(model: type[BaseModel], row: Mapping[str, Any], asked: Input | None, where: str = "") -> Any:
    try:
        return model.model_validate(dict(row))
    except ValidationError as error:
        first = error.errors()[0]
        said = str(first.get("ctx", {}).get("error") or first["msg"])
        raise StudyError(f"{asked.label if asked else where}: {said}") from None
