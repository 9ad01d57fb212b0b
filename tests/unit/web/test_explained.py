"""An explanation as tables: its own numbers, in every language, whatever is missing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from wattworth.reports.catalogue import languages
from wattworth.reports.words import language
from wattworth.web.pages.explained import explained


def moved(low_usd: float | None, high_usd: float | None) -> dict[str, Any]:
    return {"at_low_usd": low_usd, "at_high_usd": high_usd, "total_frac": 0.25, "rank_correlation": 0.5}


def driver(
    key: str, best: tuple[float | None, float | None], lead: tuple[float | None, float | None]
) -> dict[str, Any]:
    fact = {"fact": key, "value": 1.0, "low": 0.5, "high": 2.0, "unit": "$/MWh", "confidence": "low"}
    return fact | {"best": moved(*best), "lead": moved(*lead)}


def even(**changed: Any) -> dict[str, Any]:
    found = {"input": "rent", "unit": "$/MWh", "present": 40.0, "low": 10.0, "high": 90.0}
    return found | {"best_use": "bitcoin", "switches": None, "then": None} | changed


def document() -> dict[str, Any]:
    return {
        "best_use": "bitcoin",
        "runner_up": "hold",
        "risked_npv_usd": {"best": 549e6, "lead": 272e6},
        "prob_best_frac": 0.384,
        "tie": False,
        "drivers": [
            driver("a.small", (10e6, 20e6), (1e6, 2e6)),
            driver("b.large", (-73e6, 614e6), (None, 5e6)),
            driver("c.none", (7e6, 7e6), (-9e6, 9e6)),
        ],
        "markets": [{"market": "btc_usd", "best": 0.236, "lead": None}],
        "break_even": [even(switches=33.26, then="hold"), even(switches=70.0, then="hold"), even()],
        "weakest": [{"fact": "<b>", "confidence": "low", "swing_usd": 541e6, "source": "A & B", "note": None}],
    }


def test_the_facts_that_move_most_come_first_and_those_that_do_not_are_left_out() -> None:
    page = str(explained(document(), language("en", "web")))
    best = page[page.index('id="why-best"') : page.index('id="why-lead"')]
    assert re.findall(r"<code>([\w.]+)</code>", best) == ["b.large", "a.small"]
    assert "\N{MINUS SIGN}$73m" in best
    assert "$614m" in best
    lead = page[page.index('id="why-lead"') : page.index('id="why-markets"')]
    assert re.findall(r"<code>([\w.]+)</code>", lead) == ["c.none", "a.small"]


def test_an_input_below_its_present_value_is_said_to_be_below() -> None:
    page = str(explained(document(), language("en", "web")))
    assert re.search(r"is below 33\.26.*is above 70.*stays best for every .* from 10 to 90", page, re.DOTALL)


@pytest.mark.parametrize("lang", languages())
def test_every_language_says_all_of_it_with_nothing_unescaped(lang: str) -> None:
    page = str(explained(document(), language(lang, "web")))
    assert page.count("<table") == page.count("<caption") == 4
    assert "<b>" not in page
    assert "A &amp; B" in page
    assert not re.search(r"nan|None|\{\w+\}", page)


def test_a_site_with_one_use_has_no_lead() -> None:
    page = str(explained(document() | {"runner_up": None}, language("en", "web")))
    assert "why-lead" not in page
    assert "the only use" in page
