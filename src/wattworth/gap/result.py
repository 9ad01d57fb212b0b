"""What a balance gives: frozen records, and one document that JSON prints and every report reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from wattworth.gap.arithmetic import Arithmetic, Check, Line
from wattworth.gap.headroom import Headroom
from wattworth.gap.terms import Mode
from wattworth.records import SCHEMA_VERSION

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution in short. [GW]

    Attributes
    ----------
    mean_gw, sd_gw
        Mean and standard deviation.
    error_gw
        Standard error of the mean.
    p5_gw, p50_gw, p95_gw
        Quantiles.
    """

    mean_gw: float
    sd_gw: float
    error_gw: float
    p5_gw: float
    p50_gw: float
    p95_gw: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A distribution as bars, for a figure.

    Attributes
    ----------
    edges_gw
        Edges of the bars, one more than there are bars. [GW]
    share_frac
        Share of the draws in each. [1]
    """

    edges_gw: tuple[float, ...]
    share_frac: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one input adds to the balance at the year asked for.

    Attributes
    ----------
    name, label, kind
        Key, words, and what it is: ``part`` for a part of the gap.
    sign
        1 for demand, -1 for what meets it.
    low_gw, high_gw
        Its ends before its chance and clock; least and most of a curve. [GW]
    chance_frac
        Mean chance that it comes; None for a part or a curve, whose chance is in its draws. [1]
    delivered
        What it delivers, its chance in it; the amount itself for a part. [GW]
    share_frac
        Of the mean of all sources; None for a part. [1]
    variance_frac
        Share of the variance of the net gap, its own and half of what it shares with others: sums to 1. [1]
    replaced
        Labels of the model's own sources that it stands in for.
    """

    name: str
    label: str
    kind: str
    sign: int
    low_gw: float
    high_gw: float
    chance_frac: float | None
    delivered: Spread
    share_frac: float | None
    variance_frac: float | None
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YearResult:
    """The balance at the end of a year, summed from the start of the window.

    Attributes
    ----------
    year
        Calendar year.
    gap, net
        Before and after the sources.
    gap_chance_frac
        Chance that the net gap is above nought. [1]
    mean_gw
        Mean of each part and source by name. [GW]
    """

    year: int
    gap: Spread
    net: Spread
    gap_chance_frac: float
    mean_gw: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RegionResult:
    """One region's share of the balance, at the year asked for."""

    name: str
    gap: Spread
    net: Spread
    gap_chance_frac: float


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input does to the mean net gap, the others at their means.

    Attributes
    ----------
    name, label, what
        Input, words, and what of it is moved: ``amount``, ``chance``, ``success``, ``start`` or ``ramp``.
    low, high
        What it is moved to, in its own unit.
    net_at_low_gw, net_at_high_gw
        Net gap there. [GW]
    """

    name: str
    label: str
    what: str
    low: float
    high: float
    net_at_low_gw: float
    net_at_high_gw: float

    @property
    def width_gw(self) -> float:
        """How far apart they are. [GW]"""
        return abs(self.net_at_high_gw - self.net_at_low_gw)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from demand to the net gap; a level stands where ``is_level``. [GW]"""

    name: str
    label: str
    gw: float
    is_level: bool


@dataclass(frozen=True, slots=True)
class UsedNumber:
    """One number of the model with where it comes from, for a list of sources.

    Attributes
    ----------
    key
        Its place in the file.
    unit
        Its unit.
    low, value, high
        The number, or its range.
    source, as_of, confidence, note
        Where it comes from.
    """

    key: str
    unit: str
    low: float | None
    value: float | None
    high: float | None
    source: str
    as_of: str | None
    confidence: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """A curve of your own beside the model's source that it stands in for. [GW]

    Attributes
    ----------
    label, note
        The curve, and what it counts.
    replaced
        Labels of the sources it stands in for; empty where it is added to them.
    low_gw, high_gw
        Their ends times their chances, as the model prints them; None where the model states none.
    own_p5_gw, own_mean_gw, own_p95_gw
        The curve.
    """

    label: str
    note: str
    replaced: tuple[str, ...]
    low_gw: float | None
    high_gw: float | None
    own_p5_gw: float
    own_mean_gw: float
    own_p95_gw: float


@dataclass(frozen=True, slots=True)
class GapResult:
    """A balance.

    Attributes
    ----------
    model, title, publisher, published, region, note
        Which model.
    mode, draws, seed
        How it was run; no draws in the mode ``as_printed``.
    start_year, year
        First year, and the year at whose end the balance stands. Amounts are sums over these years.
    measure, basis
        What the gigawatts are.
    partial
        Whether a part of the model is missing.
    missing
        Part or source to why it is missing; nothing in it was taken as nought.
    arithmetic
        Ends and chances at the year asked for, curves of your own in it.
    lines
        The amounts behind it, in the order of the file.
    note_arithmetic, checks
        The same of the model alone over its whole window, and its printed figures beside it.
    gap, net
        Before and after the sources; None where a part is missing, or as printed.
    after_known
        The gap less the sources that are known, where others are missing; an upper bound of the net gap.
    net_bars
        Distribution of the net gap, for a figure.
    gap_chance_frac
        Chance that the net gap is above nought. [1]
    corner_chance_frac
        Share of draws at or above ``arithmetic.net_high_gw``, the low-ends corner. [1]
    contributions
        Parts and sources in the order of the file.
    years, no_years
        The balance by year; or the names without years of their own, where it cannot be had.
    years_label
        The assumption behind results by year, where amounts were allocated; None where all years are stated.
    regions
        The balance by region.
    tornado
        What each input does, widest first.
    waterfall
        From demand to the net gap: means, or the low ends where as printed.
    overlaps
        Curves of your own beside what they stand in for.
    headroom
        Flexible-load headroom that was added, or None.
    net_with_headroom
        Net gap less the headroom, or None.
    sentences
        What a reader should take from it, in words.
    numbers
        Every number behind it, weakest first.
    """

    model: str
    title: str
    publisher: str
    published: str | None
    region: str
    note: str | None
    mode: Mode
    draws: int
    seed: int
    start_year: int
    year: int
    measure: str
    basis: str
    partial: bool
    missing: Mapping[str, str]
    arithmetic: Arithmetic
    lines: tuple[Line, ...]
    note_arithmetic: Arithmetic
    checks: tuple[Check, ...]
    gap: Spread | None = None
    net: Spread | None = None
    after_known: Spread | None = None
    net_bars: Bars | None = None
    gap_chance_frac: float | None = None
    corner_chance_frac: float | None = None
    contributions: tuple[Contribution, ...] = ()
    years: tuple[YearResult, ...] = ()
    no_years: tuple[str, ...] = ()
    years_label: str | None = None
    regions: tuple[RegionResult, ...] = ()
    tornado: tuple[Swing, ...] = ()
    waterfall: tuple[Step, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    headroom: Headroom | None = None
    net_with_headroom: Spread | None = None
    sentences: tuple[str, ...] = ()
    numbers: tuple[UsedNumber, ...] = ()

    def document(self) -> Document:
        """The result as plain mappings, lists and numbers, with its schema version."""
        told = _plain(asdict(self))
        told["checks"] = [_told(check) for check in told["checks"]]
        return {"schema_version": SCHEMA_VERSION, **told}


def _told(check: Document) -> Document:
    """A check under the names that a reader expects."""
    names = {"value": "printed", "number": "computed"}
    return {names.get(name, name): value for name, value in check.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value
