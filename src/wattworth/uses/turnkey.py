"""Build an AI data hall and lease it turnkey; the mine runs until the hall takes its power."""

from __future__ import annotations

from typing import ClassVar, Literal, cast, final

import numpy as np
from numpy.typing import NDArray

from wattworth.records import CashLines
from wattworth.study import Part, Site
from wattworth.uses.base import Case, Options, Use, World
from wattworth.uses.hall import FULL_HALL, critical_it_mw, dated, hall_unavailable, pursuit_cost_usd
from wattworth.uses.lease import LeaseKind, LeaseOptions, LeaseTerms, lease_lines, price_usd, terms_of

KIND = LeaseKind(
    hall=FULL_HALL,
    structure="modified_gross",
    tenant_class="backed_neocloud",
    term_key="lease.term",
    tenant_pays_rent_key="lease_tenant_pays_capex.rent_year1",
    tenant_pays_cost_key="lease_tenant_pays_capex.landlord_capex",
)
"""The lease of a hall that its landlord builds whole."""


@final
class Turnkey(Use):
    """A landlord-built hall on a lease, with tenant credit risk and a capped residual."""

    name: ClassVar[str] = "turnkey"
    label: ClassVar[str] = "Turnkey AI lease"
    options: ClassVar[type[Options]] = LeaseOptions
    implied_rate_range_frac: ClassVar[tuple[float, float] | None] = (0.08, 0.11)
    yield_range_frac: ClassVar[tuple[float, float] | None] = (0.08, 0.20)
    converts: ClassVar[bool] = True
    power_contract: ClassVar[Literal["burnt", "sold", "passed", "lost"]] = "passed"
    fact_keys: ClassVar[tuple[str, ...]] = KIND.fact_keys

    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """Another contract holds the part, or its power may be cut and is not firmed."""
        return hall_unavailable(self.name, site, part, cast("LeaseOptions | None", options))

    def pursuit_usd(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """What is spent on winning a tenant."""
        return pursuit_cost_usd(critical_it_mw(case, world), world)

    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Mining or an idle site, then capital, then rent while the tenant survives, then the residual."""
        return lease_lines(KIND, case, world, cast("LeaseOptions", options))


def lease_terms(case: Case, world: World, options: LeaseOptions | None = None) -> LeaseTerms:
    """Terms of the turnkey lease of a part, signed or new."""
    chosen = options or LeaseOptions()
    return terms_of(KIND, dated(FULL_HALL, case, world, chosen), world, chosen)


def contract_price_usd(
    case: Case, world: World, terms: LeaseTerms, options: LeaseOptions | None = None
) -> NDArray[np.float64]:
    """Landlord's price of the hall in money of the as-of month, without contingency and overhead. [USD]"""
    return price_usd(KIND, case, world, options or LeaseOptions(), terms.critical_it_mw)
