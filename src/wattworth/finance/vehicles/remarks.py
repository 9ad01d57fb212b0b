"""What a reader of a vehicle must know: the place, the cause and the fix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wattworth.finance.project.remarks import Remark
from wattworth.finance.vehicles.rows import PropertyRows
from wattworth.finance.vehicles.rules import VehicleRules
from wattworth.finance.vehicles.status import MUST_PASS
from wattworth.finance.vehicles.terms import VehicleTerms
from wattworth.finance.vehicles.trust import Trust


def vehicle_remarks(name: str, rows: PropertyRows, terms: VehicleTerms) -> tuple[Remark, ...]:
    """Remarks on a corporation or a project company.

    Parameters
    ----------
    name
        ``corporate`` or ``project_company``.
    rows
        The project.
    terms
        What was declared.
    """
    if name == "corporate" and terms.tax.federal_frac > 0.0 and float(rows.taxable_usd().min()) < 0.0:
        return (
            Remark(
                "group_needs_income",
                "tax.losses",
                f"losses of up to ${-float(rows.taxable_usd().min()):,.0f} a year are used at once",
                "this holds only if the owner's other income is as large; else read project_company",
            ),
        )
    return ()


def trust_remarks(rows: PropertyRows, terms: VehicleTerms, rules: VehicleRules, trust: Trust) -> tuple[Remark, ...]:
    """Remarks on a real-estate investment trust.

    Parameters
    ----------
    rows
        The project.
    terms
        What was declared.
    rules
        Limits.
    trust
        The trust.
    """
    return (
        *_status(trust),
        *_dividends(terms, trust),
        *_gains(rows, terms, rules, trust),
        *_structure(rows, terms, rules),
        *_worth(terms, trust),
    )


def _status(trust: Trust) -> Iterator[Remark]:
    failed = [test for test in trust.tests if not test.passes]
    if not trust.qualifies:
        names = ", ".join(test.name for test in failed if test.name in MUST_PASS)
        yield Remark(
            "trust_not_qualified",
            "vehicles.reit.tests",
            f"fails {names}: it is taxed as a corporation, and may not elect again for four years (IRC 856(g))",
            next(test.cure for test in failed if test.name in MUST_PASS),
        )
    for test in failed:
        if test.name not in MUST_PASS:
            yield Remark(
                "rent_does_not_qualify", f"vehicles.reit.tests.{test.name}", test.cure.split("; ")[0], test.cure
            )


def _dividends(terms: VehicleTerms, trust: Trust) -> Iterator[Remark]:
    total = float(trust.consent_usd.sum())
    if total > 0.01:
        yield Remark(
            "dividends_on_paper",
            "trust.consent_dividends",
            f"cash falls short of the least distribution: holders are taxed on ${total:,.0f} they do not get",
            "slow the repayment of debt, or pay part of the dividend in shares",
        )
    if float(trust.tax_usd.sum() - trust.built_in_tax_usd.sum()) > 0.01:
        yield Remark(
            "trust_pays_tax",
            "trust.payout_frac",
            f"income of the trust that is not paid out is taxed: ${float(trust.tax_usd.sum()):,.0f} in all",
            "pay out all taxable income, where cash allows",
        )
    if terms.holders.foreign_frac > 0.0 and terms.holders.treaty_withholding_frac is not None:
        yield Remark(
            "treaty_of_trusts",
            "holders.treaty_withholding_frac",
            "many treaties give the reduced rate on dividends of a trust only to small holders or pension funds",
            "check the article on dividends for real-estate investment trusts",
        )


def _gains(rows: PropertyRows, terms: VehicleTerms, rules: VehicleRules, trust: Trust) -> Iterator[Remark]:
    gain = terms.trust.built_in_gain_usd
    if gain <= 0.0:
        return
    tax = float(trust.built_in_tax_usd.sum())
    years = f"{rules.built_in_gain_years:g} years"
    if tax > 0.0:
        yield Remark(
            "built_in_gain_taxed",
            "trust.built_in_gain_usd",
            f"a sale within {years} of entry pays ${tax:,.0f} on the gain brought in (IRC 1374, Reg. 1.337(d)-7)",
            f"sell after {years}, or exchange for other property",
        )
    else:
        yield Remark(
            "built_in_gain",
            "trust.built_in_gain_usd",
            f"a sale within {years} of entry would pay ${rules.corporate_frac * gain:,.0f} on the gain brought in; "
            "earnings of the years before entry must be paid out as well (IRC 857(a)(2))",
            f"hold for {years}",
        )


def _structure(rows: PropertyRows, terms: VehicleTerms, rules: VehicleRules) -> Iterator[Remark]:
    if terms.trust.through == "prime_lease":
        yield Remark(
            "operator_must_stand_apart",
            "trust.through",
            f"rent of an operator that the trust owns to {rules.related_tenant_max_frac:.0%} or more does not qualify "
            "(IRC 856(d)(2)(B)), and stapled companies are tested as one (IRC 269B)",
            "spin the operator off, its shares trading apart, and fix the rent before the year begins",
        )
    if float(rows["tax_credits_usd"].sum()) > 0.0:
        yield Remark(
            "credits_lost_in_trust",
            "tax_credits_usd",
            f"tax credits of ${float(rows['tax_credits_usd'].sum()):,.0f} do nothing for what a trust itself holds",
            "hold the plant that earns them in a taxable subsidiary or with the operator, or sell the credit",
        )
    sold = rows["sale_usd"] > 0.0
    if sold.any() and bool(np.any(sold & (rows.year <= 2) & (rows.year >= 0))):
        yield Remark(
            "may_be_dealer_property",
            "sale_usd",
            "a sale within two years of entry may be a prohibited transaction, taxed at 100 % (IRC 857(b)(6))",
            "hold for at least two years",
        )


def _worth(terms: VehicleTerms, trust: Trust) -> Iterator[Remark]:
    if trust.measures.first_nav_usd is None:
        yield Remark(
            "nav_not_stated",
            "trust.contracted_years",
            "too few contracted years remain at the start for a going concern's cap rate",
            "read value_usd instead, with the residual of the lease as it is",
        )
    if trust.measures.first_affo_usd <= 0.0:
        yield Remark(
            "affo_not_positive",
            "measures.first_affo_usd",
            f"AFFO of year 1 is ${trust.measures.first_affo_usd:,.0f}: a multiple of it means nothing",
            "read value_usd or the value by NAV",
        )
    if terms.trust.affo_multiple is None:
        yield Remark(
            "multiple_of_others",
            "trust.affo_multiple",
            "the multiple is that of large listed trusts with many tenants and no end of term in sight",
            "give affo_multiple and price_to_nav_ratio of companies like this one",
        )
