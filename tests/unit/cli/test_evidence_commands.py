"""`backtest` and `calibrate`: what they print, write and refuse."""

from __future__ import annotations

import json

import pytest

from tests.unit.evidence.tapes import lease, sale, write_tape
from wattworth.cli import main


def test_json_holds_every_graded_deal_and_a_summary(capsys):
    assert main(["backtest", "--json", "--draws", "256"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"n", "rent_mape_frac", "rent_bias_frac", "coverage_80_frac", "skill_vs_naive"} <= found["summary"].keys()
    first = next(p for deal in found["deals"] for p in deal["predictions"] if p["actual"] is not None)
    assert {"measure", "p10", "p50", "p90", "actual", "inside", "last_deal", "running_mean"} <= first.keys()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_table_fits_and_shows_both_rules(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["backtest", "--draws", "256"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert all(word in out for word in ("last deal", "mean", "skill", "outside P10 to P90"))


def test_out_writes_the_page_and_the_document(capsys, tmp_path):
    assert main(["backtest", "--draws", "256", "--out", str(tmp_path / "new" / "folder")]) == 0
    told = json.loads((tmp_path / "new" / "folder" / "backtest.json").read_text())
    page = (tmp_path / "new" / "folder" / "backtest.html").read_text()
    assert all(deal["deal_id"] in page for deal in told["deals"])
    assert "page " in capsys.readouterr().out


def test_a_tape_of_ones_own(capsys, tmp_path):
    tape = write_tape(tmp_path / "mine.csv", [sale("A", "2024-01-05", 30, 100), lease("B", "2025-01-05")])
    assert main(["backtest", "--deals", str(tape), "--json", "--draws", "256"]) == 0
    assert [deal["deal_id"] for deal in json.loads(capsys.readouterr().out)["deals"]] == ["A", "B"]
    tape.write_text(tape.read_text().replace("2025-01-05", "05/01/2025"))
    assert main(["backtest", "--deals", str(tape)]) == 2
    assert 'mine.csv row 3, column "date_announced": got "05/01/2025", need a date' in capsys.readouterr().err


def test_calibrate_writes_facts_and_overwrites_nothing(capsys, tmp_path):
    out = tmp_path / "fitted.csv"
    assert main(["calibrate", "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert "lease_landlord_pays_capex.rent_year1" in told.out
    assert "fact_files: [fitted.csv]" in told.err
    kept = out.read_text()
    assert main(["calibrate", "--out", str(out)]) == 2
    assert "already exists; choose another file with --out" in capsys.readouterr().err
    assert out.read_text() == kept
    assert main(["calibrate", "--out", str(tmp_path / "b.csv"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"facts", "effects", "left_out"} <= found.keys()
