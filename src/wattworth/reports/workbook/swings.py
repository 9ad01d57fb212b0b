"""How far the value of each site goes as one fact goes from its low to its high, on the central path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from wattworth.errors import StudyError
from wattworth.reports.workbook.tables import Column, Table
from wattworth.reports.workbook.wording import say, word
from wattworth.study import Study
from wattworth.valuation import fact_keys
from wattworth.valuation.central import Central, central
from wattworth.valuation.inputs import fact_input, with_input

KEYS: Final = (
    "lease_landlord_pays_capex.rent_year1",
    "ai_purpose_built.construction_cost",
    "powered_shell.yield",
    "lease.noi_margin_modified_gross",
    "lease.escalator",
    "tenant.spread_backed_neocloud",
    "renewal.chance",
    "colo.cap_rate",
    "success.signed",
    "success.energised",
    "success.construction",
    "clock.slip_mean",
    "btc.price",
    "site_sale.price_energised",
)
"""Facts that owners, lenders and tenants argue about; those that a study does not read are left out."""


def sensitivity(study: Study, found: Central, chosen: Sequence[tuple[str, str]], names: Mapping[str, str]) -> Table:
    """Value per watt of each chosen site and use at both ends of each fact, the widest swing of a site first."""
    ids = {site_id for site_id, _ in chosen}
    small = replace(study, sites=tuple(site for site in study.sites if site.site_id in ids), double_counts=())
    read = fact_keys(small)
    ends = {key: _ends(small, key) for key in KEYS if key in read}
    rows: list[list[Any]] = []
    for site_id, use in chosen:
        base = found.use_document(site_id, use).get("usd_per_gross_w")
        if base is None:
            continue
        own: list[list[Any]] = []
        for key, at_ends in ends.items():
            if at_ends is None:
                continue
            low, high = (one.use_document(site_id, use).get("usd_per_gross_w") for _, one in at_ends)
            if low is not None and high is not None and (low, high) != (base, base):
                own.append(
                    [names[site_id], word("use", use), key, at_ends[0][0], at_ends[1][0], low, base, high, high - low]
                )
        rows += sorted(own, key=lambda row: -abs(row[-1]))
    notes = (
        say("Sensitivity: value per firm gross watt as one fact goes from its low to its high"),
        say(
            "Each on the central path of the engine, risked, all else as declared. Values; try any other input on "
            "Inputs."
        ),
    )
    columns = (
        Column(say("Site"), width=34),
        Column(say("Use"), width=16),
        Column(say("Fact"), width=42),
        Column(say("Low"), "x"),
        Column(say("High"), "x"),
        Column(say("Value at the low"), "$/W", 16),
        Column(say("Value as declared"), "$/W", 16),
        Column(say("Value at the high"), "$/W", 16),
        Column(say("Swing"), "$/W"),
    )
    return Table("Sensitivity", say("Sensitivity"), notes, columns, rows)


def _ends(study: Study, key: str) -> list[tuple[float, Central]] | None:
    """A fact at its low and its high, and the central path there; None where it has no range or cannot be moved."""
    asked = fact_input(study, key)
    if asked.low is None or asked.high is None or asked.low == asked.high:
        return None
    try:
        return [(end, central(with_input(study, asked, end))) for end in (asked.low, asked.high)]
    except StudyError:
        return None
