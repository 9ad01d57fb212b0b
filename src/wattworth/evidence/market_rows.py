"""Rows of the tables of market values as files hold them: one column, one meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as day
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from wattworth.errors import DataError, Fault
from wattworth.study.checking import check_record
from wattworth.study.csv_reader import read_csv
from wattworth.study.fields import Text
from wattworth.study.raw import Record

_CURRENCY: Final = re.compile(r"(^|_)(eur|gbp|cad|aud|jpy|cny|hkd|nok|sek|chf|aed)(?=_|$)", re.IGNORECASE)

_MUsd = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$M"})]
_BUsd = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "$bn"})]
_AnyBUsd = Annotated[float | None, Field(json_schema_extra={"unit": "$bn"})]
_Mw = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "MW"})]
_Model = TypeVar("_Model", bound=BaseModel)


class PriceRow(BaseModel):
    """A user's own figures of one company on one day; an empty cell is not known, and 0 is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)

    ticker: Text
    """Symbol; it replaces the packaged figures of that company, or adds a company."""
    date: Annotated[
        str,
        Field(pattern=r"^\d{4}-\d\d-\d\d$", json_schema_extra={"need": "a day as YYYY-MM-DD, such as 2026-06-30"}),
    ]
    """Day of the price and of the balance sheet."""
    share_price_usd: Annotated[float, Field(gt=0, json_schema_extra={"unit": "$ per share"})]
    """Price of a share."""
    fd_shares_m: Annotated[float, Field(gt=0, json_schema_extra={"unit": "million shares"})]
    """Fully diluted shares."""
    debt_usd_m: _MUsd = None
    """Debt, convertible bonds included unless their shares are counted."""
    leases_usd_m: _MUsd = None
    """Lease liabilities."""
    preferred_usd_m: _MUsd = None
    """Preferred shares."""
    minorities_usd_m: _MUsd = None
    """What others own of consolidated companies."""
    cash_usd_m: _MUsd = None
    """Cash that is free to use."""
    btc_held: Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "BTC"})] = None
    """Bitcoin owned."""
    btc_price_usd: Annotated[float | None, Field(gt=0, json_schema_extra={"unit": "$/BTC"})] = None
    """Price of a bitcoin that day."""
    secured_gross_mw: _Mw = None
    """Gross power secured; empty keeps the packaged figure."""
    operating_gross_mw: _Mw = None
    """Gross power in operation; empty keeps the packaged figure."""
    critical_it_mw: _Mw = None
    """Critical IT let to AI tenants; empty keeps the packaged figure."""
    company: str | None = None
    """Name, as the study writes it where it is one of the study's."""
    kind: str | None = None
    """What it is, such as miner or REIT."""

    @field_validator("date")
    @classmethod
    def _a_day(cls, text: str) -> str:
        try:
            day.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f'got "{text}", which is no day of the calendar') from error
        return text


class PeerRow(BaseModel):
    """A company that miners are priced against, as the packaged table of peers holds it."""

    model_config = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)

    ticker: Text
    """Symbol."""
    company: Text
    """Name."""
    kind: Text
    """What it is, such as data-centre REIT."""
    date: str | None = None
    """Day of the value."""
    market_cap_usd_bn: _BUsd = None
    """Market capitalisation."""
    net_debt_usd_bn: _AnyBUsd = None
    """Debt less cash."""
    ev_usd_bn: _BUsd = None
    """Enterprise value."""
    ev_basis: str | None = None
    """Where the enterprise value comes from."""
    mw: _Mw = None
    """Megawatts."""
    mw_basis: str | None = None
    """Which megawatts they are."""
    revenue_usd_bn: _BUsd = None
    """Revenue of a year."""
    ebitda_usd_bn: _AnyBUsd = None
    """EBITDA of a year."""
    currency: str | None = None
    """Currency of the source; the figures are dollars."""
    source: Text
    """Where it was published."""
    as_of: str | None = None
    """Date of the megawatts and accounts."""
    confidence: str | None = None
    """Trust in the row."""
    note: str | None = None
    """What to beware of."""


def tickers_of(text: str) -> tuple[str, ...]:
    """Symbols in a cell such as ``KEEL/BITF`` or ``PHX (ADX)``, in capitals."""
    return tuple(word.strip().upper() for word in re.sub(r"\(.*?\)", "", text).split("/") if word.strip())


def read_rows(model: type[_Model], file: Path | Traversable) -> list[_Model]:
    """Rows of a CSV file.

    Parameters
    ----------
    model
        What a row holds.
    file
        The file, with its column names in row 1.

    Raises
    ------
    DataError
        With every fault of the file, each with row, column and fix.
    """
    faults: list[Fault] = []
    records = read_csv(file, file.name, tuple(model.model_fields), faults) or []
    faults = [_dollars(fault) for fault in faults]
    if not records and not faults:
        faults.append(Fault(file.name, "no companies below the column names"))
    rows: list[_Model] = []
    first: dict[str, str] = {}
    for record in records:
        row = check_record(model, record, faults)
        faults += [*_repeated(model, record, first), *_unpriced(record, row)]
        if row is not None:
            rows.append(row)
    if faults:
        raise DataError("\n".join(map(str, dict.fromkeys(faults))))
    return rows


def _dollars(fault: Fault) -> Fault:
    """A column of another currency is told how to become dollars."""
    column = re.match(r'unknown column "([^"]+)"', fault.message)
    if column is None or not _CURRENCY.search(column[1]):
        return fault
    name = _CURRENCY.sub(r"\1usd", column[1])
    return Fault(fault.where, f'column "{column[1]}": only US dollars are read; convert it and name it "{name}"')


def _repeated(model: type[BaseModel], record: Record, first: dict[str, str]) -> Iterator[Fault]:
    """A company of a user that stands twice, or a value of a peer that does."""
    cells = {name: str(entry.value or "").strip() for name, entry in record.entries.items()}
    value = ", ".join(cells.get(name, "") for name in ("ticker", "company", "date"))
    for name in (value,) if model is PeerRow else tickers_of(cells.get("ticker", "")):
        if first.setdefault(name, record.where) != record.where:
            yield Fault(record.entries["ticker"].where, f"{name} stands in {first[name]} already; keep one row of it")


def _unpriced(record: Record, row: BaseModel | None) -> Iterator[Fault]:
    if isinstance(row, PriceRow) and row.btc_held and row.btc_price_usd is None:
        where = f'{record.where}, column "btc_price_usd"'
        yield Fault(where, f"empty, and {row.btc_held:g} bitcoin are held; need the price of a bitcoin on {row.date}")
