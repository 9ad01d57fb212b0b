"""``wattworth options``: what to do now, in a table, in words, as a document and as a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import SITES, Call
from wattworth.valuation import SPECS

FEW = ("--draws", "256", "--training-draws", "512", "--window-months", "12", "--every-months", "6", "--workers", "1")


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_table_fits_and_names_every_free_site(
    call: Call, three: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    done = call("options", three, *FEW)
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= width
    for words in ("alpha-mine", "beta-leased", "worth $m", "best today", "waiting $m", "what waiting is worth"):
        assert words in done.out
    assert "gamma-none" not in done.out
    assert "deciding on the sites of three" in done.err


def test_one_site_is_told_in_sentences_that_agree_with_the_document(call: Call, three: Path, tmp_path: Path) -> None:
    told = call("options", three, "--site", "alpha-mine", *FEW, "--out", tmp_path / "page")
    assert told.code == 0, told.err
    found = json.loads((tmp_path / "page" / "options.json").read_text(encoding="utf-8"))
    (site,) = found["sites"]
    flat = " ".join(told.out.split())
    assert flat.startswith("Alpha (Acme), as of 2026-06 Now: ")
    assert "With the freedom to decide later the 100 MW under no lease are worth" in flat
    assert "Waiting adds" in flat
    assert "Never to decide, and to sell at the end of the window in 2027-06, gives up" in flat
    rows = {line[:14].strip(): line[14:].split() for line in told.out.splitlines()}
    for use, worth in site["uses"].items():
        today, lost, best, date = rows[use.replace("_", " ")][:4]
        printed = [f"{worth[key] / 1e6:,.0f}" for key in ("now_usd", "regret_now_usd", "best_usd")]
        assert [today, lost, best, date] == [*printed, worth["best_date"]]
    assert rows["never"][:2] == [f"{site['never'][key] / 1e6:,.0f}" for key in ("usd", "regret_usd")]
    page = (tmp_path / "page" / "options.html").read_text(encoding="utf-8")
    assert "Decide now, later, or never?" in page
    assert "page  " in told.out


def test_a_site_under_lease_has_nothing_to_decide(call: Call, three: Path) -> None:
    leased = SITES.replace(",US,NYISO,250,bitcoin_mine,120", ",US,NYISO,150,bitcoin_mine,120")
    (three / "sites.csv").write_text(leased, encoding="utf-8")
    told = call("options", three, "--site", "beta-leased", *FEW)
    assert told.code == 0, told.err
    assert "Nothing to decide: every megawatt is under a signed lease." in told.out
    listed = call("options", three, *FEW, "--one-step")
    assert "nothing to decide, every megawatt leased: beta-leased" in " ".join(listed.out.split())


def test_json_is_one_document_and_quiet(call: Call, three: Path) -> None:
    done = call("options", three, *FEW, "--json", "--one-step", "--lease-until", "2026-09")
    assert done.code == 0, done.err
    assert done.err == ""
    found = json.loads(done.out)
    assert found["freedom"] == {
        "every_months": 6,
        "window_months": 12,
        "lease_until_month": 3,
        "stages": False,
        "second_stage_frac": 0.95,
    }
    assert (found["draws"], found["training_draws"], found["seed"]) == (256, 512, 7)
    free = [site for site in found["sites"] if site["free"]]
    assert [site["site_id"] for site in free] == ["alpha-mine", "beta-leased"]
    assert all("half" not in switch["decision"] for site in free for switch in site["switches"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--site", "alpha-mime"), 'did you mean "alpha-mine"'),
        (("--site", "gamma-none"), "gamma-none is not valued: no source states its megawatts"),
        (("--site", "alpha-mine", "--sites", "alpha-*"), "either --site"),
        (("--sites", "nothing-*"), "nothing-*"),
        (("--window-months", "900", "--every-months", "6"), "window of 900 months"),
        (("--window-months", "20", "--every-months", "6"), "take 18 or 24"),
        (("--window-months", "3", "--every-months", "6"), "take 6"),
        (("--lease-until", "2026-05"), "lies before 2026-06"),
        (("--lease-until", "2027-13"), "Write a month as YYYY-MM"),
        (("--training-draws", "10"), "--training-draws"),
        (("--window-months", "0"), "--window-months"),
    ],
)
def test_wrong_input_ends_with_code_2(call: Call, three: Path, words: tuple[str, ...], said: str) -> None:
    done = call("options", three, *words)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())
    assert "Traceback" not in done.err


def test_rates_by_use_are_refused(call: Call, three: Path) -> None:
    file, rates = three / "study.yaml", ", ".join(f"{use}: 0.1" for use in SPECS)
    file.write_text(file.read_text(encoding="utf-8") + f"discount: {{by_use: {{{rates}}}}}\n", encoding="utf-8")
    done = call("options", three, *FEW)
    assert done.code == 2
    assert "take `discount:` out" in done.err
