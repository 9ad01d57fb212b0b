"""English words of the web app: key to text, named fields in braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SIGN_IN: Final = {
    "web.sign_in.title": "Sign in to wattworth",
    "web.sign_in.password": "Password",
    "web.sign_in.do": "Sign in",
    "web.sign_in.wrong": "That is not the password.",
    "web.sign_in.slow": "Too many wrong passwords. Wait a minute, then try again.",
}

TEXT: Final[Mapping[str, str]] = {**_SIGN_IN}
