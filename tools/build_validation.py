"""The tables of docs/validation.md: our number, computed now, beside the one that others publish or PySAM gives.

``python tools/build_validation.py`` writes them; ``--check`` writes nothing and ends with 1 where the page is stale or
a row is out of its tolerance.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation.md"
EXAMPLE = ROOT / "examples" / "finance" / "sam-generic.yaml"
YEARS: Final = (0, 1, 2, 3, 18, 25)
CENT: Final = 0.005000001

ROWS_OF_SAM: Final[dict[str, tuple[str, tuple[float, ...]]]] = {
    "revenue_usd": (
        "revenue",
        (0, 181_647_360.00, 183_463_833.60, 185_298_471.94, 215_125_773.40, 230_643_946.81),
    ),
    "fuel_usd": ("fuel", (0, 75_686_400.00, 77_578_560.00, 79_518_024.00, 115_165_808.36, 136_895_955.71)),
    "opex_usd": (
        "operating cost",
        (0, 83_646_400.00, 85_737_560.00, 87_880_999.00, 127_277_889.72, 151_293_414.27),
    ),
    "ebitda_usd": ("EBITDA", (0, 98_000_960.00, 97_726_273.60, 97_417_472.94, 87_847_883.67, 79_350_532.54)),
    "cfads_usd": ("CFADS", (0, 98_000_960.00, 97_726_273.60, 97_417_472.94, 87_847_883.67, 79_350_532.54)),
    "interest_usd": ("interest", (0, 51_422_063.74, 49_744_633.43, 47_964_573.81, 4_420_813.70, 0)),
    "principal_usd": ("principal", (0, 23_963_290.10, 25_429_423.18, 26_971_943.83, 63_154_481.43, 0)),
    "debt_balance_usd": ("debt owed", (734_600_910.59, 710_637_620.49, 685_208_197.31, 658_236_253.47, 0, 0)),
    "federal_depreciation_usd": (
        "federal depreciation",
        (0, 204_333_651.11, 327_898_174.01, 198_637_871.25, 1_680_997.50, 0),
    ),
    "federal_tax_usd": (
        "federal tax",
        (0, 30_537_738.23, 54_392_721.22, 28_857_590.27, -16_297_987.69, -15_755_700.54),
    ),
    "after_tax_equity_usd": (
        "cash of the owners",
        (-485_781_491.37, 64_550_366.74, 96_895_563.84, 62_140_231.84, 32_034_667.51, 134_918_152.01),
    ),
}
"""SAM's published rows of the Generic System."""
ENGINES: Final = {"engine": (1150.0, 8989.3, 10.0, 25.0), "turbine": (885.0, 9630.0, 15.0, 5.0)}
"""Capital per kW, Btu per kWh, cost per kW and year, and per MWh."""
OFF_GRID: Final = (
    (100.0, "engine", 106.96843, 106.96636),
    (100.0, "turbine", 84.49361, 84.49340),
    (125.0, "engine", 111.10892, 111.10680),
    (125.0, "turbine", 87.92535, 87.92512),
)
"""Megawatts of gas, machine, and the break-even of two codes. [USD/MWh]"""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of ours beside one of others.

    Attributes
    ----------
    what
        What it is, with its unit.
    ours, theirs
        The two numbers.
    digits
        Digits after the point that are shown.
    tolerance
        What they may differ by.
    relative
        Whether that is a share of theirs.
    """

    what: str
    ours: float
    theirs: float
    digits: int
    tolerance: float
    relative: bool = False

    @property
    def apart(self) -> float:
        """Difference, in the measure of the tolerance."""
        off = self.ours - self.theirs
        return off / abs(self.theirs) if self.relative and self.theirs else off

    @property
    def holds(self) -> bool:
        """Whether it is within its tolerance; no number never is."""
        return abs(self.apart) <= self.tolerance


def sam_headline() -> Iterator[Row]:
    """B1: the headline of SAM's Generic System."""
    result = _generic()
    rows: tuple[tuple[str, float | None, float, int, float, bool], ...] = (
        ("NPV, $", result.npv_usd, -125_728_686.2369827, 2, 1e-4, True),
        ("IRR, %", _times(result.irr_frac, 100.0), 5.317010658974328, 6, 0.01, False),
        ("debt, $", result.debt_usd, 734_600_910.5918515, 2, 1e-4, True),
        ("debt, % of cost", 100.0 * result.debt_frac, 60.194321829733255, 6, 0.01, False),
        ("LCOE nominal, ¢/kWh", _times(result.lcoe_nominal_usd_per_mwh, 0.1), 27.692989702086596, 8, 1e-4, True),
        ("LCOE real, ¢/kWh", _times(result.lcoe_real_usd_per_mwh, 0.1), 21.98742699376968, 8, 1e-4, True),
        ("least DSCR", result.dscr_min_ratio, 1.30, 4, 1e-4, True),
        ("installed cost, $", result.installed_cost_usd, 1_220_382_401.9643528, 2, 1e-4, True),
    )
    for what, ours, theirs, digits, tolerance, relative in rows:
        yield Row(what, np.nan if ours is None else ours, theirs, digits, tolerance, relative)


