"""Random numbers that belong to a name, not to a position.

A chunk of 256 draws of one variable is keyed by the run's seed, the variable's name and the
chunk's number. So neither the size of a block, nor the number of workers, nor the order of the
sites, nor a variable added later moves a single digit; and since a chunk is filled row by row,
a longer horizon leaves the earlier months as they were.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from wattworth.records import CHUNK_DRAWS, INNER_DRAWS

_UINT64 = 2**64


def normals(seed: int, name: str, chunks: range, n_row: int) -> NDArray[np.float64]:
    """Standard normal numbers of one variable for whole chunks of draws.

    Parameters
    ----------
    seed
        Seed of the run.
    name
        Name of the variable; another name is an independent stream.
    chunks
        Numbers of the chunks.
    n_row
        Rows, such as months.

    Returns
    -------
    array, shape (n_row, draw)
        C-contiguous, 256 draws for each chunk.

    References
    ----------
    .. [1] Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (Philox).
    """
    key = _key(seed, name)
    if len(chunks) == 1:
        return _generator(key, chunks[0]).standard_normal((n_row, CHUNK_DRAWS))
    out = np.empty((n_row, CHUNK_DRAWS * len(chunks)))
    for place, chunk in enumerate(chunks):
        columns = slice(place * CHUNK_DRAWS, (place + 1) * CHUNK_DRAWS)
        out[:, columns] = _generator(key, chunk).standard_normal((n_row, CHUNK_DRAWS))
    return out


def uniforms(seed: int, name: str, chunks: range, n_row: int) -> NDArray[np.float64]:
    """Numbers uniform on [0, 1), laid out and keyed as :func:`normals`."""
    key = _key(seed, name)
    out = np.empty((n_row, CHUNK_DRAWS * len(chunks)))
    for place, chunk in enumerate(chunks):
        columns = slice(place * CHUNK_DRAWS, (place + 1) * CHUNK_DRAWS)
        out[:, columns] = _generator(key, chunk).random((n_row, CHUNK_DRAWS))
    return out


def outer_uniforms(seed: int, name: str, chunks: range) -> NDArray[np.float64]:
    """One uniform number for each outer draw, repeated over its 64 inner draws.

    Returns
    -------
    array, shape (draw,)
        256 draws for each chunk, in runs of 64 equal numbers on [0, 1).
    """
    key = _key(seed, name)
    outer = np.empty((len(chunks), CHUNK_DRAWS // INNER_DRAWS))
    for place, chunk in enumerate(chunks):
        outer[place] = _generator(key, chunk).random(CHUNK_DRAWS // INNER_DRAWS)
    return np.repeat(outer.ravel(), INNER_DRAWS)


def _key(seed: int, name: str) -> int:
    digest = hashlib.blake2b(f"{seed}\x00{name}".encode(), digest_size=16, person=b"wattworth stream")
    return int.from_bytes(digest.digest(), "little")


def _generator(key: int, chunk: int) -> np.random.Generator:
    # the chunk sits in a high word of the 256-bit counter, so chunks can never overlap
    return np.random.Generator(np.random.Philox(key=key, counter=(chunk % _UINT64) * _UINT64**2))
