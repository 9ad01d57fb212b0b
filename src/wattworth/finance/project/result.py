"""What the evaluation of one case gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project.conventions import ConventionName
from wattworth.finance.project.distributions import EquityNeed
from wattworth.finance.project.remarks import Remark
from wattworth.finance.project.roots import Rates
from wattworth.records import SCHEMA_VERSION

INFLOW: Final = 1
OUTFLOW: Final = -1
BALANCE: Final = 0

STATEMENT_ROWS: Final[dict[str, tuple[str, int]]] = {
    "energy_mwh": ("Energy sold", BALANCE),
    "price_usd_per_mwh": ("Price of energy", BALANCE),
    "energy_revenue_usd": ("Energy revenue", INFLOW),
    "capacity_revenue_usd": ("Capacity payments", INFLOW),
    "other_revenue_usd": ("Other revenue", INFLOW),
    "incentive_in_revenue_usd": ("Production incentives lenders count", INFLOW),
    "salvage_usd": ("Net salvage value", INFLOW),
    "sale_usd": ("Proceeds of sale", INFLOW),
    "revenue_usd": ("Total revenue", INFLOW),
    "fixed_om_usd": ("Fixed O&M", OUTFLOW),
    "capacity_om_usd": ("O&M by capacity", OUTFLOW),
    "variable_om_usd": ("Variable O&M", OUTFLOW),
    "fuel_usd": ("Fuel", OUTFLOW),
    "insurance_usd": ("Insurance", OUTFLOW),
    "property_tax_usd": ("Property tax", OUTFLOW),
    "other_cost_usd": ("Other operating cost", OUTFLOW),
    "opex_usd": ("Total operating cost", OUTFLOW),
    "ebitda_usd": ("EBITDA", INFLOW),
    "prepayment_credit_usd": ("Rent credited against a prepayment", OUTFLOW),
    "equipment_funding_usd": ("Put aside for major equipment", OUTFLOW),
    "cfads_usd": ("Cash available for debt service", INFLOW),
    "interest_usd": ("Interest", OUTFLOW),
    "principal_usd": ("Principal", OUTFLOW),
    "debt_service_usd": ("Debt service", OUTFLOW),
    "backstop_fee_usd": ("Fee of a guarantor, in debt service", OUTFLOW),
    "swept_usd": ("Swept to early repayment", OUTFLOW),
    "balloon_usd": ("Due at maturity", OUTFLOW),
    "refinanced_usd": ("Refinanced", INFLOW),
    "refinancing_fee_usd": ("Fee of refinancing", OUTFLOW),
    "debt_balance_usd": ("Debt at the end of the year", BALANCE),
    "existing_debt_usd": ("Of it existing debt, in operation", BALANCE),
    "debt_rate_frac": ("Rate of the term debt, a guarantor's fee with it", BALANCE),
    "dscr_ratio": ("Debt service cover", BALANCE),
    "llcr_ratio": ("Loan life cover", BALANCE),
    "plcr_ratio": ("Project life cover", BALANCE),
    "debt_service_reserve_usd": ("Debt service reserve", BALANCE),
    "working_capital_reserve_usd": ("Working capital reserve", BALANCE),
    "receivables_reserve_usd": ("Receivables reserve", BALANCE),
    "equipment_reserve_usd": ("Major equipment reserve", BALANCE),
    "reserves_usd": ("All reserves", BALANCE),
    "reserve_interest_usd": ("Interest on reserves", INFLOW),
    "reserve_funding_usd": ("Into reserves", OUTFLOW),
    "equipment_spending_usd": ("Major equipment", OUTFLOW),
    "incentive_usd": ("Production incentives lenders do not count", INFLOW),
    "capital_spending_usd": ("Capital spending, net of grants", OUTFLOW),
    "first_reserves_usd": ("First filling of reserves", OUTFLOW),
    "debt_drawn_usd": ("Debt drawn", INFLOW),
    "prepayment_usd": ("Rent received ahead", INFLOW),
    "prepayment_balance_usd": ("Rent received ahead and not credited yet", BALANCE),
    "equity_paid_in_usd": ("Equity paid in", OUTFLOW),
    "pre_tax_equity_usd": ("Pre-tax cash of owners", INFLOW),
    "state_depreciation_usd": ("State tax depreciation", OUTFLOW),
    "state_income_usd": ("State income before losses", INFLOW),
    "state_taxable_usd": ("State taxable income", INFLOW),
    "state_losses_carried_usd": ("State losses carried", BALANCE),
    "state_tax_usd": ("State tax (benefit positive)", INFLOW),
    "federal_depreciation_usd": ("Federal tax depreciation", OUTFLOW),
    "federal_income_usd": ("Federal income before losses", INFLOW),
    "federal_taxable_usd": ("Federal taxable income", INFLOW),
    "federal_losses_carried_usd": ("Federal losses carried", BALANCE),
    "federal_tax_usd": ("Federal tax (benefit positive)", INFLOW),
    "deductible_interest_usd": ("Interest deducted", OUTFLOW),
    "interest_carried_usd": ("Interest carried to later years", BALANCE),
    "federal_ptc_usd": ("Federal production credit", INFLOW),
    "state_ptc_usd": ("State production credit", INFLOW),
    "federal_itc_usd": ("Federal investment credit", INFLOW),
    "state_itc_usd": ("State investment credit", INFLOW),
    "tax_credits_usd": ("All tax credits", INFLOW),
    "locked_up_usd": ("Cash held by a lock-up", BALANCE),
    "after_tax_equity_usd": ("After-tax cash of owners", INFLOW),
    "sponsor_cash_usd": ("Of it the sponsor's, after warrants", INFLOW),
    "book_depreciation_usd": ("Book depreciation", OUTFLOW),
    "ebit_usd": ("EBIT", INFLOW),
    "net_income_usd": ("Net income", INFLOW),
    "distributions_usd": ("Distributions, or further equity if negative", OUTFLOW),
    "net_plant_usd": ("Net plant", BALANCE),
    "cash_in_reserves_usd": ("Cash, all in reserves", BALANCE),
    "assets_usd": ("Assets", BALANCE),
    "liabilities_usd": ("Liabilities", BALANCE),
    "owners_equity_usd": ("Owners' equity", BALANCE),
}
"""Rows of a statement: words for people, and the sign with which a positive number moves cash."""


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """One case, evaluated. Absence is None, in rows NaN.

    Attributes
    ----------
    name, convention
        Of the case.
    tax_losses
        What a tax loss was worth.
    year
        Array, shape (year,): construction up to year 0, then operation.
    statement
        Rows by name, arrays of shape (year,); :data:`STATEMENT_ROWS` says what each is and its sign.
    npv_usd
        Of after-tax equity cash. [USD]
    npv_other_losses_usd
        The same with losses carried forward where the case uses them at once, and at once where it carries
        them. [USD]
    equity_rates, project_rates
        Internal rates of after-tax cash, with the debt and without any.
    project_npv_usd
        Without any debt, at the same rate. [USD]
    debt_usd, equity_usd, installed_cost_usd
        Debt, equity, and all uses net of grants. [USD]
    debt_binding
        The limit that sized the debt, or ``none``.
    debt_limits_usd
        Every limit that was looked at. [USD]
    sources_usd, uses_usd
        By line. [USD]
    price_usd_per_mwh
        Price of year 1, given or found. [USD/MWh]
    lcoe_nominal_usd_per_mwh, lcoe_real_usd_per_mwh
        Levelised cost of energy. [USD/MWh]
    pue_ratio, served_share_frac
        What turns it into costs per megawatt-hour at the servers, as given; no cost without a PUE. [1]
    dscr_min_ratio, dscr_mean_ratio, llcr_ratio, plcr_ratio
        Cover of debt service, and of the loan at the start of operation. [1]
    mirr_frac
        Both rates being the discount rate. [1/year]
    payback_years, discounted_payback_years
        Of equity, from the start of operation. [year]
    equity_multiple
        Cash received over cash paid in. [1]
    remarks
        What a reader must know, each with its cause and its fix.
    appraised_value_usd
        Value that a loan to value is of; None where nothing asks for one. [USD]
    sponsor_npv_usd, warrants_npv_usd
        Of the sponsor's cash, and of what warrants take; the two add to ``npv_usd``. [USD]
    sponsor_rates
        Internal rates of the sponsor's cash; None where there are no warrants.
    equity_need
        What the owners have to find, beside what they are worth.
    """

    name: str
    convention: ConventionName
    tax_losses: str
    year: NDArray[np.int64]
    statement: Mapping[str, NDArray[np.float64]]
    npv_usd: float
    npv_other_losses_usd: float
    equity_rates: Rates
    project_rates: Rates
    project_npv_usd: float
    debt_usd: float
    equity_usd: float
    installed_cost_usd: float
    debt_binding: str
    debt_limits_usd: Mapping[str, float]
    sources_usd: Mapping[str, float]
    uses_usd: Mapping[str, float]
    price_usd_per_mwh: float | None
    lcoe_nominal_usd_per_mwh: float | None
    lcoe_real_usd_per_mwh: float | None
    pue_ratio: float | None
    served_share_frac: float
    dscr_min_ratio: float | None
    dscr_mean_ratio: float | None
    llcr_ratio: float | None
    plcr_ratio: float | None
    mirr_frac: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    equity_multiple: float | None
    remarks: tuple[Remark, ...]
    appraised_value_usd: float | None
    sponsor_npv_usd: float
    warrants_npv_usd: float
    sponsor_rates: Rates | None
    equity_need: EquityNeed

    @property
    def irr_frac(self) -> float | None:
        """Internal rate of after-tax equity cash, None unless it is the only one. [1/year]"""
        return self.equity_rates.irr_frac

    @property
    def irr_status(self) -> str:
        """``ok``, or why there is no rate."""
        return self.equity_rates.status

    @property
    def debt_frac(self) -> float:
        """Debt over installed cost. [1]"""
        return self.debt_usd / self.installed_cost_usd if self.installed_cost_usd else 0.0

    @property
    def lcoe_it_served_usd_per_mwh(self) -> float | None:
        """Nominal levelised cost of a megawatt-hour that reaches the servers; None without a PUE. [USD/MWh]"""
        lcoe, pue = self.lcoe_nominal_usd_per_mwh, self.pue_ratio
        return None if lcoe is None or pue is None else lcoe * pue

    @property
    def lcoe_it_demanded_usd_per_mwh(self) -> float | None:
        """The same over what the servers ask for: the lower, the more is left unserved. [USD/MWh]"""
        served = self.lcoe_it_served_usd_per_mwh
        return None if served is None else served * self.served_share_frac

    def to_plain(self) -> dict[str, Any]:
        """The result as plain numbers, lists and text, ready for JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "convention": self.convention,
            "tax_losses": self.tax_losses,
            "npv_usd": self.npv_usd,
            "npv_other_losses_usd": self.npv_other_losses_usd,
            "irr_frac": self.irr_frac,
            "irr_status": self.irr_status,
            "irr_roots_frac": list(self.equity_rates.roots_frac),
            "project_npv_usd": self.project_npv_usd,
            "project_irr_frac": self.project_rates.irr_frac,
            "project_irr_status": self.project_rates.status,
            "debt_usd": self.debt_usd,
            "debt_frac": self.debt_frac,
            "debt_binding": self.debt_binding,
            "debt_limits_usd": {name: _finite(limit) for name, limit in self.debt_limits_usd.items()},
            "equity_usd": self.equity_usd,
            "installed_cost_usd": self.installed_cost_usd,
            "appraised_value_usd": self.appraised_value_usd,
            "sponsor_npv_usd": self.sponsor_npv_usd,
            "sponsor_irr_frac": None if self.sponsor_rates is None else self.sponsor_rates.irr_frac,
            "warrants_npv_usd": self.warrants_npv_usd,
            "equity_need_usd": self.equity_need.usd,
            "equity_need_of_market_value_ratio": self.equity_need.of_market_value_ratio,
            "new_shares_usd": self.equity_need.new_shares_usd,
            "is_fundable": self.equity_need.is_fundable,
            "price_usd_per_mwh": self.price_usd_per_mwh,
            "lcoe_nominal_usd_per_mwh": self.lcoe_nominal_usd_per_mwh,
            "lcoe_real_usd_per_mwh": self.lcoe_real_usd_per_mwh,
            "lcoe_it_served_usd_per_mwh": self.lcoe_it_served_usd_per_mwh,
            "lcoe_it_demanded_usd_per_mwh": self.lcoe_it_demanded_usd_per_mwh,
            "dscr_min": self.dscr_min_ratio,
            "dscr_mean": self.dscr_mean_ratio,
            "llcr": self.llcr_ratio,
            "plcr": self.plcr_ratio,
            "mirr_frac": self.mirr_frac,
            "payback_years": self.payback_years,
            "discounted_payback_years": self.discounted_payback_years,
            "equity_multiple": self.equity_multiple,
            "sources_usd": dict(self.sources_usd),
            "uses_usd": dict(self.uses_usd),
            "year": self.year.tolist(),
            "statement": {name: [_finite(x) for x in row.tolist()] for name, row in self.statement.items()},
            "remarks": [remark.to_plain() for remark in self.remarks],
        }


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None
