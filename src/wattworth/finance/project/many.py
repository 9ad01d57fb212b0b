"""Many cases at once: the same statement with arrays over cases, metrics only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.finance.project import compiled
from wattworth.finance.project.books import keep_books
from wattworth.finance.project.case import ProjectCase, vary
from wattworth.finance.project.debt_service import is_served
from wattworth.finance.project.packing import pack, why_not_compiled
from wattworth.finance.project.parts import Capital, CostPart, Discounting, Energy, Revenue
from wattworth.finance.project.prior_claims import assumed_usd, prepaid_usd
from wattworth.finance.project.returns import levelised_usd_per_mwh, net_present_value_usd
from wattworth.finance.project.roots import RATE_STATUS, all_internal_rates, internal_rates_by_case

Engine = Literal["auto", "compiled", "plain"]
LIMITS: Final = ("dscr", "cash", "share", "gearing", "loan_to_value", "interest_cover")
"""Limits on debt in the order of the compiled pass; where two are equal the first binds."""
BLOCK: Final = 1024
"""Cases that the plain engine holds at once, so that its rows stay in the cache."""


@dataclass(frozen=True, slots=True)
class ManyResults:
    """Metrics of many cases; arrays of shape (case,), NaN where a case has none.

    Attributes
    ----------
    npv_usd
        Of after-tax equity cash. [USD]
    irr_frac
        Its internal rate; NaN unless ``irr_status`` is 0. [1/year]
    irr_status
        Index into :data:`~wattworth.finance.project.RATE_STATUS`.
    debt_usd, equity_usd, installed_cost_usd
        Debt, equity and uses net of grants. [USD]
    debt_binding
        Index into ``debt_limits``, -1 without debt.
    debt_limits
        Names of the limits.
    dscr_min_ratio
        Least cover of debt service. [1]
    lcoe_nominal_usd_per_mwh, lcoe_real_usd_per_mwh
        Levelised cost of energy. [USD/MWh]
    """

    npv_usd: NDArray[np.float64]
    irr_frac: NDArray[np.float64]
    irr_status: NDArray[np.int64]
    debt_usd: NDArray[np.float64]
    equity_usd: NDArray[np.float64]
    installed_cost_usd: NDArray[np.float64]
    debt_binding: NDArray[np.int64]
    debt_limits: tuple[str, ...]
    dscr_min_ratio: NDArray[np.float64]
    lcoe_nominal_usd_per_mwh: NDArray[np.float64]
    lcoe_real_usd_per_mwh: NDArray[np.float64]

    def irr_status_names(self) -> list[str]:
        """The status of each case in words."""
        return [RATE_STATUS[code] for code in self.irr_status]


def evaluate_many(
    case: ProjectCase, changes: Mapping[str, ArrayLike], engine: Engine = "auto", *, block: int = BLOCK
) -> ManyResults:
    """Evaluate a case under many values of some of its numbers.

    Parameters
    ----------
    case
        A checked case with a price.
    changes
        Paths of numbers and arrays over cases, as :func:`vary` takes them.
    engine
        ``compiled``: one compiled pass. ``plain``: the code of :func:`evaluate`, line by line, with a case axis.
        ``auto``: compiled where the case allows it.
    block
        Cases that the plain engine holds at once.

    Returns
    -------
    ManyResults

    Raises
    ------
    DataError
        If the case seeks a price, a path leads nowhere, arrays differ in length, or the compiled engine is
        asked for what it leaves to the plain one.

    Notes
    -----
    Neither engine makes remarks or accounts.
    """
    if case.target is not None:
        raise DataError("a target return sets one price for one case; leave out target to evaluate many cases")
    n_case = max((np.size(value) for value in changes.values()), default=1)
    reason = why_not_compiled(case, changes)
    if engine == "compiled" and reason is not None:
        raise DataError(f'the compiled engine cannot take this case: {reason}; use engine "auto" or "plain"')
    if engine == "plain" or reason is not None:
        return _joined([_plain(case, part) for part in _blocks(changes, n_case, block)])
    return _compiled(case, changes, n_case)


def _blocks(changes: Mapping[str, ArrayLike], n_case: int, block: int) -> Iterator[dict[str, ArrayLike]]:
    for start in range(0, n_case, block):
        yield {
            path: np.asarray(value)[start : start + block] if np.size(value) > 1 else value
            for path, value in changes.items()
        }


def _joined(parts: list[ManyResults]) -> ManyResults:
    if len(parts) == 1:
        return parts[0]
    joined = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(ManyResults)
        if field.name != "debt_limits"
    }
    return ManyResults(debt_limits=parts[0].debt_limits, **joined)


def _limit_names(case: ProjectCase) -> tuple[str, ...]:
    """Names of the limits that a case has, in the order in which both engines look at them."""
    debt = case.debt
    if debt is None:
        return ()
    had = {
        "dscr": debt.dscr_ratio is not None,
        "cash": debt.profile == "sculpted",
        "share": debt.share_frac is not None,
        "gearing": True,
        "loan_to_value": debt.max_loan_to_value_frac is not None,
        "interest_cover": debt.min_interest_cover_ratio is not None,
    }
    return tuple(name for name, has in had.items() if has)


def _compiled(case: ProjectCase, changes: Mapping[str, ArrayLike], n_case: int) -> ManyResults:
    varied = vary(case, changes)
    tables = pack(case, varied, n_case)
    rows = compiled.metrics_of_cases(
        tables.numbers, tables.vectors, tables.switches, tables.spending_frac, tables.shift_years
    )
    names = _limit_names(case)
    among_all = {name: place for place, name in enumerate(LIMITS)}
    place_of = np.full(len(LIMITS) + 1, -1)
    place_of[[among_all[name] for name in names]] = np.arange(len(names))
    return ManyResults(
        npv_usd=rows[compiled.NPV],
        irr_frac=rows[compiled.IRR],
        irr_status=rows[compiled.IRR_STATE].astype(np.int64),
        debt_usd=rows[compiled.DEBT],
        equity_usd=rows[compiled.EQUITY],
        installed_cost_usd=rows[compiled.DEBT] + rows[compiled.EQUITY],
        debt_binding=place_of[rows[compiled.BINDING].astype(np.int64)],
        debt_limits=names,
        dscr_min_ratio=rows[compiled.DSCR_MIN],
        lcoe_nominal_usd_per_mwh=rows[compiled.LCOE_NOMINAL],
        lcoe_real_usd_per_mwh=rows[compiled.LCOE_REAL],
    )


def _plain(case: ProjectCase, changes: Mapping[str, ArrayLike]) -> ManyResults:
    n_case = max((np.size(value) for value in changes.values()), default=1)
    varied = vary(case, changes)
    price = varied.revenue.price_usd_per_mwh
    books = keep_books(varied, 0.0 if price is None else price, accounts=False)
    grid, rows, sized = books.grid, books.rows, books.sized

    def wide(array: ArrayLike) -> NDArray[np.float64]:
        return np.ascontiguousarray(np.broadcast_to(np.asarray(array, dtype=np.float64), (n_case,)))

    cash = np.broadcast_to(rows["after_tax_equity_usd"], (grid.year.size, n_case))
    rates, status = internal_rates_by_case(cash, grid.exponent_years)
    service = rows["debt_service_usd"]
    never = np.full(np.broadcast_shapes(rows["cfads_usd"].shape, service.shape), np.inf)
    cover = np.divide(
        rows["cfads_usd"], service, out=never, where=np.broadcast_to(is_served(service), never.shape)
    ).min(axis=0)
    assumed, prepaid = wide(assumed_usd(varied)), wide(prepaid_usd(varied))
    debt, equity = wide(rows["debt_drawn_usd"].sum(axis=0)) - assumed, wide(rows["equity_paid_in_usd"].sum(axis=0))
    binding = np.full(n_case, -1) if sized is None else np.broadcast_to(sized.binding, (n_case,)).copy()
    return ManyResults(
        npv_usd=wide(net_present_value_usd(varied, grid, cash)),
        irr_frac=rates,
        irr_status=status,
        debt_usd=debt,
        equity_usd=equity,
        installed_cost_usd=debt + equity + assumed + prepaid,
        debt_binding=binding.astype(np.int64),
        debt_limits=() if sized is None else tuple(sized.limits_usd),
        dscr_min_ratio=wide(np.where(np.isfinite(cover), cover, np.nan)),
        lcoe_nominal_usd_per_mwh=wide(levelised_usd_per_mwh(varied, grid, rows, real=False)),
        lcoe_real_usd_per_mwh=wide(levelised_usd_per_mwh(varied, grid, rows, real=True)),
    )


def compile_project_kernels() -> None:
    """Leave the compiled pass and the search for roots in the cache, for a process with nothing better to do."""
    case = ProjectCase(
        analysis_years=2,
        energy=Energy(year1_mwh=1.0),
        revenue=Revenue(price_usd_per_mwh=1.0),
        capital=Capital(parts=(CostPart(name="one", usd=1.0),)),
        discounting=Discounting(nominal_frac=0.1),
    )
    evaluate_many(case, {"capital.parts.0.usd": np.ones(2)}, "compiled")
    all_internal_rates([-1.0, 1.1])
