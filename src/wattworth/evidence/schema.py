"""The deal tape as a file holds it: one column, one meaning."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from wattworth.evidence.dates import Moment, known_dates
from wattworth.study.declared import ConflictError
from wattworth.study.fields import Text


def _amount(unit: str) -> object:
    return Field(ge=0, json_schema_extra={"unit": unit})


_MUsd = Annotated[float | None, _amount("$M")]
_MUsdPerYear = Annotated[float | None, _amount("$M/yr")]
_MUsdPerMw = Annotated[float | None, _amount("$M/MW_IT")]
_Mw = Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "MW"})]
_Ratio = Annotated[float | None, Field(ge=1, json_schema_extra={"unit": "ratio"})]
_Rent = Annotated[float | None, _amount("$/kW_IT-month")]
_Share = Annotated[float | None, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})]
_Yield = Annotated[float | None, _amount("frac/yr")]
_Percent = Annotated[float | None, Field(ge=-20, le=100, json_schema_extra={"unit": "%"})]
_Months = Annotated[float | None, Field(ge=0, le=240, json_schema_extra={"unit": "months"})]
_Gpus = Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "GPUs"})]

Group = Literal["lease", "gpu_cloud", "site_sale", "company_sale", "other"]
RowType = Literal["deal", "aggregate", "capex_only"]
Grade = Literal["A", "B", "C", "none"]


class DealRow(BaseModel):
    """A row of a tape of deals; money is dollars of the day, in millions."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)

    deal_id: Text
    """Short name of the row, unique."""
    row_type: RowType
    """`aggregate` repeats tranches that have rows of their own; `capex_only` is a budget without a contract."""
    group: Group
    """What was agreed."""
    status: str | None = None
    """How far it has come."""
    date_announced: Annotated[str, Field(json_schema_extra={"need": "a date as YYYY, YYYY-MM or YYYY-MM-DD"})]
    """Day, month or year of the announcement; a prediction uses nothing known on or after its first day."""
    company: Text
    """Owner of the site, or buyer and seller."""
    site: str | None = None
    """Name of the site."""
    state_country: str | None = None
    """Where it stands."""
    counterparty: str | None = None
    """Tenant or seller."""
    end_user: str | None = None
    """Who uses what the tenant rents."""
    credit_backstop_provider: str | None = None
    """Who stands behind the tenant's rent."""
    credit_backstop_usd_m: _MUsd = None
    """How much of it."""
    product: str | None = None
    """What is delivered; `undeveloped`, `approved`, `greenfield` or `ground lease` mark a site sold without power."""
    lease_structure: str | None = None
    """`triple net` or `NNN`, `modified gross`, `gross`, or other words."""
    power_passthrough: str | None = None
    """Begins with `yes` where the tenant pays for power and with `no` where the rent holds it."""
    previous_use: str | None = None
    """What the site was."""
    build_type: str | None = None
    """`conversion`, `retrofit` or `swap` in a mine; any other words are a new build."""
    critical_it_mw: _Mw = None
    """Power to servers, storage and switches, cooling excluded."""
    gross_mw: _Mw = None
    """Power at the connection."""
    pue: _Ratio = None
    """Design power usage effectiveness."""
    term_years: Annotated[float | None, Field(gt=0, le=100, json_schema_extra={"unit": "years"})] = None
    """Base term."""
    renewal_options: str | None = None
    """Further terms the tenant may take."""
    contract_revenue_usd_m: _MUsd = None
    """Revenue of the base term, escalators included."""
    revenue_with_renewals_usd_m: _MUsd = None
    """The same with all renewals."""
    avg_annual_revenue_usd_m: _MUsdPerYear = None
    """Average yearly revenue of the base term."""
    avg_annual_revenue_basis: str | None = None
    """Where it comes from."""
    noi_margin_low: _Share = None
    """Net operating income over rent, low end."""
    noi_margin_high: _Share = None
    """The same at its high end."""
    noi_usd_m_per_year: _MUsdPerYear = None
    """Net operating income as stated."""
    noi_basis: str | None = None
    """Which year it is, or whose figure the margin is."""
    capex_usd_m: _MUsd = None
    """Capital cost to the owner."""
    capex_usd_m_per_mw_it_low: _MUsdPerMw = None
    """The same per critical megawatt, low end; where given it goes before the total."""
    capex_usd_m_per_mw_it_high: _MUsdPerMw = None
    """The same at its high end."""
    capex_basis: str | None = None
    """What it includes; `includes GPUs` where it is not the hall's alone."""
    capex_payer: str | None = None
    """Begins with `tenant` where the tenant pays nearly all of the hall."""
    escalator_pct: _Percent = None
    """Yearly step of the rent, in percent."""
    escalator_basis: str | None = None
    """Begins with `annual` where there is a step whose rate is not known."""
    prepayment_usd_m: _MUsd = None
    """Paid before the first month."""
    debt_usd_m: _MUsd = None
    """Debt raised on the deal."""
    debt_rate_pct: _Percent = None
    """Its coupon, in percent."""
    debt_ltc_pct: _Percent = None
    """Debt over cost, in percent."""
    debt_terms: str | None = None
    """Further terms."""
    first_revenue_planned: str | None = None
    """As announced."""
    first_revenue_actual: str | None = None
    """As it came; begins with the date."""
    months_to_first_revenue_planned: _Months = None
    """From the announcement, as planned."""
    months_to_first_revenue_actual: _Months = None
    """From the announcement, as it came."""
    gpu_count: _Gpus = None
    """GPUs bought."""
    gpu_type: str | None = None
    """Which."""
    gpu_capex_usd_m: _MUsd = None
    """What they cost."""
    dc_capex_usd_m: _MUsd = None
    """Cost of the hall alone, beside the GPUs."""
    price_usd_m: _MUsd = None
    """Price of a site or a company."""
    price_mw: _Mw = None
    """Megawatts the price is for."""
    price_mw_basis: str | None = None
    """Which megawatts they are."""
    d_gross_to_it_ratio: _Ratio = None
    """Derived: gross over critical power."""
    d_revenue_usd_m_per_mw_it_yr: _MUsdPerMw = None
    """Derived: average revenue per critical megawatt and year."""
    d_avg_usd_per_kw_month_it: _Rent = None
    """Derived: average rent."""
    d_year1_usd_per_kw_month_it: _Rent = None
    """Derived: first year's rent."""
    d_year1_basis: str | None = None
    """Whether its escalator is stated or assumed."""
    d_avg_noi_yield_on_cost_low: _Yield = None
    """Derived: average income over cost, low end."""
    d_avg_noi_yield_on_cost_high: _Yield = None
    """The same at its high end."""
    d_year1_yield_on_cost_low: _Yield = None
    """Derived: first year's income over cost, low end."""
    d_year1_yield_on_cost_high: _Yield = None
    """The same at its high end."""
    d_debt_usd_m_per_mw_it: _MUsdPerMw = None
    """Derived: debt per critical megawatt."""
    d_price_usd_m_per_mw: Annotated[float | None, _amount("$M/MW")] = None
    """Derived: price per megawatt."""
    backtest_grade: Grade
    """`A`: price, margin and owner's capital all stated; `B`: price or timing; `C` and `none`: context only."""
    flags: str | None = None
    """What to beware of."""
    source: Text
    """Where it was published."""
    source_date: str | None = None
    """Dates of the sources."""
    confidence: Literal["high", "medium", "low"]
    """Trust in the row."""
    derived_in_stated_columns: str | None = None
    """Columns above that are derived all the same."""
    currency: str | None = None
    """Currency of the row, where a file says it; only `USD` is read."""
    known_on: str | None = None
    """When a figure became known, where later than the announcement: `capex=2025-08-15; noi_margin=2025-12`."""
    revenue_gpu_count: _Gpus = None
    """GPUs that earn the revenue, where they are not those bought."""

    @field_validator("date_announced")
    @classmethod
    def _a_date(cls, text: str) -> str:
        Moment.parse(text)
        return text

    @field_validator("known_on")
    @classmethod
    def _dates_of_figures(cls, text: str | None) -> str | None:
        known_dates(text)
        return text

    @field_validator("currency")
    @classmethod
    def _dollars(cls, text: str | None) -> str | None:
        if text is not None and text.upper() not in ("USD", "$", "US$"):
            raise ValueError(f'got "{text}", need USD: convert the row at the rate of its day, and say so under flags')
        return text

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        pairs = [
            (low, f"{least:g} is more than the {most:g} in {high}")
            for low, high in _RANGES
            if (least := getattr(self, low)) is not None and (most := getattr(self, high)) is not None and least > most
        ]
        if self.gross_mw is not None and self.critical_it_mw is not None and self.gross_mw < self.critical_it_mw:
            message = f"{self.gross_mw:g} is less than the {self.critical_it_mw:g} in critical_it_mw"
            pairs.append(("gross_mw", f"{message}; gross power carries cooling too"))
        if pairs:
            raise ConflictError(pairs)
        return self


_RANGES: Final = (
    ("noi_margin_low", "noi_margin_high"),
    ("capex_usd_m_per_mw_it_low", "capex_usd_m_per_mw_it_high"),
)

NEEDED: Final = (
    "deal_id", "row_type", "group", "date_announced", "company", "product", "lease_structure", "power_passthrough",
    "build_type", "critical_it_mw", "gross_mw", "term_years", "contract_revenue_usd_m", "avg_annual_revenue_usd_m",
    "noi_margin_low", "noi_margin_high", "capex_usd_m", "capex_usd_m_per_mw_it_low", "capex_usd_m_per_mw_it_high",
    "capex_payer", "escalator_pct", "months_to_first_revenue_actual", "price_usd_m", "price_mw", "backtest_grade",
    "source", "confidence",
)  # fmt: skip
"""Columns a tape must have; their cells may be empty where the table says no form is needed."""
