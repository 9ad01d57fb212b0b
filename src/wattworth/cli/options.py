"""Options that several commands share, each with its help and its check."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number

MOST_DRAWS: Final = 10_000_000


def is_month(_: object, text: str | None) -> None:
    """Refuse what is not a month."""
    if text is not None and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise ValueError("Write a month as YYYY-MM, for example 2027-05.")


def _some_uses(_: object, text: str | None) -> None:
    if text is not None and not use_names(text):
        raise ValueError("Name at least one use, for example bitcoin,turnkey.")


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
