"""What a saved run looks like on disk, and what happens when the disk says no."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.unit.store.conftest import N_DRAW, made_up
from wattworth import store
from wattworth.errors import StoreError
from wattworth.valuation import Run


def test_two_files_and_nothing_else(run: Run, tmp_path: Path) -> None:
    folder = store.save(run, tmp_path / "new" / "deep")
    assert folder == tmp_path / "new" / "deep"
    assert sorted(path.name for path in folder.iterdir()) == ["draws.parquet", "run.json"]


def test_result_is_plain_readable_json(run: Run, tmp_path: Path) -> None:
    text = (store.save(run, tmp_path) / "run.json").read_text(encoding="utf-8")
    assert json.loads(text) == run.result
    assert "مدينة" in text
    assert text.startswith('{\n "schema_version": 1,')
    assert text.endswith("}\n")


def test_draws_are_a_table_anyone_can_read(run: Run, tmp_path: Path) -> None:
    path = store.save(run, tmp_path) / "draws.parquet"
    table = pl.read_parquet(path)
    assert table.columns == ["site_id", "use", "draw", "npv_usd", "irr_frac"]
    assert table.height == 3 * N_DRAW
    assert table["draw"].to_list() == list(range(N_DRAW)) * 3
    assert table.filter(site_id="north", use="turnkey")["npv_usd"].to_list() == list(
        run.draws["north", "turnkey"]["npv_usd"]
    )
    about = pl.read_parquet_metadata(path)
    assert (about["schema_version"], about["run_id"]) == ("1", run.result["run_id"])


def test_default_place_is_the_users_data_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store.save(run) == tmp_path / "wattworth" / "runs" / run.result["run_id"]


def test_a_second_run_takes_the_place_of_the_first(run: Run, tmp_path: Path) -> None:
    store.save(run, tmp_path)
    (tmp_path / "mine.txt").write_text("stays", encoding="utf-8")
    other = made_up("other-2026-06-def", seed=2)
    store.save(other, tmp_path)
    assert store.load_run(tmp_path).result == other.result
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draws.parquet", "mine.txt", "run.json"]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_number_json_lacks_is_refused_by_name(run: Run, tmp_path: Path, bad: float) -> None:
    run.result["sites"][0]["value_usd"] = bad
    with pytest.raises(StoreError, match=r"result\['sites'\]\[0\]\['value_usd'\] is (nan|inf)"):
        store.save(run, tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("below", ["", "deeper", "deeper/still"])
def test_a_file_in_the_way_is_named_with_a_fix(run: Run, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    place = tmp_path / "file" / below
    for refuse in (lambda: store.check_folder(place), lambda: store.save(run, place)):
        with pytest.raises(StoreError, match=r"file.*: cannot be written: a file stands .*--out"):
            refuse()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_folder_of_others_is_refused_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(StoreError, match="you may not write there; choose another folder"):
        store.check_folder(tmp_path / "new")


def test_checking_a_folder_makes_nothing(tmp_path: Path) -> None:
    assert store.check_folder(tmp_path / "new" / "deep") == tmp_path / "new" / "deep"
    assert not (tmp_path / "new").exists()


_FULL = """
import resource, sys
from pathlib import Path
from tests.unit.store.conftest import made_up
from wattworth import errors, store
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
try:
    store.save(made_up("late-2026-06-fff", seed=3), Path(sys.argv[1]))
except errors.StoreError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_disk_that_takes_no_more_keeps_the_old_run(run: Run, tmp_path: Path, root: Path) -> None:
    store.save(run, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )
    assert "cannot be written: the file would be larger" in done.stdout
    assert "--out" in done.stdout
    assert store.load_run(tmp_path).result == run.result
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draws.parquet", "run.json"]


def test_what_a_killed_process_left_is_swept_after_a_day(run: Run, tmp_path: Path) -> None:
    old, fresh = tmp_path / ".draws.parquet.0a.part", tmp_path / ".draws.parquet.0b.part"
    for part in (old, fresh):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.save(run, tmp_path)
    assert not old.exists()
    assert fresh.exists()


def test_a_run_without_draws_is_saved_too(run: Run, tmp_path: Path) -> None:
    bare = replace(run, draws={})
    store.save(bare, tmp_path)
    assert dict(store.load_run(tmp_path).draws) == {}


def test_a_page_is_written_whole(tmp_path: Path) -> None:
    page = store.write_text(tmp_path / "report.html", "<p>£</p>\n")
    assert page.read_bytes() == "<p>£</p>\n".encode()
    with pytest.raises(StoreError, match="cannot be written"):
        store.write_text(page / "below", "")
