"""Kernels compile into the user's cache, keyed by their source, and keep IEEE arithmetic."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np

from wattworth.compute import kernels
from wattworth.compute.kernels import cache_folder, kernel


@kernel
def _ratio(top, bottom):
    return top / bottom


def test_division_follows_ieee():
    assert np.isinf(_ratio(1.0, 0.0))
    assert np.isnan(_ratio(0.0, 0.0))


def test_the_folder_is_named_by_the_source(tmp_path, monkeypatch):
    """Proves: new source, new folder. Sensitivity: numba alone would call the old version of a changed callee."""
    package = tmp_path / "package"
    package.mkdir()
    source = package / "a.py"
    monkeypatch.setattr(kernels, "_PACKAGE", package)
    source.write_text("@kernel\ndef f(x): return x\n", encoding="utf-8")
    before = cache_folder(tmp_path / "cache")
    source.write_text("@kernel\ndef f(x): return -x\n", encoding="utf-8")
    after = cache_folder(tmp_path / "cache")
    assert before != after
    assert before.is_dir()
    assert after.is_dir()


def test_old_folders_go(tmp_path):
    stale = tmp_path / "stale"
    stale.mkdir()
    os.utime(stale, (0, 0))
    cache_folder(tmp_path)
    assert not stale.exists()


def test_a_folder_that_cannot_be_made_falls_back(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    folder = cache_folder(blocked / "kernels")
    assert folder.is_dir()
    assert "wattworth-kernels-" in folder.name
    folder.rmdir()


def test_the_environment_overrides_the_folder(tmp_path):
    code = "import wattworth.compute.kernels; from numba.core import config; print(config.CACHE_DIR)"
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(tmp_path)
