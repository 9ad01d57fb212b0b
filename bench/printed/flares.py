"""Flare sites drawn for a study of any size: `python bench/printed/flares.py DIR --sites 2000 --seed 1`.

The study `permian-flare` is 12 of them with seed 1. Volume: logarithm normal, half above 0.3 MMcf a day; the spread
(0.9) is that of the quartiles of radiant heat of 40 flares seen by VIIRS, 2012-21 (EOG, Payne Institute). Place: the
box of those flares. Decline, distance to a gathering line, and need of power at the pad are the authors'
judgement. Years, prices and limits are those of the packaged study, the limits in proportion to the sites.
"""

from __future__ import annotations

import argparse
import csv
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

PACKAGED = files("wattworth.gas") / "studies" / "permian-flare"
PACKAGED_SITES = 12
UNIT = "bcf_60f"
JUDGED = {"source": "wattworth authors' judgement", "confidence": "assumption"}
DRAWN = {"source": "drawn by bench/printed/flares.py; no volume by site is published", "confidence": "assumption"}
MODULE_BCF = 0.0658
"""Gas of a megawatt of engines in a year of 7,884 hours at 8.68 MMBtu each."""
SHARED = ("capital", "capital_total", "foreign_capital", "it_load", "product", "gas", "workforce")

Row = dict[str, Any]


def sites(count: int, seed: int) -> list[Row]:
    """What is drawn for each site."""
    rng = np.random.default_rng(seed)
    volume = 0.3 * 0.365 * np.exp(0.9 * rng.standard_normal(count))
    km = np.clip(6.0 * np.exp(0.9 * rng.standard_normal(count)), 0.5, 60.0)
    draws = zip(
        volume.clip(0.01, 3.0),
        rng.uniform(0.10, 0.35, count),
        km,
        rng.uniform(0.0, 1.5, count),
        rng.uniform(31.3, 33.2, count),
        rng.uniform(-104.6, -101.1, count),
        strict=True,
    )
    names = ("volume", "decline", "km", "pad_mw", "latitude", "longitude")
    width = len(str(count))
    return [
        {"name": f"{i + 1:0{width}d}"} | dict(zip(names, map(float, each), strict=True)) for i, each in enumerate(draws)
    ]


def nodes_of(site: Row) -> list[Row]:
    """The pad, and the market behind its gathering line."""
    pad = {
        "node": f"pad-{site['name']}",
        "kind": "field",
        "volume": round(site["volume"], 4),
        "decline_frac": round(site["decline"], 3),
        "committed": round(site["volume"], 4),
        "latitude": round(site["latitude"], 3),
        "longitude": round(site["longitude"], 3),
        "volume_unit": UNIT,
    }
    inlet = {"node": f"inlet-{site['name']}", "kind": "market", "volume_unit": UNIT}
    return [pad | DRAWN | {"note": "gas comes with the oil"}, inlet | DRAWN]


def link_of(site: Row) -> Row:
    """A gathering line that could be laid, with treating and compression in its tariff."""
    return {
        "link": f"line-{site['name']}",
        "from_node": f"pad-{site['name']}",
        "to_node": f"inlet-{site['name']}",
        "length_km": round(site["km"], 1),
        "tariff_usd_per_mmbtu": 0.9,
        "loss_frac": 0.03,
        "added": 0.75,
        "added_capex_musd": round(0.8 + 0.15 * site["km"], 2),
        "added_lead_years": 1,
        "volume_unit": UNIT,
        **JUDGED,
        "note": "4 inches, 2 MMcf a day; 0.15 M$ a km and 0.8 for a small compressor and treating",
    }


def options_of(site: Row) -> list[Row]:
    """Eight uses of its gas."""
    pad, name = f"pad-{site['name']}", site["name"]
    most = int(np.ceil(1.2 * site["volume"] / MODULE_BCF))
    module: Row = {"train": MODULE_BCF, "most_trains": min(most, 12), "lead_years": 1}
    moved: Row = {"stay_years": 4, "move_musd": 0.03}
    own: list[Row] = [
        {"option": "sale", "use": "domestic_sale", "node": f"inlet-{name}", "price": "gas_waha"},
        {"option": "bitcoin", "use": "gas_to_bitcoin", **module, "capex_ratio": 0.6, **moved,
         "note": "engines and machines of the second hand"},
        {"option": "power", "use": "field_power", **module, "depth": round(site["pad_mw"] * MODULE_BCF, 4), **moved},
        {"option": "cloud", "use": "ai_cloud", **module, "capex_ratio": 0.8, "fibre_km": 1},
        {"option": "lng", "use": "lng", "price": "gas_diesel", "train": 0.11, "most_trains": 3, "lead_years": 1,
         "capex_ratio": 0.12, "transport_usd_per_unit": 3.0},
        {"option": "methanol", "use": "methanol", "train": 0.15, "most_trains": 3, "lead_years": 2,
         "capex_ratio": 0.25},
        {"option": "gtl", "use": "gtl", "price": "brent", "train": 0.1, "most_trains": 3, "lead_years": 2,
         "capex_ratio": 0.1},
        {"option": "flare", "use": "flaring", "transport_usd_per_unit": 1.5, "note": "penalty"},
    ]  # fmt: skip
    return [{"node": pad, "volume_unit": UNIT, **JUDGED, **each, "option": f"{each['option']}-{name}"} for each in own]


def write(folder: Path, count: int, seed: int) -> Path:
    """A study of so many sites, as the five files and study.yaml."""
    drawn = sites(count, seed)
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        "nodes": [row for site in drawn for row in nodes_of(site)],
        "links": [link_of(site) for site in drawn],
        "options": [row for site in drawn for row in options_of(site)],
    }
    for name, some in rows.items():
        heads = list(dict.fromkeys(key for row in some for key in row if key not in ("source", "confidence", "note")))
        _write(folder / f"{name}.csv", [*heads, "source", "confidence", "note"], some)
    with (PACKAGED / "limits.csv").open(encoding="utf-8") as file:
        limits = list(csv.DictReader(file))
    for row in limits:
        if row["kind"] in SHARED:
            row["amount"] = f"{float(row['amount']) * count / PACKAGED_SITES:.6g}"
    _write(folder / "limits.csv", list(limits[0]), limits)
    for name in ("prices.csv", "study.yaml"):
        (folder / name).write_text((PACKAGED / name).read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def _write(path: Path, heads: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sites", type=int, default=PACKAGED_SITES)
    parser.add_argument("--seed", type=int, default=1)
    taken = parser.parse_args()
    write(taken.folder, taken.sites, taken.seed)


if __name__ == "__main__":
    main()
