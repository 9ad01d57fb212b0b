from __future__ import annotations

import doctest
import math

import pytest

from wattworth.reports import chance, formatting, gigawatts, markup, megawatts, money, money_m, month, per_watt, rate

M = formatting.MINUS
D = formatting.DASH


@pytest.mark.parametrize("module", [formatting, markup])
def test_examples_of_the_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount_usd", "printed"),
    [
        (1_940_000_000.0, "$1.9bn"),
        (85_200_000.0, "$85m"),
        (9_949_999.0, "$9.9m"),
        (9_960_000.0, "$10m"),
        (999_499_999.0, "$999m"),
        (999_500_000.0, "$1.0bn"),
        (99_949_999_999.0, "$99.9bn"),
        (99_950_000_000.0, "$100bn"),
        (1_234_000_000_000.0, "$1,234bn"),
        (999_499.0, "$999k"),
        (999_500.0, "$1.0m"),
        (499.0, "$0"),
        (-499.0, "$0"),
        (-85_200_000.0, f"{M}$85m"),
        (None, D),
        (math.nan, D),
        (math.inf, D),
    ],
)
def test_money(amount_usd: float | None, printed: str) -> None:
    assert money(amount_usd) == printed


def test_a_negative_that_rounds_to_nought_has_no_sign() -> None:
    assert [per_watt(-0.004), money_m(-0.01e6), rate(-0.0001)] == ["$0.00/W", "0.0", "0.0%"]


@pytest.mark.parametrize(
    "printer", [money, money_m, per_watt, rate, chance, megawatts, gigawatts, month, formatting.plain]
)
def test_missing_is_a_dash(printer: object) -> None:
    assert printer(None) == D  # type: ignore[operator]


def test_watts_and_power() -> None:
    assert [per_watt(2.514), per_watt(-0.231), per_watt(1234.5, unit=False)] == ["$2.51/W", f"{M}$0.23/W", "$1,234.50"]
    assert [megawatts(99.96), megawatts(522.5), megawatts(0.5)] == ["100", "523", "0.5"]
    assert [gigawatts(9994.0), gigawatts(9996.0)] == ["9.99 GW", "10.0 GW"]


def test_a_probability_is_certain_only_when_it_is() -> None:
    assert [chance(x) for x in (0.0, 1e-9, 0.995, 1.0)] == ["0%", "<1%", ">99%", "100%"]


def test_plain_numbers_have_no_exponent() -> None:
    assert [formatting.plain(x) for x in (1e-9, -0.05, 953_568.0, 0.0, 1060.0)] == [
        "0.000000001",
        f"{M}0.05",
        "953,568",
        "0",
        "1,060",
    ]
