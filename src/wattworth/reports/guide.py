"""How to read the page: the meaning of each term, to which the rest of the page links."""

from __future__ import annotations

from typing import Any

from wattworth.reports.markup import Html, join, tag
from wattworth.reports.words import Words


def guide(words: Words) -> Html:
    """Terms and their meanings."""
    terms = [key.removeprefix("term.") for key in words.table if key.startswith("term.")]
    pairs = [
        tag("div", tag("dt", words(f"term.{term}")), tag("dd", words(f"is.{term}")), id=f"term-{term}")
        for term in terms
    ]
    return tag("dl", *pairs, class_="terms")


def footer(result: dict[str, Any], words: Words) -> Html:
    """What made the page, and what it is not."""
    versions = result.get("versions") or {}
    names = ("wattworth", "python", "numpy", "machine")
    fields = {name: versions.get(name) or words("unknown") for name in names}
    made = words("foot.versions", **fields, schema=result.get("schema_version"))
    return tag("footer", join([tag("p", words("foot.advice")), tag("p", made)]))
