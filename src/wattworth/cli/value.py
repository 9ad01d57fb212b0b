"""``wattworth value``: the main job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show
from wattworth.cli.progress import telling
from wattworth.cli.remarks import remarks

if TYPE_CHECKING:
    from pathlib import Path

Switching = Annotated[
    bool,
    Parameter(help="Also what to do with each site now and what waiting is worth (`options`).", show_default=False),
]


def value(  # noqa: PLR0913 - one parameter for each option of the command
    study: options.StudySource,
    /,
    *,
    draws: options.Draws = 10_000,
    seed: options.Seed = 7,
    as_of: options.AsOf = None,
    sites: options.Sites = None,
    uses: options.Uses = None,
    workers: options.Workers = None,
    switching: Switching = False,
    out: options.Out = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
    strict: options.Strict = False,
) -> int:
    """Value every site in every use, and save the run with a page."""
    from wattworth import reports, store, valuation
    from wattworth.valuation.when_to_switch import PLAIN

    names, words = known_uses(uses), language.words()
    store.check_place(out)
    declared = valuation.read_study(study)
    with telling(f"valuing {declared.name}", draws, quiet=json) as progress:
        run = valuation.value(
            declared,
            draws=draws,
            seed=seed,
            as_of=as_of,
            sites=sites,
            use_names=names,
            workers=workers,
            freedom=PLAIN if switching else None,
            progress=progress,
        )
    folder = store.save(run, out)
    page = store.write_text(folder / "report.html", reports.page(run.result, words))
    if json:
        document(run.result)
    else:
        show(reports.table(run.result), *remarks(run.result["warnings"]))
    for told in _places(folder, page):
        (note if json else line)(told)
    return 1 if strict and run.result["warnings"] else 0


def known_uses(text: str | None) -> list[str] | None:
    """Uses named on the command line, or what is wrong with them."""
    from wattworth import valuation
    from wattworth.errors import Fault, StudyError
    from wattworth.study import unknown_use

    if text is None:
        return None
    names = options.use_names(text)
    known = valuation.SPECS
    faults = [Fault("--uses", unknown_use(name, known)) for name in names if name not in known]
    if faults:
        raise StudyError(faults)
    return names


def _places(folder: Path, page: Path) -> tuple[str, str]:
    return f"run   {folder.resolve()}", f"page  {page.resolve()}"
