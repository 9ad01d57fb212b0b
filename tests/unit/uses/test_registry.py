"""Uses that other packages register."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOY = '''
from pathlib import Path
import numpy as np
from wattworth.uses import Options, Use
from wattworth.uses.base import empty_lines, finished
from wattworth.records import Line


class ToyOptions(Options):
    years: int = 10
    """Years it runs."""


class Toy(Use):
    name, label, options = "toy", "Toy load", ToyOptions
    fact_keys = ("toy.margin",)
    facts_file = Path(__file__).with_name("toy_facts.csv")

    def unavailable(self, site, part, options=None):
        return "under a signed lease" if part.state == "leased" else None

    def cash_lines(self, case, world, options):
        end = np.full(world.paths.n_draw, 12 * options.years)
        usd = empty_lines(12 * options.years, world.paths.n_draw)
        usd[Line.REVENUE, 1:] = world.params["toy.margin"] * case.part.gross_mw * 1e3 / 12
        return finished(usd, np.ones_like(end), np.zeros(end.size), end)
'''
FACTS = (
    "technology,parameter,value,low,high,unit,money_year,source,as_of,confidence,note\n"
    "toy,margin,100,100,100,$/kW-yr,2026,a test,2026-11,assumption,\n"
)
SITES = (
    "site_id,name,company,country,market_region,operating_gross_mw,previous_use\na,A,Plain,US,other,100,industrial\n"
)
STUDY = "schema_version: 1\nname: toys\nas_of: 2026-06\nusd_year: 2026\ntax_losses: group\n"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A package with one use, installed where the path finds it."""
    about = tmp_path / "toy_use-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-use\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[wattworth.uses]\ntoy = toy_use:Toy\n")
    (tmp_path / "toy_use.py").write_text(TOY)
    (tmp_path / "toy_facts.csv").write_text(FACTS)
    (tmp_path / "study.yaml").write_text(STUDY + "uses:\n  toy: {years: 5}\n  site_sale: {}\n")
    (tmp_path / "sites.csv").write_text(SITES)
    return tmp_path


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "wattworth", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=folder)


def test_a_registered_use_is_valued(installed: Path) -> None:
    """Proves: a use of another package, with its options and facts, stands in a run beside the built-in ones.

    By hand: 100 $/kW-yr on 100 MW over 5 years, 10 $M a year, taxed at 24.95 % and paid monthly at 6 %, is worth
    some 32.5 $M; the market price of a dollar does not move it. Sensitivity: options not handed on give 10 years.
    """
    done = _run(installed, "value", str(installed), "--draws", "64", "--workers", "2", "--out", "run", "--json")
    assert done.returncode == 0, done.stderr
    toy = json.loads(done.stdout)["sites"][0]["uses"]["toy"]
    assert toy["npv_usd"]["mean"] == pytest.approx(32.5e6, rel=0.02)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (("entry_points.txt", "toy = toy_use:Nothing"), "cannot be loaded"),
        (("entry_points.txt", "other = toy_use:Toy"), 'whose name is "other"'),
        (("toy_use.py", "import no_such_package"), "cannot be loaded"),
    ],
)
def test_a_broken_package_is_named(installed: Path, changed: tuple[str, str], fault: str) -> None:
    """Proves: a user reads which package to mend or remove, exit code 2, without a traceback."""
    name, text = changed
    path = next(installed.rglob(name))
    path.write_text(("[wattworth.uses]\n" if name.endswith("txt") else "") + text + "\n")
    done = _run(installed, "check", str(installed))
    assert done.returncode == 2
    assert "package toy-use" in done.stderr
    assert fault in done.stderr
    assert "Traceback" not in done.stderr
