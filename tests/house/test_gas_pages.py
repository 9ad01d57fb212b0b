"""The pages on surplus gas: every number of theirs is computed again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wattworth import facts
from wattworth.facts import CostIndex
from wattworth.gas import document_of, problem_of, read_gas_study, run_gas
from wattworth.gas.allocation import Allocation, allocate
from wattworth.gas.checks import UNITS
from wattworth.gas.reference import uses_tables
from wattworth.gas.schema import ROWS
from wattworth.gas.uses import USES
from wattworth.solve import Options

MONEY = 2025


def text_of(root: Path, page: str) -> str:
    return (root / "docs" / page).read_text(encoding="utf-8")


def flat(text: str) -> str:
    return " ".join(text.split())


def parts(page: str) -> dict[str, str]:
    """Heading to what stands under it."""
    found = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_every_use_has_its_part_and_its_facts(root: Path) -> None:
    found = {name: body for name, body in parts(text_of(root, "gas-uses.md")).items() if name in USES}
    assert list(found) == list(USES)
    for name, body in found.items():
        words, _, listed = body.partition("Facts:")
        assert len(words.split()) >= 5, name
        assert re.findall(r"`([\w.\-]+)`", listed) == list(USES[name].fact_keys), name


def test_tables_of_uses_are_those_of_the_facts(root: Path) -> None:
    """Proves: no row is stale, missing or of a use that is gone. To renew: print uses_tables(facts.load(), 2025)."""
    page = text_of(root, "gas-uses.md")
    first, second = uses_tables(facts.load(), MONEY)
    assert first in page
    assert second in page
    assert sum(line.startswith("|") for line in page.splitlines()) == len((first + second).splitlines())


def test_numbers_in_the_words_on_uses(root: Path) -> None:
    book, page = facts.load(), parts(text_of(root, "gas-uses.md"))
    methanol = book["methanol.capex"]
    grown = methanol.in_money_of(MONEY, CostIndex.load()).value / methanol.value - 1.0
    told = {
        "lng": f"{book['lng.shrinkage'].value:.0%}".replace("%", " %"),
        "methanol": f"Capital of {methanol.money_year}, brought to the money of the study by the plant cost index, "
        f"which adds {grown:.0%}".replace("%", " %"),
        "gtl": f"times {1 + book['gtl.product_premium_over_brent'].value:g}",
        "ai_cloud": f"life of {book['gas_to_ai.gpu_life'].value:g} years",
    }
    for name, said in told.items():
        assert said in flat(page[name]), name
    left = {name: re.findall(r"(?<![\w.`])\d[\d.,]*", page[name].partition("Facts:")[0]) for name in USES}
    known = {"lng": 1, "ammonia": 4, "methanol": 2, "gtl": 2, "ai_cloud": 1}
    assert {name: len(numbers) for name, numbers in left.items() if numbers} == known
    assert "(2018$)" in book["ammonia.capex_grey_2025usd"].source
    assert book["gtl.capex_pearl"].money_year == 2011


@pytest.fixture(scope="module")
def russia() -> dict[str, Any]:
    return document_of(run_gas("russia-gas", relax=False))


def bn(musd: float) -> str:
    return f"${musd / 1000:.1f}bn"


def share(value: float) -> str:
    return f"{100 * value:.0f} %"


def test_the_russian_case_says_what_comes_back(root: Path, russia: dict[str, Any]) -> None:
    page, offset = flat(text_of(root, "gas.md")), russia["offset"]
    back = {row["year"]: share(row["of_lost_frac"]) for row in offset["by_year"]}
    assert f"{offset['lost_bcm']:g} bcm a year are gone, {bn(offset['lost_musd_per_year'])} a year" in page
    assert f"{back[2026]} comes back in 2026, {back[2030]} in 2030, and {back[2031]} in 2031" in page
    assert f"the fields have declined and it is {back[2040]}" in page
    gas = {row["option"]: row["gas_bcm"] for row in russia["allocation"]["options"]}
    assert all(f"{gas['home'][i]:.1f} bcm a year go home" in page for i in range(5))
    at = russia["years"].index(2033)
    china = (gas["china-west"][at] + gas["china-east"][at]) / sum(own[at] for own in gas.values())
    assert f"In 2033 China takes {share(china)} of the gas" in page
    value = {case["case"]: bn(case["value_musd"]) for case in russia["cases"]}
    worth = (
        f"worth {bn(russia['objective'])}, {value['2025']} in the prices of 2025 and {value['2026']} in those of 2026"
    )
    assert worth in page
    assert sum(sum(own) for name, own in gas.items() if name.startswith("ai-")) == 0.0


def test_the_russian_case_says_what_gas_is_worth_and_builds(root: Path, russia: dict[str, Any]) -> None:
    page = flat(text_of(root, "gas.md"))
    own = {row["option"]: row for row in russia["netbacks"] if row["case"] == "2025"}
    worth = {name: f"{abs(row['field_usd_per_mmbtu']):.1f}" for name, row in own.items()}
    told = (
        f"Turkey {worth['turkey']}, urea {worth['urea-baltic']}, hydrogen {worth['hydrogen-baltic']}",
        f"ammonia {worth['ammonia-black-sea']}, China {worth['china-east']} by the eastern line and "
        f"{worth['china-west']} by a new western one, methanol {worth['methanol-baltic']}",
        f"power for AI {worth['ai-power-ural']}, home {worth['home']}. Sanctioned LNG on the Baltic loses "
        f"{worth['lng-baltic']}. A turnkey AI hall would earn {worth['ai-turnkey-ural']}",
        f"a GPU cloud would lose {worth['ai-cloud-ural']}",
    )
    assert [words for words in told if words not in page] == []
    hall = own["ai-turnkey-ural"]
    interest = (1.13**2 - 1) / (2 * 0.13) - 1
    taken = interest * hall["capex_usd_per_mmbtu"]
    assert f"takes a further {taken:.1f} off a turnkey hall" in page
    assert f"a turnkey hall earns {hall['field_usd_per_mmbtu'] - taken:.1f}," in page
    lines = {row["link"]: bn(row["capex_musd"]) for row in russia["allocation"]["links"]}
    plants = {row["option"]: (sum(row["built"]), bn(row["capex_musd"])) for row in russia["allocation"]["options"]}
    (n_urea, urea), (n_hydrogen, hydrogen) = plants["urea-baltic"], plants["hydrogen-baltic"]
    assert (
        f"The second line to China for {lines['power-of-siberia-2']}, more of the first for "
        f"{lines['power-of-siberia-1-more']}, {n_urea:.0f} urea plants for {urea} and {n_hydrogen:.0f} hydrogen plant "
        f"for {hydrogen}."
    ) in page
    assert sum(number for number, _ in plants.values()) == n_urea + n_hydrogen


def test_the_russian_case_says_how_much_gas(root: Path, russia: dict[str, Any]) -> None:
    page, bridge = flat(text_of(root, "gas.md")), russia["bridge"]
    steps = bridge["steps"]
    day = [f"{step['per_day_bcm']:.2f}" for step in steps]
    ccgt, load = ([f"{step[key]:.0f}" for step in steps] for key in ("ccgt_gw", "it_gw"))
    assert f"exports to Europe is {day[1]}, the upper bound of what is spare {day[2]}, a central guess {day[3]}" in page
    assert f"that is {', '.join(ccgt[:3])} and {ccgt[3]} GW" in page
    assert f"over {bridge['gross_per_it']:g} it feeds {', '.join(load[:3])} and {load[3]} GW of computers" in page
    assert f"The gap of {bridge['us_gap_gw']:g} GW in the United States" in page
    fields = {row.node: row for row in read_gas_study("russia-gas").nodes if row.kind == "field"}
    assert fields["west-siberia"].volume == facts.load()["russia.spare_central"].value
    west, east = (fields[name].volume for name in ("west-siberia", "east-siberia"))
    assert f"what {west:g} bcm a year of spare West Siberian gas and {east:g} of East Siberian" in page
    book = facts.load()
    rates = [book[f"gas_project.{name}"].value for name in ("wacc_real", "sanctions_addon")]
    assert russia["real_rate_frac"] == pytest.approx(sum(rates))
    assert f"at {sum(rates):.0%} ({100 * rates[0]:.0f} and {100 * rates[1]:.0f} for".replace("%", " %") in page


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (("sanctions-rate",), "without it the plan is worth {} more"),
        (("urea-buyers",), "More buyers of urea would add {}"),
        pytest.param(
            ("lng-capex", "lng-delay", "lng-discount", "lng-buyers"),
            "all barriers on LNG together {}",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_the_russian_case_says_what_barriers_cost(
    root: Path, russia: dict[str, Any], limits: tuple[str, ...], words: str
) -> None:
    study = read_gas_study("russia-gas")
    problem = problem_of(study, facts.load(), frozenset(limits))
    gained = allocate(problem, Options(gap_frac=1e-4)).objective - russia["objective"]
    assert words.format(bn(gained)) in flat(text_of(root, "gas.md"))


def test_the_page_names_every_file_and_kind_of_limit(root: Path) -> None:
    page = text_of(root, "gas.md")
    assert [name for name in ROWS if f"`{name}.csv`" not in page] == []
    assert [kind for kind in UNITS if f"`{kind}`" not in page] == []
    assert "reference/gas-study.md" in page


def test_the_flares_say_what_is_built_and_what_it_rests_on(root: Path) -> None:
    """Proves: the words on the plan are those of a run, and what is changed does what the page says."""
    page, study, book = flat(text_of(root, "gas.md")), read_gas_study("permian-flare"), facts.load()

    def of(limits: frozenset[str] = frozenset(), **ratio: float) -> tuple[float, dict[str, float], Allocation]:
        rows = tuple(
            row.model_copy(update={"capex_ratio": ratio.get(row.use, row.capex_ratio)}) for row in study.options
        )
        plan = allocate(problem_of(replace(study, options=rows), book, limits))
        uses = plan.problem.outlets.uses
        return plan.objective, {use: plan.plants[[own == use for own in uses]].sum() for use in set(uses)}, plan

    worth, built, plan = of()
    capex, uses = plan.problem.outlets.builds.capex, plan.problem.outlets.uses
    spent = {use: sum(capex[i] * plan.plants[i].sum() for i, own in enumerate(uses) if own == use) for use in set(uses)}
    assert (
        f"{built['field_power']:.0f} modules of power beside the well for ${spent['field_power']:.1f}M and "
        f"{built['gas_to_bitcoin']:.0f} of bitcoin for ${spent['gas_to_bitcoin']:.1f}M"
    ) in page
    gas = plan.mean(plan.intake).sum(axis=1)
    burnt = sum(gas[i] for i, own in enumerate(uses) if own == "flaring") / gas.sum()
    assert f"take {share(1 - burnt)} of the gas, and {share(burnt)} is burnt" in page
    values = [f"${value:.1f}M" for value in plan.value]
    assert f"worth ${worth:.1f}M: {values[0]} in the prices of 2025 and {values[1]} in those of 2026" in page
    rich, richly, _ = of(frozenset({"capital-a-year"}))
    assert f"capital a year the plan is worth ${rich:.1f}M" in page
    assert richly["ai_cloud"] == 1.0
    new, newly, _ = of(gas_to_bitcoin=1.0)
    assert newly["gas_to_bitcoin"] == 0.0
    assert f"no bitcoin is built, and the plan loses ${-new:.1f}M" in page
