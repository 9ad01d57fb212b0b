"""Who may ask, from where, and how much."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.unit.web.serving import Server, served

PASSWORD, TOKEN = "correct horse battery", "token-of-a-program"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {"WATTWORTH_PASSWORD": PASSWORD, "WATTWORTH_TOKEN": TOKEN}
    with served(tmp_path_factory.mktemp("guarded"), "--host", "0.0.0.0", "--name", "127.0.0.1", env=env) as running:
        yield Server(running.address.replace("0.0.0.0", "127.0.0.1"), running.data, running.process)


def test_a_foreign_host_and_a_foreign_origin_are_refused(client: httpx.Client) -> None:
    assert client.get("/api/v1/health", headers={"Host": "evil.example"}).status_code == 400
    start = {"origin": "us-miners"}
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/api/v1/studies", json=start, headers=headers).status_code == 403
    own = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/studies", json=start, headers=own).status_code == 201


def test_answers_carry_headers_that_keep_others_out(client: httpx.Client) -> None:
    headers = client.get("/api/v1/health").headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--host", "192.0.2.1")])
def test_it_does_not_listen_elsewhere_without_a_password(options: tuple[str, ...], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wattworth", "serve", "--no-browser", *options]
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "WATTWORTH_PASSWORD" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_short_password_and_a_taken_port_are_told(server: Server, tmp_path: Path) -> None:
    port = server.address.rpartition(":")[2]
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "wattworth", "serve", "--no-browser", "--port", port]
    taken = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (taken.returncode, "--port" in taken.stderr) == (2, True)
    short = subprocess.run(
        command, env={**env, "WATTWORTH_PASSWORD": "x"}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (short.returncode, "12 or more" in short.stderr) == (2, True)


def test_a_guarded_server_takes_a_token_or_a_sign_in(guarded: Server) -> None:
    with guarded.client() as client:
        assert client.get("/api/v1/runs").status_code == 401
        assert client.get("/api/v1/runs", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/api/v1/runs", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.get("/api/v1/runs", headers={"Cookie": "wattworth=in"}).status_code == 401
        assert client.post("/login", data={"password": "wrong password"}).status_code == 401
        assert client.get("/api/v1/runs").status_code == 401
        signed = client.post("/login", data={"password": PASSWORD})
        assert signed.status_code == 303
        cookie = signed.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert client.get("/api/v1/runs").status_code == 200


def test_guessing_a_password_is_slowed(tmp_path: Path) -> None:
    env = {"WATTWORTH_PASSWORD": PASSWORD}
    with served(tmp_path, env=env) as running, running.client() as client:
        tries = [client.post("/login", data={"password": f"wrong {n}"}).status_code for n in range(6)]
        assert tries == [401] * 5 + [429]
        assert client.post("/login", data={"password": PASSWORD}).status_code == 429


def test_what_is_too_large_is_refused_before_it_is_read(client: httpx.Client) -> None:
    def gigabyte() -> Iterator[bytes]:
        for _ in range(1_000):
            yield bytes(1_000_000)

    headers = {"Content-Length": "1000000000", "Content-Type": "multipart/form-data; boundary=x"}
    try:
        answer = client.post("/api/v1/studies/upload", headers=headers, content=gigabyte())
        assert answer.status_code == 413
    except httpx.WriteError:
        pass  # the server hung up on it
    chunked = client.post(
        "/api/v1/studies/upload",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
        content=(
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
            *(bytes(1_000_000),) * 21,
        ),
    )
    assert chunked.status_code == 413


def test_a_spreadsheet_that_unpacks_to_gigabytes_is_refused(client: httpx.Client) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as part:
        for _ in range(1_024):
            part.write(bytes(1_000_000))
    answer = client.post("/api/v1/studies/upload", files={"file": ("bomb.xlsx", held.getvalue())})
    assert answer.status_code == 422
    assert "too large" in answer.json()["detail"]


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_told(client: httpx.Client, content: bytes) -> None:
    answer = client.post("/api/v1/studies/upload", files={"file": ("../../x.xlsx", content)})
    assert answer.status_code == 422
    assert ".." not in answer.json()["detail"]
