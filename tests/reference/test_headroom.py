"""Curtailment-enabled headroom: section C of validation.md and section 9 of methods.md."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.supply.headroom import Season, area_load, headroom, headroom_at, line_headroom
from wattworth.supply.system import YEAR_H

FLAT = (Season("all", tuple(range(1, 13)), tuple(range(1, 13))),)
PRINTED_GW = (
    *(17.8, 14.8, 10.0, 9.7, 7.7, 5.0, 4.5, 4.2),  # PJM, MISO, ERCOT, SPP, SOCO, CAISO, TVA, FPL
    *(4.0, 3.5, 2.8, 2.1, 1.9, 1.6, 1.5, 1.5),  # NYISO, ISNE, DEC, DEF, BPA, AZPS, PACE, SRP
    *(1.3, 1.2, 1.0, 0.9, 0.7, 0.6),  # DEP, PSCO, PACW, PGE, SCP, DESC
)


def test_five_hours():
    """Proves: 8 MW beside 100, 98, 95, 90 and 80 are curtailed by 8, 6 and 3 of 40 MWh, 0.425, and back again.

    Sensitivity: hours below the threshold counted as negative curtailment give 0.075.
    """
    area = area_load(np.array([100.0, 98.0, 95.0, 90.0, 80.0]), np.ones(5, dtype=np.int64), FLAT)
    found = headroom_at(area, 8.0)
    assert found.rate_frac == pytest.approx(0.425, rel=1e-12)
    assert headroom(area, 0.425).added_mw == pytest.approx(8.0, rel=1e-12)


def test_sum_of_the_printed_areas():
    """Proves: the 22 areas of the paper sum to 98.3 GW, printed as 98 at 0.5 %. Sensitivity: a row left out."""
    assert len(PRINTED_GW) == 22
    assert sum(PRINTED_GW) == pytest.approx(98.3, abs=1e-9)
    assert round(sum(PRINTED_GW)) == 98


def test_share_of_energy_in_the_text():
    """Proves: 1,643 of 657,000 GWh is 0.25 %, of a load of 75.0 GW, printed 76. Sensitivity: by 8,784 hours 74.8."""
    curtailed_gwh, full_gwh = 1_643.0, 657_000.0
    assert curtailed_gwh / full_gwh == pytest.approx(0.0025, abs=1e-5)
    assert full_gwh / YEAR_H == pytest.approx(75.0, abs=1e-9)


@pytest.mark.parametrize(
    ("rate", "added_gw", "hours"),
    [(0.0025, 0.3, 43.8), (0.005, 0.6, 87.6), (0.01, 1.2, 175.2), (0.05, 6.0, 876.0)],
)
def test_straight_line(rate, added_gw, hours):
    """Proves: from 100 to 40 GW the closed form gives 0.3 GW and 43.8 h at 0.25 %, and the hourly method the same.

    Sensitivity: a rate of energy used, not of energy at full load, differs by the rate; half is kept in half the hours.
    """
    exact = line_headroom(100_000.0, 40_000.0, rate)
    assert exact.added_mw == pytest.approx(added_gw * 1000.0, rel=1e-12)
    assert exact.curtailed_h == pytest.approx(hours, rel=1e-12)
    n = 200 * 8760
    line = np.linspace(100_000.0, 40_000.0, n)
    found = headroom(area_load(line, np.ones(n, dtype=np.int64), FLAT), rate)
    # the line is cut into steps of an hour in 200 years
    assert found.added_mw == pytest.approx(exact.added_mw, rel=3e-4)
    assert found.curtailed_h == pytest.approx(exact.curtailed_h, rel=1e-3)
    assert found.kept_h[0] == pytest.approx(exact.half_kept_h, rel=1e-3)
    assert found.kept_h[2] == pytest.approx(0.1 * exact.curtailed_h, rel=5e-3)


def test_the_second_line():
    """Proves: 80 to 50 GW at 0.5 % gives 0.3 GW and 87.6 h. Sensitivity: a triangle without its half gives 0.15."""
    found = line_headroom(80.0, 50.0, 0.005)
    assert found.added_mw == pytest.approx(0.3, rel=1e-12)
    assert found.curtailed_h == pytest.approx(87.6, rel=1e-12)
    assert "no network limit" in found.note
