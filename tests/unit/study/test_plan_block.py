"""The `plan` of a study: its keys, what is refused and where, and its record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wattworth.errors import StudyError
from wattworth.study import Study, read
from wattworth.study.document import study_document, study_from_document
from wattworth.study.plan_block import UNITS, Kind, LimitKeys, PlanBlock, limited
from wattworth.valuation import SPECS

HEAD = "schema_version: 1\nname: plans\nas_of: 2026-06\nusd_year: 2026\ntax_losses: carried\n"
SITES = """\
site_id,name,company,country,iso,operating_gross_mw,lease_critical_it_mw,lease_tenant,not_valued_reason
north,North,Acme,US,ERCOT,100,,,
south,South,Acme,US,PJM,100,50,Tenant,
east,East,Other,US,PJM,20,,,
shut,Shut,Other,US,PJM,,,,sold
"""
WHOLE = """\
plan:
  periods: 8
  period_months: 6
  uses: [turnkey, site_sale]
  aim: gw_by
  gw_by: 2029-12
  tail_frac: 0.1
  limits:
    capital: {kind: capital, per_period: 500, source: the board}
    slots: {kind: transformers, each_mw: 100, in_total: 3, sites: [no*, south], relax_step: 2}
    power: {kind: energised_mw, sense: at least, by: 2028-12, in_total: 50, risked: no}
  fixed:
    - {site: north, use: turnkey, start: 2027-01}
    - {site: east, use: keep}
  before:
    - {first: north, then: south, periods: 2}
  exclusive:
    - {sites: [north, east]}
  connections:
    - {sites: [north, south], most_mw: 150}
