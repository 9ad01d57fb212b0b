"""A workbook put in its place once it is whole: what cannot be written leaves nothing behind."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import xlsxwriter.exceptions

from wattworth.errors import StoreError

_REASONS: Final = {
    errno.ENOSPC: "the disk is full; free some space, or choose another place",
    errno.EDQUOT: "your quota on this disk is used up; free some space, or choose another place",
    errno.EFBIG: "the file would be larger than this system allows; choose fewer sites",
    errno.ENOENT: "its folder is not there; make it first",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
}


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """A name in a folder of its own beside ``path`` to write to, moved there at the end.

    Raises
    ------
    StoreError
        If a file is there already, or the system refuses.
    """
    if path.exists() or path.is_symlink():
        raise StoreError(f"{path}: already exists; choose another name, or move it away first")
    try:
        with TemporaryDirectory(
            prefix=".workbook-", suffix=".part", dir=path.parent, ignore_cleanup_errors=True
        ) as aside:
            part = Path(aside) / "workbook.xlsx"
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    except xlsxwriter.exceptions.FileCreateError as error:
        inner = error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(0, str(error))
        raise _refused(path, inner) from error


def _refused(path: Path, error: OSError) -> StoreError:
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return StoreError(f"{path}: cannot be written: {reason}")
