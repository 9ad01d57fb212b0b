"""What a gas study may declare, and what uses take and cost, as tables written from the schema and the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wattworth.facts import FactBook
from wattworth.gas.checks import BY_YEAR, ON_LINKS, UNITS
from wattworth.gas.reading import NESTED
from wattworth.gas.schema import ROWS, SHEETS, GasStudyFile, LostExports, columns_of
from wattworth.gas.uses import USES
from wattworth.study.declared import Override
from wattworth.study.reference import field_table

_START = """# Schema of a gas study

A gas study is a folder with `study.yaml` and five CSV files, or one Excel workbook. `wattworth new DIR --from
russia-gas` writes either to start from, and `wattworth check` reports every fault at once, with its file, sheet and
row. What is said of empty cells, numbers and comments on the [schema of a study](schema.md) holds here too.
"""
LIMITS: Final = {
    "capital": "capital paid in a year, over the years of building",
    "capital_total": "capital of all years",
    "foreign_capital": "capital of all years for equipment from abroad",
    "it_load": "computers fed",
    "product": "what is made; the unit is that of the use",
    "gas": "gas used, of one option or of several that share a way in",
    "workforce": "people at work: `build_worker_years`, `added_worker_years` while building, `jobs_per_bcm` running",
    "technology": "nothing is built before the year in `amount`, or never where it is empty",
    "capex_ratio": "multiplies capital",
    "delay": "adds years between decision and product",
    "price_ratio": "multiplies the price",
    "rate_addon": "adds to the real cost of capital, once, for all",
}
"""Kind of limit to what it does."""


_NONE: Final = "\u2013"
_HEADS: Final = (
    ("use", "what it is", "gas per unit", "price in", "capital", "running", "to the buyer", "CO₂, kg"),
    ("use", "smallest", "capital is of", "exponent", "lead, months", "life, years", "first year"),
)


def uses_tables(book: FactBook, usd_year: int) -> tuple[str, str]:
    """Two tables of all uses: gas and costs for each unit of product, then sizes and times.

    Parameters
    ----------
    book, usd_year
        Facts, and the year of the money.
    """
    first, second = [], []
    for use in USES.values():
        plant = use.plant(book, usd_year)
        fixed = sum(layer.usd_per_unit_year * layer.fixed_frac_per_year for layer in plant.capital)
        running = plant.variable_usd_per_unit + (plant.fixed_usd_per_unit_year + fixed) / plant.utilisation_frac
        first.append(
            (
                f"`{use.name}`",
                use.label,
                f"{_round(plant.gas_mmbtu_per_unit)} MMBtu/{plant.unit}",
                use.price_unit or _NONE,
                *map(_round, (plant.capex_usd_per_unit_year, running, plant.transport_usd_per_unit)),
                _round(plant.co2_kg_per_mmbtu),
            )
        )
        is_built = bool(plant.capital)
        second.append(
            (
                f"`{use.name}`",
                *(_round(size) for size in (plant.smallest_units_per_year, plant.reference_units_per_year)),
                _round(plant.scale_exponent_ratio) if plant.reference_units_per_year else _NONE,
                _round(plant.lead_months),
                _round(plant.life_years) if is_built else _NONE,
                _round(plant.first_year_frac) if is_built else _NONE,
            )
        )
    return _table(_HEADS[0], first), _table(_HEADS[1], second)


def _round(value: float) -> str:
    """Three digits, without an exponent; a dash for nothing.

    Examples
    --------
    >>> _round(132_364_123.0), _round(0.05316)
    ('132,000,000', '0.0532')
    """
    if not value:
        return _NONE
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100.0 else f"{rounded:g}"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = (heads, ("---",) * len(heads), *rows)
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def gas_reference_markdown() -> str:
    """The reference page."""
    return "".join(_parts())


def _parts() -> Iterator[str]:
    yield _START
    yield "\n## study.yaml\n\n" + field_table(GasStudyFile.model_fields)
    yield "\nUnder `lost_exports`:\n\n" + field_table(LostExports.model_fields)
    yield "\nUnder each key of a fact in `facts`:\n\n" + field_table(Override.model_fields)
    for name, model in ROWS.items():
        yield f"\n## {name}.csv\n\n" + field_table(columns_of(model))
        if name == "limits":
            yield "\nKinds:\n\n| kind | does | unit | in one year alone | on new lines |\n|---|---|---|---|---|\n"
            for kind, does in LIMITS.items():
                units = ", ".join(f"`{unit}`" for unit in UNITS[kind])
                marks = " | ".join("yes" if kind in kinds else "no" for kinds in (BY_YEAR, ON_LINKS))
                yield f"| `{kind}` | {does} | {units} | {marks} |\n"
    sheets = ", ".join(f"`{name}`" for name in SHEETS)
    dotted = " and ".join(f"`{name}`" for name in NESTED)
    yield (
        f"\n## Workbook\n\nThe sheets are {sheets}. Column names stand in row 1. The five tables have the "
        "columns above, and `facts` has `key` before those of a fact. The sheet `study` has `key` and `value`, one "
        f"setting to a row; the parts of {dotted} stand after a dot, such as `cases.2025` or `lost_exports.peak`. The "
        "sheet `notes`, and any whose name starts with `_`, is not read. `facts` and `notes` may be left out.\n"
    )