"""


def read_with(folder: Path, plan: str) -> Study:
    folder.joinpath("study.yaml").write_text(HEAD + plan, encoding="utf-8")
    folder.joinpath("sites.csv").write_text(SITES, encoding="utf-8")
    return read(folder, SPECS)


def faults_of(folder: Path, plan: str) -> list[str]:
    with pytest.raises(StudyError) as refused:
        read_with(folder, plan)
    return [str(fault) for fault in refused.value.faults]


def test_every_key_is_read(tmp_path: Path) -> None:
    plan = read_with(tmp_path, WHOLE).plan
    assert plan is not None
    assert (plan.periods, plan.period_months, plan.aim, plan.gw_by, plan.tail_frac) == (8, 6, "gw_by", "2029-12", 0.1)
    assert plan.limits["capital"] == LimitKeys(kind="capital", per_period=500.0, source="the board")
    assert plan.limits["slots"].sites == ["no*", "south"]
    assert plan.limits["slots"].relax_step == 2.0
    assert (plan.limits["power"].by, plan.limits["power"].risked) == ("2028-12", False)
    assert [(item.site, item.use, item.start) for item in plan.fixed] == [
        ("north", "turnkey", "2027-01"),
        ("east", "keep", None),
    ]
    assert (plan.before[0].first, plan.before[0].then, plan.before[0].periods) == ("north", "south", 2)
    assert (plan.exclusive[0].sites, plan.exclusive[0].most) == (["north", "east"], 1)
    assert plan.connections[0].most_mw == 150.0


def test_a_study_without_a_plan_has_none_and_an_empty_one_takes_defaults(tmp_path: Path) -> None:
    assert read_with(tmp_path, "").plan is None
    assert read_with(tmp_path, "plan: {}\n").plan == PlanBlock()


def test_limits_know_their_line(tmp_path: Path) -> None:
    study = read_with(tmp_path, WHOLE)
    lines = (HEAD + WHOLE).splitlines()
    at = {key: int(place.rpartition(" ")[2]) for key, place in study.places.items()}
    assert "slots:" in lines[at["plan.limits.slots"] - 1]
    assert "use: keep" in lines[at["plan.fixed.1"] - 1]


def test_it_comes_back_from_its_record(tmp_path: Path) -> None:
    study = read_with(tmp_path, WHOLE)
    again = study_from_document(json.loads(json.dumps(study_document(study))), SPECS)
    assert again == study
    assert again.plan == study.plan


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("{kind: capital, per_period: -1}", 'line 8, key "per_period": got "-1", need a number ≥ 0'),
        ("{kind: capitol, per_period: 1}", '(did you mean "capital"?)'),
        ("{kind: capital}", "none given, need one of per_period, in_total, share_frac"),
        ("{kind: capital, per_period: 1, in_total: 2}", "per_period and in_total given, need one"),
        ("{kind: capital, per_period: 1, sorce: x}", 'unknown key "sorce" (did you mean "source"?)'),
        ("{kind: transformers, per_period: 1}", '"each_mw": needed for transformers'),
        ("{kind: crews, per_period: 1, each_mw: 5}", "read for transformers, not for crews"),
        ("{kind: crews, per_period: 1, by: 2028-01}", "read for energised_mw, not for crews"),
        ("{kind: hash_rate, per_period: 1}", "counts what mines on for good; write in_total"),
        ("{kind: capital, in_total: 1, tenant: Tenant}", "read for tenant_mw, not for capital"),
        ("{kind: energised_mw, in_total: 1, by: 2026-06}", "need a month after 2026-06"),
        ("{kind: capital, in_total: 1, uses: [turnky]}", 'no use "turnky" in the study (did you mean "turnkey"?)'),
        ("{kind: capital, in_total: 1, isos: [ERCO]}", 'no iso "ERCO" in the study (did you mean "ERCOT"?)'),
        ("{kind: capital, in_total: 1, companies: [Acne]}", '(did you mean "Acme"?)'),
        ("{kind: capital, in_total: 1, sites: [shut]}", 'no valued site "shut" in the study'),
        ("{kind: capital, in_total: 1, sites: [west-*]}", 'no valued site "west-*" in the study'),
        ("{kind: tenant_mw, in_total: 1, tenant: Tennant}", '(did you mean "Tenant"?)'),
        ("{kind: capital, in_total: 1, isos: [ERCOT], companies: [Other]}", "line 8: names no site"),
        ("{kind: capital, share_frac: 40}", "if it is percent, write 0.4"),
        ("5", "need a mapping of kind, amount and the rest"),
    ],
)
def test_a_limit_that_cannot_stand_is_refused_with_its_line(tmp_path: Path, limit: str, words: str) -> None:
    faults = faults_of(tmp_path, f"plan:\n  limits:\n    l: {limit}\n")
    assert len(faults) == 1, faults
    assert faults[0].startswith("study.yaml line 8")
    assert words in faults[0]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("fixed: [{site: noth, use: keep}]", 'no valued site "noth" in the study (did you mean "north"?)'),
        ("fixed: [{site: north, use: kept}]", '(did you mean "keep"?)'),
        ("fixed: [{site: north, use: turnkey, start: 2031-01}]", "need a month in the 36 from 2026-06"),
        ("fixed: [north]", "need a mapping"),
        ("before: [{first: north, then: north}]", "first and then are the same site"),
        ("before: [{first: north, then: sout}]", '(did you mean "south"?)'),
        ("exclusive: [{sites: [north]}]", "need a list of two site_id or more"),
        ("exclusive: [{sites: [north, westt]}]", 'no valued site "westt"'),
        ("connections: [{sites: [north, south], most_mw: -5}]", "need a number of MW ≥ 0"),
        ("aim: gw_by", "needed for the aim gw_by"),
        ("gw_by: 2028-01", "not for value"),
        ("uses: [turnky]", '(did you mean "turnkey"?)'),
        ("periods: 0", "need a whole number from 1 to 40"),
        ("tail_weight_frac: 1.5", "from 0 to 1"),
        ("limts: {}", '(did you mean "limits"?)'),
    ],
)
def test_what_else_is_refused_with_its_line(tmp_path: Path, lines: str, words: str) -> None:
    faults = faults_of(tmp_path, f"plan:\n  {lines}\n")
    assert len(faults) == 1, faults
    assert faults[0].startswith("study.yaml line ")
    assert words in faults[0]


def test_all_faults_are_reported_together(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path, "plan:\n  periods: 0\n  limits:\n    a: {kind: crews}\n    b: {kind: x, in_total: 1}\n"
    )
    assert len(faults) == 3


def test_a_plan_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    assert "need a mapping of limits, periods, aim and the rest" in faults_of(tmp_path, "plan: 5\n")[0]


def test_a_limit_is_on_the_rows_that_fit_all_of_its_selectors(tmp_path: Path) -> None:
    sites = read_with(tmp_path, "").valued_sites
    on = LimitKeys(kind="capital", in_total=1.0, isos=["PJM"], sites=["s*", "east"])
    assert [site.site_id for site in sites if limited(on, site)] == ["south", "east"]
    narrower = on.model_copy(update={"companies": ["Acme"]})
    assert [site.site_id for site in sites if limited(narrower, site)] == ["south"]


def test_every_kind_has_a_unit() -> None:
    assert set(UNITS) == set(Kind.__args__)  # type: ignore[attr-defined] - of a Literal


def test_the_packaged_study_says_where_each_amount_comes_from() -> None:
    plan = read("us-miners", SPECS).plan
    assert plan is not None
    assert len(plan.limits) > 5
    for name, limit in plan.limits.items():
        assert limit.source, name
        assert limit.confidence != "assumption" or "judgement" in limit.source, name
