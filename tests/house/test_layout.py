"""Files stay short, ship with the package, and speak of the project only."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

LONGEST_FILE_LINES = 450
# Folders of one machine, and hosts or options that name a package index. Split so that this file does not match.
OF_ONE_MACHINE = re.compile(r"(?<![\w.:/])/(?:work|tmp|root|home|opt)/\w|[A-Z]:\\Users\\")
INDEX_HOST = re.compile(r"pypi[.]org|pythonhosted[.]org|index[-]url|find[-]links")


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    """Every text file that is, or could be, committed."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := root / name).is_file()]


def test_files_are_short(root: Path) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (root / "src").rglob("*.py")}
    long = [f"{path.relative_to(root)}: {n} lines" for path, n in lengths.items() if n > LONGEST_FILE_LINES]
    assert not long, f"split these by what they hold: {long}"


@pytest.mark.parametrize("pattern", [OF_ONE_MACHINE, INDEX_HOST], ids=["path of one machine", "package index"])
def test_no_file_names_what_only_one_machine_has(root: Path, tracked: list[Path], pattern: re.Pattern[str]) -> None:
    found = []
    for path in tracked:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [
            f"{path.relative_to(root)}:{n} {line[:100]}" for n, line in enumerate(lines, 1) if pattern.search(line)
        ]
    assert not found, "\n".join(found)


def test_every_file_beside_the_code_ships_with_it(root: Path, tracked: list[Path]) -> None:
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    globs = declared["tool"]["setuptools"]["package-data"]["wattworth"]
    suffixes = {".py", *(Path(glob).suffix for glob in globs)}
    package = root / "src" / "wattworth"
    left_behind = [
        str(path.relative_to(package))
        for path in tracked
        if path.is_relative_to(package) and path.suffix not in suffixes and path.name not in globs
    ]
    assert not left_behind, f"add these to package-data in pyproject.toml: {left_behind}"


def test_every_room_is_a_package_with_a_purpose(root: Path) -> None:
    for room in sorted((root / "src" / "wattworth").iterdir()):
        if room.is_dir() and any(room.glob("*.py")):
            first = (room / "__init__.py").read_text(encoding="utf-8").lstrip()
            assert first.startswith('"""'), f"{room.name}/__init__.py must begin by saying what the room holds"
