"""``wattworth solve``: the rent, price, cost or delay that makes it so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from wattworth.cli import options
from wattworth.cli.console import document, line, note
from wattworth.cli.tables import number

if TYPE_CHECKING:
    from wattworth.valuation.solve import Solution

_NO_ANSWER = 3


def _target(_: object, text: str | None) -> None:
    if text is not None:
        target_of(text)


def target_of(text: str) -> tuple[str, float]:
    """Metric and wanted value of a ``METRIC=VALUE``."""
    name, sign, wanted = text.partition("=")
    try:
        return name.strip(), float(wanted)
    except ValueError:
        got = f'got "{wanted}"' if sign else "it has no ="
        raise ValueError(f"Write a target as METRIC=VALUE, such as risked_npv_usd.mean=0; {got}.") from None


Target = Annotated[
    str,
    Parameter(
        name="--target",
        metavar="METRIC=VALUE",
        validator=_target,
        help="Metric and its wanted value, such as gain_over:bitcoin=0, irr_frac.p50=0.15 or central.npv_usd=0.",
    ),
]
For = Annotated[
    str,
    Parameter(
        name="--for",
        metavar="INPUT",
        help="Input sought: rent, capex, delay, residual, bitcoin, power, a fact, a column of the site, USE.OPTION.",
    ),
]
Range = Annotated[
    tuple[float, float] | None,
    Parameter(name="--range", metavar="LOW HIGH", help="Where to search; four times either side by default."),
]


def solve(  # noqa: PLR0913 - one parameter for each option of the command
    study: options.StudySource,
    /,
    *,
    site: options.Site,
    use: options.Use,
    for_: For,
    target: Target,
    range_: Range = None,
    draws: options.Draws = 2_048,
    seed: options.Seed = 7,
    json: options.Json = False,
) -> int:
    """Find the input at which a metric takes a wanted value.

    Every answer in the range is told, nearest to the present value first; where the metric jumps over the
    target, both sides are. Ends with code 3 if there is no answer.
    """
    from wattworth.valuation import read_study
    from wattworth.valuation.solve import solve as seek

    metric, wanted = target_of(target)
    low, high = range_ or (None, None)
    found = seek(
        read_study(study),
        site=site,
        use=use,
        for_input=for_,
        metric=metric,
        target=wanted,
        low=low,
        high=high,
        draws=draws,
        seed=seed,
    )
    if json:
        document(found.document())
    if found.status == "none":
        note(found.sentence)
        return _NO_ANSWER
    if not json:
        _tell(found)
    return 0


def _tell(found: Solution) -> None:
    line(found.sentence)
    unit = f" {found.unit}" if found.unit else ""
    if found.present is not None:
        at = "not there" if found.present_metric is None else number(found.present_metric)
        line(f"today {found.input} is {number(found.present)}{unit}, and {found.metric} is {at}")
    for other in found.answers[1:]:
        kind = "also" if other.exact else "it also jumps over it"
        line(f"{kind} at {other.value:.9g}{unit}, where it is {number(other.metric)}")
    basis = f"{found.draws:,} draws each, seed {found.seed}" if found.draws else "the central path"
    line(f"searched {number(found.low)} to {number(found.high)}{unit} in {found.evaluations} runs, {basis}")
