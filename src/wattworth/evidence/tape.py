"""A tape of disclosed deals: read, checked row by row, and flagged where a row is to be doubted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Final

from wattworth.errors import DataError, Fault
from wattworth.evidence.deal import Deal
from wattworth.evidence.schema import NEEDED, DealRow
from wattworth.study.checking import check_record
from wattworth.study.csv_reader import read_csv
from wattworth.study.raw import Record
from wattworth.units import DAYS_PER_MONTH

DISAGREES_FRAC: Final = 0.02
"""A derived column further than this from what the stated ones give is flagged. [1]"""
_LATE_MONTHS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Tape:
    """The rows of a tape, in its order.

    Attributes
    ----------
    name
        File it was read from.
    deals
        Every row; ``deal.flags`` say what to doubt, and ``deal.left_out`` why a row is not used at all.
    """

    name: str
    deals: tuple[Deal, ...]

    @property
    def flagged(self) -> list[tuple[str, str]]:
        """Row and what was noticed on reading it, apart from what the file itself says."""
        return [(deal.deal_id, flag) for deal in self.deals for flag in deal.flags]


def read_tape(path: Path | None = None) -> Tape:
    """Read a tape.

    Parameters
    ----------
    path
        A CSV file with the columns of :class:`wattworth.evidence.schema.DealRow`; None takes the packaged tape.

    Raises
    ------
    DataError
        With every fault of the file, each with row, column and fix.
    """
    file = path or resources.files("wattworth.facts") / "data" / "tables" / "deals.csv"
    faults: list[Fault] = []
    records = read_csv(file, file.name, tuple(DealRow.model_fields), faults)
    if records is not None and not records and not faults:
        faults.append(Fault(file.name, "no deals below the column names"))
    missing = list(_missing_columns(file.name, records or []))
    rows = [(r.where, check_record(DealRow, r, faults)) for r in records or []] if not missing else []
    faults += missing
    faults += _repeated(rows)
    if faults:
        raise DataError("\n".join(map(str, dict.fromkeys(faults))))
    deals = tuple(_flagged(Deal.of(row, where)) for where, row in rows if row is not None)
    return Tape(file.name, tuple(_without_twins(deals)))


def _missing_columns(name: str, records: list[Record]) -> Iterator[Fault]:
    if records:
        for column in NEEDED:
            if column not in records[0].entries:
                fix = "add it, with empty cells where it is not known"
                yield Fault(f"{name} row 1", f'missing column "{column}"; {fix}')


def _repeated(rows: list[tuple[str, DealRow | None]]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for where, row in rows:
        if row is not None and first.setdefault(row.deal_id, where) != where:
            message = f'"{row.deal_id}" stands in {first[row.deal_id]} already; give each deal a name of its own'
            yield Fault(f'{where}, column "deal_id"', message)


def _flagged(deal: Deal) -> Deal:
    return replace(deal, flags=(*deal.flags, *_disagreements(deal), *_dates(deal)))


def _disagreements(deal: Deal) -> Iterator[str]:
    """Derived columns that the stated ones do not give."""
    row = deal.row
    pairs = (
        ("d_gross_to_it_ratio", row.d_gross_to_it_ratio, deal.gross_to_it_ratio),
        ("d_avg_usd_per_kw_month_it", row.d_avg_usd_per_kw_month_it, deal.average_rent_usd_per_kw_month),
        ("d_price_usd_m_per_mw", row.d_price_usd_m_per_mw, deal.price_usd_per_w),
    )
    for column, stated, ours in pairs:
        if stated is not None and ours is not None and abs(ours / stated - 1) > DISAGREES_FRAC:
            yield f"{column} says {stated:g}, the stated columns give {ours:.4g}; the stated ones are used"


def _dates(deal: Deal) -> Iterator[str]:
    seen, months = deal.first_revenue, deal.row.months_to_first_revenue_actual
    if seen is None:
        return
    if seen.surely_before(deal.announced):
        yield f"first revenue {seen.label} comes before the announcement {deal.announced.label}"
    elif months is not None:
        least = (seen.first - deal.announced.last).days / DAYS_PER_MONTH
        most = (seen.last - deal.announced.first).days / DAYS_PER_MONTH
        if not least - _LATE_MONTHS <= months <= most + _LATE_MONTHS:
            yield f"{months:g} months to first revenue do not lead from {deal.announced.label} to {seen.label}"


def _without_twins(deals: tuple[Deal, ...]) -> Iterator[Deal]:
    """A row that repeats another under a second name is left out, with the reason."""
    seen: dict[tuple[object, ...], str] = {}
    for deal in deals:
        row = deal.row
        figures = (row.contract_revenue_usd_m, row.avg_annual_revenue_usd_m, row.price_usd_m, row.capex_usd_m)
        sizes = (row.critical_it_mw, row.gross_mw, row.price_mw)
        key = (row.company.casefold(), row.group, row.row_type, deal.announced.label, *sizes, *figures)
        twin = seen.setdefault(key, deal.deal_id) if any(figures) else deal.deal_id
        if twin != deal.deal_id:
            reason = f"repeats {twin}: the same company, date, megawatts and money"
            yield replace(deal, flags=(*deal.flags, reason), left_out=reason)
        else:
            yield deal
