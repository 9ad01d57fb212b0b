"""A site split into parts of one state each: leased, energised, being built, undeveloped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wattworth.study.schema import Site

PartState = Literal["leased", "energised", "construction", "undeveloped"]
Stage = Literal["secured", "study"]


@dataclass(frozen=True, slots=True)
class Part:
    """Megawatts of one site in one state.

    Attributes
    ----------
    site_id
        The site.
    state
        What the megawatts are.
    stage
        ``study`` where only a load study, option or letter of intent stands behind them.
    gross_mw
        Megawatts at the connection. [MW]
    critical_it_mw
        Critical IT of the lease, None for free parts. [MW]
    mining_gross_mw
        Energised megawatts of the part that mine today; those of a leased part mine until the
        hall takes the power. [MW]
    energised_date
        Planned month of power, ``YYYY-MM``, or None where energised or not stated.
    """

    site_id: str
    state: PartState
    stage: Stage
    gross_mw: float
    critical_it_mw: float | None
    mining_gross_mw: float
    energised_date: str | None


def parts(site: Site, gross_per_it: float) -> tuple[Part, ...]:
    """Split a site into its parts.

    A lease takes megawatts being built first, then operating ones, then the pipeline; of the
    operating ones those that do not mine go first. A lease larger than all of them keeps its
    own gross megawatts. The rest of each state stays free.

    Parameters
    ----------
    site
        A checked site.
    gross_per_it
        Megawatts at the connection per megawatt of critical IT, where a lease states none. [1]

    Returns
    -------
    tuple of Part
        Parts with megawatts, leased first. Empty for a site that is not valued.

    Examples
    --------
    >>> site = Site(site_id="a", name="A", company="C", country="US", operating_gross_mw=267.5,
    ...             construction_gross_mw=500, mining_gross_mw=245, lease_critical_it_mw=426, lease_gross_mw=522.5)
    >>> [(part.state, part.gross_mw, part.mining_gross_mw) for part in parts(site, 1.4)]
    [('leased', 522.5, 0.0), ('energised', 245.0, 245.0)]
    """
    if not site.valued:
        return ()
    operating = site.operating_gross_mw or 0.0
    construction = site.construction_gross_mw or 0.0
    pipeline = site.pipeline_gross_mw or 0.0
    stage: Stage = site.pipeline_stage or "secured"
    mining = min(site.mining_mw, operating)
    leased = leased_gross_mw(site, gross_per_it)

    from_construction = min(leased, construction)
    from_operating = min(leased - from_construction, operating)
    from_pipeline = min(leased - from_construction - from_operating, pipeline)
    free_operating = operating - from_operating
    free_mining = min(mining, free_operating)

    if from_operating or leased > from_construction + from_pipeline:
        leased_date = None
    else:
        leased_date = site.pipeline_date if from_pipeline else site.construction_date
    candidates: tuple[tuple[PartState, Stage, float, float | None, float, str | None], ...] = (
        ("leased", "secured", leased, site.lease_critical_it_mw, mining - free_mining, leased_date),
        ("energised", "secured", free_operating, None, free_mining, None),
        ("construction", "secured", construction - from_construction, None, 0.0, site.construction_date),
        ("undeveloped", stage, pipeline - from_pipeline, None, 0.0, site.pipeline_date),
    )
    return tuple(
        Part(site.site_id, state, its_stage, gross, critical, mines, date)
        for state, its_stage, gross, critical, mines, date in candidates
        if gross > 1e-9
    )


def leased_gross_mw(site: Site, gross_per_it: float) -> float:
    """Megawatts at the connection that the signed lease takes; 0 without one."""
    if site.lease_gross_mw is not None:
        return site.lease_gross_mw
    return (site.lease_critical_it_mw or 0.0) * gross_per_it


def uncovered_mw(site: Site, gross_per_it: float) -> float:
    """Megawatts of the lease that no declared megawatts of the site cover."""
    return max(0.0, leased_gross_mw(site, gross_per_it) - site.gross_mw)
