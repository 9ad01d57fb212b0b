"""Blocks set in type as a PDF, by Typst, which reads the template, the data and two families of fonts and no more."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from wattworth.errors import DataError

_FONTS: Final = ("fontpkg_ibm_plex_sans", "fontpkg_ibm_plex_sans_arabic")
_MISSING: Final = 'a memo as PDF needs Typst and its fonts: pip install "wattworth[report]"'


def printed(data: dict[str, Any]) -> bytes:
    """The PDF of a memo.

    Parameters
    ----------
    data
        What ``memo.typ`` reads: the language, the colours, the words of every page, and the blocks.

    Raises
    ------
    DataError
        Typst or its fonts are not installed, or it refuses; the second is a defect of the program.
    """
    try:
        import typst
    except ImportError as error:
        raise DataError(_MISSING) from error
    with TemporaryDirectory(prefix="wattworth-memo-") as private:
        folder = Path(private)
        (folder / "memo.typ").write_text(_template(), encoding="utf-8")
        (folder / "memo.json").write_text(json.dumps(data, ensure_ascii=False, allow_nan=False), encoding="utf-8")
        fonts = [*_font_folders()]
        try:
            compiler = typst.Compiler(
                str(folder / "memo.typ"),
                root=str(folder),
                font_paths=fonts,
                ignore_system_fonts=True,
                package_path=str(folder),
                package_cache_path=str(folder),
            )
            made, _ = compiler.compile_with_warnings(format="pdf")
        except typst.TypstError as error:
            raise DataError(f"the memo could not be set in type: {error}") from error
    if not isinstance(made, bytes):
        raise DataError("the memo could not be set in type: Typst gave no single document")
    return made


@cache
def _template() -> str:
    return files("wattworth.reports.memo").joinpath("memo.typ").read_text(encoding="utf-8")


@cache
def _font_folders() -> tuple[str, ...]:
    try:
        return tuple(str(files(package).joinpath("files")) for package in _FONTS)
    except ModuleNotFoundError as error:
        raise DataError(_MISSING) from error
