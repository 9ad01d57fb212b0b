"""``wattworth gas --out``: a page beside the document, in the language that was asked."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Call
from tests.unit.gas.networks import write
from tests.unit.reports.reader import asks_for_nothing, links_lead_somewhere, prints_no_nan


def test_out_leaves_a_page_beside_the_document(call: Call, tmp_path: Path) -> None:
    study, out = tmp_path / "study", tmp_path / "out"
    study.mkdir()
    done = call("gas", write(study), "--quick", "--out", out)
    assert done.code == 0, done.err
    assert {each.name for each in out.iterdir()} == {"gas.json", "gas.html"}
    assert "gas.html" in done.out
    page = (out / "gas.html").read_text(encoding="utf-8")
    prints_no_nan(page)
    links_lead_somewhere(page)
    asks_for_nothing(page)
    assert "What limits cost was not asked in this run." in page


def test_the_page_may_be_arabic_and_needs_a_folder(call: Call, tmp_path: Path) -> None:
    study, out = tmp_path / "study", tmp_path / "out"
    study.mkdir()
    done = call("gas", write(study), "--quick", "--out", out, "--lang", "ar")
    assert done.code == 0, done.err
    assert 'lang="ar" dir="rtl"' in (out / "gas.html").read_text(encoding="utf-8")
    alone = call("gas", study, "--quick", "--lang", "ar")
    assert alone.code == 2
    assert "--out" in alone.err
