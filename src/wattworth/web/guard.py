"""What stands before every request: its host, its origin, who asks, how large it is; and headers on every answer."""

from __future__ import annotations

import hmac
import time
from collections import deque
from collections.abc import Iterable
from enum import Enum, auto
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wattworth.web.problems import problem
from wattworth.web.settings import Settings

COOKIE: Final = "wattworth"
LOGIN: Final = "/login"
SESSION_S: Final = 12 * 3600
"""How long a sign-in lasts. [s]"""
TRIES, TRIES_S = 5, 60.0
"""Wrong passwords allowed in a stretch of seconds."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OPEN: Final = (LOGIN, "/api/v1/health")
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""The strictest that the framework of the pages bears: it compiles templates and styles in the browser."""
_STRICT_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


class Opened(Enum):
    """Whether a password opens the door."""

    YES = auto()
    NO = auto()
    LATER = auto()


class Doorkeeper:
    """Who may come in.

    Parameters
    ----------
    settings
        Password, token and the key of cookies.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._signer = TimestampSigner(settings.secret, salt="session")
        self._wrong: deque[float] = deque()

    def cookie(self) -> str:
        """A cookie that lets its bearer in for :data:`SESSION_S` seconds."""
        return self._signer.sign("in").decode()

    def opens(self, password: str) -> Opened:
        """Whether a password is the right one; after too many wrong ones nobody is let in for a while."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        now = time.monotonic()
        while self._wrong and now - self._wrong[0] > TRIES_S:
            self._wrong.popleft()
        if len(self._wrong) >= TRIES:
            return Opened.LATER
        try:
            if self._settings.password is not None and PasswordHasher().verify(self._settings.password, password):
                return Opened.YES
        except (VerificationError, InvalidHashError):
            pass
        self._wrong.append(now)
        return Opened.NO

    def knows(self, headers: Headers) -> bool:
        """Whether a request brings the token, or the cookie of a sign-in."""
        if not self._settings.is_guarded:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        token = self._settings.token
        if token is not None and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode()):
            return True
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
            return morsel is not None and self._signer.unsign(morsel.value, max_age=SESSION_S) == b"in"
        except (BadSignature, CookieError):
            return False


class Guard:
    """The middleware.

    Parameters
    ----------
    app
        What stands behind.
    settings
        Names, limits.
    door
        Who may come in.
    """

    def __init__(self, app: ASGIApp, settings: Settings, door: Doorkeeper) -> None:
        self._app, self._settings, self._door = app, settings, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer what is wrong with it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_socket = scope["type"] == "websocket"
        refused = self._refused(headers, scope["path"], changes=is_socket or scope["method"] not in _SAFE)
        if refused is not None and is_socket:
            await send({"type": "websocket.close", "code": 1008})
            return
        if refused is not None:
            await self._answer(refused, headers, scope, receive, send)
            return
        await self._app(scope, self._measured(receive), send if is_socket else _headed(send, scope["path"]))

    def _refused(self, headers: Headers, path: str, *, changes: bool) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        if _name(host) not in self._settings.hosts:
            return 400, "unknown host", f"the request is for {host or 'no host'}; start the app with --name for it"
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        if changes and (foreign or headers.get("sec-fetch-site") == "cross-site"):
            return 403, "foreign origin", f"the request comes from {origin or 'another site'}"
        if not self._door.knows(headers) and not path.startswith(_OPEN):
            return 401, "not signed in", "send the token as a bearer, or sign in at /login"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._settings.most_upload_bytes:
            most = self._settings.most_upload_bytes / 1e6
            return 413, "too large", f"the request has {length} bytes; at most {most:g} MB are taken"
        return None

    async def _answer(
        self, refused: tuple[int, str, str], headers: Headers, scope: Scope, receive: Receive, send: Send
    ) -> None:
        wants_page = "text/html" in headers.get("accept", "") and not scope["path"].startswith("/api/")
        if refused[0] == 401 and wants_page and scope["method"] == "GET":
            await RedirectResponse(LOGIN, 303)(scope, receive, _headed(send, scope["path"]))
            return
        await problem(*refused)(scope, receive, _headed(send, scope["path"]))

    def _measured(self, receive: Receive) -> Receive:
        """A body that ends in an error where it grows past the limit, whatever its header said."""
        taken = 0

        async def measured() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > self._settings.most_upload_bytes:
                    raise HTTPException(413, f"at most {self._settings.most_upload_bytes / 1e6:g} MB are taken")
            return message

        return measured


def _headed(send: Send, path: str) -> Send:
    policy = _STRICT_POLICY if path.startswith("/api/") and not path.startswith("/api/docs") else _POLICY

    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _each(_HEADERS, policy):
                headers.setdefault(name, value)
        await send(message)

    return headed


def _each(fixed: dict[str, Any], policy: str) -> Iterable[tuple[str, str]]:
    yield from fixed.items()
    yield "Content-Security-Policy", policy


def _name(host: str) -> str:
    """Name in a header ``Host``, its port apart.

    Examples
    --------
    >>> _name("LocalHost:80"), _name("[::1]:80")
    ('localhost', '[::1]')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()
