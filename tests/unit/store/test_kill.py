"""Processes killed at random moments: the store opens, finished runs are whole, the next run works."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.store.test_record import _fuller
from wattworth import store

KILLS = 50
AT_ONCE = 5
LONGEST_S = 0.25

CHILD = """
import sys
from tests.unit.store.test_record import _fuller
from wattworth import store
import wattworth.store.tables
print("ready", flush=True)
sys.stdin.readline()
number = 0
while True:
    run = _fuller(f"{sys.argv[1]}-{number}")
    store.save(run)
    print(run.result["run_id"], flush=True)
    number += 1
"""


def _started(name: str, root: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", CHILD, name]
    return subprocess.Popen(words, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _killed(child: subprocess.Popen[str]) -> set[str]:
    """Kill a process; the runs it said it saved."""
    child.send_signal(signal.SIGKILL)
    said, _ = child.communicate()
    assert child.returncode == -signal.SIGKILL
    return {line.strip() for line in said.splitlines(keepends=True) if line.endswith("\n")}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_fifty_kills_leave_every_finished_run_whole(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: what a process said it saved is there and whole, and each row has its files, whenever it is killed.
    Sensitivity: a row before its files, files moved before they are whole, or a database that is not one
    transaction would leave a row that cannot be loaded or a run that is not listed."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    moments = random.Random(20_261_125)
    finished: set[str] = set()
    for turn in range(KILLS // AT_ONCE):
        children = [_started(f"turn-{turn}-{k}", root) for k in range(AT_ONCE)]
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        for child in children:
            time.sleep(moments.uniform(0.0, LONGEST_S))
            finished |= _killed(child)
        listed = store.runs()
        assert {run.files for run in listed} <= {"there"}
        assert finished <= {run.run_id for run in listed}
    assert len(finished) > KILLS
    opened = sqlite3.connect(store.database_path())
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (
        opened.execute("SELECT count(*) FROM runs").fetchone()[0] * 2
        == (opened.execute("SELECT count(*) FROM site_uses").fetchone()[0])
    )
    opened.close()
    for run in store.runs():
        loaded = store.load_run(run.run_id)
        assert loaded.result["run_id"] == run.run_id
        for pair in loaded.draws:
            assert len(loaded.draws[pair]["npv_usd"]) == loaded.result["draws"]
    folder = store.save(_fuller("the-next"))
    assert store.load_run("last").result["run_id"] == "the-next"
    assert sorted(path.name for path in folder.iterdir()) == ["draws.parquet", "run.json"]
