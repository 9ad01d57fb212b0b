"""Blocks of draws, and the processes that work them off in order."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from wattworth.errors import WattworthError
from wattworth.records import CHUNK_DRAWS

Result = TypeVar("Result")

_IN_FLIGHT_PER_WORKER = 3
_TUNABLES = "GLIBC_TUNABLES"
_KEEP = ":".join(
    f"glibc.malloc.{name}" for name in ("hugetlb=1", "mmap_threshold=1073741824", "trim_threshold=1073741824")
)
_task: Callable[[range], Any] | None = None


def blocks(n_draw: int, chunks_per_block: int = 1) -> list[range]:
    """Split draws into blocks of whole chunks, the last chunk padded.

    Parameters
    ----------
    n_draw
        Draws asked for.
    chunks_per_block
        Chunks of 256 draws worked off together.

    Returns
    -------
    list of range
        Chunk numbers of each block, in order.
    """
    if n_draw < 1 or chunks_per_block < 1:
        raise ValueError(f"need at least one draw and one chunk per block, got {n_draw} and {chunks_per_block}")
    n_chunk = -(-n_draw // CHUNK_DRAWS)
    return [range(start, min(start + chunks_per_block, n_chunk)) for start in range(0, n_chunk, chunks_per_block)]


def map_blocks(
    task: Callable[[range], Result],
    work: Sequence[range],
    workers: int = 1,
    *,
    meanwhile: Callable[[], None] | None = None,
    ahead: Callable[[], None] | None = None,
) -> Iterator[Result]:
    """Apply a task to every block and yield the results in the order of the blocks.

    Parameters
    ----------
    task
        Pure function of a block; with several workers it is pickled once for each worker, so
        shared state may be bound to it with :func:`functools.partial`.
    work
        The blocks.
    workers
        Processes; one or fewer runs in this process.
    meanwhile
        Done in this process while the workers start, before the first block.
    ahead
        Done in one of the workers at the same time; not at all where there are none.

    Yields
    ------
    Result
        What the task returned. Only a few blocks are in flight, so results do not pile up.

    Raises
    ------
    WattworthError
        If a worker process is killed. An error inside the task is raised as it is, with a note
        that names the draws.

    Notes
    -----
    Workers are spawned, not forked, so a script needs the usual ``if __name__ == "__main__"``.
    On an interrupt the waiting blocks are dropped and the workers end.
    """
    if workers <= 1 or len(work) <= 1:
        if meanwhile is not None:
            meanwhile()
        for block in work:
            with _named(block):
                result = task(block)
            yield result
        return
    if not can_start_workers():
        raise WattworthError(
            f"{workers} workers cannot start from a program read from standard input; use a file or pass workers=1"
        )
    n_worker = min(workers, len(work))
    pool = ProcessPoolExecutor(n_worker, multiprocessing.get_context("spawn"), initializer=_install, initargs=(task,))
    waiting = iter(work)
    flying: deque[tuple[range, Future[Result]]] = deque()
    try:
        with _workers_start_quietly(), _workers_keep_memory():
            started = pool.submit(ahead or _nothing)
            for _ in range(n_worker - 1):  # a pool starts a worker for each task that finds none idle
                pool.submit(_nothing)
        if meanwhile is not None:
            meanwhile()
        with _named(work[0]):
            started.result()
        for block in waiting:
            flying.append((block, pool.submit(_run, block)))
            if len(flying) >= n_worker * _IN_FLIGHT_PER_WORKER:
                break
        while flying:
            block, future = flying.popleft()
            with _named(block):
                result = future.result()
            for following in waiting:
                flying.append((following, pool.submit(_run, following)))
                break
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def can_start_workers() -> bool:
    """Whether a worker can import the program it belongs to: not where that was typed or piped into Python."""
    main = sys.modules["__main__"]
    path = getattr(main, "__file__", None)
    return getattr(main, "__spec__", None) is not None or path is None or Path(path).exists()


@contextmanager
def _workers_start_quietly() -> Iterator[None]:
    """Hold an interrupt back from workers until they can end on it without a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _named(block: range) -> Iterator[None]:
    """Say which draws were being worked on when an error left the block."""
    draws = f"draws {block.start * CHUNK_DRAWS} to {block.stop * CHUNK_DRAWS - 1}"
    try:
        yield
    except BrokenProcessPool as error:
        raise WattworthError(
            f"a worker process ended while {draws} were valued, often for want of memory; "
            "try fewer workers (--workers 1 runs in one process)"
        ) from error
    except Exception as error:
        error.add_note(f"while {draws} were valued")
        raise


def _install(task: Callable[[range], Any]) -> None:
    global _task  # noqa: PLW0603 - a worker process holds one task for its life
    _task = task
    gc.disable()  # a block leaves no reference cycles; looking for them takes a tenth of the time
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def _workers_keep_memory() -> Iterator[None]:
    """Have workers keep, in large pages, what arrays of a block give back: the next case asks for as much again.

    The C library of Linux reads this as a process starts; others do not.
    """
    if _TUNABLES in os.environ:
        yield
        return
    os.environ[_TUNABLES] = _KEEP
    try:
        yield
    finally:
        del os.environ[_TUNABLES]


def _nothing() -> None:
    """Make the workers start."""


def _run(block: range) -> Any:
    if _task is None:
        raise AssertionError("a worker starts with its task")
    return _task(block)
