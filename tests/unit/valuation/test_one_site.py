"""What one site is asked on top of a run: its yearly cash has the draws of the run, its drivers are swings."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth import uses
from wattworth.errors import StudyError
from wattworth.valuation import Run, one_site
from wattworth.valuation.assemble import assemble
from wattworth.valuation.one_site import drivers, yearly_cash
from wattworth.valuation.plan import plan
from wattworth.valuation.sensitivity import Swing


def valued(run: Run) -> list[str]:
    """Sites with a best use."""
    return [site["site_id"] for site in run.result["sites"] if site["valued"] and site["best_use"]]


def test_cash_of_a_site_alone_is_that_of_the_run(run: Run) -> None:
    """Proves: the mean over the draws is the run's own in every use, though the site is worked out alone.

    Sensitivity: another seed, another order of draws or a padded draw that counts moves every sum.
    """
    assert run.study is not None
    laid_out = plan(run.study, uses.fact_book(), n_draw=run.result["draws"], seed=run.result["seed"])
    _, drawn = assemble(laid_out, workers=1)
    names, leased = list(laid_out.uses), "leased_gross_mw"
    chosen = {next(site["site_id"] for site in run.result["sites"] if site["valued"] and bool(site[leased]) == signed)
              for signed in (True, False)}  # fmt: skip
    for i, site_plan in enumerate(laid_out.sites):
        site_id = site_plan.site.site_id
        if site_id not in chosen:
            continue
        for use in laid_out.available[i]:
            found = yearly_cash(run, site_id, use)
            assert found.cash_usd.shape == (found.years.size, run.result["draws"])
            whole = drawn.mean_cash_usd[i * len(names) + names.index(use)].sum()
            assert found.cash_usd.mean(axis=1).sum() == pytest.approx(whole, rel=1e-9, abs=1e-3)


def test_years_are_those_of_the_calendar_and_their_quantiles_in_order(run: Run) -> None:
    site_id = valued(run)[0]
    found = yearly_cash(run, site_id)
    document = found.document()
    assert found.years[0] == int(run.result["as_of"][:4])
    assert np.all(np.diff(found.years) == 1)
    assert document["use"] == run.site(site_id)["best_use"]
    assert all(row["p10"] <= row["p50"] <= row["p90"] for row in document["years"])
    first = document["years"][0]
    assert first["p50"] == pytest.approx(float(np.median(found.cash_usd[0])))
    assert yearly_cash(run, site_id).cash_usd.tobytes() == found.cash_usd.tobytes()


def test_drivers_are_the_swings_of_the_best_use_widest_first(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: what moves nothing, or another use only, is left out, and a fact that lowers the value counts as much."""
    site_id = valued(run)[0]
    use = run.site(site_id)["best_use"]
    a, b, c, d = "btc.price", "discount.base_rate", "tax.state_rate", "renewal.chance"
    made = [
        Swing(a, {use: 1.0}, {use: 4.0}),
        Swing(b, {use: 9.0}, {use: 2.0}),
        Swing(c, {use: 5.0, "other": 1.0}, {use: 5.0, "other": 9.0}),
        Swing(d, {"other": 0.0}, {"other": 1.0}),
    ]
    monkeypatch.setattr(one_site, "swings", lambda _: made)
    found = drivers(run, site_id)
    assert [(row["fact"], row["best"]["at_low_usd"], row["best"]["at_high_usd"]) for row in found] == [
        (b, 9.0, 2.0),
        (a, 1.0, 4.0),
    ]
    fact = uses.fact_book().get(b)
    assert (found[0]["low"], found[0]["high"], found[0]["unit"]) == (fact.low, fact.high, fact.unit)


def test_what_cannot_be_asked_is_said(run: Run) -> None:
    site_id = valued(run)[0]
    with pytest.raises(StudyError, match='use "fishing" is not open to it; there is'):
        yearly_cash(run, site_id, "fishing")
    with pytest.raises(StudyError):
        yearly_cash(run, "no-such-site")
    with pytest.raises(StudyError, match="does not hold its study"):
        drivers(Run(run.result, run.draws, None), site_id)
