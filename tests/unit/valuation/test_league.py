"""League of ways: every number of a row by hand, laws, the commands, and bad input."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cyclopts import App

from tests import studies
from wattworth.cli.console import to_people, to_stdout
from wattworth.cli.errors import exit_code_of
from wattworth.cli.ways import idle, ways
from wattworth.errors import StudyError
from wattworth.facts import load
from wattworth.timeline import month_value_usd
from wattworth.timeline.ways import MINE, WAYS, WayDraws
from wattworth.valuation.league import BANKS, League, league, league_row
from wattworth.valuation.way_costs import PLANTS, WayMoney, plant_of

DRAWS = 512
FACTS = {
    "site_sale.price_energised": 0.5,
    "site_sale.cost": 0.0,
    "way.energised_mine_capex": 0.0,
    "way.grid_connection_capex": 400.0,
    "recip_engine.capex": 2_000.0,
    "recip_engine.overbuild_ratio": 1.25,
    "recip_engine.heat_rate_hhv_full_load": 8.0,
    "recip_engine.om_variable": 10.0,
    "sofc.capex": 3_000.0,
    "us_tax.itc_fuel_cell_48e": 0.3,
    "us_tax.bonus_depreciation": 1.0,
    "failure.salvage": 0.5,
}


@pytest.fixture(scope="module")
def found() -> League:
    return league(studies.study(studies.MINE), draws=DRAWS, seed=7)


@pytest.fixture(scope="module")
def money() -> WayMoney:
    """Tax of a quarter, 21 % a year, round facts."""
    book = load()
    facts = {
        key: replace(book[key], value=value, low=None, high=None) if key in book else book[key]
        for key, value in FACTS.items()
    }
    return WayMoney(
        facts=facts,
        rate_frac=0.21,
        tax_frac=0.25,
        grid_usd_per_w=6.0,
        per_heat_rate_usd_per_w=0.4,
        per_usd_per_mwh_usd_per_w=0.1,
        per_usd_per_w_year_usd_per_w=15.0,
    )


def held(name: str, power_months: float, rent_months: float, sale_months: float) -> WayDraws:
    """A way whose dates are certain, whose power comes in eight of ten cases and whose tenant in every second."""
    way = next(way for way in WAYS if way.name == name)
    months = [np.full(4, month) for month in (power_months, power_months, rent_months, sale_months)]
    return WayDraws(way, *months, 0.8, 0.5, {}, {})


def test_row_of_a_grid_queue_by_hand(money: WayMoney) -> None:
    """Power in 12 months, rent in 24, sale in 12 at 21 %: factors 1/1.21, 1/1.4641, 1/1.21; value 2 $/W.

    Capital 0.8 x 0.4 / 1.21 less the tax it saves, 0.4 x 0.25 x 0.4 / 1.4641; sale 0.4 x 0.5 / 1.21.
    """
    row = league_row(held("grid_pjm", 12, 24, 12), money, 2.0)
    assert row.capital_usd_per_kw == 400.0
    assert row.delay_usd_per_w == pytest.approx(2.0 * (1 - 1 / 1.4641))
    assert row.kept_frac == pytest.approx(0.4 / 1.4641)
    assert row.energy_usd_per_w == 0.0
    assert row.capital_usd_per_w == pytest.approx(0.8 * 0.4 / 1.21 - 0.4 * 0.25 * 0.4 / 1.4641)
    assert row.fallback_usd_per_w == pytest.approx(0.4 * 0.5 / 1.21)
    assert row.net_usd_per_w == pytest.approx(0.4 * 2 / 1.4641 - row.capital_usd_per_w + 0.4 * 0.5 / 1.21)


def test_row_of_the_mine_pays_its_price_today_and_saves_no_tax(money: WayMoney) -> None:
    row = league_row(held(MINE, 0, 24, 12), money, 2.0)
    assert row.capital_usd_per_kw == 500.0
    assert row.capital_usd_per_w == pytest.approx(0.8 * 0.5)


def test_row_of_engines_by_hand(money: WayMoney) -> None:
    """2,000 $/kW with a quarter to spare is 2.5 $/W; energy (0.4 x 8 + 0.1 x 10 - 6) x 0.75; half comes back."""
    row = league_row(held("engines", 12, 24, 24), money, 2.0)
    assert row.capital_usd_per_kw == 2_500.0
    assert row.energy_usd_per_w == pytest.approx((3.2 + 1.0 - 6.0) * 0.75)
    assert row.fallback_usd_per_w == pytest.approx(0.4 * 1.25 / 1.4641)
    net = 0.4 / 1.4641 * (2.0 + 1.35) - row.capital_usd_per_w + row.fallback_usd_per_w
    assert row.net_usd_per_w == pytest.approx(net)


def test_credit_lowers_capital_and_half_of_it_the_basis(money: WayMoney) -> None:
    plant = PLANTS["fuel_cell"]
    assert money.credit_frac(plant) == 0.3
    assert money.shield_frac(plant) == pytest.approx(0.25 * 0.85)


def test_delay_is_the_closed_form_of_a_months_value(money: WayMoney) -> None:
    row = league_row(held("grid_pjm", 12, 18, 12), money, 3.0)
    assert row.delay_usd_per_w == pytest.approx(month_value_usd(3.0, 0.21, 18))


def test_unknown_price_of_energy_is_none_and_said(found: League) -> None:
    nuclear = next(row for row in found.rows if row.draws.way.name == "nuclear")
    assert nuclear.energy_usd_per_w is None
    assert nuclear.document()["net_is_upper_bound"] is True
    assert any("no fact" in words for words in nuclear.left_out)
    assert all(row.left_out for row in found.rows)


def test_every_way_has_its_costs() -> None:
    assert all(plant_of(way.name) is not None for way in WAYS)
    assert {way.name for way in WAYS if way.name not in PLANTS} == {w.name for w in WAYS if w.name.startswith("grid_")}


def test_order_and_identity_of_rows(found: League) -> None:
    middles = [float(np.median(row.draws.rent_months)) for row in found.rows]
    assert middles == sorted(middles)
    for row in found.rows:
        assert row.net_at_usd_per_w(row.value_usd_per_w) == pytest.approx(row.net_usd_per_w)
    assert {row.draws.way.name for row in found.rows} == {way.name for way in WAYS}
    for row in found.rows:
        gained = row.kept_frac * (found.value.usd_per_gross_w - (row.energy_usd_per_w or 0.0))
        assert row.net_usd_per_w == pytest.approx(gained - row.capital_usd_per_w + row.fallback_usd_per_w)


def test_energised_mine_is_fastest_and_surest(found: League) -> None:
    """What owners of mines say, as the facts have it: power today, earliest median rent, best odds."""
    assert found.fastest.name == found.surest.name == MINE
    mine = next(row for row in found.rows if row.draws.way.name == MINE)
    assert all(mine.kept_frac > row.kept_frac for row in found.rows if row is not mine)


def test_mine_leads_from_the_value_it_says(found: League) -> None:
    at = found.mine_leads_from_usd_per_w
    assert at is not None
    study = studies.study(studies.MINE)
    above, below = (league(study, draws=DRAWS, seed=7, value_usd_per_w=at + step) for step in (0.01, -0.01))
    best = [max(each.rows, key=lambda row: row.net_usd_per_w).draws.way.name for each in (above, below)]
    assert best == [MINE, found.last_passed]
    assert above.mine_leads_from_usd_per_w == pytest.approx(at)


def test_value_at_power_on_is_that_of_the_best_conversion_unless_told(found: League) -> None:
    conversions = [found.value, *(other for other in found.others if other.basis != BANKS)]
    assert found.value.usd_per_gross_w == max(each.usd_per_gross_w for each in conversions)
    assert {each.basis for each in conversions} == {"turnkey", "powered_shell", "gpu_cloud"}
    named = league(studies.study(studies.MINE), draws=DRAWS, seed=7, use="turnkey")
    assert named.value.basis == "turnkey"
    assert named.value.usd_per_gross_w == pytest.approx(
        next(each.usd_per_gross_w for each in conversions if each.basis == "turnkey"), abs=1e-9
    )


def test_same_seed_same_league(found: League) -> None:
    again = league(studies.study(studies.MINE), draws=DRAWS, seed=7)
    assert again.document() == found.document()
    assert league(studies.study(studies.MINE), draws=DRAWS, seed=8).document() != found.document()


def test_dearer_capital_and_longer_clocks_never_help(found: League) -> None:
    facts = {"way.grid_connection_capex": 800.0, "gate.utility_works": 60.0}
    worse = league(studies.study(studies.MINE, facts=facts), draws=DRAWS, seed=7, value_usd_per_w=2.0)
    base = league(studies.study(studies.MINE), draws=DRAWS, seed=7, value_usd_per_w=2.0)
    before = {row.draws.way.name: row for row in base.rows}
    for row in worse.rows:
        name = row.draws.way.name
        if name.startswith("grid_"):
            assert row.net_usd_per_w < before[name].net_usd_per_w
            assert row.delay_usd_per_w > before[name].delay_usd_per_w
        else:
            assert row.net_usd_per_w == pytest.approx(before[name].net_usd_per_w)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"use": "turnky"}, 'did you mean "turnkey"'),
        ({"use": "bitcoin"}, 'use "bitcoin" needs no hall'),
        ({"use": "hybrid"}, "without a mine cannot serve this use"),
        ({"value_usd_per_w": float("nan")}, "need dollars per gross watt"),
        ({"draws": 0}, "draws must be at least 1"),
    ],
)
def test_bad_input_is_named(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(StudyError, match=message) as caught:
        league(studies.study(studies.MINE), **{"draws": 64, **asked})
    assert caught.value.exit_code == 2


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run one of the two commands in this process."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    app = App(name="wattworth")
    app.command(ways)
    app.command(idle)

    def answer(*words: object) -> tuple[int, str, str]:
        code = exit_code_of(
            lambda: app(
                [str(word) for word in words],
                console=to_stdout(),
                error_console=to_people(),
                exit_on_error=False,
                print_error=False,
                result_action="return_value",
            )
        )
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return answer


def _first_words(text: str, heads: Sequence[str]) -> bool:
    return all(any(line.startswith(head) for line in text.splitlines()) for head in heads)


def test_ways_prints_a_table_that_fits(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = call("ways", "--draws", 256)
    assert code == 0, err
    table = out.split("months:")[0]
    assert _first_words(table, [way.label for way in WAYS])
    assert max(map(len, table.splitlines())) <= 120
    monkeypatch.setenv("COLUMNS", "80")
    narrow = call("ways", "--draws", 256)[1].split("months:")[0]
    assert max(map(len, narrow.splitlines())) <= 80


def test_ways_as_json_is_one_document(call: Call) -> None:
    code, out, err = call("ways", "--draws", 256, "--json", "--seed", 3)
    assert code == 0, err
    document = json.loads(out)
    assert (document["draws"], document["seed"], len(document["ways"])) == (256, 3, len(WAYS))
    assert document["fastest"] == document["surest"] == MINE


def test_idle_prints_its_views_and_never_a_sum(call: Call) -> None:
    code, out, err = call("idle", "--gpus", 20_000, "--months", 24)
    assert code == 0, err
    assert "813.5" in out
    assert out.rstrip().endswith("any two of them added count the same loss twice")
    document = json.loads(call("idle", "--gpus", 20_000, "--months", 24, "--rate", 0.07, "--json")[1])
    assert document["published_usd"] == pytest.approx(813.45e6, abs=5e3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("idle", "--gpus", -5, "--months", 24), "--gpus"),
        (("idle", "--gpus", 5, "--months", 0), "--months"),
        (("idle", "--gpus", 5, "--months", 3, "--rate", -1), "--rate"),
        (("idle", "--gpus", 5), "--months"),
        (("ways", "--draws", 0), "--draws"),
        (("ways", "--use", "bitcoin"), "needs no hall"),
        (("ways", "no-such-study"), "no-such-study"),
    ],
)
def test_bad_words_end_with_code_2(call: Call, words: tuple[object, ...], message: str) -> None:
    code, _, err = call(*words)
    assert code == 2
    assert message in err
    assert "Traceback" not in err
