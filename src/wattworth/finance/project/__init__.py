"""Project finance of one explicit case with yearly periods: debt, tax, returns and the accounts behind them."""

from wattworth.finance.project.books import Books, keep_books
from wattworth.finance.project.case import ProjectCase, vary
from wattworth.finance.project.conventions import CONVENTIONS, Convention, ConventionName, s_curve_fracs
from wattworth.finance.project.debt import (
    geared_debt_usd,
    least_limit,
    sculpted_debt_usd,
    service_per_usd,
)
from wattworth.finance.project.debt_service import last_service_year
from wattworth.finance.project.distributions import EquityNeed, equity_need
from wattworth.finance.project.evaluation import evaluate, price_for_return
from wattworth.finance.project.fiscal import (
    AssetClass,
    Depreciation,
    Grant,
    Incentives,
    InvestmentCredit,
    ProductionCredit,
    ProductionIncentive,
    PropertyTax,
    Tax,
)
from wattworth.finance.project.income_tax import deductible_interest_usd, taxable_income_usd
from wattworth.finance.project.lending import (
    Appraisal,
    Backstop,
    CashSweep,
    CoverPhase,
    ExistingDebt,
    FloatingRate,
    Owner,
    Prepayment,
    Refinancing,
)
from wattworth.finance.project.many import ManyResults, compile_project_kernels, evaluate_many
from wattworth.finance.project.packing import structure_beyond_a_loan, why_not_compiled
from wattworth.finance.project.parts import (
    Capital,
    ConstructionLoan,
    CostPart,
    Debt,
    Discounting,
    Energy,
    EquipmentReserve,
    Operating,
    Reserves,
    Revenue,
    Target,
    Terminal,
    YearlyLine,
)
from wattworth.finance.project.remarks import Remark
from wattworth.finance.project.result import STATEMENT_ROWS, ProjectResult
from wattworth.finance.project.returns import modified_internal_rate_frac, payback_years
from wattworth.finance.project.roots import (
    RATE_STATUS,
    Rates,
    all_internal_rates,
    dated_internal_rates,
    internal_rates_by_case,
)
from wattworth.finance.project.schedules import service_at_rates_per_usd
from wattworth.finance.project.write_off import SCHEDULE_FRAC
from wattworth.finance.project.yardsticks import (
    adjusted_funds_from_operations_usd,
    construction_interest_frac,
    cost_of_equity_frac,
    exit_value_usd,
    fixed_charge_cost_usd_per_mwh,
)

__all__ = [
    "CONVENTIONS",
    "RATE_STATUS",
    "SCHEDULE_FRAC",
    "STATEMENT_ROWS",
    "Appraisal",
    "AssetClass",
    "Backstop",
    "Books",
    "Capital",
    "CashSweep",
    "ConstructionLoan",
    "Convention",
    "ConventionName",
    "CostPart",
    "CoverPhase",
    "Debt",
    "Depreciation",
    "Discounting",
    "Energy",
    "EquipmentReserve",
    "EquityNeed",
    "ExistingDebt",
    "FloatingRate",
    "Grant",
    "Incentives",
    "InvestmentCredit",
    "ManyResults",
    "Operating",
    "Owner",
    "Prepayment",
    "ProductionCredit",
    "ProductionIncentive",
    "ProjectCase",
    "ProjectResult",
    "PropertyTax",
    "Rates",
    "Refinancing",
    "Remark",
    "Reserves",
    "Revenue",
    "Target",
    "Tax",
    "Terminal",
    "YearlyLine",
    "adjusted_funds_from_operations_usd",
    "all_internal_rates",
    "compile_project_kernels",
    "construction_interest_frac",
    "cost_of_equity_frac",
    "dated_internal_rates",
    "deductible_interest_usd",
    "equity_need",
    "evaluate",
    "evaluate_many",
    "exit_value_usd",
    "fixed_charge_cost_usd_per_mwh",
    "geared_debt_usd",
    "internal_rates_by_case",
    "keep_books",
    "last_service_year",
    "least_limit",
    "modified_internal_rate_frac",
    "payback_years",
    "price_for_return",
    "s_curve_fracs",
    "sculpted_debt_usd",
    "service_at_rates_per_usd",
    "service_per_usd",
    "structure_beyond_a_loan",
    "taxable_income_usd",
    "vary",
    "why_not_compiled",
]
