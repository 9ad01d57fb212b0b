"""What the user declares: the schema, its readers and the packaged studies."""

from wattworth.study.declared import DoubleCount, Override
from wattworth.study.filling import fill
from wattworth.study.packaged import packaged_folder, packaged_names
from wattworth.study.parts import Part, leased_gross_mw, parts, uncovered_mw
from wattworth.study.raw import unknown_use
from wattworth.study.reading import check, check_sheets, ended_before, read
from wattworth.study.schema import Site, Study, UseSpec
from wattworth.study.templates import template_workbook, write_template

__all__ = [
    "DoubleCount",
    "Override",
    "Part",
    "Site",
    "Study",
    "UseSpec",
    "check",
    "check_sheets",
    "ended_before",
    "fill",
    "leased_gross_mw",
    "packaged_folder",
    "packaged_names",
    "parts",
    "read",
    "template_workbook",
    "uncovered_mw",
    "unknown_use",
    "write_template",
]
