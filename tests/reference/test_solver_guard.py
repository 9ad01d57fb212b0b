"""Mixed programmes that HiGHS 1.14 gets wrong (T35 of validation.md; HiGHS issues 2961 and 3002)."""

from __future__ import annotations

import pytest

from wattworth.solve import Columns, Each, Model, Options, Rows, solve
from wattworth.solve import highs as highs_file

CASES = {
    28.2: Model(
        (Columns("x", upper=20.0, cost=1.0, integer=True), Columns("y", lower=8.0, upper=20.0, cost=2.0)),
        (Rows("need", lower=20.1, terms=(Each("x"), Each("y"))),),
    ),
    20.0: Model(
        (Columns("a"), Columns("b", cost=2.0), Columns("y", upper=1.0, cost=99_999.0, integer=True)),
        (
            Rows("need", lower=10.0, upper=10.0, terms=(Each("a"), Each("b"))),
            Rows("switch", upper=0.0, terms=(Each("a"), Each("y", -100.0))),
        ),
    ),
    9.0: Model(
        (Columns("x", upper=10.0, cost=2.0), Columns("z", upper=10.0, cost=3.0, integer=True)),
        (Rows("need", lower=4.5, terms=(Each("x"), Each("z"))),),
    ),
}
"""Optimum by hand to model: 12 + 2 x 8.1; b alone, as the switch is dear; x alone."""


@pytest.mark.parametrize("optimum", CASES)
def test_whole_number_optimum(optimum):
    """Proves: the installed HiGHS finds the true optimum.

    Sensitivity: the presolve of 1.14.0 gives 29.0, 99,999 and 15, each called optimal.
    """
    found = solve(CASES[optimum], Options(gap_frac=0.0))
    assert found.objective == pytest.approx(optimum, abs=1e-9)
    assert found.bound == pytest.approx(optimum, abs=1e-5)  # its search stops within 1e-6


@pytest.mark.parametrize("optimum", CASES)
def test_way_round_the_wrong_version(optimum, monkeypatch):
    """Proves: what the guard does under 1.14 (no presolve) gives the same, and says so.

    Sensitivity: without the guard 1.14.0 itself gave 29.0, 99,999 and 15; with it 28.2, 20 and 9.
    """
    real = highs_file.presolve_for
    monkeypatch.setattr(highs_file, "presolve_for", lambda version, whole: real("1.14.0", whole))
    found = solve(CASES[optimum], Options(gap_frac=0.0))
    assert found.objective == pytest.approx(optimum, abs=1e-9)
    assert any("1.14" in note for note in found.notes)
