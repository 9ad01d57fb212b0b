from __future__ import annotations

import re
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.snapshots import documents
from tests.unit.reports.reader import asks_for_nothing, links_lead_somewhere, prints_no_nan, read
from wattworth import reports
from wattworth.reports.words import ENGLISH

KINDS = (documents.small, documents.empty, documents.without_statistics)


@pytest.mark.parametrize("make", KINDS)
def test_never_prints_none_or_nan(make: Callable[[], dict[str, Any]]) -> None:
    prints_no_nan(reports.page(make()))


@pytest.mark.parametrize("make", KINDS)
def test_ids_are_unique_and_links_lead_somewhere(make: Callable[[], dict[str, Any]]) -> None:
    links_lead_somewhere(reports.page(make()))


@pytest.mark.parametrize("make", KINDS)
def test_asks_for_nothing(make: Callable[[], dict[str, Any]]) -> None:
    asks_for_nothing(reports.page(make()))


def test_every_site_and_use_stands_on_the_page() -> None:
    result = documents.small()
    reader = read(reports.page(result))
    text = " ".join(reader.text)
    entries = {attributes.get("id") for tag, attributes in reader.tags if tag == "details"}
    for site in result["sites"]:
        assert site["site"] in text
        assert (f"site-{site['site_id']}" in entries) == site["valued"]
        for use in site["uses"].values():
            assert use["available"] or use["reason"] in text
    for use in ("Bitcoin mining", "Turnkey AI lease", "Site sale", "Hold"):
        assert text.count(use) >= 5
    for fact in result["weakest_facts"]:
        assert fact["key"] in text
    for warning in result["warnings"]:
        assert warning["code"] in text
        assert warning["message"] in text
    assert result["run_id"] in text


def test_names_are_escaped_and_keep_their_direction() -> None:
    page = reports.page(documents.small())
    assert documents.SCRIPT not in page
    assert "&lt;script&gt;alert(" in page
    assert "<b>mind</b>" not in page
    assert "<i>not found</i>" not in page
    assert f'<bdi dir="auto">{documents.ARABIC}</bdi>' in page


def test_a_leased_site_says_what_is_leased_and_what_is_best_for_the_rest() -> None:
    text = " ".join(read(reports.page(documents.small())).text)
    assert "Leased: 210 MW IT" in text
    assert "other 100 MW: Hold" in text


def test_a_dash_says_why() -> None:
    page = reports.page(documents.small())
    assert 'title="not available: interruptible power cannot serve a lease without firming"' in page
    assert 'title="no firm megawatts to divide by"' in page
    assert 'title="nothing can fail"' in page


def test_the_paragraph_says_what_the_numbers_say() -> None:
    page = reports.page(documents.small())
    story = re.sub(r"<[^>]+>", "", re.search(r'<p class="story">(.*?)</p>', page, re.DOTALL).group(1))  # type: ignore[union-attr]
    for told in (
        "5 sites with 1.20 GW of gross power are together worth $1.2bn",
        "$2.33/W",
        "between $600m and $2.4bn, with the middle one at $1.3bn",
        "a sale at 3 sites (0.70 GW) and holding on at 1 site (0.40 GW)",
        "A site that is leased in part stands under its lease and under the use of the rest.",
        "At 1 site the choice is a tie",
        "Lake Hall alone holds 87% of the total",
        "Of 4 facts behind these numbers 2 are assumptions",
        "1 site could not be valued",
    ):
        assert told in story
    assert "lies outside" not in story


def test_a_mean_outside_its_range_is_explained() -> None:
    result = documents.small()
    result["totals"]["npv_usd"]["mean"] = 500e6
    assert "The mean lies outside that range because it is a price" in reports.page(result)


def test_a_chance_of_nought_counts_as_unsure() -> None:
    result = documents.small()
    result["sites"][1]["prob_best_frac"] = 0.0
    assert "At 2 sites the best use comes out best in fewer than half" in reports.page(result)


def test_squeezed_sites_are_named() -> None:
    page = reports.page(documents.small())
    assert "1 site finds no tenant within it" in page
    assert "no tenant left" in page
    assert "Without the limit the total would be $1.2bn." in page


def test_fractions_are_printed_as_percentages() -> None:
    text = re.sub(r"<[^>]+>", "|", reports.page(documents.small()))
    assert re.search(r"discount\.base\|+6\|+5 to 7\.5\|+%/yr", text)


def test_another_language_turns_the_page() -> None:
    arabic = replace(ENGLISH, lang="ar", direction="rtl", table={**ENGLISH.table, "kicker": documents.ARABIC})
    page = reports.page(documents.small(), arabic)
    assert '<html lang="ar" dir="rtl">' in page
    assert f'<p class="kicker">{documents.ARABIC}</p>' in page


def test_style_mirrors_with_the_script() -> None:
    style = re.search(r"<style>(.*?)</style>", reports.page(documents.small()), re.DOTALL)
    assert style is not None
    assert not re.search(
        r"(margin|padding|border)-(left|right)|text-align: (left|right)|[{;]\s*(left|right):", style[1]
    )


def test_unknown_uses_steps_and_keys_are_shown_by_their_own_name() -> None:
    result = documents.small()
    site = result["sites"][0]
    site["uses"]["space_heating"] = deepcopy(site["uses"]["bitcoin"])
    site["waterfall"][1]["step"] = "fairy dust"
    site["news"] = {"from": "later"}
    page = reports.page(result)
    assert "Space heating" in page
    assert "Fairy dust" in page


def test_a_page_of_a_hundred_sites_takes_less_than_a_second() -> None:
    result = documents.small()
    sites = [{**deepcopy(result["sites"][i % 5]), "site_id": f"site-{i}"} for i in range(100)]
    result["sites"] = sites
    result["tenant_demand"]["squeezed"] = []
    started = time.process_time()
    page = reports.page(result)
    assert time.process_time() - started < 1.0
    assert page.count('<details id="site-site-') == 100
