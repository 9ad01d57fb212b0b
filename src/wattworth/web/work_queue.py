"""The queue: starts waiting work in processes of their own, and notes those that ended before their work did."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from typing import Final

from wattworth import store
from wattworth.errors import StoreError

LOOK_S: Final = 0.3
"""How often the queue is looked at. [s]"""
SILENT_S: Final = 20.0
"""A worker that has said nothing for so long is taken for dead. [s]"""


class Queue:
    """Runs work that waits in the record, some at a time.

    A worker does not need the server: it writes into the record itself. A server that starts again finds what ended
    meanwhile, goes on with what waits, and marks what was cut off.

    Parameters
    ----------
    processes
        Most workers at a time.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="queue", daemon=True)

    def start(self) -> None:
        """Begin to look at the record.

        Raises
        ------
        StoreError
            If the record cannot be read or written.
        """
        store.prepare_work()
        self._thread.start()

    def stop(self) -> None:
        """Start nothing more; what runs goes on by itself."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(LOOK_S):
            with suppress(StoreError):  # locked or full for a while: the next look tells
                self.look()

    def look(self) -> None:
        """Note what has ended, stop what is no longer wanted, and start what waits."""
        for job_id, worker in list(self._workers.items()):
            if worker.poll() is not None:
                del self._workers[job_id]
                # does nothing where the worker itself said how it ended, or where the job is that of another server
                store.cut_off(job_id, worker.pid)
        live = store.jobs(store.LIVE)
        wanted = {job.job_id for job in live}
        for job_id, worker in self._workers.items():
            if job_id not in wanted:
                worker.terminate()
        running = {job.job_id for job in live if job.state == "running"} | self._workers.keys()
        for job in store.silent(SILENT_S):
            if job.job_id not in self._workers:
                store.cut_off(job.job_id, job.pid)
        waiting = [job for job in reversed(live) if job.state == "queued" and job.job_id not in self._workers]
        for job in waiting[: max(self._processes - len(running), 0)]:
            self._workers[job.job_id] = subprocess.Popen(
                [sys.executable, "-m", "wattworth.web.worker", job.job_id],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
