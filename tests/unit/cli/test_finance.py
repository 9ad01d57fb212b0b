"""`finance`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Call
from wattworth.reports.statements import _TABLES

KEYS = {
    "npv_usd",
    "irr_frac",
    "debt_usd",
    "installed_cost_usd",
    "lcoe_nominal_usd_per_mwh",
    "lcoe_real_usd_per_mwh",
    "dscr_min",
    "statement",
}
ODD = """\
analysis_years: 2
capital: {parts: [{name: plant, usd: 1}]}
discounting: {nominal_frac: 0.1}
"""


@pytest.fixture
def generic(root: Path) -> Path:
    return root / "examples" / "finance" / "sam-generic.yaml"


def numbers(found: Any) -> list[float]:
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else []
    return [x for part in inside for x in numbers(part)] + ([found] if isinstance(found, float) else [])


def test_json_holds_the_headline_and_the_statement_by_row(call: Call, generic: Path) -> None:
    answer = call("finance", generic, "--json")
    found = json.loads(answer.out)
    assert answer.code == 0
    assert answer.err == ""
    assert found.keys() >= KEYS
    assert found["debt_binding"] == "dscr"
    assert found["case"]["debt"]["tenor_years"] == 18
    assert len(found["statement"]["after_tax_equity_usd"]) == len(found["year"]) == 26
    assert all(math.isfinite(x) for x in numbers(found))


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_page_fits_and_names_all_a_lender_asks(
    call: Call, generic: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    answer = call("finance", generic)
    assert answer.code == 0
    assert max(map(len, answer.out.splitlines())) <= width
    for word in ("NPV", "IRR", "the only root", "60.19 %", "bound by", "LCOE", "least DSCR", "payback", "multiple"):
        assert word in answer.out
    for title in ("Cash of the owners", "Debt and reserves", "Tax", "Income and balance", "sources", "uses"):
        assert title in answer.out
    assert "convention sam" in answer.out
    assert "nan" not in answer.out.lower().split()


@pytest.mark.parametrize("name", ["turnkey-lease", "powered-shell-reit", "gpu-cloud-prepaid", "bitcoin-mine"])
def test_every_example_fits_and_its_cash_adds_up(
    call: Call, root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Proves: the columns shown of the owners' cash add up to it in every year, whatever the structure of the debt."""
    monkeypatch.setenv("COLUMNS", "100")
    path = root / "examples" / "finance" / f"{name}.yaml"
    shown = call("finance", path).out
    assert max(map(len, shown.splitlines())) <= 100
    assert "…" not in shown
    found = json.loads(call("finance", path, "--json").out)
    parts = [c for c in _TABLES[0].columns if c.head not in ("EBITDA", "owners", "to date")]
    total = [sum(x or 0.0 for x in year) for year in zip(*(part.values(found) for part in parts), strict=True)]
    assert total == pytest.approx(found["statement"]["after_tax_equity_usd"], abs=0.01)


def test_vehicles_are_compared_where_the_file_asks(call: Call, root: Path) -> None:
    answer = call("finance", root / "examples" / "finance" / "powered-shell-reit.yaml")
    assert "What holders keep" in answer.out
    assert "the REIT passes all" in answer.out


def test_the_convention_given_is_printed(call: Call, generic: Path) -> None:
    found = {
        name: json.loads(call("finance", generic, "--json", "--convention", name).out)
        for name in ("sam", "reopt", "mid_year")
    }
    assert len({round(each["npv_usd"]) for each in found.values()}) == 3
    assert "convention reopt: prices of year 1 escalated once" in call("finance", generic, "--convention", "reopt").out


def test_out_leaves_the_document_and_the_whole_statement(call: Call, generic: Path, tmp_path: Path) -> None:
    answer = call("finance", generic, "--out", tmp_path / "new" / "folder")
    assert answer.out.count("wrote ") == 2
    found = json.loads((tmp_path / "new" / "folder" / "project.json").read_text(encoding="utf-8"))
    with (tmp_path / "new" / "folder" / "statement.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["row"]: row for row in csv.DictReader(stream)}
    assert rows.keys() == found["statement"].keys()
    assert float(rows["debt_balance_usd"]["year 0"]) == found["debt_usd"]
    assert rows["dscr_ratio"]["year 25"] == ""


def test_remarks_have_cause_and_fix_and_strict_counts_them(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(ODD, encoding="utf-8")
    answer = call("finance", path)
    assert answer.code == 0
    assert "irr_undefined (irr_frac): there is no rate of return" in " ".join(answer.out.split())
    assert "To mend:" in answer.out
    assert call("finance", path, "--strict").code == 1
    assert json.loads(call("finance", path, "--json").out)["irr_frac"] is None


def test_a_mistake_ends_with_2_and_its_line(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(ODD.replace("nominal_frac", "nominal").replace("usd: 1", "usd: -1"), encoding="utf-8")
    answer = call("finance", path)
    assert answer.code == 2
    assert answer.out == ""
    assert 'bad.yaml line 3: unknown key "nominal" (did you mean "nominal_frac"?)' in answer.err
    assert "bad.yaml line 2" in answer.err
    assert call("finance", tmp_path / "none.yaml").code == 2
    assert call("finance", path, "--convention", "none").code == 2
    assert call("finance", path, "--out", path).code == 2


def test_a_return_that_no_price_gives_ends_with_3(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "unreachable.yaml"
    path.write_text(ODD + "target: {irr_frac: 0.1}\n", encoding="utf-8")
    answer = call("finance", path)
    assert answer.code == 3
    assert "no price of energy" in answer.err
