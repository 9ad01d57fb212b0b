"""What a reader should take from a balance, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from wattworth.gap.arithmetic import Arithmetic, Check
from wattworth.gap.inputs import Layout
from wattworth.gap.result import GapResult

_CORNERS = {
    "net_high_gw": "the corner where every source comes in at its low end",
    "net_mid_gw": "the middle of the ranges",
    "net_low_gw": "the corner where every source comes in at its high end",
}


def sentences(result: GapResult, layout: Layout) -> tuple[str, ...]:
    """Sentences on a result, the plainest first."""
    lines = (_partial(result), _chance(result), _corner(result, layout), _checks(result), _years(result, layout))
    return tuple(line for part in (*lines, _overlaps(result), _headroom(result), _assumed(result)) for line in part)


def _partial(result: GapResult) -> Iterator[str]:
    if not result.partial:
        return
    listed = "; ".join(f"{name.replace('_', ' ')} ({why})" for name, why in result.missing.items())
    yield f"This model is partial. Missing, and not taken as nought: {listed}."
    if result.after_known is not None:
        known = result.after_known
        yield (
            f"The sources that are known leave {known.mean_gw:.1f} GW on average; those that are not would lower it, "
            "so no net gap is given."
        )


def _chance(result: GapResult) -> Iterator[str]:
    net = result.net
    if net is None or result.gap_chance_frac is None:
        return
    side = f"short by {net.mean_gw:.1f}" if net.mean_gw > 0 else f"in surplus by {-net.mean_gw:.1f}"
    yield (
        f"By the end of {result.year} the balance is on average {side} GW, "
        f"from {net.p5_gw:.1f} to {net.p95_gw:.1f} GW in nine draws of ten; "
        f"the chance of a shortfall is {_chance_words(result.gap_chance_frac)}."
    )


def _chance_words(share: float) -> str:
    if 0.995 <= share < 1:
        return "above 99%"
    return "below 1%" if 0 < share < 0.005 else f"{share:.0%}"


def nearest_corner(value: float, computed: Arithmetic) -> tuple[str, float] | None:
    """Which corner of a model's own ranges a printed net figure stands on, and what it is. [GW]

    Parameters
    ----------
    value
        The figure as printed. [GW]
    computed
        The model's arithmetic.

    Returns
    -------
    tuple or None
        Field of :class:`Arithmetic` and its value; None where nothing could be computed.
    """
    known = [(name, gw) for name in _CORNERS if (gw := getattr(computed, name)) is not None]
    return min(known, key=lambda pair: abs(pair[1] - value)) if known else None


def _corner(result: GapResult, layout: Layout) -> Iterator[str]:
    """Say where a printed headline is a corner of its own inputs."""
    computed = result.note_arithmetic
    for check in result.checks:
        found = nearest_corner(check.value, computed) if check.figure == "net_high" else None
        if found is None or computed.net_low_gw == computed.net_high_gw:
            continue
        name, gw = found
        upper, middle, lower = (getattr(computed, corner) for corner in _CORNERS)
        if abs(gw - check.value) > check.tolerance + 1e-9:
            yield (
                f"The printed {check.value:g} GW is no corner of the model's inputs: low ends leave {upper:.2f} GW, "
                f"the middle {middle:.2f} GW and the high ends {lower:.2f} GW."
            )
        elif name == "net_mid_gw":
            yield f"The printed {check.value:g} GW is {_CORNERS[name]} ({gw:.2f} GW)."
        else:
            yield (
                f"The printed {check.value:g} GW is {_CORNERS[name]} ({gw:.2f} GW), not the centre: the middle of the "
                f"same ranges leaves {middle:.1f} GW and their other ends {_other(name, upper, lower):.1f} GW."
                f"{_as_much(result, layout)}"
            )


def _other(name: str, upper_gw: float, lower_gw: float) -> float:
    return lower_gw if name == "net_high_gw" else upper_gw


def _as_much(result: GapResult, layout: Layout) -> str:
    if result.corner_chance_frac is None or result.overlaps or result.year != layout.model.end_year:
        return ""
    share = result.corner_chance_frac
    if share == 0:
        return f" None of {result.draws:,} draws leaves as much."
    return f" {share:.1%} of {result.draws:,} draws leave as much."


def _checks(result: GapResult) -> Iterator[str]:
    for check in result.checks:
        if check.agrees is False:
            yield f"{_figure(check)} is printed as {check.value:g} and computed as {check.number:.4g}."


def _figure(check: Check) -> str:
    words = {
        "gap": "The gap",
        "ttp_low": "The low sum of the sources",
        "ttp_high": "The high sum of the sources",
        "net_high": "The upper net gap",
        "net_mid": "The lower net gap",
        "share": "The share of demand",
    }
    return words[check.figure]


def _years(result: GapResult, layout: Layout) -> Iterator[str]:
    if result.years_label is not None and result.years:
        yield f"Results by year rest on an assumption: {result.years_label}"
    if result.mode != "as_printed" and result.no_years and layout.model.start_year != layout.model.end_year:
        names = ", ".join(name.replace("_", " ") for name in result.no_years)
        yield f"No balance by year: the model states no years for {names}, and none are made up."


def _overlaps(result: GapResult) -> Iterator[str]:
    for overlap in result.overlaps:
        own = f"{overlap.own_mean_gw:.1f} GW ({overlap.own_p5_gw:.1f} to {overlap.own_p95_gw:.1f})"
        if not overlap.replaced:
            yield f"{overlap.label}: {own} by the end of {result.year}, added beside the model's own sources."
            continue
        names = " and ".join(overlap.replaced)
        stated = ""
        if overlap.low_gw is not None and overlap.high_gw is not None:
            stated = f" of {overlap.low_gw:.1f} to {overlap.high_gw:.1f} GW"
        yield (
            f"{overlap.label}: {own} by the end of {result.year}, in place of the model's {names}{stated}. "
            "The two count the same supply and are not added."
        )


def _headroom(result: GapResult) -> Iterator[str]:
    if result.headroom is not None:
        room = result.headroom
        how = "printed" if room.printed else "between two printed points"
        yield (
            f"Flexible load: {room.gw:.0f} GW of new load fits if it goes without {room.curtailment_frac:.2%} of its "
            f"energy ({how}); {room.note}."
        )


def _assumed(result: GapResult) -> Iterator[str]:
    assumed = [number for number in result.numbers if number.confidence == "assumption"]
    if assumed:
        yield f"{len(assumed)} of {len(result.numbers)} numbers are assumptions that nobody printed."
