"""A server of the app in a process of its own, with a data folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PATIENCE_S = 120.0


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    data: Path
    process: subprocess.Popen[str]

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.address, headers=headers, timeout=60, trust_env=False)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(data: Path, *options: str, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a server on a free port and end it afterwards."""
    command = [sys.executable, "-m", "wattworth", "serve", "--port", "0", "--no-browser", *options]
    environment = {**os.environ, "XDG_DATA_HOME": str(data), "PYTHONUNBUFFERED": "1", **(env or {})}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    try:
        assert address.startswith("http://"), f"the server did not start: {address}"
        yield Server(address, data, process)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def ended(client: httpx.Client, job_id: str, *, patience_s: float = PATIENCE_S) -> dict[str, Any]:
    """A job once it has ended."""
    return awaited(client, job_id, ("done", "failed", "cancelled", "cut_off"), patience_s=patience_s)


def awaited(
    client: httpx.Client, job_id: str, states: tuple[str, ...], *, patience_s: float = PATIENCE_S
) -> dict[str, Any]:
    """A job once it is in one of some states."""
    until = time.monotonic() + patience_s
    while (job := client.get(f"/api/v1/jobs/{job_id}").json())["state"] not in states:
        assert time.monotonic() < until, f"still {job}"
        time.sleep(0.1)
    return job


def asked(client: httpx.Client, **options: Any) -> str:
    """The name of a job that is asked for."""
    answer = client.post("/api/v1/jobs", json=options)
    assert answer.status_code == 202, answer.text
    return answer.json()["job_id"]
