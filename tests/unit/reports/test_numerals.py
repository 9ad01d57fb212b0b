"""Amounts said in Arabic: words, digits, and each number held the right way round."""

# ruff: noqa: RUF001 - Arabic digits and marks are what is tested
from __future__ import annotations

import re
from dataclasses import replace

import pytest

from wattworth.reports.formatting import gigawatts, money, per_watt, rate
from wattworth.reports.numerals import letters, localised, localised_page
from wattworth.reports.words import ENGLISH, language

ARABIC = language("ar", "switching", "timeline")
MINUS = "\N{MINUS SIGN}"
MARKS = {"\N{LEFT-TO-RIGHT ISOLATE}": "[", "\N{RIGHT-TO-LEFT ISOLATE}": "{", "\N{FIRST STRONG ISOLATE}": "<"}
ISOLATES = re.compile("[\u2066-\u2069]")


def shown(text: str) -> str:
    """Text with letters for its isolates: [ from the left, { from the right, < by the first letter, and | the end."""
    return "".join({**MARKS, "\N{POP DIRECTIONAL ISOLATE}": "|"}.get(each, each) for each in text)


def plain(text: str) -> str:
    return ISOLATES.sub("", text)


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (money(-1.94e9), f"{{[{MINUS}1.9| مليار دولار|"),
        (money(85.2e6), "{[85| مليون دولار|"),
        (money(5e6 - 1), "{[5.0| مليون دولار|"),
        (money(650e3), "{[650| ألف دولار|"),
        ("$5m", "{[5| ملايين دولار|"),
        ("$12", "{[12| دولارًا|"),
        (per_watt(2.514), "{[2.51| دولار/واط|"),
        (per_watt(-0.5), f"{{[{MINUS}0.50| دولار/واط|"),
        (gigawatts(4187.5), "{[4.19| غيغاواط|"),
        ("230 MW", "{[230| ميغاواط|"),
        ("$134.4/kW-month", "{[134.4| دولار/كيلوواط شهريًا|"),
        ("$32.1/PH/day", "{[32.1| دولار/بيتاهاش/يوم|"),
        ("$/PH/day", "{دولار/بيتاهاش/يوم|"),
        ("$9/MMBtu", "{[9| دولارات/[MMBtu||"),
        (rate(0.0719), "[7.2%|"),
        ("<1%", "[<1%|"),
        ("+2.1", "[+2.1|"),
        ("± $19m", "{[±19| مليون دولار|"),
        ("1,234", "[1,234|"),
        ("2027-05", "[2027-05|"),
        ("10–20%", "[10–20%|"),
        ("P10 · P50", "[P10| · [P50|"),
    ],
)
def test_an_amount_is_said_in_arabic(printed: str, said: str) -> None:
    assert shown(localised(printed, ARABIC)) == said


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("7.2%", "[٧٫٢٪|"),
        ("1,234.5", "[١٬٢٣٤٫٥|"),
        (f"{MINUS}0.50", f"[{MINUS}٠٫٥٠|"),
        ("2027-05", "[٢٠٢٧-٠٥|"),
        ("$1.9bn", "{[١٫٩| مليار دولار|"),
        ("(5–10%)", "([٥–١٠٪|)"),
    ],
)
def test_digits_are_arabic_where_asked_for(printed: str, said: str) -> None:
    assert shown(localised(printed, ARABIC, "arab")) == said
    assert shown(localised(printed, replace(ARABIC, digits="arab"))) == said


@pytest.mark.parametrize(
    "name", ["Hut 8", "us-miners-2026-06-4a475bb14a0d", "wattworth 0.1.0", "corz-denton-2", "v1.2.3", "sha256"]
)
def test_numbers_of_names_and_versions_stay(name: str) -> None:
    assert localised(name, ARABIC, "arab") == name


def test_a_name_in_a_field_keeps_its_digits_and_the_number_beside_it_does_not() -> None:
    told = ARABIC("sw.tile.most.note", site="مزرعة 12", error="$7.8m")
    assert plain(localised(told, ARABIC, "arab")) == "مزرعة 12؛ الخطأ المعياري ٧٫٨ مليون دولار"


def test_a_sign_before_a_field_joins_its_number() -> None:
    assert shown(localised(ARABIC("sw.error", error="$19m"), ARABIC)) == "<{[±19| مليون دولار||"


def test_english_stays_as_it_is() -> None:
    for text in ("$1.9bn", "4.19 GW ± 7%", "<b>1</b>"):
        assert localised(text, ENGLISH) == text
        assert localised_page(text, ENGLISH) == text


def test_isolates_are_balanced() -> None:
    told = ARABIC("tl.story.month", site="Site 7", cost="$101m", use="سحابة", error="$3.8m")
    depth = 0
    for letter in localised(told, ARABIC):
        depth += (letter in MARKS) - (letter == "\N{POP DIRECTIONAL ISOLATE}")
        assert depth >= 0
    assert depth == 0


def test_a_page_says_text_and_titles_but_not_names_code_or_scripts() -> None:
    page = (
        '<p title="$5m" data-v="5">$5m &lt; $12</p><bdi dir="auto">Farm 12</bdi><bdi lang="en" dir="ltr">$5m</bdi>'
        "<code>$5m</code><script>if (1 < 2) x = 5;</script><style>a{b:5px}</style><bdi>$5m</bdi>"
    )
    said = plain(localised_page(page, ARABIC))
    assert said == (
        '<p title="5 ملايين دولار" data-v="5">5 ملايين دولار &lt; 12 دولارًا</p><bdi dir="auto">Farm 12</bdi>'
        '<bdi lang="en" dir="ltr">$5m</bdi><code>$5m</code><script>if (1 < 2) x = 5;</script><style>a{b:5px}</style>'
        "<bdi>5 ملايين دولار</bdi>"
    )


def test_a_drawing_says_sums_in_fewer_letters_and_turns_its_labels() -> None:
    said = localised_page('<svg direction="ltr"><title>$5m</title><text x="0">$5m</text></svg><p>$5m</p>', ARABIC)
    assert shown(said) == (
        '<svg direction="ltr"><title>{[5| ملايين دولار|</title><text x="0">{{[5| ملايين$||</text></svg>'
        "<p>{[5| ملايين دولار|</p>"
    )
    assert letters("$5m", ARABIC) == len("5 ملايين$")
