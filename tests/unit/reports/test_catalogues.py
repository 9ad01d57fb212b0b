"""Message catalogues: every text of every room is translated, with its fields and its markup, and none is left over."""

from __future__ import annotations

import importlib.util
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("babel")

from babel.messages import Catalog, Message

from wattworth.errors import DataError
from wattworth.reports.catalogue import MANY, ONE, ROOMS, catalogue, english, languages
from wattworth.reports.words import language

FORMS_WITHOUT_NUMBER = 3
"""Forms of none, one and two may say the number as a word, and that of none nothing of what there is none of."""

LANGUAGES = languages()[1:]
EACH = [(lang, room) for lang in LANGUAGES for room in ROOMS]


@pytest.fixture(scope="module")
def tool() -> Any:
    """The tool that renews the catalogues."""
    path = Path(__file__).resolve().parents[3] / "tools" / "build_catalogue.py"
    spec = importlib.util.spec_from_file_location("build_catalogue", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def faults(found: Catalog) -> Iterator[str]:
    """What keeps a catalogue from being complete and true to its English."""
    yield from (f"{message.context}: no text of today" for message in found.obsolete.values())
    for message in found:
        if message.id:
            yield from (f"{message.context}: {fault}" for fault in _faults(message))


def _faults(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "English has changed"
    originals, said = _forms(message.id), _forms(message.string)
    for place, text in enumerate(said):
        if not text:
            yield f"form {place} is missing"
            continue
        wanted = _fields(originals[-1])
        many = len(said) > 1
        may_lack = wanted if many and place == 0 else {"n"} if many and place < FORMS_WITHOUT_NUMBER else set()
        if not wanted - may_lack <= _fields(text) <= wanted:
            yield f"form {place} has the fields {sorted(_fields(text))}, English has {sorted(wanted)}"
        if _markup(text) != _markup(originals[-1]):
            yield f"form {place} has other tags or entities"
        if text != text.strip() and originals[-1] == originals[-1].strip():
            yield f"form {place} begins or ends with a blank"


def _forms(text: object) -> list[str]:
    """A text alone, or each form of one that counts; what is missing is empty."""
    return [str(each or "") for each in (text if isinstance(text, (list, tuple)) else (text,))]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _markup(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]+>|&#?\w+;", text))


@pytest.mark.parametrize(("lang", "room"), EACH)
def test_nothing_is_missing_changed_or_left_over(lang: str, room: str) -> None:
    assert list(faults(catalogue(lang, room))) == []


@pytest.mark.parametrize(("lang", "room"), EACH)
def test_a_catalogue_is_what_the_tool_makes_of_it(tool: Any, tmp_path: Path, lang: str, room: str) -> None:
    tool.write(tool.renewed(room, lang), tmp_path / "made.po")
    kept = tool.FOLDER / lang / f"{room}.po"
    assert (tmp_path / "made.po").read_text("utf-8") == kept.read_text("utf-8"), "run tools/build_catalogue.py"


def _without_text(message: Message) -> None:
    message.string = ""


def _changed(message: Message) -> None:
    message.flags.add("fuzzy")


def _without_field(message: Message) -> None:
    message.string = str(message.string).replace("{high}", "")


def _with_markup(message: Message) -> None:
    message.string = f"<b>{message.string}</b>"


@pytest.mark.parametrize("spoil", [_without_text, _changed, _without_field, _with_markup])
def test_a_spoilt_message_is_found(spoil: Callable[[Message], None]) -> None:
    found = catalogue("ar", "report")
    message = found.get("{low} to {high}", context="range")
    assert message is not None
    spoil(message)
    assert {fault.partition(":")[0] for fault in faults(found)} == {"range"}


def test_a_removed_message_and_one_left_over_are_found(tool: Any) -> None:
    found = catalogue("ar", "report")
    found.delete("{low} to {high}", context="range")
    found.add("Not used any more", string="لم يعد مستخدمًا", context="gone")
    found.update(tool.template("report"))
    assert {fault.partition(":")[0] for fault in faults(found)} == {"gone", "range"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_knows_every_key_of_every_room(lang: str) -> None:
    words = language(lang, *(room for room in ROOMS if room != "report"))
    wanted = {key for room in ROOMS for key in english(room)}
    assert wanted - set(words.table) == set()
    counted = [
        key.removesuffix(MANY) for key in wanted if key.endswith(MANY) and key.removesuffix(MANY) + ONE in wanted
    ]
    assert len(counted) > 20
    assert [key for key in counted if not words.plural(key, 5)] == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "لا مواقع"),
        (1, "موقع واحد"),
        (2, "موقعان"),
        (3, "3 مواقع"),
        (10, "10 مواقع"),
        (11, "11 موقعًا"),
        (99, "99 موقعًا"),
        (100, "100 موقع"),
        (103, "103 مواقع"),
        (1234, "1,234 موقعًا"),
    ],
)
def test_a_number_takes_its_form_in_arabic(number: int, said: str) -> None:
    assert re.sub("[\u2066-\u2069]", "", language("ar").count("sites", number)) == said


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(DataError, match=r'"xx"; there is en, ar'):
        language("xx")
