"""A workbook put in its place once it is whole: what its writer says of a disk becomes an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter.exceptions

from wattworth import placing


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """A name beside a new workbook to write to, moved into its place at the end.

    Raises
    ------
    StoreError
        If a file is there already, or the system refuses.
    """
    try:
        with placing.placed(path) as part:
            yield part
    except xlsxwriter.exceptions.FileCreateError as error:
        inner = error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(0, str(error))
        raise placing.refused(path, inner) from error
