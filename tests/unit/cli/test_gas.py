"""``wattworth gas``: tables, the document, and mistakes that are told without a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call
from tests.unit.gas.networks import LINKS, write


def test_tables_and_document(call: Call, tmp_path: Path) -> None:
    study, out = tmp_path / "study", tmp_path / "out"
    study.mkdir()
    done = call("gas", write(study), "--out", out)
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert "one more bcm a year of room in pipe is worth $108m a year" in said
    assert "home-cap" in said
    found = json.loads((out / "gas.json").read_text(encoding="utf-8"))
    assert found["imbalance_bcm"] <= 1e-6
    relaxed = {row["limit"]: row["worth_musd"] for row in found["relaxed"]}
    # a second bcm at home: 36 M$ a year over three years at 10 %
    assert relaxed["home-cap"] == pytest.approx(36.0 * (1 + 1 / 1.1 + 1 / 1.21))


def test_the_document_alone_is_on_stdout(call: Call, tmp_path: Path) -> None:
    done = call("gas", write(tmp_path), "--json", "--quick")
    assert done.code == 0, done.err
    assert json.loads(done.out)["study"] == "small"
    assert json.loads(done.out)["relaxed"] == []


def test_bad_rows_end_with_code_two(call: Call, tmp_path: Path) -> None:
    done = call("gas", write(tmp_path, links=LINKS.replace("coast,6", "nowhere,6")))
    assert done.code == 2
    assert 'links.csv row 2, column "to_node": no node "nowhere"' in done.err


def test_limits_that_clash_end_with_code_three(call: Call, tmp_path: Path) -> None:
    nodes = "node,kind,volume,committed,volume_unit\nwells,field,10,10,bcm_20c\ncoast,market,,,bcm_20c\n"
    done = call("gas", write(tmp_path, nodes=nodes))
    assert done.code == 3
    assert "capacity of link pipe in 2026" in done.err
    assert "limit home-cap in 2026" in done.err
