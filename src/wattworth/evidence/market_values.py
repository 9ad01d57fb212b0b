"""What the market pays for a company, and for which watts: enterprise value where it is known, else market cap."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from wattworth.evidence.dates import Moment
from wattworth.units import W_PER_MW

Basis = Literal["ev", "market_cap", "indicative_ev"]

DENOMINATORS: Final = {
    "secured_gross": "gross MW at the connection that the company calls secured or approved, built or not",
    "operating_gross": "gross MW that operate, as the company or a data set states them",
    "critical_it": "critical IT MW let to AI tenants: servers, storage and switches, cooling excluded",
}
"""The three kinds of watts a value is divided by, each with what it counts."""

STATED: Final = "stated"
"""Watts of a peer, of whatever kind its source states."""

BASES: Final = {
    "ev": "market cap + debt + leases + preferred + minorities - cash - bitcoin, all given and of about one date",
    "market_cap": "diluted equity alone: a part of the enterprise value is not known, so the two do not compare",
    "indicative_ev": "market cap + debt - cash - bitcoin: a part not known counts as nil, or the dates differ",
}
"""What a value stands for."""

PARTS: Final = ("debt", "leases", "preferred", "minorities", "cash", "bitcoin")
"""Parts between market cap and enterprise value; an unknown part is absent, and none is nil."""

COMPATIBLE_DAYS: Final = 31
"""Figures further apart than this are not of one date. [day]"""

FAR_DAYS: Final = 90
"""A value and its watts further apart than this are marked wherever they are shown. [day]"""

_TAKEN_OFF: Final = ("cash", "bitcoin")
_LEAST: Final = ("debt", "cash", "bitcoin")
_NET_DEBT: Final = "net_debt"
_DAY: Final = r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_QUARTER: Final = re.compile(r"\bQ([1-4]) ((?:19|20)\d\d)\b")
_DATES: Final = re.compile(rf"(?<![\d-])({_DAY}(?:-[HQ]\d)?)(?:\s+to\s+({_DAY}))?(?![\d-])")


@dataclass(frozen=True, slots=True)
class Amount:
    """Money with its date and origin.

    Attributes
    ----------
    amount_usd
        Never negative for a part, which is added or taken off by its name; net debt may be. [USD]
    as_of
        Date as its source writes it.
    source
        Who says so.
    derived
        Whether it is computed from figures of different dates or sources.
    """

    amount_usd: float
    as_of: str
    source: str
    derived: bool = False

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"usd": self.amount_usd, "as_of": self.as_of, "source": self.source, "derived": self.derived}


@dataclass(frozen=True, slots=True)
class Watts:
    """Megawatts with their date.

    Attributes
    ----------
    mw
        Power; None where it is not known. [MW]
    as_of
        Date, and remarks, as the source writes them.
    kind
        What they count, in the source's words.
    reason
        Why there are none.
    """

    mw: float | None
    as_of: str = ""
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Worth:
    """A value and what it stands for.

    Attributes
    ----------
    basis
        A key of :data:`BASES`.
    worth_usd
        Value. [USD]
    as_of
        Date of the share price.
    label
        What is in it, of which dates, and what is missing.
    """

    basis: Basis
    worth_usd: float
    as_of: str
    label: str

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"basis": self.basis, "usd": self.worth_usd, "as_of": self.as_of, "label": self.label}


@dataclass(frozen=True, slots=True)
class PerWatt:
    """A value over one kind of watts, with both dates.

    Attributes
    ----------
    usd_per_w
        Dollars per watt, or None. [$/W]
    mw
        Denominator. [MW]
    mw_as_of, value_as_of
        The two dates.
    apart_days
        Least number of days between them; None where one is not known. [day]
    reason
        Why there is no figure.
    """

    usd_per_w: float | None
    mw: float | None
    mw_as_of: str
    value_as_of: str
    apart_days: int | None
    reason: str

    @property
    def far_apart(self) -> bool:
        """Whether the watts are of another date than the value, or of none."""
        return self.usd_per_w is not None and (self.apart_days is None or self.apart_days > FAR_DAYS)

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        figures = {name: getattr(self, name) for name in PerWatt.__slots__}
        return {**figures, "reason": self.reason or None, "far_apart": self.far_apart}


@dataclass(frozen=True, slots=True)
class MarketValue:
    """One company, its market value and its watts.

    Attributes
    ----------
    company, tickers
        Name, and every symbol it trades under.
    kind
        What it is: miner, REIT and so on.
    origin
        Table or file the figures come from.
    market_cap
        Diluted equity; None with the reason in ``no_market_cap``.
    other_market_caps
        Further ones that were not taken.
    parts
        Known ones of :data:`PARTS`, or ``net_debt``.
    printed_ev
        Enterprise value as a source gives it.
    watts
        By key of :data:`DENOMINATORS`, or ``stated``.
    context
        Analysts' figures and remarks, as printed.
    """

    company: str
    tickers: tuple[str, ...]
    kind: str
    origin: str
    market_cap: Amount | None
    no_market_cap: str = ""
    other_market_caps: tuple[Amount, ...] = ()
    parts: Mapping[str, Amount] = field(default_factory=dict)
    printed_ev: Amount | None = None
    watts: Mapping[str, Watts] = field(default_factory=dict)
    context: Mapping[str, str | float | None] = field(default_factory=dict)

    def trades_as(self, tickers: Collection[str]) -> bool:
        """Whether it is the listed company of one of some symbols; what a company bought is not."""
        return not self.is_sale and any(ticker in self.tickers for ticker in tickers)

    @property
    def is_sale(self) -> bool:
        """Whether it is something that was sold whole, under the symbol of its buyer."""
        return self.kind.endswith("_sale")

    @property
    def missing(self) -> tuple[str, ...]:
        """Parts of the enterprise value that are not known."""
        return tuple(name for name in PARTS if name not in self.parts)

    @property
    def ev(self) -> Worth | None:
        """Enterprise value, where it is printed or every part is given at about one date."""
        if self.printed_ev is not None:
            printed = self.printed_ev
            return Worth("ev", printed.amount_usd, printed.as_of, f"enterprise value: {printed.source}")
        if self.market_cap is None or self.missing or self._far_parts():
            return None
        label = f"enterprise value, every part of {self.market_cap.as_of}"
        parts = {f"{name}_usd": part.amount_usd for name, part in self.parts.items()}
        total_usd = enterprise_value_usd(self.market_cap.amount_usd, **parts)
        return Worth("ev", total_usd, self.market_cap.as_of, label)

    @property
    def indicative_ev(self) -> Worth | None:
        """Market cap with the parts that are known, where debt, cash and bitcoin are among them."""
        cap = self.market_cap
        if cap is None or self.ev is not None or not (self.nets or all(name in self.parts for name in _LEAST)):
            return None
        told = [] if self.nets or not self.missing else [f"without {', '.join(self.missing)}, which are not known"]
        by_origin: dict[str, list[str]] = {}
        for name, part in self.parts.items():
            by_origin.setdefault(f"{part.as_of} ({part.source})", []).append(name.replace("_", " "))
        told += [f"{', '.join(names)} of {origin}" for origin, names in by_origin.items()]
        return Worth("indicative_ev", self._sum_usd(cap), cap.as_of, "; ".join([f"market cap of {cap.as_of}", *told]))

    @property
    def nets(self) -> bool:
        """Whether the source gives net debt in one figure."""
        return _NET_DEBT in self.parts

    @property
    def value(self) -> Worth | None:
        """Enterprise value if it is known, else market cap under that name, else None."""
        if self.ev is not None or self.market_cap is None:
            return self.ev
        cap = self.market_cap
        return Worth("market_cap", cap.amount_usd, cap.as_of, f"market cap ({cap.source}); {self.why_no_ev}")

    @property
    def why_no_ev(self) -> str:
        """Which parts of the enterprise value are missing or of another date."""
        if self.market_cap is None:
            return self.no_market_cap
        if self.missing:
            return f"no enterprise value: {', '.join(self.missing)} not known"
        return f"no enterprise value: {', '.join(self._far_parts())} of another date"

    def per_watt(self, denominator: str, worth: Worth | None = None) -> PerWatt:
        """A value over one kind of watts.

        Parameters
        ----------
        denominator
            Key of ``watts``.
        worth
            What to divide; None takes :attr:`value`.
        """
        worth = worth or self.value
        watts = self.watts.get(denominator, Watts(None, reason=f"not stated in {self.origin}"))
        as_of = "" if worth is None else worth.as_of
        reason = watts.reason
        if worth is None:
            reason = self.no_market_cap
        elif watts.mw == 0:
            reason = "there are none"
        dollars = None if worth is None or not watts.mw else usd_per_w(worth.worth_usd, watts.mw)
        apart = days_apart(as_of, watts.as_of) if dollars is not None else None
        return PerWatt(dollars, watts.mw, watts.as_of, as_of, apart, "" if dollars is not None else reason)

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        indicative = self.indicative_ev
        named = [*DENOMINATORS, *([STATED] if STATED in self.watts else [])]
        return {
            "company": self.company,
            "tickers": list(self.tickers),
            "kind": self.kind,
            "origin": self.origin,
            "value": _or_none(self.value),
            "reason": self.no_market_cap if self.value is None else None,
            "market_cap": _or_none(self.market_cap),
            "other_market_caps": [cap.document() for cap in self.other_market_caps],
            "parts": {name: part.document() for name, part in self.parts.items()},
            "parts_not_known": [] if self.nets or self.printed_ev else list(self.missing),
            "indicative_ev": _or_none(indicative),
            "usd_per_w": {name: self.per_watt(name).document() for name in named},
            "indicative_usd_per_w": None
            if indicative is None
            else {name: self.per_watt(name, indicative).document() for name in named},
            "watts_kind": self.watts[STATED].kind if STATED in self.watts else None,
            **self.context,
        }

    def _far_parts(self) -> list[str]:
        cap_as_of = "" if self.market_cap is None else self.market_cap.as_of
        apart = {name: days_apart(cap_as_of, part.as_of) for name, part in self.parts.items()}
        return [name for name, days in apart.items() if days is None or days > COMPATIBLE_DAYS]

    def _sum_usd(self, market_cap: Amount) -> float:
        signed = ((-1.0 if name in _TAKEN_OFF else 1.0) * part.amount_usd for name, part in self.parts.items())
        return market_cap.amount_usd + sum(signed)


def enterprise_value_usd(
    market_cap_usd: float,
    *,
    debt_usd: float,
    leases_usd: float,
    preferred_usd: float,
    minorities_usd: float,
    cash_usd: float,
    bitcoin_usd: float,
) -> float:
    """Value of a company's assets without its cash and its bitcoin. [USD]

    Parameters
    ----------
    market_cap_usd
        Diluted equity. [USD]
    debt_usd, leases_usd, preferred_usd, minorities_usd
        Claims that come beside or before it. [USD]
    cash_usd, bitcoin_usd
        What could pay some of them back. [USD]

    Examples
    --------
    >>> none = dict.fromkeys(("leases_usd", "preferred_usd", "minorities_usd"), 0.0)
    >>> usd_per_w(enterprise_value_usd(5e9, debt_usd=1.5e9, cash_usd=0.4e9, bitcoin_usd=0.3e9, **none), 2000)
    2.9
    """
    return market_cap_usd + debt_usd + leases_usd + preferred_usd + minorities_usd - cash_usd - bitcoin_usd


def usd_per_w(worth_usd: float, mw: float) -> float:
    """Dollars per watt of the megawatts given. [$/W]

    Parameters
    ----------
    worth_usd
        Value. [USD]
    mw
        Power, above nil. [MW]
    """
    return worth_usd / (mw * W_PER_MW)


def moment_in(text: str) -> Moment | None:
    """The first date in a text, a span from one date to another included; None where there is none.

    Examples
    --------
    >>> moment_in("2024-07 to 2025-10 (700 Rockdale)").last.isoformat(), moment_in("Q3 2025 plan").label
    ('2025-10-31', '2025-Q3')
    """
    plain = _QUARTER.sub(r"\2-Q\1", text)
    found = _DATES.search(plain)
    if found is None:
        return None
    try:
        start, end = Moment.parse(found[1]), Moment.parse(found[2] or found[1])
    except ValueError:
        return None
    return Moment(start.first, end.last, start.label if found[2] is None else f"{start.label} to {end.label}")


def days_apart(one: str, other: str) -> int | None:
    """Least number of days between two dates written in texts; None where one has no date. [day]

    Examples
    --------
    >>> days_apart("2025-12-19", "~2026-01"), days_apart("2026-01-12", "2026-01"), days_apart("", "2026")
    (13, 0, None)
    """
    a, b = moment_in(one), moment_in(other)
    if a is None or b is None:
        return None
    return max(0, (b.first - a.last).days, (a.first - b.last).days)


def _or_none(found: Worth | Amount | None) -> dict[str, Any] | None:
    return None if found is None else found.document()
