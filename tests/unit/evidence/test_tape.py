"""A tape is read whole, and what is wrong or doubtful in it is named with row and column."""

from __future__ import annotations

import csv
import shutil
from importlib import resources

import pytest

from tests.unit.evidence.tapes import lease, sale, write_tape
from wattworth.errors import DataError
from wattworth.evidence.dates import Moment, known_dates
from wattworth.evidence.deal import Deal
from wattworth.evidence.schema import NEEDED
from wattworth.evidence.tape import read_tape

PACKAGED = resources.files("wattworth.facts") / "data" / "tables" / "deals.csv"


@pytest.fixture(scope="module")
def deals() -> dict[str, Deal]:
    return {deal.deal_id: deal for deal in read_tape().deals}


def faults(path) -> str:
    with pytest.raises(DataError) as error:
        read_tape(path)
    return str(error.value)


def test_the_packaged_tape_is_read_whole(deals):
    with PACKAGED.open(encoding="utf-8") as file:
        assert list(deals) == [row["deal_id"] for row in csv.DictReader(file)]


def test_a_copy_of_the_shared_tape_runs_unchanged(shared, tmp_path):
    copy = shutil.copy(shared / "facts" / "deals.csv", tmp_path / "mine.csv")
    assert len(read_tape(tmp_path / "mine.csv").deals) == 45, copy


@pytest.mark.parametrize("column", ["d_avg_usd_per_kw_month_it", "d_gross_to_it_ratio", "d_price_usd_m_per_mw"])
def test_derived_columns_follow_from_the_stated_ones(deals, column):
    """Proves: our arithmetic gives what the tape's own derived columns say.

    Sensitivity: dividing by gross instead of critical power would be 25 to 50 % off.
    """
    ours = {
        "d_avg_usd_per_kw_month_it": lambda deal: deal.average_rent_usd_per_kw_month,
        "d_gross_to_it_ratio": lambda deal: deal.gross_to_it_ratio,
        "d_price_usd_m_per_mw": lambda deal: deal.price_usd_per_w,
    }[column]
    stated = {deal.deal_id: getattr(deal.row, column) for deal in deals.values()}
    for deal_id, number in stated.items():
        if number is not None:
            assert ours(deals[deal_id]) == pytest.approx(number, rel=2e-3), deal_id


def test_first_year_rents_follow_from_contract_values(deals):
    """Proves: contract value, term and escalator give the first year's rent, stated or assumed at 3 %."""
    stated = {name: deal.row.d_year1_usd_per_kw_month_it for name, deal in deals.items()}
    found = {name: deals[name].year1_rent(0.03, None) for name, rent in stated.items() if rent}
    assert len(found) == 5
    for name, rent in found.items():
        assert rent == pytest.approx(stated[name], rel=1e-3), name


def test_yields_follow_from_rent_margin_and_capital(deals):
    for name in ("WULF-2", "WULF-3", "WULF-4", "CIFR-1"):
        deal, row = deals[name], deals[name].row
        income = deal.year1_rent(0.03, None) * 12e3 / 1e6
        low = income * row.noi_margin_low / row.capex_usd_m_per_mw_it_high
        high = income * row.noi_margin_high / row.capex_usd_m_per_mw_it_low
        assert (low, high) == pytest.approx((row.d_year1_yield_on_cost_low, row.d_year1_yield_on_cost_high), abs=1.5e-3)


def test_structures_are_read_from_their_words(deals):
    assert {name: deals[name].structure for name in ("WULF-1", "WULF-2", "GLXY-1", "CORZ-1", "CIFR-3")} == {
        "WULF-1": "gross",
        "WULF-2": "modified_gross",
        "GLXY-1": "triple_net",
        "CORZ-1": "modified_gross",
        "CIFR-3": "triple_net",
    }
    assert [name for name, deal in deals.items() if deal.tenant_pays] == [
        "CORZ-1", "CORZ-2", "CORZ-3", "CORZ-4", "CORZ-ALL",
    ]  # fmt: skip
    assert [name for name, deal in deals.items() if deal.group == "site_sale" and deal.without_power] == [
        "S-11",
        "S-15",
    ]


def test_capital_of_a_tenant_or_of_gpus_is_not_the_owners_hall(deals):
    assert deals["CORZ-1"].capex_musd_per_mw(None) is None
    assert deals["IREN-1"].capex_musd_per_mw(None) == 15.0, "the hall alone, not 44 with its GPUs"
    assert deals["CRUS-1"].capex_musd_per_mw(None) is None
    assert deals["CRUS-1"].capex_musd_per_mw(1.4) == pytest.approx(3400 / (206 / 1.4))


