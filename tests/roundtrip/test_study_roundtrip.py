"""What is written as a study is read back as the same study."""

from __future__ import annotations

import csv
import string
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from wattworth.errors import StudyError
from wattworth.study import DoubleCount, Override, Site, Study, read, write_template
from wattworth.study.xlsx_writer import workbook
from wattworth.valuation import SPECS

SETTINGS = "schema_version: 1\nname: mine\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
SLOW = hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.too_slow])

MEGAWATTS = st.floats(0, 5_000) | st.decimals(0, 5_000, places=1).map(float)
MONTHS = st.builds("{:04d}-{:02d}".format, st.integers(2026, 2099), st.integers(7, 12))
LETTERS = string.ascii_letters + string.digits + " .,;:'\"=+-@#%/\\|<>&\n" + "éßøمنجممайнинг矿場😀"
TEXT = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
SLUGS = st.from_regex(r"[a-zم][a-z0-9م]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


def optional(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


@st.composite
def sites(draw: st.DrawFn, site_id: str) -> Site:
    """Any sound site: columns that need each other are drawn together."""
    operating = draw(MEGAWATTS) + 1.0
    building, pipeline = draw(optional(MEGAWATTS.filter(bool))), draw(optional(MEGAWATTS.filter(bool)))
    leased = draw(optional(MEGAWATTS.filter(bool)))
    contract = draw(st.sampled_from(["fixed", "index", "market", "unknown"]))
    price = st.decimals(-20, 200, places=2).map(float)
    place = draw(st.booleans())
    declared = {
        "site_id": site_id, "name": draw(TEXT), "company": draw(TEXT), "ticker": draw(optional(TEXT)),
        "country": draw(st.sampled_from(["US", "CA", "NO"])), "state": draw(optional(TEXT)),
        "lat_deg": draw(st.floats(-90, 90)) if place else None,
        "lon_deg": draw(st.floats(-180, 180)) if place else None,
        "ownership_frac": draw(st.decimals("0.01", 1, places=4).map(float)),
        "operating_gross_mw": operating,
        "construction_gross_mw": building, "construction_date": draw(optional(MONTHS)) if building else None,
        "pipeline_gross_mw": pipeline, "pipeline_date": draw(optional(MONTHS)) if pipeline else None,
        "pipeline_stage": draw(st.sampled_from(["secured", "study"])) if pipeline else None,
        "firm": draw(st.sampled_from(["firm", "interruptible", "unknown"])),
        "power_contract": contract, "power_end": draw(optional(MONTHS)),
        "power_price_usd_per_mwh": draw(price) if contract == "fixed" else draw(optional(price)),
        "power_escalation_frac": draw(optional(st.decimals("-0.2", "0.2", places=4).map(float))),
        "power_resaleable": draw(optional(st.booleans())), "buildings_reusable": draw(optional(st.booleans())),
        "previous_use": "bitcoin_mine", "mining_gross_mw": draw(optional(st.just(operating))),
        "fleet_hashrate_eh_per_s": draw(optional(st.just("derive") | st.decimals("0.001", 90, places=3).map(float))),
        "lease_critical_it_mw": leased, "lease_tenant": draw(optional(TEXT)) if leased else None,
        "lease_start": draw(optional(MONTHS)) if leased else None,
        "lease_term_years": draw(optional(st.integers(1, 30))) if leased else None,
        "as_of": draw(optional(st.sampled_from(["2026", "2026-05", "2026-05-31"]))),
        "note": draw(optional(TEXT)), "source": draw(optional(TEXT)),
    }  # fmt: skip
    return Site(**declared)  # type: ignore[arg-type] - checked by the model


@st.composite
def studies(draw: st.DrawFn) -> Study:
    ids = draw(st.lists(SLUGS, min_size=1, max_size=4, unique=True))
    listed = tuple(draw(sites(site_id)) for site_id in ids)
    value = draw(st.decimals(1, 100, places=4).map(float))
    override = Override(
        value=value, low=value - 1, high=value + 1, unit=draw(optional(TEXT)), source=draw(TEXT), note=draw(TEXT),
        money_year=draw(optional(st.just(2024))), as_of=draw(optional(st.just("2026-03"))),
    )  # fmt: skip
    count = DoubleCount(site_id=ids[0], same_as=ids[-1], reason=draw(TEXT), mw=draw(optional(MEGAWATTS)))
    names = draw(st.lists(st.sampled_from(sorted(SPECS)), min_size=1, unique=True))
    return Study(
        name="mine", title=draw(optional(TEXT)), description=draw(optional(TEXT)), as_of="2026-06", usd_year=2026,
        horizon_years=draw(st.integers(1, 60)), convention="wattworth",
        tax_losses=draw(st.sampled_from(["carried", "group"])),
        tenant_demand_gw_per_year=draw(optional(st.decimals(0, 90, places=3).map(float))),
        sites=listed, uses={name: SPECS[name].options() for name in names},
        overrides=draw(st.sampled_from([{}, {"lease.term": override}])),
        double_counts=(count,) if len(ids) > 1 else (),
    )  # fmt: skip


def write_csv(path: Path, listed: tuple[Site, ...]) -> None:
    """Sites as a user's program would write them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, list(Site.model_fields))
        rows.writeheader()
        rows.writerows(site.model_dump() for site in listed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("roundtrip")


def test_folder_to_workbook_to_study(tmp_path):
    packaged = read("us-miners", SPECS)
    assert len(packaged.sites) > 50
    in_book = replace(packaged, cases={}, plan=None)  # a workbook holds neither, and `new` says so
    assert read(write_template(tmp_path / "book", "us-miners", SPECS, xlsx=True), SPECS) == in_book
    assert read(write_template(tmp_path / "folder", "us-miners", SPECS, xlsx=False), SPECS) == packaged


@SLOW
@hypothesis.given(study=studies())
def test_any_study_through_a_workbook(folder, study):
    path = folder / "mine.xlsx"
    path.write_bytes(workbook(study, SPECS))
    assert read(path, SPECS) == study


@SLOW
@hypothesis.given(study=studies())
def test_any_sites_through_csv(folder, study):
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    write_csv(folder / "sites.csv", study.sites)
    assert read(folder, SPECS).sites == study.sites


@hypothesis.given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_faults_and_never_a_traceback(folder, content):
    """Proves: whatever stands in a file, reading it ends with a study or a StudyError with places."""
    for name in ("study.yaml", "sites.csv", "book.xlsx"):
        place = folder / "any"
        place.mkdir(exist_ok=True)
        for file in ("study.yaml", "sites.csv"):
            (place / file).write_text(SETTINGS, encoding="utf-8")
        (place / name).write_bytes(content)
        with pytest.raises(StudyError) as caught:
            read(place / name if name.endswith("xlsx") else place, SPECS)
        assert all(fault.where and fault.message for fault in caught.value.faults)
