"""Comparables: what the market and buyers pay per watt, beside our risked sum of the parts, and why they differ."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from wattworth.evidence.company_ladder import (
    STATUS_PARTS,
    STEPS,
    Ending,
    Ladder,
    Spread,
    company_ladders,
    company_spreads,
    ending,
)
from wattworth.evidence.deal import Deal
from wattworth.evidence.market_rows import tickers_of
from wattworth.evidence.market_tables import MarketTable
from wattworth.evidence.market_values import BASES, DENOMINATORS, MarketValue, PerWatt, usd_per_w
from wattworth.evidence.tape import Tape
from wattworth.records import SCHEMA_VERSION
from wattworth.units import W_PER_MW
from wattworth.valuation import Run

Document = dict[str, Any]
Outcome = Literal["closed", "rejected", "other"]

SALES: Final = ("site_sale", "company_sale")
"""Groups of deals that are sales."""

_SECURED: Final = "secured_gross"


@dataclass(frozen=True, slots=True)
class SiteSale:
    """A site, or a company of sites, that was sold or bid for.

    Attributes
    ----------
    deal
        As the tape holds it.
    outcome
        Whether it closed, was rejected, or neither is known.
    usd_per_w
        Price per watt of the megawatts the deal names. [$/W]
    reason
        Why there is no figure.
    """

    deal: Deal
    outcome: Outcome
    usd_per_w: float | None
    reason: str

    def document(self) -> Document:
        """As JSON holds it."""
        deal, row = self.deal, self.deal.row
        return {
            "deal_id": deal.deal_id,
            "group": deal.group,
            "announced": deal.announced.label,
            "company": row.company,
            "site": row.site,
            "product": row.product,
            "outcome": self.outcome,
            "status": row.status,
            "price_usd": deal.price_usd,
            "price_mw": deal.price_mw,
            "price_mw_basis": deal.price_mw_basis,
            "usd_per_w": self.usd_per_w,
            "reason": self.reason or None,
            "remarks": [text for text in (row.flags, *deal.flags) if text],
            "confidence": row.confidence,
            "source": row.source,
        }


@dataclass(frozen=True, slots=True)
class Ours:
    """Our risked sum of the parts of a company, at the share counted.

    Attributes
    ----------
    firm_mw
        Firm gross power counted. [MW]
    npv_usd
        Mean under the pricing measure. [USD]
    usd_per_w
        The same per firm gross watt; None where none is firm. [$/W]
    spread
        Percentiles over the real-world draws; None without the draws.
    sites
        Sites valued.
    not_valued
        Site to why it is not valued: nothing of it is in the sum.
    """

    firm_mw: float
    npv_usd: float
    usd_per_w: float | None
    spread: Spread | None
    sites: int
    not_valued: Mapping[str, str]

    def document(self) -> Document:
        """As JSON holds it."""
        spread, firm_w = self.spread, self.firm_mw * W_PER_MW
        p_usd = None if spread is None else {"p10": spread.p10_usd, "p50": spread.p50_usd, "p90": spread.p90_usd}
        per_w = None if p_usd is None or not firm_w else {name: usd / firm_w for name, usd in p_usd.items()}
        return {
            "share_firm_gross_mw": self.firm_mw,
            "npv_usd": {"mean": self.npv_usd, **(p_usd or {})},
            "usd_per_gross_w": None if self.usd_per_w is None else {"mean": self.usd_per_w, **(per_w or {})},
            "sites": self.sites,
            "not_valued": dict(self.not_valued),
        }


@dataclass(frozen=True, slots=True)
class Company:
    """A company in the study, in the table of market values, or in both.

    Attributes
    ----------
    company
        Name, as the study writes it where it is there.
    ours, market
        Our value and the market's; None where it is in one of the two only.
    ladder
        From created value to ours; None with a reason.
    endings
        From ours to the market's value, and to the indicative enterprise value where there is one.
    reasons
        Why something above is missing.
    """

    company: str
    ours: Ours | None
    market: MarketValue | None
    ladder: Ladder | None
    endings: tuple[Ending, ...]
    reasons: tuple[str, ...]

    def document(self) -> Document:
        """As JSON holds it."""
        return {
            "company": self.company,
            "ours": None if self.ours is None else self.ours.document(),
            "market": None if self.market is None else self.market.document(),
            "ladder": None if self.ladder is None else self.ladder.document(),
            "endings": [end.document() for end in self.endings],
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Comparables:
    """Everything that is compared.

    Attributes
    ----------
    head
        Study, run and its settings.
    companies
        Dearest in the market first, then those without a market value, dearest of ours first.
    peers, site_sales, sector
        What they are compared with.
    notes
        What to doubt.
    """

    head: Mapping[str, Any]
    companies: tuple[Company, ...]
    peers: tuple[MarketValue, ...]
    site_sales: tuple[SiteSale, ...]
    sector: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]

    def document(self) -> Document:
        """The document that ``wattworth comps --json`` prints."""
        return {
            "schema_version": SCHEMA_VERSION,
            **self.head,
            "denominators": DENOMINATORS,
            "bases": BASES,
            "steps": STEPS,
            "status_parts": STATUS_PARTS,
            "companies": [company.document() for company in self.companies],
            "peers": [peer.document() for peer in self.peers],
            "site_sales": [sale.document() for sale in self.site_sales],
            "site_sales_closed": closed_range(self.site_sales),
            "sector": {"printed": [dict(row) for row in self.sector], "sum": sector_sum(self.companies)},
            "notes": list(self.notes),
        }


def compare_run(run: Run, market: MarketTable, tape: Tape) -> Comparables:
    """Comparables of a run, with the tickers of its study and percentiles from its draws.

    Parameters
    ----------
    run
        A run.
    market
        Companies' market values.
    tape
        Deals, of which the sales are taken.
    """
    sites = () if run.study is None else run.study.sites
    tickers = {site.company: site.ticker for site in sites if site.ticker}
    return comparables(run.result, market, site_sales(tape), tickers=tickers, spreads=company_spreads(run))


def comparables(
    result: Document,
    market: MarketTable,
    sales: Sequence[SiteSale],
    *,
    tickers: Mapping[str, str] | None = None,
    spreads: Mapping[str, Spread] | None = None,
) -> Comparables:
    """Set the market's value of each company beside ours.

    Parameters
    ----------
    result
        Document of a run.
    market
        Companies' market values.
    sales
        Sales of sites and companies.
    tickers
        Company of the study to its symbol; others are found by name.
    spreads
        Company to the percentiles of its value.
    """
    known = (*market.companies, *market.peers)
    matched = {name: _match(name, (tickers or {}).get(name), known) for name in _names(result)}
    ours = {name: _ours(result, name, (spreads or {}).get(name)) for name in matched}
    ladders = company_ladders(result)
    companies = [_company(name, ours[name], found, ladders.get(name)) for name, found in matched.items()]
    taken = [found for found in matched.values() if found is not None]
    companies += [_company(row.company, None, row, None) for row in market.companies if row not in taken]
    head = {name: result[name] for name in ("study", "title", "run_id", "as_of", "draws", "seed", "usd_year")}
    ranked = tuple(sorted(companies, key=_rank))
    peers = tuple(peer for peer in market.peers if peer not in taken)
    notes = (*market.notes, *_notes(ranked, peers, str(result["as_of"]), matched))
    return Comparables(head, ranked, peers, tuple(sales), market.sector, notes)


def site_sales(tape: Tape) -> tuple[SiteSale, ...]:
    """Sales on the tape, in the order they were announced; one that cannot be priced says why."""
    deals = sorted((deal for deal in tape.deals if deal.group in SALES), key=lambda deal: deal.announced)
    return tuple(SiteSale(deal, _outcome(deal), *_price(deal)) for deal in deals)


def closed_range(sales: Sequence[SiteSale]) -> Document | None:
    """Least, middle and most of the closed sales of sites, companies left aside; None without one."""
    prices = [s.usd_per_w for s in sales if s.outcome == "closed" and s.deal.group == "site_sale"]
    known = sorted(price for price in prices if price is not None)
    if not known:
        return None
    return {
        "n": len(known),
        "low_usd_per_w": known[0],
        "median_usd_per_w": statistics.median(known),
        "high_usd_per_w": known[-1],
    }


def sector_sum(companies: Sequence[Company]) -> Document | None:
    """Sums over the companies with a market cap, secured watts and a value of ours; None without one.

    Market caps only, so that the sum is of one basis.
    """
    both = [
        (company.market.market_cap.amount_usd, _secured_mw(company.market), company.ours)
        for company in companies
        if company.market is not None and company.market.market_cap is not None
        if company.ours is not None and company.ours.firm_mw > 0 and _secured_mw(company.market) > 0
    ]
    if not both:
        return None
    cap_usd, mw = sum(cap_usd for cap_usd, _, _ in both), sum(mw for _, mw, _ in both)
    ours_usd, firm_mw = sum(ours.npv_usd for *_, ours in both), sum(ours.firm_mw for *_, ours in both)
    return {
        "companies": len(both),
        "market_cap_usd": cap_usd,
        "secured_mw": mw,
        "market_cap_usd_per_secured_w": usd_per_w(cap_usd, mw),
        "ours_usd": ours_usd,
        "share_firm_gross_mw": firm_mw,
        "ours_usd_per_firm_w": usd_per_w(ours_usd, firm_mw),
        "ours_usd_per_secured_w": usd_per_w(ours_usd, mw),
    }


def _names(result: Document) -> list[str]:
    """Companies of a run: valued ones as the totals have them, then those of which no site is valued."""
    valued = [row["company"] for row in result["totals"]["by_company"]]
    return list(dict.fromkeys([*valued, *(site["company"] for site in result["sites"])]))


def _ours(result: Document, company: str, spread: Spread | None) -> Ours:
    row = next((row for row in result["totals"]["by_company"] if row["company"] == company), None)
    sites = [site for site in result["sites"] if site["company"] == company and not site["valued"]]
    left_out = {site["site_id"]: site["reason"] for site in sites}
    if row is None:
        return Ours(0.0, 0.0, None, None, 0, left_out)
    firm_mw = row["share_firm_gross_mw"]
    return Ours(firm_mw, row["npv_usd"], row["usd_per_gross_w"], spread, row["sites"], left_out)


def _match(company: str, ticker: str | None, known: Sequence[MarketValue]) -> MarketValue | None:
    """The market value of a company of the study, by symbol if it has one, else by name."""
    symbols = tickers_of(ticker or "")
    by_symbol = next((row for row in known if row.trades_as(symbols)), None)
    listed = (row for row in known if not row.is_sale)
    return by_symbol or next((row for row in listed if _spellings(company) & _spellings(row.company)), None)


def _spellings(company: str) -> set[str]:
    plain = re.sub(r"\(.*?\)", "", company).casefold()
    return {" ".join(part.split()) for part in (*plain.split("/"), company.casefold()) if part.strip()}


def _company(name: str, ours: Ours | None, market: MarketValue | None, ladder: Ladder | str | None) -> Company:
    return Company(
        name,
        ours,
        market,
        ladder if isinstance(ladder, Ladder) else None,
        tuple(_endings(ours, market)),
        tuple(_reasons(ours, market, ladder)),
    )


def _endings(ours: Ours | None, market: MarketValue | None) -> Iterator[Ending]:
    if ours is None or market is None or ours.firm_mw <= 0 or not (secured_mw := _secured_mw(market)):
        return
    for worth in (market.value, market.indicative_ev):
        if worth is not None:
            yield ending(worth, secured_mw, ours.npv_usd, ours.firm_mw)


def _reasons(ours: Ours | None, market: MarketValue | None, ladder: Ladder | str | None) -> Iterator[str]:
    if ours is None:
        yield "in the table of market values, and no site of it in the study"
    elif ours.sites == 0:
        yield "none of its sites is valued"
    elif isinstance(ladder, str):
        yield f"no ladder: {ladder}"
    if market is None:
        yield "in the study, and not in the table of market values; --prices adds it"
        return
    if market.value is None:
        yield f"no market value: {market.no_market_cap}"
    elif reason := market.per_watt(_SECURED).reason:
        yield f"no value per secured watt: {reason}"


def _secured_mw(market: MarketValue) -> float:
    found = market.watts.get(_SECURED)
    return 0.0 if found is None or found.mw is None else found.mw


def _rank(company: Company) -> tuple[bool, float, str]:
    worth = None if company.market is None else company.market.value
    ours_usd = 0.0 if company.ours is None else company.ours.npv_usd
    return worth is None, -ours_usd if worth is None else -worth.worth_usd, company.company


def _outcome(deal: Deal) -> Outcome:
    status = (deal.row.status or "").casefold()
    return "rejected" if "reject" in status else "closed" if status.startswith(("closed", "completed")) else "other"


def _price(deal: Deal) -> tuple[float | None, str]:
    if deal.left_out is not None:
        return None, deal.left_out
    if deal.row.row_type != "deal":
        return None, f"a row of type {deal.row.row_type}, which repeats others"
    if deal.price_usd is None:
        return None, "price not disclosed"
    if deal.price_mw is None:
        return None, "megawatts not found"
    return usd_per_w(deal.price_usd, deal.price_mw), ""


def _notes(
    companies: Sequence[Company], peers: Sequence[MarketValue], as_of: str, matched: Mapping[str, MarketValue | None]
) -> Iterator[str]:
    values = [c.market for c in companies if c.market is not None]
    caps = [row for row in values if row.value is not None and row.value.basis == "market_cap"]
    if caps:
        yield (
            f"{len(caps)} of {len(values)} companies stand at market cap: a part of their enterprise value is not "
            "known or of another date; the indicative one stands beside it and decides nothing"
        )
    dates = sorted({row.value.as_of[:7] for row in values if row.value is not None})
    if dates and (dates[0] != as_of or dates[-1] != as_of):
        yield f"market values are of {dates[0]} to {dates[-1]}, the study of {as_of}"
    far = [f"{row.company} ({_days(per_w)})" for row in values if (per_w := row.per_watt(_SECURED)).far_apart]
    if far:
        yield f"secured watts are not of the value's date: {', '.join(far)}"
    others = [
        f"{row.company} ${cap.amount_usd / 1e9:.2f}bn of {cap.as_of[:10]}"
        for row in values
        for cap in row.other_market_caps
    ]
    if others:
        yield f"market caps of another day, not used: {', '.join(others)}"
    users = [name for name, row in matched.items() if row is not None and list(matched.values()).count(row) > 1]
    if users:
        yield f"one market value stands beside several companies of the study: {', '.join(users)}"
    if not peers:
        yield "no peers to compare with"


def _days(per_w: PerWatt) -> str:
    return "no date" if per_w.apart_days is None else f"{per_w.apart_days} days apart"
