"""``wattworth report``: files from a saved run."""

from __future__ import annotations

import errno
import json
import os
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


def test_every_kind_in_both_languages(run_folder, tmp_path, capsys):
    run_id = store.load_run(run_folder).result["run_id"]
    words = ["--to", "pdf,html", "--lang", "en,ar", "--digits", "arab", "--out", str(tmp_path / "new"), "--json"]
    assert main(["report", run_folder, *words]) == 0
    files = {kind: Path(path) for kind, path in json.loads(capsys.readouterr().out)["files"].items()}
    assert {kind: path.name for kind, path in files.items()} == {
        "pdf": f"{run_id}.pdf",
        "html": f"{run_id}.html",
        "ar.pdf": f"{run_id}.ar.pdf",
        "ar.html": f"{run_id}.ar.html",
    }
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(path.name for path in files.values())
    for kind in ("pdf", "ar.pdf"):
        assert files[kind].read_bytes().startswith(b"%PDF-")
    assert '<html lang="ar" dir="rtl">' in files["ar.html"].read_text(encoding="utf-8")


def test_the_memo_tells_what_flips_the_sites_asked(run_folder, tmp_path, monkeypatch):
    asked = []

    def explained(run, site, **_):
        asked.append(site)
        return {"drivers": [], "break_even": []}

    monkeypatch.setattr("wattworth.valuation.explain.explain", explained)
    assert main(["report", run_folder, "--to", "pdf", "--explain", "1", "--out", str(tmp_path)]) == 0
    assert len(asked) == 1
    assert asked[0] in {"mine", "half-leased"}


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_disk_that_takes_no_more_leaves_nothing(run_folder, tmp_path, capsys, monkeypatch, kind):
    def full(path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("wattworth.placing._flush", full)
    assert main(["report", run_folder, "--to", kind, "--out", str(tmp_path)]) == 2
    assert "the disk is full" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_file_where_the_folder_should_be(run_folder, tmp_path, capsys):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert main(["report", run_folder, "--to", "pdf", "--out", str(tmp_path / "file")]) == 2
    assert "a file stands where a folder is needed" in capsys.readouterr().err


def test_a_folder_one_may_not_write(run_folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    assert main(["report", run_folder, "--to", "pdf", "--out", str(tmp_path)]) == 2
    assert "you may not write there" in capsys.readouterr().err


def test_what_is_there_stays(run_folder, tmp_path, capsys):
    name = f"{store.load_run(run_folder).result['run_id']}.html"
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert main(["report", run_folder, "--to", "html", "--out", str(tmp_path)]) == 2
    assert "already there" in capsys.readouterr().err
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "doc"], "need one or more of xlsx, pdf, html"),
        (["--lang", "xx"], "need one or more of en, ar"),
        (["--digits", "arab"], "is for files that are not english"),
        (["--to", "pdf", "--sites", "mine"], "ask for one with --to xlsx"),
        (["--to", "html", "--explain", "1"], "ask for one with --to pdf"),
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
