"""Tables are read strictly, and every fault is reported at once with its row and column."""

from __future__ import annotations

from datetime import date

import pytest

from wattworth.errors import FactError
from wattworth.facts import DatedFact, Fact, Gap, read_csv
from wattworth.facts.tables import COLUMNS

HEADER = ",".join(COLUMNS)
GOOD = "engine,capex,1850,1700,2000,$/kW,2025,a paper,2025-12,low,value = midpoint"


@pytest.fixture
def read(tmp_path):
    def read_text(*rows: str, header: str = HEADER) -> list:
        path = tmp_path / "mine.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return read_csv(path)

    return read_text


def faults(read, *rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(FactError) as caught:
        read(*rows, header=header)
    return str(caught.value).split("\n")


def test_a_good_row(read):
    assert read(GOOD) == [
        Fact("engine.capex", 1850.0, 1700.0, 2000.0, "$/kW", 2025, "a paper", "2025-12", "low", "value = midpoint",
             False, "mine")
    ]  # fmt: skip


def test_bounds_nominal_money_and_no_range(read):
    fact = read(
        "asic,price,20,10,30,$/TH,nominal,press,2025-06,low,,yes", "asic,life,5,,,yr,,,2026-11,assumption,,",
        header=f"{HEADER},bounds",
    )  # fmt: skip
    assert (fact[0].bounds, fact[0].money_year, fact[1].bounds, fact[1].low, fact[1].source) == (
        True,
        None,
        False,
        None,
        "",
    )


def test_columns_in_another_order_with_a_byte_order_mark_and_blank_lines(tmp_path):
    path = tmp_path / "mine.csv"
    header, cells = ",".join(reversed(COLUMNS)), ",".join(reversed(GOOD.split(",")))
    path.write_bytes(b"\xef\xbb\xbf" + f"{header}\r\n\r\n{cells}\r\n,,,\r\n".encode())
    assert [fact.key for fact in read_csv(path)] == ["engine.capex"]


def test_dates_and_gaps_stand_apart(read):
    dated, gap = read(
        "eu,ban,2027-09-30,,2027-11-01,date,,Council,2026-01,high,",
        "gap,gpu_price,,,,,,not found,2026-11,gap,no index",
    )
    assert dated == DatedFact(
        "eu.ban", date(2027, 9, 30), None, date(2027, 11, 1), "Council", "2026-01", "high", "", "mine"
    )
    assert gap == Gap("gap.gpu_price", "2026-11", "no index", "mine")


def test_all_faults_at_once(read):
    found = faults(
        read,
        GOOD,
        'engine,om,"13,5",13.5,27.5,$/MWh,2025,a paper,2026,high,',
        "engine,life,30,10,20,yr,,a paper,2026,hihg,",
        "en.gine,size,nan,,,MW,,,2026,low,",
        "engine,capex,1,,,kW,2025,a paper,,low,",
    )
    assert found == [
        'mine.csv row 3, column "value": got "13,5", need a number such as 1250.5',
        'mine.csv row 4, column "confidence": got "hihg", need one of high, medium, low, derived, assumption or gap '
        '(did you mean "high"?)',
        'mine.csv row 4, column "value": 30 lies outside low 10 to high 20',
        'mine.csv row 5, column "technology": got "en.gine", '
        'need a name of letters, digits, "_" and "-", without a dot',
        'mine.csv row 5, column "source": empty; a number without a source has the confidence assumption',
        'mine.csv row 5, column "value": got "nan", need a number such as 1250.5',
        'mine.csv row 6, column "as_of": empty, need a date, or undated',
        'mine.csv row 6, column "money_year": got "2025", but the unit "kW" holds no money',
    ]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("a,b,,,,MW,,x,2026,low,", 'row 2, column "value": empty, need a number'),
        ("a,b,1,,2,MW,,x,2026,low,", 'row 2, column "low": empty beside a high'),
        ("a,b,1,0,,MW,,x,2026,low,", 'row 2, column "high": empty beside a low'),
        ("a,b,1e999,,,MW,,x,2026,low,", 'row 2, column "value": inf is not a finite number'),
        ("a,b,1,,,,,x,2026,low,", 'row 2, column "unit": empty, need a unit'),
        ("a,b,1,,,$,25,x,2026,low,", 'row 2, column "money_year": got "25", need a year'),
        ("a,b,1,,,kW,2025,x,2026,low,", 'row 2, column "money_year": got "2025", but the unit "kW" holds no money'),
        ("a,b,1,,,USD/kW,,x,2026,low,", 'row 2, column "unit": got "USD/kW"; US dollars are written $'),
        ("a,b,1,,,date,,x,2026,low,", 'row 2, column "value": got "1", need a date'),
        ("a,b,3,,,MW,,x,2026,gap,", 'row 2, column "value": a gap has no value'),
        ("a,b,1,,,MW,,x,2026,low", "row 2: got 10 cells, need 11"),
        ("a,b,1,,,MW,,x,2026,low,note, with comma", "row 2: got 12 cells, need 11"),
        (",b,1,,,MW,,x,2026,low,", 'row 2, column "technology": got ""'),
    ],
)
def test_one_fault(read, row, place):
    (found,) = faults(read, row)
    assert place in found


def test_a_key_twice_in_one_file(read):
    (found,) = faults(read, GOOD, "", GOOD)
    assert found == 'mine.csv row 4, column "parameter": engine.capex stands in row 2 already'


@pytest.mark.parametrize(
    ("cells", "message"),
    [(",,maybe", 'got "maybe", need yes'), (",,yes", "yes needs a low and a high")],
)
def test_bounds_column(read, cells, message):
    low, high, bounds = cells.split(",")
    (found,) = faults(read, f"a,b,1,{low},{high},MW,,x,2026,low,,{bounds}", header=f"{HEADER},bounds")
    assert message in found


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("source,", ""), "the columns source are missing"),
        (f"{HEADER},bouns", 'unknown column "bouns" (did you mean "bounds"?)'),
        (f"{HEADER},note", 'the column "note" stands twice'),
    ],
)
def test_header(read, header, message):
    assert message in faults(read, GOOD, header=header)[0]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04\xff\xfe\x00", b'technology,"open'])
def test_what_is_no_table(tmp_path, data):
    path = tmp_path / "mine.csv"
    path.write_bytes(data)
    with pytest.raises(FactError, match=r"^mine\.csv"):
        read_csv(path)


def test_no_such_file(tmp_path):
    with pytest.raises(FactError, match=r"^none\.csv: cannot be read"):
        read_csv(tmp_path / "none.csv")
