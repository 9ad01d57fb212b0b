"""Small studies of real shape, built without files."""

from __future__ import annotations

from wattworth.study import Override, Site, Study
from wattworth.valuation import SPECS


def _site(site_id: str, **declared: object) -> Site:
    plain = {"site_id": site_id, "name": site_id.title(), "company": "Plain", "country": "US", "iso": "ERCOT"}
    return Site(**{**plain, **declared})  # type: ignore[arg-type] - checked by the model


MINE = _site("mine", operating_gross_mw=100.0, previous_use="bitcoin_mine")
HALF_LEASED = _site(
    "half-leased",
    company="Lessor",
    iso="NYISO",
    operating_gross_mw=250.0,
    construction_gross_mw=500.0,
    construction_date="2026-12",
    mining_gross_mw=245.0,
    previous_use="bitcoin_mine",
    lease_tenant="Tenant",
    lease_tenant_class="backed_neocloud",
    lease_critical_it_mw=360.0,
    lease_gross_mw=500.0,
    lease_term_years=10.0,
    lease_start="2027-01",
    lease_rent_usd_per_kw_month=134.0,
    lease_escalator_frac=0.03,
    lease_structure="modified_gross",
    lease_capex_payer="landlord",
)
RETROFIT = _site(
    "retrofit",
    iso="PJM",
    operating_gross_mw=30.0,
    construction_gross_mw=120.0,
    construction_date="2027-03",
    pipeline_gross_mw=200.0,
    pipeline_stage="secured",
    previous_use="bitcoin_mine",
    buildings_reusable=True,
)
QUEUE = _site("queue", iso="PJM", pipeline_gross_mw=500.0, pipeline_stage="study")
INTERRUPTIBLE = _site(
    "interruptible", operating_gross_mw=83.0, previous_use="bitcoin_mine", firm="interruptible", ownership_frac=0.49
)
UNKNOWN = _site("unknown", not_valued_reason="no source states its megawatts")
EVERY_KIND = (MINE, HALF_LEASED, RETROFIT, QUEUE, INTERRUPTIBLE, UNKNOWN)


def study(*sites: Site, facts: dict[str, float] | None = None, **changes: object) -> Study:
    """A study of given sites, or of every kind, with facts held at given values."""
    declared = {
        "name": "small",
        "title": None,
        "description": None,
        "as_of": "2026-06",
        "usd_year": 2026,
        "horizon_years": 30,
        "convention": "wattworth",
        "tax_losses": "carried",
        "tenant_demand_gw_per_year": None,
        "sites": sites or EVERY_KIND,
        "uses": {name: spec.options() for name, spec in SPECS.items()},
        "overrides": {key: Override(value=value, source="test") for key, value in (facts or {}).items()},
        **changes,
    }
    return Study(**declared)  # type: ignore[arg-type] - as declared above
