"""Gas of one year as streams between fields, places and uses: what goes in comes out, small parts grouped by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wattworth.reports.gas_words import NO_BCM, Document

Vertex = tuple[str, str]
"""Kind and name: ``place``, ``option``, ``use``, ``end``, ``start`` or ``group``."""

UNUSED: Final[Vertex] = ("end", "unused")
LOST: Final[Vertex] = ("end", "lost")
STORED: Final[Vertex] = ("start", "stored")
JOINED: Final[Vertex] = ("start", "joined")
MOST_FIELDS, MOST_PLACES, MOST_OPTIONS = 8, 8, 10


@dataclass(frozen=True, slots=True)
class Stream:
    """Gas from one vertex to another in a year. [bcm]"""

    start: Vertex
    end: Vertex
    volume_bcm: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which parts are drawn by name, and how many are drawn as one.

    Attributes
    ----------
    into
        Vertex to the one it is drawn as, where it is not itself.
    n_field, n_place
        Fields and places that are drawn as one.
    by_use
        Whether options are drawn by their use.
    """

    into: Mapping[Vertex, Vertex]
    n_field: int
    n_place: int
    by_use: bool


def streams_of(found: Document, place: int) -> list[Stream]:
    """Every stream of a year, none left out and none grouped.

    Parameters
    ----------
    found
        Document of a run.
    place
        Which year, counted from nought.
    """
    parts = found["allocation"]
    made: list[Stream] = []
    rest: dict[str, float] = {}
    for field in parts["fields"]:
        node: Vertex = ("place", field["field"])
        made.append(Stream(node, UNUSED, field["available_bcm"][place] - field["produced_bcm"][place]))
        rest[field["field"]] = rest.get(field["field"], 0.0) + field["produced_bcm"][place]
    for link in parts["links"]:
        flow, lost = link["flow_bcm"][place], link["lost_bcm"][place]
        start, end = ("place", link["from"]), ("place", link["to"])
        made.append(Stream(start, end, flow - max(lost, 0.0)))
        made.append(Stream(start, LOST, lost) if lost >= 0.0 else Stream(JOINED, end, -lost))
        rest[link["from"]] = rest.get(link["from"], 0.0) - flow
        rest[link["to"]] = rest.get(link["to"], 0.0) + flow - lost
    for option in parts["options"]:
        made.append(Stream(("place", option["node"]), ("option", option["option"]), option["gas_bcm"][place]))
        rest[option["node"]] = rest.get(option["node"], 0.0) - option["gas_bcm"][place]
    made += [Stream(STORED, ("place", node), -short) for node, short in rest.items() if short < 0.0]
    return [each for each in made if each.volume_bcm > NO_BCM]


def grouping_of(found: Document) -> Grouping:
    """The rule by which small parts are drawn as one, the same for every year."""
    parts = found["allocation"]
    into: dict[Vertex, Vertex] = {}
    taking = {o["option"]: sum(o["gas_bcm"]) for o in parts["options"] if sum(o["gas_bcm"]) > NO_BCM}
    by_use = len(taking) > MOST_OPTIONS
    if by_use:
        into |= {("option", o["option"]): ("use", o["use"]) for o in parts["options"]}
    fields = {field["field"]: sum(field["available_bcm"]) for field in parts["fields"]}
    few = _smallest(fields, MOST_FIELDS)
    into |= {("place", field): ("group", "fields") for field in few}
    passing: dict[str, float] = {}
    for link in parts["links"]:
        for node in (link["from"], link["to"]):
            if node not in fields and sum(link["flow_bcm"]) > NO_BCM:
                passing[node] = passing.get(node, 0.0) + sum(link["flow_bcm"])
    alone = _only_options(found, set(fields))
    into |= {("place", node): into.get(option, option) for node, option in alone.items()}
    places = _smallest({node: gas for node, gas in passing.items() if node not in alone}, MOST_PLACES)
    into |= {("place", node): ("group", "places") for node in places}
    return Grouping(into, len(few), len(places), by_use)


def grouped(streams: Iterable[Stream], grouping: Grouping) -> list[Stream]:
    """Streams between what is drawn, those between the same two added, those within a group left out."""
    sums: dict[tuple[Vertex, Vertex], float] = {}
    for each in streams:
        ends = grouping.into.get(each.start, each.start), grouping.into.get(each.end, each.end)
        if ends[0] != ends[1]:
            sums[ends] = sums.get(ends, 0.0) + each.volume_bcm
    return [Stream(start, end, volume) for (start, end), volume in sums.items()]


def columns_of(streams: Iterable[Stream]) -> dict[Vertex, int]:
    """Column of each vertex: one after the last that feeds it; ends and uses in the last."""
    feeds: dict[Vertex, list[Vertex]] = {}
    for each in streams:
        feeds.setdefault(each.start, [])
        feeds.setdefault(each.end, []).append(each.start)
    known: dict[Vertex, int] = {}

    def depth(vertex: Vertex, above: frozenset[Vertex]) -> int:
        if vertex not in known:
            before = [depth(each, above | {vertex}) for each in feeds[vertex] if each not in above | {vertex}]
            known[vertex] = 1 + max(before, default=-1)
        return known[vertex]

    for vertex in feeds:
        depth(vertex, frozenset())
    last = max(known.values(), default=0)
    return {vertex: last if vertex[0] in ("option", "use", "end") else column for vertex, column in known.items()}


def _smallest(sizes: Mapping[str, float], most: int) -> list[str]:
    """All but the largest, where there are more than so many; one less is kept to make room for the group."""
    order = sorted(sizes, key=lambda each: (-sizes[each], each))
    return order[most - 1 :] if len(order) > most else []


def _only_options(found: Document, fields: set[str]) -> dict[str, Vertex]:
    """Places whose gas all goes to one option, to that option."""
    parts = found["allocation"]
    onward = {link["from"] for link in parts["links"] if sum(link["flow_bcm"]) > NO_BCM}
    at: dict[str, list[str]] = {}
    for option in parts["options"]:
        if sum(option["gas_bcm"]) > NO_BCM:
            at.setdefault(option["node"], []).append(option["option"])
    return {node: ("option", own[0]) for node, own in at.items() if len(own) == 1 and node not in fields | onward}
