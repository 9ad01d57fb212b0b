"""Money, watts, shares and months as a reader prints them: ``$1.9bn``, ``$2.51/W``, ``2027-05``."""

from __future__ import annotations

import math
from typing import Final, TypeGuard

DASH: Final = "\N{EN DASH}"
"""Stands for a number that is missing."""

MINUS: Final = "\N{MINUS SIGN}"

_BILLION, _MILLION, _THOUSAND = 1e9, 1e6, 1e3


def known(number: object) -> TypeGuard[float]:
    """Whether a value of the result is a finite number.

    Examples
    --------
    >>> known(0.0), known(None), known(float("nan"))
    (True, False, False)
    """
    return isinstance(number, (int, float)) and not isinstance(number, bool) and math.isfinite(number)


def money(amount_usd: float | None) -> str:
    """Dollars in billions, millions or thousands.

    Parameters
    ----------
    amount_usd
        Amount; None or not finite gives a dash. [USD]

    Examples
    --------
    >>> [money(x) for x in (1.94e9, 85.2e6, 8.44e6, 650e3, 0.0, 999.7e6, None)]
    ['$1.9bn', '$85m', '$8.4m', '$650k', '$0', '$1.0bn', '–']
    >>> money(-85.2e6) == MINUS + "$85m"
    True
    """
    if not known(amount_usd):
        return DASH
    size = abs(amount_usd)
    if size >= 999.5 * _MILLION:
        text = f"{size / _BILLION:,.0f}bn" if size >= 99.95 * _BILLION else f"{size / _BILLION:.1f}bn"
    elif size >= 999.5 * _THOUSAND:
        text = f"{size / _MILLION:.0f}m" if size >= 9.95 * _MILLION else f"{size / _MILLION:.1f}m"
    else:
        text = f"{size / _THOUSAND:.0f}k" if size >= 0.5 * _THOUSAND else "0"
    return _signed(amount_usd, "$" + text)


def money_m(amount_usd: float | None) -> str:
    """Dollars in millions without sign of currency or unit, for a column that says $m.

    Parameters
    ----------
    amount_usd
        Amount. [USD]

    Examples
    --------
    >>> money_m(1.94e9), money_m(8.44e6), money_m(0.0), money_m(None)
    ('1,940', '8.4', '0', '–')
    """
    if not known(amount_usd):
        return DASH
    size = abs(amount_usd) / _MILLION
    return _signed(amount_usd, f"{size:,.0f}" if size >= 9.95 or size == 0 else f"{size:.1f}")


def per_watt(value_usd_per_w: float | None, *, unit: bool = True) -> str:
    """Dollars per gross watt.

    Parameters
    ----------
    value_usd_per_w
        Value. [USD/W]
    unit
        False leaves ``/W`` to the heading.

    Examples
    --------
    >>> per_watt(2.514), per_watt(2.514, unit=False), per_watt(-0.001)
    ('$2.51/W', '$2.51', '$0.00/W')
    """
    if not known(value_usd_per_w):
        return DASH
    return _signed(value_usd_per_w, f"${abs(value_usd_per_w):,.2f}" + ("/W" if unit else ""))


def rate(rate_frac: float | None) -> str:
    """A return or a yield, in percent with one decimal.

    Parameters
    ----------
    rate_frac
        Fraction. [1]

    Examples
    --------
    >>> rate(0.0719), rate(2.7), rate(None)
    ('7.2%', '270%', '–')
    """
    if not known(rate_frac):
        return DASH
    percent = 100.0 * abs(rate_frac)
    return _signed(rate_frac, f"{percent:,.0f}%" if percent >= 99.95 else f"{percent:.1f}%")


def chance(chance_frac: float | None) -> str:
    """A probability, in whole percent, certain only when it is.

    Parameters
    ----------
    chance_frac
        Probability. [1]

    Examples
    --------
    >>> [chance(x) for x in (0.424, 0.0, 0.001, 0.999, 1.0)]
    ['42%', '0%', '<1%', '>99%', '100%']
    """
    if not known(chance_frac):
        return DASH
    if 0.0 < chance_frac < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= chance_frac < 1.0 else f"{100.0 * chance_frac + 0.0:.0f}%"


def megawatts(power_mw: float | None) -> str:
    """Megawatts, with one decimal only below a hundred and where it says something.

    Parameters
    ----------
    power_mw
        Power. [MW]

    Examples
    --------
    >>> megawatts(2000.0), megawatts(22.5), megawatts(767.5), megawatts(0.0)
    ('2,000', '22.5', '768', '0')
    """
    if not known(power_mw):
        return DASH
    if abs(power_mw) >= 100:
        return f"{math.floor(power_mw + 0.5):,}"
    return f"{power_mw:.1f}".removesuffix(".0")


def gigawatts(power_mw: float | None) -> str:
    """Power in gigawatts.

    Parameters
    ----------
    power_mw
        Power. [MW]

    Examples
    --------
    >>> gigawatts(4187.5), gigawatts(850.0), gigawatts(42_310.0)
    ('4.19 GW', '0.85 GW', '42.3 GW')
    """
    if not known(power_mw):
        return DASH
    power_gw = power_mw / 1e3
    return f"{power_gw:.1f} GW" if power_gw >= 9.995 else f"{power_gw:.2f} GW"


def month(label: str | None) -> str:
    """A month as ``YYYY-MM``, or a dash."""
    return label or DASH


def plain(value: float | None) -> str:
    """Any number with four significant digits and no exponent.

    Parameters
    ----------
    value
        Number in whatever unit, or None.

    Examples
    --------
    >>> [plain(x) for x in (5.0, 0.310210192, 46.2145637, 1234567.0, 1e-7, None)]
    ['5', '0.3102', '46.21', '1,234,567', '0.0000001', '–']
    """
    if not known(value):
        return DASH
    if value == 0:
        return "0"
    decimals = max(0, 3 - math.floor(math.log10(abs(value))))
    text = f"{abs(value):,.{decimals}f}"
    return _signed(value, text.rstrip("0").rstrip(".") if "." in text else text)


def _signed(number: float, text: str) -> str:
    """The text with a minus, unless it shows only noughts."""
    return MINUS + text if number < 0 and any(digit in text for digit in "123456789") else text
