"""Blocks are whole chunks; results come back in order; errors name the draws."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial

import pytest

from wattworth.compute.blocks import blocks, map_blocks
from wattworth.errors import StudyError, WattworthError


def _scaled(scale: float, block: range) -> tuple[float, int]:
    time.sleep(0.05 if block.start == 0 else 0.0)  # the first block ends last
    return scale * block.start, os.getpid()


def _fails(block: range) -> int:
    if block.start == 1:
        raise StudyError("sites.csv row 2: no power")
    return block.start


def _dies(block: range) -> int:
    if block.start == 1:
        os._exit(9)
    return block.start


def test_blocks_are_whole_chunks_and_cover_every_draw():
    assert blocks(1000, 3) == [range(3), range(3, 4)]
    assert blocks(1, 8) == [range(1)]
    assert [chunk for block in blocks(10_000, 7) for chunk in block] == list(range(40))


@pytest.mark.parametrize("bad", [(0, 1), (10, 0), (-5, 2)])
def test_no_draws_or_no_chunks_is_refused(bad):
    with pytest.raises(ValueError, match="at least one"):
        blocks(*bad)


def test_one_worker_runs_here():
    here = list(map_blocks(partial(_scaled, 2.0), blocks(768), workers=1))
    assert here == [(0.0, os.getpid()), (2.0, os.getpid()), (4.0, os.getpid())]


def test_several_workers_keep_the_order():
    """Proves: results come in block order from other processes. Sensitivity: as-completed order starts with 1.0."""
    got = list(map_blocks(partial(_scaled, 1.0), blocks(256 * 9), workers=2))
    assert [value for value, _ in got] == [float(i) for i in range(9)]
    assert os.getpid() not in {pid for _, pid in got}


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_back_as_it_is_and_names_the_draws(workers):
    with pytest.raises(StudyError, match="row 2: no power") as caught:
        list(map_blocks(_fails, blocks(768), workers=workers))
    assert caught.value.__notes__ == ["while draws 256 to 511 were valued"]


def test_a_killed_worker_is_said_plainly():
    with pytest.raises(WattworthError, match=r"worker process ended while draws .* try fewer workers"):
        list(map_blocks(_dies, blocks(768), workers=2))


def test_a_reader_that_stops_early_leaves_no_process():
    results = map_blocks(partial(_scaled, 1.0), blocks(256 * 20), workers=2)
    assert next(results)[0] == 0.0
    results.close()  # type: ignore[attr-defined]  # a generator


SLOW_SCRIPT = """
import sys, time
from wattworth.compute.blocks import blocks, map_blocks

def slow(block):
    time.sleep(0.2)
    return block.start

if __name__ == "__main__":
    try:
        for start in map_blocks(slow, blocks(256 * 500), workers=2):
            print(start, flush=True)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def test_an_interrupt_drops_what_waits(tmp_path):
    """Proves: Ctrl-C ends the run within seconds, without a traceback. Sensitivity: all 500 blocks take 50 s."""
    script = tmp_path / "slow.py"
    script.write_text(textwrap.dedent(SLOW_SCRIPT), encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline().strip() == "0"
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=20)
    assert run.returncode == 130
    assert "Traceback" not in errors


def test_a_program_from_standard_input_never_hangs() -> None:
    """Proves: with workers asked for, what cannot start is said and how to help it; else one process does the work."""
    program = (
        "from wattworth.compute.blocks import blocks, map_blocks\n"
        "from wattworth.errors import WattworthError\n"
        "try:\n    list(map_blocks(len, blocks(1024), 2))\n"
        "except WattworthError as error:\n    print(error)\n"
    )
    command = [sys.executable, "-"]
    done = subprocess.run(command, input=program, capture_output=True, text=True, check=True, timeout=60)
    assert "pass workers=1" in done.stdout
