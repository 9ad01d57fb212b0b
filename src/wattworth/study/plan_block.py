"""The `plan` of a study: what all its sites share, what is settled already, and what the plan is to make large."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import BaseModel, Field, model_validator

from wattworth.errors import Fault
from wattworth.records.axes import month_number
from wattworth.study.checking import check_record
from wattworth.study.declared import ConflictError, Declared
from wattworth.study.fields import OptionalMonth, Text
from wattworth.study.raw import Record, did_you_mean, shown
from wattworth.study.schema import Site, TenantClass

Kind = Literal[
    "capital",
    "transformers",
    "crews",
    "sites",
    "grid_mw",
    "tenant_mw",
    "gpus",
    "hash_rate",
    "energised_mw",
    "cash_flow",
]
UNITS: Final[Mapping[str, str]] = {
    "capital": "$m",
    "transformers": "units",
    "crews": "halls at a time",
    "sites": "sites",
    "grid_mw": "MW",
    "tenant_mw": "MW of critical IT",
    "gpus": "thousand GPUs",
    "hash_rate": "EH/s",
    "energised_mw": "MW",
    "cash_flow": "$m",
}
"""Kind of a limit to the unit of its amounts."""

LISTS: Final = ("fixed", "before", "exclusive", "connections")
"""Keys of the plan that hold lists of mappings."""

Amount = Annotated[float | None, Field(ge=0)]
More = Annotated[float | None, Field(gt=0)]
Names = Annotated[list[str] | None, Field(json_schema_extra={"need": "a list of names"})]
SiteNames = Annotated[list[str], Field(min_length=2, json_schema_extra={"need": "a list of two site_id or more"})]
Frac = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})]
Model = TypeVar("Model", bound=BaseModel)


class LimitKeys(Declared):
    """Keys under the name of a limit in `plan.limits`."""

    kind: Kind
    """What is limited; the page on plans says what a choice takes of each, and in which unit."""
    per_period: Amount = None
    """How much there is in each period."""
    in_total: Amount = None
    """How much there is over all periods."""
    share_frac: Annotated[float | None, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})] = None
    """How much of the whole, of the same kind, what the limit is on may make up."""
    sense: Literal["at most", "at least"] = "at most"
    """Whether the amount is the most or the least there may be."""
    by: OptionalMonth = None
    """Month by which it counts, for `energised_mw`."""
    uses: Names = None
    """Uses it is on; empty means all."""
    sites: Names = None
    """Sites it is on, by site_id with `*` for any letters; empty means all."""
    isos: Names = None
    """Grid operators it is on; empty means all."""
    companies: Names = None
    """Owners it is on; empty means all."""
    tenant_class: TenantClass | None = None
    """Credit of the tenants it is on; empty means all."""
    tenant: str | None = None
    """Tenant of signed leases it is on; empty means all."""
    each_mw: Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "MW"})] = None
    """Megawatts that one transformer carries; needed for `transformers`."""
    counts_frac: Annotated[float, Field(gt=0, le=1, json_schema_extra={"unit": "frac"})] = 1.0
    """Share of each unit that counts, such as the share of capital that is borrowed."""
    risked: bool = True
    """Whether amounts are weighed with the chance that a conversion comes off; `transformers` and `sites` never are."""
    relax_step: More = None
    """How much more (at least: less) is priced; empty takes one unit, or a tenth of the amount."""
    source: str = ""
    """Where the amount comes from."""
    confidence: Literal["high", "medium", "low", "derived", "assumption"] = "assumption"
    """Trust in the amount."""

    @model_validator(mode="after")
    def _no_conflict(self) -> Self:
        given = [name for name in ("per_period", "in_total", "share_frac") if getattr(self, name) is not None]
        pairs: list[tuple[str, str]] = []
        if len(given) != 1:
            named = " and ".join(given) or "none"
            pairs.append(
                (given[0] if given else "kind", f"{named} given, need one of per_period, in_total, share_frac")
            )
        if (self.kind == "transformers") != (self.each_mw is not None):
            need = "needed for transformers" if self.each_mw is None else f"read for transformers, not for {self.kind}"
            pairs.append(("each_mw", need))
        if self.by is not None and self.kind != "energised_mw":
            pairs.append(("by", f"read for energised_mw, not for {self.kind}"))
        if self.kind == "hash_rate" and self.per_period is not None:
            pairs.append(("per_period", "hash_rate counts what mines on for good; write in_total"))
        if self.tenant is not None and self.kind != "tenant_mw":
            pairs.append(("tenant", f"read for tenant_mw, not for {self.kind}"))
        if pairs:
            raise ConflictError(pairs)
        return self


class FixedKeys(Declared):
    """Keys of an item of `plan.fixed`."""

    site: Text
    """site_id of a site whose choice is made."""
    use: Text
    """What it becomes, or `keep` to leave it as it is."""
    start: OptionalMonth = None
    """Month in which that is decided; empty means the as-of month."""


class BeforeKeys(Declared):
    """Keys of an item of `plan.before`."""

    first: Text
    """site_id that changes first."""
    then: Text
    """site_id that may change only after it."""
    periods: Annotated[int, Field(ge=0, le=40)] = 0
    """Periods that lie between at least."""


class ExclusiveKeys(Declared):
    """Keys of an item of `plan.exclusive`."""

    sites: SiteNames
    """Sites of which not all may change."""
    most: Annotated[int, Field(ge=0)] = 1
    """How many may."""


class ConnectionKeys(Declared):
    """Keys of an item of `plan.connections`."""

    sites: SiteNames
    """Sites behind one connection."""
    most_mw: Annotated[float, Field(ge=0, json_schema_extra={"unit": "MW"})]
    """What it carries in any period; what is not energised yet counts from its first power."""


class PlanKeys(Declared):
    """Keys of `plan` beside its limits and lists."""

    periods: Annotated[int, Field(ge=1, le=40)] = 12
    """Periods in which a site may change."""
    period_months: Annotated[int, Field(ge=1, le=12, json_schema_extra={"unit": "months"})] = 3
    """Months of each."""
    uses: Names = None
    """What sites may become; empty means every use of the study."""
    aim: Literal["value", "value_per_watt", "gw_by"] = "value"
    """What is made large: value, value per watt of what changes, or expected gigawatts energised by a month."""
    gw_by: OptionalMonth = None
    """That month, for the aim `gw_by`."""
    tail_weight_frac: Frac = 0.0
    """Weight of the mean of the worst draws in the value; the rest is the mean of all."""
    tail_frac: Annotated[float, Field(gt=0, le=1, json_schema_extra={"unit": "frac"})] = 0.05
    """Share of draws that count as the worst."""

    @model_validator(mode="after")
    def _no_conflict(self) -> Self:
        if (self.aim == "gw_by") != (self.gw_by is not None):
            raise ConflictError(
                [("gw_by", "needed for the aim gw_by" if self.gw_by is None else f"not for {self.aim}")]
            )
        return self


_LISTED: Final[Mapping[str, type[Declared]]] = {
    "fixed": FixedKeys,
    "before": BeforeKeys,
    "exclusive": ExclusiveKeys,
    "connections": ConnectionKeys,
}


class PlanFile(PlanKeys):
    """Every key of `plan`."""

    limits: Annotated[
        dict[str, Any] | None, Field(json_schema_extra={"need": "a mapping of names to kind, amount and the rest"})
    ] = None
    """What all sites share, by a name of your own."""
    fixed: Annotated[list[Any] | None, Field(json_schema_extra={"need": "a list of site, use and start"})] = None
    """Choices that are made already."""
    before: Annotated[list[Any] | None, Field(json_schema_extra={"need": "a list of first and then"})] = None
    """Sites that wait for others."""
    exclusive: Annotated[list[Any] | None, Field(json_schema_extra={"need": "a list of sites and most"})] = None
    """Sites of which not all may change."""
    connections: Annotated[list[Any] | None, Field(json_schema_extra={"need": "a list of sites and most_mw"})] = None
    """Sites that share one connection."""


class PlanBlock(PlanKeys):
    """A plan as declared, checked."""

    limits: Mapping[str, LimitKeys] = Field(default_factory=dict)
    """Limits by name."""
    fixed: tuple[FixedKeys, ...] = ()
    """Choices made already."""
    before: tuple[BeforeKeys, ...] = ()
    """Sites that wait for others."""
    exclusive: tuple[ExclusiveKeys, ...] = ()
    """Sites of which not all may change."""
    connections: tuple[ConnectionKeys, ...] = ()
    """Sites that share one connection."""


@dataclass(slots=True)
class RawPlan:
    """A plan as written.

    Attributes
    ----------
    record
        Its keys.
    limits
        Limits by name.
    lists
        Key to its items.
    """

    record: Record
    limits: dict[str, Record] = field(default_factory=dict)
    lists: dict[str, list[Record]] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, str]:
        """Where each limit and item stands, for messages."""
        out = {f"plan.limits.{name}": record.where for name, record in self.limits.items()}
        return out | {f"plan.{key}.{i}": r.where for key, records in self.lists.items() for i, r in enumerate(records)}


def check_plan(
    raw: RawPlan | None, sites: Sequence[Site | None], uses: Collection[str], as_of: str, faults: list[Fault]
) -> PlanBlock | None:
    """A plan, with every fault that can be seen without a valuation.

    Parameters
    ----------
    raw
        As written; None where there is none.
    sites
        Rows of the study, None for one with a fault.
    uses
        Uses that the study enables.
    as_of
        Month 0 of the study.
    faults
        Collects what is wrong, each with its place.
    """
    if raw is None:
        return None
    known = _Known([site for site in sites if site is not None and site.valued], uses, as_of, None in sites)
    header = check_record(PlanFile, raw.record, faults)
    limits = {name: _limit(record, known, faults) for name, record in raw.limits.items()}
    lists = {key: [_checked(_LISTED[key], r, faults) for r in records] for key, records in raw.lists.items()}
    for key, records in raw.lists.items():
        for item, record in zip(lists[key], records, strict=True):
            if item is not None:
                faults += known.of_item(item, record)
    if header is None or None in limits.values() or any(None in items for items in lists.values()):
        return None
    faults += known.unknown("use", header.uses or (), uses, _where(raw.record, "uses"))
    faults += _dates(header, limits, lists.get("fixed", []), raw, as_of)
    plain = {name: getattr(header, name) for name in PlanKeys.model_fields}
    return PlanBlock(**plain, limits=limits, **lists)  # type: ignore[arg-type] - none is None by now


def _checked(model: type[Model], record: Record, faults: list[Fault]) -> Model | None:
    return check_record(model, record, faults)


def _where(record: Record, name: str) -> str:
    entry = record.entries.get(name)
    return entry.where if entry is not None else record.where


@dataclass(frozen=True, slots=True)
class _Known:
    """What a plan may name; sites that could not be read may be any."""

    sites: Sequence[Site]
    uses: Collection[str]
    as_of: str
    is_partial: bool

    def unknown(self, noun: str, names: Sequence[str], known: Collection[str], where: str) -> list[Fault]:
        """Names that are not there."""
        return [
            Fault(where, f"no {noun} {shown(n)} in the study{did_you_mean(n, known)}") for n in names if n not in known
        ]

    def site(self, site_id: str, where: str) -> list[Fault]:
        """A site that is not there, or not valued."""
        ids = [site.site_id for site in self.sites]
        return [] if self.is_partial else self.unknown("valued site", [site_id], ids, where)

    def of_item(self, item: Declared, record: Record) -> list[Fault]:
        """Of an item of a list."""
        match item:
            case FixedKeys():
                known = (*self.uses, "keep")
                return [
                    *self.site(item.site, _where(record, "site")),
                    *self.unknown("use", [item.use], known, _where(record, "use")),
                ]
            case BeforeKeys():
                same = [Fault(record.where, "first and then are the same site")] if item.first == item.then else []
                pairs = (("first", item.first), ("then", item.then))
                return same + [fault for key, site in pairs for fault in self.site(site, _where(record, key))]
            case ExclusiveKeys() | ConnectionKeys():
                return [fault for site in item.sites for fault in self.site(site, _where(record, "sites"))]
        return []


def _limit(record: Record, known: _Known, faults: list[Fault]) -> LimitKeys | None:
    """One limit, and what it names."""
    limit = check_record(LimitKeys, record, faults)
    if limit is None or known.is_partial:
        return limit
    found = known.unknown("use", limit.uses or (), known.uses, _where(record, "uses"))
    of = {"isos": "iso", "companies": "company"}
    for key, column in of.items():
        there = {str(getattr(site, column)) for site in known.sites}
        found += known.unknown(column, getattr(limit, key) or (), there, _where(record, key))
    ids = [site.site_id for site in known.sites]
    for glob in limit.sites or ():
        if not any(fnmatchcase(site_id, glob) for site_id in ids):
            found += known.unknown("valued site", [glob], ids, _where(record, "sites"))
    if limit.tenant is not None:
        tenants = {site.lease_tenant for site in known.sites if site.lease_tenant}
        found += known.unknown("tenant", [limit.tenant], tenants, _where(record, "tenant"))
    if not found and not any(limited(limit, site) for site in known.sites):
        found.append(Fault(record.where, "names no site: no row fits all of its isos, companies and sites"))
    faults += found
    return limit


def limited(limit: LimitKeys, site: Site) -> bool:
    """Whether a limit is on a site."""
    return (
        (limit.isos is None or site.iso in limit.isos)
        and (limit.companies is None or site.company in limit.companies)
        and (limit.sites is None or any(fnmatchcase(site.site_id, glob) for glob in limit.sites))
    )


def _dates(
    header: PlanFile, limits: Mapping[str, LimitKeys | None], fixed: Sequence[Any], raw: RawPlan, as_of: str
) -> list[Fault]:
    """Months outside the window of the plan, or not after its beginning."""
    first, months = month_number(as_of), header.periods * header.period_months
    out = []
    for item, record in zip(fixed, raw.lists.get("fixed", []), strict=True):
        if item.start is not None and not 0 <= month_number(item.start) - first < months:
            need = f"need a month in the {months} from {as_of}"
            out.append(Fault(_where(record, "start"), f"got {shown(item.start)}, {need}"))
    ends = [(header.gw_by, _where(raw.record, "gw_by"))]
    ends += [(limit.by, _where(raw.limits[name], "by")) for name, limit in limits.items() if limit is not None]
    for month, where in ends:
        if month is not None and month_number(month) <= first:
            out.append(Fault(where, f"got {shown(month)}, need a month after {as_of}"))
    return out