@pytest.mark.parametrize("column", ["contract_revenue_usd_m", "backtest_grade", "source"])
def test_a_missing_column_is_named(tmp_path, column):
    columns = tuple(name for name in NEEDED if name != column)
    message = faults(write_tape(tmp_path / "t.csv", [lease("A", "2025-01")], columns))
    assert f't.csv row 1: missing column "{column}"; add it' in message


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"date_announced": "03/06/2024"},
            't.csv row 2, column "date_announced": got "03/06/2024", need a date as YYYY',
        ),
        ({"date_announced": "2025-02-30"}, "is no day of the calendar"),
        ({"currency": "EUR"}, 'column "currency": got "EUR", need USD: convert the row at the rate of its day'),
        ({"contract_revenue_usd_m": "€1,500"}, 'column "contract_revenue_usd_m": got "€1,500", need a number'),
        ({"contract_revenue_usd_m": "1,500"}, "write 1500 without a separator"),
        ({"critical_it_mw": -5}, 'column "critical_it_mw": got "-5"'),
        ({"noi_margin_low": 85}, "if it is percent, write 0.85"),
        ({"group": "leese"}, 'did you mean "lease"?'),
        ({"backtest_grade": ""}, 'column "backtest_grade": empty'),
        ({"known_on": "rents=2025"}, "need figure=date with a figure of rent"),
        ({"noi_margin_low": 0.9, "noi_margin_high": 0.8}, "0.9 is more than the 0.8 in noi_margin_high"),
        ({"gross_mw": 80}, "80 is less than the 100 in critical_it_mw"),
    ],
)
def test_bad_cells_are_named_with_row_column_and_fix(tmp_path, cells, message):
    path = write_tape(tmp_path / "t.csv", [lease("A", "2025-01", **cells)])
    assert message in faults(path)


def test_all_faults_come_together(tmp_path):
    rows = [lease("A", "2025"), lease("A", "2025-13"), lease("B", "2025", term_years="ten")]
    message = faults(write_tape(tmp_path / "t.csv", rows))
    assert message.count("\n") == 1
    assert "row 3" in message
    assert "row 4" in message


def test_a_name_that_stands_twice_is_refused(tmp_path):
    message = faults(write_tape(tmp_path / "t.csv", [lease("A", "2025"), sale("A", "2024", 30, 100)]))
    assert (
        message == 't.csv row 3, column "deal_id": "A" stands in t.csv row 2 already; give each deal a name of its own'
    )


def test_a_column_in_another_currency_is_refused(tmp_path):
    path = write_tape(tmp_path / "t.csv", [lease("A", "2025")])
    path.write_text(path.read_text().replace("contract_revenue_usd_m", "contract_revenue_eur_m"))
    assert 'unknown column "contract_revenue_eur_m" (did you mean "contract_revenue_usd_m"?)' in faults(path)


def test_the_same_deal_under_two_names_is_used_once_and_flagged(tmp_path):
    tape = read_tape(write_tape(tmp_path / "t.csv", [lease("A", "2025"), lease("B", "2025"), lease("C", "2025-02")]))
    assert [deal.left_out is None for deal in tape.deals] == [True, False, True]
    assert tape.flagged == [("B", "repeats A: the same company, date, megawatts and money")]


def test_doubtful_rows_are_flagged_and_kept(tmp_path):
    rows = [
        lease("A", "2025-01", d_avg_usd_per_kw_month_it=189),
        lease("B", "2025-03-01", first_revenue_actual="2024-11 (8 MW)"),
        lease("C", "2025-03-02", first_revenue_actual="2025-12", months_to_first_revenue_actual=3),
    ]
    tape = read_tape(write_tape(tmp_path / "t.csv", rows))
    assert tape.flagged == [
        ("A", "d_avg_usd_per_kw_month_it says 189, the stated columns give 125; the stated ones are used"),
        ("B", "first revenue 2024-11 comes before the announcement 2025-03-01"),
        ("C", "3 months to first revenue do not lead from 2025-03-02 to 2025-12"),
    ]
    assert all(deal.scored for deal in tape.deals)


def test_an_empty_tape_is_refused(tmp_path):
    assert faults(write_tape(tmp_path / "t.csv", [])) == "t.csv: no deals below the column names"
    assert "no such file" in faults(tmp_path / "none.csv")


def test_a_date_half_known_is_before_another_only_if_surely(tmp_path):
    june, day, year = Moment.parse("2024-06"), Moment.parse("2024-06-03"), Moment.parse("2024")
    assert not june.surely_before(day)
    assert not year.surely_before(june)
    assert june.surely_before(Moment.parse("2024-07-01"))
    assert Moment.parse("2024-H2").first.isoformat() == "2024-07-01"
    assert known_dates("capex=2025-08-15; spread=2025")["capex"].label == "2025-08-15"
