"""A small run of the packaged study, its workbook, and the same worked out anew by LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.reports.workbook.office import office
from wattworth.reports.workbook import write_workbook
from wattworth.valuation import Run, value

SITES = ("mara-granbury:turnkey", "mara-findlay:powered_shell", "cifr-barber-lake", "mara-kearney:site_sale")


@pytest.fixture(scope="session")
def program() -> str:
    return office()


@pytest.fixture(scope="session")
def run() -> Run:
    return value("us-miners", draws=64, sites="[cm]*-[bgfk]*", workers=1)


@pytest.fixture(scope="session")
def book(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(run, tmp_path_factory.mktemp("book") / "run.xlsx", sites=SITES)
