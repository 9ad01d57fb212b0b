"""One open server for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.unit.web.serving import Server, asked, ended, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def run_id(client: httpx.Client) -> str:
    """A run of three sites."""
    job = ended(client, asked(client, kind="value", study="us-miners", draws=64, sites="riot-*"))
    assert job["state"] == "done", job
    return job["run_id"]
