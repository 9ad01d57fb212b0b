"""A model file: every fault with its line, its neighbour and the way out; missing is never nought."""

from __future__ import annotations

import pytest

from tests.unit.gap.model_files import BODY, HEAD, model, write
from wattworth.errors import StudyError
from wattworth.gap import gap, model_names, read_model
from wattworth.gap.provenance import used_numbers


def faults(path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_model(path)
    return [str(fault) for fault in caught.value.faults]


def test_every_packaged_model_is_read_and_sourced():
    assert len(model_names()) == 5
    for name in model_names():
        read = read_model(name)
        assert read.name == name
        assert all(number.source and number.as_of and number.confidence for number in used_numbers(read)), name


def test_own_numbers_need_no_code(tmp_path):
    result = gap(write(tmp_path), "as_printed")
    assert result.arithmetic.gap_gw == pytest.approx(160 / 3 - 6 - 10, rel=1e-12)
    assert result.arithmetic.ttp_low_gw == pytest.approx(3 * 0.8 + 4 * 0.8, rel=1e-12)
    assert not result.partial


def test_faults_are_told_together_with_line_and_neighbour(tmp_path):
    body = """demand: {value: lots}
under_constructoin: {value: 6}
sources:
  engines: {low: 9, high: 3, succes: {value: 0.8}}
  sites: {low: 1, mode: 2, high: 3, success: {value: 95}}
allocation: {label: evenly, frac_by_year: {2026: 0.5, 2027: 0.4, 2028: 0.2}}
"""
    assert faults(write(tmp_path, body)) == [
        'own.yaml line 8, key "value": got "lots", need a number',
        'own.yaml line 9: unknown key "under_constructoin" (did you mean "under_construction"?)',
        'own.yaml line 11: unknown key "succes" (did you mean "success"?)',
        'own.yaml line 11, key "low": low 9 and high 3 are out of order',
        'own.yaml line 12, key "value": got 95, need a fraction from 0 to 1',
        'own.yaml line 13, key "frac_by_year": the shares sum to 1.1; need shares of 0 or more that sum to 1',
    ]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("demand: {value: 1, low: 0, high: 2}\n", "stands beside a range"),
        ("demand: {low: 0}\n", "low and high go together"),
        ("demand: {mode: 3}\n", "needs a low and a high"),
        ("demand: {value: 3, shape: uniform}\n", "uniform needs low and high without a mode"),
        ("demand: {low: 1, high: 3, shape: pert}\n", "pert needs low, mode and high"),
        ("demand: {by_year: {2026: {value: 1}}}\n", "holds 2026, need each year from 2026 to 2028"),
        ("demand: {value: 1, by_year: {2026: {value: 1}}}\n", "stands beside an amount for the whole window"),
        ("demand: {by_year: {x: {value: 1}}}\n", 'got "x", need a year'),
        ("demand: 5\n", "need a mapping with value, low"),
        ("sources: {a: {value: 1, start: {value: 3}}}\n", "months count from clock_from"),
        ("sources: {a: {value: 1, ramp: {value: 3}}}\n", "needs a start beside it"),
        ("sources: {a: {value: 1, start: {value: -3}}}\n", "need months, 0 or more"),
        ("missing: {demnd: gone}\n", 'unknown part "demnd" (did you mean "demand"?)'),
        ("demand: {value: 1}\nmissing: {demand: gone}\n", "demand is given above"),
        ("sources: {a: {value: 1}}\ncorrelation: {amounts: {common_frac: 0.3, over: [b]}}\n", 'unknown name "b"'),
        ("correlation: {amounts: {}}\n", "need one of common_frac and pairs"),
        ("regions: {x: {demand_frac: 1.2, under_construction_frac: 0, grid_access_frac: 0, source_frac: {}}}\n",
         "need a fraction from 0 to 1"),
        ("load_factor: {value: 0}\n", "need a ratio above 0"),
        ("schema_version: 3\n", "need 1"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path, body, told):
    assert told in "\n".join(faults(write(tmp_path, body)))


def test_correlations_that_nothing_can_have(tmp_path):
    pairs = "[{between: [a, b], correlation_frac: 0.9}, {between: [b, c], correlation_frac: 0.9}, " \
        "{between: [a, c], correlation_frac: -0.9}]"  # fmt: skip
    sources = "sources: {a: {value: 1}, b: {value: 1}, c: {value: 1}}\n"
    body = f"{sources}correlation: {{success: {{pairs: {pairs}}}}}\n"
    assert "no set of numbers can have these correlations" in faults(write(tmp_path, body))[0]


def test_regions_cannot_share_more_than_all(tmp_path):
    half = "{demand_frac: 0.6, under_construction_frac: 0.5, grid_access_frac: 0.5, source_frac: {engines: 0.7}}"
    told = faults(write(tmp_path, f"{BODY}regions: {{a: {half}, b: {half}}}\n"))
    assert any("shares of demand sum to 1.2" in line for line in told)
    assert any("shares of engines sum to 1.4" in line for line in told)


def test_no_such_model(tmp_path):
    with pytest.raises(StudyError, match='no packaged model "morgan-stanley-2025-10"'):
        read_model("morgan-stanley-2025-10")
    with pytest.raises(StudyError, match="no such file"):
        read_model(tmp_path / "none.yaml")


def test_a_missing_part_makes_it_partial_and_not_nought(tmp_path):
    body = "\n".join(line for line in BODY.splitlines() if not line.startswith("grid_access"))
    for mode in ("as_printed", "expected", "simulated"):
        result = gap(write(tmp_path, body), mode, draws=300)
        assert result.partial
        assert result.missing == {"grid_access": "not stated in the file"}
        assert result.arithmetic.gap_gw is None
        assert result.net is None
        assert result.gap is None
        assert "grid access (not stated in the file)" in result.sentences[0]


@pytest.mark.parametrize("gone", ["", "low: 3, high: 9", "success: {value: 0.8}"])
def test_a_source_without_amount_or_chance_leaves_the_net_unknown(tmp_path, gone):
    """Proves: the gap is given, and what the known sources leave; the net gap is not."""
    body = BODY.replace("low: 3, high: 9, success: {value: 0.8}", gone or "note: unknown")
    result = gap(write(tmp_path, body.replace("{, ", "{")), draws=500)
    assert result.partial
    assert set(result.missing) == {"engines"}
    assert result.gap is not None
    assert result.net is None
    assert result.after_known.mean_gw < result.gap.mean_gw
    assert result.waterfall == ()


def test_no_sources_is_not_unknown_sources(tmp_path):
    parts = "demand: {value: 9}\nunder_construction: {value: 1}\ngrid_access: {value: 0}\n"
    none, unknown = (model(tmp_path, parts + tail) for tail in ("sources: {}\n", ""))
    assert gap(none, "as_printed").arithmetic.net_high_gw == 8.0
    assert gap(unknown, "as_printed").arithmetic.net_high_gw is None
    assert gap(unknown, "as_printed").missing == {"sources": "not stated in the file"}


def test_numbers_take_their_source_from_the_file(tmp_path):
    told = {number.key: number for number in used_numbers(model(tmp_path))}
    assert told["sources.engines.success"].source == "my notebook"
    assert told["sources.engines.success"].unit == "frac"
    assert (told["demand"].low, told["demand"].value, told["demand"].high) == (40.0, 50.0, 70.0)


def test_every_key_is_documented(root):
    """Proves: the page of keys names every key of the schema with its own words."""
    from wattworth.gap import numbers, schema
    from wattworth.study.declared import Declared

    page = " ".join((root / "docs" / "gap-models.md").read_text(encoding="utf-8").split())
    every = [member for module in (numbers, schema) for member in vars(module).values() if isinstance(member, type)]
    models = {one for one in every if issubclass(one, Declared) and one.__module__.startswith("wattworth.gap")}
    assert len(models) > 10
    for declared in models:
        for key, info in declared.model_fields.items():
            row = f"| `{key}` | {' '.join((info.description or '').split())} |"
            assert info.description, (declared.__name__, key)
            assert row in page, row


def test_head_is_enough_to_be_read(tmp_path):
    assert gap(write(tmp_path, "", HEAD), "as_printed").partial
