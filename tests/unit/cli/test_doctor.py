"""``wattworth doctor``: sound here, and each check says so when it is not."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import NoReturn

import pytest

from tests.unit.cli.conftest import Call
from wattworth import errors, store, study
from wattworth.cli import health


def test_this_installation_is_sound(call: Call) -> None:
    answer = call("doctor", "--json")
    found = json.loads(answer.out)
    assert [check for check in found["checks"] if check["status"] == "fail"] == []
    assert (answer.code, answer.err, found["ok"]) == (0, "", True)
    assert {"python", "packages", "kernels", "facts", "studies", "digits", "data folder"} <= {
        check["name"] for check in found["checks"]
    }


def test_findings_are_lines_with_a_fix(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [
        health.Finding("one", "ok", "fine"),
        health.Finding("two", "warning", "slow", "buy"),
        health.Finding("three", "fail", "broken", "mend"),
    ]
    monkeypatch.setattr(health, "findings", lambda: iter(listed))
    answer = call("doctor")
    assert answer.code == 2
    assert "fix: mend" in answer.out
    assert answer.out.endswith("1 of 3 checks failed\n1 warning\n")
    monkeypatch.setattr(health, "findings", lambda: iter(listed[:1]))
    assert call("doctor").out.endswith("this installation is sound\n")


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def facts() -> NoReturn:
        raise errors.FactError("table torn")

    monkeypatch.setattr(health, "facts", facts)
    torn = next(finding for finding in health.findings() if finding.name == "facts")
    assert (torn.status, torn.message) == ("fail", "FactError: table torn")


def test_an_old_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.sys, "version_info", (3, 10, 1))
    assert health.python().status == "fail"


def test_old_and_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: ["numpy>=999", "no-such-thing>=1", 'x>=9; extra == "y"'])
    found = health.packages()
    assert found.status == "fail"
    assert ", need 999 or newer; no-such-thing is missing" in found.message


def test_a_missing_browser_only_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.shutil, "which", lambda _: None)
    assert health.browser().status == "warning"


def test_a_cache_that_cannot_be_kept_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(Path(health.tempfile.gettempdir()) / "kernels"))
    assert health.kernels().status == "warning"


def test_a_packaged_study_with_a_fault_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "check", lambda *_: [errors.Fault("sites.csv row 2", "wrong")])
    assert "us-miners: sites.csv row 2: wrong" in health.studies().message


def test_a_data_folder_that_cannot_be_written_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    found = health.data_folder()
    assert found.status == "fail"
    assert "XDG_DATA_HOME" in found.fix
    assert str(store.runs_folder()) in found.message
