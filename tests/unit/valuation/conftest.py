"""One run of every kind of site, shared by the tests of this room."""

from __future__ import annotations

import pytest

from tests.studies import study
from wattworth.valuation import Run, value

DRAWS = 600


@pytest.fixture(scope="session")
def run() -> Run:
    """600 draws: two chunks and a padded third."""
    return value(study(), draws=DRAWS, seed=7, workers=1)
