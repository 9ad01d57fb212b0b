"""The language of the page of evidence: the words of every report and those of its own."""

from __future__ import annotations

from typing import Final

from wattworth.reports.words import Words, language

EVIDENCE: Final[Words] = language("en", "evidence")
"""English."""
