"""Companies' market values: what is an enterprise value, what is only a market cap, and a user's own figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from wattworth.errors import DataError
from wattworth.evidence.market_rows import PriceRow
from wattworth.evidence.market_tables import market_table, read_peers, read_prices, with_prices
from wattworth.evidence.market_values import (
    PARTS,
    Amount,
    MarketValue,
    Watts,
    days_apart,
    enterprise_value_usd,
    moment_in,
    usd_per_w,
)

DAY = "2026-06-30"
HEAD = ",".join(PriceRow.model_fields)
FULL = "ACME,2026-06-30,50,100,1500,0,0,0,400,4000,75000,2000,500,,Acme Power,miner"


def company(cap_as_of: str = DAY, **parts_musd: float) -> MarketValue:
    """A company with a market cap of 5,000 $M, parts of 30 June and 2,000 MW secured."""
    parts = {name: Amount(usd_m * 1e6, DAY, "filing") for name, usd_m in parts_musd.items()}
    watts = {"secured_gross": Watts(2000.0, "2026-05"), "operating_gross": Watts(0.0, DAY)}
    return MarketValue("Acme", ("ACME",), "miner", "test", Amount(5e9, cap_as_of, "printed"), parts=parts, watts=watts)


ALL = {"debt": 1500.0, "leases": 0.0, "preferred": 0.0, "minorities": 0.0, "cash": 400.0, "bitcoin": 300.0}


def prices(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """A user's file of given rows."""
    file = folder / "prices.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


def test_enterprise_value_per_watt_is_the_one_of_the_methods() -> None:
    """Proves: 5,000 + 1,500 - 400 - 300 over 2,000 MW is 2.90 $/W (methods, section 12).

    Sensitivity: with bitcoin left in it is 3.05, with cash added 3.30, market cap alone gives 2.50.
    """
    parts_usd = {f"{name}_usd": usd_m * 1e6 for name, usd_m in ALL.items()}
    assert usd_per_w(enterprise_value_usd(5e9, **parts_usd), 2000.0) == pytest.approx(2.90, rel=1e-12)
    acme = company(**ALL)
    assert acme.value is not None
    assert acme.value.basis == "ev"
    assert acme.per_watt("secured_gross").usd_per_w == pytest.approx(2.90, rel=1e-12)
    assert acme.indicative_ev is None, "an enterprise value that is known needs no guess beside it"


@pytest.mark.parametrize("missing", PARTS)
def test_one_part_not_known_leaves_a_market_cap_under_that_name(missing: str) -> None:
    """Proves: no part is taken for nil; the label names what is missing."""
    acme = company(**{name: usd_m for name, usd_m in ALL.items() if name != missing})
    assert acme.ev is None
    assert acme.value is not None
    assert (acme.value.basis, acme.value.worth_usd) == ("market_cap", 5e9)
    assert f"{missing} not known" in acme.value.label
    if missing in ("debt", "cash", "bitcoin"):
        assert acme.indicative_ev is None
    else:
        assert acme.indicative_ev is not None
        assert acme.indicative_ev.worth_usd == pytest.approx(5.8e9, rel=1e-12)
        assert f"without {missing}" in acme.indicative_ev.label


def test_parts_of_another_date_do_not_make_an_enterprise_value() -> None:
    acme = company("2025-12-19", **ALL)
    assert acme.ev is None
    assert acme.value is not None
    assert acme.value.basis == "market_cap"
    assert "of another date" in acme.value.label
    assert acme.indicative_ev is not None
    assert f"of {DAY} (filing)" in acme.indicative_ev.label


