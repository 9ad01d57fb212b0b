"""`options`: what to do now, in a table, in words, as a document and as a page."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.conftest import Call

FEW = ("--draws", "256", "--training-draws", "512", "--window-months", "24", "--every-months", "12", "--workers", "1")


def test_the_table_names_every_free_site_and_what_to_do_now(call: Call, three: Path) -> None:
    done = call("options", str(three), *FEW)
    assert done.code == 0, done.err
    assert "alpha-mine" in done.out
    assert "what waiting is worth" in done.out
    assert "gamma-none" not in done.out


def test_one_site_is_told_in_sentences_that_agree_with_the_document(call: Call, three: Path, tmp_path: Path) -> None:
    told = call("options", str(three), "--site", "alpha-mine", *FEW, "--out", str(tmp_path / "page"))
    assert told.code == 0, told.err
    found = json.loads((tmp_path / "page" / "options.json").read_text(encoding="utf-8"))
    (site,) = found["sites"]
    assert f"Now: {site['now'].replace('_', ' ')}." in told.out
    assert f"${site['best_now']['usd'] / 1e6:,.0f}m" in told.out.replace("\n", " ")
    page = (tmp_path / "page" / "options.html").read_text(encoding="utf-8")
    assert "When to switch" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_json_is_one_document(call: Call, three: Path) -> None:
    done = call("options", str(three), *FEW, "--json", "--one-step", "--lease-until", "2027-01")
    found = json.loads(done.out)
    assert found["freedom"]["lease_until_month"] == 7
    assert found["freedom"]["stages"] is False
    assert all(
        "half" not in switch["decision"] for site in found["sites"] if site["free"] for switch in site["switches"]
    )


def test_an_unknown_site_and_a_window_too_long_are_named(call: Call, three: Path) -> None:
    typo = call("options", str(three), "--site", "alpha-mime", *FEW)
    assert typo.code == 2
    assert "alpha-mine" in typo.err
    long = call("options", str(three), "--window-months", "900")
    assert long.code == 2
    assert "window of 900 months" in long.err
