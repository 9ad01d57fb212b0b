"""The packaged study of flares: what its answer must be like."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.gas import document_of, run_gas


@pytest.fixture(scope="module")
def found():
    return run_gas("permian-flare", relax=False)


def test_movable_plants_are_the_answer(found):
    """Proves: what is built is small, movable and many; no line pays at a hub that pays less than nothing."""
    plan, outlets = found.plan, found.plan.problem.outlets
    built = {use: plan.plants[[own == use for own in outlets.uses]].sum() for use in set(outlets.uses)}
    movable = built["field_power"] + built["gas_to_bitcoin"]
    assert movable >= 10.0
    assert sum(built.values()) == movable
    assert plan.lines.sum() == 0.0


def test_all_gas_goes_somewhere_and_falls(found):
    plan = found.plan
    assert plan.supply == pytest.approx(np.broadcast_to(plan.problem.fields.volume, plan.supply.shape))
    assert (np.diff(plan.supply.sum(axis=1), axis=1) < 0.0).all()
    assert plan.imbalance_bcm <= 1e-6


def test_both_price_cases_and_a_source_in_every_row(found):
    document = document_of(found)
    assert [case["case"] for case in document["cases"]] == ["2025", "2026"]
    study = found.study
    for row in (*study.nodes, *study.links, *study.options, *study.limits, *study.prices):
        assert row.source, row
