"""What ``new`` writes can be read, explains itself, and overwrites nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from wattworth.errors import StudyError
from wattworth.study import Site, check, packaged_folder, read, write_template
from wattworth.study.schema import StudyFile
from wattworth.study.sheets import COLUMNS, SETTINGS
from wattworth.study.templates import EXAMPLE_SITE
from wattworth.valuation import SPECS

NO_SITES = "no sites; need at least one row under the column names"


def refusal(target: Path, origin: str = "blank", *, xlsx: bool = False) -> str:
    with pytest.raises(StudyError) as caught:
        write_template(target, origin, SPECS, xlsx=xlsx)
    (fault,) = caught.value.faults
    return str(fault)


@pytest.mark.parametrize("xlsx", [False, True])
def test_a_copy_of_the_packaged_study_is_sound_and_the_same(tmp_path, xlsx):
    written = write_template(tmp_path / "mine", "us-miners", SPECS, xlsx=xlsx)
    assert written == tmp_path / ("mine.xlsx" if xlsx else "mine")
    assert check(written, SPECS) == []
    packaged = read("us-miners", SPECS)  # a workbook holds no cases and no plan
    assert read(written, SPECS) == (replace(packaged, cases={}, plan=None) if xlsx else packaged)


def test_a_folder_is_copied_byte_by_byte(tmp_path):
    written = write_template(tmp_path / "deep" / "mine", "us-miners", SPECS, xlsx=False)
    assert sorted(path.name for path in written.iterdir()) == ["sites.csv", "study.yaml"]
    for path in written.iterdir():
        assert path.read_bytes() == packaged_folder("us-miners").joinpath(path.name).read_bytes()


def test_a_blank_folder_lacks_sites_only(tmp_path):
    written = write_template(tmp_path / "My mines_2", "blank", SPECS, xlsx=False)
    assert [str(fault) for fault in check(written, SPECS)] == [f"sites.csv: {NO_SITES}"]
    yaml = written / "study.yaml"
    assert max(map(len, yaml.read_text(encoding="utf-8").splitlines())) <= 120
    for name, info in StudyFile.model_fields.items():
        assert re.search(rf"^#?{name}:", yaml.read_text(encoding="utf-8"), re.MULTILINE), name
        assert (info.description or "")[:40] in yaml.read_text(encoding="utf-8").replace("\n# ", " "), name
    sites = (written / "sites.csv").read_text(encoding="utf-8").splitlines()
    assert sites[0].split(",") == list(Site.model_fields)
    assert [line[:2] for line in sites[1:]] == ["# "]


def test_a_blank_workbook_lacks_sites_only(tmp_path):
    written = write_template(tmp_path / "mine", "blank", SPECS, xlsx=True)
    assert [str(fault) for fault in check(written, SPECS)] == [f'mine.xlsx sheet "sites": {NO_SITES}']


@pytest.mark.parametrize("name", ["My mines_2", "true", "2026", "مناجم", "...", "x" * 200])
def test_the_settings_of_a_blank_study_hold_once_it_has_a_site(tmp_path, name):
    """Proves: every setting shown can be uncommented as it stands, and the example row is a sound site."""
    written = write_template(tmp_path / name, "blank", SPECS, xlsx=False)
    settings, sites = (written / file for file in ("study.yaml", "sites.csv"))
    settings.write_text(re.sub(r"^#(?! \S)", "", settings.read_text("utf-8"), flags=re.MULTILINE), encoding="utf-8")
    sites.write_text(sites.read_text("utf-8").replace("# acme", "acme"), encoding="utf-8")
    found = [str(fault) for fault in check(written, SPECS)]
    assert len(found) == 1
    assert 'no site "acme-south" in the study (did you mean "acme-north"?)' in found[0]


def test_the_example_is_a_site():
    assert Site(**EXAMPLE_SITE).valued  # type: ignore[arg-type] - checked by the model


def test_a_workbook_explains_itself(tmp_path):
    book = openpyxl.load_workbook(write_template(tmp_path / "mine.xlsx", "blank", SPECS, xlsx=False))
    assert book.sheetnames == list(COLUMNS)
    for sheet in book.worksheets:
        header = [cell.value for cell in sheet[1]]
        assert header == list(COLUMNS[sheet.title])
        assert sheet.freeze_panes == "B2"
        assert all(cell.font.bold and cell.comment and cell.comment.text for cell in sheet[1])
    sites = book["sites"]
    at = {cell.value: cell for cell in sites[1]}
    assert at["power_price_usd_per_mwh"].comment.text == (
        "Delivered price of energy at the meter.\nNeeds a number of $/MWh from -1000 to 10000."
    )
    assert at["site_id"].comment.text.endswith("Required.")
    assert sites.column_dimensions[at["power_end"].column_letter].width > 10
    dated = sites.cell(2, at["pipeline_date"].column)
    assert (dated.value, dated.number_format) == ("2028-01", "@")
    offered = {str(rule.sqref): rule.formula1 for rule in sites.data_validations.dataValidation}
    for column, words in {"firm": '"firm,interruptible,unknown"', "buildings_reusable": '"yes,no"'}.items():
        letter = at[column].column_letter
        assert offered[f"{letter}2:{letter}1048576"] == words
    settings = {row[0]: row for row in book["study"].iter_rows(min_row=2, values_only=True)}
    assert set(settings) == set(SETTINGS)
    assert settings["horizon_years"] == ("horizon_years", 30, "years", "Years valued after the as-of month.")
    (rule,) = book["uses"].data_validations.dataValidation
    assert rule.formula1 == f'"{",".join(SPECS)}"'


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "kept.txt").write_text("kept")
    (tmp_path / "mine.xlsx").write_text("kept")
    assert refusal(tmp_path / "mine") == (
        f"{tmp_path / 'mine'}: the folder is not empty; name a new one, or empty it first"
    )
    taken = f"{tmp_path / 'mine.xlsx'}: already exists; choose another name, or move it away first"
    assert refusal(tmp_path / "mine", xlsx=True) == taken
    assert refusal(tmp_path / "mine.xlsx") == taken
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["kept.txt"]
    assert (tmp_path / "mine.xlsx").read_text() == "kept"


def test_an_empty_folder_is_filled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write_template(Path(), "blank", SPECS, xlsx=False) == Path()
    assert (tmp_path / "study.yaml").exists()


def test_what_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "mine") == f"{tmp_path / 'file' / 'mine'}: cannot be written: Not a directory"
    assert refusal(tmp_path / "file").startswith(f"{tmp_path / 'file'}: ")
    assert refusal(Path(), xlsx=True) == ".: need the name of a workbook, such as mine.xlsx"


@pytest.mark.parametrize("xlsx", [False, True])
def test_an_unknown_origin_names_the_nearest(tmp_path, xlsx):
    assert refusal(tmp_path / "mine", "us-miner", xlsx=xlsx) == (
        'us-miner: no such study to start from (did you mean "us-miners"?); there are us-miners, blank'
    )
    assert list(tmp_path.iterdir()) == []
