"""Draws as one Parquet file: a row for each site, use and draw, a group of rows for each site and use."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import PolarsError
from polars.io.plugins import register_io_source

from wattworth.errors import StoreError
from wattworth.records import SCHEMA_VERSION

Pair = tuple[str, str]
Arrays = Mapping[str, NDArray[np.float64]]

_KEYS: Final = ("site_id", "use", "draw")
_SYSTEM_ERROR: Final = re.compile(r"\(os error ([0-9]+)\)")  # how polars passes on what the system refuses
_COMPRESSION_LEVEL: Final = 1  # draws hardly shrink; higher levels only take longer


def write_draws(
    path: Path, draws: Mapping[Pair, Arrays], run_id: str, n_draw: int, study_text: str | None = None
) -> None:
    """Write every draw of a run, one site and use at a time.

    Parameters
    ----------
    path
        The file.
    draws
        (site_id, use) to metric to array, shape (draw,); the same metrics for all.
    run_id
        The run they belong to.
    n_draw
        Number of draws.
    study_text
        The study that was valued, as JSON; None where it is not known.

    Raises
    ------
    OSError
        If the system refuses the file.

    Notes
    -----
    Memory stays at a few groups of rows whatever the number of sites. The metadata of the file
    hold ``schema_version``, ``run_id``, ``draws``, ``metrics``, ``pairs`` and ``study``.
    """
    pairs = list(draws)
    metrics = list(draws[pairs[0]]) if pairs else []
    number = np.arange(n_draw, dtype=np.uint32)

    def frames(*_: object) -> Iterator[pl.DataFrame]:
        for site_id, use in pairs:
            arrays = draws[site_id, use]
            yield pl.DataFrame({"draw": number, **{name: arrays[name] for name in metrics}}).select(
                pl.lit(site_id).alias("site_id"), pl.lit(use).alias("use"), pl.all()
            )

    schema: dict[str, Any] = dict(zip(_KEYS, (pl.String, pl.String, pl.UInt32), strict=True))
    schema |= dict.fromkeys(metrics, pl.Float64)
    rows = register_io_source(frames, schema=schema) if pairs else pl.LazyFrame(schema=schema)
    about = {
        "schema_version": str(SCHEMA_VERSION),
        "run_id": run_id,
        "draws": str(n_draw),
        "metrics": json.dumps(metrics),
        "pairs": json.dumps(pairs),
    }
    if study_text is not None:
        about["study"] = study_text
    try:
        rows.sink_parquet(path, compression_level=_COMPRESSION_LEVEL, row_group_size=n_draw, metadata=about)
    except PolarsError as error:
        refusal = _SYSTEM_ERROR.search(str(error))
        if refusal is None:
            raise
        raise OSError(int(refusal[1]), os.strerror(int(refusal[1])), str(path)) from error


@dataclass(frozen=True, slots=True)
class StoredDraws(Mapping[Pair, Arrays]):
    """Draws on disk, read one site and use at a time and only when asked for.

    Attributes
    ----------
    path
        The file.
    run_id
        The run it says it belongs to.
    n_draw
        Number of draws.
    metrics
        What is kept of each.
    pairs
        (site_id, use) in the order of the file.
    study_text
        The study that was valued, as JSON, if the file holds it.
    """

    path: Path
    run_id: str
    n_draw: int
    metrics: tuple[str, ...]
    pairs: tuple[Pair, ...]
    study_text: str | None = None

    def __getitem__(self, key: Pair) -> Arrays:
        if key not in self.pairs:
            raise KeyError(key)
        site_id, use = key
        wanted = (pl.col("site_id") == site_id) & (pl.col("use") == use)
        try:
            found = pl.scan_parquet(self.path).filter(wanted).select(self.metrics).collect()
        except (OSError, PolarsError) as error:
            raise damaged(self.path, error) from error
        if found.height != self.n_draw:
            raise damaged(self.path, f"{found.height} of {self.n_draw} draws of {site_id}, {use}")
        return {name: found[name].to_numpy() for name in self.metrics}

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)


def open_draws(path: Path) -> StoredDraws:
    """Read what a file of draws holds, without the draws.

    Raises
    ------
    StoreError
        If it is damaged, not one of wattworth's, or of another version.
    """
    try:
        about = pl.read_parquet_metadata(path)
        held = set(pl.read_parquet_schema(path))
    except (OSError, PolarsError) as error:
        raise damaged(path, error) from error
    if about.get("schema_version") != str(SCHEMA_VERSION):
        written = about.get("schema_version", "none")
        raise StoreError(f"{path}: schema_version is {written}, need {SCHEMA_VERSION}; value the study again")
    try:
        draws = StoredDraws(
            path=path,
            run_id=about["run_id"],
            n_draw=int(about["draws"]),
            metrics=tuple(json.loads(about["metrics"])),
            pairs=tuple((site_id, use) for site_id, use in json.loads(about["pairs"])),
            study_text=about.get("study"),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise damaged(path, error) from error
    if not {*_KEYS, *draws.metrics} <= held:
        raise damaged(path, "columns are missing")
    return draws


def damaged(path: Path, error: Exception | str) -> StoreError:
    """What to tell the user about a file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        why = "the file is missing"
    elif isinstance(error, OSError):
        why = f"cannot be read: {error.strerror or error}"
    else:
        why = "damaged: " + (str(error).splitlines() or [type(error).__name__])[0]
    return StoreError(f"{path}: {why}; value the study again to write it anew")
