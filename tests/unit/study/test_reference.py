"""The reference page names everything a study may declare, with its meaning."""

from __future__ import annotations

from wattworth.study import DoubleCount, Override, Site
from wattworth.study.reference import schema_reference_markdown
from wattworth.study.schema import StudyFile
from wattworth.study.sheets import COLUMNS


def test_every_name_has_a_row_with_its_meaning(specs):
    page = schema_reference_markdown(specs)
    rows = [[cell.strip() for cell in line.split(" | ")] for line in page.splitlines() if line.startswith("| `")]
    for model in (StudyFile, Site, Override, DoubleCount):
        for name, info in model.model_fields.items():
            assert info.description, f"{model.__name__}.{name} has no docstring"
            assert any(row[0] == f"| `{name}`" and row[-1] == f"{info.description} |" for row in rows), name
    assert all(f"| `{sheet}` | " in page for sheet in COLUMNS)


def test_a_row_says_type_unit_bounds_and_default():
    page = schema_reference_markdown()
    assert (
        "| `ownership_frac` | number | frac | > 0 and ≤ 1 | `1.0` | "
        "Share of the site its owner holds; used for totals only, never for the ranking of uses. |"
    ) in page
    assert "| `fleet_hashrate_eh_per_s` | number or `derive` | EH/s | > 0 |  | " in page
    assert "| `tax_losses` | `carried`, `group` |  |  | required | " in page


def test_uses_are_those_handed_in(specs):
    page = schema_reference_markdown(specs)
    assert "### mine\n\nNo options.\n" in page
    assert "| `payer` | `landlord`, `tenant` |  |  | `landlord` |  |" in page
    assert "###" not in schema_reference_markdown()


def test_tables_have_as_many_cells_as_columns(specs):
    for line in schema_reference_markdown(specs).splitlines():
        if line.startswith("| `") and "sheet" not in line:
            assert line.count(" | ") in {1, 5}, line
