"""Tax and risk premium of countries."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from wattworth.errors import FactError


@dataclass(frozen=True, slots=True)
class CountryRow:
    """What the table of countries says about one.

    Attributes
    ----------
    iso_alpha2
        ISO 3166 code.
    country
        Name in the source.
    corporate_tax_frac
        Rate on company profit; a regional average in some rows. [1]
    country_risk_premium_frac
        Yearly premium over a mature market; a floor where the country is unrated. [1/year]
    equity_risk_premium_frac
        Mature market premium plus the country's. [1/year]
    access_flag
        Known limits to machines or trade: a prompt to check the law.
    source, as_of, confidence, note
        As for a fact.
    """

    iso_alpha2: str
    country: str
    corporate_tax_frac: float
    country_risk_premium_frac: float
    equity_risk_premium_frac: float
    access_flag: str
    source: str
    as_of: str
    confidence: str
    note: str


def country_row(iso_alpha2: str) -> CountryRow:
    """Tax and risk premium of a country.

    Parameters
    ----------
    iso_alpha2
        ISO 3166 code, two capitals.

    Raises
    ------
    FactError
        If the table has no row for it.
    """
    row = _countries().get(iso_alpha2)
    if row is None:
        raise FactError(
            f'country "{iso_alpha2}" is not in the table of countries; need an ISO 3166 code in capitals, such as CA, '
            f"one of {', '.join(sorted(_countries()))}"
        )
    return row


@cache
def _countries() -> dict[str, CountryRow]:
    path = resources.files("wattworth.facts") / "data" / "tables" / "countries.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["iso_alpha2"]: _country(row) for row in rows if row["iso_alpha2"]}


def _country(row: dict[str, str]) -> CountryRow:
    return CountryRow(
        iso_alpha2=row["iso_alpha2"],
        country=row["country"],
        corporate_tax_frac=float(row["corporate_tax_frac"]),
        country_risk_premium_frac=float(row["country_risk_premium_frac"]),
        equity_risk_premium_frac=float(row["equity_risk_premium_frac"]),
        access_flag=row["access_flag"],
        source=row["source"],
        as_of=row["as_of"],
        confidence=row["confidence"],
        note=row["note"],
    )
