"""The sites of a study as supply: when each can run a hall, with what chance, in the use its owner should choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth import timeline, uses
from wattworth.errors import StudyError
from wattworth.gap.curves import SupplyCurve
from wattworth.gap.terms import Mode
from wattworth.records import Calendar
from wattworth.study import Part, Site, Study
from wattworth.valuation.compose import success_latent
from wattworth.valuation.plan import Plan, SitePlan, ai_demand_frac, plan
from wattworth.valuation.run import Run, value

DRAWS: Final = 4_096
VALUE_DRAWS: Final = 2_048
SEED: Final = 7
COUNTRY: Final = "US"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PartCurve:
    """One part of a site that carries AI.

    Attributes
    ----------
    site_id, site, company, iso
        Whose it is, and where.
    state, use
        What the megawatts are, and what becomes of them.
    gross_mw
        Firm power at the connection that the use takes, what another row counts left out. [MW]
    live_frac
        Share of it that runs at the as-of month. [1]
    month
        First month of the hall, shape (draw,). [month]
    chance_frac
        Chance that it comes, shape (draw,). [1]
    comes
        Whether it comes, shape (draw,).
    """

    site_id: str
    site: str
    company: str
    iso: str | None
    state: str
    use: str
    gross_mw: float
    live_frac: float
    month: NDArray[np.int64]
    chance_frac: Array
    comes: NDArray[np.bool_]

    def gw(self, months: NDArray[np.int64], mode: Mode) -> Array:
        """What runs at the end of some months, shape (month, draw). [GW]

        Parameters
        ----------
        months
            Months after the as-of month. [month]
        mode
            ``simulated`` takes it whole or not at all, others times its chance.
        """
        weight = self.comes.astype(np.float64) if mode == "simulated" else self.chance_frac
        new = (self.month <= months[:, None]) * ((1.0 - self.live_frac) * weight)
        live = np.where(months >= 0, self.live_frac, 0.0)[:, None]
        return (live + new) * (self.gross_mw / 1e3)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Megawatts that are not in the curve, and why.

    Attributes
    ----------
    site_id
        Site.
    gross_mw
        Megawatts. [MW]
    reason
        ``use: `` with its name, ``in study``, ``abroad``, or ``counted elsewhere``.
    """

    site_id: str
    gross_mw: float
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class SiteCurves:
    """Energisation of every site of a study whose chosen use is AI.

    Attributes
    ----------
    study, as_of
        Which study, and its month 0.
    draws, seed, value_draws
        Draws of the gates, their seed, and draws behind the chosen uses.
    parts
        What carries AI.
    left_out
        What does not, and why.
    """

    study: str
    as_of: str
    draws: int
    seed: int
    value_draws: int
    parts: tuple[PartCurve, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def site_ids(self) -> tuple[str, ...]:
        """Sites with megawatts in the curve, in study order."""
        return tuple(dict.fromkeys(part.site_id for part in self.parts))

    @property
    def gross_gw(self) -> float:
        """Power of all of them, whenever and if ever it comes. [GW]"""
        return sum(part.gross_mw for part in self.parts) / 1e3

    @property
    def live_gw(self) -> float:
        """Power that runs at the as-of month. [GW]"""
        return sum(part.gross_mw * part.live_frac for part in self.parts) / 1e3

    def months(self, years: range) -> NDArray[np.int64]:
        """Months from the as-of month to the end of each year, shape (year,). [month]"""
        calendar = Calendar(self.as_of, 1)
        return np.array([calendar.index(f"{year}-12") for year in years], dtype=np.int64)

    def site_gw(self, site_id: str, years: range, mode: Mode = "expected") -> Array:
        """The curve of one site, shape (year, draw): nought for one that carries no AI. [GW]"""
        out, months = np.zeros((len(years), self.draws)), self.months(years)
        for part in self.parts:
            if part.site_id == site_id:
                out += part.gw(months, mode)
        return out

    def total_gw(self, years: range, mode: Mode = "expected") -> Array:
        """All sites, shape (year, draw). [GW]"""
        out = np.zeros((len(years), self.draws))
        for site_id in self.site_ids:
            out += self.site_gw(site_id, years, mode)
        return out

    def without(self, *site_ids: str) -> SiteCurves:
        """The same without some sites: supply falls by exactly their curves."""
        kept = tuple(part for part in self.parts if part.site_id not in site_ids)
        return replace(self, parts=kept)

    def supply(self, years: range, mode: Mode = "expected") -> SupplyCurve:
        """The sites in place of a model's bitcoin sites.

        Parameters
        ----------
        years
            Calendar years, those of the model's window.
        mode
            Of the balance it goes into.
        """
        sold = sum(out.gross_mw for out in self.left_out if out.reason == "use: site_sale") / 1e3
        note = (
            f"{self.gross_gw:.1f} GW of firm connection at {len(self.site_ids)} sites of {self.study}, leased for AI "
            f"or with AI as the best use, of which {self.live_gw:.1f} GW run at {self.as_of}; sites that their owner "
            f"should sell ({sold:.1f} GW) are left out, though a buyer may convert them"
        )
        return SupplyCurve(
            "own_sites", f"Sites of {self.study}", "bitcoin_sites", tuple(years), self.total_gw(years, mode), note
        )

    def table(self, years: range) -> list[dict[str, Any]]:
        """One row per site: megawatts, use, and mean gigawatts by year, largest first."""
        rows: list[dict[str, Any]] = []
        for site_id in self.site_ids:
            own = [part for part in self.parts if part.site_id == site_id]
            mean = self.site_gw(site_id, years).mean(axis=1)
            rows.append(
                {
                    "site_id": site_id,
                    "site": own[0].site,
                    "company": own[0].company,
                    "iso": own[0].iso,
                    "uses": sorted({part.use for part in own}),
                    "gross_mw": sum(part.gross_mw for part in own),
                    "success_frac": float(np.average([p.chance_frac.mean() for p in own], weights=_weights(own))),
                    "first_month_p50": float(np.median([np.median(part.month) for part in own])),
                    "mean_gw": dict(zip(map(str, years), mean.tolist(), strict=True)),
                }
            )
        return sorted(rows, key=lambda row: (-row["gross_mw"], row["site_id"]))


def _weights(parts: list[PartCurve]) -> list[float]:
    return [max(part.gross_mw, 1e-9) for part in parts]


def site_curves(
    source: Study | Run,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    value_draws: int = VALUE_DRAWS,
    workers: int | None = 1,
    chosen: Mapping[str, str] | None = None,
    country: str | None = COUNTRY,
) -> SiteCurves:
    """When the sites of a study can run a hall, in the use their owner should choose.

    Parameters
    ----------
    source
        A finished run, whose best uses are taken; or a study, which is valued first.
    draws
        Draws of the gates, rounded up to whole chunks of 256.
    seed
        Of the random numbers; gates and success are those of a valuation of the same seed.
    value_draws, workers
        Of the valuation that chooses the uses of a study; parameters are drawn once in 64 draws, so a few hundred
        leave the choice to chance.
    chosen
        Site to use, in place of a valuation; a site that is not named is left out.
    country
        Only sites there; None for all.

    Returns
    -------
    SiteCurves

    Raises
    ------
    StudyError
        If a run does not hold its study.

    Notes
    -----
    Counted are firm megawatts: leased ones under their lease, and free ones where the best use of the site needs an AI
    customer and the part can serve it. Megawatts in study are left out. The curve is that of the hall, which waits for
    the later of power and building; it counts a site whole, whoever owns it, and once where two rows hold it.
    """
    study = source if isinstance(source, Study) else source.study
    if study is None:
        raise StudyError("the run does not hold its study; value it again, or give the study")
    best, counted = dict(chosen or {}), 0
    if chosen is None:
        run = source if isinstance(source, Run) else value(study, draws=value_draws, seed=seed, workers=workers)
        best = {site["site_id"]: site["best_use"] for site in run.result["sites"] if site["valued"]}
        counted = int(run.result["draws"])
    laid_out = plan(study, uses.fact_book(), n_draw=draws, seed=seed)
    laid_out = replace(laid_out, n_draw=256 * laid_out.n_chunk)
    parts: list[PartCurve] = []
    left_out: list[LeftOut] = []
    present = {site_plan.site.site_id for site_plan in laid_out.sites}
    for site_plan in laid_out.sites:
        site = site_plan.site
        if country is not None and site.country != country:
            left_out.append(LeftOut(site.site_id, site_plan.gross_mw, "abroad"))
            continue
        weight = _counted_frac(laid_out, site_plan, present)
        if weight < 1.0:
            left_out.append(LeftOut(site.site_id, (1.0 - weight) * site_plan.gross_mw, "counted elsewhere"))
        for made in _parts(laid_out, site_plan, best.get(site.site_id), weight):
            if isinstance(made, LeftOut):
                left_out.append(made)
            else:
                parts.append(made)
    return SiteCurves(study.name, study.as_of, laid_out.n_draw, seed, counted, tuple(parts), tuple(left_out))


def _counted_frac(laid_out: Plan, site_plan: SitePlan, present: set[str]) -> float:
    """Share of a site that no other row of the study holds. [1]"""
    counted = 1.0
    for double in laid_out.study.double_counts:
        if double.site_id == site_plan.site.site_id and double.same_as in present:
            counted -= 1.0 if double.mw is None else double.mw / site_plan.gross_mw
    return max(counted, 0.0)


def _parts(laid_out: Plan, site_plan: SitePlan, best: str | None, weight_frac: float) -> Iterator[PartCurve | LeftOut]:
    site, success = site_plan.site, success_latent(laid_out, site_plan.site.site_id)
    for part in site_plan.parts:
        use = site.signed_use if part.state == "leased" else best
        gross_mw = weight_frac * part.gross_mw
        if gross_mw <= 0:
            continue
        if part.stage == "study":
            yield LeftOut(site.site_id, gross_mw, "in study")
            continue
        share = _ai_frac(laid_out, site, part, use)
        if use is None or share <= 0:
            yield LeftOut(site.site_id, gross_mw, f"use: {use or 'none'}")
            continue
        yield _part_curve(laid_out, site_plan, part, use, gross_mw * share, success)


def _ai_frac(laid_out: Plan, site: Site, part: Part, use: str | None) -> float:
    """Share of a part's megawatts that carries AI in a use. [1]"""
    if use is None or use not in uses.registered():
        return 0.0
    if part.state == "leased":
        return 1.0
    if use not in laid_out.uses or laid_out.why_not(use, site, part) is not None:
        return 0.0
    return ai_demand_frac(laid_out.study, use)


def _part_curve(laid_out: Plan, site_plan: SitePlan, part: Part, use: str, gross_mw: float, latent: Array) -> PartCurve:
    from scipy.special import ndtri

    site, chunks = site_plan.site, range(laid_out.n_chunk)
    dates = timeline.first_power(site, part, laid_out.clocks, laid_out.calendar, laid_out.seed, chunks)
    chance = laid_out.drawn_success_frac(site, part)
    leased = part.state == "leased" and bool(part.critical_it_mw)
    live = (site.lease_live_it_mw or 0.0) / (part.critical_it_mw or 1.0) if leased else 0.0
    return PartCurve(
        site_id=site.site_id,
        site=site.name,
        company=site.company,
        iso=site.iso,
        state=part.state,
        use=use,
        gross_mw=gross_mw,
        live_frac=min(live, 1.0),
        month=dates.first_revenue_month,
        chance_frac=chance,
        comes=latent < ndtri(chance),
    )
