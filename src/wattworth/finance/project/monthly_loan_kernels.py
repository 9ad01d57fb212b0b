"""The loan in the compiled monthly pass: shape, size, draws and service of a block of cases."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import kernel

# Rows of numbers and places of switches, as monthly_compiled has them.
_RATE, _DSCR, _MAX_SHARE, _MOST, _BUILD_RATE, _BUILD_FEE, _UPFRONT, _CLOSING, _RESERVE_RATE = range(9)
_HAS_LOAN, _STEP, _PAYMENTS, _GRACE, _PROFILE, _TEST, _HAS_DSCR, _HAS_MOST, _RESERVE_WHOLE = range(9)
_EQUITY, _BINDING, _DSCR_MIN = 4, 5, 6
SCULPTED, LEVEL_PAYMENT, LEVEL_PRINCIPAL = 0, 1, 2
_MOST_STEPS = 20
_CLOSE = 1e-15
_ALL = 1e-12


@kernel
def is_even_block(cod, paid, switches):
    """Whether all lanes complete in one month and make all payments, so that months can be read side by side."""
    is_even = True
    for j in range(cod.size):
        is_even = is_even and cod[j] == cod[0] and paid[j] == switches[_PAYMENTS]
    return is_even


@kernel
def _tested(n, cod, switches, cfads, paid, cash_of, count_of):
    """Cash and number of payments of each test."""
    step, n_pay = switches[_STEP], switches[_PAYMENTS]
    is_even = is_even_block(cod, paid, switches)
    cash_of[:] = 0.0
    count_of[:] = 0.0
    for k in range(n_pay):
        g = k * step // switches[_TEST]
        own, count = cash_of[g], count_of[g]
        for i in range(1, step + 1):
            if is_even:
                row = cfads[cod[0] + k * step + i]
                for j in range(n):
                    own[j] += row[j]
            else:
                for j in range(n):
                    if k < paid[j]:
                        own[j] += cfads[cod[j] + k * step + i, j]
        for j in range(n):
            count[j] += 1.0 if k < paid[j] else 0.0


@kernel
def _sculpt(n, switches, rate, paid, cash_of, count_of, per_usd, has_cash):  # noqa: PLR0913 - compiled
    """Service in proportion to cash, equal within a test."""
    step, n_pay, grace = switches[_STEP], switches[_PAYMENTS], switches[_GRACE]
    worth, factor = np.zeros(n), np.ones(n)
    for g in range(cash_of.shape[0]):
        for j in range(n):
            count_of[g, j] = max(0.0, cash_of[g, j]) / max(count_of[g, j], 1.0)
    for k in range(n_pay):
        own, even = per_usd[k], count_of[k * step // switches[_TEST]]
        for j in range(n):
            if k < grace:
                own[j] = rate[j] if k < paid[j] else 0.0
            else:
                factor[j] /= 1.0 + rate[j]
                own[j] = even[j] if k < paid[j] else 0.0
                worth[j] += own[j] * factor[j]
    for j in range(n):
        has_cash[j] = worth[j] > 0.0
        worth[j] = 1.0 / worth[j] if has_cash[j] else 0.0
    for k in range(grace, n_pay):
        own = per_usd[k]
        for j in range(n):
            own[j] *= worth[j]


@kernel
def _level(n, switches, rate, paid, per_usd, has_cash):
    """Level payments or level principal, after interest alone."""
    n_pay, grace = switches[_PAYMENTS], switches[_GRACE]
    left = n_pay - grace
    payment = np.full(n, 1.0 / left)
    for j in range(n):
        has_cash[j] = paid[j] > grace
        if rate[j] != 0.0:
            payment[j] = rate[j] / -np.expm1(-left * np.log1p(rate[j]))
    for k in range(n_pay):
        own = per_usd[k]
        for j in range(n):
            value = rate[j]
            if k >= grace:
                value = payment[j]
                if switches[_PROFILE] == LEVEL_PRINCIPAL:
                    value = 1.0 / left + rate[j] * (1.0 - (k - grace) / left)
            own[j] = value if k < paid[j] else 0.0


@kernel
def shape_service(p, start, cod, switches, cfads, per_usd, reserve, tests, part):  # noqa: PLR0913 - compiled
    """Service and reserve of each payment per dollar; gives how many payments fall before the last month.

    A lane without cash to repay from has its number of payments made negative.
    """
    step, n_pay, whole = switches[_STEP], switches[_PAYMENTS], switches[_RESERVE_WHOLE]
    n, last = cod.size, cfads.shape[0] - 1
    rate = p[_RATE, start : start + n]
    paid, has_cash = np.empty(n, np.int64), np.zeros(n, np.bool_)
    for j in range(n):
        paid[j] = min(n_pay, (last - cod[j]) // step)
    _tested(n, cod, switches, cfads, paid, tests[0], tests[1])
    if switches[_PROFILE] == SCULPTED:
        _sculpt(n, switches, rate, paid, tests[0], tests[1], per_usd, has_cash)
    else:
        _level(n, switches, rate, paid, per_usd, has_cash)
    tests[2, :] = 0.0
    for k in range(n_pay):
        own, owed = per_usd[k], tests[2, k * step // switches[_TEST]]
        for j in range(n):
            owed[j] += own[j]
    reserve[:] = 0.0
    if whole > 0 or part > 0.0:
        for k in range(n_pay):
            own = reserve[k]
            for ahead in range(k, min(n_pay, k + whole)):
                row = per_usd[ahead]
                for j in range(n):
                    own[j] += row[j]
            if part > 0.0 and k + whole < n_pay:
                row = per_usd[k + whole]
                for j in range(n):
                    own[j] += part * row[j]
    for j in range(n):
        paid[j] = paid[j] if has_cash[j] else -1 - paid[j]
    return paid


@kernel
def _built(p, c, share, debt, early, j, close, cod, held, reserve):  # noqa: PLR0913 - compiled
    """All uses: without the loan, per dollar of it, and the slope of both together in the share."""
    fee = p[_BUILD_FEE, c]
    net = p[_BUILD_RATE, c] - fee
    growth = 1.0 + share * net
    fixed, per_debt, slope = p[_CLOSING, c], p[_UPFRONT, c], 0.0
    if close < early.shape[0]:
        fixed += early[close, j]
    for m in range(close + 1, cod + 1):
        slope = slope * growth + (fixed + per_debt * debt) * net
        fixed = fixed * growth + (early[m, j] if m < early.shape[0] else 0.0)
        per_debt = per_debt * growth + fee
    return fixed + held, per_debt + reserve, slope


@kernel
def _share_of(p, c, debt, early, j, close, cod, held, reserve):  # noqa: PLR0913 - compiled
    """Share of every use that a loan carries, by Newton's steps."""
    fixed, per_debt, _ = _built(p, c, 0.0, debt, early, j, close, cod, held, reserve)
    total = fixed + per_debt * debt
    share = debt / total if total > 0.0 else 0.0
    if p[_BUILD_RATE, c] != p[_BUILD_FEE, c]:
        for _ in range(_MOST_STEPS):
            fixed, per_debt, slope = _built(p, c, share, debt, early, j, close, cod, held, reserve)
            total = fixed + per_debt * debt
            rise = total + share * slope
            step = (share * total - debt) / rise if rise > 0.0 else 0.0
            share -= step
            if abs(step) <= _CLOSE:
                break
    return 1.0 if abs(share - 1.0) < _ALL else share


