"""The record of runs: what it holds, how runs are found, and what it says when it cannot be used."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.unit.store.conftest import made_up
from wattworth import store
from wattworth.errors import StoreError
from wattworth.store import database
from wattworth.valuation import Run


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "wattworth"


def _ask(home: Path, query: str) -> list[tuple]:
    opened = sqlite3.connect(home / "wattworth.sqlite")
    try:
        return opened.execute(query).fetchall()
    finally:
        opened.close()


def _fuller(run_id: str = "small-2026-06-abc") -> Run:
    run = made_up(run_id)
    run.result.update(
        study="small",
        as_of="2026-06",
        seed=2**70,
        versions={"wattworth": "0.1.0"},
        totals={"npv_usd": {"mean": 1.5, "p10": 1.0}},
        weakest_facts=[{"key": "btc.price", "value": 1.0}],
    )
    risked = {"mean": 2.0, "p10": 1.0, "p50": 2.0, "p90": 3.0}
    bitcoin = {"available": True, "risked_npv_usd": risked, "usd_per_gross_w": {"mean": 0.1}}
    hold = {"available": False, "reason": "nothing to hold"}
    run.result["sites"] = [
        {"site_id": "süd", "valued": True, "best_use": "bitcoin", "uses": {"bitcoin": bitcoin, "hold": hold}},
        {"site_id": "none", "valued": False, "uses": {}},
    ]
    return run


def test_a_run_has_one_row_and_one_for_each_site_and_use(home: Path) -> None:
    folder = store.save(_fuller())
    assert _ask(home, "SELECT schema_version FROM store") == [(1,)]
    row = _ask(home, "SELECT run_id, study, as_of, draws, seed, mean_usd, folder, inputs, facts, totals FROM runs")[0]
    assert row[:7] == ("small-2026-06-abc", "small", "2026-06", 300, str(2**70), 1.5, str(folder))
    assert (row[7], json.loads(row[8])[0]["key"], json.loads(row[9])["npv_usd"]["p10"]) == (None, "btc.price", 1.0)
    found = _ask(home, "SELECT site_id, use, available, best, reason, risked_p90_usd, usd_per_gross_w FROM site_uses")
    assert found == [("süd", "bitcoin", 1, 1, None, 3.0, 0.1), ("süd", "hold", 0, 0, "nothing to hold", None, None)]
    assert _ask(home, "PRAGMA journal_mode") == [("wal",)]


def test_runs_are_listed_newest_first_and_found_by_name(home: Path, tmp_path: Path) -> None:
    assert store.runs() == []
    assert not home.exists()
    for name, folder in (("one-a", None), ("one-b", tmp_path / "out"), ("two-c", None)):
        store.save(_fuller(name), folder)
    assert [(run.run_id, run.files) for run in store.runs()] == [
        ("two-c", "there"),
        ("one-b", "there"),
        ("one-a", "there"),
    ]
    assert store.runs()[1].folder == tmp_path / "out"
    assert (store.runs()[1].seed, store.runs()[1].created_at.utcoffset().total_seconds()) == (2**70, 0.0)
    for name, run_id in (("last", "two-c"), ("two", "two-c"), ("one-b", "one-b"), ("one-a", "one-a")):
        assert store.load_run(name).result["run_id"] == run_id
    with pytest.raises(StoreError, match=r"one: 2 runs begin so: one-b, one-a; write more"):
        store.load_run("one")
    with pytest.raises(StoreError, match=r'too-c: no such folder, .*did you mean "two-c"'):
        store.load_run("too-c")


def test_a_run_saved_again_keeps_one_row_that_points_to_the_last_place(home: Path, tmp_path: Path) -> None:
    store.save(_fuller())
    store.save(_fuller(), tmp_path / "there")
    assert [run.folder for run in store.runs()] == [tmp_path / "there"]
    assert _ask(home, "SELECT count(*) FROM site_uses") == [(2,)]


def test_a_folder_that_is_gone_or_taken_is_told(tmp_path: Path) -> None:
    store.save(_fuller("old-a"), tmp_path / "out")
    store.save(_fuller("new-b"), tmp_path / "out")
    assert [(run.run_id, run.files) for run in store.runs()] == [("new-b", "there"), ("old-a", "replaced")]
    with pytest.raises(StoreError, match=r"old-a: its folder .* now holds new-b; to make it again"):
        store.load_run("old-a")
    (tmp_path / "out").rename(tmp_path / "moved")
    assert [run.files for run in store.runs()] == ["gone", "gone"]
    with pytest.raises(StoreError, match=r"new-b: its folder .*out is gone; to make it again"):
        store.load_run("new-b")
    assert store.load_run(tmp_path / "moved").result["run_id"] == "new-b"
    with pytest.raises(StoreError, match="the record does not hold its study"):
        store.recorded_study("new-b")


def test_runs_that_stand_without_a_record_are_entered_when_it_is_made(home: Path) -> None:
    for name in ("one-a", "one-b"):
        store.save(_fuller(name))
    (home / "runs" / "broken").mkdir()
    (home / "runs" / "broken" / "run.json").write_text("{}", encoding="utf-8")
    for file in home.glob("wattworth.sqlite*"):
        file.unlink()
    assert {(run.run_id, run.files) for run in store.runs()} == {("one-a", "there"), ("one-b", "there")}


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_a_damaged_database_is_named_with_a_fix_and_the_run_is_kept(home: Path, content: bytes) -> None:
    home.mkdir(parents=True)
    (home / "wattworth.sqlite").write_bytes(content)
    for refuse in (store.runs, store.check_place, lambda: store.load_run("last")):
        with pytest.raises(StoreError, match=r"wattworth\.sqlite: damaged \(.*\); move it away"):
            refuse()
    with pytest.raises(StoreError, match=r"damaged(.|\n)*the run itself is whole in .*small-2026-06-abc, and not"):
        store.save(_fuller())
    assert store.load_run("small-2026-06-abc").result["run_id"] == "small-2026-06-abc"
    (home / "wattworth.sqlite").rename(home / "old.sqlite")
    assert [run.run_id for run in store.runs()] == ["small-2026-06-abc"]


@pytest.mark.parametrize("query", ["UPDATE runs SET created_at = 'x'", "UPDATE runs SET seed = 'x'", None])
def test_damage_inside_is_named_too(home: Path, query: str | None) -> None:
    store.save(_fuller())
    if query is None:
        content = (home / "wattworth.sqlite").read_bytes()
        (home / "wattworth.sqlite").write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    else:
        opened = sqlite3.connect(home / "wattworth.sqlite")
        opened.execute(query)
        opened.commit()
        opened.close()
    with pytest.raises(StoreError, match=r"wattworth\.sqlite: damaged \(.*\); move it away"):
        store.runs()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("UPDATE store SET schema_version = 99", "of version 99, need 1; it was written by a newer wattworth: update"),
        ("UPDATE store SET schema_version = 0", "of version 0, need 1; move it away"),
        ("DELETE FROM store", "of version None, need 1; move it away"),
        ("DROP TABLE store", "not a store of wattworth; move it away"),
    ],
)
def test_another_layout_is_refused_and_left_alone(home: Path, query: str, said: str) -> None:
    store.save(_fuller())
    opened = sqlite3.connect(home / "wattworth.sqlite")
    opened.execute(query)
    opened.commit()
    opened.close()
    for refuse in (store.runs, store.check_place, lambda: store.save(_fuller("other"))):
        with pytest.raises(StoreError, match=said):
            refuse()
    assert _ask(home, "SELECT run_id FROM runs") == [("small-2026-06-abc",)]


def test_a_locked_database_is_waited_for_and_then_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(_fuller("first"))
    monkeypatch.setattr(database, "BUSY_S", 0.3)
    other = sqlite3.connect(home / "wattworth.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"locked by another process for more than 0\.3 seconds; try again"):
        store.save(_fuller("second"))
    assert [run.run_id for run in store.runs()] == ["first"]
    other.execute("COMMIT")
    other.close()
    store.save(_fuller("second"))
    assert [run.run_id for run in store.runs()] == ["second", "first"]


def test_a_read_only_folder_is_told_before_the_run_and_can_be_read(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(_fuller())
    monkeypatch.setattr(database.os, "access", lambda path, mode: home not in (Path(path), *Path(path).parents))
    with pytest.raises(StoreError, match=r"cannot be written: you may not write there; set XDG_DATA_HOME"):
        store.check_place(tmp_path / "out")
    assert [run.run_id for run in store.runs()] == ["small-2026-06-abc"]


def test_a_file_in_place_of_the_data_folder_is_told(home: Path, tmp_path: Path) -> None:
    home.parent.mkdir(parents=True)
    home.write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        store.save(_fuller(), tmp_path / "out")
    assert store.load_run(tmp_path / "out").result["run_id"] == "small-2026-06-abc"
    assert store.runs() == []


def test_what_a_kill_leaves_of_a_new_database_is_taken_on(home: Path) -> None:
    home.mkdir(parents=True)
    opened = sqlite3.connect(home / "wattworth.sqlite")
    opened.execute("PRAGMA journal_mode=WAL")
    opened.close()
    assert (home / "wattworth.sqlite").stat().st_size > 0
    assert store.runs() == []
    store.save(_fuller())
    assert len(store.runs()) == 1


_SAVE = """
import sys
from tests.unit.store.test_record import _fuller
from wattworth import store
for number in range(15):
    store.save(_fuller(f"{sys.argv[1]}-{number}"))
"""


def test_two_processes_save_at_once(home: Path, root: Path) -> None:
    def save(name: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", _SAVE, name]
        return subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(save, ("left", "right")))
    assert [one.stderr for one in done] == ["", ""]
    assert {run.run_id for run in store.runs()} == {f"{name}-{k}" for name in ("left", "right") for k in range(15)}
    assert _ask(home, "SELECT count(*) FROM site_uses") == [(60,)]


def test_sqlalchemy_waits_until_it_is_needed() -> None:
    code = "import sys, wattworth.store; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
