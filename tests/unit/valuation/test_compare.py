"""What changed between two runs, and the bridge between their totals."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from tests import studies
from wattworth.errors import StudyError
from wattworth.study import Study
from wattworth.valuation import Run, value
from wattworth.valuation.bridge import CLOSING, total_usd
from wattworth.valuation.compare import NOT_SPLIT, compare

USES = ("bitcoin", "turnkey", "hold")


def _study(*sites: Any, **changes: Any) -> Study:
    full = studies.study(*(sites or (studies.MINE, studies.QUEUE)), **changes)
    return replace(full, uses={name: full.uses[name] for name in USES})


def _run(study: Study, draws: int = 256, seed: int = 3) -> Run:
    return value(study, draws=draws, seed=seed, workers=1)


def _compared(before: Run, after: Run) -> dict[str, Any]:
    """The comparison, both bridges checked to close."""
    found = compare(before, after, workers=1)
    change = total_usd(after.result) - total_usd(before.result)
    within = max(0.01, 1e-12 * max(abs(total_usd(each.result)) for each in (before, after)))
    assert found["change_usd"] == change
    for bridge in ("by_site", "by_cause"):
        assert abs(sum(row["change_usd"] for row in found[bridge]) - change) <= within, bridge
    assert abs(found["by_cause"][-1]["total_usd"] - total_usd(after.result)) <= within
    return found


def _steps(found: dict[str, Any]) -> list[str]:
    return [row["step"] for row in found["by_cause"]]


@pytest.fixture(scope="module")
def plain() -> Run:
    return _run(_study())


def test_a_run_compared_with_itself_has_not_changed(plain: Run) -> None:
    found = _compared(plain, plain)
    assert (found["change_usd"], _steps(found)) == (0.0, [CLOSING])
    assert not any(any(kind.values()) if isinstance(kind, dict) else kind for kind in found["changes"].values())
    assert {row["change_usd"] for row in found["by_site"]} == {0.0}


def test_each_change_has_its_step_and_its_line(plain: Run) -> None:
    """Proves: the steps are what the studies on the way are worth. Sensitivity: a change forgotten on the way would
    stand in the last step, which is nought as the same program made both runs."""
    mine = studies.MINE.model_copy(update={"operating_gross_mw": 120.0})
    after = _study(
        mine,
        studies.INTERRUPTIBLE,
        facts={"btc.price": 150_000.0, "fleet.efficiency": 18.0},
        tax_losses="group",
    )
    options = after.uses["turnkey"]
    name = next(field for field, told in type(options).model_fields.items() if told.annotation is bool)
    changed = options.model_copy(update={name: not getattr(options, name)})
    after = replace(after, uses={"bitcoin": after.uses["bitcoin"], "turnkey": changed})
    found = _compared(plain, _run(after, draws=300, seed=4))
    assert _steps(found) == [
        "settings",
        "fact",
        "fact",
        "sites removed",
        "sites changed",
        "sites added",
        "uses",
        "draws and seed",
        CLOSING,
    ]
    assert found["by_cause"][-1]["change_usd"] == 0.0
    assert {row["detail"] for row in found["by_cause"][1:3]} == {"btc.price", "fleet.efficiency"}
    changes = found["changes"]
    assert changes["settings"] == [{"name": "tax_losses", "before": "carried", "after": "group"}]
    assert (changes["sites"]["added"], changes["sites"]["removed"]) == (["interruptible"], ["queue"])
    assert changes["sites"]["changed"] == [
        {"site_id": "mine", "column": "operating_gross_mw", "before": 100.0, "after": 120.0}
    ]
    assert [(fact["key"], fact["after"]["value"], fact["packaged"]) for fact in changes["facts"]] == [
        ("btc.price", 150_000.0, False),
        ("fleet.efficiency", 18.0, False),
    ]
    assert changes["facts"][0]["before"]["value"] > 0
    assert changes["uses"]["removed"] == ["hold"]
    assert changes["uses"]["changed"] == [
        {"use": "turnkey", "option": name, "before": getattr(options, name), "after": not getattr(options, name)}
    ]
    assert [row["name"] for row in changes["run"]] == ["draws", "seed"]


def test_one_changed_fact_is_the_whole_bridge(plain: Run) -> None:
    after = _run(_study(facts={"btc.price": 150_000.0}))
    found = _compared(plain, after)
    assert _steps(found) == ["fact", CLOSING]
    assert found["by_cause"][0]["change_usd"] == pytest.approx(found["change_usd"], rel=1e-12)
    assert found["change_usd"] != 0.0


def test_many_facts_are_valued_one_by_one_and_the_rest_together(plain: Run) -> None:
    rows = [row for row in plain.result["weakest_facts"] if row["low"] is not None and row["unit"] == "frac"][:10]
    after = _run(_study(facts={row["key"]: (row["low"] + row["value"]) / 2 for row in rows}))
    found = _compared(plain, after)
    assert _steps(found) == [*["fact"] * 8, "facts", CLOSING]
    assert found["by_cause"][8]["detail"].count(",") == 1


def test_squeezed_sites_count_in_the_use_that_needs_no_tenant() -> None:
    """Proves: the bridge by site follows the totals where tenants run out. Sensitivity: with the best use in place of
    the next best the sites would not sum to the total, and a step would say so."""
    retrofit = studies.RETROFIT.model_copy(update={"ownership_frac": 0.6})
    wide = _run(_study(retrofit, studies.MINE, tenant_demand_gw_per_year=100.0))
    narrow = _run(_study(retrofit, studies.MINE, tenant_demand_gw_per_year=0.0))
    squeezed = narrow.result["tenant_demand"]["squeezed"]
    assert squeezed
    assert not wide.result["tenant_demand"]["squeezed"]
    found = _compared(wide, narrow)
    assert NOT_SPLIT not in {row["site_id"] for row in found["by_site"]}
    for row in found["by_site"]:
        if row["site_id"] in squeezed:
            assert (row["before_use"], row["after_use"]) in {("turnkey", "bitcoin"), ("turnkey", "hold")}
    assert found["by_site"][0]["change_usd"] < 0


def test_what_the_records_cannot_split_has_its_own_step(plain: Run) -> None:
    other = copy.deepcopy(plain.result)
    other["totals"]["npv_usd"]["mean"] += 5e6
    found = _compared(plain, replace(plain, result=other))
    last = found["by_site"][-1]
    assert last["site_id"] == NOT_SPLIT
    assert last["change_usd"] == pytest.approx(5e6)
    assert found["by_cause"][-1]["change_usd"] == pytest.approx(5e6)


def test_a_fact_that_the_package_has_changed_is_a_cause(plain: Run) -> None:
    """A run whose study changes no fact, and whose record holds another price of bitcoin than today's package."""
    old = replace(_run(_study(facts={"btc.price": 150_000.0})), study=plain.study)
    found = _compared(old, plain)
    assert [(fact["key"], fact["packaged"]) for fact in found["changes"]["facts"]] == [("btc.price", True)]
    assert _steps(found) == ["fact", CLOSING]
    assert found["by_cause"][-1]["change_usd"] == 0.0


def test_a_step_that_cannot_be_valued_is_taken_with_the_next(plain: Run) -> None:
    after = _run(_study(studies.INTERRUPTIBLE))
    found = _compared(plain, after)
    assert _steps(found) == ["sites removed and sites added", CLOSING]
    assert found["by_cause"][0]["detail"] == "mine, queue; interruptible"


def test_a_run_without_its_study_is_refused(plain: Run) -> None:
    with pytest.raises(StudyError, match="does not hold its study"):
        compare(plain, replace(plain, study=None))
