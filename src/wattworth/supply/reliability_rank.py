"""Designs compared at equal reliability: who meets the target is ranked by cost, who does not is shown and flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wattworth.supply.levelised import cost_of_served
from wattworth.supply.reliability import Adequacy
from wattworth.supply.rules import RuleYears
from wattworth.supply.units import ReliabilityTarget
from wattworth.units import HOURS_PER_YEAR


@dataclass(frozen=True, slots=True)
class Candidate:
    """One design with its cost and what it serves.

    Attributes
    ----------
    name
        Its name.
    cost_usd_per_year
        Yearly cost, unserved load not charged. [USD/year]
    demanded_mwh
        Demanded in a year. [MWh]
    adequacy
        How well it serves.
    """

    name: str
    cost_usd_per_year: float
    demanded_mwh: float
    adequacy: Adequacy

    @property
    def served_usd_per_mwh(self) -> float:
        """Cost per megawatt-hour served. [USD/MWh]"""
        unserved_mwh = self.adequacy.unserved_frac * self.demanded_mwh
        return cost_of_served(self.cost_usd_per_year, self.demanded_mwh, unserved_mwh, 0.0).served_usd_per_mwh


@dataclass(frozen=True, slots=True)
class Ranked:
    """A design in its place.

    Attributes
    ----------
    candidate
        The design.
    place
        1 for the cheapest per megawatt-hour served of those that meet the target; None where it is missed.
    flags
        What the target misses, and whom it stands above though that one leaves less unserved; empty where all is well.
    """

    candidate: Candidate
    place: int | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Designs against one target.

    Attributes
    ----------
    target
        What each must meet.
    rows
        Those that meet it, cheapest first, then the others, most reliable first.
    """

    target: ReliabilityTarget
    rows: tuple[Ranked, ...]

    @property
    def at_equal_reliability(self) -> bool:
        """Whether every design meets the target, so that their costs may be compared."""
        return all(row.place is not None for row in self.rows)

    @property
    def best(self) -> Candidate | None:
        """Cheapest that meets the target; None where none does."""
        return next((row.candidate for row in self.rows if row.place == 1), None)


def rank_designs(candidates: Sequence[Candidate], target: ReliabilityTarget) -> Ranking:
    """Put designs in order at equal reliability.

    Parameters
    ----------
    candidates
        Designs for the same load.
    target
        What each must meet.

    Notes
    -----
    Cost is per megawatt-hour served, for cost per megawatt-hour demanded flatters a design that does not serve.
    """
    missed = [target.misses(candidate.adequacy) for candidate in candidates]
    good = [c for c, misses in zip(candidates, missed, strict=True) if not misses]
    good.sort(key=lambda c: c.served_usd_per_mwh)
    others = [(c, misses) for c, misses in zip(candidates, missed, strict=True) if misses]
    others.sort(key=lambda pair: (pair[0].adequacy.unserved_frac, pair[0].served_usd_per_mwh))
    order = [*good, *(candidate for candidate, _ in others)]
    rows = []
    for n, candidate in enumerate(order):
        misses = target.misses(candidate.adequacy)
        rows.append(Ranked(candidate, None if misses else n + 1, (*misses, *_above_the_better(order, n))))
    return Ranking(target, tuple(rows))


def adequacy_of_years(years: RuleYears) -> Adequacy:
    """How well a design served by rule, mean over its years, no unit failing.

    Parameters
    ----------
    years
        Of one design.
    """
    short_frac = float(years.short_h.mean()) / years.n_hour
    scale = HOURS_PER_YEAR / years.n_hour
    return Adequacy(
        availability_frac=1.0 - short_frac,
        unserved_frac=float(years.unserved_frac),
        unserved_mwh_per_year=float(years.unserved_mwh.mean()) * scale,
        short_h_per_year=short_frac * HOURS_PER_YEAR,
    )


def _above_the_better(order: Sequence[Candidate], place: int) -> list[str]:
    """Flag of a design that stands above one that leaves less unserved."""
    own = order[place].adequacy.unserved_frac
    better = [other.name for other in order[place + 1 :] if other.adequacy.unserved_frac < own]
    if not better:
        return []
    return [f"leaves {own:.4g} of demand unserved and stands above {', '.join(better)}, which leaves less"]
