"""The reference page of everything a study may declare, written from the schema itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic.fields import FieldInfo

from wattworth.study import fields
from wattworth.study.declared import DoubleCount, Override
from wattworth.study.gate_files import COLUMNS as COLUMNS_OF_GATES
from wattworth.study.gate_files import GateRow
from wattworth.study.named import CaseFact, CaseFile
from wattworth.study.plan_block import BeforeKeys, ConnectionKeys, ExclusiveKeys, FixedKeys, LimitKeys, PlanFile
from wattworth.study.schema import Site, StudyFile, UseSpec
from wattworth.study.sheets import COLUMNS, SETTINGS
from wattworth.study.site_supply import SupplyKeys

_START = """# Schema of a study

A study is a folder with `study.yaml` and a file of sites, or one Excel workbook. `wattworth new` writes either to start
from, and `wattworth check` reports every fault at once, with its place.

- An empty cell, or a key left out, takes the default. Leave it empty where a value is not known.
- Numbers are written with a decimal point, without separators, signs of percent or units. A fraction is a fraction:
  `0.03`. A month is `2027-05`.
- Files are UTF-8. A row whose first cell starts with `#` is a comment.
"""
_WORKBOOK = """
## Workbook

Column names stand in row 1 of each sheet. `study` and `sites` must be there; a sheet whose name starts with `_` is not
read, and any other is a fault. Formulas are read by their last calculated value. A month may be a date.

| sheet | columns |
|---|---|
"""


def schema_reference_markdown(specs: Mapping[str, UseSpec] | None = None) -> str:
    """The reference page.

    Parameters
    ----------
    specs
        Uses that may be enabled, by name; none are described without.
    """
    return "".join(_parts(specs or {}))


def _parts(specs: Mapping[str, UseSpec]) -> Iterator[str]:
    yield _START
    yield "\n## study.yaml\n\n" + field_table(StudyFile.model_fields)
    yield "\n## sites.csv\n\nOne row per site, its column names in row 1, in any order.\n\n" + field_table(
        Site.model_fields
    )
    yield "\n## facts\n\nUnder each key of a fact in `facts`:\n\n" + field_table(Override.model_fields)
    yield "\n## double_counts\n\nIn each item of `double_counts`:\n\n" + field_table(DoubleCount.model_fields)
    yield "\n## cases\n\nUnder each name in `cases`:\n\n" + field_table(CaseFile.model_fields)
    yield "\nUnder each key of a fact in `facts` of a case, with one of the first three:\n\n" + field_table(
        CaseFact.model_fields
    )
    yield "\n## supply\n\nUnder each site_id in `supply`; see [on-site supply](../on-site-supply.md#in-a-study).\n\n"
    yield field_table(SupplyKeys.model_fields)
    yield "\n## plan\n\nSee [the plan](../plan.md).\n\n" + field_table(PlanFile.model_fields)
    for words, model in (
        ("Under each name in `limits`", LimitKeys),
        ("In each item of `fixed`", FixedKeys),
        ("In each item of `before`", BeforeKeys),
        ("In each item of `exclusive`", ExclusiveKeys),
        ("In each item of `connections`", ConnectionKeys),
    ):
        yield f"\n{words}:\n\n" + field_table(model.model_fields)
    yield "\n## gate_files\n\nOne row per gate; see [time to power](../time-to-power.md#a-network-of-ones-own).\n\n"
    yield field_table({name: GateRow.model_fields[name] for name in COLUMNS_OF_GATES})
    yield "\n## uses\n\nUnder the name of each use in `uses`. Without `uses`, every use is valued.\n"
    for name, spec in specs.items():
        options = spec.options.model_fields
        yield f"\n### {name}\n\n" + (field_table(options) if options else "No options.\n")
    yield _WORKBOOK
    for sheet, columns in COLUMNS.items():
        listed = "those of `sites.csv`" if sheet == "sites" else ", ".join(f"`{name}`" for name in columns)
        yield f"| `{sheet}` | {listed} |\n"
    yield f"\nThe sheet `study` holds the settings {', '.join(f'`{name}`' for name in SETTINGS)}, one per row.\n"


def field_table(known: Mapping[str, FieldInfo]) -> str:
    """One row per field: name, type, unit, bounds, default and meaning."""
    head = "| name | type | unit | form or bounds | default | meaning |\n|---|---|---|---|---|---|\n"
    return head + "".join(map(_row, known, known.values()))


def _row(name: str, info: FieldInfo) -> str:
    default = "required" if info.is_required() else f"`{info.default}`" if info.default not in (None, "") else ""
    cells = (
        f"`{name}`",
        fields.type_words(info),
        fields.unit(info) or "",
        fields.form(info),
        default,
        info.description or "",
    )
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |\n"