def sam_rows() -> Iterator[Row]:
    """B3: rows of SAM's Generic System in six years."""
    statement = _generic().statement
    for name, (words, published) in ROWS_OF_SAM.items():
        for year, theirs in zip(YEARS, published, strict=True):
            yield Row(f"{words}, year {year}, $", float(statement[name][year]), theirs, 2, CENT)


def sam_live() -> Iterator[Row]:
    """PySAM and ours on the same inputs, run now: value, debt and levelised cost of each case of the tests."""
    from wattworth.finance.project import evaluate

    grid = _test_module("test_sam_grid")
    for name, changes in grid.CASES.items():
        values, out = grid.sam(grid.GENERIC | changes)
        ours = evaluate(grid.as_case(values))
        tolerance = 1e-4 if values["ppa_soln_mode"] == 0.0 else 1e-9
        yield Row(f"{name}: NPV, $", ours.npv_usd, out.project_return_aftertax_npv, 2, tolerance * 1e9)
        yield Row(f"{name}: debt, $", ours.debt_usd, out.size_of_debt, 2, max(0.05, tolerance * 1e9))
        yield Row(f"{name}: IRR, %", _times(ours.irr_frac, 100.0) or np.nan, out.analysis_period_irr, 4, 0.01)


def fixed_charge() -> Iterator[Row]:
    """T4: SAM's LCOE calculator."""
    from wattworth.finance.project import fixed_charge_cost_usd_per_mwh

    for name, capital, fixed, rate, kwh, theirs in (
        ("Generic", 182_700_000.0, 5_100_000.0, 0.082229684708613957, 756_864_000.0, 0.026587819471217775),
        ("PVWatts", 52_000_000.0, 650_000.0, 0.081602577429142953, 105_741_823.8917052, 0.046276240055466697),
        ("Geothermal", 172_485_199.53989035, 4_885_201.7298879623, 0.098, 261_253_355.296875, 0.083400847656243851),
    ):
        ours = fixed_charge_cost_usd_per_mwh(
            capital_usd=capital,
            fixed_charge_frac=rate,
            fixed_usd=fixed,
            energy_mwh=kwh / 1000.0,
            variable_usd_per_mwh=0.0,
        )
        yield Row(f"T4 {name}: LCOE, $/kWh", ours / 1000.0, theirs, 15, 1e-12, relative=True)


def generator() -> Iterator[Row]:
    """T13: REopt's diesel generator off the grid."""
    gallons = 100.0 * 0.99 / 0.3232898 / 40.7
    replaced = (*((0.0,) * 9), 700.0, *((0.0,) * 10))
    yield Row("T13 fuel, gal", gallons, 7.52, 2, 0.005)
    yield Row("T13 fuel in year 1, $", 3.0 * gallons, 22.57, 2, 0.005)
    yield Row("T13 fuel of 20 years after tax, $", -_reopt(22.57, ()), 205.35, 2, 0.02)
    yield Row("T13 replacement in year 10, $/kW", -_reopt(0.0, replaced), 324.235442, 6, 5e-7)


def depreciation() -> Iterator[Row]:
    """T26: the half-year tables of IRS publication 946."""
    from wattworth.finance.project import SCHEDULE_FRAC

    tables = {
        "macrs_3": (33.33, 44.45, 14.81, 7.41),
        "macrs_5": (20.0, 32.0, 19.2, 11.52, 11.52, 5.76),
        "macrs_7": (14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46),
    }
    shares = {str(name): values for name, values in SCHEDULE_FRAC.items()}
    for schedule, percent in tables.items():
        for year, theirs in enumerate(percent, 1):
            ours = 100.0 * float(shares[schedule][year - 1])
            yield Row(f"T26 {schedule}, year {year}, %", ours, theirs, 2, 1e-9)


