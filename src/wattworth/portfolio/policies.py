"""Limits in the words of a policy: resources, least shares, order, exclusion, and a connection that sites share."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import StudyError
from wattworth.portfolio.records import Amount, Array, Choices, Limit, Limits, Sense


def in_total(limit: Limit, taken: Array) -> Limits:
    """One limit over all periods.

    Parameters
    ----------
    limit
        Its name, amount and sense.
    taken : array, shape (option,)
        What each option takes, in the unit of the limit.
    """
    from scipy.sparse import csr_array

    return Limits((limit,), csr_array(np.asarray(taken, dtype=np.float64)[None, :]))


def by_period(limit: Limit, taken: Array, amounts: Sequence[Amount]) -> Limits:
    """One limit for each period.

    Parameters
    ----------
    limit
        As for each of them; its name gets the period.
    taken : array, shape (option, period)
        What each option takes in each period.
    amounts
        Shape (period,): how much there is.
    """
    from scipy.sparse import csr_array

    rows = tuple(
        Limit(f"{limit.name}, period {i}", float(amount), limit.sense, limit.unit, limit.kind, limit.relax_step)
        for i, amount in enumerate(amounts)
    )
    return Limits(rows, csr_array(np.asarray(taken, dtype=np.float64).T))


def join(*limits: Limits) -> Limits:
    """All limits of several."""
    from scipy.sparse import vstack

    rows = tuple(row for part in limits for row in part.rows)
    return Limits(rows, vstack([part.takes for part in limits], format="csr"))


def share(name: str, amounts: Array, part: NDArray[np.bool_], share_frac: float, sense: Sense = "at most") -> Limits:
    """A share of what is chosen, such as no more than 40 % with one tenant.

    Parameters
    ----------
    name
        What a user knows it by.
    amounts : array, shape (option,)
        What the share is of, such as megawatts leased.
    part : array, shape (option,)
        Options that count towards the share.
    share_frac
        Most, or least, of the whole.
    sense
        "at most" or "at least".

    Notes
    -----
    The sum over the part less ``share_frac`` of the sum over all is held at nought: linear, and exact.
    """
    taken = np.asarray(amounts, float) * (np.asarray(part, float) - share_frac)
    return in_total(Limit(name, 0.0, sense, kind="share"), taken)


def precedence(choices: Choices, first: str, then: str, lag: int = 0) -> Limits:
    """One site before another: in no period has the second begun and the first not, so many periods earlier.

    Parameters
    ----------
    choices
        Options; those kept as they are never begin.
    first, then
        Names of two sites.
    lag
        Periods that must lie between.
    """
    from scipy.sparse import csr_array

    own, after = _of_site(choices, first), _of_site(choices, then)
    starts = np.asarray(choices.start_period)
    periods = np.unique(starts[after & (starts >= 0)])
    rows, taken = [], np.zeros((len(periods), choices.n_option))
    for i, period in enumerate(periods):
        taken[i, after & (starts >= 0) & (starts <= period)] = 1.0
        taken[i, own & (starts >= 0) & (starts <= period - lag)] -= 1.0
        rows.append(Limit(f"{first} before {then}, period {period}", 0.0, kind="precedence"))
    return Limits(tuple(rows), csr_array(taken))


def exclusion(choices: Choices, sites: Sequence[str], most: int = 1) -> Limits:
    """No more than so many of some sites change."""
    own = np.logical_or.reduce([_of_site(choices, site) for site in sites])
    taken = np.where(own & (np.asarray(choices.start_period) >= 0), 1.0, 0.0)
    return in_total(Limit(f"at most {most} of {', '.join(sites)}", float(most), kind="exclusion"), taken)


def shared_connection(choices: Choices, sites: Sequence[str], gross_mw: Array, most_mw: float) -> Limits:
    """Several sites behind one connection, which carries no more than so much in any period.

    Parameters
    ----------
    choices
        Options.
    sites
        Who shares it.
    gross_mw : array, shape (option, period)
        What each option draws in each period. [MW]
    most_mw
        What the connection carries. [MW]
    """
    own = np.logical_or.reduce([_of_site(choices, site) for site in sites])
    taken = np.asarray(gross_mw, dtype=np.float64) * own[:, None]
    limit = Limit(f"connection of {', '.join(sites)}", most_mw, unit="MW", kind="connection", relax_step=10.0)
    return by_period(limit, taken, [most_mw] * taken.shape[1])


def _of_site(choices: Choices, site: str) -> NDArray[np.bool_]:
    """Which options are a site's."""
    if site not in choices.sites:
        near = get_close_matches(site, choices.sites, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise StudyError(f"got site {site!r}, which is not in the portfolio{hint}")
    return choices.site == choices.sites.index(site)
