"""The program: its commands, and one way in."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, Parameter

from wattworth.cli.backtest import backtest, calibrate
from wattworth.cli.cases import cases, table
from wattworth.cli.check import check
from wattworth.cli.compare import compare
from wattworth.cli.comps import comps
from wattworth.cli.console import ready_streams, to_people, to_stdout
from wattworth.cli.doctor import doctor
from wattworth.cli.errors import exit_code_of
from wattworth.cli.explain import explain
from wattworth.cli.finance import finance
from wattworth.cli.gap import gap
from wattworth.cli.gas import gas
from wattworth.cli.new import new
from wattworth.cli.plan import plan
from wattworth.cli.power import power
from wattworth.cli.report import report
from wattworth.cli.runs import runs
from wattworth.cli.serve import serve
from wattworth.cli.show import show_run
from wattworth.cli.solve import solve
from wattworth.cli.sources import sources
from wattworth.cli.switching import when
from wattworth.cli.timeline import timeline
from wattworth.cli.value import value
from wattworth.cli.ways import idle, ways


def _version() -> str:
    from importlib.metadata import version

    return f"wattworth {version('wattworth')}"


app = App(
    name="wattworth",
    help="What is this power worth, in which use, and when?",
    version=_version,
    help_format="plaintext",
    default_parameter=Parameter(negative=()),
)
for command in (
    value,
    runs,
    report,
    compare,
    solve,
    explain,
    cases,
    table,
    check,
    new,
    sources,
    doctor,
    backtest,
    calibrate,
    comps,
    timeline,
    ways,
    idle,
    finance,
    power,
    plan,
    gap,
    gas,
    serve,
):
    app.command(command)
app.command(show_run, name="show")
app.command(when, name="options")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and give its exit code.

    Parameters
    ----------
    arguments
        Words after the program's name; None takes those of this process.
    """
    ready_streams()
    words = sys.argv[1:] if arguments is None else list(arguments)
    return exit_code_of(
        lambda: app(
            words,
            console=to_stdout(),
            error_console=to_people(),
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    )
