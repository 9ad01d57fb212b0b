"""The sheet of a site says what the engine says, also when it is worked out anew and when an input is changed."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.reports.workbook.office import changed, differences, named, places, recalculated, values
from wattworth.errors import Fault
from wattworth.reports.workbook import write_workbook
from wattworth.reports.workbook.book import draft
from wattworth.reports.workbook.scope import name_of
from wattworth.valuation import Run, read_study, value
from wattworth.valuation.central import central
from wattworth.valuation.inputs import find, with_input
from wattworth.valuation.named_cases import with_case

RESULTS = ("npv_usd", "risked_npv_usd", "usd_per_gross_w", "irr_frac")
MODELS = (("mara-granbury", "turnkey"), ("mara-findlay", "powered_shell"), ("cifr-barber-lake", "turnkey"))
OWN = {"lease_rent_usd_per_kw_month": "p1_rent_stated", "lease_capex_musd_per_mw_it": "p1_capex_stated"}
"""Columns of a site to the cells that hold them."""


MOVES = {"rent": 1.15, "capex": 0.9, "delay": 17.4}
"""By how much the inputs are multiplied; for the delay, its months."""
OTHERS = ("mara-granbury:bitcoin", "mara-granbury:gpu_cloud", "mara-kearney:hybrid", "mara-kearney:hold")
CASES = ("management", "lender", "downside")


def _engine(study: Any, site_id: str, use: str) -> dict[str, float]:
    return central(study, site_id).use_document(site_id, use)


def _moved(plain: Any, name: str) -> tuple[Any, dict[tuple[str | None, str], float]]:
    """The study with one input of every model changed, and the cells that say the same."""
    study, cells = plain, {}
    for site_id, use in MODELS:
        asked = find(study, name, site_id, use)
        new = MOVES[name] if name == "delay" else (find(plain, name, site_id, use).value or 0.0) * MOVES[name]
        study = with_input(study, asked, new)
        is_own = asked.place == "site"
        cells[(f"{site_id} {use}", OWN[asked.key]) if is_own else (None, name_of(asked.key))] = new
    return study, cells


def _corrupted(book: Path, out: Path) -> Path:
    """A copy in which, in one month, a tenant grows surer to pay."""
    right = b"EXP(-("
    with zipfile.ZipFile(book) as kept, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in kept.namelist():
            data = kept.read(entry)
            if entry == "xl/worksheets/sheet3.xml":
                months = data.split(right)
                data = right.join(months[:61]) + b"EXP((" + right.join(months[61:])
            new.writestr(entry, data)
    return out


@pytest.fixture(scope="module")
def others(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with the uses whose owner decides as he goes, without named cases."""
    assert run.study is not None
    alone = replace(run, study=replace(run.study, cases={}))
    return write_workbook(alone, tmp_path_factory.mktemp("others") / "others.xlsx", sites=OTHERS)


