"""``wattworth report``: files from a saved run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.studies import HALF_LEASED, MINE, study
from wattworth import store
from wattworth.cli.app import main
from wattworth.valuation import value


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "run"
    store.save(value(study(MINE, HALF_LEASED), draws=256, workers=1), folder)
    return str(folder)


def test_a_workbook_and_a_page(run_folder, tmp_path, capsys):
    assert (
        main(["report", run_folder, "--to", "xlsx,html", "--sites", "mine:turnkey", "--out", str(tmp_path), "--json"])
        == 0
    )
    files = json.loads(capsys.readouterr().out)["files"]
    assert set(files) == {"xlsx", "html"}
    book = load_workbook(files["xlsx"])
    assert "mine turnkey" in book.sheetnames
    assert not [name for name in book.sheetnames if name.startswith("half-leased")]
    assert Path(files["html"]).read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_what_is_there_stays(run_folder, tmp_path, capsys):
    name = f"{store.load_run(run_folder).result['run_id']}.html"
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert main(["report", run_folder, "--to", "html", "--out", str(tmp_path)]) == 2
    assert "already there" in capsys.readouterr().err
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "pdf"], "need one or more of xlsx, html"),
        (["--to", ","], "got nothing"),
        (["--sites", "mien:turnkey"], "mine"),
        (["--sites", "mine:turnky"], "turnkey"),
    ],
)
def test_faults_are_named(run_folder, tmp_path, capsys, words, said):
    assert main(["report", run_folder, *words, "--out", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err.lower()
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".xlsx"]


def test_a_run_that_does_not_exist(capsys, tmp_path):
    assert main(["report", "no-such-run", "--out", str(tmp_path)]) == 2
    assert "no-such-run" in capsys.readouterr().err
