"""What the package depends on: free licences, pinned versions, nothing unused at start."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FREE = re.compile(
    r"MIT( License)?|MIT-CMU|0BSD|BSD|BSD-[23]-Clause|BSD [23]-Clause License|BSD License"
    r"|Apache[ -]2\.0|Apache Software License|Apache-2\.0 WITH LLVM-exception|BSL-1\.0|CC0-1\.0|ISC|Zlib|PSF-2\.0"
    r"|Python Software Foundation License|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)"
    r"|Unlicense|The Unlicense \(Unlicense\)|MIT-0|OFL-1\.1|Public Domain"
)
READ = {"docutils": "only an editor mode that is not installed is under the GPL"}


def _needed(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Installed distributions that a distribution needs here, itself included."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(canonicalize_name(name), extras)]
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        for text in metadata.requires(item[0]) or []:
            requirement = Requirement(text)
            wanted = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in ("", *item[1])
            )
            if wanted:
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return {found for found, _ in seen}


def _licences(name: str) -> list[str]:
    """The licences a distribution states, all of which apply."""
    about = metadata.metadata(name)
    for expression in about.get_all("License-Expression") or []:
        return expression.replace("(", "").replace(")", "").split(" AND ")
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return [line.rsplit(" :: ", 1)[1] for line in classifiers] or about.get_all("License") or ["none stated"]


def _free(licence: str) -> bool:
    return any(FREE.fullmatch(choice) for choice in licence.split(" OR "))


def test_every_runtime_dependency_has_a_free_licence() -> None:
    needed = _needed("wattworth", frozenset({"report", "web"})) - {"wattworth"}
    assert {"numpy", "pydantic", "typst", "nicegui"} <= needed
    unknown = {name: _licences(name) for name in sorted(needed - READ.keys()) if not all(map(_free, _licences(name)))}
    assert not unknown, f"read these licences before depending on them: {unknown}"


def test_constraints_pin_all_that_is_installed(root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) and re.fullmatch(r"[\w.]+", pin) for name, pin in pins.items())
    pinned: dict[str, str] = {canonicalize_name(name): pin for name, pin in pins.items()}
    needed = _needed("wattworth", frozenset({"all"})) - {"wattworth"}
    assert not needed - pinned.keys(), "constraints.txt lacks these"
    assert not pinned.keys() - needed - {"setuptools"}, "constraints.txt holds what nothing needs"
    assert {name: metadata.version(name) for name in needed} == {name: pinned[name] for name in needed}


@pytest.mark.parametrize("module", ["numpy", "polars", "numba", "scipy", "pydantic"])
def test_importing_the_package_loads_nothing(module: str) -> None:
    code = f"import sys, wattworth; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
