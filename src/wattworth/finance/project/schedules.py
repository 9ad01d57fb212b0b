r"""How a loan of one dollar is paid back: its rate by year, its instalments, and what is left at the end.

With :math:`i_t` the rate of year :math:`t` (a guarantor's fee with it), :math:`b_t` the balance of a loan of one
dollar, :math:`s_t` its service, :math:`N` the years payments are reckoned over and :math:`M \le N` the tenor,

.. math:: b_0 = 1, \quad b_t = b_{t-1} (1 + i_t) - s_t, \quad s_t =
    \begin{cases}
    i_t & \text{grace, and a bullet} \\
    b_{t-1} \; i_t / (1 - (1 + i_t)^{-(N - t + 1)}) & \text{level payment} \\
    1 / N + i_t b_{t-1} & \text{level principal} \\
    c_t / \sum_u c_u \prod_{v \le u} (1 + i_v)^{-1} & \text{sculpted to cash } c
    \end{cases}

and :math:`b_M` is due at once: nothing where :math:`M = N`, all of it for a bullet. Every line is a product of what
stands before it, so a loan is linear in its size and nothing is solved twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project.operations import Array
from wattworth.finance.project.parts import Debt
from wattworth.finance.project.record import DebtProfile


def _payment_per_usd(rate_frac: Any, n_years: int) -> NDArray[np.float64]:
    """Level payment on a dollar over ``n_years``."""
    rate = np.asarray(rate_frac, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(rate == 0.0, 1.0 / n_years, rate / -np.expm1(-n_years * np.log1p(rate)))


def service_per_usd(
    profile: DebtProfile, rate_frac: Any, tenor_years: int, grace_years: int, cash_usd: Array
) -> NDArray[np.float64]:
    """Interest and principal in each year per dollar of debt.

    Parameters
    ----------
    profile
        How the debt is repaid.
    rate_frac
        Interest. [1/year]
    tenor_years
        Years to the last payment.
    grace_years
        Years in which interest alone is paid.
    cash_usd
        Array, shape (tenor, case): what sculpted debt follows; it must not be negative. [USD]

    Returns
    -------
    array, shape (tenor, case)
        [1]
    """
    rate = np.atleast_1d(np.asarray(rate_frac, dtype=np.float64))
    n = tenor_years - grace_years
    year = np.arange(1, n + 1)[:, None]
    if profile == "level_payment":
        repaid = np.broadcast_to(_payment_per_usd(rate, n), (n, rate.size))
    elif profile == "level_principal":
        repaid = 1.0 / n + rate * (1.0 - (year - 1) / n)
    elif profile == "bullet":
        repaid = np.broadcast_to(rate, (n, rate.size))
    else:
        cash = cash_usd[grace_years:tenor_years]
        worth = np.sum(cash * (1.0 + rate) ** -year[: cash.shape[0]], axis=0)
        repaid = np.divide(cash, worth, out=np.zeros(np.broadcast_shapes(cash.shape, worth.shape)), where=worth > 0.0)
    waiting = np.broadcast_to(rate, (grace_years, repaid.shape[1]))
    return np.concatenate([waiting, repaid])


def service_at_rates_per_usd(
    profile: DebtProfile, rate_frac: Array, tenor_years: int, grace_years: int, cash_usd: Array
) -> NDArray[np.float64]:
    """Interest and principal in each year per dollar of debt, its rate changing from year to year.

    Parameters
    ----------
    profile, tenor_years, grace_years, cash_usd
        As :func:`service_per_usd` takes them.
    rate_frac
        Array, shape (tenor, case). [1/year]

    Returns
    -------
    array, shape (tenor, case)
        [1]

    Notes
    -----
    A level payment is set anew each year, on what is owed, at the rate of that year and over the years left.

    Examples
    --------
    >>> rates = np.array([[0.10], [0.05]])
    >>> service_at_rates_per_usd("level_principal", rates, 2, 0, np.zeros((2, 1)))[:, 0].tolist()
    [0.6, 0.525]
    """
    paying = rate_frac[grace_years:tenor_years]
    n = tenor_years - grace_years
    repaid: Array = np.zeros(paying.shape)
    if profile == "sculpted":
        cash = cash_usd[grace_years:tenor_years]
        worth = np.sum(cash * np.cumprod(1.0 / (1.0 + paying[: cash.shape[0]]), axis=0), axis=0)
        repaid = np.divide(cash, worth, out=np.zeros(np.broadcast_shapes(cash.shape, worth.shape)), where=worth > 0.0)
    else:
        owed = np.ones(paying.shape[1])
        for year, rate in enumerate(paying):
            if profile == "level_payment":
                repaid[year] = owed * _payment_per_usd(rate, n - year)
            else:
                repaid[year] = rate * owed + (0.0 if profile == "bullet" else 1.0 / n)
            owed = owed * (1.0 + rate) - repaid[year]
    waiting = np.broadcast_to(rate_frac[:grace_years], (grace_years, repaid.shape[1]))
    return np.concatenate([waiting, repaid])


def rates_frac(debt: Debt, n_years: int) -> NDArray[np.float64]:
    r"""Interest of each year of operation, without a guarantor's fee.

    Returns
    -------
    array, shape (year, case)
        [1/year]

    Notes
    -----
    .. math:: i_t = m + h s + (1 - h) f_t

    with the margin :math:`m`, the swap rate :math:`s` on a share :math:`h` of the debt, and the base rate :math:`f`.
    The hedge falls with the debt it is on, so its share stays.
    """
    if debt.floating is None:
        return np.broadcast_to(
            np.atleast_1d(np.asarray(debt.rate_frac, dtype=np.float64)), (n_years, np.size(debt.rate_frac))
        )
    path = debt.floating
    base = np.asarray([*path.base_frac_by_year, *(path.base_frac_by_year[-1:] * n_years)][:n_years])[:, None]
    share = np.atleast_1d(np.asarray(path.hedge_share_frac, dtype=np.float64))
    swap = np.atleast_1d(np.asarray(0.0 if path.swap_rate_frac is None else path.swap_rate_frac, dtype=np.float64))
    return np.asarray(debt.rate_frac) + share * swap + (1.0 - share) * base


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan of one dollar, or of one dollar refinanced.

    Attributes
    ----------
    profile
        How it is repaid.
    first
        Years of operation before its first payment.
    maturity
        Year of operation of its last payment.
    rate_frac
        Array, shape (operating year, case): interest without a guarantor's fee. [1/year]
    fee_frac
        A guarantor's yearly fee. [1/year]
    service_per_usd
        Array, shape (year to the earlier of maturity and the end, case): interest, fee and principal. [1]
    has_balloon
        Whether what is left at maturity is due at once.
    """

    profile: DebtProfile
    first: int
    maturity: int
    rate_frac: Array
    fee_frac: Any
    service_per_usd: Array
    has_balloon: bool

    def balance_per_usd(self) -> NDArray[np.float64]:
        """What is owed of a dollar at the start of each year and, last, at the end; shape (year + 1, case)."""
        shape = np.broadcast_shapes(self.service_per_usd.shape[1:], self.rate_frac.shape[1:], np.shape(self.fee_frac))
        owed = np.ones((self.service_per_usd.shape[0] + 1, *(shape or (1,))))
        for year, paid in enumerate(self.service_per_usd):
            rate = self.rate_frac[self.first + year] + self.fee_frac
            owed[year + 1] = owed[year] * (1.0 + rate) - paid
        return owed


