"""Companies' market values as tables hold them: the packaged miners and peers, and a user's own prices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from wattworth import facts
from wattworth.errors import DataError
from wattworth.evidence.market_rows import PeerRow, PriceRow, read_rows, tickers_of
from wattworth.evidence.market_values import (
    COMPATIBLE_DAYS,
    PARTS,
    STATED,
    Amount,
    MarketValue,
    Watts,
    days_apart,
)
from wattworth.units import USD_PER_MUSD

COMMON_DAY: Final = "2025-12-19"
"""The one day on which the packaged table has a market cap for most companies."""

BALANCE_AS_OF: Final = "2026-01"
"""Month of the packaged balance sheets, which the table gives as about January 2026 for all."""

_BALANCE_SOURCE: Final = "community data set"
_USD_PER_BUSD: Final = 1e9
_SECTOR: Final = "SECTOR"

_MINER_WATTS: Final = {
    "secured_gross": ("secured_or_approved_gross_mw", "secured_as_of"),
    "operating_gross": ("operating_gross_mw", "operating_as_of"),
    "critical_it": ("hpc_contracted_critical_it_mw", "hpc_as_of"),
}
_PRICE_WATTS: Final = {
    "secured_gross": "secured_gross_mw",
    "operating_gross": "operating_gross_mw",
    "critical_it": "critical_it_mw",
}


@dataclass(frozen=True, slots=True)
class MarketTable:
    """Every company with a market value, or without one and why.

    Attributes
    ----------
    companies
        Miners and hosts.
    peers
        Companies they are priced against.
    sector
        What is printed of the sector as a whole.
    notes
        What the tables lack.
    """

    companies: tuple[MarketValue, ...]
    peers: tuple[MarketValue, ...] = ()
    sector: tuple[Mapping[str, str | float | None], ...] = ()
    notes: tuple[str, ...] = ()


def market_table(prices: Path | None = None) -> MarketTable:
    """The packaged companies and peers, with a user's prices in their place where there are some.

    Parameters
    ----------
    prices
        CSV file with the columns of :class:`PriceRow`.

    Raises
    ------
    DataError
        With every fault of the file, each with row, column and fix.
    """
    rows = facts.table("miners").to_dicts()
    companies = tuple(_miner(row) for row in rows if not row["company"].startswith(_SECTOR))
    sector = tuple(_context(row) | {"company": row["company"]} for row in rows if row["company"].startswith(_SECTOR))
    if "peers" in facts.table_names():
        peers, notes = read_peers(resources.files("wattworth.facts") / "data" / "tables" / "peers.csv"), ()
    else:
        peers, notes = (), ("no table of peers is packaged; --prices adds some",)
    table = MarketTable(companies, peers, sector, notes)
    return table if prices is None else with_prices(table, read_prices(prices), prices.name)


def read_peers(file: Path | Traversable) -> tuple[MarketValue, ...]:
    """Peers of a table.

    Raises
    ------
    DataError
        With every fault of the file.
    """
    return tuple(_peer(row, file.name) for row in read_rows(PeerRow, file))


def read_prices(path: Path) -> tuple[PriceRow, ...]:
    """A user's own prices.

    Raises
    ------
    DataError
        With every fault of the file, each with row, column and fix.
    """
    return tuple(read_rows(PriceRow, path))


def with_prices(table: MarketTable, prices: Sequence[PriceRow], origin: str) -> MarketTable:
    """The table with rows of a user in place of its own, and the unknown ones added as peers.

    Raises
    ------
    DataError
        If two rows are of one company.
    """
    companies, peers = list(table.companies), list(table.peers)
    taken: dict[str, str] = {}
    for row in prices:
        own = _own(row, origin)
        found = [(group, known) for group in (companies, peers) for known in group if known.trades_as(own.tickers)]
        if not found:
            peers.append(own)
            continue
        group, known = found[0]
        if known.company in taken:
            both = f"{taken[known.company]} and {row.ticker}"
            raise DataError(f"{origin}: {both} are both {known.company}; keep the row of one of them")
        taken[known.company] = row.ticker
        group[group.index(known)] = _replaced(known, own, row)
        for other_group, of_another_date in found[1:]:
            other_group.remove(of_another_date)
    return replace(table, companies=tuple(companies), peers=tuple(peers))


def bitcoin_price(near: str) -> Amount | None:
    """The packaged spot price of a bitcoin nearest to a date, or None within a month of it. [USD]"""
    spots = facts.table("bitcoin_network").to_dicts()
    found: list[tuple[int, str, float]] = []
    for row in spots:
        apart = days_apart(near, row["period"])
        if row["kind"] == "spot" and row["btc_usd"] is not None and apart is not None and apart <= COMPATIBLE_DAYS:
            found.append((apart, row["period"], row["btc_usd"]))
    if not found:
        return None
    _, period, price_usd = min(found)
    return Amount(price_usd, period, "bitcoin_network")


def _miner(row: Mapping[str, Any]) -> MarketValue:
    caps = list(_market_caps(row))
    usable = [cap for cap in caps if isinstance(cap, Amount)]
    refused = [cap for cap in caps if isinstance(cap, str)]
    return MarketValue(
        company=row["company"],
        tickers=tickers_of(row["ticker"]),
        kind="miner or host",
        origin="miners.csv",
        market_cap=usable[0] if usable else None,
        no_market_cap="" if usable else "; ".join(refused) or "no market cap, nor a share price with a share count",
        other_market_caps=tuple(usable[1:]),
        parts=dict(_balance(row)),
        watts={name: _miner_watts(row, *columns) for name, columns in _MINER_WATTS.items()},
        context=_context(row),
    )


def _market_caps(row: Mapping[str, Any]) -> Iterator[Amount | str]:
    """Market caps of a row, the one to take first; a text is why one cannot be taken."""
    if row["market_cap_usd_bn_2025_12_19"] is not None:
        yield Amount(row["market_cap_usd_bn_2025_12_19"] * _USD_PER_BUSD, COMMON_DAY, "printed")
    printed, as_of = row["market_cap_usd_bn_other"], row["market_cap_other_as_of"] or "undated"
    if printed is not None:
        if re.fullmatch(r"\d+(\.\d+)?", printed):
            yield Amount(float(printed) * _USD_PER_BUSD, as_of, "printed")
        else:
            yield f'market cap printed as "{printed}" on {as_of}, which is not in US dollars'
    price_usd, shares_m = row["share_price_usd"], row["fd_shares_m_community"]
    if price_usd is not None and shares_m is not None:
        source = f"share price x {shares_m:g} million diluted shares of {BALANCE_AS_OF} ({_BALANCE_SOURCE})"
        yield Amount(price_usd * shares_m * USD_PER_MUSD, row["share_price_as_of"] or "undated", source, derived=True)
    elif price_usd is not None:
        yield f"a share price of {price_usd:g} without a number of shares"


def _balance(row: Mapping[str, Any]) -> Iterator[tuple[str, Amount]]:
    """Known parts of the enterprise value; bitcoin at the packaged price of about that date, or not at all."""
    for name in ("debt", "cash"):
        if row[f"{name}_usd_m_community"] is not None:
            amount_usd = row[f"{name}_usd_m_community"] * USD_PER_MUSD
            yield name, Amount(amount_usd, BALANCE_AS_OF, _BALANCE_SOURCE)
    held_btc, price = row["btc_held_community"], bitcoin_price(BALANCE_AS_OF)
    if held_btc == 0:
        yield "bitcoin", Amount(0.0, BALANCE_AS_OF, _BALANCE_SOURCE)
    elif held_btc is not None and price is not None:
        source = f"{_BALANCE_SOURCE}, at ${price.amount_usd:,.0f} of {price.as_of}"
        yield "bitcoin", Amount(held_btc * price.amount_usd, BALANCE_AS_OF, source)


def _miner_watts(row: Mapping[str, Any], column: str, as_of_column: str) -> Watts:
    if row[column] is None:
        return Watts(None, reason="not stated in miners.csv")
    return Watts(float(row[column]), row[as_of_column] or "undated")


def _context(row: Mapping[str, Any]) -> dict[str, str | float | None]:
    names = {
        "analyst_value_usd_m_per_mw": "analyst_value_usd_m_per_mw",
        "analyst_value_basis": "analyst_value_basis",
        "ms_rating_2026_02_09": "analyst_rating",
        "market_cap_usd_bn_other": "printed_market_cap_usd_bn",
        "source": "source",
        "as_of": "as_of",
        "confidence": "confidence",
        "notes": "note",
    }
    return {ours: row[theirs] for theirs, ours in names.items()}


def _peer(row: PeerRow, origin: str) -> MarketValue:
    date = row.date or row.as_of or "undated"
    cap, ev, debt = (
        None if bn is None else Amount(bn * _USD_PER_BUSD, date, source)
        for bn, source in (
            (row.market_cap_usd_bn, row.source),
            (row.ev_usd_bn, row.ev_basis or "as printed"),
            (row.net_debt_usd_bn, row.source),
        )
    )
    watts = Watts(row.mw, row.as_of or date, row.mw_basis or "kind not stated", "" if row.mw else "no megawatts found")
    return MarketValue(
        company=row.company,
        tickers=tickers_of(row.ticker),
        kind=row.kind,
        origin=origin,
        market_cap=cap,
        no_market_cap="" if cap or ev else "no market value found",
        parts={} if debt is None else {"net_debt": debt},
        printed_ev=ev,
        watts={STATED: watts},
        context={
            "revenue_usd": None if row.revenue_usd_bn is None else row.revenue_usd_bn * _USD_PER_BUSD,
            "ebitda_usd": None if row.ebitda_usd_bn is None else row.ebitda_usd_bn * _USD_PER_BUSD,
            **{name: getattr(row, name) for name in ("source", "as_of", "confidence", "note", "currency")},
        },
    )


def _own(row: PriceRow, origin: str) -> MarketValue:
    stated_usd_m = {name: getattr(row, f"{name}_usd_m") for name in PARTS if name != "bitcoin"}
    known_usd_m = {name: usd_m for name, usd_m in stated_usd_m.items() if usd_m is not None}
    parts = {name: Amount(usd_m * USD_PER_MUSD, row.date, origin) for name, usd_m in known_usd_m.items()}
    if row.btc_held is not None:
        parts["bitcoin"] = Amount(row.btc_held * (row.btc_price_usd or 0.0), row.date, origin)
    return MarketValue(
        company=row.company or row.ticker,
        tickers=tickers_of(row.ticker),
        kind=row.kind or "kind not stated",
        origin=origin,
        market_cap=Amount(row.share_price_usd * row.fd_shares_m * USD_PER_MUSD, row.date, origin),
        parts=parts,
        watts={name: _own_watts(getattr(row, column), row.date, origin) for name, column in _PRICE_WATTS.items()},
        context={"source": origin, "as_of": row.date, "confidence": None},
    )


def _own_watts(mw: float | None, as_of: str, origin: str) -> Watts:
    return Watts(mw, as_of) if mw is not None else Watts(None, reason=f"left empty in {origin}")


def _replaced(known: MarketValue, own: MarketValue, row: PriceRow) -> MarketValue:
    """A user's figures with the packaged megawatts and remarks where the user leaves them empty."""
    stated = {name: found for name, found in own.watts.items() if found.mw is not None}
    return replace(
        own,
        company=row.company or known.company,
        tickers=known.tickers,
        kind=row.kind or known.kind,
        watts={**own.watts, **known.watts, **stated},
        context={**known.context, **own.context},
    )
