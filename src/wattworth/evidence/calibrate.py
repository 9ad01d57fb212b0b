"""Facts fitted to a tape of deals, with what is not known of them, as a file that a study can point to."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from wattworth.evidence.deal import Deal, Structure
from wattworth.evidence.figures import FIGURES
from wattworth.evidence.knowledge import Knowledge
from wattworth.evidence.tape import Tape
from wattworth.facts import Fact
from wattworth.facts.tables import COLUMNS
from wattworth.records import SCHEMA_VERSION

FEWEST: Final = 2
"""Deals of its own kind below which a fact is left as it is. [1]"""
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of deal that a fact speaks of, as a deal would be given."""

    structure: Structure = "modified_gross"
    tenant_pays: bool = False
    hyperscaler: bool = False
    neocloud: bool = False
    reuses_mine: bool = False
    without_power: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A fact of the package, the figure it is fitted from, the kind of deal, and the groups that tell it apart."""

    key: str
    figure: str
    cell: Cell
    groups: tuple[str, ...]


TARGETS: Final = (
    Target("lease_landlord_pays_capex.rent_year1", "rent", Cell(), ("tenant_pays",)),
    Target("lease_tenant_pays_capex.rent_year1", "rent", Cell(tenant_pays=True), ("tenant_pays",)),
    Target("lease.noi_margin_triple_net", "noi_margin", Cell("triple_net"), ("tenant_pays",)),
    Target("lease.noi_margin_modified_gross", "noi_margin", Cell(), ("tenant_pays",)),
    Target("lease.noi_margin_gross", "noi_margin", Cell("gross"), ("tenant_pays",)),
    Target("ai_purpose_built.construction_cost", "capex", Cell(), ("reuses_mine",)),
    Target("mining_hall_retrofit.construction_cost", "capex", Cell(reuses_mine=True), ("reuses_mine",)),
    Target("gross_to_critical_it.ratio", "gross_to_it", Cell(), ()),
    Target("site_sale.price_energised", "price", Cell(), ("without_power",)),
    Target("site_sale.price_undeveloped", "price", Cell(without_power=True), ("without_power",)),
    Target("tenant.spread_hyperscaler", "spread", Cell(hyperscaler=True), ("hyperscaler", "neocloud")),
    Target("tenant.spread_backed_neocloud", "spread", Cell(), ("hyperscaler", "neocloud")),
    Target("tenant.spread_neocloud", "spread", Cell(neocloud=True), ("hyperscaler", "neocloud")),
)
"""Facts that a tape can speak of."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fact as the tape has it, beside the one it would replace.

    Attributes
    ----------
    fact
        Fitted: value is P50, low and high are P10 and P90 of a new deal.
    packaged
        What the package says.
    deals
        Deals it learnt from.
    in_cell
        How many of them are of its own kind; the others speak through shrinkage.
    """

    fact: Fact
    packaged: Fact
    deals: tuple[str, ...]
    in_cell: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a group does to a figure.

    Attributes
    ----------
    figure, group
        Names.
    n, of
        Deals in the group, and of the figure.
    raw_frac
        Ratio of the group's mean to that of the others, less one, logarithms averaged; None if either is empty. [1]
    low_frac, middle_frac, high_frac
        P10, P50 and P90 of the same after shrinkage. [1]
    """

    figure: str
    group: str
    n: int
    of: int
    raw_frac: float | None
    low_frac: float
    middle_frac: float
    high_frac: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Facts fitted to a tape.

    Attributes
    ----------
    tape
        Its name.
    fitted
        Facts, in the order of :data:`TARGETS`.
    effects
        What product, tenant credit and build type do, all groups of a figure fitted at once.
    left_out
        Fact and the reason it was not fitted.
    """

    tape: str
    fitted: tuple[Fitted, ...]
    effects: tuple[Effect, ...]
    left_out: tuple[tuple[str, str], ...]

    def csv_text(self) -> str:
        """The fitted facts as a file that ``fact_files`` of a study reads."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(COLUMNS)
        for fitted in self.fitted:
            fact = fitted.fact
            numbers = (fact.value, fact.low, fact.high)
            year = "" if fact.money_year is None else fact.money_year
            words = (fact.source, fact.as_of, fact.confidence, fact.note)
            rows.writerow([*fact.key.split(".", 1), *numbers, fact.unit, year, *words])
        return text.getvalue()

    def document(self) -> dict[str, Any]:
        """All of it for JSON."""
        shown = ("key", "value", "low", "high", "unit", "money_year", "source", "as_of", "confidence", "note")
        return {
            "schema_version": SCHEMA_VERSION,
            "tape": self.tape,
            "facts": [
                {
                    **{name: getattr(fitted.fact, name) for name in shown},
                    "packaged": {name: getattr(fitted.packaged, name) for name in ("value", "low", "high")},
                    "deals": list(fitted.deals),
                    "in_cell": fitted.in_cell,
                }
                for fitted in self.fitted
            ],
            "effects": [
                {name: getattr(effect, name) for name in Effect.__dataclass_fields__} for effect in self.effects
            ],
            "left_out": [{"key": key, "reason": reason} for key, reason in self.left_out],
        }