@pytest.fixture(scope="module")
def done(book: Path, others: Path, program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook as it is, with each input changed, with a wrong formula and with a lease beyond its columns."""
    folder, plain = tmp_path_factory.mktemp("again"), read_study("us-miners")
    files = [book, _corrupted(book, folder / "wrong.xlsx"), others]
    files += [changed(book, _moved(plain, name)[1], folder / f"{name}.xlsx") for name in MOVES]
    files += [changed(book, {(None, "scenario"): n}, folder / f"{name}.xlsx") for n, name in enumerate(CASES, start=2)]
    files.append(changed(book, {(None, "lease_term"): 25.0}, folder / "long.xlsx"))
    return recalculated(program, folder, *files)


def test_worked_out_anew_every_formula_gives_what_is_kept_beside_it(book: Path, done: Path) -> None:
    """Proves: the text of each formula and the value kept beside it are one.

    Sensitivity: see test_a_corrupted_formula_is_found.
    """
    assert differences(book, done / book.name) == []


def test_other_uses_worked_out_anew_give_what_the_engine_gives(run: Run, others: Path, done: Path) -> None:
    """Proves: mining on with new machines, a cloud, a hybrid and a hold are formulas too, and their text is right."""
    known, assumed = places(others), done / others.name
    assert differences(others, assumed) == []
    for site_id, use in (one.split(":") for one in OTHERS):
        wanted = run.site(site_id)["uses"][use]["central"]
        found = named(assumed, known, f"{site_id} {use}", "npv_usd", "risked_npv_usd", "usd_per_gross_w")
        assert found == pytest.approx(wanted, rel=1e-6)
        labels = [row[0] for row in values(assumed, f"{site_id} {use}", 1)]
        assert not [label for label in labels if label and "values from the engine" in label]


def test_results_are_those_of_the_run(run: Run, book: Path, done: Path) -> None:
    known = places(book)
    for site_id, use in (
        ("mara-granbury", "turnkey"),
        ("mara-findlay", "powered_shell"),
        ("mara-kearney", "site_sale"),
    ):
        found = named(done / book.name, known, f"{site_id} {use}", "npv_usd", "risked_npv_usd", "usd_per_gross_w")
        assert found == pytest.approx(run.site(site_id)["uses"][use]["central"], rel=1e-6)


@pytest.mark.parametrize("name", list(MOVES))
def test_a_changed_input_gives_what_a_new_run_gives(name: str, book: Path, done: Path) -> None:
    """Proves: from the input to value per watt all is formula.

    Sensitivity: a value left among the formulas would not move, and the engine's own figure moves by far more than
    1e-6. A delay of 17.4 months is rounded up, moves a signed lease too, and its rate of return is sought anew.
    """
    plain, known = read_study("us-miners"), places(book)
    study, _ = _moved(plain, name)
    for site_id, use in MODELS:
        before, wanted = _engine(plain, site_id, use), _engine(study, site_id, use)
        assert abs(wanted["risked_npv_usd"] / before["risked_npv_usd"] - 1.0) > 1e-3
        asked_for = {key: wanted[key] for key in RESULTS}
        assert named(done / f"{name}.xlsx", known, f"{site_id} {use}", *RESULTS) == pytest.approx(asked_for, rel=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_the_switch_gives_what_the_named_case_gives(name: str, book: Path, done: Path) -> None:
    """Proves: the number of a scenario brings every input, date, price path and hour of that case with it.

    Sensitivity: with one path left behind, the site that mines until its hall is live would be off by far more.
    """
    plain, known = read_study("us-miners"), places(book)
    faults: list[Fault] = []
    study = with_case(plain, name, plain.cases[name], faults)
    assert _engine(study, *MODELS[0])["npv_usd"] != pytest.approx(_engine(plain, *MODELS[0])["npv_usd"], rel=1e-3)
    for site_id, use in (*MODELS, ("mara-kearney", "site_sale")):
        wanted = _engine(study, site_id, use)
        found = named(done / f"{name}.xlsx", known, f"{site_id} {use}", *RESULTS[:3])
        assert found == pytest.approx({key: wanted[key] for key in RESULTS[:3]}, rel=1e-6)


def test_a_corrupted_formula_is_found(book: Path, done: Path) -> None:
    """Proves: the first test of this file fails where one formula of one month is wrong."""
    found = differences(book, done / "wrong.xlsx")
    assert any(line.startswith("mara-granbury turnkey!") for line in found)
    assert any(line.startswith("Summary!") for line in found), "the error does not reach the summary"


def test_every_check_holds(book: Path, done: Path) -> None:
    for name in (book.name, "rent.xlsx", "capex.xlsx", "delay.xlsx"):
        rows = values(done / name, "Checks")[3:]
        assert len(rows) > 20
        assert [row[:2] for row in rows if row[2] != 1] == []


def test_a_check_fails_where_an_identity_is_broken(done: Path) -> None:
    """Proves: a check is a formula on the rows, not a word: a lease that outlasts the columns is told."""
    broken = [row for row in values(done / "long.xlsx", "Checks")[3:] if row[2] != 1]
    assert ("mara-granbury turnkey", "Every date falls within the columns") in [row[:2] for row in broken]


def test_every_site_in_every_use_agrees_with_the_engine() -> None:
    """Proves: rows, values and risked values of all sheets are the engine's; `draft` stops at the first that is not."""
    found = central(read_study("us-miners"))
    every = [(site, use) for site, value in found.values.items() for use, one in value.uses.items() if not one.reason]
    _, _, models = draft(found, every)
    assert len(models) > 400
    for model in models:
        asked = found.use_document(model.site_id, model.use)
        assert model.risked.number == pytest.approx(asked["risked_npv_usd"], rel=1e-7, abs=1.0)
        if model.irr is not None:
            assert model.irr.number == pytest.approx(asked["irr_frac"], abs=1e-9)


@pytest.mark.slow
def test_all_sites_worked_out_anew(program: str, tmp_path: Path) -> None:
    """Proves: on every site sheet of us-miners LibreOffice gives the run's central value per watt."""
    run = value("us-miners", draws=64, workers=1)
    assert run.study is not None
    alone = replace(run, study=replace(run.study, cases={}))
    path = write_workbook(alone, tmp_path / "all.xlsx", sites="*")
    rows = values(recalculated(program, tmp_path, path) / path.name, "Summary")[5:]
    by_name = {(site["site"], site["company"]): site for site in run.result["sites"] if site["valued"]}
    count = 0
    for row in rows:
        site = by_name.get(row[:2])
        if site is not None:
            wanted = site["uses"][site["best_use"]]["central"]
            asked = [wanted[key] for key in ("risked_npv_usd", "usd_per_gross_w") if wanted[key] is not None]
            assert [number for number in row[12:14] if number is not None] == pytest.approx(asked, rel=1e-6)
            count += 1
    assert count == len(by_name) > 80
