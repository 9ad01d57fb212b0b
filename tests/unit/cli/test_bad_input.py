"""Mistakes in a study, through the command line: one clear message with its place, code 2, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.unit.cli.conftest import QUICK, SITES, STUDY, Call

NO_SITES = SITES.splitlines()[0] + "\n"
TABLE = [
    ("letter", "sites.csv", SITES.replace(",100,", ",1OO,"), 'sites.csv row 2, column "operating_gross_mw": got "1OO"'),
    ("negative", "sites.csv", SITES.replace(",100,", ",-5,"), 'row 2, column "operating_gross_mw": got "-5"'),
    ("duplicate", "sites.csv", SITES.replace("gamma-none", "alpha-mine"), 'row 4, column "site_id": "alpha-mine" is'),
    ("column", "sites.csv", SITES.replace("company", "compny", 1), 'unknown column "compny" (did you mean "company"?)'),
    ("choice", "sites.csv", SITES.replace("bitcoin_mine", "bitcon_mine", 1), '(did you mean "bitcoin_mine"?)'),
    ("country", "sites.csv", SITES.replace("Acme,US,ERCOT", "Acme,XX,ERCOT"), "XX"),
    ("empty sites", "sites.csv", "", "sites.csv"),
    ("no rows", "sites.csv", NO_SITES, "sites.csv: no sites"),
    ("binary sites", "sites.csv", b"\x00\xff\xfe\x00PK" * 40, "sites.csv"),
    ("key", "study.yaml", STUDY + "horizon_year: 20\n", '"horizon_year" (did you mean "horizon_years"?)'),
    ("use", "study.yaml", STUDY + "uses: {turnky: {}}\n", 'unknown use "turnky" (did you mean "turnkey"?)'),
    ("fact", "study.yaml", STUDY + "facts: {lease.trm: {value: 9, source: us}}\n", "lease.trm"),
    ("month", "study.yaml", STUDY.replace("2026-06", "June"), "as_of"),
    ("version", "study.yaml", STUDY.replace("schema_version: 1", "schema_version: 9"), "newer wattworth"),
    ("empty study", "study.yaml", "", "study.yaml"),
    ("binary study", "study.yaml", b"\x00\x01\x02\xff" * 40, "study.yaml"),
    ("no yaml", "study.yaml", "a: [1, 2\nb: }", "study.yaml"),
]


def _fails(call: Call, source: Path, said: str) -> None:
    for words in (("check", source), ("value", source, *QUICK), ("sources", source)):
        answer = call(*words)
        assert answer.code == 2, answer
        assert said in answer.err
        assert "Traceback" not in answer.err
        assert "fault of wattworth" not in answer.err
        assert answer.out == ""


@pytest.mark.parametrize(("file", "content", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_mistake_in_a_file_is_named(call: Call, three: Path, file: str, content: str | bytes, said: str) -> None:
    (three / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    _fails(call, three, said)


def test_a_file_that_is_missing_is_named(call: Call, three: Path) -> None:
    (three / "sites.csv").unlink()
    _fails(call, three, "sites.csv")
    (three / "study.yaml").unlink()
    _fails(call, three, "study.yaml")


@pytest.mark.parametrize("source", ["us-miner", "no/such/place", "", "x" * 5_000], ids=["name", "path", "none", "long"])
def test_a_study_that_is_not_there_is_named(call: Call, source: str) -> None:
    _fails(call, Path(source) if source else source, source[:20])  # type: ignore[arg-type] - words of a command


def test_a_typo_of_a_packaged_study_is_answered(call: Call) -> None:
    assert '(did you mean "us-miners"?)' in call("check", "us-miner").err


def test_a_workbook_with_other_sheets_is_named(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Sheet1")
    _fails(call, path, "book.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook"], ids=["empty", "cut"])
def test_a_workbook_that_is_none_is_named(call: Call, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    _fails(call, path, "book.xlsx")


def test_a_file_of_another_kind_is_named(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "sites.pdf"
    path.write_bytes(b"%PDF-1.7")
    _fails(call, path, "sites.pdf: need a folder with study.yaml, or a workbook")


def test_faults_come_together_each_on_its_line(call: Call, three: Path) -> None:
    (three / "sites.csv").write_text(SITES.replace(",100,", ",1OO,").replace(",250,", ",-5,"), encoding="utf-8")
    lines = call("check", three).err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        f'sites.csv row {row}, column "operating_gross_mw"' for row in (2, 3)
    ]


def test_arabic_names_work(call: Call, three: Path) -> None:
    (three / "sites.csv").write_text(SITES.replace("Alpha", "منجم الشمال"), encoding="utf-8")
    answer = call("value", three, *QUICK, "--out", three / "out")
    assert answer.code == 0, answer.err
    assert "منجم" in answer.out
