"""Build a shell with power and lease it; the tenant builds the interior."""

from __future__ import annotations

from typing import ClassVar, Literal, cast, final

import numpy as np
from numpy.typing import NDArray

from wattworth.records import CashLines
from wattworth.study import Part, Site
from wattworth.uses.base import Case, Options, Use, World
from wattworth.uses.hall import HallKind, critical_it_mw, hall_unavailable, pursuit_cost_usd
from wattworth.uses.lease import LeaseKind, LeaseOptions, lease_lines

_SHELL = HallKind(
    new_key="powered_shell.construction_cost",
    reused_key=None,
    fit_out_keys=(),
    plant_keys=("powered_shell.plant_share",),
    building_keys=("powered_shell.building_share",),
    life_key="powered_shell.life",
    refit_key="powered_shell.refit",
    cap_rate_key="powered_shell.cap_rate",
    saved_key="powered_shell.build_months_saved",
)
KIND = LeaseKind(
    hall=_SHELL,
    structure="triple_net",
    tenant_class="hyperscaler",
    term_key="powered_shell.term",
    yield_key="powered_shell.yield",
)
"""The lease of a shell with power, whose tenant fits it out."""


@final
class PoweredShell(Use):
    """A shell and its power on a long triple-net lease, let to whoever builds the interior."""

    name: ClassVar[str] = "powered_shell"
    label: ClassVar[str] = "Powered shell lease"
    options: ClassVar[type[Options]] = LeaseOptions
    implied_rate_range_frac: ClassVar[tuple[float, float] | None] = (0.07, 0.09)
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
        """Mining or an idle site, then the shell, then net rent while the tenant survives, then the residual."""
        return lease_lines(KIND, case, world, cast("LeaseOptions", options))