def test_watts_keep_their_date_and_their_reason() -> None:
    acme = company(**ALL)
    secured = acme.per_watt("secured_gross")
    assert (secured.mw_as_of, secured.value_as_of, secured.apart_days) == ("2026-05", DAY, 30)
    assert not secured.far_apart
    nothing = acme.per_watt("operating_gross")
    assert (nothing.usd_per_w, nothing.reason) == (None, "there are none")
    assert acme.per_watt("critical_it").reason == "not stated in test"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-11-06 (8.28 on 2026-02-09)", "2025-11-06", "2025-11-06"),
        ("~2026-01 (community)", "2026-01-01", "2026-01-31"),
        ("2024-07 to 2025-10 (700 Rockdale)", "2024-07-01", "2025-10-31"),
        ("Q3 2025 plan", "2025-07-01", "2025-09-30"),
        ("2026 (Sandersville)", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_date_is_found_in_the_words_round_it(text: str, first: str, last: str) -> None:
    found = moment_in(text)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_a_text_without_a_date_has_none() -> None:
    assert moment_in("merged into another") is None
    assert days_apart("undated", DAY) is None


def test_packaged_miners_stand_at_market_cap_with_the_indicative_value_beside_it() -> None:
    """Proves: MARA by hand: 3.8 + 3.64 - 0.8264 - 54,000 x 91,132 $ = 1.69247 $bn; 3.8 over 1,500 MW = 2.53 $/W."""
    mara = next(row for row in market_table().companies if "MARA" in row.tickers)
    assert mara.value is not None
    assert mara.value.basis == "market_cap"
    assert mara.per_watt("secured_gross").usd_per_w == pytest.approx(3.8 / 1.5, rel=1e-12)
    assert mara.per_watt("secured_gross").far_apart, "the watts are of 2024"
    assert mara.indicative_ev is not None
    assert mara.indicative_ev.worth_usd == pytest.approx(3.8e9 + 3.64e9 - 0.8264e9 - 54_000 * 91_132, rel=1e-12)
    for word in ("leases, preferred, minorities", "community data set", "$91,132 of 2026-01-12"):
        assert word in mara.indicative_ev.label


def test_every_miner_of_the_table_has_a_value_or_a_reason() -> None:
    rows = market_table().companies
    assert len(rows) == 21, "the row of the sector is no company"
    for row in rows:
        assert (row.value is None) == bool(row.no_market_cap), row.company
    hive = next(row for row in rows if "HIVE" in row.tickers)
    assert hive.value is None
    assert "not in US dollars" in hive.no_market_cap


def test_packaged_peers_name_their_watts_or_say_that_there_are_none() -> None:
    peers = market_table().peers
    assert peers
    for peer in peers:
        per_w = peer.per_watt("stated")
        assert (per_w.usd_per_w is None) == bool(per_w.reason), peer.company
        assert peer.watts["stated"].kind


def test_peers_of_a_small_table(tmp_path: Path) -> None:
    file = tmp_path / "peers.csv"
    head = "ticker,company,kind,date,market_cap_usd_bn,net_debt_usd_bn,ev_usd_bn,ev_basis,mw,mw_basis,source,as_of"
    rows = (
        "AAA,Alpha,reit,2026-01-15,10,2,,,1000,critical IT,press,2025-12",
        "AAA,Beta bought by Alpha,generation_sale,2026-02,,,3,printed,2000,generation,press,",
    )
    file.write_text("\n".join([head, *rows]), encoding="utf-8")
    alpha, beta = read_peers(file)
    assert alpha.value is not None
    assert (alpha.value.basis, alpha.value.worth_usd) == ("market_cap", 10e9)
    assert alpha.indicative_ev is not None
    assert alpha.indicative_ev.worth_usd == pytest.approx(12e9)
    assert alpha.per_watt("stated").usd_per_w == pytest.approx(10.0)
    assert beta.value is not None
    assert (beta.value.basis, beta.per_watt("stated").usd_per_w) == ("ev", pytest.approx(1.5))
    assert alpha.trades_as(["AAA"])
    assert not beta.trades_as(["AAA"]), "what a company bought is not the company"


def test_own_prices_replace_a_company_and_add_another(tmp_path: Path) -> None:
    """Proves: a row takes the place of the packaged figures; megawatts left empty stay, with their date."""
    rows = (FULL, "BITF,2026-06-30,3,500,,,,,,,,,,,,", "DLR,2026-06-30,150,340,,,,,,,,,,,,")
    table = market_table(prices(tmp_path, *rows))
    packaged = market_table()
    assert len(table.companies) == len(packaged.companies)
    acme = next(row for row in table.peers if row.tickers == ("ACME",))
    assert acme.value is not None
    assert (acme.value.basis, acme.value.worth_usd) == ("ev", pytest.approx(5.8e9))
    assert acme.per_watt("critical_it").reason == "left empty in prices.csv"
    keel = next(row for row in table.companies if "BITF" in row.tickers)
    assert keel.market_cap == Amount(1.5e9, DAY, "prices.csv")
    assert keel.parts == {}, "an old balance sheet is not mixed with a new price"
    assert keel.watts["secured_gross"].mw == 478
    assert keel.watts["secured_gross"].as_of.startswith("2026 US firm")
    listed = [row for row in table.peers if row.trades_as(["DLR"])]
    assert [row.origin for row in listed] == ["prices.csv"], "older values of the same company make room"
    assert any(row.is_sale and "DLR" in row.tickers for row in table.peers)


def test_nought_is_none_and_empty_is_not_known(tmp_path: Path) -> None:
    rows = ("ZERO,2026-06-30,1,100,0,0,0,0,0,0,,100,,,,", "OPEN,2026-06-30,1,100,0,,0,0,0,0,,100,,,,")
    zero, unknown = (row for row in market_table(prices(tmp_path, *rows)).peers if row.origin == "prices.csv")
    assert zero.value is not None
    assert unknown.value is not None
    assert (zero.value.basis, zero.value.worth_usd) == ("ev", 1e8)
    assert (unknown.value.basis, unknown.missing) == ("market_cap", ("leases",))


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        (HEAD, FULL.replace("2026-06-30", "30.06.2026"), 'row 2, column "date": got "30.06.2026", need a day as'),
        (HEAD, FULL.replace("2026-06-30", "2026-06-31"), "which is no day of the calendar"),
        (HEAD, FULL.replace(",1500,", ",-1500,"), 'column "debt_usd_m": got "-1500", need a number of $M ≥ 0'),
        (HEAD, FULL.replace(",1500,", ",lots,"), 'column "debt_usd_m": got "lots", need a number of $M'),
        (HEAD, FULL.replace(",1500,", ',"1,500",'), "write 1500 without a separator"),
        (HEAD, FULL.replace(",50,100,", ",,100,"), 'column "share_price_usd": empty, need a number'),
        (HEAD, FULL.replace(",75000,", ",,"), 'column "btc_price_usd": empty, and 4000 bitcoin are held'),
        (HEAD.replace("fd_shares_m", "shares"), FULL, 'missing column "fd_shares_m"'),
        (HEAD.replace("share_price_usd", "share_price_eur"), FULL, 'convert it and name it "share_price_usd"'),
        (HEAD.replace("debt_usd_m", "debt_usd"), FULL, 'unknown column "debt_usd" (did you mean "debt_usd_m"?)'),
        (HEAD, FULL + "\n" + FULL.lower().replace("acme power", ""), "ACME stands in prices.csv row 2 already"),
    ],
)
def test_a_fault_names_row_column_and_fix(tmp_path: Path, head: str, row: str, told: str) -> None:
    with pytest.raises(DataError) as caught:
        read_prices(prices(tmp_path, row, head=head))
    assert told in str(caught.value)
    assert str(caught.value).startswith("prices.csv")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    rows = (FULL.replace(",1500,", ",x,"), FULL.replace("ACME", "").replace("2026-06-30", "soon"))
    with pytest.raises(DataError) as caught:
        read_prices(prices(tmp_path, *rows))
    assert sorted(line.split(":")[0] for line in str(caught.value).splitlines()) == [
        'prices.csv row 2, column "debt_usd_m"',
        'prices.csv row 3, column "date"',
        'prices.csv row 3, column "ticker"',
    ]


