"""A study as the markets see it: the packaged facts, a month and a horizon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wattworth import facts, markets
from wattworth.records import ParameterDraws

REGIONS = ("ercot_west", "ercot_hub", "pjm", "miso", "tva", "nyiso_west")


@pytest.fixture(scope="session")
def book() -> Mapping[str, Any]:
    return facts.load()


@pytest.fixture
def study(book) -> SimpleNamespace:
    return SimpleNamespace(as_of="2026-06", horizon_years=30, facts=book, commodity_case="2026", market_series={})


@pytest.fixture(scope="session")
def stated(book) -> Callable[..., ParameterDraws]:
    """Parameters at their stated values, with changes, for a number of draws."""

    def make(n_draw: int, **changes: float) -> ParameterDraws:
        keys = {*markets.FACT_KEYS, *(key for region in REGIONS for key in markets.region_keys(region))}
        values = {key: np.full(n_draw, book[key].value) for key in keys}
        values |= {key.replace("__", "."): np.full(n_draw, float(value)) for key, value in changes.items()}
        return ParameterDraws(values)

    return make


@pytest.fixture(scope="session")
def regions() -> tuple[str, ...]:
    return REGIONS
