"""A study of three sites on disk, and the command line called in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from wattworth.cli import main

STUDY = """\
schema_version: 1
name: three
title: Three sites [of each kind]
as_of: 2026-06
usd_year: 2026
tax_losses: carried
"""
SITES = """\
site_id,name,company,country,iso,operating_gross_mw,previous_use,lease_critical_it_mw,not_valued_reason
alpha-mine,Alpha,Acme,US,ERCOT,100,bitcoin_mine,,
beta-leased,Beta [/x],Acme,US,NYISO,250,bitcoin_mine,120,
gamma-none,Gamma,Other,US,PJM,,unknown,,no source states its megawatts
"""
QUICK = ("--draws", "256", "--workers", "1")


class Answer(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "WATTWORTH_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """The folder of the study."""
    folder = tmp_path / "three"
    folder.mkdir()
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    (folder / "sites.csv").write_text(SITES, encoding="utf-8")
    return folder


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command line in this process."""

    def answer(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        shown = capsys.readouterr()
        return Answer(code, shown.out, shown.err)

    return answer


def program(*words: object, **environment: str) -> Answer:
    """Run a command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "wattworth", *map(str, words)],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )
    return Answer(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
