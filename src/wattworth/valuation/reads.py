"""Which declared inputs the model reads: one evaluation of the central path on records that take note.

An input that nothing reads has no effect, however it is changed; a user who declared it should know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel

from wattworth import markets
from wattworth.study import parts
from wattworth.uses import GROSS_PER_IT_KEY
from wattworth.valuation.parameters import ParameterTable
from wattworth.valuation.plan import Plan, SitePlan, always_read
from wattworth.valuation.site_supply import supply_fact_keys

_FOR_PEOPLE: Final = {
    *("site_id", "name", "company", "ticker", "town", "state", "country", "lat_deg", "lon_deg", "ownership_frac"),
    *("lease_tenant", "not_valued_reason", "confidence", "source", "as_of", "note"),
}
"""Columns that describe a site, its country, read while taxes are laid out, and its ownership, read by totals."""

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(slots=True)
class Reads:
    """Names read so far, by what holds them.

    Attributes
    ----------
    columns
        site_id to columns.
    options
        Use to options.
    facts
        Fact keys.
    """

    columns: dict[str, set[str]] = field(default_factory=dict)
    options: dict[str, set[str]] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)


def noting(plan: Plan) -> tuple[Plan, Reads]:
    """The same plan with sites, options and facts that take note of what is read of them; never pickled."""
    reads = Reads()
    options = {name: _watched(value, reads.options.setdefault(name, set())) for name, value in plan.study.uses.items()}
    facts = _Noted(plan.study.facts, reads.facts)
    study = replace(plan.study, uses=options, facts=facts)
    ratio = facts[GROSS_PER_IT_KEY].value
    sites = tuple(_site_plan(site, ratio, reads) for site in plan.sites)
    return replace(plan, study=study, sites=sites, table=_NotedTable.of(plan.table, reads.facts)), reads


def unread(plan: Plan, reads: Reads) -> list[tuple[str, list[str]]]:
    """Declared inputs of a run that nothing has read, with the sites that declare them where they are columns."""
    columns: dict[str, list[str]] = {}
    for site_plan in plan.sites:
        site = site_plan.site
        for name in sorted(_declared(site) - _FOR_PEOPLE - reads.columns[site.site_id]):
            columns.setdefault(name, []).append(site.site_id)
    options = [
        f"uses.{use}.{name}"
        for use, value in plan.study.uses.items()
        for name in sorted(_declared(value) - reads.options[use])
    ]
    changed = set(plan.study.overrides) & set(plan.study.facts)
    facts = sorted(changed - reads.facts - always_read() - supply_fact_keys(plan.study))
    return [*columns.items(), *((name, []) for name in (*options, *facts))]


def _declared(model: BaseModel) -> set[str]:
    """Fields whose value is not what they hold when left empty."""
    fields = type(model).model_fields
    return {name for name in model.model_fields_set if getattr(model, name) != fields[name].default}


def _site_plan(site_plan: SitePlan, gross_per_it: float, reads: Reads) -> SitePlan:
    site = _watched(site_plan.site, reads.columns.setdefault(site_plan.site.site_id, set()))
    return replace(site_plan, site=site, parts=parts(site, gross_per_it), region=markets.market_region(site))


def _watched(model: _Model, seen: set[str]) -> _Model:
    kind = type(model)
    names = frozenset(kind.model_fields)

    def read(self: Any, name: str) -> Any:
        if name in names:
            seen.add(name)
        return kind.__getattribute__(self, name)

    watching = cast("type[_Model]", type(kind.__name__, (kind,), {"__getattribute__": read}))
    return watching.model_construct(_fields_set=set(model.model_fields_set), **dict(model))


class _Noted(Mapping[str, Any]):
    """A mapping that takes note of the keys read one by one."""

    def __init__(self, inside: Mapping[str, Any], seen: set[str]) -> None:
        self._inside, self._seen = inside, seen

    def __getitem__(self, key: str) -> Any:
        self._seen.add(key)
        return self._inside[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._inside)

    def __len__(self) -> int:
        return len(self._inside)


@dataclass(frozen=True, slots=True)
class _NotedTable(ParameterTable):
    """Stated values of the parameters, taking note."""

    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, table: ParameterTable, seen: set[str]) -> _NotedTable:
        return cls(table.keys, table.values, table.central, seen=seen)

    def at_central(self) -> Any:
        draws = ParameterTable(self.keys, self.values, self.central).at_central()
        return replace(draws, values=_Noted(draws.values, self.seen))
