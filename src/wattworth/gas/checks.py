"""What rows of a gas study say of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import Any, Final

from wattworth.errors import Fault
from wattworth.gas.schema import GasStudyFile, LimitRow, LinkRow, NodeRow, OptionRow, PriceRow
from wattworth.gas.uses import USES
from wattworth.study.raw import Record, did_you_mean, shown

Pairs = Sequence[tuple[Record, Any]]
UNITS: Final[dict[str, tuple[str, ...]]] = {
    "capital": ("$bn/yr",),
    "capital_total": ("$bn",),
    "foreign_capital": ("$bn",),
    "it_load": ("GW_IT",),
    "product": ("M units/yr", "Mt/yr", "Mbbl/yr"),
    "gas": ("volume/yr",),
    "workforce": ("workers",),
    "technology": ("year",),
    "capex_ratio": ("ratio",),
    "delay": ("years",),
    "price_ratio": ("ratio",),
    "rate_addon": ("frac",),
}
"""Units that the amount of each kind of limit may have."""
PER_VOLUME: Final = "$/1000m3"
"""Price of gas by a thousand of the study's cubic metres."""
BARRIERS: Final = ("technology", "capex_ratio", "delay", "price_ratio", "rate_addon")
"""Kinds that change others, and are no sum."""
ON_LINKS: Final = ("capital", "capital_total", "workforce", "technology", "capex_ratio", "delay")
"""Kinds that a new line can be under."""
BY_YEAR: Final = ("capital", "it_load", "product", "gas", "workforce")
"""Kinds that may hold in one year alone."""


def check_network(
    settings: GasStudyFile,
    root: Record,
    probability: Mapping[str, float],
    rows: Mapping[str, Pairs],
    faults: list[Fault],
) -> None:
    """Add what is wrong between rows, each with the place of its own row.

    Parameters
    ----------
    settings, root
        Settings, and as they are written.
    probability
        Chance of each price case.
    rows
        Sheet to its rows, each as written and as checked.
    faults
        Collects what is wrong.
    """
    nodes, links, options = rows["nodes"], rows["links"], rows["options"]
    for pairs, key in ((nodes, "node"), (links, "link"), (options, "option"), (rows["limits"], "limit")):
        _unique(pairs, key, faults)
    for pairs in (nodes, links, options):
        _one_unit(settings, pairs, faults)
    known = [row.node for _, row in nodes]
    _fields(nodes, faults)
    _links(links, known, faults)
    _options(options, known, faults)
    _limits(rows["limits"], links, options, faults)
    _prices(rows["prices"], options, probability, faults)
    if settings.objective == "jobs" and not any(row.jobs_per_bcm for _, row in options):
        faults.append(Fault(place(root, "objective"), "need jobs_per_bcm of some option; none is packaged"))


def place(record: Record, name: str) -> str:
    """Where a value of a row stands."""
    entry = record.entries.get(name)
    return entry.where if entry is not None else record.where


def _unique(pairs: Pairs, key: str, faults: list[Fault]) -> None:
    seen: dict[str, str] = {}
    for record, row in pairs:
        name = getattr(row, key)
        if name in seen:
            faults.append(Fault(place(record, key), f"{shown(name)} stands in {seen[name]} already"))
        seen.setdefault(name, record.where)


def _one_unit(settings: GasStudyFile, pairs: Pairs, faults: list[Fault]) -> None:
    for record, row in pairs:
        if row.volume_unit != settings.volume_unit:
            message = (
                f"got {row.volume_unit}, but the study's volume_unit is {settings.volume_unit}: convert one of them"
            )
            faults.append(Fault(place(record, "volume_unit"), message))


