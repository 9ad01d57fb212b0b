"""A table of one metric over two inputs, on the central path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from wattworth.errors import StudyError
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Study
from wattworth.study.raw import did_you_mean
from wattworth.valuation.central import central
from wattworth.valuation.inputs import Input, check_use, find, site_of, with_input
from wattworth.valuation.run import read_study
from wattworth.valuation.solve import CENTRAL_METRICS

Axis = tuple[str, Sequence[float]]

PRESETS: Final = {
    "rent-capex": ("rent", "capex"),
    "delay-residual": ("delay", "residual"),
    "bitcoin-power": ("bitcoin", "power"),
}
"""Name of a ready table to its rows and columns."""

STEPS: Final = 7
_LONGEST_DELAY_MONTHS: Final = 36.0
_NO_RANGE_FRAC: Final = 0.5
"""How far a table reaches either side of an input without a range of its own."""


@dataclass(frozen=True, slots=True)
class TwoWay:
    """A metric over two inputs.

    Attributes
    ----------
    study, site, use, metric
        What is shown.
    rows, columns
        The two inputs, each with its present value.
    row_values, column_values
        Where they stand. [unit of each]
    values
        Metric by row and column; None where the use is not available.
    best_uses
        Best use of the site by row and column.
    """

    study: str
    site: str
    use: str
    metric: str
    rows: Input
    columns: Input
    row_values: tuple[float, ...]
    column_values: tuple[float, ...]
    values: tuple[tuple[float | None, ...], ...]
    best_uses: tuple[tuple[str | None, ...], ...]

    def document(self) -> dict[str, Any]:
        """As one plain document."""
        axes = {"rows": (self.rows, self.row_values), "columns": (self.columns, self.column_values)}
        return {
            "schema_version": SCHEMA_VERSION,
            **{name: getattr(self, name) for name in ("study", "site", "use", "metric")},
            **{
                name: {"input": axis.label, "unit": axis.unit, "present": axis.value, "values": list(values)}
                for name, (axis, values) in axes.items()
            },
            "values": [list(row) for row in self.values],
            "best_uses": [list(row) for row in self.best_uses],
        }


def two_way(
    source: Study | str | Path,
    *,
    site: str,
    use: str,
    rows: Axis,
    columns: Axis,
    metric: str = "central.usd_per_gross_w",
) -> TwoWay:
    """Work out a metric of one use of a site over two inputs.

    Parameters
    ----------
    source
        A study, or where to read it.
    site, use
        What the metric is of.
    rows, columns
        Name of an input and its values; see :func:`wattworth.valuation.inputs.find`.
    metric
        One of the central metrics.

    Raises
    ------
    StudyError
        If an input, the use or the metric does not exist, or both inputs are the same.
    """
    study = source if isinstance(source, Study) else read_study(source)
    site_of(study, site)
    down, across = find(study, rows[0], site, use), find(study, columns[0], site, use)
    if (down.place, down.key, down.owner) == (across.place, across.key, across.owner):
        raise StudyError(f"{down.label} stands on both sides of the table; take two inputs")
    check_use(study, use)
    if metric not in CENTRAL_METRICS:
        raise StudyError(
            f'no central metric "{metric}"{did_you_mean(metric, CENTRAL_METRICS)}; known: {", ".join(CENTRAL_METRICS)}'
        )
    values: list[tuple[float | None, ...]] = []
    best: list[tuple[str | None, ...]] = []
    for y in rows[1]:
        moved = with_input(study, down, y)
        found = [central(with_input(moved, across, x), site) for x in columns[1]]
        values.append(tuple(one.use_document(site, use).get(metric.removeprefix("central.")) for one in found))
        best.append(tuple(one.values[site].best_use for one in found))
    return TwoWay(
        study.name, site, use, metric, down, across, tuple(rows[1]), tuple(columns[1]), tuple(values), tuple(best)
    )


def preset(study: Study, name: str, site: str, use: str | None = None) -> tuple[Axis, Axis]:
    """Rows and columns of a ready table, around the ranges of the two inputs for this site.

    Raises
    ------
    StudyError
        If there is no such table.
    """
    if name not in PRESETS:
        raise StudyError(f'no table "{name}"{did_you_mean(name, PRESETS)}; known: {", ".join(PRESETS)}')
    rows, columns = PRESETS[name]
    return (rows, steps(find(study, rows, site, use))), (columns, steps(find(study, columns, site, use)))


def steps(asked: Input, n: int = STEPS) -> tuple[float, ...]:
    """Even steps over the range of an input, its present value among them."""
    if asked.value is None:
        raise StudyError(f"{asked.label} is empty, so a table has nothing to start from; state it")
    if asked.value == 0 and asked.least == 0:
        return tuple(np.linspace(0.0, _LONGEST_DELAY_MONTHS, n).tolist())
    reach = _NO_RANGE_FRAC * abs(asked.value)
    low = asked.low if asked.low is not None else max(asked.value - reach, asked.least)
    high = asked.high if asked.high is not None else min(asked.value + reach, asked.most)
    half = n // 2
    left = np.linspace(low, asked.value, half + 1) if low < asked.value else np.array([asked.value])
    right = np.linspace(asked.value, high, half + 1)[1:] if high > asked.value else np.array([])
    return tuple(np.concatenate([left, right]).tolist())