def term_loan(debt: Debt, n_operating: int, grace_years: int, cash_usd: Array) -> Loan:
    """The term loan of a case.

    Parameters
    ----------
    debt
        Its terms.
    n_operating
        Years of operation.
    grace_years
        Years in which interest alone is paid.
    cash_usd
        Array, shape (operating year, case): what sculpted debt follows; it must not be negative. [USD]
    """
    years = debt.amortisation_years or debt.tenor_years
    fee_frac = 0.0 if debt.backstop is None else debt.backstop.fee_frac_per_year
    rate = rates_frac(debt, max(years, n_operating))
    cash = cash_usd[:years]
    if debt.floating is None and debt.profile != "bullet":
        all_in = debt.rate_frac if debt.backstop is None else debt.rate_frac + fee_frac
        service = service_per_usd(debt.profile, all_in, years, grace_years, cash)
    else:
        service = service_at_rates_per_usd(debt.profile, rate + fee_frac, years, grace_years, cash)
    paid = service[: min(debt.tenor_years, n_operating)]
    return Loan(debt.profile, 0, debt.tenor_years, rate[:n_operating], fee_frac, paid, debt.has_balloon)


def take_out(debt: Debt, n_operating: int, cash_usd: Array) -> Loan | None:
    """The loan that refinances the balance at maturity; None where there is none, or the project ends before.

    Parameters
    ----------
    debt
        The terms of the first loan.
    n_operating
        Years of operation.
    cash_usd
        Array, shape (operating year, case): cash it may be sculpted to. [USD]
    """
    terms = debt.refinancing
    if terms is None or not debt.has_balloon or debt.tenor_years >= n_operating:
        return None
    left = n_operating - debt.tenor_years
    rate = np.atleast_1d(np.asarray(terms.rate_frac, dtype=np.float64))
    all_rates = np.broadcast_to(rate, (n_operating, rate.size))
    cash = cash_usd[debt.tenor_years :][: terms.tenor_years]
    years = np.broadcast_to(rate, (terms.tenor_years, rate.size))
    service = service_at_rates_per_usd(terms.profile, years, terms.tenor_years, 0, cash)[:left]
    maturity = debt.tenor_years + terms.tenor_years
    return Loan(terms.profile, debt.tenor_years, maturity, all_rates, 0.0, service, terms.profile == "bullet")
