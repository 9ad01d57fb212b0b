"""Limits and rates of US law and of the market that a vehicle is judged by, read from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth import facts
from wattworth.facts import FactBook

FACT_KEYS: Final = (
    "reit.asset_test",
    "reit.income_test_real_estate",
    "reit.income_test_passive",
    "reit.distribution",
    "reit.taxable_reit_subsidiary_assets_max",
    "reit.taxable_reit_subsidiary_assets_max_before",
    "reit.taxable_reit_subsidiary_change",
    "reit.personal_property_rent_max",
    "reit.impermissible_service_max",
    "reit.related_tenant_max",
    "reit.built_in_gain_years",
    "reit.least_contracted_years",
    "reit.affo_multiple",
    "reit.price_to_nav",
    "us_tax.federal_corporate_rate",
    "holder_us_individual.dividend_tax",
    "holder_us_individual.reit_dividend_tax",
    "holder_foreign.dividend_withholding",
    "holder_foreign.real_property_gain_tax",
)
"""Facts behind a comparison of vehicles."""


@dataclass(frozen=True, slots=True)
class VehicleRules:
    """The numbers.

    Attributes
    ----------
    assets_min_frac, real_estate_income_min_frac, passive_income_min_frac, distribution_min_frac
        Least shares of a real-estate investment trust: of assets, of income, of taxable income paid out. [1]
    subsidiary_max_frac, subsidiary_max_before_frac, subsidiary_change_year
        Most of its assets in taxable subsidiaries, the same before the change, and the first year of the new. [1]
    personal_property_max_frac, impermissible_service_max_frac, related_tenant_max_frac
        Most of a rent that may be for personal property, and for services it may not give; share of a tenant
        from which its rent does not qualify. [1]
    built_in_gain_years
        Years for which a gain brought in from a corporation is taxed on a sale. [year]
    least_contracted_years
        Contracted years below which no value at a cap rate is stated. [year]
    affo_multiple, price_to_nav_ratio
        What the market pays for the measures. [1]
    corporate_frac
        Federal tax on what is not paid out. [1]
    individual_dividend_frac, individual_trust_dividend_frac
        Top rate of a US individual on dividends of a corporation, and of a trust. [1]
    foreign_dividend_frac, foreign_gain_frac
        Withholding on dividends to foreigners without a treaty, and tax on gains of real estate. [1]
    """

    assets_min_frac: float
    real_estate_income_min_frac: float
    passive_income_min_frac: float
    distribution_min_frac: float
    subsidiary_max_frac: float
    subsidiary_max_before_frac: float
    subsidiary_change_year: int
    personal_property_max_frac: float
    impermissible_service_max_frac: float
    related_tenant_max_frac: float
    built_in_gain_years: float
    least_contracted_years: float
    affo_multiple: float
    price_to_nav_ratio: float
    corporate_frac: float
    individual_dividend_frac: float
    individual_trust_dividend_frac: float
    foreign_dividend_frac: float
    foreign_gain_frac: float

    @classmethod
    def of(cls, book: FactBook | None = None) -> VehicleRules:
        """Read from a book of facts; the packaged one where left out."""
        book = facts.load() if book is None else book
        value = {key: book.require(key).value for key in FACT_KEYS}
        return cls(
            assets_min_frac=value["reit.asset_test"],
            real_estate_income_min_frac=value["reit.income_test_real_estate"],
            passive_income_min_frac=value["reit.income_test_passive"],
            distribution_min_frac=value["reit.distribution"],
            subsidiary_max_frac=value["reit.taxable_reit_subsidiary_assets_max"],
            subsidiary_max_before_frac=value["reit.taxable_reit_subsidiary_assets_max_before"],
            subsidiary_change_year=int(value["reit.taxable_reit_subsidiary_change"]),
            personal_property_max_frac=value["reit.personal_property_rent_max"],
            impermissible_service_max_frac=value["reit.impermissible_service_max"],
            related_tenant_max_frac=value["reit.related_tenant_max"],
            built_in_gain_years=value["reit.built_in_gain_years"],
            least_contracted_years=value["reit.least_contracted_years"],
            affo_multiple=value["reit.affo_multiple"],
            price_to_nav_ratio=value["reit.price_to_nav"],
            corporate_frac=value["us_tax.federal_corporate_rate"],
            individual_dividend_frac=value["holder_us_individual.dividend_tax"],
            individual_trust_dividend_frac=value["holder_us_individual.reit_dividend_tax"],
            foreign_dividend_frac=value["holder_foreign.dividend_withholding"],
            foreign_gain_frac=value["holder_foreign.real_property_gain_tax"],
        )

    def subsidiary_limit_frac(self, calendar_year: NDArray[np.int64]) -> NDArray[np.float64]:
        """Most of the assets that may be in taxable subsidiaries, by calendar year. [1]"""
        later = np.asarray(calendar_year) >= self.subsidiary_change_year
        return np.where(later, self.subsidiary_max_frac, self.subsidiary_max_before_frac)
