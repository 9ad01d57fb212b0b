"""Examples in docstrings say what happens."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

WITH_EXAMPLES = ("parts", "raw", "tables")


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_hold(name):
    failed, tried = doctest.testmod(import_module(f"wattworth.study.{name}"))
    assert tried > 0
    assert failed == 0
