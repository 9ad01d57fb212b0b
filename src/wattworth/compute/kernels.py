"""The compiler, set up once: plain float64 loops that give the same bits on every run.

Compiled code is kept in the user's cache folder, one folder for each state of the source;
``NUMBA_CACHE_DIR`` overrides the folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import platformdirs

_PACKAGE = Path(__file__).resolve().parent.parent
_KEEP_DAYS = 30.0


def _source_digest() -> str:
    """Digest of every file with kernels, and of the constants they share.

    Numba looks only at the file of the kernel it loads, not at the kernels and constants it uses.
    """
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(_PACKAGE.rglob("*.py")):
        text = path.read_bytes()
        if b"@kernel" in text or path.name == "units.py":
            digest.update(text)
    return digest.hexdigest()


def cache_folder(root: Path | None = None) -> Path:
    """Folder of compiled kernels, made if need be; one in the temporary folder if that fails.

    Parameters
    ----------
    root
        Where to keep it; the user's cache folder by default.
    """
    root = root or Path(platformdirs.user_cache_dir("wattworth", appauthor=False)) / "kernels"
    folder = root / _source_digest()
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _forget_old(root)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(folder)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="wattworth-kernels-"))
    return folder


def _forget_old(root: Path) -> None:
    for folder in root.iterdir():
        if time.time() - folder.stat().st_mtime > _KEEP_DAYS * 86_400.0:
            shutil.rmtree(folder, ignore_errors=True)


if "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())

import numba  # noqa: E402 - reads its cache folder when imported
from numba.core import config  # noqa: E402

cast("Any", config).CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # in case numba was imported before


def is_cold() -> bool:
    """Whether no compiled kernel is kept yet."""
    return next(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbi"), None) is None


Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function of floats and contiguous float64 arrays on first use.

    Notes
    -----
    No fast-math, no threads: sums keep their order and a run its digits. Division by zero
    follows IEEE 754, as in numpy. The lock of the interpreter is released while it runs.
    A kernel may use constants of its own file, of ``units`` and of the protocol, no others:
    compiled code would not notice that they have changed.
    """
    return cast("Function", numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """Compile a function into each kernel that calls it.

    For the small steps of a loop that are handed rows of arrays: a call costs more than their work.
    """
    return cast("Function", numba.njit(inline="always", error_model="numpy")(function))
