"""Options that several commands share, each with its help and its check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

if TYPE_CHECKING:
    from wattworth.reports.words import Words

MOST_DRAWS: Final = 10_000_000


def is_month(_: object, text: str | None) -> None:
    """Refuse what is not a month."""
    if text is not None and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise ValueError("Write a month as YYYY-MM, for example 2027-05.")


def _some_uses(_: object, text: str | None) -> None:
    if text is not None and not use_names(text):
        raise ValueError("Name at least one use, for example bitcoin,turnkey.")


def _has_catalogue(_: object, lang: str) -> None:
    from wattworth.reports.catalogue import languages

    if lang not in languages():
        raise ValueError(f"There is no catalogue of this language; there is {', '.join(languages())}.")


def use_names(text: str) -> list[str]:
    """The names in a list with commas, each once."""
    return list(dict.fromkeys(word for part in text.split(",") if (word := part.strip())))


StudySource = Annotated[
    str, Parameter(name="STUDY", help="A folder with study.yaml, an .xlsx workbook, or the name of a packaged study.")
]
Draws = Annotated[
    int, Parameter(help="Draws of markets and facts.", metavar="N", validator=Number(gte=1, lte=MOST_DRAWS))
]
Seed = Annotated[int, Parameter(help="Seed of the random numbers.", metavar="N", validator=Number(gte=0))]
AsOf = Annotated[
    str | None, Parameter(help="Month 0 instead of the study's own.", metavar="YYYY-MM", validator=is_month)
]
Sites = Annotated[str | None, Parameter(help="Only sites whose site_id matches, such as 'acme-*'.", metavar="GLOB")]
Site = Annotated[str, Parameter(help="site_id of the site.", metavar="SITE_ID")]
Use = Annotated[str, Parameter(help="Name of the use, such as turnkey.", metavar="USE")]
Uses = Annotated[str | None, Parameter(help="Only these uses: bitcoin,turnkey.", metavar="NAMES", validator=_some_uses)]
Workers = Annotated[
    int | None, Parameter(help="Processes; one per core by default.", metavar="N", validator=Number(gte=1))
]
Out = Annotated[Path | None, Parameter(help="Folder for the run; one in your data folder by default.", metavar="DIR")]
Json = Annotated[
    bool, Parameter(name="--json", help="One JSON document on stdout, all else on stderr.", show_default=False)
]
Strict = Annotated[bool, Parameter(help="End with code 1 if there are warnings.", show_default=False)]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PageLanguage:
    """Language and digits of the page that a command writes."""

    lang: Annotated[str, Parameter(help="Language of the page: en, ar.", metavar="LANG", validator=_has_catalogue)] = (
        "en"
    )
    digits: Annotated[
        Literal["latn", "arab"],
        Parameter(help="Digits of a page that is not English: latn is 0 to 9, arab is Arabic-Indic."),
    ] = "latn"

    def words(self, *rooms: str, writes: bool = True) -> Words:
        """Words of a page of some rooms.

        Raises
        ------
        StudyError
            The command writes no page, so a language would change nothing; or digits are named of English.
        """
        from wattworth.errors import StudyError
        from wattworth.reports.words import language

        if not writes and self != ENGLISH:
            raise StudyError("--lang and --digits are for the page: name a folder for it with --out")
        if self.lang == "en" and self.digits != "latn":
            raise StudyError(f"--digits {self.digits} is for a page that is not English: name its language with --lang")
        return language(self.lang, *rooms, digits=self.digits)


ENGLISH: Final = PageLanguage()
