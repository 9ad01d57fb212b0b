"""Files of facts beside a study: read as changed facts, each fault with its row, the study's own word last."""

from __future__ import annotations

import pytest

from tests.unit.study.conftest import SETTINGS, SPECS
from wattworth.study import read

HEAD = "technology,parameter,value,low,high,unit,money_year,source,as_of,confidence,note\n"
RENT = "lease,escalator,0.02,0.01,0.03,frac/yr,,fitted,2025-11-03,derived,n = 5\n"


def facts_of(path):
    return read(path, SPECS).overrides


def test_a_file_changes_facts_and_the_study_itself_has_the_last_word(folder, tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + RENT + "lease,term,12,,,yr,,fitted,2025,derived,\n")
    (tmp_path / "b.csv").write_text(HEAD + RENT.replace("0.02", "0.025"))
    found = facts_of(folder(SETTINGS + "fact_files: [a.csv, b.csv]\nfacts:\n  lease.term: {value: 15, source: mine}\n"))
    assert found["lease.escalator"].value == 0.025, "a later file goes before an earlier one"
    assert (found["lease.escalator"].low, found["lease.escalator"].as_of) == (0.01, "2025-11-03")
    assert found["lease.term"].value == 15


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (RENT.replace("0.02", "two"), 'a.csv row 2, column "value": got "two", need a number'),
        (RENT.replace("0.02", "0.2"), 'a.csv row 2, column "value": 0.2 lies outside low 0.01 to high 0.03'),
        (RENT + RENT, "a.csv row 3: lease.escalator stands in a.csv row 2 already"),
        (RENT.replace("escalator", ""), "a.csv row 2: need technology and parameter, the two halves of a fact's key"),
        (RENT.replace(",fitted,", ",,"), 'a.csv row 2, column "source": empty'),
    ],
)
def test_faults_have_their_row(folder_faults, tmp_path, rows, message):
    (tmp_path / "a.csv").write_text(HEAD + rows)
    assert any(message in fault for fault in folder_faults(SETTINGS + "fact_files: [a.csv]\n"))


@pytest.mark.parametrize("name", ["../a.csv", "/etc/passwd"])
def test_no_file_outside_the_folder(folder_faults, name):
    assert any(
        "need a file inside the folder" in fault for fault in folder_faults(SETTINGS + f"fact_files: [{name}]\n")
    )


def test_a_file_that_is_not_there_is_named(folder_faults):
    assert folder_faults(SETTINGS + "fact_files: [none.csv]\n") == ["none.csv: no such file"]
