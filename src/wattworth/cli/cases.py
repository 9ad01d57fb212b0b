"""``wattworth cases`` and ``wattworth table``: named cases, and one metric over two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line, show
from wattworth.cli.tables import NONE, grid, millions, number, per_watt

if TYPE_CHECKING:
    from wattworth.valuation.two_way import Axis, TwoWay

Case = Annotated[str | None, Parameter(name="--case", metavar="NAME", help="Only this case, beside the study.")]
Which = Annotated[str, Parameter(name="TABLE", help="A ready table: rent-capex, delay-residual or bitcoin-power.")]
Metric = Annotated[
    str, Parameter(help="central.usd_per_gross_w, central.risked_npv_usd or central.npv_usd.", metavar="METRIC")
]


def _axis(_: object, text: str | None) -> None:
    if text is not None:
        axis_of(text)


def axis_of(text: str) -> Axis:
    """Input and its values of an ``INPUT=A,B,C``."""
    name, _, values = text.partition("=")
    try:
        return name.strip(), tuple(float(word) for word in values.split(","))
    except ValueError:
        raise ValueError(f'Write an axis as INPUT=A,B,C, such as rent=110,130,150; got "{text}".') from None


_AXIS_HELP = "An input and its values, instead of those of the ready table."
Axis_ = Annotated[str | None, Parameter(metavar="INPUT=A,B,C", validator=_axis, help=_AXIS_HELP)]


def cases(
    study: options.StudySource, /, *, case: Case = None, sites: options.Sites = None, json: options.Json = False
) -> int:
    """Value the named cases of a study side by side, on the central path."""
    from wattworth.valuation.named_cases import named_cases

    found = named_cases(study, only=case, sites_glob=sites)
    if json:
        document(found)
        return 0
    shown = found["cases"]
    for one in shown[1:]:
        line(f"{one['name']}: {' '.join(one['description'].split())}")
        for change in one["changes"]:
            line(f"  {_change(change)}")
        if one["discount"]:
            line("  yearly hurdle rates: " + ", ".join(f"{use} {rate:.1%}" for use, rate in one["discount"].items()))
    line()
    rows = [[row["site_id"], *(_cell(one["sites"][i]) for one in shown)] for i, row in enumerate(shown[0]["sites"])]
    totals = ["all, $ million at share", *(millions(one["totals"]["risked_npv_usd"]) for one in shown)]
    watts = ["all, $/W", *(per_watt(one["totals"]["usd_per_gross_w"]) for one in shown)]
    show(grid(["site", *(one["name"] for one in shown)], [*rows, totals, watts]))
    line("best use and dollars per firm gross watt; stated values and no draws, tenants without limit")
    return 0


def table(  # noqa: PLR0913 - one parameter for each option of the command
    study: options.StudySource,
    which: Which = "rent-capex",
    /,
    *,
    site: options.Site,
    use: options.Use,
    rows: Axis_ = None,
    columns: Axis_ = None,
    metric: Metric = "central.usd_per_gross_w",
    json: options.Json = False,
) -> int:
    """Show one metric of one use of a site over two inputs, on the central path."""
    from wattworth.valuation import read_study
    from wattworth.valuation.two_way import preset, two_way

    declared = read_study(study)
    given = [axis_of(text) if text is not None else None for text in (rows, columns)]
    ready = preset(declared, which, site, use) if None in given else (None, None)
    down, across = (mine or its for mine, its in zip(given, ready, strict=True))
    assert down is not None
    assert across is not None
    found = two_way(declared, site=site, use=use, rows=down, columns=across, metric=metric)
    if json:
        document(found.document())
    else:
        _tell(found)
    return 0


def _tell(found: TwoWay) -> None:
    line(f"{found.metric} of {found.site} in {found.use}; * where {found.use} is the best use")
    line(f"down: {found.rows.label}, {found.rows.unit}; across: {found.columns.label}, {found.columns.unit}")
    line()
    money = found.metric != "central.usd_per_gross_w"
    rows = [
        [
            number(y),
            *(
                (millions(value) if money else per_watt(value)) + ("*" if best == found.use else " ")
                for value, best in zip(values, bests, strict=True)
            ),
        ]
        for y, values, bests in zip(found.row_values, found.values, found.best_uses, strict=True)
    ]
    show(grid(["", *(f"{number(x)} " for x in found.column_values)], rows))
    if money:
        line("in $ million")


def _cell(row: dict[str, Any]) -> str:
    if row["best_use"] is None:
        return NONE
    return f"{row['best_use']} {per_watt(row['uses'][row['best_use']]['usd_per_gross_w'])}"


def _change(change: dict[str, Any]) -> str:
    how = next(
        words
        for key, words in (
            ("value", f"= {change.get('value')}"),
            ("scale", f"x {change.get('scale')}"),
            ("at", f"at its {change.get('at')}"),
        )
        if key in change
    )
    why = f": {' '.join(change['source'].split())}" if "source" in change else ""
    return f"{change['input']} {how}{why}"
