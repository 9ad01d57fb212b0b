"""A project split in two: what a trust may own and earn itself, and the business that it may not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.vehicles.rows import ROWS, PropertyRows
from wattworth.finance.vehicles.terms import PASSIVE_KINDS, Activity, VehicleTerms

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Halves:
    """The two parts; without a prime rent they add to the project.

    Attributes
    ----------
    held
        What the trust holds and earns itself, a prime rent with it.
    business
        What it does not: the operator's or the subsidiary's rows. With ``direct`` the trust holds both.
    rent_usd, personal_rent_frac
        Rents, and the share of the plant behind them that is personal property. [USD, 1]
    passive_interest_usd
        Interest earned as an activity. [USD]
    prime_rent_usd
        What of the rents the operator pays. [USD]
    property_noi_usd
        Rents less their cost: what a cap rate is put on. [USD]
    real_frac
        Share of the held plant that is real property. [1]
    depreciated_real_frac
        Share of the held half's book depreciation that counts as that of real estate. [1]
    business_real_frac
        Share of the business's plant that is real property. [1]
    """

    held: PropertyRows
    business: PropertyRows
    rent_usd: Array
    personal_rent_frac: float
    passive_interest_usd: Array
    prime_rent_usd: Array
    property_noi_usd: Array
    real_frac: float
    depreciated_real_frac: float
    business_real_frac: float


def _business_fracs(terms: VehicleTerms) -> dict[str, float]:
    """Shares of revenue, cost, plant and depreciation that go with the business."""
    own = [part for part in terms.activities if part.kind not in PASSIVE_KINDS]
    leased = terms.trust.through == "prime_lease"

    def _machines(part: Activity) -> float:
        return 1.0 - part.real_property_frac if leased else 1.0

    return {
        "revenue": sum(part.revenue_frac for part in own),
        "opex": sum(part.cost_frac for part in own),
        "assets": sum(part.assets_frac * _machines(part) for part in own),
        "depreciation": sum(part.write_off_frac * _machines(part) for part in own),
    }


_FOLLOWS = {
    "revenue_usd": "revenue",
    "incentive_usd": "revenue",
    "opex_usd": "opex",
    "tax_depreciation_usd": "depreciation",
    "state_tax_depreciation_usd": "depreciation",
    "book_depreciation_usd": "depreciation",
    "interest_income_usd": "",
    "cash_usd": "",
    "reserve_funding_usd": "",
    "other_cash_usd": "",
    "other_book_usd": "",
    "straight_line_usd": "",
}
"""What share a row follows: none stays with the trust, and all others follow the plant."""


def halve(rows: PropertyRows, terms: VehicleTerms) -> Halves:
    """Split a project by its activities.

    Parameters
    ----------
    rows
        The project.
    terms
        Its activities, and through whom the business is done.

    Returns
    -------
    Halves

    Notes
    -----
    Reserves and their interest stay with the trust. Debt follows the plant. Under a prime lease the trust
    keeps land and building of the business, and the operator has its machines.
    """
    fracs = _business_fracs(terms) | {"": 0.0}
    business = {name: rows[name] * fracs[_FOLLOWS.get(name, "assets")] for name in ROWS}
    held = {name: rows[name] - business[name] for name in ROWS}
    prime = (terms.trust.prime_rent_frac or 0.0) * business["revenue_usd"]
    business["opex_usd"] = business["opex_usd"] + prime
    held["revenue_usd"] = held["revenue_usd"] + prime
    leased = terms.trust.through == "prime_lease"
    lets = [part for part in terms.activities if part.kind == "rent"]
    backed = sum(part.assets_frac for part in lets)
    personal = sum(part.assets_frac * (1.0 - part.real_property_frac) for part in lets)
    let_real = sum(
        part.assets_frac * part.real_property_frac for part in terms.activities if part.kind not in PASSIVE_KINDS
    )
    stays = 1.0 - fracs["assets"]
    real = sum(part.assets_frac * part.real_property_frac for part in lets) + (let_real if leased else 0.0)
    rent = rows["revenue_usd"] * sum(part.revenue_frac for part in lets) + prime
    cost = rows["opex_usd"] * sum(part.cost_frac for part in lets)
    interest = rows["revenue_usd"] * sum(p.revenue_frac for p in terms.activities if p.kind == "interest")
    whole = backed + (let_real if leased else 0.0)
    return Halves(
        held=PropertyRows(f"{rows.name}, held", rows.year, rows.exponent_years, held),
        business=PropertyRows(f"{rows.name}, business", rows.year, rows.exponent_years, business),
        rent_usd=rent,
        personal_rent_frac=personal / whole if whole > 0.0 else 0.0,
        passive_interest_usd=interest,
        prime_rent_usd=prime,
        property_noi_usd=rent - cost,
        real_frac=real / stays if stays > 1e-12 else 0.0,
        depreciated_real_frac=whole / stays if stays > 1e-12 else 0.0,
        business_real_frac=0.0 if leased or fracs["assets"] <= 1e-12 else let_real / fracs["assets"],
    )