def calibrate(tape: Tape, facts: Mapping[str, Fact]) -> Calibration:
    """Fit the facts that a tape can speak of.

    Parameters
    ----------
    tape
        Deals, all of which are used.
    facts
        Facts by key: the priors, and those that the fitted ones stand in for.
    """
    knowledge = Knowledge(tape, facts, None)
    fitted: list[Fitted] = []
    left_out: list[tuple[str, str]] = []
    for target in TARGETS:
        seen = [deal for deal, _ in knowledge.observations(target.figure)]
        apart = (*target.groups, *(["structure"] if target.figure == "noi_margin" else []))
        alike = [all(getattr(deal, name) == getattr(target.cell, name) for name in apart) for deal in seen]
        if sum(alike) >= FEWEST:
            fitted.append(_fitted(tape.name, knowledge, facts[target.key], target, seen, sum(alike)))
        else:
            reason = f"{sum(alike)} of {len(seen)} deals that disclose {FIGURES[target.figure].label} are of this kind"
            left_out.append((target.key, f"{reason}; {FEWEST} are needed"))
    return Calibration(tape.name, tuple(fitted), _effects(knowledge), tuple(left_out))


def _fitted(tape: str, knowledge: Knowledge, packaged: Fact, target: Target, seen: list[Deal], in_cell: int) -> Fitted:
    learnt = knowledge.learn(target.figure, target.cell, target.groups)
    low, value, high = (round(float(q), _DIGITS) for q in learnt.quantile([0.1, 0.5, 0.9]))
    last = max(deal.known(target.figure).last for deal in seen)
    names = ", ".join(deal.deal_id for deal in seen)
    kind = f"{in_cell} of {len(seen)} deals are of this kind"
    fact = Fact(
        key=packaged.key,
        value=value,
        low=low,
        high=high,
        unit=packaged.unit,
        money_year=None if packaged.money_year is None else last.year,
        source=f"wattworth calibrate on {tape}: {names}",
        as_of=last.isoformat(),
        confidence="derived",
        note=f"P10, P50 and P90 of a new deal; {kind}; {learnt.prior_key} before any",
        table="calibrated",
    )
    return Fitted(fact, packaged, tuple(deal.deal_id for deal in seen), in_cell)


def _effects(knowledge: Knowledge) -> tuple[Effect, ...]:
    """Every group of every figure, fitted together with the others of its figure."""
    out: list[Effect] = []
    for name, figure in FIGURES.items():
        groups = (*figure.groups, *figure.further)
        seen = [(deal, float(figure.to_additive(value))) for deal, value in knowledge.observations(name)]
        if not groups or not seen:
            continue
        posterior = knowledge.fitted(name, Cell(), groups)
        for place, group in enumerate(groups, start=1):
            inside = [value for deal, value in seen if getattr(deal, group)]
            others = [value for deal, value in seen if not getattr(deal, group)]
            raw = float(np.exp(np.mean(inside) - np.mean(others)) - 1.0) if inside and others else None
            low, middle, high = (float(np.expm1(q)) for q in posterior.of(place).quantile([0.1, 0.5, 0.9]))
            out.append(Effect(name, group, len(inside), len(seen), raw, low, middle, high))
    return tuple(out)
