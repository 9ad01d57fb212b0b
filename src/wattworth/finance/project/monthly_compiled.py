"""The monthly ledger as one compiled pass: a block of cases at a time, side by side in the fastest memory."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import kernel
from wattworth.finance.project.monthly_loan_kernels import draw_loans, serve_loans, shape_service, size_loans
from wattworth.finance.project.monthly_rates import monthly_rates_of_block

# Rows of numbers, one column per case.
(
    RATE,
    DSCR,
    MAX_SHARE,
    MOST,
    BUILD_RATE,
    BUILD_FEE,
    UPFRONT,
    CLOSING,
    RESERVE_RATE,
    RECEIVABLE,
    PAYABLE,
    FEDERAL,
    STATE,
    LOSS_LIMIT,
    INTEREST_LIMIT,
    DISCOUNT,
) = range(16)
N_NUMBER = 16

# Places of whole numbers and switches.
(
    HAS_LOAN,
    STEP,
    PAYMENTS,
    GRACE,
    PROFILE,
    TEST,
    HAS_DSCR,
    HAS_MOST,
    RESERVE_WHOLE,
    LOSSES_CARRIED,
    HAS_INTEREST_LIMIT,
    WRITES_OFF_REST,
) = range(12)
N_SWITCH = 12

# Rows of results, one column per case.
NPV, IRR, IRR_STATE, DEBT, EQUITY, BINDING, DSCR_MIN, TAX = range(8)
N_RESULT = 8
_BLOCK = 64


@kernel
def _operate(usd, start, n, p, cfads, cash, operated):
    """Cash before tax and financing of each month, and what of it is taxed, by year."""
    n_month, n_node = usd.shape[1], cash.shape[0]
    stop = start + n
    receivable, payable = p[RECEIVABLE, start:stop], p[PAYABLE, start:stop]
    before = np.zeros(n)
    operated[:] = 0.0
    for m in range(n_month):
        revenue, power, opex = usd[0, m, start:stop], usd[1, m, start:stop], usd[2, m, start:stop]
        proceeds, exempt = usd[3, m, start:stop], usd[4, m, start:stop]
        own, flow, taxed = cfads[m], cash[m], operated[max(0, (m - 1) // 12)]
        outstanding = 1.0 if m + 1 < n_node else 0.0
        for j in range(n):
            cost = power[j] + opex[j]
            held = outstanding * (revenue[j] * receivable[j] + cost * payable[j])
            ebitda = revenue[j] + cost
            own[j] = ebitda - (held - before[j])
            before[j] = held
            flow[j] = own[j] + proceeds[j] + exempt[j]
            taxed[j] += ebitda + proceeds[j]
    for m in range(n_month, n_node):
        for j in range(n):
            cfads[m, j] = before[j]
            cash[m, j] = before[j]
            before[j] = 0.0


@kernel
def _completed(dates, start, n, held, last):
    """Month of completion and reserves first filled then, the debt service reserve apart."""
    cod, first_held = np.empty(n, np.int64), np.zeros(n)
    for j in range(n):
        cod[j] = min(dates[0, start + j], last)
        if cod[j] < min(held.shape[0], last):
            first_held[j] = held[cod[j], start + j]
    return cod, first_held


@kernel
def _spend(capital, start, cod, dates, cfads, cash, placed, early_basis, early):  # noqa: PLR0913 - compiled
    """Capital by month up to completion, and by class and year of service; later capital leaves the cash.

    Gives the month of the first spending of each lane, that of completion where there is none.
    """
    n, n_year = cod.size, placed.shape[1]
    placed[:] = 0.0
    early_basis[:] = 0.0
    early[:] = 0.0
    close = np.full(n, -1)
    for m in range(capital.shape[1]):
        y = max(0, (m - 1) // 12)
        for c in range(capital.shape[0]):
            row = capital[c, m, start : start + n]
            for j in range(n):
                spent = row[j]
                if spent == 0.0:
                    continue
                entered = min(n_year - 1, max(y, (dates[1, start + j] - 1) // 12))
                placed[c, entered, j] += spent
                if m <= cod[j]:
                    early[m, j] += spent
                    early_basis[c, j] += spent
                else:
                    cfads[m, j] -= spent
                    cash[m, j] -= spent
        for j in range(n):
            if close[j] < 0 and early[m, j] != 0.0:
                close[j] = m
    for j in range(n):
        close[j] = cod[j] if close[j] < 0 else close[j]
    return close


@kernel
def _add_costs(placed, early_basis, dear, n, in_service):
    """Interest and fees of the construction into the basis, by the capital of each class."""
    for j in range(n):
        if dear[j] != 0.0:
            service = min(placed.shape[1] - 1, max(0, (in_service[j] - 1) // 12))
            for c in range(placed.shape[0]):
                placed[c, service, j] += dear[j] * early_basis[c, j]


@kernel
def _write_off(placed, kinds, shares, n, in_service, deducted):
    """Write-off of all classes by year as if never retired."""
    n_class, n_year = placed.shape[0], placed.shape[1]
    deducted[:] = 0.0
    for c in range(n_class):
        bonus, basis = kinds[c, 0], kinds[c, 1]
        built = np.zeros(n)
        for y in range(n_year):
            own, taken = placed[c, y], deducted[y]
            is_new = False
            for j in range(n):
                is_new = is_new or own[j] != 0.0
            if kinds[c, 2] != 0.0:
                for j in range(n):
                    service = min(n_year - 1, max(0, (in_service[j] - 1) // 12))
                    of_service = (12.5 - ((in_service[j] - 1) % 12 + 1)) / 12.0 if in_service[j] > 0 else 1.0
                    new = own[j] * basis
                    taken[j] += built[j] / 39.0 + new / 39.0 * (of_service if y == service else 0.5)
                    built[j] += new
            elif is_new:
                for j in range(n):
                    taken[j] += own[j] * basis * bonus
                if bonus < 1.0:
                    for age in range(min(shares.shape[1], n_year - y)):
                        later, share = deducted[y + age], shares[c, age] * (1.0 - bonus)
                        for j in range(n):
                            later[j] += own[j] * basis * share


@kernel
def _retire(placed, kinds, n, retired, deducted):
    """Nothing after retirement, the rest of the basis in its year."""
    n_class, n_year = placed.shape[0], placed.shape[1]
    for j in range(n):
        year = min(n_year - 1, max(0, (retired[j] - 1) // 12))
        rest = 0.0
        for y in range(year + 1):
            for c in range(n_class):
                rest += placed[c, y, j] * kinds[c, 1]
            if y < year:
                rest -= deducted[y, j]
        deducted[year, j] = rest
        for y in range(year + 1, n_year):
            deducted[y, j] = 0.0


@kernel
def _taxable(income, carried, limit, carries):
    """Taxable income and losses carried on, of one year."""
    if not carries:
        return income, 0.0
    positive = max(income, 0.0)
    used = min(carried, limit * positive)
    return positive - used, carried - used + max(-income, 0.0)


@kernel
def _tax(p, start, n, switches, operated, earned, interest, deducted, cash, total):  # noqa: PLR0913 - compiled
    """Tax of each year out of the cash of its last month."""
    n_year = operated.shape[0]
    carries, limited = switches[LOSSES_CARRIED] != 0, switches[HAS_INTEREST_LIMIT] != 0
    federal, state = p[FEDERAL, start : start + n], p[STATE, start : start + n]
    limit, room = p[LOSS_LIMIT, start : start + n], p[INTEREST_LIMIT, start : start + n]
    state_loss, federal_loss, waiting = np.zeros(n), np.zeros(n), np.zeros(n)
    for y in range(n_year):
        flow = cash[12 * (y + 1)]
        for j in range(n):
            allowed = interest[y, j]
            if limited:
                owed = interest[y, j] + waiting[j]
                allowed = min(owed, max(0.0, earned[y, j] + room[j] * max(0.0, operated[y, j])))
                waiting[j] = owed - allowed
            income = operated[y, j] + earned[y, j] - allowed - deducted[y, j]
            taxable, state_loss[j] = _taxable(income, state_loss[j], limit[j], carries)
            paid = state[j] * taxable
            taxable, federal_loss[j] = _taxable(income - paid, federal_loss[j], limit[j], carries)
            paid += federal[j] * taxable
            flow[j] -= paid
            total[j] += paid


@kernel
def _hold(held, start, cod, switches, p, cash, earned):
    """Other reserves after completion: what goes in, and their interest; the first filling is a use."""
    last, step = cash.shape[0] - 1, switches[STEP]
    for j in range(cod.size):
        before = held[cod[j], start + j] if cod[j] < min(held.shape[0], last) else 0.0
        since_paid = before
        for m in range(cod[j] + 1, last + 1):
            now = held[m, start + j] if m < min(held.shape[0], last) else 0.0
            cash[m, j] -= now - before
            before = now
            if (m - cod[j]) % step == 0:
                gain = p[RESERVE_RATE, start + j] * since_paid
                cash[m, j] += gain
                earned[(m - 1) // 12, j] += gain
                since_paid = now


@kernel
def _value(cash, discount, first_years, n, worth):
    """Discounted cash of each lane."""
    step, factor = np.empty(n), np.empty(n)
    for j in range(n):
        step[j] = (1.0 + discount[j]) ** (-1.0 / 12.0)
        factor[j] = (1.0 + discount[j]) ** -first_years
        worth[j] = 0.0
    for m in range(cash.shape[0]):
        flow = cash[m]
        for j in range(n):
            worth[j] += factor[j] * flow[j]
            factor[j] *= step[j]


@kernel
def monthly_metrics(  # noqa: PLR0913 - compiled
    usd, capital, held, dates, p, kinds, shares, switches, scalars, first, stop, kept, results
):
    """Metrics of the cases from ``first`` to ``stop``, written into ``results``.

    Parameters
    ----------
    usd, capital, held
        Arrays, shape (line, month, case), (class, month, case) and (month, case).
    dates
        Whole numbers, shape (3, case): months of completion, of service and of retirement.
    p
        Array, shape (number, case).
    kinds, shares
        Arrays, shape (class, 3): bonus, basis, whether buildings; and (class, year).
    switches
        Whole numbers, shape (switch,).
    scalars
        Two numbers: part of a payment in the reserve, years of month 0.
    first, stop
        Which cases.
    kept
        Array, shape (month, case), that owners' cash is written into, or of no months.
    results
        Array, shape (result, case).
    """
    n_year = max(1, (usd.shape[1] - 1 + 11) // 12)
    n_node, n_class, n_pay = 12 * n_year + 1, capital.shape[0], switches[PAYMENTS]
    cfads, cash = np.zeros((n_node, _BLOCK)), np.zeros((n_node, _BLOCK))
    operated, deducted = np.zeros((n_year, _BLOCK)), np.zeros((n_year, _BLOCK))
    earned, interest = np.zeros((n_year, _BLOCK)), np.zeros((n_year, _BLOCK))
    placed, early_basis = np.zeros((n_class, n_year, _BLOCK)), np.zeros((n_class, _BLOCK))
    early = np.zeros((capital.shape[1], _BLOCK))
    per_usd, reserve = np.zeros((n_pay, _BLOCK)), np.zeros((n_pay + 1, _BLOCK))
    flows = np.zeros((3, n_pay + 1, _BLOCK))
    tests = np.zeros((3, max(1, -(-n_pay * switches[STEP] // switches[TEST])), _BLOCK))
    yearly = np.zeros((n_year + 1, _BLOCK))
    debt, share, dear = np.zeros(_BLOCK), np.zeros(_BLOCK), np.zeros(_BLOCK)
    for start in range(first, stop, _BLOCK):
        n = min(_BLOCK, stop - start)
        end = start + n
        _operate(usd, start, n, p, cfads, cash, operated)
        cod, first_held = _completed(dates, start, n, held, n_node - 1)
        close = _spend(capital, start, cod, dates, cfads, cash, placed, early_basis, early)
        earned[:] = 0.0
        interest[:] = 0.0
        debt[:] = 0.0
        results[BINDING, start:end] = -1.0
        results[DSCR_MIN, start:end] = np.nan
        if switches[HAS_LOAN]:
            paid = shape_service(p, start, cod, switches, cfads, per_usd, reserve, tests, scalars[0])
            size_loans(p, start, switches, cod, close, first_held, early, paid, reserve, tests, debt, share, results)
            serve_loans(p, start, cod, switches, paid, debt, per_usd, reserve, flows, cash, earned, interest)
        draw_loans(p, start, cod, close, first_held, early, reserve, debt, share, cash, dear, results)
        if held.shape[0] > 0:
            _hold(held, start, cod, switches, p, cash, earned)
        _add_costs(placed, early_basis, dear, n, dates[1, start:end])
        _write_off(placed, kinds, shares, n, dates[1, start:end], deducted)
        if switches[WRITES_OFF_REST]:
            _retire(placed, kinds, n, dates[2, start:end], deducted)
        results[TAX, start:end] = 0.0
        _tax(p, start, n, switches, operated, earned, interest, deducted, cash, results[TAX, start:end])
        _value(cash, p[DISCOUNT, start:end], scalars[1], n, results[NPV, start:end])
        monthly_rates_of_block(cash, yearly, n, results[IRR, start:end], results[IRR_STATE, start:end])
        results[DEBT, start:end] = debt[:n]
        for m in range(kept.shape[0]):
            kept[m, start:end] = cash[m, :n]
