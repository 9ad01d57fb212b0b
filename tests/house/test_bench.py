"""The benches run, and what they compare agrees; how fast they are is not tested."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHES = {
    "value.py": 2,
    "kernels.py": 1,
    "finance.py": 1,
    "monthly.py": 1,
    "supply.py": 1,
    "gap.py": 1,
    "plan.py": 1,
    "gas.py": 1,
    "web.py": 1,
}
"""File to how many agreements it reports, in sentences or in a column of its table."""


def test_every_bench_is_tried(root: Path) -> None:
    assert {path.name for path in (root / "bench").glob("*.py")} == set(BENCHES)


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHES)
def test_bench_runs_and_its_peers_agree(root: Path, name: str) -> None:
    command = [sys.executable, str(root / "bench" / name), "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr[-2_000:]
    lines = done.stdout.splitlines()
    assert "cores" in lines[0]
    assert "wattworth" in lines[0]
    rows = [line for line in lines if line.endswith((" yes", " NO"))]
    agreed = [line for line in lines if line.startswith("agreed: ")]
    assert not [row for row in rows if row.endswith(" NO")]
    assert len(agreed) + bool(rows) == BENCHES[name]
