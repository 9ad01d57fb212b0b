"""Bring the message catalogues up to date with the English words: new texts come in empty, changed ones as fuzzy."""

from __future__ import annotations

from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from wattworth.reports.catalogue import ROOMS, english, languages, messages

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "src/wattworth/reports/catalogues"


def template(room: str) -> Catalog:
    """What a translator of a room is asked."""
    made = Catalog(project="wattworth", fuzzy=False)
    for key, text in messages(english(room)):
        made.add(text, context=key)
    return made


def renewed(room: str, lang: str) -> Catalog:
    """The catalogue of a room in a language, as its file has it, with the messages of today."""
    path = FOLDER / lang / f"{room}.po"
    if path.exists():
        with path.open("rb") as file:
            found = read_po(file, locale=lang)
    else:
        found = Catalog(locale=lang, project="wattworth", fuzzy=False)
    found.update(template(room))
    return found


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue that does not tell when, by whom, or with what it was made."""
    catalogue.header_comment = ""
    catalogue.fuzzy = False
    for message in catalogue:  # what a text was before, which readers take for a comment
        message.user_comments = [each for each in message.user_comments if not each.startswith("|")]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    told = (
        "Project-Id-Version",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Report-Msgid",
        "Language-Team",
    )
    kept = [line for line in lines if not line.removeprefix('"').startswith(told)]
    path.write_text("".join(kept), encoding="utf-8")


def main() -> None:
    """Renew every catalogue of every language but English."""
    for lang in languages()[1:]:
        for room in ROOMS:
            write(renewed(room, lang), FOLDER / lang / f"{room}.po")


if __name__ == "__main__":
    main()
