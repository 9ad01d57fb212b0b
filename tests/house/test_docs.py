"""The documents keep up with the code: links, pages of uses and commands, generated pages."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FETCHED = re.compile(
    r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=\"(?:https?:)?//[^>]+|@import|url\((?:https?:)?//"
)
COMMANDS = (
    "value",
    "runs",
    "report",
    "show",
    "compare",
    "check",
    "new",
    "sources",
    "doctor",
    "solve",
    "explain",
    "cases",
    "table",
    "backtest",
    "calibrate",
    "comps",
    "timeline",
    "options",
    "ways",
    "idle",
    "finance",
    "power",
    "plan",
    "gap",
    "gas",
)


def _pages(root: Path) -> list[Path]:
    return [*root.glob("*.md"), *(root / "docs").rglob("*.md")]


def _anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


def _anchors(page: Path) -> set[str]:
    return {_anchor(heading) for heading in HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))}


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    broken = []
    for page in _pages(root):
        for target in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            other = (page.parent / path).resolve() if path else page
            if not other.exists() or (anchor and other.suffix == ".md" and anchor not in _anchors(other)):
                broken.append(f"{page.relative_to(root)}: {target}")
    assert not broken, broken


def test_every_command_has_a_heading(root: Path) -> None:
    headings = "\n".join(HEADING.findall((root / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")))
    missing = [command for command in COMMANDS if not re.search(rf"\b{command}\b", headings)]
    assert not missing, missing


def test_every_page_is_in_the_menu(root: Path) -> None:
    menu = (root / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [page.relative_to(root / "docs").as_posix() for page in (root / "docs").rglob("*.md")]
    assert not [page for page in pages if page not in menu], "add these under nav in mkdocs.yml"


def test_every_decision_states_its_status_on_line_one(root: Path) -> None:
    records = sorted((root / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        first = record.read_text(encoding="utf-8").splitlines()[0]
        assert re.match(r"Status: (proposed|accepted|replaced by \d{4})\b", first), record.name


def test_every_error_is_described(root: Path) -> None:
    from wattworth import errors

    page = (root / "docs" / "errors.md").read_text(encoding="utf-8")
    names = [name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_commands_of_the_readme_exist(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = set(re.findall(r"^make ([a-z]+)", readme, re.MULTILINE))
    assert {"demo", "test"} <= shown <= targets
    assert "exec make test" in (root / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", ["schema.md", "cli.md", "facts.md", "deals.md", "evidence.md", "time-to-power.md", "README.md"]
)
def test_generated_pages_are_fresh(root: Path, page: str) -> None:
    tool = root / "tools" / "build_reference.py"
    done = subprocess.run(
        [sys.executable, str(tool), "--check", page], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, f"run make docs: {done.stderr[-2000:]}"


def test_site_asks_nothing_of_other_hosts(root: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("mkdocs") is None:
        pytest.skip("mkdocs is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path)]
    built = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    asked = [
        f"{path.relative_to(tmp_path)}: {found}"
        for path in (*tmp_path.rglob("*.html"), *tmp_path.rglob("*.css"))
        for found in FETCHED.findall(path.read_text(encoding="utf-8"))
        if 'rel="canonical"' not in found
    ]
    assert not asked, asked[:5]