@kernel
def _geared(p, c, early, j, close, cod, held, reserve):  # noqa: PLR0913 - compiled
    """Loan that is the greatest share of all uses."""
    share = p[_MAX_SHARE, c]
    fixed, per_debt, _ = _built(p, c, share, 0.0, early, j, close, cod, held, reserve)
    left = 1.0 - share * per_debt
    return share * fixed / left if left > _ALL else np.inf


@kernel
def size_loans(  # noqa: PLR0913 - compiled
    p, start, switches, cod, close, first_held, early, paid, reserve, tests, debt, share, results
):
    """Size of each loan, the limit that binds, least cover, and the share of every use."""
    for j in range(cod.size):
        c = start + j
        cover = np.inf
        for g in range(tests.shape[1]):
            if tests[2, g, j] > 0.0:
                cover = min(cover, tests[0, g, j] / tests[2, g, j])
        limits = (
            max(0.0, cover) / p[_DSCR, c] if switches[_HAS_DSCR] else np.inf,
            np.inf if paid[j] >= 0 else 0.0,
            _geared(p, c, early, j, close[j], cod[j], first_held[j], reserve[0, j]),
            p[_MOST, c] if switches[_HAS_MOST] else np.inf,
        )
        binding, least = 0, limits[0]
        for k in range(1, 4):
            if limits[k] < least:
                binding, least = k, limits[k]
        debt[j] = max(0.0, least)
        if binding == 2 and debt[j] > 0.0:
            share[j] = p[_MAX_SHARE, c]  # where gearing binds the share is known
        else:
            share[j] = _share_of(p, c, debt[j], early, j, close[j], cod[j], first_held[j], reserve[0, j])
        paid[j] = paid[j] if paid[j] >= 0 else -1 - paid[j]
        results[_BINDING, c] = binding
        if debt[j] > 0.0 and cover < np.inf:
            results[_DSCR_MIN, c] = cover / debt[j]


