"""One project of ``wattworth finance`` as a sheet of live formulas, from its inputs to the owners' return."""

from __future__ import annotations

from typing import Final

import numpy as np

from wattworth.errors import SolveError
from wattworth.finance.project import ProjectCase, ProjectResult
from wattworth.reports.workbook.project_base import Draft, refuse_what_has_no_formulas
from wattworth.reports.workbook.project_debt import covers, financing, service, size
from wattworth.reports.workbook.project_operations import capital, operation, reserves, write_off
from wattworth.reports.workbook.project_owners import balance, owners, reserve_totals, tax, worth
from wattworth.reports.workbook.sheet import Sheet
from wattworth.reports.workbook.wording import as_is, say, word

PROJECT: Final = "Project"
_SUMMARY_LINES: Final = 5
_RELATIVE: Final = 1e-9


def project_sheet(case: ProjectCase, result: ProjectResult) -> Sheet:
    """Put together the sheet of a project.

    Parameters
    ----------
    case, result
        A case, and what :func:`wattworth.finance.project.evaluate` found.

    Raises
    ------
    DataError
        If a part of the case has no formulas, naming all that have none.
    SolveError
        If the formulas do not give what the engine gives; it is a defect of the program.
    """
    refuse_what_has_no_formulas(case)
    sells = case.terminal.exit_cap_rate_frac is not None
    years = [*result.year.tolist(), *([case.analysis_years + 1] if sells else [])]
    labels = tuple(
        say("year after, for the sale") if year > case.analysis_years else say("year {number}", number=year)
        for year in years
    )
    sheet = Sheet(PROJECT, say("Project"), as_is(case.name or ""), labels, years[0], "year")
    sheet.head(say("What it is worth to its owners"))
    places = sheet.reserve(_SUMMARY_LINES)
    sheet.note(
        say(
            "Convention {convention}; tax losses {tax_losses}. Blue is entered, black is computed.",
            convention=as_is(case.convention),
            tax_losses=word("losses", case.tax_losses),
        )
    )
    draft = Draft(case, sheet, result.price_usd_per_mwh or 0.0)
    capital(draft)
    operation(draft)
    write_off(draft)
    reserves(draft)
    debt = size(draft)
    financing(draft, debt)
    service(draft, debt)
    reserve_totals(draft)
    tax(draft)
    owners(draft)
    covers(draft, debt)
    worth(draft, result, places)
    balance(draft)
    _agree(draft, result)
    return sheet


def _agree(draft: Draft, result: ProjectResult) -> None:
    """Stop where the formulas do not give the statement of the engine."""
    n_year = result.year.size
    for name, engine in result.statement.items():
        if name not in draft.rows:
            continue
        found, wanted = draft.rows[name].values[:n_year], np.nan_to_num(engine)
        worst = float(np.abs(found - wanted).max())
        if not worst <= _RELATIVE * max(float(np.abs(wanted).max()), 1e3):
            place = int(np.abs(found - wanted).argmax())
            raise SolveError(
                f"{result.name}, {name}, year {result.year[place]}: the workbook gives {found[place]:.4f}, "
                f"the engine {wanted[place]:.4f}; please report this case"
            )
