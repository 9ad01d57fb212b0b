"""Sites from CSV: any sound layout is read, any other is refused with its row."""

from __future__ import annotations

import pytest

from wattworth.study import check, csv_reader, read

HEADER = "site_id,name,company,country,operating_gross_mw"
ROW = "acme-north,North,Acme,US,100"
SAVE_AGAIN = "save it again as UTF-8 (in Excel: CSV UTF-8)"


@pytest.mark.parametrize(
    "sites",
    [
        b"\xef\xbb\xbf" + f"{HEADER}\r\n{ROW}\r\n".encode(),
        f"{HEADER}\r{ROW}\r",
        f"{HEADER}\n\n# {ROW.replace('100', 'many')}\n{ROW}\n,,,,\n",
        f"{HEADER},note\n{ROW}\n",
        f'{HEADER}\nacme-north,"North",Acme,US," 100 "\n',
        "operating_gross_mw,country,company,name,site_id\n100,US,Acme,North,acme-north\n",
    ],
    ids=["mark and CRLF", "CR", "comments and blanks", "short row", "quotes", "another order"],
)
def test_layouts_that_are_read(folder, specs, sites):
    (site,) = read(folder(sites=sites), specs).sites
    assert (site.site_id, site.name, site.company, site.country, site.operating_gross_mw) == (
        "acme-north", "North", "Acme", "US", 100.0,
    )  # fmt: skip


def test_names_in_any_script(folder, specs):
    rows = ("موقع-الشمال,منجم الشمال,شركة,AE,100", 'майнинг-1,"Майнинг, Иркутск",Компания,RU,5', "矿-1,矿场,公司,US,5")
    sites = "\n".join((HEADER, *rows))
    read_back = read(folder(sites=sites), specs).sites
    assert [site.site_id for site in read_back] == ["موقع-الشمال", "майнинг-1", "矿-1"]
    assert read_back[1].name == "Майнинг, Иркутск"


@pytest.mark.parametrize(
    ("sites", "fault"),
    [
        (None, "sites.csv: no such file"),
        (b"", "sites.csv: the file is empty"),
        (b"\xef\xbb\xbf\r\n", "sites.csv: the file is empty"),
        (f"{HEADER}\n", "sites.csv: no sites; need at least one row under the column names"),
        (HEADER.encode("utf-16"), f"sites.csv: UTF-16 text, need UTF-8; {SAVE_AGAIN}"),
        (HEADER.encode("utf-16-le"), "sites.csv: binary data, need text in UTF-8"),
        (bytes(range(256)), "sites.csv: binary data, need text in UTF-8"),
        (
            b"PK\x03\x04zip",
            "sites.csv: a workbook or zip archive, need text; a workbook is read as a file ending in .xlsx",
        ),
        (
            f"{HEADER}\na,Grün,C,US,1\n".encode("latin-1"),
            f"sites.csv line 2: byte 0xFC is not UTF-8 (Latin-1 perhaps); {SAVE_AGAIN}",
        ),
        (f"{HEADER}\n{ROW}\n".replace(",", ";"), "sites.csv row 1: columns are separated by semicolons, need commas"),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "sites.csv row 1: columns are separated by tabs, need commas"),
        (",,\na,b,c\n", "sites.csv row 1: no column names"),
        (f"{HEADER},name\n{ROW},x\n", 'sites.csv row 1: column "name" appears twice'),
        (f"{HEADER},\n{ROW},x\n", "sites.csv row 1: column F has cells and no name"),
        (
            f"{HEADER},pipline_date\n{ROW},\n",
            'sites.csv row 1: unknown column "pipline_date" (did you mean "pipeline_date"?)',
        ),
        (
            f"{HEADER}\na,North, Texas,C,US,1\n",
            "sites.csv row 2: 6 cells or more for 5 columns; a comma inside text needs quotes round the text",
        ),
        (f'{HEADER}\n{ROW}\na,"A,C,US,1\n', "sites.csv row 3: broken quotes or cell: unexpected end of data"),
        (
            f"{HEADER}\n{ROW}\n#REF!,A,C,US,1\n",
            'sites.csv row 3, column "site_id": got "#REF!", an error of a spreadsheet formula; correct the formula',
        ),
    ],
)
def test_layouts_that_are_refused(folder_faults, sites, fault):
    assert folder_faults(sites=sites) == [fault]


def test_a_file_that_cannot_be_read(folder, folder_faults):
    (folder(sites=None) / "sites.csv").mkdir()
    assert folder_faults(sites=None) == ["sites.csv: cannot be read: Is a directory"]


def test_a_file_too_large_is_not_read(folder, specs, monkeypatch):
    monkeypatch.setattr(csv_reader.read_bytes, "__defaults__", (40,))
    assert [str(fault) for fault in check(folder(), specs)] == [
        "sites.csv: larger than 4e-05 MB, too large for a study"
    ]
