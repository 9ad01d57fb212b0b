"""The search over designs: each one tried gives its cost and a bound on all others."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import SolveError
from wattworth.supply.bundle import Answer, Box, Minimum, Plane, minimise
from wattworth.supply.bundle_bounds import Terms
from wattworth.supply.slopes import Capacities, Course, Cut, Hours, Slopes, bound_elsewhere, room_for
from wattworth.supply.slopes_limit import Limited, less_limit, run_within_limit

WEEK_H: Final = 168
"""Hours of a week."""

YEAR_WEEKS: Final = 52
"""Whole weeks of a year."""

_LIMIT_SHARE: Final = 0.1
_ROUGH_FRAC: Final = 1e-3
_SMALL_FRAC: Final = 0.01
_DOUBLINGS: Final = 24

Known = list[tuple[Capacities, Answer]]


class Designs:
    """Designs of a system, tried one after the other; counts the runs over the hours and the segments they visit."""

    def __init__(self, hours: Hours, terms: Terms, limit_mwh: float, gap_frac: float) -> None:
        self.every_hour, self.hours = hours, hours.alike_together()
        self.terms, self.limit_mwh, self.gap_frac = terms, limit_mwh, gap_frac
        self.price_usd_per_mwh = float(hours.price_usd_per_mwh[0, -1])
        self.best_usd_per_year = np.inf
        self.policy = room_for(self.hours)
        self.course: Course | None = None
        self.n_run = self.n_segment = 0

    def run(self, capacities: Capacities, tolerance_usd: float, enough_usd: float = np.inf) -> Limited:
        """Run one design within the limit, or only so far as to know that it costs more than enough."""
        first = self.price_usd_per_mwh
        limits = self.limit_mwh, first, tolerance_usd, enough_usd
        limited = run_within_limit(self.hours, capacities, *limits, self.policy)
        self.course = limited.course or self.course
        self.n_run += limited.n_run
        self.n_segment += limited.n_segment
        if limited.runs:
            self.price_usd_per_mwh = limited.unserved_usd_per_mwh
        return limited

    def answer(self, capacities: Capacities, *, is_wanted: bool = False) -> Answer:
        """Yearly cost of a design, and what it says about others; only the latter if it is beaten and not wanted."""
        own, n_year, best = float(self.terms.usd_per_year @ capacities), self.hours.n_year, self.best_usd_per_year
        enough = np.inf if is_wanted else (best - own) * n_year
        size = max(1.0, abs(best)) if np.isfinite(best) else 1.0
        limited = self.run(capacities, _LIMIT_SHARE * self.gap_frac * size * n_year, enough)
        value = own + limited.cost_usd / n_year
        self.best_usd_per_year = min(best, value)
        cuts = tuple(self._yearly(cut, self.terms.usd_per_year) for cut in limited.cuts)
        fences = tuple(self._yearly(fence, np.zeros(len(capacities))) for fence in limited.fences)
        return Answer(value, cuts, fences)

    def sharper(self, capacities: Capacities) -> Plane:
        """A bound from the prices of stored energy of the last design, as good as they can make it for this one."""
        assert self.course is not None
        extra = float(self.course.hours.price_usd_per_mwh[0, -1] - self.hours.price_usd_per_mwh[0, -1])
        cut = less_limit(bound_elsewhere(self.course, capacities), extra, self.limit_mwh)
        return self._yearly(cut, self.terms.usd_per_year)

    def _yearly(self, cut: Cut, usd_per_year: Slopes) -> Plane:
        return cut.constant_usd / self.hours.n_year, usd_per_year + cut.slope / self.hours.n_year

    def first(self) -> Known:
        """Try the least that may be built and each source alone at the peak of the load; more of all until one will do.

        Raises
        ------
        SolveError
            If no design within the bounds meets the limit of unserved energy.
        """
        n, terms = self.hours.n_source, self.terms
        peak_mw = float(self.hours.load_mw.max()) or 1.0
        points = [terms.low]
        for k in range(n):
            point = terms.low.copy()
            point[k] = np.clip(peak_mw, terms.low[k], terms.high[k])
            points.append(point)
        known = [(point, self.answer(point)) for point in points]
        for doubling in range(_DOUBLINGS):
            if np.isfinite(min(answer.value for _, answer in known)):
                return known
            most = np.full(n + 2, peak_mw * 2.0**doubling)
            most[n + 1] *= 4.0
            point = np.clip(most, terms.low, terms.high)
            known.append((point, self.answer(point)))
            if (point == terms.high).all():
                break
        if np.isfinite(known[-1][1].value):
            return known
        share = self.run(known[-1][0], 0.0).unserved_mwh / self.hours.load_mwh
        allowed = self.limit_mwh / self.hours.load_mwh
        raise SolveError(
            f"no design within the bounds meets unserved_max_frac {allowed:.3g}: with the most of everything"
            f" {share:.3g} stays unserved; raise max_mw of a source, or the limit"
        )

    def minimise(self, known: Known, high: Capacities, gap_frac: float, max_designs: int) -> Minimum:
        """Find the best design; capacities that cannot move are left out of the search."""
        free = np.flatnonzero(high > self.terms.low)
        peak_mw = float(self.hours.load_mw.max()) or 1.0

        def whole(part: Capacities) -> Capacities:
            point = self.terms.low.copy()
            point[free] = part
            return point

        def narrowed(answer: Answer) -> Answer:
            cuts, fences = ([self._narrow(plane, free) for plane in group] for group in (answer.cuts, answer.fences))
            return Answer(answer.value, tuple(cuts), tuple(fences))

        if not len(free):
            answer = self.answer(self.terms.low, is_wanted=True)
            return Minimum(self.terms.low, answer.value, max(c + float(s @ self.terms.low) for c, s in answer.cuts), 0)
        found = minimise(
            lambda part: narrowed(self.answer(whole(part))),
            Box(self.terms.low[free], high[free], np.full(len(free), 0.1 * peak_mw)),
            [(point[free], narrowed(answer)) for point, answer in known],
            gap_frac,
            max_designs,
            lambda part: self._narrow(self.sharper(whole(part)), free),
        )
        return Minimum(whole(found.point), found.value, found.least, found.n_call)

    def _narrow(self, plane: Plane, free: NDArray[np.intp]) -> Plane:
        constant, slope = plane
        of_fixed = float(slope @ self.terms.low) - float(slope[free] @ self.terms.low[free])
        return constant + of_fixed, slope[free]

    def rough(self, high: Capacities, max_designs: int) -> Capacities | None:
        """The best design for every other week of a year, from all years in turn; None for less than two years.

        Where to begin, no more: nothing about it is proved for the whole.
        """
        n_turn = len(self.every_hour.load_mw) // (YEAR_WEEKS * WEEK_H)
        if n_turn < 2:
            return None
        weeks = np.arange(0, YEAR_WEEKS, 2)
        weeks += YEAR_WEEKS * (np.arange(len(weeks)) % n_turn)
        taken = (weeks[:, None] * WEEK_H + np.arange(WEEK_H)).ravel()
        hours = self.every_hour.part(taken)
        limit_mwh = self.limit_mwh * hours.load_mwh / self.every_hour.load_mwh
        part = Designs(hours, self.terms, limit_mwh, _ROUGH_FRAC)
        try:
            point = part.minimise(part.first(), high, _ROUGH_FRAC, max_designs).point
        except SolveError:
            point = None
        self.n_run += part.n_run
        self.n_segment += part.n_segment
        return point

    def trimmed(self, found: Minimum, gap_frac: float) -> Minimum:
        """The same without the last crumbs of what is not worth building, if the gap stays as asked."""
        small = _SMALL_FRAC * (float(self.hours.load_mw.max()) or 1.0)
        n = self.hours.n_source
        at_least = found.point - self.terms.low <= small
        at_least[n:] = at_least[n:].any()
        point = np.where(at_least, self.terms.low, found.point)
        if (point == found.point).all():
            return found
        answer = self.answer(point, is_wanted=True)
        if np.isinf(answer.value) or answer.value - found.least > gap_frac * max(abs(answer.value), 1.0):
            return found
        return Minimum(point, answer.value, min(found.least, answer.value), found.n_call + 1)
