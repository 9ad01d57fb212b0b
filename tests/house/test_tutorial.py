"""The tutorial shows what its commands print: they are run, in order, in an empty folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("new", "check", "sources", "value")


def test_tutorial_shows_what_its_commands_print(root: Path) -> None:
    """Proves: every command, table and message of the tutorial is what the program prints now.

    Sensitivity: a figure that moved by one in its last digit shows in the difference.
    """
    tool = root / "tools" / "build_tutorial.py"
    done = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run tools/build_tutorial.py:\n{done.stdout[-6000:]}{done.stderr[-2000:]}"


@pytest.mark.parametrize("command", COMMANDS)
def test_tutorial_uses_the_command(root: Path, command: str) -> None:
    page = (root / "docs" / "tutorial.md").read_text(encoding="utf-8")
    assert f"\n$ wattworth {command} " in page
