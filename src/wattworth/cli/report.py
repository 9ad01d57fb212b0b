"""``wattworth report``: a saved run as files that others read: a workbook of live formulas, a memo, the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from wattworth.cli import options
from wattworth.cli.console import document, line, note
from wattworth.cli.show import RunName

if TYPE_CHECKING:
    from wattworth.valuation import Run

MADE: Final = ("xlsx", "pdf", "html")
"""Kinds of report; those of :data:`wattworth.reports.kinds.KINDS`, which is read only when one is made."""


def _kinds(_: object, text: str) -> None:
    _some_of(text, MADE)


def _langs(_: object, text: str) -> None:
    from wattworth.reports.catalogue import languages

    _some_of(text, languages())


def _some_of(text: str, known: tuple[str, ...]) -> None:
    wrong = [name for name in options.use_names(text) if name not in known]
    if wrong or not options.use_names(text):
        raise ValueError(f"Got {', '.join(wrong) or 'nothing'}, need one or more of {', '.join(known)}.")


Kinds = Annotated[
    str, Parameter(help="Some of xlsx, pdf, html with commas: xlsx,pdf,html.", metavar="KINDS", validator=_kinds)
]
Langs = Annotated[str, Parameter(help="Languages with commas: en,ar.", metavar="LANGS", validator=_langs)]
Digits = Annotated[
    Literal["latn", "arab"],
    Parameter(help="Digits of what is not English: latn is 0 to 9, arab is Arabic-Indic."),
]
Models = Annotated[
    str | None,
    Parameter(
        help="Sites that get a sheet of formulas: a glob, or site_ids with commas, each alone or as site_id:use; those "
        "of the greatest gain or loss by default.",
        metavar="SITES",
    ),
]
Asked = Annotated[
    int,
    Parameter(
        help="Sites, dearest first, whose break-even inputs the memo shows; each takes about as long as explain.",
        validator=Number(gte=0),
    ),
]
Folder = Annotated[Path, Parameter(help="Folder for the files.", metavar="DIR")]


def report(  # noqa: PLR0913 - one parameter for each option of the command
    run: RunName,
    /,
    *,
    to: Kinds = "xlsx",
    lang: Langs = "en",
    digits: Digits = "latn",
    sites: Models = None,
    explain: Asked = 0,
    out: Folder = Path(),
    json: options.Json = False,
) -> int:
    """Write a saved run as a workbook of live formulas, a memo or a page; a file that is there already stays."""
    from wattworth import store
    from wattworth.reports.kinds import file_name, words_of, write_report

    kinds, langs = options.use_names(to), options.use_names(lang)
    _agree(kinds, langs, digits, sites, explain)
    loaded = store.load_run(run)
    store.check_folder(out)
    run_id = loaded.result["run_id"]
    paths = {(each, kind): out / file_name(run_id, kind, each) for each in langs for kind in kinds}
    _none_there(list(paths.values()))
    asked = _explained(loaded, explain)
    _made(out)
    for (each, kind), path in paths.items():
        write_report(loaded, path, kind, words_of(each, digits), sites=_named(sites), asked=asked)
    if json:
        files = {
            file_name("", kind, each).removeprefix("."): str(path.resolve()) for (each, kind), path in paths.items()
        }
        document({"schema_version": loaded.result["schema_version"], "run_id": run_id, "files": files})
    else:
        for path in paths.values():
            line(f"wrote {path.resolve()}")
    return 0


def _agree(kinds: list[str], langs: list[str], digits: str, sites: str | None, explain: int) -> None:
    """Refuse options that would change nothing."""
    from wattworth.errors import StudyError

    if digits != "latn" and langs == ["en"]:
        raise StudyError(f"--digits {digits} is for files that are not English: name a language with --lang")
    if sites is not None and "xlsx" not in kinds:
        raise StudyError("--sites chooses the sheets of a workbook: ask for one with --to xlsx")
    if explain and "pdf" not in kinds:
        raise StudyError("--explain is for the memo: ask for one with --to pdf")


def _named(sites: str | None) -> str | list[str] | None:
    """A glob as it is, or the names of a list."""
    return options.use_names(sites) if sites is not None and {",", ":"} & set(sites) else sites


def _none_there(paths: list[Path]) -> None:
    from wattworth.errors import StoreError

    there = [str(path) for path in paths if path.exists() or path.is_symlink()]
    if there:
        raise StoreError(f"{', '.join(there)}: already there; move it away, or name another folder with --out")


def _made(folder: Path) -> None:
    from wattworth.placing import refused

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(folder, error) from error


def _explained(run: Run, n_site: int) -> dict[str, Any]:
    """What would change the choice at the sites worth most."""
    from wattworth.reports.sites import ranked
    from wattworth.valuation.explain import explain

    chosen = [site["site_id"] for site in ranked(run.result) if site.get("best_use")][:n_site]
    return {site_id: explain(run, site_id, told=lambda step: note(f"{site_id}: {step}")) for site_id in chosen}  # noqa: B023
