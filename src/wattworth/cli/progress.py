"""How far a run is: a bar on a terminal, one line elsewhere, always on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wattworth.cli.console import note, to_people


@contextmanager
def telling(what: str, draws: int, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give the function that a run tells its draws to.

    Parameters
    ----------
    what
        What is going on, in the words of the line.
    draws
        Draws asked for.
    quiet
        Whether to say nothing where there is no terminal.
    """
    console = to_people()
    if not console.is_interactive or console.is_dumb_terminal:
        if not quiet:
            note(f"{what}: {draws:,} draws")
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
