"""The `supply` of a study: its keys, what is refused, and its record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wattworth.errors import StudyError
from wattworth.study import Study, read
from wattworth.study.document import study_document, study_from_document
from wattworth.study.site_supply import SiteSupply, SupplyNumber, SupplyPrice
from wattworth.valuation import SPECS

HEAD = "schema_version: 1\nname: gas\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
SITES = """\
site_id,name,company,country,operating_gross_mw,pipeline_gross_mw,pipeline_stage,power_contract,power_price_usd_per_mwh
well,Well,Acme,US,,100,secured,,
mine,Mine,Acme,US,20,,,fixed,50
"""
SITES = SITES.replace("\n", ",\n").replace("usd_per_mwh,", "usd_per_mwh,not_valued_reason") + "shut,S,A,US,,,,,,sold\n"
PRICE = SupplyPrice(
    design="optimum",
    load_mw=100.0,
    energy_mwh_per_year=876_000.0,
    installed_mw={"engine": 120.0},
    availability_frac=0.9995,
    unserved_frac=1e-5,
    short_h_per_year=4.0,
    misses=("reaches less",),
    fixed_usd_per_mw_month=21_900.0,
    fixed_by="annuity",
    fuel_mmbtu_per_mwh=8.0,
    gas_usd_per_mmbtu=4.0,
    gas_is_henry_hub=True,
    grid_usd_per_mwh=1.0,
    carbon_usd_per_mwh=2.0,
    other_usd_per_mwh=5.0,
    way="engines",
    numbers=(SupplyNumber(key="gas_usd_per_mmbtu", value=4.0, fact="gas_2026.henry_hub"),),
)


def written(folder: Path, supply: str) -> Path:
    folder.joinpath("study.yaml").write_text(HEAD + supply, encoding="utf-8")
    folder.joinpath("sites.csv").write_text(SITES, encoding="utf-8")
    folder.joinpath("power.yaml").write_text("name: p\n", encoding="utf-8")
    return folder


def read_with(folder: Path, supply: str) -> Study:
    return read(written(folder, supply), SPECS)


def test_keys_and_what_is_left_out(tmp_path: Path) -> None:
    """Proves: keys are read with their line, a case beside the study is found there, and the rest takes defaults."""
    study = read_with(tmp_path, "supply:\n  well: {case: power.yaml, design: gas, gas_price_indexed: no}\n")
    own = study.supply["well"]
    assert (own.case, own.design, own.serves, own.gas_price_indexed, own.tenant_pays) == (
        "power.yaml",
        "gas",
        "unbuilt",
        False,
        "market",
    )
    assert own.folder == str(tmp_path)
    assert own.where.startswith("study.yaml line 7")
    assert own.price is None


def test_a_study_without_supply_has_none(tmp_path: Path) -> None:
    """Proves: the key may stay out."""
    assert read_with(tmp_path, "").supply == {}


@pytest.mark.parametrize(
    ("supply", "words"),
    [
        ("  wel: {case: power.yaml}", 'study.yaml line 7: no site "wel" in the study (did you mean "well"?)'),
        ("  well: {case: power.yaml, serve: all}", 'unknown key "serve" (did you mean "serves"?)'),
        ("  well: {serves: all}", 'missing key "case"'),
        ("  well: {case: power.yaml, serves: some}", 'need one of "unbuilt", "all"'),
        ("  well: power.yaml", "need a mapping with case"),
        ("  well: {case: ../power.yaml}", "need a file inside the folder, or a packaged case"),
        ("  shut: {case: power.yaml}", "shut is not valued"),
        ("  mine: {case: power.yaml}", "mine has no megawatts left to energise; write serves: all"),
        ("  mine: {case: power.yaml, serves: all}", "mine states power_price_usd_per_mwh"),
    ],
)
def test_what_is_refused(tmp_path: Path, supply: str, words: str) -> None:
    """Proves: each mistake is named with its line.

    Sensitivity: a site that is not there would be left out without a word.
    """
    with pytest.raises(StudyError) as caught:
        read_with(tmp_path, f"supply:\n{supply}\n")
    assert words in str(caught.value)
    assert "study.yaml line 7" in str(caught.value)


def test_a_sized_supply_comes_back_from_its_record(tmp_path: Path) -> None:
    """Proves: a study is equal to the one read back from its document, the price of its supply in it."""
    study = read_with(tmp_path, "")
    study.supply["well"] = SiteSupply(case="power.yaml", serves="all", price=PRICE)  # type: ignore[index] - a dict here
    document = json.loads(json.dumps(study_document(study)))
    assert study_from_document(document, SPECS) == study


def test_parts_of_a_price_by_hand() -> None:
    """Proves: 21,900 dollars per MW and month over 8,760 hours are 30 $/MWh, and the running part sums its own."""
    assert PRICE.fixed_usd_per_mwh == pytest.approx(12 * 21_900 / 8_760)
    assert PRICE.running_usd_per_mwh == pytest.approx(8 * 4 + 1 + 2 + 5)
