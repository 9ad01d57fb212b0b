"""Fitted facts: what they say, what thin groups do, and that a study can stand on them."""

from __future__ import annotations

import csv
import io

import pytest

from tests.unit.evidence.tapes import lease, sale, write_tape
from wattworth import facts, uses
from wattworth.evidence.calibrate import TARGETS, Calibration, calibrate
from wattworth.evidence.tape import read_tape
from wattworth.facts.tables import COLUMNS


@pytest.fixture(scope="module")
def book() -> facts.FactBook:
    return uses.fact_book()


@pytest.fixture(scope="module")
def packaged(book) -> Calibration:
    return calibrate(read_tape(), book)


def test_every_fitted_fact_reads_back_as_a_fact(packaged, tmp_path):
    """Proves: the file is in the layout of the package's own facts, each with unit, range, source and date."""
    file = tmp_path / "fitted.csv"
    file.write_text(packaged.csv_text())
    read = {fact.key: fact for fact in facts.read_csv(file)}
    assert set(read) == {fitted.fact.key for fitted in packaged.fitted}
    for fitted in packaged.fitted:
        fact = read[fitted.fact.key]
        assert fact.low < fact.value < fact.high
        assert (fact.unit, fact.money_year) == (fitted.packaged.unit, fitted.fact.money_year)
        assert fact.confidence == "derived"
    assert next(csv.reader(io.StringIO(packaged.csv_text()))) == list(COLUMNS)


def test_every_target_is_fitted_or_left_out_with_the_reason(packaged):
    fitted, left_out = {f.fact.key for f in packaged.fitted}, dict(packaged.left_out)
    assert fitted | set(left_out) == {target.key for target in TARGETS}
    assert not fitted & set(left_out)
    assert all("of this kind; 2 are needed" in reason for reason in left_out.values())


def test_many_equal_deals_are_learnt(tmp_path, book):
    """Proves: thirty leases at one rent move the fact to it and close its range; the prior is forgotten.

    Sensitivity: a fit that took the average rent for the first year's would say 125, not 109.
    """
    rows = [lease(f"D{i}", f"2025-{1 + i % 12:02}-{1 + i:02}", critical_it_mw=100 + i / 10) for i in range(30)]
    found = calibrate(read_tape(write_tape(tmp_path / "t.csv", rows)), book)
    rent = next(f.fact for f in found.fitted if f.fact.key == "lease_landlord_pays_capex.rent_year1")
    assert rent.value == pytest.approx(1500e6 * 0.03 / (1.03**10 - 1) / 1.2e6, rel=0.02)
    assert (rent.high - rent.low) / rent.value < 0.2
    assert rent.as_of.startswith("2025-12")


def test_a_thin_group_is_pulled_towards_the_others(tmp_path, book):
    """Proves: two undeveloped sites at a tenth of the price are fitted between their own price and the others'."""
    rows = [sale(f"E{i}", f"2024-{1 + i:02}-01", 50, 100) for i in range(9)]
    rows += [sale(f"U{i}", f"2024-{1 + i:02}-02", 5, 100, product="undeveloped land") for i in range(2)]
    found = calibrate(read_tape(write_tape(tmp_path / "t.csv", rows)), book)
    price = {f.fact.key: f.fact.value for f in found.fitted}
    assert 0.055 < price["site_sale.price_undeveloped"] < 0.3
    assert price["site_sale.price_energised"] == pytest.approx(0.5, rel=0.2)
    effect = next(effect for effect in found.effects if effect.group == "without_power")
    assert (effect.n, effect.of) == (2, 11)
    assert effect.raw_frac == pytest.approx(-0.9)
    assert effect.raw_frac < effect.middle_frac < 0


def test_a_study_stands_on_fitted_facts(packaged, tmp_path):
    """Proves: a study that names the file is valued with the fitted facts, and says where they come from."""
    from wattworth.study import fill
    from wattworth.valuation import fact_keys, read_study

    settings = "schema_version: 1\nname: mine\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
    (tmp_path / "study.yaml").write_text(settings + "fact_files: [fitted.csv]\n")
    (tmp_path / "sites.csv").write_text("site_id,name,company,country,operating_gross_mw\nn,North,Acme,US,100\n")
    (tmp_path / "fitted.csv").write_text(packaged.csv_text())
    study = read_study(tmp_path)
    filled = fill(study, uses.fact_book(), fact_keys(study))
    for fitted in packaged.fitted:
        if fitted.fact.key in filled.facts and fitted.fact.money_year is None:
            assert filled.facts[fitted.fact.key].value == fitted.fact.value
            assert filled.facts[fitted.fact.key].source.startswith("wattworth calibrate on deals.csv")
