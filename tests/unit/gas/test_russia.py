"""The packaged study: it runs, balances, and says what the note says."""

from __future__ import annotations

import json

import pytest

from wattworth import facts
from wattworth.gas import bridge_of, document_of, run_gas
from wattworth.gas.uses import USES


@pytest.fixture(scope="module")
def found():
    return document_of(run_gas("russia-gas", relax=False))


def test_it_balances_and_its_document_is_plain(found):
    assert found["imbalance_bcm"] <= 1e-6
    text = json.dumps(found, allow_nan=False)
    assert "NaN" not in text
    assert {case["case"] for case in found["cases"]} == {"2025", "2026"}


def test_what_is_barred_is_not_built(found):
    built = {row["option"]: sum(row["built"]) for row in found["allocation"]["options"]}
    assert built["ai-cloud-ural"] == built["ai-turnkey-ural"] == 0
    europe = next(row for row in found["allocation"]["options"] if row["option"] == "europe")
    assert not any(europe["gas_bcm"][2:])


def test_weak_rows_are_named(found):
    named = {row["name"] for row in found["weakest"]}
    assert {"west-siberia", "power-of-siberia-2", "urea.capex", "ai-demand"} <= named


def test_bridge():
    """The note, section 10: 0.5, 0.40, 0.27 and 0.16 bcm a day; 119, 95, 65, 39 GW; 85, 68, 46, 28 GW of IT."""
    steps = bridge_of(facts.load()).steps
    assert [round(step.per_day_bcm, 2) for step in steps] == [0.50, 0.40, 0.27, 0.16]
    assert [round(step.ccgt_gw) for step in steps] == [119, 95, 65, 39]
    assert [round(step.it_gw) for step in steps] == [85, 68, 46, 28]


def test_every_use_declares_what_it_reads():
    book = facts.load()
    for use in USES.values():
        assert not [key for key in use.fact_keys if key not in book], use.name
        use.plant(book, 2025)
