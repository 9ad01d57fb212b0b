"""From a name to a study: where it is looked for, what contradicts itself, and every fault in one report."""

from __future__ import annotations

import os

import pytest

from wattworth.errors import StudyError
from wattworth.study import check, read

SETTINGS = "schema_version: 1\nname: mine\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
HEADER = "site_id,name,company,country,operating_gross_mw"


def test_all_faults_of_both_files_at_once(folder, specs):
    yaml = SETTINGS + "horizon_year: 3\nuses: [mien]\nfacts: {lease.term: {valu: 3}}\n"
    sites = f"{HEADER},nam\nacme,Acme,A,US,1,\nacme,,A,US,1,\nsouth,South,A,us,x,\n"
    with pytest.raises(StudyError) as caught:
        read(folder(yaml, sites), specs)
    assert str(caught.value).splitlines() == [
        'sites.csv row 1: unknown column "nam" (did you mean "name"?)',
        'study.yaml line 6: unknown key "horizon_year" (did you mean "horizon_years"?)',
        'study.yaml line 7: unknown use "mien" (did you mean "mine"?); known: mine, lease',
        'study.yaml line 8: unknown key "valu" (did you mean "value"?)',
        'study.yaml line 8: missing key "value", need a number',
        'study.yaml line 8: missing key "source", need text',
        'sites.csv row 3, column "name": empty, need text',
        'sites.csv row 4, column "operating_gross_mw": got "x", need a number of MW ≥ 0',
        'sites.csv row 4, column "country": got "us", need a country as two capital letters (ISO 3166), such as US',
        'sites.csv row 3, column "site_id": "acme" is already the site_id of row 2; each is used once',
    ]
    assert len(caught.value.faults) == 10
    assert [str(fault) for fault in check(folder(yaml, sites), specs)] == str(caught.value).splitlines()


def test_a_broken_file_does_not_hide_the_other(folder_faults):
    broken, *others = folder_faults("name: [\n", f"{HEADER}\na,A,A,US,x\n")
    assert broken.startswith("study.yaml line 2: not YAML: ")
    assert others == [
        'sites.csv row 2, column "operating_gross_mw": got "x", need a number of MW ≥ 0',
    ]


@pytest.mark.parametrize(
    ("columns", "cells", "column", "message"),
    [
        (
            "power_end",
            "2026-05",
            "power_end",
            "2026-05 is before the study's as-of month 2026-06; correct it, or state the power contract of today",
        ),
        (
            "lease_critical_it_mw,lease_start,lease_term_years",
            "50,2016-06,10",
            "lease_start",
            "a lease from 2016-06 over 10 years ends in 2026-06, not after the study's as-of month 2026-06; "
            "correct the dates or remove the lease",
        ),
        ("pipeline_gross_mw", "50", "pipeline_stage", 'empty beside pipeline_gross_mw, need one of "secured", "study"'),
        (
            "construction_date",
            "2027-01",
            "construction_date",
            "2027-01 has no construction_gross_mw beside it; fill it or clear the date",
        ),
        (
            "power_contract",
            "fixed",
            "power_price_usd_per_mwh",
            "empty beside a fixed power_contract, need a number of $/MWh",
        ),
        (
            "mining_gross_mw",
            "101",
            "mining_gross_mw",
            "101 is more than the 100 MW in operating_gross_mw; only energised megawatts mine",
        ),
        (
            "fleet_hashrate_eh_per_s",
            "2",
            "fleet_hashrate_eh_per_s",
            "a fleet is stated and no megawatts mine; fill mining_gross_mw",
        ),
        ("lat_deg", "31", "lat_deg", "lat_deg and lon_deg go together; fill both or neither"),
        (
            "lease_tenant",
            "X",
            "lease_critical_it_mw",
            "needed beside lease_tenant: a signed lease states its critical IT megawatts",
        ),
        (
            "lease_critical_it_mw,lease_gross_mw",
            "50,49",
            "lease_gross_mw",
            "49 is less than the 50 MW in lease_critical_it_mw; gross power carries cooling too",
        ),
        (
            "lease_critical_it_mw,lease_live_it_mw",
            "50,51",
            "lease_live_it_mw",
            "51 is more than the 50 MW in lease_critical_it_mw",
        ),
    ],
)
def test_columns_that_contradict_each_other(folder_faults, columns, cells, column, message):
    found = folder_faults(sites=f"{HEADER},{columns}\na,A,A,US,100,{cells}\n")
    assert found == [f'sites.csv row 2, column "{column}": {message}']


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("power_end", "2026-06"),
        ("lease_critical_it_mw,lease_start,lease_term_years", "50,2016-07,10"),
        (
            "construction_gross_mw,construction_date,pipeline_gross_mw,pipeline_date,pipeline_stage",
            "5,2028-01,5,2027-01,secured",
        ),
    ],
)
def test_dates_at_the_edge_are_sound(folder_faults, columns, cells):
    assert folder_faults(sites=f"{HEADER},{columns}\na,A,A,US,100,{cells}\n") == []


