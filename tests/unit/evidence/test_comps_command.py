"""``wattworth comps``: what it prints, writes and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from cyclopts import App, Parameter

from wattworth.cli.comps import comps
from wattworth.cli.console import to_people, to_stdout
from wattworth.cli.errors import exit_code_of

STUDY = """\
schema_version: 1
name: two
as_of: 2026-06
usd_year: 2026
tax_losses: carried
"""
SITES = """\
site_id,name,company,ticker,country,iso,operating_gross_mw,previous_use,lease_critical_it_mw
acme-mine,Alpha,Acme,ACME,US,ERCOT,100,bitcoin_mine,
acme-leased,Beta [/x],Acme,ACME,US,NYISO,250,bitcoin_mine,120
"""
PRICES = """\
ticker,date,share_price_usd,fd_shares_m,debt_usd_m,leases_usd_m,preferred_usd_m,minorities_usd_m,cash_usd_m,btc_held,\
secured_gross_mw,company
ACME,2026-06-30,10,100,200,0,0,0,50,0,400,Acme
"""


class Answer(NamedTuple):
    """What the command gave back."""

    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("NO_COLOR", "1")
    app = App(name="wattworth", default_parameter=Parameter(negative=()))
    app.command(comps)

    def answer(*words: object, columns: int = 100) -> Answer:
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        tokens = ["comps", *map(str, words)]
        consoles = {"console": to_stdout(), "error_console": to_people()}
        code = exit_code_of(
            lambda: app(tokens, **consoles, exit_on_error=False, print_error=False, result_action="return_value")
        )
        shown = capsys.readouterr()
        return Answer(code, shown.out, shown.err)

    return answer


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A study of two sites, with prices beside it."""
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    (folder / "sites.csv").write_text(SITES, encoding="utf-8")
    (tmp_path / "prices.csv").write_text(PRICES, encoding="utf-8")
    return folder


def test_json_is_one_document_and_out_writes_the_same(call: Call, two: Path, tmp_path: Path) -> None:
    """Proves: 10 $ x 100 m shares + 200 - 50 = 1,150 $M of enterprise value over 400 MW = 2.875 $/W."""
    out = tmp_path / "out"
    words = (two, "--draws", "32", "--prices", tmp_path / "prices.csv", "--out", out)
    answer = call(*words, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert json.loads((out / "comps.json").read_text(encoding="utf-8")) == told
    assert (told["study"], told["draws"]) == ("two", 32)
    acme = next(row for row in told["companies"] if row["company"] == "Acme")
    assert acme["market"]["value"]["basis"] == "ev"
    assert acme["market"]["usd_per_w"]["secured_gross"]["usd_per_w"] == pytest.approx(2.875)
    assert acme["ours"]["usd_per_gross_w"]["p10"] < acme["ours"]["usd_per_gross_w"]["p90"]
    assert [end["basis"] for end in acme["endings"]] == ["ev"]
    assert "page " in answer.err


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_the_table_fits_and_never_cuts_a_number(call: Call, two: Path, tmp_path: Path, columns: int) -> None:
    answer = call(two, "--draws", "32", "--prices", tmp_path / "prices.csv", columns=columns)
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= columns
    acme = next(line for line in lines if line.startswith("Acme"))
    for number in ("1.15   EV", "2.88"):
        assert number in acme
    for part in ("From created value", "Sales of sites", "Peers", "What to doubt", "No market value"):
        assert part in answer.out
    assert "12 closed sales of sites" in answer.out
    if columns > 80:
        assert "2026-06" in acme


def test_bad_prices_end_with_code_2_before_anything_is_valued(call: Call, two: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(PRICES.replace("2026-06-30,10", "June,-1"), encoding="utf-8")
    answer = call(two, "--prices", bad)
    assert (answer.code, answer.out) == (2, "")
    assert 'bad.csv row 2, column "date"' in answer.err
    assert 'bad.csv row 2, column "share_price_usd"' in answer.err
    assert "valuing" not in answer.err


def test_a_saved_run_is_taken_as_it_was_saved(call: Call, two: Path, tmp_path: Path) -> None:
    from wattworth import store, valuation

    run = valuation.value(two, draws=32, seed=3, workers=1)
    folder = store.save(run, tmp_path / "run")
    answer = call("--run", folder, "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["run_id"] == run.result["run_id"]
    refused = call("--run", folder, "--draws", "5")
    assert refused.code == 2
    assert "leave out --draws" in refused.err