def property_sale() -> Iterator[Row]:
    """T28: Geltner's property, sold on next year's income."""
    for years in (1, 5, 10, 30):
        yield Row(f"T28 sold in year {years}, $", _property_usd(0.0, 0.0, years), 1000.0, 2, 1e-9)
    good, bad, early = (_property_usd(*path) for path in ((10.0, 3.0, 10), (-10.0, -3.0, 10), (-10.0, -3.0, 1)))
    yield Row("T28 good path, sold in year 10, $", good, 1294.08, 2, 0.005)
    yield Row("T28 bad path, sold in year 10, $", bad, 705.92, 2, 0.005)
    yield Row("T28 sold early where bad, mean, $", 0.5 * early + 0.5 * good, 1083.0, 1, 0.5)


def rates() -> Iterator[Row]:
    """T32: rates of return that other tools get wrong."""
    from wattworth.finance.project import all_internal_rates, dated_internal_rates

    first = all_internal_rates([-1678.87, 771.96, 1814.05, 3520.30, 3552.95, 3584.99, 4789.91, -1.0])
    second = all_internal_rates([-50.0, -100.0, 600.0, 300.0, -100.0])
    low = all_internal_rates([-10_000.0, *([327.24625] * 16)])
    days = [dt.date(2008, 1, 1), dt.date(2008, 3, 1), dt.date(2008, 10, 30), dt.date(2009, 2, 15), dt.date(2009, 4, 1)]
    dated = dated_internal_rates([-10_000.0, 2750.0, 4250.0, 3250.0, 2750.0], days)
    yield Row("T32 useful root of the first", first.irr_frac or np.nan, 1.0042698487, 10, 1e-10)
    yield Row("T32 upper root of the second", second.roots_frac[-1], 1.8544178284, 10, 1e-10)
    yield Row("T32 lower root of the second", second.roots_frac[0], -0.7688954707, 10, 1e-10)
    yield Row("T32 a loss of 7 % a year", low.irr_frac or np.nan, -0.0676541134, 10, 1e-10)
    yield Row("T32 dated flows (Excel's XIRR)", dated.irr_frac or np.nan, 0.3733625335, 10, 1e-10)


def sculpting() -> Iterator[Row]:
    """T34: debt sculpted to its cover."""
    from wattworth.finance.project import sculpted_debt_usd

    debt = float(sculpted_debt_usd(np.array([100.0, 110.0, 120.0, 130.0, 140.0]), 1.30, 0.06))
    yield Row("T34 sculpted debt, $", debt, 385.062973, 6, 5e-7)


def off_grid() -> Iterator[Row]:
    """C1: break-even of 100 MW of flat load on gas alone, two codes."""
    for gas_mw, kind, clark, ben_james in OFF_GRID:
        ours = _off_grid_usd_per_mwh(gas_mw, kind)
        yield Row(f"C1 {gas_mw:g} MW, {kind}, $/MWh (Clark)", ours, clark, 5, 0.01)
        yield Row(f"C1 {gas_mw:g} MW, {kind}, $/MWh (Ben James)", ours, ben_james, 5, 0.01)


SECTIONS: Final = {
    "headline": sam_headline,
    "rows": sam_rows,
    "live": sam_live,
    "fixed-charge": fixed_charge,
    "generator": generator,
    "depreciation": depreciation,
    "property": property_sale,
    "rates": rates,
    "sculpting": sculpting,
    "off-grid": off_grid,
}
"""Tables of the page by the name of their marks."""


def validation_rows(name: str) -> list[Row]:
    """Rows of one table, computed now."""
    return list(SECTIONS[name]())


def validation_page() -> str:
    """The page with its tables made anew."""
    text = PAGE.read_text(encoding="utf-8")
    for name in SECTIONS:
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not marks.search(text):
            raise ValueError(f"{PAGE.name} has no place for the table {name}")
        made = _table(validation_rows(name))
        text = marks.sub(lambda found, made=made: f"{found[1]}\n{made}\n{found[2]}", text)
    return text


def _table(rows: list[Row]) -> str:
    lines = ["| number | ours | theirs | apart | tolerance | |", "|---|---:|---:|---:|---:|---|"]
    for row in rows:
        tolerance = _short(CENT if row.tolerance == CENT else row.tolerance) + (" of it" if row.relative else "")
        numbers = (f"{row.ours:,.{row.digits}f}", f"{row.theirs:,.{row.digits}f}", _apart(row))
        lines.append(f"| {row.what} | {' | '.join(numbers)} | {tolerance} | {'holds' if row.holds else '**FAILS**'} |")
    return "\n".join(lines) + "\n"


