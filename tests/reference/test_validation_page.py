"""The page that sets our numbers beside those of others: fresh, and every row within its tolerance."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def tool(root: Path) -> ModuleType:
    """tools/build_validation.py as a module."""
    pytest.importorskip("PySAM", reason="nrel-pysam is not installed")
    spec = importlib.util.spec_from_file_location("build_validation", root / "tools" / "build_validation.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_page_is_fresh_and_every_row_holds(tool: ModuleType) -> None:
    """Proves: the page shows what this version computes, beside the published, and nothing is out of tolerance.

    Sensitivity: a thousandth of any published figure changed makes its row fail; a digit changed makes it stale.
    """
    made = tool.validation_page()
    assert "**FAILS**" not in made
    assert made == tool.PAGE.read_text(encoding="utf-8"), "run tools/build_validation.py"


def test_a_row_out_of_tolerance_is_told(tool: ModuleType) -> None:
    assert tool.Row("a", 1.0, 1.0 + 5e-5, 2, 1e-4, relative=True).holds
    assert not tool.Row("a", 1.0, 1.0 + 2e-4, 2, 1e-4, relative=True).holds
    assert not tool.Row("a", float("nan"), 1.0, 2, 1e-4).holds
    assert "**FAILS**" in tool._table([tool.Row("a", 2.0, 1.0, 2, 1e-4)])
