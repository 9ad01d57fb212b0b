"""The names of ``import wattworth as ww`` are what they say, whatever was imported before."""

from __future__ import annotations

from importlib import import_module

import pytest

import wattworth as ww


@pytest.mark.parametrize("name", ww.__all__)
def test_a_public_name_is_never_hidden_by_a_room(name: str) -> None:
    for room in ("solve", "gap", "gas", "portfolio", "reports", "store", "valuation", "timeline", "evidence"):
        import_module(f"wattworth.{room}")
    assert callable(getattr(ww, name))