def _fields(pairs: Sequence[tuple[Record, NodeRow]], faults: list[Fault]) -> None:
    for record, node in pairs:
        if node.kind == "field" and node.volume is None:
            faults.append(Fault(place(record, "volume"), "empty, need the volume of a field"))
        if node.kind != "field" and node.volume is not None:
            faults.append(Fault(place(record, "volume"), f"a {node.kind} has no gas of its own; make it a field"))
        if (node.committed or 0.0) > (node.volume or 0.0):
            message = f"{node.committed:g} must be produced, above the volume {node.volume or 0:g}"
            faults.append(Fault(place(record, "committed"), message))


def _links(pairs: Sequence[tuple[Record, LinkRow]], known: list[str], faults: list[Fault]) -> None:
    for record, link in pairs:
        for name in ("from_node", "to_node"):
            end = getattr(link, name)
            if end not in known:
                faults.append(Fault(place(record, name), f"no node {shown(end)}{did_you_mean(end, known)}"))
        if link.from_node == link.to_node:
            faults.append(Fault(place(record, "to_node"), f"the link leads from {link.from_node} to itself"))
        if (link.committed or 0.0) > (link.capacity or 0.0):
            message = f"the committed flow {link.committed:g} is above the capacity {link.capacity or 0:g}"
            faults.append(Fault(place(record, "capacity"), message))
        if link.added is not None and link.added_capex_musd is None and link.added_diameter_inch is None:
            message = "empty, need the cost of a new line, or its added_diameter_inch"
            faults.append(Fault(place(record, "added_capex_musd"), message))
    _no_gain(pairs, faults)


def _no_gain(pairs: Sequence[tuple[Record, LinkRow]], faults: list[Fault]) -> None:
    """Bellman and Ford on the logarithms of losses: a cycle that ends with more gas than it began is a mistake."""
    far: dict[str, float] = {}
    came: dict[str, tuple[Record, LinkRow]] = {}
    last = None
    for _ in range(len(pairs) + 1):
        last = None
        for record, link in pairs:
            reached = far.get(link.from_node, 0.0) - log(1.0 - link.loss_frac)
            if reached < far.get(link.to_node, 0.0) - 1e-12:
                far[link.to_node], came[link.to_node], last = reached, (record, link), link
    if last is None:
        return
    node = last.from_node
    for _ in pairs:
        node = came[node][1].from_node
    cycle: list[tuple[Record, LinkRow]] = []
    while not cycle or node != cycle[0][1].to_node:
        cycle.append(came[node])
        node = cycle[-1][1].from_node
    names = " and ".join(link.link for _, link in reversed(cycle))
    for record, link in cycle:
        if link.loss_frac < 0.0:
            message = f"gas gains on the cycle of {names}: what goes round it grows without end"
            faults.append(Fault(place(record, "loss_frac"), message))


def _options(pairs: Sequence[tuple[Record, OptionRow]], known: list[str], faults: list[Fault]) -> None:
    for record, option in pairs:
        if option.use not in USES:
            near = did_you_mean(option.use, USES)
            listed = ", ".join(USES)
            faults.append(Fault(place(record, "use"), f"no use {shown(option.use)}{near}; there are {listed}"))
        if option.node not in known:
            faults.append(
                Fault(place(record, "node"), f"no node {shown(option.node)}{did_you_mean(option.node, known)}")
            )
        if option.most_trains and not option.train:
            faults.append(Fault(place(record, "train"), "empty, need the gas that one new plant takes"))
        if option.price_effect_usd_per_mmbtu_per_bcm > 0 and option.depth is None:
            faults.append(Fault(place(record, "depth"), "empty, need the depth over which the price falls"))


