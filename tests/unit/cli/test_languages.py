"""``--lang`` and ``--digits``: the language of the page that a command writes, the same for every command."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

pytest.importorskip("babel")

from tests.unit.cli.conftest import Call
from wattworth.cli import backtest, comps, gap, options, plan, power, switching, timeline, value

COMMANDS = (
    value.value,
    timeline.timeline,
    switching.when,
    gap.gap,
    plan.plan,
    power.power,
    backtest.backtest,
    comps.comps,
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_every_command_with_a_page_takes_a_language(command: object) -> None:
    taken = inspect.signature(command).parameters["language"]  # type: ignore[arg-type]
    assert taken.default == options.ENGLISH


@pytest.mark.parametrize(("digits", "shown"), [("latn", "9"), ("arab", "٩")])
def test_a_page_comes_in_arabic(call: Call, tmp_path: Path, digits: str, shown: str) -> None:
    done = call("gap", "--mode", "as_printed", "--out", tmp_path, "--lang", "ar", "--digits", digits)
    assert done.code == 0, done.err
    page = (tmp_path / "gap.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert f"\u2066{shown}" in page
    assert re.search(r"[\u0620-\u064a]", done.out) is None


def test_an_unknown_language_names_those_there_are(call: Call, tmp_path: Path) -> None:
    done = call("gap", "--lang", "xx", "--out", tmp_path)
    assert done.code == 2
    assert "there is en, ar" in " ".join(done.err.split())
    assert not list(tmp_path.iterdir())


def test_a_language_without_a_page_is_refused(call: Call) -> None:
    done = call("gap", "--lang", "ar")
    assert done.code == 2
    assert "name a folder for it with --out" in " ".join(done.err.split())


def test_digits_are_for_another_language(call: Call, tmp_path: Path) -> None:
    done = call("gap", "--digits", "arab", "--out", tmp_path)
    assert done.code == 2
    assert "name its language with --lang" in " ".join(done.err.split())
