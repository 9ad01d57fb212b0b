"""Files written beside their place and moved into it, so that none is ever half there."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from wattworth.errors import StoreError

_SUFFIX: Final = ".part"
_LEFT_BEHIND_S: Final = 86_400.0
_FIX: Final = "choose another folder with --out"
_REASONS: Final = {
    errno.ENOSPC: f"the disk is full; free some space, or {_FIX}",
    errno.EDQUOT: f"your quota on this disk is used up; free some space, or {_FIX}",
    errno.EFBIG: f"the file would be larger than this system allows; take fewer draws or sites, or {_FIX}",
    errno.EEXIST: f"a file stands where a folder is needed; remove it, or {_FIX}",
    errno.ENOENT: f"its folder is not there; make it first, or {_FIX}",
    errno.ENOTDIR: f"a file stands where a folder is needed; remove it, or {_FIX}",
    errno.EACCES: f"you may not write there; {_FIX}",
    errno.EPERM: f"you may not write there; {_FIX}",
    errno.EROFS: f"the disk is read-only; {_FIX}",
    errno.ENAMETOOLONG: f"the name is too long; {_FIX}",
}


def refused(place: Path, error: OSError) -> StoreError:
    """What to tell the user when the system refuses a file or folder."""
    reason = _REASONS.get(error.errno or 0, f"{error.strerror or error}; {_FIX}")
    return StoreError(f"{place}: cannot be written: {reason}")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a new name beside ``path`` to write to, and move it there once it is whole."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}{_SUFFIX}")
    try:
        yield part
        _flush(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """A name in a folder of its own beside a new file to write to, moved into its place at the end.

    What a writer still does to that name later, its folder being gone, changes nothing.

    Raises
    ------
    StoreError
        If a file is there already, or the system refuses.
    """
    if path.exists() or path.is_symlink():
        raise StoreError(f"{path}: already exists; choose another name, or move it away first")
    try:
        with TemporaryDirectory(prefix=".", suffix=_SUFFIX, dir=path.parent, ignore_cleanup_errors=True) as aside:
            part = Path(aside) / path.name
            yield part
            _flush(part)
            part.replace(path)
    except OSError as error:
        raise refused(path, error) from error


def write_text(path: Path, text: str, *, new: bool = False) -> Path:
    """Write a text as UTF-8, whole or not at all, making the folders it lies in.

    Parameters
    ----------
    path, text
        File and its content.
    new
        Whether a file that is there already is refused.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    if new and path.exists():
        raise StoreError(f"{path}: already exists; choose another file with --out, or move it away first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise refused(path, error) from error
    return path


def sweep(folder: Path) -> None:
    """Remove what killed processes left in a folder a day ago or more."""
    for part in folder.glob(f".*{_SUFFIX}"):
        try:
            if time.time() - part.stat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(part, ignore_errors=True) if part.is_dir() else part.unlink()
        except FileNotFoundError:
            continue  # another process was faster


def _flush(path: Path) -> None:
    """Make the system write the bytes now, so that a full disk is known before the file takes its place."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