def _apart(row: Row) -> str:
    """Difference in one digit; what is far below the tolerance moves with the machine and is not shown."""
    least = row.tolerance / 100.0
    return f"< {_short(least)}" if abs(row.apart) < least else f"{row.apart:.1g}"


def _short(number: float) -> str:
    return f"{number:.1g}" if number < 1.0 else f"{number:,.3g}"


def _times(number: float | None, factor: float) -> float | None:
    return None if number is None else number * factor


def _generic() -> Any:
    from wattworth.finance.case_file import read_case
    from wattworth.finance.project import evaluate

    return evaluate(read_case(EXAMPLE))


def _test_module(name: str) -> Any:
    """A module of tests/reference, which holds the translation of SAM's inputs."""
    import importlib

    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return importlib.import_module(f"tests.reference.{name}")


def _reopt(fuel_usd: float, replaced: tuple[float, ...]) -> float:
    from wattworth.finance.project import (
        Capital,
        CostPart,
        Discounting,
        Operating,
        ProjectCase,
        Tax,
        YearlyLine,
        evaluate,
    )

    lines = (YearlyLine(name="replacement", usd_by_year=replaced),) if replaced else ()
    case = ProjectCase(
        convention="reopt",
        analysis_years=20,
        capital=Capital(parts=(CostPart(name="nothing", usd=0.0),)),
        operating=Operating(fuel_mmbtu_per_year=fuel_usd, fuel_price_usd_per_mmbtu=1.0, other=lines),
        tax=Tax(federal_frac=0.26 if fuel_usd else 0.0),
        discounting=Discounting(inflation_frac=0.027 if fuel_usd else 0.0, nominal_frac=0.08),
    )
    return evaluate(case).npv_usd


def _property_usd(start: float, step: float, sale_year: int) -> float:
    """Income of half the rent, growing 2 %, that starts higher and rises by a step more; sold at 5 %."""
    from wattworth.finance import present_value_usd
    from wattworth.finance.project import exit_value_usd

    year = np.arange(sale_year + 1)
    income = 0.5 * ((100.0 + start) * 1.02**year + step * year)
    cash = np.concatenate([[0.0], income[:-1]])
    cash[-1] += exit_value_usd(float(income[-1]), 0.05)
    return float(present_value_usd(cash, 0.07))


def _off_grid_usd_per_mwh(gas_mw: float, kind: str) -> float:
    """Break-even of validation.md B: 100 MW flat, 20 years, 70 % debt, owners at 11 %."""
    from wattworth.finance import project as p

    capex_usd_per_kw, btu_per_kwh, capacity_usd, variable_usd = ENGINES[kind]
    hard_usd = 1000.0 * gas_mw * capex_usd_per_kw + 100e3 * 410.0
    case = p.ProjectCase(
        convention="offgridai",
        analysis_years=20,
        nameplate_mw=gas_mw,
        energy=p.Energy(year1_mwh=876_000.0),
        operating=p.Operating(
            capacity_usd_per_kw_year=capacity_usd,
            variable_usd_per_mwh=variable_usd,
            fixed_usd_per_year=100e3 * 6.0 + 0.0025 * hard_usd,
            fuel_mmbtu_per_year=876_000.0 * btu_per_kwh / 1000.0,
            fuel_price_usd_per_mmbtu=5.0,
            fuel_above_inflation_frac=0.005,
        ),
        capital=p.Capital(parts=(p.CostPart(name="all", usd=1.118 * hard_usd),)),
        debt=p.Debt(profile="level_payment", share_frac=0.7, rate_frac=0.075, tenor_years=20),
        tax=p.Tax(federal_frac=0.21),
        depreciation=p.Depreciation(classes=(p.AssetClass(share_frac=1.0, schedule="macrs_5"),)),
        discounting=p.Discounting(inflation_frac=0.025, nominal_frac=0.11),
        target=p.Target(irr_frac=0.11),
    )
    return p.price_for_return(case)


def main() -> int:
    """Write the page where it is stale, or with ``--check`` only say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 if stale or out of tolerance")
    given = parser.parse_args()
    made = validation_page()
    stale = made != PAGE.read_text(encoding="utf-8")
    if stale and not given.check:
        PAGE.write_text(made, encoding="utf-8")
    if stale:
        print(f"{'stale' if given.check else 'wrote'} {PAGE.relative_to(ROOT)}", file=sys.stderr)
    failed = made.count("**FAILS**")
    if failed:
        print(f"{failed} rows are out of their tolerance", file=sys.stderr)
    return int(failed > 0 or (given.check and stale))


if __name__ == "__main__":
    sys.exit(main())
