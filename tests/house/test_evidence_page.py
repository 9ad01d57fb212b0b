"""The page of evidence discusses every miss of the packaged tape, and no other."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path


def test_every_miss_is_discussed(root: Path) -> None:
    """Proves: the headings under "Misses" are the actual values outside their range, each with some words below it."""
    from wattworth import uses
    from wattworth.evidence.backtest import backtest
    from wattworth.evidence.tape import read_tape

    spec = importlib.util.spec_from_file_location("build_tables", root / "tools" / "build_tables.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    section = (root / "docs" / "evidence.md").read_text(encoding="utf-8").split("## Misses")[1].split("\n## ")[0]
    discussed = re.findall(r"^### (\S+: \S+)\n\n(.+)", section, re.MULTILINE)
    assert sorted(heading for heading, _ in discussed) == sorted(tool.misses(backtest(read_tape(), uses.fact_book())))
    assert all(len(words) > 30 for _, words in discussed)
