"""Work outlives the tab, the worker and the server."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx

from tests.unit.web.serving import Server, asked, awaited, ended, served

LONG = {"kind": "value", "study": "us-miners", "draws": 200_000}
SHORT = {"kind": "value", "study": "us-miners", "draws": 16, "sites": "riot-corsicana"}


def _worker(server: Server, job_id: str) -> int:
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if job_id.encode() in place.read_bytes():
                return int(place.parent.name)
        except OSError:
            continue
    raise AssertionError(f"no worker of {job_id}")


def test_a_worker_that_is_killed_is_marked_and_can_be_asked_for_again(server: Server, client: httpx.Client) -> None:
    job_id = asked(client, **LONG)
    awaited(client, job_id, ("running",))
    os.kill(_worker(server, job_id), signal.SIGKILL)
    assert ended(client, job_id)["state"] == "cut_off"
    again = client.post(f"/api/v1/jobs/{job_id}/restart").json()
    assert again["options"] == {**again["options"], "draws": LONG["draws"]}
    stopped = client.post(f"/api/v1/jobs/{again['job_id']}/cancel").json()
    assert stopped["state"] == "cancelled"
    assert client.post(f"/api/v1/jobs/{again['job_id']}/cancel").status_code == 409


def test_a_cancelled_worker_ends_and_leaves_no_run(server: Server, client: httpx.Client) -> None:
    job_id = asked(client, **LONG)
    awaited(client, job_id, ("running",))
    pid = _worker(server, job_id)
    client.post(f"/api/v1/jobs/{job_id}/cancel")
    assert ended(client, job_id)["state"] == "cancelled"
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            break
        signal.sigtimedwait([], 0.1)
    assert not Path(f"/proc/{pid}").exists()


def test_a_server_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    with served(tmp_path, "--processes", "1") as first, first.client() as client:
        finished = ended(client, asked(client, **SHORT))
        running = asked(client, **SHORT, seed=8)
        waiting = asked(client, **SHORT, seed=9)
        awaited(client, running, ("running", "done"))
        first.kill()
    with served(tmp_path, "--processes", "1") as second, second.client() as client:
        assert client.get(f"/api/v1/runs/{finished['run_id']}").status_code == 200
        assert ended(client, running)["state"] == "done"
        assert ended(client, waiting)["state"] == "done"


def test_two_servers_on_one_record_do_not_cut_each_other_off(tmp_path: Path) -> None:
    with served(tmp_path) as first, served(tmp_path) as second, first.client() as client, second.client() as other:
        asked_for = [asked(client if n % 2 else other, **SHORT, seed=n) for n in range(4)]
        assert [ended(client, job_id)["state"] for job_id in asked_for] == ["done"] * 4