@pytest.mark.parametrize(("text", "told"), [("", "the file is empty"), (HEAD + "\n", "no companies below")])
def test_a_file_without_companies_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_prices(file)


def test_two_symbols_of_one_company_are_refused(tmp_path: Path) -> None:
    rows = ("KEEL,2026-06-30,3,500,,,,,,,,,,,,", "BITF,2026-06-30,3,500,,,,,,,,,,,,")
    found = read_prices(prices(tmp_path, *rows))
    with pytest.raises(DataError, match=r"KEEL and BITF are both Keel Infrastructure.*keep the row of one"):
        with_prices(market_table(), found, "prices.csv")


def test_the_template_of_the_page_is_the_one_that_is_read(root: Path, tmp_path: Path) -> None:
    """Proves: the page shows every column in order, and its row gives the 2.90 and 11.60 $/W it says."""
    page = (root / "docs" / "comps.md").read_text(encoding="utf-8")
    template = page.split("```csv\n")[1].split("```")[0]
    assert template.splitlines()[0] == HEAD
    table = market_table(prices(tmp_path, *template.splitlines()[1:]))
    acme = next(row for row in table.peers if row.tickers == ("ACME",))
    assert acme.per_watt("secured_gross").usd_per_w == pytest.approx(2.90)
    assert acme.per_watt("operating_gross").usd_per_w == pytest.approx(11.60)
    for column in PriceRow.model_fields:
        assert f"`{column}`" in page
