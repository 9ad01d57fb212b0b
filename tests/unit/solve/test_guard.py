from __future__ import annotations

import pytest

from wattworth.errors import SolveError
from wattworth.solve import Columns, Each, Model, Rows, presolve_for, solve
from wattworth.solve import highs as highs_file


@pytest.mark.parametrize(
    ("version", "whole", "presolve"),
    [
        ("1.16.0", True, "choose"),
        ("1.15.1", True, "choose"),
        ("2.0.0", True, "choose"),
        ("1.14.0", True, "off"),
        ("1.14.7", True, "off"),
        ("1.14", True, "off"),
        ("1.14.0", False, "choose"),
        ("1.7.2", False, "choose"),
    ],
)
def test_presolve_of_each_version(version, whole, presolve):
    assert presolve_for(version, whole) == presolve


@pytest.mark.parametrize("version", ["1.15.0", "1.13.0", "0.9.1"])
def test_versions_that_are_not_trusted_with_whole_numbers(version):
    with pytest.raises(SolveError, match=f"got version {version}, need 1.15.1 or later"):
        presolve_for(version, True)


def test_a_version_that_cannot_be_read():
    with pytest.raises(SolveError, match="reinstall highspy"):
        presolve_for("unknown", False)


@pytest.mark.parametrize(("whole", "noted"), [(True, True), (False, False)])
def test_the_guard_is_asked_and_its_way_round_is_said(monkeypatch, whole, noted):
    monkeypatch.setattr(highs_file, "presolve_for", lambda version, has: presolve_for("1.14.0", has))
    model = Model((Columns("x", integer=whole, cost=1.0),), (Rows("r", lower=2.0, terms=(Each("x"),)),))
    notes = solve(model).notes
    assert any("without presolve" in note for note in notes) is noted
