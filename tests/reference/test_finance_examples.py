"""The examples of project finance: SAM's published figures through the command line, and every case's identities."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reference.test_sam_generic import CENT, ROWS, YEARS
from wattworth.cli import main

EXAMPLES = ("sam-generic", "turnkey-lease", "powered-shell-reit", "gpu-cloud-prepaid", "bitcoin-mine")
MEANT = {"powered-shell-reit": {"balloon_repaid_by_owners"}}  # out of the sale
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Evaluate an example by the command line."""

    def evaluated(name: str, *words: str) -> dict[str, Any]:
        capsys.readouterr()
        assert main(["finance", str(root / "examples" / "finance" / f"{name}.yaml"), "--json", *words]) == 0
        return json.loads(capsys.readouterr().out)

    return evaluated


def test_every_example_is_tried(root: Path) -> None:
    assert {path.stem for path in (root / "examples" / "finance").glob("*.yaml")} == set(EXAMPLES)


def test_sam_generic_gives_the_published_figures(run: Run) -> None:
    """Proves: validation.md B1 and every row of B3, through the case file and the command line.

    Sensitivity: the fuel in kWh instead of MMBtu, or an escalation in percent, moves revenue or fuel of year 1.
    """
    found = run("sam-generic")
    assert found["npv_usd"] == pytest.approx(-125_728_686.2369827, rel=1e-4)
    assert found["irr_frac"] == pytest.approx(0.05317010658974328, abs=1e-4)
    assert found["debt_usd"] == pytest.approx(734_600_910.5918515, rel=1e-4)
    assert found["installed_cost_usd"] == pytest.approx(1_220_382_401.9643528, rel=1e-4)
    assert found["lcoe_nominal_usd_per_mwh"] == pytest.approx(276.92989702086596, rel=1e-4)
    assert found["lcoe_real_usd_per_mwh"] == pytest.approx(219.8742699376968, rel=1e-4)
    assert found["dscr_min"] == pytest.approx(1.30, rel=1e-4)
    for row, published in ROWS.items():
        assert [found["statement"][row][year] for year in YEARS] == pytest.approx(published, abs=CENT), row
    assert found["remarks"] == []


def rows_of(found: dict[str, Any]) -> dict[str, np.ndarray]:
    return {name: np.array(row, dtype=np.float64) for name, row in found["statement"].items()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_identities_of_every_example(run: Run, name: str) -> None:
    """Proves: sources = uses, debt drawn = repaid, the balance ties every year, and NPV is its discounted rows.

    Sensitivity: any line of cash that is left out of the balance, or counted twice, breaks it by its amount.
    """
    found = run(name)
    rows, year = rows_of(found), np.array(found["year"])
    cent = max(0.01, 1e-12 * found["installed_cost_usd"])
    assert sum(found["sources_usd"].values()) == pytest.approx(sum(found["uses_usd"].values()), abs=cent)
    lent = rows["debt_drawn_usd"].sum() + rows["refinanced_usd"].sum()
    assert lent == pytest.approx(rows["principal_usd"].sum(), abs=cent)
    assert rows["debt_balance_usd"][-1] == pytest.approx(0.0, abs=cent)
    owned = rows["liabilities_usd"] + rows["owners_equity_usd"]
    assert rows["assets_usd"] == pytest.approx(owned, abs=cent)
    assert rows["revenue_usd"] - rows["opex_usd"] == pytest.approx(rows["ebitda_usd"], abs=cent)
    worth = np.sum(rows["after_tax_equity_usd"] / (1.0 + found["discount_rate_frac"]) ** year)
    assert found["npv_usd"] == pytest.approx(worth, abs=cent)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_makes_sense(run: Run, name: str) -> None:
    """Proves: a rate of return from 5 to 25 %, debt below cost and covered in every year, and no remark unmeant.

    Sensitivity: the shell without the price of its site earns 32 %, the hall without its renewals 1 %.
    """
    found = run(name)
    assert found["irr_status"] == "ok"
    assert 0.05 <= found["irr_frac"] <= 0.25
    assert 0.0 < found["debt_usd"] < 0.85 * found["installed_cost_usd"]
    assert found["dscr_min"] >= 1.15
    assert found["equity_multiple"] > 1.0
    assert {remark["code"] for remark in found["remarks"]} == MEANT.get(name, set())


def test_what_the_comments_of_the_examples_claim(run: Run) -> None:
    """Proves: rent of year 1, twenty years of it, the lease's ten years, and the sum of the cloud's contract.

    Sensitivity: the average rent of $370m instead of the first year's overstates it by 15 %.
    """
    hall = rows_of(run("turnkey-lease"))["revenue_usd"]
    assert hall[2] / (200e3 * 12.0) == pytest.approx(134.480, abs=5e-4)  # $/kW and month, methods.md section 2
    assert hall[2:12].sum() == pytest.approx(3.7e9, abs=10.0)
    assert hall[2:21].sum() + hall[2] * 1.03**19 == pytest.approx(8.7e9, rel=5e-3)
    found = run("gpu-cloud-prepaid")
    cloud, sources = rows_of(found), found["sources_usd"]
    assert cloud["other_revenue_usd"].sum() == pytest.approx(9.7e9, abs=1.0)
    assert cloud["prepayment_credit_usd"].sum() == pytest.approx(sources["prepayment"], rel=1e-12)
    assert cloud["prepayment_credit_usd"][3:].min() == pytest.approx(1.94e9 / 3.0, rel=1e-5)
    assert sources["debt"] == pytest.approx(3.6e9, rel=1e-3)
    mine = rows_of(run("bitcoin-mine"))
    assert mine["price_usd_per_mwh"][1] == pytest.approx(33.0 * 1000.0 / (24.0 * 11.0), rel=1e-12)


def test_the_shell_in_three_vehicles(run: Run) -> None:
    """Proves: the project company of the comparison is the case itself, and a trust that passes its tests pays less.

    Sensitivity: other tax rates, or another discount rate, in the vehicle than in the case part the first two.
    """
    found = run("powered-shell-reit")
    vehicles = found["vehicles"]["vehicles"]
    assert vehicles["project_company"]["value_usd"] == pytest.approx(found["npv_usd"], rel=1e-9)
    assert vehicles["corporate"]["value_usd"] == pytest.approx(found["npv_other_losses_usd"], rel=1e-9)
    assert vehicles["reit"]["taxed_as"] == "trust"
    assert all(test["passes"] for test in vehicles["reit"]["tests"])
    assert vehicles["reit"]["value_usd"] > vehicles["project_company"]["value_usd"]
    assert vehicles["reit"]["value_usd"] < vehicles["reit"]["before_tax_value_usd"]


def test_the_same_inputs_under_every_convention(run: Run) -> None:
    """Proves: five conventions give five values of the same case, each told in the answer.

    Sensitivity: a convention that is read and not used gives the same value twice.
    """
    names = ("wattworth", "sam", "reopt", "offgridai", "mid_year")
    found = {name: run("sam-generic", "--convention", name) for name in names}
    assert [found[name]["convention"] for name in names] == list(names)
    assert found["wattworth"]["npv_usd"] == pytest.approx(found["sam"]["npv_usd"], rel=1e-9)  # no cap binds here
    assert len({round(each["npv_usd"], -3) for each in found.values()}) == 4