def _limits(
    pairs: Sequence[tuple[Record, LimitRow]],
    links: Sequence[tuple[Record, LinkRow]],
    options: Sequence[tuple[Record, OptionRow]],
    faults: list[Fault],
) -> None:
    known = [*USES, *(row.option for _, row in options), *(row.link for _, row in links)]
    for record, limit in pairs:
        units = UNITS[limit.kind]
        if limit.unit not in units:
            faults.append(Fault(place(record, "unit"), f"got {shown(limit.unit)}, need {' or '.join(units)}"))
        if limit.amount is None and limit.kind != "technology":
            faults.append(Fault(place(record, "amount"), f"empty, need a number of {units[0]}"))
        if limit.amount is not None and limit.amount < 0.0:
            faults.append(Fault(place(record, "amount"), f"got {limit.amount:g}, need a number of {units[0]} ≥ 0"))
        for name in applied(limit):
            if name not in known:
                message = f"no option, link or use {shown(name)}{did_you_mean(name, known)}"
                faults.append(Fault(place(record, "applies_to"), message))
        _reach(record, limit, {row.link for _, row in links}, faults)
        if limit.kind == "workforce" and not _has_workers(limit, links, options):
            message = "nothing it applies to has workers: fill build_worker_years, jobs_per_bcm or added_worker_years"
            faults.append(Fault(place(record, "applies_to"), message))


def _has_workers(
    limit: LimitRow, links: Sequence[tuple[Record, LinkRow]], options: Sequence[tuple[Record, OptionRow]]
) -> bool:
    named = set(applied(limit))
    own = [
        row.build_worker_years + row.jobs_per_bcm for _, row in options if not named or named & {row.option, row.use}
    ]
    return any((*own, *(row.added_worker_years for _, row in links if not named or row.link in named)))


def _reach(record: Record, limit: LimitRow, links: set[str], faults: list[Fault]) -> None:
    """What a row names and its kind would pass over in silence."""
    for name in applied(limit) if limit.kind not in ON_LINKS else ():
        if name in links:
            message = f"{limit.kind} does nothing to a link such as {shown(name)}; name options or uses"
            faults.append(Fault(place(record, "applies_to"), message))
    if limit.kind == "rate_addon" and applied(limit):
        faults.append(Fault(place(record, "applies_to"), "the add-on is to the rate of all; leave it empty"))
    if limit.year is not None and limit.kind not in BY_YEAR:
        faults.append(Fault(place(record, "year"), f"{limit.kind} is for all years; leave it empty"))


def applied(limit: LimitRow) -> tuple[str, ...]:
    """What a limit names; nothing where it is for all."""
    return tuple(word for part in (limit.applies_to or "").split(";") if (word := part.strip()))


def commodity_of(option: OptionRow) -> str:
    """What its product sells by; nothing where it earns nothing."""
    return option.price or USES[option.use].commodity


def price_units(option: OptionRow) -> tuple[str, ...]:
    """Units in which its price may stand."""
    unit = USES[option.use].price_unit
    return (unit, PER_VOLUME) if unit == "$/MMBtu" else (unit,)


def _prices(
    pairs: Sequence[tuple[Record, PriceRow]],
    options: Sequence[tuple[Record, OptionRow]],
    probability: Mapping[str, float],
    faults: list[Fault],
) -> None:
    there: set[tuple[str, str]] = set()
    for record, price in pairs:
        if price.case not in probability:
            near = did_you_mean(price.case, probability)
            faults.append(Fault(place(record, "case"), f"no case {shown(price.case)} under cases{near}"))
        if (price.case, price.commodity) in there:
            message = f"{shown(price.commodity)} of case {shown(price.case)} stands twice"
            faults.append(Fault(place(record, "commodity"), message))
        there.add((price.case, price.commodity))
    named = sorted({name for _, name in there})
    for record, price in pairs:
        needed = [option for _, option in options if option.use in USES and commodity_of(option) == price.commodity]
        for option in needed[:1]:
            if price.unit not in (allowed := price_units(option)):
                message = f"got {shown(price.unit)}, but {option.option} needs {' or '.join(allowed)}"
                faults.append(Fault(place(record, "unit"), message))
    for record, option in options:
        if option.use not in USES or not (commodity := commodity_of(option)):
            continue
        for case in probability:
            if (case, commodity) not in there:
                message = f"no price of {shown(commodity)} in case {shown(case)}{did_you_mean(commodity, named)}"
                faults.append(Fault(place(record, "price"), message))
