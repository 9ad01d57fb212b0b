"""English words of the warnings of a run: a heading and what to do for each code, key to text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WARNINGS: Final[Mapping[str, str]] = {
    "warn.few_parameter_draws": "Few draws of the parameters",
    "warn.double_counts_left_out": "Double counts left out",
    "warn.tenant_demand_binds": "Tenants sign for less than the sites offer",
    "warn.unused_fact": "A fact without effect",
    "warn.unused_input": "An input without effect",
    "warn.unused_price": "A price without effect",
    "warn.foreign_tax": "Tax outside the United States is simplified",
    "warn.lease_exceeds_site": "A lease larger than its site",
    "warn.lease_rent_unknown": "A signed lease whose rent is not known",
    "warn.supply_misses_target": "A supply that misses its target",
    "warn.supply_scaled": "A supply of another size",
    "warn.supply_without_gates": "A supply without known gates",
    "warn.yield_out_of_range": "A yield on cost out of the usual range",
    "warn.implied_rate_out_of_range": "An implied rate out of the usual range",
    "do.few_parameter_draws": "Run again with more draws before quoting how sure a choice is.",
    "do.foreign_tax": "Ask a local adviser about depreciation and withholding before relying on the after-tax value.",
    "do.lease_exceeds_site": "State lease_gross_mw, or correct the site's megawatts.",
    "do.lease_rent_unknown": "State lease_rent_usd_per_kw_month when the rent is known.",
    "do.yield_out_of_range": "Check that rent, building cost and who pays for what belong to one kind of lease.",
    "do.implied_rate_out_of_range": "Check the betas, and treat the value as high where the rate is low.",
    "do.double_counts_left_out": "Nothing, if the declared rows are right; see “Megawatts in two rows”.",
    "do.tenant_demand_binds": "Look at the next best use of these sites, or state tenant_demand_gw_per_year.",
    "do.unused_fact": "Remove these facts from the study, or enable what they belong to.",
    "do.other": "Read the message, and weigh the numbers of the sites it names with it.",
}
"""Heading and advice by code; what was found is the engine's own message."""
