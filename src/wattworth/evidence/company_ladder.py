"""Why a company's sum of the parts is not what its watts would be worth, were all of them leased and built today."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from wattworth.evidence.market_values import Worth, usd_per_w
from wattworth.units import W_PER_MW
from wattworth.valuation import Run
from wattworth.valuation.totals import without_customer

Document = dict[str, Any]

STEPS: Final = {
    "created": "level: every firm watt let and built today: the bank's first-year income x multiple less the hall",
    "delay": "income that starts late, and capital spent before it, at the base rate",
    "capital": "contracted years and a capped residual instead of the multiple; taxes, contingency, overhead, the "
    "cost of leasing and upkeep; less what is already spent",
    "lease": "the mine until the hall takes the power, and the chance that tenant and power come",
    "converted": "level: every firm watt converted as the watts with a waterfall are, weighed with failure",
    "status": "what the company's watts are instead: see the parts of this step",
    "ours": "level: our risked sum of the parts at the share counted, per firm gross watt",
    "other watts": "the same dollars over the secured watts the company states instead of the study's firm ones",
    "remainder": "what the market pays above our sum of the parts, in dollars per secured watt",
    "market": "level: market value per secured gross watt",
}
"""Steps of the ladder in order, each with what it holds."""

STATUS_PARTS: Final = {
    "no lease possible": "firm watts of sites without a waterfall: their own value instead of a conversion's",
    "study only": "value of watts that are only in study, which no firm watt stands for",
    "better use": "sites whose best use is not a turnkey lease: what that use adds",
    "other parts": "a turnkey lease of the whole site instead of the one part the waterfall speaks of, central path",
    "all draws": "the mean of all draws instead of the central path",
    "tenant limit": "conversions that no tenant is left for, counted in their next best use",
}
"""What the step ``status`` is made of; the parts add up to it."""

LEVELS: Final = ("created", "converted", "ours", "market")

_OF_WATERFALL: Final = {
    "delay": ("time",),
    "capital": ("residual", "capital", "already spent"),
    "lease": ("mine until then", "chance"),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of a company's sum of the parts over the real-world draws.

    Attributes
    ----------
    p10_usd, p50_usd, p90_usd
        A tenth, half, nine tenths of the draws lie below. [USD]
    """

    p10_usd: float
    p50_usd: float
    p90_usd: float


@dataclass(frozen=True, slots=True)
class Ladder:
    """From what a bank would call created to our value, per firm gross watt of a company.

    Attributes
    ----------
    steps
        Name to dollars per watt, in the order of :data:`STEPS` up to ``ours``; levels and changes. [$/W]
    status
        Parts of the step ``status``, by key of :data:`STATUS_PARTS`. [$/W]
    with_waterfall_frac
        Share of the firm watts that a waterfall speaks for. [1]
    """

    steps: Mapping[str, float]
    status: Mapping[str, float]
    with_waterfall_frac: float

    def document(self) -> Document:
        """As JSON holds it."""
        return {
            "with_waterfall_frac": self.with_waterfall_frac,
            "steps": [_step(name, dollars) for name, dollars in self.steps.items()],
            "status": [{"part": name, "usd_per_gross_w": dollars} for name, dollars in self.status.items()],
        }


@dataclass(frozen=True, slots=True)
class Ending:
    """From our value to the market's.

    Attributes
    ----------
    worth
        The market value it ends at.
    steps
        ``other watts``, ``remainder`` and ``market``. [$/W]
    """

    worth: Worth
    steps: Mapping[str, float]

    def document(self) -> Document:
        """As JSON holds it."""
        return {"basis": self.worth.basis, "steps": [_step(name, dollars) for name, dollars in self.steps.items()]}


def company_ladders(result: Document) -> dict[str, Ladder | str]:
    r"""The ladder of each company of a run, or why it has none.

    Parameters
    ----------
    result
        Document of a run.

    Notes
    -----
    With counted share :math:`w_s`, firm watts :math:`F_s`, :math:`F = \sum w_s F_s` and :math:`f_s = w_s F_s / F`,
    each step up to ``converted`` is :math:`\sum f_s x_s / \sum f_s` over the sites with a waterfall, whose steps
    :math:`x_s` are per gross watt of the part that could be let. ``ours`` is the company's total over :math:`F`, and
    ``status`` what lies between.
    """
    by_company: dict[str, list[Document]] = {}
    for site in result["sites"]:
        if site["valued"]:
            by_company.setdefault(site["company"], []).append(site)
    return {
        row["company"]: _ladder(by_company[row["company"]], row["npv_usd"]) for row in result["totals"]["by_company"]
    }


