"""How the app is served: where it listens, who may use it, and what it takes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from wattworth.errors import DataError

MEGABYTE: Final = 1_000_000
LEAST_PASSWORD: Final = 12
"""Fewest characters of a password that guards a listening address."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the app is served.

    Attributes
    ----------
    host, port
        Where it listens.
    names
        Further host names under which it is reached, such as that of a proxy.
    password
        Hash of the password that opens it (:func:`hashed`), or None.
    token
        Token that programs send as a bearer, or None.
    secret
        Key that signs cookies; drawn anew for each start unless given.
    most_upload_bytes
        Largest body of a request.
    processes
        Runs made at the same time.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    names: tuple[str, ...] = ()
    password: str | None = None
    token: str | None = None
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    most_upload_bytes: int = 20 * MEGABYTE
    processes: int = 2

    @property
    def is_guarded(self) -> bool:
        """Whether a password or a token is asked for."""
        return self.password is not None or self.token is not None

    @property
    def hosts(self) -> frozenset[str]:
        """Names that the header ``Host`` may have, ports apart."""
        own = {"127.0.0.1", "localhost", "[::1]"} if is_local(self.host) else {self.host}
        return frozenset(name.lower() for name in (*own, *self.names))


def is_local(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def checked(settings: Settings) -> Settings:
    """The settings, if they are safe.

    Raises
    ------
    DataError
        If it would listen beyond this machine without a password or a token, or under no name.
    """
    if not is_local(settings.host):
        if not settings.is_guarded:
            raise DataError(
                f"--host {settings.host} can be reached from other machines: give it a password with "
                "WATTWORTH_PASSWORD, or a token with WATTWORTH_TOKEN"
            )
        if settings.host in ("0.0.0.0", "::") and not settings.names:
            raise DataError(f"--host {settings.host} needs the name it is reached under: --name HOST")
    return settings


def hashed(password: str) -> str:
    """The hash of a password, by Argon2id.

    Raises
    ------
    DataError
        If it is shorter than :data:`LEAST_PASSWORD` characters.
    """
    from argon2 import PasswordHasher

    if len(password) < LEAST_PASSWORD:
        raise DataError(f"the password has {len(password)} characters, need {LEAST_PASSWORD} or more")
    return PasswordHasher().hash(password)
