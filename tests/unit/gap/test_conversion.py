"""Energy and power: there and back with a stated ratio, refused without one."""

from __future__ import annotations

import pytest

from tests.unit.gap.model_files import model, write
from wattworth.errors import DataError, StudyError
from wattworth.gap import demand_cases, gap
from wattworth.gap.conversion import Axis, average_gw, energy_in_twh, factor


def test_lbnl_there_and_back():
    """Proves: 325 to 580 TWh are 74 to 132 GW at the load factor of 50.1 to 50.2 % that both imply, and back."""
    for twh, gw in ((325.0, 74.0), (580.0, 132.0)):
        ratio = average_gw(twh) / gw
        assert 0.5005 < ratio < 0.5025
        axis = Axis("capacity", "meter", ratio)
        assert twh * factor("TWh", "average", "meter", axis) == pytest.approx(gw, rel=1e-12)
        back = factor("GW", "capacity", "meter", Axis("average", "meter", ratio))
        assert energy_in_twh(gw * back) == pytest.approx(twh, rel=1e-12)


def test_packaged_load_factor_gives_both_printed_ends():
    by_id = {case.case_id: case for case in demand_cases()}
    energy, capacity = by_id["lbnl-2028"], by_id["lbnl-2028-capacity"]
    assert (round(energy.full_gw.low), round(energy.full_gw.high)) == (74, 132)
    assert (round(capacity.twh.low), round(capacity.twh.high)) == (325, 580)
    assert (round(energy.average_gw.low, 1), round(energy.average_gw.high, 1)) == (37.1, 66.2)
    assert energy.load_factor_source == "printed"


def test_figures_of_the_facts_page():
    by_id = {case.case_id: case for case in demand_cases()}
    assert by_id["ms-2024-us-2027"].average_gw.value == pytest.approx(38.5, abs=0.05)
    assert by_id["iea-2030"].average_gw.value == pytest.approx(48.6, abs=0.05)
    assert by_id["mckinsey-2030"].average_gw.value == pytest.approx(69.0, abs=0.3)
    assert (by_id["iea-2030"].printed.value / by_id["iea-2024"].printed.value) ** (1 / 6) - 1 == pytest.approx(
        0.151, abs=5e-4
    )


def test_no_ratio_no_conversion():
    bare = {case.case_id: case for case in demand_cases(region="US")}
    given = {case.case_id: case for case in demand_cases(region="US", load_factor_frac=0.5)}
    assert bare["bnef-2035"].twh is None
    assert bare["iea-2030"].full_gw is None
    assert given["bnef-2035"].twh.value == pytest.approx(106 * 0.5 * 8.76, rel=1e-12)
    assert given["bnef-2035"].load_factor_source == "given"
    assert given["lbnl-2028"].load_factor_source == "printed"
    with pytest.raises(DataError, match="load factor"):
        demand_cases(load_factor_frac=1.2)


def test_cases_say_what_they_are():
    for case in demand_cases():
        assert all((case.source, case.publisher, case.published)), case.case_id
        assert case.printed.low <= case.printed.value <= case.printed.high, case.case_id
    publishers = " ".join(case.publisher for case in demand_cases())
    for name in ("LBNL", "EPRI", "Epoch", "IEA", "Goldman", "McKinsey", "Bloomberg", "Citi", "UBS", "FERC", "NERC",
                 "Grid Strategies", "ERCOT"):  # fmt: skip
        assert name in publishers


MIXED = "demand: {value: 438, unit: TWh}\nunder_construction: {value: 5}\ngrid_access: {value: 5}\nsources: {}\n"


def test_energy_beside_power_needs_a_load_factor(tmp_path):
    with pytest.raises(
        StudyError, match=r'line 8, key "demand": energy in TWh beside capacity in GW: state load_factor'
    ):
        model(tmp_path, MIXED)
    result = gap(write(tmp_path, MIXED + "load_factor: {value: 0.5}\n"), "as_printed")
    assert result.arithmetic.gap_gw == pytest.approx(100 - 10, rel=1e-12)


def test_energy_alone_is_average_power(tmp_path):
    body = MIXED.replace("{value: 5}", "{value: 87.6, unit: TWh}")
    result = gap(write(tmp_path, body), "as_printed")
    assert result.measure == "average"
    assert result.arithmetic.gap_gw == pytest.approx(50 - 20, rel=1e-12)


def test_peak_beside_capacity_is_refused(tmp_path):
    body = "demand: {value: 50, measure: peak}\nunder_construction: {value: 5}\n"
    with pytest.raises(StudyError, match="no ratio turns one into the other"):
        model(tmp_path, body)


def test_critical_it_beside_the_meter_needs_a_ratio(tmp_path):
    parts = "under_construction: {value: 5000, unit: MW}\ngrid_access: {value: 0}\n"
    body = f"demand: {{value: 10, basis: critical_it}}\n{parts}"
    with pytest.raises(StudyError, match="state gross_per_it"):
        model(tmp_path, body)
    result = gap(write(tmp_path, body + "gross_per_it: {value: 1.4}\nsources: {}\n"), "as_printed")
    assert result.arithmetic.gap_gw == pytest.approx(14 - 5, rel=1e-12)