def test_a_row_without_megawatts_needs_a_reason(folder_faults):
    header = HEADER.replace("operating_gross_mw", "not_valued_reason")
    assert folder_faults(sites=f"{header}\na,A,A,US,nothing is known\n") == []
    (fault,) = folder_faults(sites=f"{header}\na,A,A,US,\n")
    assert "the row has no megawatts; fill operating_gross_mw" in fault


def test_two_rows_cannot_leave_each_other_out(folder_faults):
    """Proves: of two rows one stays counted. Sensitivity: both would vanish from every total."""
    counts = "double_counts:\n- {site_id: a, same_as: b, reason: same}\n- {site_id: b, same_as: a, reason: same}\n"
    assert folder_faults(SETTINGS + counts, f"{HEADER}\na,A,A,US,1\nb,B,B,US,1\n") == [
        'study.yaml line 8: "a" is already left out for "b"; keep one of the two'
    ]


def test_one_study_by_each_of_its_names(folder, workbook, specs, monkeypatch):
    path = folder()
    assert read(path, specs) == read(str(path), specs) == read(path / "study.yaml", specs)
    book = workbook()
    monkeypatch.chdir(book.parent)
    assert read("mine", specs) == read("mine.xlsx", specs) == read(".", specs)


def test_a_place_without_a_study(tmp_path, specs, monkeypatch):
    def fault(source: object) -> str:
        (found,) = check(source, specs)
        return str(found)

    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.xls").write_text("x")
    (tmp_path / "mine").mkdir()
    missing = "no such folder, workbook or packaged study"
    assert fault("nowhere") == f"nowhere: {missing}; packaged: us-miners"
    assert fault("us-minerz") == f'us-minerz: {missing} (did you mean "us-miners"?); packaged: us-miners'
    assert fault("") == f": {missing}; packaged: us-miners"
    assert missing in fault("a\0b")
    assert fault("old.xls") == "old.xls: need a folder with study.yaml, or a workbook ending in .xlsx"
    assert fault("mine") == "mine: no study.yaml in the folder"
    (tmp_path / "mine" / "study.yml").touch()
    assert fault("mine") == (
        "mine: no study.yaml in the folder; it holds study.yml: rename one, or name the workbook itself"
    )
    assert fault("x" * 300) == f"{'x' * 300}: cannot be read: File name too long"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read(folder, specs):
    path = folder()
    path.chmod(0)
    try:
        (fault,) = check(path, specs)
    finally:
        path.chmod(0o700)
    assert str(fault) == f"{path}: cannot be read: Permission denied"


def test_what_cannot_be_opened_is_a_fault(folder, specs, monkeypatch):
    """Proves: a refusal by the system is no traceback, whoever runs the test."""
    path = folder()

    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.is_dir", refuse)
    assert [str(fault) for fault in check(path, specs)] == [f"{path}: cannot be read: Permission denied"]