@kernel
def draw_loans(  # noqa: PLR0913 - compiled
    p, start, cod, close, first_held, early, reserve, debt, share, cash, dear, results
):
    """Uses up to completion, and what owners pay of them; interest and fees per dollar of capital go to ``dear``."""
    for j in range(cod.size):
        c = start + j
        drawn, costs, capital, equity = 0.0, 0.0, 0.0, 0.0
        for m in range(close[j], cod[j] + 1):
            own = early[m, j] if m < early.shape[0] else 0.0
            capital += own
            if m > close[j]:
                cost = drawn * p[_BUILD_RATE, c] + (debt[j] - drawn) * p[_BUILD_FEE, c]
                costs += cost
                own += cost
            else:
                own += debt[j] * p[_UPFRONT, c] + p[_CLOSING, c]
            if m == cod[j]:
                own += first_held[j] + debt[j] * reserve[0, j]
            draw = share[j] * own if m < cod[j] else debt[j] - drawn
            drawn += draw
            cash[m, j] -= own - draw
            equity += own - draw
        dear[j] = costs / capital if capital != 0.0 else 0.0
        results[_EQUITY, c] = equity


@kernel
def _served(p, start, n, switches, paid, debt, per_usd, reserve, flows):  # noqa: PLR0913 - compiled
    """Owners' flow, interest paid and interest earned of each payment; gives what is owed after the last."""
    rate, gain_rate = p[_RATE, start : start + n], p[_RESERVE_RATE, start : start + n]
    owed, before = debt[:n].copy(), np.empty(n)
    for j in range(n):
        before[j] = debt[j] * reserve[0, j]
    for k in range(switches[_PAYMENTS]):
        service_of, kept_of = per_usd[k], reserve[k + 1]
        flow, interest_of, gain_of = flows[0, k], flows[1, k], flows[2, k]
        for j in range(n):
            service = debt[j] * service_of[j]
            interest = owed[j] * rate[j] if k < paid[j] else 0.0
            owed[j] -= service - interest
            kept = debt[j] * kept_of[j] if k + 1 < paid[j] else 0.0
            gain = gain_rate[j] * before[j]
            flow[j] = gain - service - (kept - before[j])
            before[j] = kept
            interest_of[j] = interest
            gain_of[j] = gain
    return owed


@kernel
def _spread(n, cod, switches, paid, is_even, flows, cash, earned, interest):  # noqa: PLR0913 - compiled
    """Flows of each payment into its month and year."""
    step = switches[_STEP]
    for k in range(switches[_PAYMENTS]):
        flow, interest_of, gain_of = flows[0, k], flows[1, k], flows[2, k]
        if is_even:
            month = cod[0] + (k + 1) * step
            into, owed, gained = cash[month], interest[(month - 1) // 12], earned[(month - 1) // 12]
            for j in range(n):
                into[j] += flow[j]
                owed[j] += interest_of[j]
                gained[j] += gain_of[j]
        else:
            for j in range(n):
                if k < paid[j]:
                    month = cod[j] + (k + 1) * step
                    cash[month, j] += flow[j]
                    interest[(month - 1) // 12, j] += interest_of[j]
                    earned[(month - 1) // 12, j] += gain_of[j]


@kernel
def serve_loans(  # noqa: PLR0913 - compiled
    p, start, cod, switches, paid, debt, per_usd, reserve, flows, cash, earned, interest
):
    """Interest, principal and reserve of each loan out of owners' cash."""
    n, step, last = cod.size, switches[_STEP], cash.shape[0] - 1
    owed = _served(p, start, n, switches, paid, debt, per_usd, reserve, flows)
    _spread(n, cod, switches, paid, is_even_block(cod, paid, switches), flows, cash, earned, interest)
    for j in range(n):
        if paid[j] < switches[_PAYMENTS] and cod[j] < last:  # what outlives the months is repaid in the last
            late = owed[j] * p[_RATE, start + j] * ((last - cod[j]) % step) / step
            cash[last, j] -= owed[j] + late
            interest[interest.shape[0] - 1, j] += late
