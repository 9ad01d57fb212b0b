"""Where runs live, and whether a folder can take one."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

import platformdirs

from wattworth.placing import refused

RUN_FILE: Final = "run.json"
DRAWS_FILE: Final = "draws.parquet"


def runs_folder() -> Path:
    """Folder of the runs saved without a place of their own, in the user's data folder."""
    return platformdirs.user_data_path("wattworth", appauthor=False) / "runs"


def check_folder(folder: Path | None = None) -> Path:
    """Refuse a folder that cannot be made or written, before a run is spent on it.

    Parameters
    ----------
    folder
        Folder of one run; None takes that of all runs.

    Returns
    -------
    Path
        The folder. Nothing is made yet.

    Raises
    ------
    StoreError
        If it is a file, or the user may not write there.
    """
    place = runs_folder() if folder is None else folder
    try:
        standing = next(path for path in (place, *place.absolute().parents) if path.exists())
        if not standing.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, str(standing))
        if not os.access(standing, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, str(standing))
    except OSError as error:
        raise refused(place, error) from error
    return place
