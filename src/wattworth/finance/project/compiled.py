"""The same case as one compiled pass: a case at a time, its years in the fastest memory, metrics only."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import kernel
from wattworth.finance.project.block_rates import rates_of_block

# Rows of numbers, one column per case.
(
    MWH,
    FALL,
    PRICE,
    PRICE_GROWTH,
    CAPACITY_REVENUE,
    CAPACITY_GROWTH,
    FIXED,
    FIXED_GROWTH,
    CAPACITY_COST,
    CAPACITY_COST_GROWTH,
    VARIABLE,
    VARIABLE_GROWTH,
    FUEL,
    FUEL_GROWTH,
    INSURANCE,
    INFLATION,
    PROPERTY_TAX,
    PROPERTY_DECLINE,
    INSTALLED,
    SOFT,
    CLOSING,
    SALVAGE,
    DSCR,
    SHARE,
    MAX_SHARE,
    LOAN_TO_VALUE,
    INTEREST_COVER,
    RATE,
    FEE,
    DEBT_MONTHS,
    WORKING_MONTHS,
    RECEIVABLE_MONTHS,
    RESERVE_INTEREST,
    FEDERAL,
    STATE,
    LOSS_LIMIT,
    INTEREST_LIMIT,
    NOMINAL,
    REAL,
) = range(39)
N_NUMBER = 39

# Rows of vectors over the years of operation, the same for all cases.
(
    MWH_GIVEN,
    PRICE_GIVEN,
    OTHER_REVENUE,
    OTHER_COST,
    TAXED_SHARE,
    FEDERAL_WRITE_OFF,
    STATE_WRITE_OFF,
    FEDERAL_CREDIT,
    STATE_CREDIT,
    FEDERAL_PTC,
    STATE_PTC,
    PAID_IN_REVENUE,
    PAID,
    PAID_TAXED_FEDERAL,
    PAID_TAXED_STATE,
    EQUIPMENT_FUNDING,
    EQUIPMENT_FEDERAL,
    EQUIPMENT_STATE,
    EQUIPMENT_RESERVE,
) = range(19)
N_VECTOR = 19

# Places of whole numbers and switches.
(
    TENOR,
    GRACE,
    PROFILE,
    ESCALATES,
    LINEAR,
    COST_BEFORE_FEES,
    RELEASE_COUNTED,
    LOSSES_CARRIED,
    HAS_DEBT,
    HAS_DSCR,
    HAS_SHARE,
    HAS_VALUE,
    HAS_COVER,
    HAS_INTEREST_LIMIT,
    MWH_IS_GIVEN,
    PRICE_IS_GIVEN,
) = range(16)
N_SWITCH = 16

# Limits on debt, in the order in which the first of equal ones binds.
BY_DSCR, BY_CASH, BY_SHARE, BY_GEARING, BY_VALUE, BY_INTEREST_COVER = range(6)
N_LIMIT = 6

# Rows of results, one column per case.
NPV, IRR, IRR_STATE, DEBT, EQUITY, BINDING, DSCR_MIN, LCOE_NOMINAL, LCOE_REAL = range(9)
N_RESULT = 9

SCULPTED, LEVEL_PAYMENT, LEVEL_PRINCIPAL = 0, 1, 2
_BLOCK = 64
_ALL = 1e-12


@kernel
def _operate(p, c, vectors, switches, arrays):
    """Energy, sales, cost and EBITDA of one case."""
    mwh, sales, opex, ebitda = arrays[0], arrays[1], arrays[2], arrays[3]
    n_year = vectors.shape[1]
    price, capacity, fixed, per_kw, variable, fuel, inflation = 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0
    if switches[ESCALATES]:
        price, capacity, fixed = 1.0 + p[PRICE_GROWTH, c], 1.0 + p[CAPACITY_GROWTH, c], 1.0 + p[FIXED_GROWTH, c]
        per_kw, variable = 1.0 + p[CAPACITY_COST_GROWTH, c], 1.0 + p[VARIABLE_GROWTH, c]
        fuel, inflation = 1.0 + p[FUEL_GROWTH, c], 1.0 + p[INFLATION, c]
    left = 1.0
    for y in range(n_year):
        if switches[LINEAR]:
            left = max(0.0, 1.0 - p[FALL, c] * y)
        energy = vectors[MWH_GIVEN, y] if switches[MWH_IS_GIVEN] else p[MWH, c] * left
        paid = vectors[PRICE_GIVEN, y] if switches[PRICE_IS_GIVEN] else p[PRICE, c] * price
        assessed = max(0.0, 1.0 - p[PROPERTY_DECLINE, c] * y) * vectors[TAXED_SHARE, y]
        mwh[y] = energy
        sales[y] = energy * paid + p[CAPACITY_REVENUE, c] * capacity + vectors[OTHER_REVENUE, y]
        opex[y] = (
            p[FIXED, c] * fixed
            + p[VARIABLE, c] * energy * variable
            + p[CAPACITY_COST, c] * per_kw
            + p[FUEL, c] * fuel
            + p[INSURANCE, c] * inflation
            + p[PROPERTY_TAX, c] * assessed
            + vectors[OTHER_COST, y]
        )
        ebitda[y] = sales[y] + vectors[PAID_IN_REVENUE, y] * energy - opex[y]
        left *= 1.0 - p[FALL, c]
        price *= 1.0 + p[PRICE_GROWTH, c]
        capacity *= 1.0 + p[CAPACITY_GROWTH, c]
        fixed *= 1.0 + p[FIXED_GROWTH, c]
        per_kw *= 1.0 + p[CAPACITY_COST_GROWTH, c]
        variable *= 1.0 + p[VARIABLE_GROWTH, c]
        fuel *= 1.0 + p[FUEL_GROWTH, c]
        inflation *= 1.0 + p[INFLATION, c]
    ebitda[n_year - 1] += p[SALVAGE, c]


@kernel
def _cash_for_debt(p, c, vectors, sales, ebitda, cfads):
    """Cash available for debt service of one case."""
    n_year = vectors.shape[1]
    months = p[RECEIVABLE_MONTHS, c]
    for y in range(n_year):
        more = months * (sales[y + 1] - sales[y]) if y + 1 < n_year else 0.0
        cfads[y] = ebitda[y] - vectors[EQUIPMENT_FUNDING, y] - more


@kernel
def _shape(rate, switches, cfads, per_usd):
    """Service of each year per dollar of debt; true if there is cash to sculpt it to."""
    n_year, tenor, grace = cfads.size, switches[TENOR], switches[GRACE]
    n = tenor - grace
    worth, factor, step, payment = 0.0, 1.0, 1.0 / (1.0 + rate), 1.0 / n
    if switches[PROFILE] == SCULPTED:
        for y in range(grace, min(tenor, n_year)):
            factor *= step
            worth += max(0.0, cfads[y]) * factor
    elif rate > 0.0:
        payment = rate / -np.expm1(-n * np.log1p(rate))
    per_worth = 1.0 / worth if worth > 0.0 else 0.0
    for y in range(n_year):
        if y >= tenor:
            per_usd[y] = 0.0
        elif y < grace:
            per_usd[y] = rate
        elif switches[PROFILE] == LEVEL_PAYMENT:
            per_usd[y] = payment
        elif switches[PROFILE] == LEVEL_PRINCIPAL:
            per_usd[y] = 1.0 / n + rate * (1.0 - (y - grace) / n)
        else:
            per_usd[y] = max(0.0, cfads[y]) * per_worth
    return switches[PROFILE] != SCULPTED or worth > 0.0


@kernel
def _geared(cost, share, per_debt):
    left = 1.0 - share * per_debt
    return share * cost / left if left > 1e-12 else np.inf


@kernel
def _share_limits(p, c, switches, before, receivables, reserve, limits):
    """Limits that are shares of the cost: fixed, and the gearing cap."""
    if switches[COST_BEFORE_FEES]:
        dearer = 1.0 + p[SHARE, c] * p[FEE, c]
        if switches[HAS_SHARE]:
            limits[BY_SHARE] = _geared((before - receivables) * dearer, p[SHARE, c], reserve * dearer)
        limits[BY_GEARING] = p[MAX_SHARE, c] * (before - receivables + p[FEE, c] * p[INSTALLED, c])
    else:
        if switches[HAS_SHARE]:
            limits[BY_SHARE] = _geared(before, p[SHARE, c], p[FEE, c] + reserve)
        limits[BY_GEARING] = _geared(before, p[MAX_SHARE, c], p[FEE, c] + reserve)


@kernel
def _cash_limits(p, c, switches, cfads, per_usd, limits):
    """Limits that cash sets: cover of debt service and of interest, and an appraised value beside them."""
    least, most = np.inf, np.inf
    for y in range(min(switches[TENOR], cfads.size)):
        cash = max(0.0, cfads[y])
        least = min(least, cash)
        if per_usd[y] > 0.0:
            most = min(most, cash / per_usd[y])
    if switches[HAS_DSCR]:
        limits[BY_DSCR] = most / p[DSCR, c]
    if switches[HAS_COVER]:
        limits[BY_INTEREST_COVER] = least / (p[INTEREST_COVER, c] * p[RATE, c])
    if switches[HAS_VALUE]:
        limits[BY_VALUE] = p[LOAN_TO_VALUE, c]


@kernel
def _size(p, c, switches, before, receivables, arrays, limits):
    """Debt of one case, and the least limit."""
    cfads, per_usd = arrays[4], arrays[5]
    has_cash = _shape(p[RATE, c], switches, cfads, per_usd)
    limits[:] = np.inf
    if not has_cash:
        limits[BY_CASH] = 0.0
    _cash_limits(p, c, switches, cfads, per_usd, limits)
    _share_limits(p, c, switches, before, receivables, p[DEBT_MONTHS, c] * per_usd[0], limits)
    binding = np.argmin(limits)
    return max(0.0, limits[binding]), binding


@kernel
def _taxed(income, carried, limit, carries):
    """Taxable income and losses carried on, of one year."""
    if not carries:
        return income, 0.0
    positive = max(income, 0.0)
    used = min(carried, limit * positive)
    return positive - used, carried - used + max(-income, 0.0)


@kernel
def _own_cash(p, c, vectors, switches, debt, arrays, cash):
    """After-tax cash of the owners in the years of operation, and the least cover of debt service."""
    mwh, sales, opex, ebitda, cfads, per_usd = arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5]
    n_year = cash.size
    basis = p[INSTALLED, c] + p[SOFT, c]
    owed, state_loss, federal_loss, interest_left, least = debt, 0.0, 0.0, 0.0, np.inf
    service_next = debt * per_usd[0]
    serving = min(switches[TENOR], n_year) if switches[HAS_DEBT] else 0
    held = p[DEBT_MONTHS, c] * service_next + p[WORKING_MONTHS, c] * opex[0] + p[RECEIVABLE_MONTHS, c] * sales[0]
    for y in range(n_year):
        service = service_next
        service_next = debt * per_usd[y + 1] if y + 1 < n_year else 0.0
        interest = owed * p[RATE, c] if y < switches[TENOR] else 0.0
        owed -= service - interest
        if service > 0.0:
            least = min(least, cfads[y] / service)
        earned = p[RESERVE_INTEREST, c] * held
        kept = vectors[EQUIPMENT_RESERVE, y]
        if y + 1 < n_year:
            kept += p[WORKING_MONTHS, c] * opex[y + 1] + p[RECEIVABLE_MONTHS, c] * sales[y + 1]
            if y + 1 < serving:
                kept += p[DEBT_MONTHS, c] * service_next
        deducted = interest
        if switches[HAS_INTEREST_LIMIT]:
            room = max(0.0, earned + p[INTEREST_LIMIT, c] * max(0.0, ebitda[y]))
            deducted = min(interest + interest_left, room)
            interest_left = interest + interest_left - deducted
        income = ebitda[y] + earned - deducted
        state_credit = vectors[STATE_PTC, y] * mwh[y] + vectors[STATE_CREDIT, y] * basis
        federal_credit = vectors[FEDERAL_PTC, y] * mwh[y] + vectors[FEDERAL_CREDIT, y] * basis
        state_income = income - vectors[STATE_WRITE_OFF, y] * basis + vectors[PAID_TAXED_STATE, y] * mwh[y]
        state_taxable, state_loss = _taxed(
            state_income - vectors[EQUIPMENT_STATE, y], state_loss, p[LOSS_LIMIT, c], switches[LOSSES_CARRIED]
        )
        state_tax = -p[STATE, c] * state_taxable
        federal_income = income - vectors[FEDERAL_WRITE_OFF, y] * basis + vectors[PAID_TAXED_FEDERAL, y] * mwh[y]
        federal_income += state_tax + state_credit - vectors[EQUIPMENT_FEDERAL, y]
        taxable, federal_loss = _taxed(federal_income, federal_loss, p[LOSS_LIMIT, c], switches[LOSSES_CARRIED])
        before = vectors[EQUIPMENT_RESERVE, y - 1] if y > 0 else 0.0
        spent = vectors[EQUIPMENT_FUNDING, y] - vectors[EQUIPMENT_RESERVE, y] + before
        operated = ebitda[y] + vectors[PAID, y] * mwh[y] + earned - service
        credits_paid = state_credit + federal_credit
        cash[y] = operated - (kept - held) - spent + credits_paid + state_tax - p[FEDERAL, c] * taxable
        held = kept
    return least


@kernel
def _funded(  # noqa: PLR0913 - compiled
    p, c, switches, before, debt, held, reserve, spending, paid_in
):
    """Equity paid in over the construction years; returns all of it."""
    total = before + (p[FEE, c] * debt + reserve if switches[HAS_DEBT] else 0.0)
    kept = held + reserve
    own_share = 1.0 - (debt / total if total != 0.0 else 0.0)
    own_share = own_share if abs(own_share) >= _ALL else 0.0
    equity = 0.0
    for k in range(paid_in.size):
        spent = spending[k] * (total - kept) + (kept if k + 1 == paid_in.size else 0.0)
        paid_in[k] = spent * own_share
        equity += paid_in[k]
    return equity


@kernel
def _valued(p, c, switches, shifts, arrays, paid_in, cash, results):  # noqa: PLR0913 - compiled
    """Value and levelised cost of one case."""
    mwh, sales = arrays[0], arrays[1]
    n_year = cash.size
    step, real_step = 1.0 / (1.0 + p[NOMINAL, c]), 1.0 / (1.0 + p[REAL, c])
    factor = step ** (shifts[1] + 1.0 - paid_in.size) if shifts[1] + 1.0 != paid_in.size else 1.0
    npv, cost = 0.0, 0.0
    for k in range(paid_in.size):
        npv -= factor * paid_in[k]
        factor *= step
    cost = -npv
    factor, real_factor = step, real_step
    if shifts[0] != 0.0:
        factor, real_factor = step ** (shifts[0] + 1.0), real_step ** (shifts[0] + 1.0)
    energy, real_energy = 0.0, 0.0
    for y in range(n_year):
        npv += factor * cash[y]
        cost += factor * (sales[y] - cash[y])
        energy += factor * mwh[y]
        real_energy += real_factor * mwh[y]
        if y + 1 == n_year and not switches[RELEASE_COUNTED]:
            cost += factor * p[RECEIVABLE_MONTHS, c] * sales[y]
        factor *= step
        real_factor *= real_step
    results[NPV, c] = npv
    results[LCOE_NOMINAL, c] = cost / energy if energy > 0.0 else np.nan
    results[LCOE_REAL, c] = cost / real_energy if real_energy > 0.0 else np.nan


@kernel
def _one_case(  # noqa: PLR0913 - compiled
    p, c, vectors, switches, spending, shifts, arrays, paid_in, cash, limits, results
):
    """Everything of one case but its rate of return; its flows are left in ``paid_in`` and ``cash``."""
    sales, opex, ebitda, cfads, per_usd = arrays[1], arrays[2], arrays[3], arrays[4], arrays[5]
    _operate(p, c, vectors, switches, arrays)
    _cash_for_debt(p, c, vectors, sales, ebitda, cfads)
    receivables = p[RECEIVABLE_MONTHS, c] * sales[0]
    held = p[WORKING_MONTHS, c] * opex[0] + receivables
    before = p[INSTALLED, c] + p[SOFT, c] + p[CLOSING, c] + held
    debt, binding = 0.0, -1
    if switches[HAS_DEBT]:
        debt, binding = _size(p, c, switches, before, receivables, arrays, limits)
    reserve = p[DEBT_MONTHS, c] * debt * per_usd[0]
    results[EQUITY, c] = _funded(p, c, switches, before, debt, held, reserve, spending, paid_in)
    least = _own_cash(p, c, vectors, switches, debt, arrays, cash)
    _valued(p, c, switches, shifts, arrays, paid_in, cash, results)
    results[DEBT, c], results[BINDING, c] = debt, binding
    results[DSCR_MIN, c] = least if least < np.inf else np.nan


@kernel
def metrics_of_cases(p, vectors, switches, spending, shifts):
    """Metrics of every case.

    Parameters
    ----------
    p
        Array, shape (number, case).
    vectors
        Array, shape (vector, year).
    switches
        Whole numbers, shape (switch,).
    spending
        Array, shape (construction year,): shares of capital.
    shifts
        Array of two: years added to the exponents of operation and of construction.

    Returns
    -------
    array, shape (result, case)
    """
    n_case, n_year = p.shape[1], vectors.shape[1]
    results = np.empty((N_RESULT, n_case))
    arrays = np.zeros((6, n_year))
    cash, paid_in, limits = np.empty(n_year), np.empty(spending.size), np.empty(N_LIMIT)
    flows = np.zeros((spending.size + n_year, _BLOCK))
    for start in range(0, n_case, _BLOCK):
        n = min(_BLOCK, n_case - start)
        for j in range(n):
            _one_case(p, start + j, vectors, switches, spending, shifts, arrays, paid_in, cash, limits, results)
            for k in range(spending.size):
                flows[k, j] = -paid_in[k]
            for y in range(n_year):
                flows[spending.size + y, j] = cash[y]
        rates_of_block(flows, n, results[IRR, start : start + n], results[IRR_STATE, start : start + n])
    return results
