"""Adding a use takes a file, a schema, sourced facts, a reference case and a page; this demands all five."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from wattworth import facts
from wattworth.uses import BUILT_IN, Options, Use


@pytest.fixture(scope="module")
def book() -> facts.FactBook:
    return facts.load()


@pytest.mark.parametrize("use", BUILT_IN, ids=lambda use: use.name)
def test_use_has_its_five_parts(use: type[Use], root: Path, book: facts.FactBook) -> None:
    name = use.name
    assert Path(inspect.getfile(use)).name == f"{name}.py", "one file per use, named like the use"
    assert issubclass(use.options, Options), "its options are a schema"
    assert use.label, "words for people"
    assert not [key for key in use.fact_keys if key not in book], "its facts are in the package"
    cases = (path.read_text(encoding="utf-8") for path in (root / "tests" / "reference").glob("*.py"))
    assert any(use.__name__ in case for case in cases), f"tests/reference needs a worked case that runs {use.__name__}"
    page = root / "docs" / "uses" / f"{name}.md"
    assert page.exists(), f"docs/uses/{name}.md must say how {name} is valued"


def test_every_fact_says_where_it_comes_from(book: facts.FactBook) -> None:
    silent = [fact.key for fact in book.values() if not fact.source and fact.confidence != "assumption"]
    assert not silent, f"a number without a source is an assumption: {silent}"
    assert not [fact.key for fact in book.values() if not fact.unit]
