"""What every page has around its sections: the head, how it was made, the way to each section, and its terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wattworth.reports.cells import missing
from wattworth.reports.markup import Html, beside, join, tag
from wattworth.reports.numerals import localised_page
from wattworth.reports.words import Words


def document(title: str, body: Iterable[object], words: Words) -> str:
    """One self-contained HTML page, its style and script inside, its amounts said in its language.

    Parameters
    ----------
    title
        As a browser shows it.
    body
        Contents of the page.
    words
        Its language, direction and digits.
    """
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", title),
        tag("style", beside("page.css")),
    )
    numbers = None if words.lang == "en" else f"{words.lang}-u-nu-{words.digits}"
    whole = tag("body", *body, tag("script", beside("page.js")), data_numbers=numbers)
    page = tag("html", head, whole, lang=words.lang, dir=words.direction)
    return "<!doctype html>\n" + localised_page(page, words) + "\n"


def masthead(
    heads: tuple[object, object, object], made: Iterable[tuple[str, object]], words: Words, *, label: str
) -> Html:
    """Kicker, title and question, and the line that says how the page was made.

    Parameters
    ----------
    heads
        The three.
    made
        Key of a word and what stands under it, a name as markup; a dash where it is None.
    words
        Language.
    label
        Key of the words for the whole line.
    """
    pairs = [
        tag(
            "div",
            tag("dt", words(key)),
            tag("dd", _made(value) if value is not None else missing(words("missing"))),
        )
        for key, value in made
    ]
    kicker, title, question = heads
    return tag(
        "header",
        tag("p", kicker, class_="kicker"),
        tag("h1", title),
        tag("p", question, class_="question"),
        tag("dl", *pairs, class_="run", aria_label=words(label)) if pairs else None,
    )


def _made(value: object) -> Html:
    return value if isinstance(value, Html) else tag("span", str(value), dir="auto")


def sectioned(
    prefix: str, top: Html, lead: Html, sections: Sequence[tuple[str, Html]], words: Words, *, kind: str
) -> list[object]:
    """Contents of a page whose words start with a prefix: what it says in short, then sections with links to them.

    Parameters
    ----------
    prefix
        Of the keys of its words.
    top, lead
        Its masthead, and what it says in short.
    sections
        Anchor and content of each.
    words
        Language.
    kind
        Classes of the main part.
    """
    links = [tag("a", words(f"{prefix}.nav.{anchor}"), href=f"#{anchor}") for anchor, _ in sections]
    return [
        tag("a", words(f"{prefix}.skip"), href=f"#{sections[0][0]}", class_="skip"),
        top,
        tag(
            "main",
            lead,
            tag("nav", join(links, " "), aria_label=words(f"{prefix}.nav")),
            *(section for _, section in sections),
            class_=kind,
        ),
        tag("footer", tag("p", words(f"{prefix}.foot"))),
    ]


def tile(term: str, printed: object, *notes: object, mark: str | None = None) -> Html:
    """One number of the top of a page: what it is, the number, and what it rests on; tests find it by its mark."""
    below = (tag("small", note) for note in notes)
    return tag("div", tag("dt", term), tag("dd", tag("strong", printed), *below), data_tile=mark)


def meanings(prefix: str, words: Words, **fields: object) -> Html:
    """Terms and their meanings, with the numbers of a run."""
    start = f"{prefix}.term."
    terms = [key.removeprefix(start) for key in words.table if key.startswith(start)]
    pairs = [
        tag("div", tag("dt", words(start + term)), tag("dd", words(f"{prefix}.is.{term}", **fields))) for term in terms
    ]
    return tag("dl", *pairs, class_="terms")
