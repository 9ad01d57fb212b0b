"""One disclosed deal: what is given about it before it is predicted, and what it discloses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from wattworth.evidence.dates import Moment, known_dates
from wattworth.evidence.schema import DealRow, Grade, Group
from wattworth.units import DAYS_PER_MONTH, HOURS_PER_YEAR, USD_PER_MUSD
from wattworth.uses.lease_math import first_year_rent_usd, rent_usd_per_kw_month

Structure = Literal["triple_net", "modified_gross", "gross"]
Credit = Literal["hyperscaler", "backed_neocloud", "neocloud"]
Escalator = Literal["stated", "assumed", "unknown"]

GRADED: Final = ("A", "B")
"""Grades that are scored."""

_HYPERSCALERS: Final = re.compile(r"\b(amazon|aws|microsoft|google|alphabet|meta|oracle|hyperscaler)\b", re.IGNORECASE)
_MINE: Final = re.compile(r"conver|retrofit|swap", re.IGNORECASE)
_NO_POWER: Final = re.compile(r"undeveloped|approved|greenfield|ground lease", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?|-[HQ]\d|-YE)?")


@dataclass(frozen=True, slots=True)
class Deal:
    """A row of the tape.

    Attributes
    ----------
    row
        As the file holds it.
    announced
        When it was announced.
    where
        Its place in the file.
    flags
        What was noticed on reading it.
    left_out
        Why it is used for nothing; None if it is used.
    """

    row: DealRow
    announced: Moment
    where: str
    flags: tuple[str, ...] = ()
    left_out: str | None = None

    @staticmethod
    def of(row: DealRow, where: str) -> Deal:
        """The deal of a checked row."""
        return Deal(row, Moment.parse(row.date_announced), where)

    # --- given before a prediction: megawatts, term, product, structure ---

    @property
    def deal_id(self) -> str:
        """Short name."""
        return self.row.deal_id

    @property
    def group(self) -> Group:
        """What was agreed."""
        return self.row.group

    @property
    def grade(self) -> Grade:
        """How much it discloses."""
        return self.row.backtest_grade

    @property
    def scored(self) -> bool:
        """Whether a prediction of it is scored."""
        return self.grade in GRADED and self.left_out is None

    @property
    def structure(self) -> Structure:
        """Who bears the running costs."""
        words = (self.row.lease_structure or "").casefold()
        if "modified gross" in words:
            return "modified_gross"
        if "triple net" in words or "nnn" in words:
            return "triple_net"
        holds_power = (self.row.power_passthrough or "").casefold().startswith("no")
        return "gross" if holds_power or re.search(r"\bgross\b", words) else "modified_gross"

    @property
    def tenant_pays(self) -> bool:
        """Whether the tenant pays nearly all of the hall."""
        return (self.row.capex_payer or "").casefold().startswith("tenant")

    @property
    def without_power(self) -> bool:
        """Whether a site is sold before it has power."""
        return _NO_POWER.search(self.row.product or "") is not None

    # --- further groups, for calibration ---

    @property
    def credit(self) -> Credit:
        """Whose promise the rent is."""
        if self.row.credit_backstop_provider:
            return "backed_neocloud"
        return "hyperscaler" if _HYPERSCALERS.search(self.row.counterparty or "") else "neocloud"

    @property
    def hyperscaler(self) -> bool:
        """Whether a hyperscaler pays the rent itself."""
        return self.credit == "hyperscaler"

    @property
    def neocloud(self) -> bool:
        """Whether a GPU cloud pays it without anyone behind it."""
        return self.credit == "neocloud"

    @property
    def reuses_mine(self) -> bool:
        """Whether halls of a mine are reused."""
        return _MINE.search(self.row.build_type or "") is not None

    # --- what it discloses ---

    @property
    def gross_to_it_ratio(self) -> float | None:
        """Gross over critical power; None unless both are stated. [1]"""
        row = self.row
        return row.gross_mw / row.critical_it_mw if row.gross_mw and row.critical_it_mw else None

    def critical_it_mw(self, ratio: float | None = None) -> float | None:
        """Critical power as stated, else the gross over a ratio. [MW]"""
        if self.row.critical_it_mw is not None:
            return self.row.critical_it_mw
        return self.row.gross_mw / ratio if self.row.gross_mw and ratio else None

    @property
    def contract_value_usd(self) -> float | None:
        """Revenue of the base term. [USD]"""
        row = self.row
        if row.contract_revenue_usd_m is not None and row.term_years is not None:
            return row.contract_revenue_usd_m * USD_PER_MUSD
        if row.avg_annual_revenue_usd_m is not None and row.term_years is not None:
            return row.avg_annual_revenue_usd_m * row.term_years * USD_PER_MUSD
        return None

    @property
    def average_rent_usd_per_kw_month(self) -> float | None:
        """Average rent per critical kilowatt as stated; None without critical power. [$/kW-month]"""
        return self.average_rent(None)

    def average_rent(self, ratio: float | None) -> float | None:
        """Average rent; the critical power may come from the gross and a ratio. [$/kW-month]"""
        mw, value, term = self.critical_it_mw(ratio), self.contract_value_usd, self.row.term_years
        if mw is None or value is None or term is None:
            return None
        return rent_usd_per_kw_month(value / term, mw)

    @property
    def escalator(self) -> Escalator:
        """Whether the yearly step is stated, known to exist, or not known."""
        if self.row.escalator_pct is not None:
            return "stated"
        return "assumed" if (self.row.escalator_basis or "").casefold().startswith("annual") else "unknown"

    def year1_rent(self, escalator_frac: float, ratio: float | None) -> float | None:
        """First year's rent, exactly from the contract value. [$/kW-month]

        Parameters
        ----------
        escalator_frac
            Yearly step where the deal does not state one. [1/year]
        ratio
            Gross over critical power where only the gross is known. [1]
        """
        mw, value, term = self.critical_it_mw(ratio), self.contract_value_usd, self.row.term_years
        if mw is None or value is None or term is None:
            return None
        step = escalator_frac if self.row.escalator_pct is None else self.row.escalator_pct / 100
        return rent_usd_per_kw_month(first_year_rent_usd(value, term, step), mw)

    @property
    def noi_margin_frac(self) -> float | None:
        """Middle of the stated margins, else stated average income over average rent. [1]"""
        row = self.row
        stated = _middle(row.noi_margin_low, row.noi_margin_high)
        noi_usd_m, rent_usd, term = row.noi_usd_m_per_year, self.contract_value_usd, row.term_years
        is_average = "average" in (row.noi_basis or "").casefold()
        if stated is not None or not is_average or noi_usd_m is None or rent_usd is None or term is None:
            return stated
        return noi_usd_m * USD_PER_MUSD * term / rent_usd

    def capex_musd_per_mw(self, ratio: float | None) -> float | None:
        """Owner's cost of the hall per critical megawatt; None where the tenant pays it. [$M/MW]"""
        row, mw = self.row, self.critical_it_mw(ratio)
        if self.tenant_pays:
            return None
        if row.dc_capex_usd_m is not None:
            return row.dc_capex_usd_m / mw if mw else None
        if re.search(r"includes gpus", row.capex_basis or "", re.IGNORECASE):
            return None
        stated = _middle(row.capex_usd_m_per_mw_it_low, row.capex_usd_m_per_mw_it_high)
        return stated if stated is not None else row.capex_usd_m / mw if row.capex_usd_m and mw else None

    @property
    def months_to_first_revenue(self) -> float | None:
        """From the announcement to first revenue, where it has come. [month]"""
        return self.row.months_to_first_revenue_actual

    @property
    def first_revenue(self) -> Moment | None:
        """When first revenue came."""
        found = _DATE.match(self.row.first_revenue_actual or "")
        return Moment.parse(found[0]) if found else None

    @property
    def price_usd(self) -> float | None:
        """Price of a site or company. [USD]"""
        return None if self.row.price_usd_m is None else self.row.price_usd_m * USD_PER_MUSD

    @property
    def price_mw(self) -> float | None:
        """Megawatts the price is for. [MW]"""
        return self.row.price_mw

    @property
    def price_mw_basis(self) -> str | None:
        """Which megawatts they are."""
        return self.row.price_mw_basis

    @property
    def price_usd_per_w(self) -> float | None:
        """Price per gross watt. [$/W]"""
        row = self.row
        return row.price_usd_m / row.price_mw if row.price_usd_m is not None and row.price_mw else None

    @property
    def cloud_usd_per_gpu_hour(self) -> float | None:
        """Revenue of a cloud over the hours of its GPUs. [$/GPU-h]"""
        row = self.row
        n_gpu = row.revenue_gpu_count or row.gpu_count
        yearly_usd_m = row.avg_annual_revenue_usd_m
        if self.group != "gpu_cloud" or n_gpu is None or yearly_usd_m is None:
            return None
        return yearly_usd_m * USD_PER_MUSD / n_gpu / HOURS_PER_YEAR

    @property
    def gpu_price_usd(self) -> float | None:
        """Price of a GPU bought. [$/GPU]"""
        row = self.row
        return row.gpu_capex_usd_m * USD_PER_MUSD / row.gpu_count if row.gpu_capex_usd_m and row.gpu_count else None

    def known(self, figure: str) -> Moment:
        """When a figure became known: a delivery on the day it came, others with the deal or as the tape says."""
        if figure == "months":
            if self.first_revenue is not None:
                return self.first_revenue
            late = timedelta(days=round((self.months_to_first_revenue or 0.0) * DAYS_PER_MONTH))
            return Moment(self.announced.first + late, self.announced.last + late, self.announced.label)
        return known_dates(self.row.known_on).get(figure, self.announced)


def _middle(low: float | None, high: float | None) -> float | None:
    ends = [end for end in (low, high) if end is not None]
    return sum(ends) / len(ends) if ends else None
