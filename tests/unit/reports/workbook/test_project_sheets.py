"""The sheet of a project says what `wattworth finance` says, debt and all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.reports.workbook.office import changed, differences, named, places, recalculated, values
from wattworth.errors import DataError
from wattworth.finance.case_file import read_case
from wattworth.finance.project import ProjectCase, evaluate, vary
from wattworth.reports.workbook import write_workbook

EXAMPLES = ("bitcoin-mine", "gpu-cloud-prepaid", "powered-shell-reit", "sam-generic", "turnkey-lease")
CHANGES = {
    "turnkey-lease": {"revenue.other.0.usd_per_year": 3.4e8, "capital.parts.0.usd": 1.7e9, "debt.dscr_ratio": 1.5},
    "sam-generic": {"debt.dscr_ratio": 1.2, "energy.year1_mwh": 8e5, "tax.state_frac": 0.05},
    "gpu-cloud-prepaid": {"prepayment.usd": 1.5e9, "debt.share_frac": 0.5, "debt.rate_frac": 0.08},
    "powered-shell-reit": {"terminal.exit_cap_rate_frac": 0.07, "debt.max_loan_to_value_frac": 0.4},
    "bitcoin-mine": {"operating.variable_usd_per_mwh": 61.6, "depreciation.federal_bonus_frac": 0.4},
}


def _read(root: Path, name: str) -> ProjectCase:
    return read_case(root / "examples" / "finance" / f"{name}.yaml")


def _wanted(case: ProjectCase) -> dict[str, float | None]:
    found = evaluate(case)
    return {
        "npv_usd": found.npv_usd,
        "irr_frac": found.equity_rates.irr_frac,
        "debt_usd": found.debt_usd,
        "equity_usd": found.equity_usd,
        "dscr_min_ratio": found.dscr_min_ratio,
        "dscr_mean_ratio": found.dscr_mean_ratio,
        "llcr_ratio": found.llcr_ratio,
    }


HAND = ProjectCase.model_validate(
    {
        "analysis_years": 2,
        "capital": {"parts": [{"name": "plant", "usd": 500.0}]},
        "revenue": {"other": [{"name": "rent", "usd_per_year": 130.0}]},
        "debt": {"dscr_ratio": 1.3, "rate_frac": 0.1, "tenor_years": 2},
        "discounting": {"nominal_frac": 0.1},
    }
)


@pytest.fixture(scope="module")
def folder(root: Path, program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every example as it is and changed, as written; worked out anew in the folder ``done`` of it."""
    out = tmp_path_factory.mktemp("projects")
    files = [write_workbook(HAND, out / "hand.xlsx")]
    for name in EXAMPLES:
        path = write_workbook(_read(root, name), out / f"{name}.xlsx")
        cells = {("Project", key.replace(".", "_")): number for key, number in CHANGES[name].items()}
        files += [path, changed(path, cells, out / f"{name}-moved.xlsx")]
    recalculated(program, out, *files)
    return out


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_out_anew_and_changed_it_gives_what_the_engine_gives(name: str, root: Path, folder: Path) -> None:
    """Proves: value, rate, debt and cover follow from the inputs by formulas alone.

    Sensitivity: each change moves the engine's value by more than 1e-3 of itself.
    """
    case, path, done = _read(root, name), folder / f"{name}.xlsx", folder / "done"
    wanted, known = _wanted(case), places(path)
    assert differences(path, done / path.name) == []
    assert named(done / path.name, known, "Project", *wanted) == pytest.approx(wanted, rel=1e-6)
    moved = _wanted(vary(case, CHANGES[name]))
    assert abs((moved["npv_usd"] or 0.0) / (wanted["npv_usd"] or 1.0) - 1.0) > 1e-3
    asked = {key: number for key, number in moved.items() if number is not None}
    assert named(done / f"{name}-moved.xlsx", known, "Project", *asked) == pytest.approx(asked, rel=1e-6)
    for file in (path.name, f"{name}-moved.xlsx"):
        assert [row for row in values(done / file, "Checks")[3:] if row[2] != 1] == []


def test_debt_of_a_hand_worked_case(folder: Path) -> None:
    """Proves: sculpted debt is the cash over its cover, discounted at the interest.

    130 a year for two years at a cover of 1.3 and 10 %: 100 / 1.1 + 100 / 1.21 = 173.553719. Sensitivity: discounting
    the cash itself, its cover forgotten, gives 225.6.
    """
    path = folder / "hand.xlsx"
    found = named(folder / "done" / path.name, places(path), "Project", "debt_usd", "npv_usd", "dscr_min_ratio")
    assert found["debt_usd"] == pytest.approx(100 / 1.1 + 100 / 1.21, rel=1e-9)
    assert found["dscr_min_ratio"] == pytest.approx(1.3, rel=1e-9)
    assert found["npv_usd"] == pytest.approx(-500 + 173.5537190083 + 30 / 1.1 + 30 / 1.21, rel=1e-9)


def test_parts_without_formulas_are_all_named(root: Path, tmp_path: Path) -> None:
    case = _read(root, "sam-generic")
    assert case.debt is not None
    held = case.model_dump(exclude_unset=True)
    held["debt"]["lock_up_dscr_ratio"] = 1.1
    held["debt"]["sweep"] = {"share_frac": 0.5}
    path = tmp_path / "none.xlsx"
    with pytest.raises(DataError, match=r"SAM Generic System: .*debt\.sweep, debt\.lock_up_dscr_ratio"):
        write_workbook(ProjectCase.model_validate(held), path)
    assert list(tmp_path.iterdir()) == []
