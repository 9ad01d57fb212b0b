"""Names, units and words of what a study declares agree."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from wattworth.study import DoubleCount, Override, Site, fields
from wattworth.study.schema import StudyFile

UNIT_OF_SUFFIX = {
    "_musd_per_mw_it": "$M/MW", "_usd_per_kw_month": "$/kW-month", "_usd_per_mwh": "$/MWh", "_eh_per_s": "EH/s",
    "_j_per_th": "J/TH", "_gw_per_year": "GW/yr", "_years": "years", "_deg": "degrees", "_mw": "MW",
}  # fmt: skip
EVERY = [
    pytest.param(name, info, id=f"{model.__name__}.{name}")
    for model in (Site, StudyFile, DoubleCount, Override)
    for name, info in model.model_fields.items()
]


@pytest.mark.parametrize(("name", "info"), EVERY)
def test_the_unit_is_that_of_the_name(name, info):
    """Proves: what messages, templates and the reference call the unit is what the name ends in."""
    suffix = next((end for end in UNIT_OF_SUFFIX if name.endswith(end)), None)
    if suffix or name == "mw":
        assert fields.unit(info) == UNIT_OF_SUFFIX[suffix or "_mw"]
    elif name.endswith("_frac"):
        assert fields.unit(info) in {"frac", "frac/yr"}
    else:
        assert fields.unit(info) is None


@pytest.mark.parametrize(("name", "info"), EVERY)
def test_every_field_has_words_for_people(name, info):
    assert (info.description or "").endswith((".", ";"))
    assert fields.need(info)
    assert fields.type_words(info)
    assert (fields.kind(info) == "month") == (
        name.endswith(("_date", "_end", "_start")) or (info.annotation is str and name == "as_of")
    )


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("ownership_frac", "a fraction > 0 and ≤ 1"),
        ("lat_deg", "a number of degrees from -90 to 90"),
        ("fleet_hashrate_eh_per_s", 'a number of EH/s > 0 or "derive"'),
        ("lease_term_years", "a number of years > 0 and ≤ 100"),
        ("firm", 'one of "firm", "interruptible", "unknown"'),
        ("buildings_reusable", "yes or no"),
        ("note", "text"),
    ],
)
def test_what_a_field_needs(field, words):
    assert fields.need(Site.model_fields[field]) == words


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("model", [Site, StudyFile, DoubleCount, Override])
def test_no_number_may_be_infinite_or_none(model, number):
    """Proves: also where a bound alone would let it pass, as latitude would a NaN."""
    numbers = [name for name, info in model.model_fields.items() if fields.kind(info) in {"number", "whole"}]
    assert numbers
    for name in numbers:
        with pytest.raises(ValidationError) as caught:
            model.model_validate({name: number})
        assert name in {error["loc"][0] for error in caught.value.errors()}, name


def test_megawatts_of_a_site():
    site = Site(
        site_id="a", name="A", company="A", country="US", operating_gross_mw=10, construction_gross_mw=20,
        pipeline_gross_mw=40, pipeline_stage="study", previous_use="bitcoin_mine",
    )  # fmt: skip
    assert (site.gross_mw, site.firm_gross_mw, site.mining_mw, site.valued) == (70, 30, 10, True)