def _ladder(sites: Sequence[Document], total_usd: float) -> Ladder | str:
    firm_w = math.fsum(_firm_w(site) for site in sites)
    if firm_w <= 0:
        return "no firm watts are counted in the study"
    led = [site for site in sites if site["waterfall"] and _firm_w(site) > 0]
    led_w = math.fsum(map(_firm_w, led))
    if led_w <= 0:
        return "no firm watts that could be let: no waterfall"
    falls = {site["site_id"]: {row["step"]: row["usd_per_gross_w"] for row in site["waterfall"]} for site in led}

    def mean(names: Sequence[str]) -> float:
        return math.fsum(_firm_w(s) * falls[s["site_id"]][name] for s in led for name in names) / led_w

    steps = {"created": mean(("created",)), **{name: mean(of) for name, of in _OF_WATERFALL.items()}}
    converted = mean(("risked",))
    status = dict.fromkeys(STATUS_PARTS, 0.0)
    for site in sites:
        own_w, best_usd = _firm_w(site), site["counted_frac"] * _mean_usd(site, site["best_use"])
        if own_w <= 0:
            status["study only"] += best_usd / firm_w
        elif site["site_id"] not in falls:
            status["no lease possible"] += (best_usd - own_w * converted) / firm_w
        else:
            let_usd = site["counted_frac"] * _mean_usd(site, "turnkey")
            central_usd = site["counted_frac"] * site["uses"]["turnkey"]["central"]["risked_npv_usd"]
            status["better use"] += (best_usd - let_usd) / firm_w
            status["all draws"] += (let_usd - central_usd) / firm_w
            status["other parts"] += (central_usd - own_w * falls[site["site_id"]]["risked"]) / firm_w
    uncapped_usd = math.fsum(site["counted_frac"] * _mean_usd(site, site["best_use"]) for site in sites)
    status["tenant limit"] = (total_usd - uncapped_usd) / firm_w
    ours = total_usd / firm_w
    return Ladder({**steps, "converted": converted, "status": ours - converted, "ours": ours}, status, led_w / firm_w)


def ending(worth: Worth, secured_mw: float, ours_usd: float, firm_mw: float) -> Ending:
    """From our value per firm watt of the study to a market value per secured watt of the company.

    Parameters
    ----------
    worth
        Market value.
    secured_mw, firm_mw
        The company's secured and the study's firm power, both above nil. [MW]
    ours_usd
        Our sum of the parts. [USD]
    """
    over_secured, market = usd_per_w(ours_usd, secured_mw), usd_per_w(worth.worth_usd, secured_mw)
    steps = {
        "other watts": over_secured - usd_per_w(ours_usd, firm_mw),
        "remainder": market - over_secured,
        "market": market,
    }
    return Ending(worth, steps)


def company_spreads(run: Run) -> dict[str, Spread]:
    """Percentiles of each company's sum of the parts, draw by draw at the share counted, as totals are.

    Parameters
    ----------
    run
        A run; a company with a site that no tenant is left for is left out where the run holds no study.
    """
    sums: dict[str, Any] = {}
    unknown: set[str] = set()
    for company, site_id, use, counted_frac in _counted(run):
        if use is None:
            unknown.add(company)
        else:
            drawn = run.draws[site_id, use]["risked_npv_real_world_usd"]
            sums[company] = sums.get(company, 0.0) + counted_frac * np.asarray(drawn, dtype=np.float64)
    return {
        company: Spread(*(float(q) for q in np.quantile(drawn, (0.1, 0.5, 0.9))))
        for company, drawn in sums.items()
        if company not in unknown
    }


def _counted(run: Run) -> Iterator[tuple[str, str, str | None, float]]:
    """Company, site, the use it is counted in (None where that cannot be told) and its share. [1]"""
    squeezed = set(run.result["tenant_demand"]["squeezed"])
    for site in run.result["sites"]:
        if not site["valued"] or site["best_use"] is None:
            continue
        use: str | None = site["best_use"]
        if site["site_id"] in squeezed:
            means = {
                name: found["risked_npv_usd"]["mean"] for name, found in site["uses"].items() if found["available"]
            }
            use = None if run.study is None else without_customer(run.study, means)
        yield site["company"], site["site_id"], use, site["counted_frac"]


def sum_of_parts_usd(sites: Sequence[tuple[float, float, float]], rate_frac: float, net_debt_usd: float) -> float:
    """A bank's risked sum of the parts: chance times value, discounted over the wait, less net debt. [USD]

    Parameters
    ----------
    sites
        Value on success [USD], chance [1] and wait [years] of each.
    rate_frac
        Discount rate. [1/year]
    net_debt_usd
        Debt less cash. [USD]

    Examples
    --------
    >>> round(sum_of_parts_usd([(3e9, 0.8, 1.5), (3e9, 0.4, 3.0)], 0.10, 1.1e9) / 1e6, 2)
    1881.86
    """
    return math.fsum(usd * chance / (1 + rate_frac) ** years for usd, chance, years in sites) - net_debt_usd


def chance_sd_usd(worth_usd: float, chance_frac: float, wait_years: float, rate_frac: float) -> float:
    """Standard deviation of a site that either comes off or is worth nothing. [USD]

    Parameters
    ----------
    worth_usd
        Value on success. [USD]
    chance_frac
        Chance of it. [1]
    wait_years
        Years until then. [year]
    rate_frac
        Discount rate. [1/year]

    Examples
    --------
    >>> round(chance_sd_usd(3e9, 0.8, 1.5, 0.10) / 1e6, 2)
    1040.14
    """
    return worth_usd / (1 + rate_frac) ** wait_years * math.sqrt(chance_frac * (1 - chance_frac))


def _firm_w(site: Document) -> float:
    return site["counted_frac"] * site["firm_gross_mw"] * W_PER_MW


def _mean_usd(site: Document, use: str | None) -> float:
    return 0.0 if use is None else site["uses"][use]["risked_npv_usd"]["mean"]


def _step(name: str, dollars: float) -> Document:
    return {"step": name, "usd_per_gross_w": dollars, "level": name in LEVELS}
