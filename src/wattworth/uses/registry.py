"""Every use that can be valued: those that ship with the package, then those that others register."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from wattworth import facts
from wattworth.errors import StudyError
from wattworth.uses.base import Use
from wattworth.uses.bitcoin import Bitcoin
from wattworth.uses.gpu_cloud import GpuCloud
from wattworth.uses.grid import Grid
from wattworth.uses.hold import Hold
from wattworth.uses.hybrid import Hybrid
from wattworth.uses.powered_shell import PoweredShell
from wattworth.uses.site_sale import SiteSale
from wattworth.uses.turnkey import Turnkey

BUILT_IN: tuple[type[Use], ...] = (
    Bitcoin,
    Turnkey,
    PoweredShell,
    GpuCloud,
    Hybrid,
    Grid,
    SiteSale,
    Hold,
)
"""Uses that ship with the package, in the order results list them."""

GROUP = "wattworth.uses"
"""Entry-point group under which another package registers a use by its name."""


@cache
def registered() -> dict[str, type[Use]]:
    """Name to use, built-in ones first.

    Raises
    ------
    StudyError
        If a registered use cannot be loaded, is no :class:`Use`, or takes a name that is taken.
    """
    found = {use.name: use for use in BUILT_IN}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        use = _loaded(point)
        if use.name in found:
            raise StudyError(f'{_source(point)}: the use "{use.name}" is already there; register it under another name')
        found[use.name] = use
    return found


def fact_book() -> facts.FactBook:
    """Every packaged fact, and those that registered uses bring along."""
    return facts.load(*(use.facts_file for use in registered().values() if use.facts_file is not None))


def _source(point: EntryPoint) -> str:
    package = point.dist.name if point.dist is not None else point.value
    return f'package {package}, entry point "{point.name}"'


def _loaded(point: EntryPoint) -> type[Use]:
    try:
        use = point.load()
    except Exception as error:  # the fault of another package, whatever it is, must name that package
        raise StudyError(
            f"{_source(point)}: cannot be loaded ({type(error).__name__}: {error}); mend or remove the package"
        ) from error
    if not (isinstance(use, type) and issubclass(use, Use)) or getattr(use, "name", None) != point.name:
        raise StudyError(f'{_source(point)}: need a subclass of wattworth.uses.Use whose name is "{point.name}"')
    return use
