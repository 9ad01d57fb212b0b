"""Run the commands of the tutorial and keep the output it shows true.

``python tools/build_tutorial.py`` writes the page again; ``--check`` writes nothing, shows the difference and ends
with 1 if there is one.

A comment before a block makes it a step: ``write FILE`` and ``append FILE`` put the block into a file, ``sites FILE``
turns a table with a column for each site into rows of a CSV file, ``cells FILE`` changes cells of it. A ``console``
block is run line by line, a ``pycon`` block in one Python session; their output stands under each command. What
differs from run to run is masked: the ends of run ids, seconds, and the folder that the steps run in.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import difflib
import doctest
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "tutorial.md"
COLUMNS: Final = 100
PROMPT: Final = "$ wattworth "  # a line of output may begin with a dollar too

STEP: Final = re.compile(
    r"^(?:<!-- (?P<does>write|append) (?P<file>\S+) -->\n)?```(?P<language>\w+)\n(?P<body>.*?)^```$"
    r"|^<!-- (?P<fills>sites|cells) (?P<csv>\S+) -->\n+(?P<table>(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
MASKS: Final = (
    (re.compile(r"(-\d{4}-\d{2}-)[0-9a-f]{12}\b"), r"\1............"),
    (re.compile(r"\b\d+\.\d s\b"), "... s"),
)


class Session:
    """A folder, an environment and a Python session in which the steps follow each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.environment = {
            **os.environ,
            "COLUMNS": str(COLUMNS),
            "NO_COLOR": "1",
            "TERM": "dumb",
            "PYTHONUNBUFFERED": "1",
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
            "XDG_DATA_HOME": str(folder / "data"),
        }

    def step(self, match: re.Match[str]) -> str:
        """The block as it should stand, its effect done."""
        if match["fills"]:
            fill = transposed if match["fills"] == "sites" else changed
            fill(self.folder / match["csv"], cells(match["table"]))
            return match[0]
        if match["does"]:
            with (self.folder / match["file"]).open("w" if match["does"] == "write" else "a", encoding="utf-8") as file:
                file.write(match["body"])
            return match[0]
        run = {"console": self.console, "pycon": self.python}.get(match["language"])
        return f"```{match['language']}\n{run(match['body'])}```" if run else match[0]

    def console(self, body: str) -> str:
        """Each command of a block with what it prints, errors among it."""
        shown: list[str] = []
        for line in body.splitlines():
            if line.startswith(PROMPT):
                done = subprocess.run(
                    ["/bin/sh", "-c", line[2:]],
                    cwd=self.folder,
                    env=self.environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                shown += [line, *self.clean(done.stdout)]
        return "\n".join(shown) + "\n"

    def python(self, body: str) -> str:
        """Each statement of a block with what it prints."""
        shown: list[str] = []
        for example in doctest.DocTestParser().get_examples(body):
            first, *rest = example.source.rstrip("\n").split("\n")
            shown += [f">>> {first}", *(f"... {line}" for line in rest)]
            printed = io.StringIO()
            with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
                exec(compile(example.source, "<tutorial>", "single"), self.names)
            shown += self.clean(printed.getvalue())
        return "\n".join(shown) + "\n"

    def clean(self, printed: str) -> list[str]:
        """Lines without trailing blanks, paths from the folder on."""
        for folder in {str(self.folder), str(self.folder.resolve())}:
            printed = printed.replace(f"{folder}{os.sep}", "").replace(folder, ".")
        return [line.rstrip() for line in printed.rstrip().splitlines()]


def cells(table: str) -> list[list[str]]:
    """Rows of a Markdown table, the rule under its head left out."""
    rows = [[cell.strip().strip("`") for cell in line.strip().strip("|").split("|")] for line in table.splitlines()]
    return [rows[0], *rows[2:]]


def transposed(path: Path, table: list[list[str]]) -> None:
    """Write a table with fields down and sites across as rows of a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(zip(*table[1:], strict=True))


def changed(path: Path, table: list[list[str]]) -> None:
    """Change cells of a CSV file, each named by its row as a spreadsheet counts and its column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row, column, value in table[1:]:
        rows[int(row) - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def masked(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


def page_text(text: str) -> str:
    """The page with the output of its commands as it is now."""
    os.environ.update(COLUMNS=str(COLUMNS), NO_COLOR="1", TERM="dumb")
    with tempfile.TemporaryDirectory() as folder:
        return STEP.sub(Session(Path(folder)).step, text)


def main() -> int:
    """Write the page, or with ``--check`` only show what is stale in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 if the page is stale")
    given = parser.parse_args()
    shown = PAGE.read_text(encoding="utf-8")
    now = page_text(shown)
    if masked(shown) == masked(now):
        return 0
    where = PAGE.relative_to(ROOT)
    if given.check:
        pairs = masked(shown).splitlines(), masked(now).splitlines()
        print("\n".join(difflib.unified_diff(*pairs, f"{where} as shown", f"{where} as run", lineterm="")))
    else:
        PAGE.write_text(now, encoding="utf-8")
        print(f"wrote {where}", file=sys.stderr)
    return int(given.check)


if __name__ == "__main__":
    sys.exit(main())
