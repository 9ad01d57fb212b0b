"""A study's own gates: read row by row, and every bad network named with its place, exit 2."""

from __future__ import annotations

import pytest

from tests.unit.study.conftest import SETTINGS, SPECS
from wattworth.cli import main
from wattworth.study import read

HEAD = "network,site,gate,after,low_months,months,high_months,fails_frac,rest,cause,source\n"
GOOD = "energised,,lease,,6,12,30,,yes,customers,us\nenergised,,hall,lease,,18,,0.02,,building,us\n"
YAML = SETTINGS + "gate_files: [gates.csv]\n"


def test_rows_are_read_and_recorded(folder, tmp_path):
    (tmp_path / "gates.csv").write_text(HEAD + GOOD)
    lease, hall = read(folder(YAML), SPECS).gates
    assert (lease.site, lease.rest, lease.waits_for, lease.fails_frac) == ("*", True, (), 0.0)
    assert (hall.waits_for, hall.months, hall.where) == (("lease",), 18, "gates.csv row 3")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("energised,,a,,,-3,,,,,us\n", 'gates.csv row 2, column "months": got "-3", need a number'),
        ("energised,,a,,,3,,1.2,,,us\n", 'gates.csv row 2, column "fails_frac": got "1.2"'),
        ("energised,,a,,6,3,9,,,,us\n", 'column "months": 3 lies outside low_months 6 to high_months 9'),
        ("energised,,a,,6,8,,,,,us\n", "low_months and high_months go together; fill both or neither"),
        ("energized,,a,,,3,,,,,us\n", 'column "network": got "energized"'),
        ("energised,,a,,,3,,,,,\n", 'column "source": empty'),
    ],
)
def test_faults_of_a_row(folder_faults, tmp_path, rows, message):
    (tmp_path / "gates.csv").write_text(HEAD + rows)
    assert any(message in fault for fault in folder_faults(YAML))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("energised,,a,b,,3,,,,,us\n", 'gates.csv row 2: waits for "b", which is not in the network; there are a'),
        (
            "energised,,a,b,,3,,,,,us\nenergised,,b,a,,3,,,,,us\n",
            "gates.csv row 2: waits for itself: a after b after a",
        ),
        ("energised,,a,,,3,,,,,us\nenergised,,a,,,3,,,,,us\n", "gates.csv row 3: stands twice"),
        (
            "energised,,a,,,3,,,yes,,us\nenergised,,b,,,3,,,yes,,us\n",
            'gates.csv row 3: rest is "a" already; one gate takes it',
        ),
    ],
)
@pytest.mark.parametrize("command", ["value", "timeline", "check"])
def test_a_bad_network_ends_every_command_with_2(folder, tmp_path, capsys, rows, message, command):
    (tmp_path / "gates.csv").write_text(HEAD + rows)
    where = folder(YAML)
    assert main([command, str(where)]) == 2
    assert message in capsys.readouterr().err
