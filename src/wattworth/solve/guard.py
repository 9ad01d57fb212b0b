"""Which versions of HiGHS may be asked what."""

from __future__ import annotations

import re
from typing import Final

from wattworth.errors import SolveError

TRUSTED_FROM: Final = (1, 15, 1)
"""First version whose whole-number answers have been checked."""

WRONG_PRESOLVE: Final = (1, 14)
"""Its presolve gives wrong optima when some columns are whole numbers; without presolve it is right."""


def presolve_for(version: str, has_integers: bool) -> str:
    """What to set HiGHS's presolve to, so that its answer can be trusted.

    Parameters
    ----------
    version
        Of HiGHS, such as "1.16.0".
    has_integers
        Whether some columns must be whole numbers.

    Returns
    -------
    str
        "choose", or "off" where presolve is wrong.

    Raises
    ------
    SolveError
        The version is too old to be trusted with whole numbers, or cannot be read.

    Examples
    --------
    >>> presolve_for("1.16.0", True), presolve_for("1.14.0", True), presolve_for("1.14.0", False)
    ('choose', 'off', 'choose')
    """
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    if not found:
        raise SolveError(f"HiGHS: got version {version!r}, need one such as 1.15.1; reinstall highspy")
    number = tuple(int(part or 0) for part in found.groups())
    if not has_integers or number >= TRUSTED_FROM:
        return "choose"
    if number[:2] == WRONG_PRESOLVE:
        return "off"
    needed = ".".join(map(str, TRUSTED_FROM))
    raise SolveError(f"HiGHS: got version {version}, need {needed} or later for whole numbers; upgrade highspy")
