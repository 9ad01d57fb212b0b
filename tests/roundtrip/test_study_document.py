"""A study as a document and back is the same study, and a run can be made again from its record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests import studies
from wattworth import facts, store
from wattworth.errors import StudyError
from wattworth.records import HourlySeries, MonthlySeries
from wattworth.study import DoubleCount, Override, Study, fill
from wattworth.study.document import study_document, study_from_document
from wattworth.study.named import CaseFact, NamedCase
from wattworth.valuation import SPECS, fact_keys, read_study, value

MONTHS = MonthlySeries("gas", "gas.csv", "2026-01", (3.1, 0.1 + 0.2), (2.0, 0.1), (4.0, 1.0), forward=True)
HOURS = HourlySeries("power_hours_pjm_west", "h.csv", 8760, 41.5, (1.0,) * 12, (0.5, 1.5), (0.5, 0.5))


def _everything() -> Study:
    case = NamedCase(
        description="All at once.",
        facts={"btc.price": CaseFact(scale=0.5, source="a fall")},
        sites={"mine": {"operating_gross_mw": 90.0, "buildings_reusable": None, "fleet_hashrate_eh_per_s": "derive"}},
        discount={"hold": 0.1},
        commodity_case="2025",
        places={"btc.price": "study.yaml line 9"},
    )
    return studies.study(
        title="كل شيء",
        tenant_demand_gw_per_year=0.25,
        overrides={"btc.price": Override(value=9e4, low=8e4, high=1e5, unit="$/BTC", source="s", confidence="low")},
        double_counts=(DoubleCount(site_id="mine", same_as="queue", reason="one", mw=0.1 + 0.2),),
        discount=dict.fromkeys(SPECS, 0.12),
        cases={"all": case},
        commodity_case="2025",
        market_series={own.name: own for own in (MONTHS, HOURS)},
        places={"btc.price": "study.yaml line 7"},
    )


def _filled() -> Study:
    study = studies.study()
    return fill(study, facts.load(), fact_keys(study) & set(facts.load()))


@pytest.mark.parametrize(
    "make",
    [studies.study, _everything, _filled, lambda: read_study("us-miners")],
    ids=["plain", "everything", "filled", "us-miners"],
)
def test_a_document_turns_back_into_the_same_study(make: Any) -> None:
    """Proves: nothing of a study is lost on its way through JSON. Sensitivity: a forgotten field, a tuple that
    comes back as a list or a rounded number makes the two unequal."""
    study = make()
    document = json.loads(json.dumps(study_document(study), allow_nan=False))
    again = study_from_document(document, SPECS)
    assert again == study
    assert again.places == study.places
    assert list(again.uses) == list(study.uses)
    assert study_document(again) == document


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema_version": 99}, "schema_version is 99, need 1"),
        ({"uses": {"turnky": {}}}, "turnkey"),
        ({"sites": [{"site_id": "x"}]}, "damaged: ValidationError"),
        ({"sites": None}, "damaged: TypeError"),
        ({"colour": "red"}, 'unknown key "colour"'),
    ],
)
def test_a_document_that_is_no_study_says_why(change: dict[str, Any], said: str) -> None:
    with pytest.raises(StudyError, match=said):
        study_from_document({**study_document(studies.study()), **change}, SPECS)


def test_a_run_is_made_again_from_its_record(tmp_path: Path) -> None:
    """Proves: the record alone gives the run again, digit for digit, as the run_id is a digest of the result.
    Sensitivity: a changed fact, a narrowed site or use, or an as-of month left out of the record changes it."""
    study = studies.study(
        studies.MINE, studies.HALF_LEASED, studies.QUEUE, studies.UNKNOWN, facts={"btc.price": 123_456.0}
    )
    asked = {"draws": 256, "seed": 11, "workers": 1}
    first = value(study, as_of="2026-07", sites="*e*", use_names=["bitcoin", "turnkey", "hold"], **asked)
    assert [site["site_id"] for site in first.result["sites"]] == ["mine", "half-leased", "queue", "unknown"]
    narrow = value(study, sites="half-*", **asked)
    for run in (first, narrow):
        run_id = run.result["run_id"]
        folder = store.save(run, tmp_path / run_id)
        for study_again in (store.load_run(run_id).study, store.recorded_study(run_id)):
            assert study_again == run.study
            assert study_again is not None
            again = value(study_again, **asked)
            assert again.result["run_id"] == run_id
        assert store.load_run(folder).study == run.study
