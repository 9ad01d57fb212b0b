"""The program as a whole: help, version, what is loaded, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.conftest import QUICK, Call, program
from wattworth.cli import app
from wattworth.cli.errors import exit_code_of
from wattworth.errors import SolveError, WattworthError

HEAVY = ("numpy", "polars", "numba", "scipy", "pydantic", "ruamel", "rich.progress")
COMMANDS = ("value", "check", "new", "sources", "doctor")


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("value", "--help")], ids=" ".join)
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    code = f"""if True:
        import sys
        from wattworth.cli import main
        main({list(words)!r})
        sys.exit(" ".join(name for name in {HEAVY!r} if name in sys.modules))
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_help_lists_every_command() -> None:
    answer = program("--help")
    assert answer.code == 0
    assert answer.err == ""
    assert all(f" {command} " in answer.out for command in COMMANDS)


def test_version_names_the_program(call: Call) -> None:
    assert call("--version").out.startswith("wattworth ")


def test_without_a_command_it_helps(call: Call) -> None:
    answer = call()
    assert answer.code == 0
    assert "Usage: wattworth COMMAND" in answer.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_fits_the_terminal(call: Call, command: str) -> None:
    answer = call(command, "--help")
    assert answer.code == 0
    assert max(map(len, answer.out.splitlines())) <= 80


def test_reference_page_comes_from_the_program() -> None:
    page = app.generate_docs(output_format="markdown")
    assert all(f"wattworth {command}" in page for command in COMMANDS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("valu",), 'Unknown command "valu". Did you mean "value"?'),
        (("--verison",), "Unknown option: --verison. Did you mean --version?"),
        (("value",), "STUDY requires an argument"),
        (("value", "x", "--drws", "5"), "Did you mean --draws?"),
        (("value", "x", "--draws"), "--draws requires an argument"),
        (("value", "x", "--draws", "0"), 'Invalid value "0" for --draws. Must be >= 1.'),
        (("value", "x", "--draws", "1e4"), '--draws: got "1e4", need a whole number'),
        (("value", "x", "--draws", "99999999999"), "--draws. Must be <="),
        (("value", "x", "--workers", "0"), "--workers. Must be >= 1"),
        (("value", "x", "--seed", "-1"), "--seed. Must be >= 0"),
        (("value", "x", "--as-of", "soon"), '"soon" for --as-of. Write a month as YYYY-MM'),
        (("value", "x", "--as-of", "2026-13"), "--as-of. Write a month as YYYY-MM"),
        (("value", "x", "--uses", ","), "--uses. Name at least one use"),
        (("value", "x", "y"), 'one argument too many: "y"'),
        (("check", "x", "--draws", "5"), "Unknown option: --draws"),
        (("doctor", "x"), 'one argument too many: "x"'),
    ],
)
def test_a_slip_on_the_command_line_takes_one_line(call: Call, words: tuple[str, ...], said: str) -> None:
    answer = call(*words)
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert answer.out == ""


def _raising(error: BaseException) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (WattworthError("sites.csv row 2: wrong"), 2, "sites.csv row 2: wrong\n"),
        (SolveError("no answer"), 3, "no answer\n"),
        (KeyboardInterrupt(), 130, ""),
        (MemoryError(), 2, "not enough memory; take fewer --draws, --workers or --sites\n"),
    ],
    ids=["input", "no answer", "interrupt", "memory"],
)
def test_each_end_has_its_code(capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: str) -> None:
    assert exit_code_of(lambda: _raising(error)) == code
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("debug", ["", "0", "1"])
def test_a_fault_of_its_own_is_owned(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, debug: str
) -> None:
    monkeypatch.setenv("WATTWORTH_DEBUG", debug)
    error = ZeroDivisionError("by\nnothing")
    error.add_note("while draws 0 to 255 were valued")
    assert exit_code_of(lambda: _raising(error)) == 70
    said = capsys.readouterr().err
    assert "a fault of wattworth, not of your input: ZeroDivisionError: by nothing, while draws 0" in said
    assert ("Traceback" in said) == (debug == "1")


def test_nobody_reading_on_is_no_fault(three: Path) -> None:
    command = [sys.executable, "-m", "wattworth", "sources", str(three)]
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupt_ends_quietly_and_saves_nothing(three: Path, tmp_path: Path) -> None:
    words = ["value", str(three), "--draws", "1000000", "--workers", "1", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [sys.executable, "-m", "wattworth", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert "valuing three" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, "", "")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["ascii", "C locale"],
)
def test_a_terminal_of_few_characters_still_gets_the_table(three: Path, environment: dict[str, str]) -> None:
    answer = program("value", three, *QUICK, "--out", three / "out", **environment)
    assert answer.code == 0, answer.err
    assert answer.out.isascii()
    assert "Alpha" in answer.out
