"""What ``wattworth gap`` prints: the arithmetic, what a reader should take from it, years, and your own sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wattworth.cli.tables import NONE, grid, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

Document = dict[str, Any]

_TOP: Final = 6
_PARTS: Final = ("demand", "under_construction", "grid_access")
_MODES: Final = {
    "as_printed": "as printed: low and high ends, each times its chance",
    "expected": "each source times its chance",
    "simulated": "each source comes or does not",
}


def tables(found: Document) -> Iterator[RenderableType]:
    """A balance for the terminal."""
    from rich.text import Text

    drawn = found["mode"] != "as_printed"
    count = f", {found['draws']:,} draws" if drawn else ""
    published = f" ({found['published']})" if found["published"] else ""
    yield heading(f"{found['title']}{published}: {found['region']}, {found['start_year']} to {found['year']}")
    yield Text(f"GW of {found['measure']} at the {_basis(found)}; {_MODES[found['mode']]}{count}", style="dim")
    yield _balance(found, drawn=drawn)
    yield _hanging(found["sentences"])
    yield from _checks(found)
    yield from _tornado(found)
    yield from _years(found)
    yield from _regions(found)
    yield from _beside(found)
    yield from _sites(found)
    yield from _scarcity(found)


def _basis(found: Document) -> str:
    return str(found["basis"]).replace("critical_it", "IT load").replace("_", " ")


def _hanging(sentences: list[str]) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in sentences:
        table.add_row("-", Text(each))
    return Padding(table, (1, 0, 0, 0))


def _balance(found: Document, *, drawn: bool) -> RenderableType:
    """Demand, what is built, the grid, the gap, each source, and what is left."""
    middle = ("mean", "P5", "P95", "variance") if drawn else ("low", "high")
    delivered = {row["name"]: row for row in found["contributions"]}
    rows: dict[bool, list[tuple[str, ...]]] = {True: [], False: []}
    for each in found["lines"]:
        sign = "  " if each["name"] == "demand" else "- "
        cells = (
            _drawn(delivered[each["name"]]) if drawn else (_gw(each["counted_low_gw"]), _gw(each["counted_high_gw"]))
        )
        stated = _ends(each["low_gw"], each["high_gw"])
        rows[each["is_part"]].append((f"{sign}{each['label']}", stated, _percent(each["chance_frac"]), *cells))
    for name in found["missing"]:
        rows[name in _PARTS].append((f"? {name.replace('_', ' ')}", "missing", *[NONE] * (len(middle) + 1)))
    whole = [*rows[True], _level("= Gap", found, "gap", drawn=drawn), *rows[False]]
    whole += [_level("= Net gap", found, "net", drawn=drawn)]
    if found["after_known"] is not None:
        whole.append(_level("  left by the known sources", found, "after_known", drawn=drawn))
    if found["net_with_headroom"] is not None:
        whole.append(_level("  less flexible headroom", found, "net_with_headroom", drawn=drawn))
    if found["gap_chance_frac"] is not None:
        whole.append(("Chance of a shortfall", "", _percent(found["gap_chance_frac"]), *[""] * len(middle)))
    return grid(("GW", "stated", "chance", *middle), whole)


def _level(label: str, found: Document, key: str, *, drawn: bool) -> tuple[str, ...]:
    """The gap or the net gap in the columns of the table; dashes where it is not known."""
    told, sums = found[key], found["arithmetic"]
    if drawn:
        cells = [NONE] * 3 if told is None else [_gw(told[part]) for part in ("mean_gw", "p5_gw", "p95_gw")]
        return (label, "", "", *cells, "")
    ends = ("gap_gw", "gap_gw") if key == "gap" else ("net_high_gw", "net_low_gw")
    return (label, "", "", *(_gw(sums[end]) for end in ends))


def _drawn(row: Document) -> tuple[str, ...]:
    spread, share = row["delivered"], row["variance_frac"]
    return (*(_gw(spread[key]) for key in ("mean_gw", "p5_gw", "p95_gw")), _percent(share) if share else "")


def _checks(found: Document) -> Iterator[RenderableType]:
    if not found["checks"]:
        return
    names = {
        "gap": "gap",
        "ttp_low": "sources, low ends",
        "ttp_high": "sources, high ends",
        "net_high": "net gap, low ends",
        "net_mid": "net gap, middle",
        "share": "net gap over demand",
    }
    yield heading("The note's own arithmetic")
    yield grid(
        ("figure", "printed", "computed", ""),
        [
            (
                names[check["figure"]],
                _figure(check, "printed"),
                _figure(check, "computed"),
                {True: "agrees", False: "differs", None: "inputs missing"}[check["agrees"]],
            )
            for check in found["checks"]
        ],
        text=(0, 3),
    )


def _figure(check: Document, key: str) -> str:
    value = check[key]
    if value is None:
        return NONE
    return f"{100 * value:.1f} %" if check["unit"] == "frac" else f"{value:.2f}".removesuffix(".00")


def _tornado(found: Document) -> Iterator[RenderableType]:
    swings = found["tornado"]
    if not swings:
        return
    more = f" (of {len(swings)}, the widest {_TOP})" if len(swings) > _TOP else ""
    yield heading(f"What moves the mean net gap most{more}")
    rows = [
        (
            f"{swing['label']}: {_what(swing['what'])}",
            _moved(swing, "low"),
            _moved(swing, "high"),
            _gw(swing["net_at_low_gw"]),
            _gw(swing["net_at_high_gw"]),
        )
        for swing in swings[:_TOP]
    ]
    yield grid(("input", "from", "to", "net gap from", "to"), rows)


def _what(what: str) -> str:
    return "comes or not" if what == "success" else what


def _moved(swing: Document, end: str) -> str:
    value = swing[end]
    if swing["what"] in ("chance", "success"):
        return _percent(value)
    return f"{value:.0f} mo" if swing["what"] in ("start", "ramp") else _gw(value)


def _years(found: Document) -> Iterator[RenderableType]:
    years = found["years"]
    if not years:
        return
    yield heading("By year, summed from the start of the window")
    rows = [
        (
            str(year["year"]),
            _gw(year["gap"]["mean_gw"]),
            *(_gw(year["net"][key]) for key in ("mean_gw", "p5_gw", "p95_gw")),
            _percent(year["gap_chance_frac"]),
        )
        for year in years
    ]
    yield grid(("end of", "gap", "net gap", "P5", "P95", "chance"), rows)


def _regions(found: Document) -> Iterator[RenderableType]:
    if not found["regions"]:
        return
    yield heading("By region, as the model shares it out")
    rows = [
        (
            region["name"],
            _gw(region["gap"]["mean_gw"]),
            *(_gw(region["net"][key]) for key in ("mean_gw", "p5_gw", "p95_gw")),
            _percent(region["gap_chance_frac"]),
        )
        for region in found["regions"]
    ]
    yield grid(("region", "gap", "net gap", "P5", "P95", "chance"), rows)


def _beside(found: Document) -> Iterator[RenderableType]:
    """The net gap with supply of your own and without."""
    bare = found["bare"]
    if bare is None:
        return
    pair = (("net gap with your own supply", found), ("net gap of the model alone", bare))
    if found["mode"] == "as_printed":
        heads: tuple[str, ...] = ("", "low ends", "high ends")
        rows = [
            (words, *(_gw(told["arithmetic"][key]) for key in ("net_high_gw", "net_low_gw"))) for words, told in pair
        ]
    elif found["net"] is None or bare["net"] is None:
        return
    else:
        heads, keys = ("", "mean", "P5", "P95", "chance"), ("mean_gw", "p5_gw", "p95_gw")
        rows = [
            (words, *(_gw(told["net"][key]) for key in keys), _percent(told["gap_chance_frac"])) for words, told in pair
        ]
    yield heading("Beside the model's own sources")
    yield grid(heads, rows)


def _sites(found: Document) -> Iterator[RenderableType]:
    from rich.text import Text

    sites = found["sites"]
    if sites is None:
        return
    years = [str(year["year"]) for year in sites["years"]]
    yield heading(f"Sites of {sites['study']} at the end of each year, GW on average")
    rows = [
        (
            row["site_id"],
            "/".join(row["uses"]),
            f"{row['gross_mw']:,.0f}",
            _percent(row["success_frac"]),
            *(_site_gw(row["mean_gw"][year]) for year in years),
        )
        for row in sites["rows"]
    ]
    rows.append(
        ("all", "", f"{1e3 * sites['gross_gw']:,.0f}", "", *(_site_gw(year["mean_gw"]) for year in sites["years"]))
    )
    for key, words in (("p5_gw", "all, P5"), ("p95_gw", "all, P95")):
        rows.append((words, "", "", "", *(_site_gw(year[key]) for year in sites["years"])))
    yield grid(("site", "use", "MW", "chance", *years), rows, text=(0, 1))
    counted = [each["note"] for each in found["overlaps"] if each["label"] == f"Sites of {sites['study']}"]
    left = "; ".join(f"{reason_words(reason)} {gw:.1f} GW" for reason, gw in sites["left_out_gw"].items())
    yield Text(
        "\n".join(f"counted: {each}" for each in counted) + f"\nleft out: {left or 'nothing'}\n"
        f"best uses: {sites['value_draws']:,} draws; dates and chances: {sites['draws']:,} draws",
        style="dim",
    )


def reason_words(reason: str) -> str:
    """Why megawatts are left out, in words.

    Examples
    --------
    >>> reason_words("use: site_sale"), reason_words("in study")
    ('best use site sale', 'in study')
    """
    if reason == "use: none":
        return "no use is chosen"
    return reason.replace("use: ", "best use ").replace("_", " ")


def _scarcity(found: Document) -> Iterator[RenderableType]:
    felt = found["scarcity"]
    if felt is None:
        return
    yield heading("What scarcity does to rents (one round, no equilibrium)")
    yield _hanging([
        f"Demand over supply to the power of {felt['elasticity_ratio']:g} (confidence: {felt['confidence']}, "
        f"{felt['source']}) moves the rent of new leases by {100 * (felt['rent_ratio'] - 1):+.1f} %.",
        f"At these rents the sites bring {felt['sites_after_gw']:.1f} GW in place of {felt['sites_before_gw']:.1f} GW, "
        f"and the mean net gap is {felt['net_after_gw']:.1f} GW in place of {felt['net_before_gw']:.1f} GW.",
        f"The sites are worth ${felt['value_after_usd'] / 1e9:,.1f}bn in place of "
        f"${felt['value_before_usd'] / 1e9:,.1f}bn.",
    ])  # fmt: skip


def _gw(value: float | None) -> str:
    return NONE if value is None else f"{value:z.1f}"


def _site_gw(value: float) -> str:
    return f"{value:.2f}"


def _ends(low: float, high: float) -> str:
    return _gw(low) if abs(high - low) < 0.05 else f"{_gw(low)} to {_gw(high)}"


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"
