"""Lines of the monthly statement: words for people, and the sign with which a positive number moves cash."""

from __future__ import annotations

from typing import Final

from wattworth.finance.project.result import BALANCE, INFLOW, OUTFLOW

MONTHLY_ROWS: Final[dict[str, tuple[str, int]]] = {
    "revenue_usd": ("Revenue", INFLOW),
    "power_usd": ("Power", OUTFLOW),
    "opex_usd": ("Other operating cost", OUTFLOW),
    "ebitda_usd": ("EBITDA", INFLOW),
    "working_capital_funding_usd": ("Into working capital", OUTFLOW),
    "later_capital_usd": ("Capital spent after completion", OUTFLOW),
    "cfads_usd": ("Cash available for debt service", INFLOW),
    "interest_usd": ("Interest", OUTFLOW),
    "principal_usd": ("Principal", OUTFLOW),
    "debt_service_usd": ("Debt service", OUTFLOW),
    "debt_balance_usd": ("Debt at the end of the month", BALANCE),
    "dscr_ratio": ("Debt service cover of the twelve months to date", BALANCE),
    "debt_service_reserve_usd": ("Debt service reserve", BALANCE),
    "other_reserves_usd": ("Other reserves", BALANCE),
    "reserve_funding_usd": ("Into reserves, the first filling with it", OUTFLOW),
    "reserve_interest_usd": ("Interest on reserves", INFLOW),
    "proceeds_usd": ("Proceeds of sale", INFLOW),
    "capital_usd": ("Capital spent up to completion", OUTFLOW),
    "construction_interest_usd": ("Interest during construction", OUTFLOW),
    "commitment_fee_usd": ("Commitment fee", OUTFLOW),
    "debt_fees_usd": ("Upfront fee and closing cost", OUTFLOW),
    "first_reserves_usd": ("First filling of reserves", OUTFLOW),
    "uses_usd": ("All uses", OUTFLOW),
    "debt_drawn_usd": ("Debt drawn", INFLOW),
    "equity_paid_in_usd": ("Equity paid in up to completion", OUTFLOW),
    "pre_tax_equity_usd": ("Pre-tax cash of owners", INFLOW),
    "after_tax_items_usd": ("Credits and other cash after tax", INFLOW),
    "tax_depreciation_usd": ("Tax depreciation", OUTFLOW),
    "deductible_interest_usd": ("Interest deducted", OUTFLOW),
    "interest_carried_usd": ("Interest carried to later years", BALANCE),
    "state_income_usd": ("State income before losses", INFLOW),
    "state_taxable_usd": ("State taxable income", INFLOW),
    "state_losses_carried_usd": ("State losses carried", BALANCE),
    "state_tax_usd": ("State tax (benefit positive)", INFLOW),
    "federal_income_usd": ("Federal income before losses", INFLOW),
    "federal_taxable_usd": ("Federal taxable income", INFLOW),
    "federal_losses_carried_usd": ("Federal losses carried", BALANCE),
    "federal_tax_usd": ("Federal tax (benefit positive)", INFLOW),
    "after_tax_equity_usd": ("After-tax cash of owners", INFLOW),
    "project_cash_usd": ("After-tax cash without any debt", INFLOW),
    "book_depreciation_usd": ("Book depreciation", OUTFLOW),
    "ebit_usd": ("EBIT", INFLOW),
    "net_income_usd": ("Net income", INFLOW),
    "distributions_usd": ("Distributions, or further equity if negative", OUTFLOW),
    "net_plant_usd": ("Net plant", BALANCE),
    "receivables_usd": ("Receivables", BALANCE),
    "cash_in_reserves_usd": ("Cash, all in reserves", BALANCE),
    "assets_usd": ("Assets", BALANCE),
    "payables_usd": ("Payables", BALANCE),
    "liabilities_usd": ("Liabilities", BALANCE),
    "owners_equity_usd": ("Owners' equity", BALANCE),
}
"""Rows of a monthly statement by name."""

BALANCE_ROWS: Final = frozenset(name for name, (_, sign) in MONTHLY_ROWS.items() if sign == BALANCE)
"""Those that stand at a month's end and are not added up over a year."""
INCOME_STATEMENT: Final = (
    "revenue_usd",
    "power_usd",
    "opex_usd",
    "ebitda_usd",
    "proceeds_usd",
    "after_tax_items_usd",
    "book_depreciation_usd",
    "ebit_usd",
    "reserve_interest_usd",
    "interest_usd",
    "state_tax_usd",
    "federal_tax_usd",
    "net_income_usd",
)
"""Rows of the income statement."""
CASH_STATEMENT: Final = (
    "cfads_usd",
    "debt_service_usd",
    "reserve_interest_usd",
    "reserve_funding_usd",
    "proceeds_usd",
    "after_tax_items_usd",
    "state_tax_usd",
    "federal_tax_usd",
    "uses_usd",
    "debt_drawn_usd",
    "equity_paid_in_usd",
    "distributions_usd",
)
"""Rows of the cash statement."""
BALANCE_SHEET: Final = (
    "net_plant_usd",
    "receivables_usd",
    "cash_in_reserves_usd",
    "assets_usd",
    "debt_balance_usd",
    "payables_usd",
    "liabilities_usd",
    "owners_equity_usd",
)
"""Rows of the balance sheet."""
