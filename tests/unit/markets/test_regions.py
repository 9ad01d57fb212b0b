"""Which region a site lies in, and the shapes that come with the package."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from wattworth import markets
from wattworth.errors import StudyError


def site(**given):
    blank = {"site_id": "x", "market_region": None, "iso": None, "country": "US", "state": None, "lon_deg": None}
    return SimpleNamespace(**(blank | given))


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({"iso": "ERCOT", "lon_deg": -102.2}, "ercot_west"),
        ({"iso": "ERCOT", "lon_deg": -97.8}, "ercot_hub"),
        ({"iso": "ERCOT"}, "ercot_hub"),
        ({"iso": "SPP/ERCOT (community: ERCOT)", "lon_deg": -97.0}, "ercot_hub"),
        ({"iso": "MISO South/SERC"}, "miso"),
        ({"iso": "TVA/MISO not stated"}, "tva"),
        ({"iso": "Duke Energy BA"}, "serc"),
        ({"iso": "PJM (AEP)"}, "pjm"),
        ({"iso": "not stated", "state": "TX"}, "ercot_hub"),
        ({"state": "WA"}, "wecc"),
        ({"iso": "BC Hydro", "country": "CA"}, "hydro_canada"),
        ({"iso": "Statnett area", "country": "NO"}, "nordic"),
        ({"country": "PY"}, "other"),
        ({"iso": "ERCOT", "market_region": "wecc"}, "wecc"),
    ],
)
def test_region_of_a_site(given, region):
    assert markets.market_region(site(**given)) == region


def test_an_unknown_region_names_the_nearest():
    with pytest.raises(StudyError, match=r'site x: unknown market_region "pmj"; did you mean "pjm"'):
        markets.market_region(site(market_region="pmj"))
    with pytest.raises(StudyError, match="known regions: ercot_west"):
        markets.market_region(site(market_region="mars"))


@pytest.mark.parametrize("region", markets.REGIONS)
def test_every_region_has_its_facts_and_shape(region, book):
    for key in markets.region_keys(region):
        assert book[key].value >= 0, key
    assert book[markets.level_key(region)].unit == "$/MWh"
    assert markets.adder_key(region) in markets.region_keys(region)
    shape = markets.region_shape(region)
    assert shape.season_ratio.shape == (12,)
    assert shape.season_ratio.mean() == pytest.approx(1.0, abs=1e-12)
    assert shape.curve.hours_frac.sum() == pytest.approx(1.0, abs=1e-12)
    assert (shape.curve.price_ratio * shape.curve.hours_frac).sum() == pytest.approx(1.0, abs=1e-12)
    assert np.all(np.diff(shape.curve.price_ratio) > 0)


def test_west_texas_has_negative_hours():
    curve = markets.region_shape("ercot_west").curve
    negative = curve.hours_frac[curve.price_ratio < 0].sum()
    assert 0.03 < negative < 0.05  # 3.2 % in 2021 and 4.9 % in 2022
