"""What may be chosen at each site, what limits the choice, and the plan that comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Amount: TypeAlias = float
"""A number in the unit of the limit or aim that it belongs to."""

Array: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Sense: TypeAlias = Literal["at most", "at least"]

KEEP: Final = -1
"""Start period of the option that leaves a site as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Every option of every site; of each site exactly one is chosen.

    Attributes
    ----------
    sites
        Name of each site.
    site
        Array, shape (option,): place of each option's site in ``sites``, never falling.
    use
        What the site becomes, for each option.
    start_period
        Array, shape (option,): the period in which it begins; KEEP where the site is left as it is.
    value_usd
        Array, shape (option, draw): risked NPV of each option in each draw; of one site's options and of all sites
        in the same draw. [USD]
    measures
        Name to array, shape (option,): what else an option brings, such as watts, or gigawatts by a date.
    """

    sites: tuple[str, ...]
    site: Places
    use: Sequence[str]
    start_period: Places
    value_usd: Array
    measures: Mapping[str, Array] = field(default_factory=dict)

    @property
    def n_option(self) -> int:
        """Number of options, of all sites together."""
        return len(self.site)

    @property
    def begins(self) -> Places:
        """Where the options of each site begin, shape (site,)."""
        return np.searchsorted(self.site, np.arange(len(self.sites)))

    def called(self, option: int) -> str:
        """What an option is called."""
        start = int(self.start_period[option])
        when = "" if start == KEEP else f" from period {start}"
        return f"{self.sites[self.site[option]]}: {self.use[option]}{when}"


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that all sites share.

    Attributes
    ----------
    name
        What a user knows it by.
    amount
        How much there may be, or must be, in ``unit``.
    sense
        "at most" or "at least".
    unit
        Of the amount.
    kind
        Its family, such as capital or crews: what a report puts together.
    relax_step
        How much more, or less, is priced; None where more of it cannot be had.
    """

    name: str
    amount: Amount
    sense: Sense = "at most"
    unit: str = ""
    kind: str = ""
    relax_step: Amount | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.sense} {self.amount:,.6g} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Limits, and what each option takes of each.

    Attributes
    ----------
    rows
        The limits.
    takes
        Sparse by rows, shape (limit, option): in the unit of the limit.
    """

    rows: tuple[Limit, ...]
    takes: Any


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A portfolio to plan.

    Attributes
    ----------
    choices
        What may be chosen.
    limits
        What limits it.
    fixed
        Options that are chosen already.
    """

    choices: Choices
    limits: Limits
    fixed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Aim:
    """What a plan is to make large.

    Attributes
    ----------
    tail_weight_frac
        Weight of the mean of the worst draws (CVaR); the rest is the mean of all. 0 is the mean alone, 1 the worst.
    tail_frac
        Share of draws that count as the worst.
    measure
        Name of a measure to make large in place of value.
    per
        Name of a measure to divide by, such as watts.
    """

    tail_weight_frac: float = 0.0
    tail_frac: float = 0.05
    measure: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look.

    Attributes
    ----------
    time_limit_s
        Wall time after which the best plan so far is given. [s]
    gap_frac
        Proven gap at which to stop.
    seed
        Of the order in which the local search tries.
    """

    time_limit_s: float = 30.0
    gap_frac: float = 1e-4
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An answer that keeps every limit, and what no answer can beat.

    Attributes
    ----------
    chosen
        Array, shape (site,): the option of each site.
    objective, bound
        What was made large, added up from the options; and what no plan within the limits can beat.
    value_usd
        Mean of the sum of the options' draws. [USD]
    tail_usd
        Mean of that sum in the worst draws. [USD]
    status
        "optimal" where the gap asked is proven; "time limit" where not.
    took_s
        Wall time. [s]
    prices
        Array, shape (limit,): what one unit more (at least: less) adds, as the bound is proved; never negative.
    price_bound
        What these prices alone prove; ``bound`` may be lower.
    tail_weights
        Array, shape (draw,): weights of the draws with which the bound is proved.
    notes
        What a reader must know.
    """

    chosen: Places
    objective: Amount
    bound: Amount
    value_usd: float
    tail_usd: float
    status: str
    took_s: float
    prices: Array
    price_bound: Amount
    tail_weights: Array
    notes: tuple[str, ...] = ()

    @property
    def gap_frac(self) -> float:
        """How far the objective may be from the best, as a share of it."""
        return max(self.bound - self.objective, 0.0) / max(abs(self.objective), 1e-300)
