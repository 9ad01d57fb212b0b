"""The language of the page of evidence: the words of every report and those of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wattworth.reports import english_evidence
from wattworth.reports.words import ENGLISH, Words

EVIDENCE: Final[Words] = replace(ENGLISH, table={**ENGLISH.table, **english_evidence.TEXT})
"""English."""
