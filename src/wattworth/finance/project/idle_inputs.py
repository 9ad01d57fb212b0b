"""Inputs of a case that cannot act: each is told, none is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.record import Part
from wattworth.finance.project.remarks import Remark


def _given(part: Part, name: str) -> bool:
    """Whether a field was declared with something other than its default."""
    default = type(part).model_fields[name].default
    return name in part.model_fields_set and getattr(part, name) != default


def _idle(where: str, message: str, fix: str) -> Remark:
    return Remark("input_cannot_act", where, message, fix)


def _credits(case: ProjectCase) -> Iterator[Remark]:
    classes = [part for part in case.depreciation.classes if part.share_frac > 0.0]
    for n, credit in enumerate(case.incentives.investment_credits):
        eligible = any(getattr(part, f"{credit.payer}_credit") for part in classes)
        if credit.rate_frac > 0.0 and not eligible:
            yield _idle(
                f"incentives.investment_credits.{n}.rate_frac",
                f"a {credit.payer} credit of {credit.rate_frac:.0%} has no class of assets to act on",
                f"set {credit.payer}_credit on the class in depreciation.classes that earns it",
            )
    for payer in ("federal", "state"):
        bonus_frac = getattr(case.depreciation, f"{payer}_bonus_frac")
        if bonus_frac > 0.0 and not any(getattr(part, f"{payer}_bonus") for part in classes):
            yield _idle(
                f"depreciation.{payer}_bonus_frac",
                f"a {payer} bonus of {bonus_frac:.0%} has no class of assets to act on",
                f"set {payer}_bonus on the class in depreciation.classes that earns it",
            )
    for n, credit in enumerate(case.incentives.production_credits):
        if credit.usd_per_mwh > 0.0 and (credit.term_years == 0 or not _has_energy(case)):
            cause = "is paid for no year" if credit.term_years == 0 else "has no energy to act on"
            yield _idle(
                f"incentives.production_credits.{n}", f"the credit {cause}", "give term_years and energy.year1_mwh"
            )


def _has_energy(case: ProjectCase) -> bool:
    return case.energy.mwh_by_year is not None or case.energy.year1_mwh > 0.0


def _tax(case: ProjectCase) -> Iterator[Remark]:
    taxed = case.tax.federal_frac > 0.0 or case.tax.state_frac > 0.0
    if case.depreciation.classes and not taxed:
        yield _idle("depreciation.classes", "there is no income tax to deduct from", "give tax.federal_frac")
    if _given(case.tax, "loss_use_limit_frac") and case.tax_losses != "carried":
        yield _idle(
            "tax.loss_use_limit_frac",
            f"losses are {case.tax_losses}, so none are carried",
            "set tax.losses to carried or leave the limit out",
        )
    if case.tax.interest_limit_frac is not None and case.debt is None:
        yield _idle("tax.interest_limit_frac", "there is no debt to pay interest on", "give debt or leave it out")
    levy = case.property_tax
    if levy.rate_frac == 0.0 and any(_given(levy, name) for name in type(levy).model_fields if name != "rate_frac"):
        yield _idle("property_tax", "the rate is 0", "give property_tax.rate_frac")


def _operation(case: ProjectCase) -> Iterator[Remark]:
    own = case.operating
    if _given(case.energy, "served_share_frac") and case.energy.pue_ratio is None:
        yield _idle("energy.served_share_frac", "costs per IT energy are told only with a PUE", "give energy.pue_ratio")
    if (own.fuel_mmbtu_per_year > 0.0) != (own.fuel_price_usd_per_mmbtu > 0.0):
        yield _idle(
            "operating.fuel_price_usd_per_mmbtu",
            "fuel has a price but no amount, or an amount but no price",
            "give both operating.fuel_mmbtu_per_year and operating.fuel_price_usd_per_mmbtu",
        )
    needs_size = {
        "operating.capacity_usd_per_kw_year": own.capacity_usd_per_kw_year,
        "revenue.capacity_usd_per_mw_year": case.revenue.capacity_usd_per_mw_year,
        **{f"reserves.equipment.{n}": item.usd_per_w for n, item in enumerate(case.reserves.equipment)},
        **{f"incentives.grants.{n}.usd_per_w": grant.usd_per_w for n, grant in enumerate(case.incentives.grants)},
    }
    for where, amount in needs_size.items():
        if amount > 0.0 and case.nameplate_mw == 0.0:
            yield _idle(where, "it is per unit of capacity, and nameplate_mw is 0", "give nameplate_mw")
    if case.energy.mwh_by_year is not None and (_given(case.energy, "year1_mwh") or _falls(case)):
        yield _idle("energy", "mwh_by_year takes the place of year1_mwh and degradation", "leave one of them out")
    if case.target is not None and case.revenue.price_usd_per_mwh is not None:
        yield _idle("revenue.price_usd_per_mwh", "the target sets the price", "leave out the price, or the target")
    if own.variable_usd_per_mwh > 0.0 and not _has_energy(case):
        yield _idle("operating.variable_usd_per_mwh", "no energy is sold", "give energy.year1_mwh")
    if _given(case.terminal, "selling_cost_frac") and case.terminal.exit_cap_rate_frac is None:
        yield _idle("terminal.selling_cost_frac", "nothing is sold at the end", "give terminal.exit_cap_rate_frac")


def _falls(case: ProjectCase) -> bool:
    return case.energy.degradation_frac_per_year > 0.0


def _financing(case: ProjectCase) -> Iterator[Remark]:
    held: Any = case.reserves
    if held.debt_service_months > 0.0 and case.debt is None:
        yield _idle("reserves.debt_service_months", "there is no debt to serve", "give debt or leave it out")
    anything = held.debt_service_months or held.working_capital_months or held.receivables_months or held.equipment
    if held.interest_frac > 0.0 and not anything:
        yield _idle("reserves.interest_frac", "nothing is held in reserve", "give a reserve or leave it out")
    for n, item in enumerate(held.equipment):
        if item.every_years > case.analysis_years:
            yield _idle(
                f"reserves.equipment.{n}.every_years",
                f"the first replacement would come after {case.analysis_years} years of operation",
                "leave it out, or replace more often",
            )
    debt = case.debt
    if debt is None:
        return
    if debt.moratorium_years and debt.profile == "sculpted" and not case.timing.grace_in_sculpting:
        yield _idle(
            "debt.moratorium_years",
            f"sculpted debt follows cash, and the convention {case.convention} has no moratorium for it",
            "use level_payment or level_principal, or another convention",
        )
    yield from _structures(case)
    if case.capital.sales_tax_frac == 0.0 and _given(case.capital, "sales_taxed_frac"):
        yield _idle("capital.sales_taxed_frac", "the rate of sales tax is 0", "give capital.sales_tax_frac")


def _structures(case: ProjectCase) -> Iterator[Remark]:
    """Terms of old and new debt that have nothing to act on."""
    debt, old = case.debt, case.existing_debt
    if old is not None and old.at_close == "assumed" and old.breakage_frac > 0.0:
        yield _idle("existing_debt.breakage_frac", "the debt is not broken but assumed", "leave it out")
    if old is not None and old.principal_frac_by_year is not None and _given(old, "remaining_years"):
        yield _idle("existing_debt.remaining_years", "principal_frac_by_year takes its place", "leave one of them out")
    if debt is None:
        return
    if debt.refinancing is not None and not debt.has_balloon:
        yield _idle(
            "debt.refinancing",
            "nothing is left to refinance at the end of the tenor",
            "give amortisation_years longer than the tenor, or make the debt a bullet",
        )
    if debt.refinancing is not None and debt.has_balloon and debt.tenor_years >= case.analysis_years:
        yield _idle("debt.refinancing", "the project ends when it would begin", "lengthen analysis_years")
    if debt.moratorium_years and debt.profile == "bullet":
        yield _idle("debt.moratorium_years", "a bullet pays interest alone until its maturity", "leave it out")
    swap = debt.floating
    if swap is not None and swap.swap_rate_frac is not None and swap.hedge_share_frac == 0.0:
        yield _idle("debt.floating.swap_rate_frac", "no part of the debt is swapped", "give hedge_share_frac")
    if debt.sweep is not None and debt.sweep.share_frac == 0.0:
        yield _idle("debt.sweep", "its share is 0", "give share_frac or leave it out")


def idle_inputs(case: ProjectCase) -> tuple[Remark, ...]:
    """Every declared input of a case that changes nothing.

    Parameters
    ----------
    case
        A case of plain numbers.

    Returns
    -------
    tuple of Remark
    """
    return (*_credits(case), *_tax(case), *_operation(case), *_financing(case))
