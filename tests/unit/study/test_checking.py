"""A cell is judged by its column: the message quotes it, says what is needed, and how to write what was meant."""

# ruff: noqa: RUF001 - letters and digits of other scripts are the point

from __future__ import annotations

import pytest

from wattworth.study import read

MW = "operating_gross_mw"
NEED_MW = "need a number of MW ≥ 0"
NEED_MONTH = "need a month as YYYY-MM, for example 2027-05"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2OO", f'got "1,2OO", {NEED_MW}'),
        ("12OO", f'got "12OO", {NEED_MW}'),
        ("-5", f'got "-5", {NEED_MW}'),
        ("1,200", f'got "1,200", {NEED_MW}; write 1200 without a separator'),
        ("1 200", f'got "1 200", {NEED_MW}; write 1200 without a separator'),
        ("1_200.5", f'got "1_200.5", {NEED_MW}; write 1200.5 without a separator'),
        ("1.200,5", f'got "1.200,5", {NEED_MW}'),
        ("12,5", f'got "12,5", {NEED_MW}; write 12.5 with a decimal point'),
        ("0,125", f'got "0,125", {NEED_MW}; write 0.125 with a decimal point'),
        ("١٢٠٠", f'got "١٢٠٠", {NEED_MW}; write 1200 with the digits 0 to 9'),
        ("۱٬۲۰۰٫۵", f'got "۱٬۲۰۰٫۵", {NEED_MW}; write 1200.5 with the digits 0 to 9'),
        ("１２", f'got "１２", {NEED_MW}; write 12 with the digits 0 to 9'),
        ("100 MW", f'got "100 MW", {NEED_MW}; write 100 without a unit'),
        ("1 GW", f'got "1 GW", {NEED_MW}'),
        ("nan", f'got "nan", {NEED_MW}; leave it empty if it is not known'),
        ("inf", f'got "inf", {NEED_MW}; leave it empty if it is not known'),
        ("1e999", f'got "1e999", {NEED_MW}'),
        ("n/a", f'got "n/a", {NEED_MW}; leave it empty if it is not known'),
        ("TRUE", f'got "TRUE", {NEED_MW}'),
        ("0x10", f'got "0x10", {NEED_MW}'),
        ("9" * 400, f'got "{"9" * 60}…", {NEED_MW}'),
        ("#DIV/0!", 'got "#DIV/0!", an error of a spreadsheet formula; correct the formula'),
    ],
)
def test_not_a_number(cell_fault, text, message):
    """Proves: what is not plainly a number is refused. Sensitivity: Python reads 1_200 and Arabic digits itself."""
    assert cell_fault(MW, text) == message


@pytest.mark.parametrize("text", ["100", " 100 ", "\u00a0100", "+1e2", ".5", "100."])
def test_plainly_a_number(cell_fault, text):
    assert cell_fault(MW, text) == ""


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("ownership_frac", "50", 'got "50", need a fraction > 0 and ≤ 1; if it is percent, write 0.5'),
        ("ownership_frac", "50%", 'got "50%", need a fraction > 0 and ≤ 1; write 0.5, a fraction and not percent'),
        ("ownership_frac", "0", 'got "0", need a fraction > 0 and ≤ 1'),
        ("lat_deg", "91", 'got "91", need a number of degrees from -90 to 90'),
        ("lat_deg", "nan", 'got "nan", need a number of degrees from -90 to 90; leave it empty if it is not known'),
        (
            "power_price_usd_per_mwh",
            "$42",
            'got "$42", need a number of $/MWh from -1000 to 10000; write 42 without a unit',
        ),
        ("fleet_hashrate_eh_per_s", "derived", 'got "derived", need a number of EH/s > 0 or "derive"'),
        ("power_resaleable", "maybe", 'got "maybe", need yes or no'),
        ("firm", "Firm", 'got "Firm", need one of "firm", "interruptible", "unknown" (did you mean "firm"?)'),
        ("as_of", "soon", 'got "soon", need a date as YYYY, YYYY-MM or YYYY-MM-DD'),
        ("country", "USA", 'got "USA", need a country as two capital letters (ISO 3166), such as US'),
        ("fleet_hashrate_eh_per_s", "0", 'got "0", need a number of EH/s > 0 or "derive"'),
        (
            "fleet_hashrate_eh_per_s",
            "inf",
            'got "inf", need a number of EH/s > 0 or "derive"; leave it empty if it is not known',
        ),
        ("country", "XX", '"XX" is not in the table of countries; need a code of ISO 3166, such as US'),
        ("site_id", "a b", 'got "a b", need a short name of letters, digits and hyphens, for example "acme-north"'),
        (
            "site_id",
            "a\u200fb",
            'got "a\\u200fb", need a short name of letters, digits and hyphens, for example "acme-north"',
        ),
        ("name", " ", "empty, need text"),
    ],
)
def test_other_columns(cell_fault, column, text, message):
    assert cell_fault(column, text) == message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2027-13", ""),
        ("2027-5", ""),
        ("0027-05", "; the year must lie from 1990 to 2100"),
        ("٢٠٢٧-٠٥", "; write 2027-05 with the digits 0 to 9"),
        *(
            (text, "; a spreadsheet may have turned it into a date: format the column as text and write it again")
            for text in ("May-27", "Mai 2027", "5/1/2027")
        ),
    ],
)
def test_not_a_month(cell_fault, text, hint):
    assert cell_fault("power_end", text) == f'got "{text}", {NEED_MONTH}{hint}'


def test_a_fleet_may_be_derived(folder, specs):
    """Proves: the word stands beside the bound. Sensitivity: a bound on the whole would try to compare the word."""
    sites = "site_id,name,company,country,operating_gross_mw,mining_gross_mw,fleet_hashrate_eh_per_s\na,A,A,US,5,5,"
    assert [read(folder(sites=sites + text), specs).sites[0].fleet_hashrate_eh_per_s for text in ("derive", "2")] == [
        "derive", 2.0,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["yes", "NO", "true", "1"])
def test_flags(cell_fault, text):
    assert cell_fault("power_resaleable", text) == ""


def test_one_message_per_cell_and_all_cells(folder_faults):
    """Proves: a refused cell is told once, and hides neither its neighbours nor the missing columns."""
    found = folder_faults(sites="site_id,company,power_end\na b,A,soon\nb,,2027-05\n")
    assert sorted(found) == [
        'sites.csv row 1: missing column "country", need a country as two capital letters (ISO 3166), such as US',
        'sites.csv row 1: missing column "name", need text',
        f'sites.csv row 2, column "power_end": got "soon", {NEED_MONTH}',
        'sites.csv row 2, column "site_id": got "a b", need a short name of letters, digits and hyphens, '
        'for example "acme-north"',
        'sites.csv row 3, column "company": empty, need text',
    ]
