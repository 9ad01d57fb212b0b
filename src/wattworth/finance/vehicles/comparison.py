"""The same project in three vehicles: what its holders keep under each, and why it differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError, SolveError
from wattworth.finance.project import ProjectResult
from wattworth.finance.project.remarks import Remark
from wattworth.finance.vehicles.cash import (
    Distribution,
    HolderCash,
    corporate_tax_usd,
    distribute,
    holder_rates,
    to_holders,
)
from wattworth.finance.vehicles.measures import PropertyMeasures
from wattworth.finance.vehicles.remarks import trust_remarks, vehicle_remarks
from wattworth.finance.vehicles.rows import PropertyRows, rows_of_project
from wattworth.finance.vehicles.rules import FACT_KEYS, VehicleRules
from wattworth.finance.vehicles.status import TrustTest
from wattworth.finance.vehicles.terms import VehicleTerms
from wattworth.finance.vehicles.trust import Trust, set_up_trust
from wattworth.records import SCHEMA_VERSION

Array = NDArray[np.float64]
VehicleName = Literal["corporate", "project_company", "reit"]
_CENT_USD: Final = 0.01

VEHICLE_ROWS: Final[dict[str, str]] = {
    "cash_for_claims_usd": "Cash before debt service and tax, new debt with it",
    "debt_service_usd": "Debt service",
    "vehicle_tax_usd": "Tax of the vehicle and of its subsidiary or operator",
    "paid_in_usd": "Paid in by holders",
    "distributed_usd": "Paid out to holders",
    "retained_usd": "Held back at the end of the year",
    "dividend_usd": "Dividends within what is paid out",
    "consent_usd": "Dividends on paper",
    "holder_tax_usd": "Tax of holders, withholding with it",
    "withheld_usd": "Withheld from foreigners",
    "holder_cash_usd": "Cash of holders after all tax",
}
"""Rows of a vehicle, by year."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One project in one vehicle.

    Attributes
    ----------
    name
        ``corporate``, ``project_company`` or ``reit``.
    taxed_as
        ``corporation``, or ``trust`` where its tests are passed.
    rows
        By name, arrays of shape (year,); :data:`VEHICLE_ROWS` says what each is. [USD]
    value_usd
        Present value of the cash of holders after all tax. [USD]
    before_tax_value_usd, vehicle_tax_value_usd, holder_tax_value_usd, retention_value_usd
        Where it comes from: the first less the other three. [USD]
    value_usd_per_gross_w, value_usd_per_critical_w
        The value for each watt. [USD/W]
    value_usd_per_share
        With what else the company owns. [USD/share]
    measures
        FFO, AFFO and NAV of a trust; None of others.
    tests
        Of a trust; none of others.
    if_qualified_usd
        Value of a trust as if it passed its tests; None of others. [USD]
    remarks
        What a reader must know.
    """

    name: VehicleName
    taxed_as: Literal["corporation", "trust"]
    rows: Mapping[str, Array]
    value_usd: float
    before_tax_value_usd: float
    vehicle_tax_value_usd: float
    holder_tax_value_usd: float
    retention_value_usd: float
    value_usd_per_gross_w: float | None
    value_usd_per_critical_w: float | None
    value_usd_per_share: float | None
    measures: PropertyMeasures | None = None
    tests: tuple[TrustTest, ...] = ()
    if_qualified_usd: float | None = None
    remarks: tuple[Remark, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """The vehicle as plain numbers, lists and text."""
        one = (
            "name",
            "taxed_as",
            "value_usd",
            "before_tax_value_usd",
            "vehicle_tax_value_usd",
            "holder_tax_value_usd",
            "retention_value_usd",
            "value_usd_per_gross_w",
            "value_usd_per_critical_w",
            "value_usd_per_share",
            "if_qualified_usd",
        )
        return {
            **{name: getattr(self, name) for name in one},
            "measures": None if self.measures is None else self.measures.to_plain(),
            "tests": [test.to_plain() for test in self.tests],
            "remarks": [remark.to_plain() for remark in self.remarks],
            "rows": {name: row.tolist() for name, row in self.rows.items()},
        }


@dataclass(frozen=True, slots=True)
class VehicleComparison:
    """Three vehicles side by side.

    Attributes
    ----------
    name
        Of the project.
    year
        Array, shape (year,).
    terms
        What was declared.
    vehicles
        By name.
    fact_keys
        Facts behind the limits and rates.
    """

    name: str
    year: NDArray[np.int64]
    terms: VehicleTerms
    vehicles: Mapping[VehicleName, Vehicle]
    fact_keys: tuple[str, ...]

    @property
    def best(self) -> VehicleName:
        """The vehicle whose holders keep most."""
        return max(self.vehicles, key=lambda name: self.vehicles[name].value_usd)

    def difference_usd(self, name: VehicleName, against: VehicleName = "corporate") -> dict[str, float]:
        """Why one vehicle is worth more than another: its parts add to the whole. [USD]"""
        one, other = self.vehicles[name], self.vehicles[against]
        return {
            "before_tax": one.before_tax_value_usd - other.before_tax_value_usd,
            "vehicle_tax": other.vehicle_tax_value_usd - one.vehicle_tax_value_usd,
            "holder_tax": other.holder_tax_value_usd - one.holder_tax_value_usd,
            "retention": other.retention_value_usd - one.retention_value_usd,
            "value": one.value_usd - other.value_usd,
        }

    def document(self) -> dict[str, Any]:
        """The comparison as one document, ready for JSON."""
        count = self.terms.share_count
        trust = self.vehicles["reit"].measures
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "discount_frac": self.terms.discount_frac,
            "terms": self.terms.model_dump(mode="json"),
            "year": self.year.tolist(),
            "best": self.best,
            "vehicles": {name: vehicle.to_plain() for name, vehicle in self.vehicles.items()},
            "difference_to_corporate_usd": {
                name: self.difference_usd(name) for name in self.vehicles if name != "corporate"
            },
            "per_share": None if count is None or trust is None else trust.per_share(count),
            "facts": list(self.fact_keys),
        }


def _valued(
    name: VehicleName, project: tuple[PropertyRows, VehicleTerms], rows: dict[str, Array], before_tax: Array
) -> dict[str, Any]:
    """Numbers of a vehicle from its rows, its identities checked."""
    held, terms = project
    change = np.diff(rows["retained_usd"], prepend=0.0)
    used = rows["debt_service_usd"] + rows["vehicle_tax_usd"] + rows["distributed_usd"] + change
    broken = {
        "cash = debt service + tax + distributions + retained": rows["cash_for_claims_usd"]
        + rows["paid_in_usd"]
        - used,
        "distributions = tax of holders + their cash": rows["distributed_usd"]
        - rows["paid_in_usd"]
        - rows["holder_tax_usd"]
        - rows["holder_cash_usd"],
    }
    scale = float(np.max(np.abs(rows["cash_for_claims_usd"])))
    for identity, row in broken.items():
        usd = float(np.max(np.abs(row)))
        if not usd <= max(_CENT_USD, 1e-12 * scale):
            raise SolveError(f'{held.name}, {name}: "{identity}" is broken by ${usd:,.2f}; please report this project')
    worth = (1.0 + terms.discount_frac) ** -held.exponent_years
    value = float(np.sum(worth * rows["holder_cash_usd"]))

    def _per(megawatts: float | None) -> float | None:
        return None if megawatts is None else value / (megawatts * 1e6)

    count = terms.share_count
    return {
        "name": name,
        "rows": {key: rows[key] for key in VEHICLE_ROWS},
        "value_usd": value,
        "before_tax_value_usd": float(np.sum(worth * before_tax)),
        "vehicle_tax_value_usd": float(np.sum(worth * rows["vehicle_tax_usd"])),
        "holder_tax_value_usd": float(np.sum(worth * rows["holder_tax_usd"])),
        "retention_value_usd": float(np.sum(worth * change)),
        "value_usd_per_gross_w": _per(terms.gross_mw),
        "value_usd_per_critical_w": _per(terms.critical_it_mw),
        "value_usd_per_share": None if count is None else (value + terms.company_net_assets_usd) / count,
    }


def _rows_of(
    project: PropertyRows, tax: Array, shared: Distribution, holders: HolderCash, consent: Array
) -> dict[str, Array]:
    service = project["interest_usd"] + project["principal_usd"]
    return {
        "cash_for_claims_usd": project.before_tax_usd + service,
        "debt_service_usd": service,
        "vehicle_tax_usd": tax,
        "paid_in_usd": shared.paid_in_usd,
        "distributed_usd": shared.distributed_usd,
        "retained_usd": shared.retained_usd,
        "dividend_usd": holders.dividend_usd,
        "consent_usd": consent,
        "holder_tax_usd": holders.tax_usd,
        "withheld_usd": holders.withheld_usd,
        "holder_cash_usd": holders.cash_usd,
    }


def _corporation(
    name: VehicleName, project: PropertyRows, terms: VehicleTerms, rules: VehicleRules, *, group: bool
) -> dict[str, Any]:
    tax = corporate_tax_usd(project, terms.tax, "group" if group else "carried")
    shared = distribute(project.before_tax_usd - tax)
    rates = holder_rates(terms.holders, rules, trust=False)
    holders = to_holders(shared, project.book_income_usd - tax, rates)
    rows = _rows_of(project, tax, shared, holders, np.zeros(tax.size))
    return _valued(name, (project, terms), rows, project.before_tax_usd)


def _qualified(project: PropertyRows, terms: VehicleTerms, rules: VehicleRules, trust: Trust) -> dict[str, Any]:
    """The trust, with the operator beside it where that is ours."""
    tax = trust.tax_usd
    if trust.business is not None and terms.trust.through == "taxable_subsidiary":
        tax = tax + trust.business.tax_usd
    if terms.trust.through != "prime_lease":
        rows = _rows_of(project, tax, trust.shared, trust.holders, trust.consent_usd)
        return _valued("reit", (project, terms), rows, project.before_tax_usd)
    own = _rows_of(trust.halves.held, tax, trust.shared, trust.holders, trust.consent_usd)
    before_tax = trust.halves.held.before_tax_usd
    if terms.trust.operator_is_ours and trust.business is not None:
        shared = distribute(trust.business.cash_usd)
        rates = holder_rates(terms.holders, rules, trust=False)
        operator = trust.halves.business
        holders = to_holders(shared, operator.book_income_usd - trust.business.tax_usd, rates)
        beside = _rows_of(operator, trust.business.tax_usd, shared, holders, np.zeros(tax.size))
        own = {name: row + beside[name] for name, row in own.items()}
        before_tax = project.before_tax_usd
    return _valued("reit", (project, terms), own, before_tax)


def compare_vehicles(
    project: PropertyRows | ProjectResult, terms: VehicleTerms, rules: VehicleRules | None = None
) -> VehicleComparison:
    """One project as a corporation's own, as a company of its own, and in a real-estate investment trust.

    Parameters
    ----------
    project
        An evaluated project, or explicit rows.
    terms
        Activities, trust, tax, holders and sizes.
    rules
        Limits and rates; the packaged facts where left out.

    Returns
    -------
    VehicleComparison

    Raises
    ------
    DataError
        If there is no year of operation.
    SolveError
        If an identity of cash is broken.

    Notes
    -----
    A corporation uses losses at once against its other income; a project company carries its own; a trust
    deducts what it pays out. A trust that fails a test that decides its status is taxed as a corporation that
    carries its losses, in every year; ``if_qualified_usd`` holds what passing would be worth.
    """
    rows = rows_of_project(project) if isinstance(project, ProjectResult) else project
    if not np.any(rows.year == 1):
        raise DataError("year has no operating year 1; construction is up to 0 and operation from 1")
    rules = VehicleRules.of() if rules is None else rules
    trust = set_up_trust(rows, terms, rules)
    qualified = _qualified(rows, terms, rules, trust)
    if trust.qualifies:
        standing: dict[str, Any] = qualified | {"taxed_as": "trust"}
    else:
        standing = _corporation("reit", rows, terms, rules, group=False) | {"taxed_as": "corporation"}
    vehicles: dict[VehicleName, Vehicle] = {}
    for name in ("corporate", "project_company"):
        numbers = _corporation(name, rows, terms, rules, group=name == "corporate")
        vehicles[name] = Vehicle(taxed_as="corporation", remarks=vehicle_remarks(name, rows, terms), **numbers)
    vehicles["reit"] = Vehicle(
        **standing,
        measures=trust.measures,
        tests=trust.tests,
        if_qualified_usd=qualified["value_usd"],
        remarks=trust_remarks(rows, terms, rules, trust),
    )
    return VehicleComparison(rows.name, rows.year, terms, vehicles, FACT_KEYS)
