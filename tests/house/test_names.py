"""A number's name ends in its unit, and a module's name says what it holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

UNITS = (
    "w|kw|mw|gw|twh|kwh|mwh|mmbtu|bcm|h|month|months|year|years|draws|blocks|btc|usd|musd|eh|th|ph|j|s|deg|c|m|kg|pa"
    "|frac|ratio|multiple|index|z|tolerance"
)
PER = r"(_per_[a-z0-9]+)*(_(month|year|hour|day|it|real))?"
ENDS_IN_UNIT = re.compile(rf"(^|.*_)({UNITS})(_real)?{PER}")

# Numbers without a unit of their own, each with the reason.
EXEMPT = {
    **dict.fromkeys(("value", "low", "high", "mode"), "a fact or a range states its unit in its own field"),
    **dict.fromkeys(("values", "central"), "one row per fact, each in the fact's unit"),
    **dict.fromkeys(("cases", "parts", "uses"), "one row per metric, each in the metric's unit"),
    **dict.fromkeys(("left", "right", "real_world", "pricing"), "compared or summarised in whatever unit they share"),
    **dict.fromkeys(
        ("number", "least", "most", "present", "stays", "switches"),
        "of any input, which states its unit in its own field",
    ),
    **dict.fromkeys(("metric", "present_metric", "target"), "of any metric, in its unit"),
    **dict.fromkeys(("rows", "against"), "ranked, so their unit falls away"),
    **dict.fromkeys(
        ("p10", "p50", "p90", "actual", "interval_score", "crps", "last_deal", "running_mean"),
        "of a prediction, which states its unit in its own field",
    ),
    **dict.fromkeys(("centre", "effect", "covariance", "scatter"), "on the additive scale of what is fitted"),
    **dict.fromkeys(("fd_shares_m", "btc_held"), "columns of a user's file: millions of shares, bitcoins"),
    "dof": "degrees of freedom",
    "widen": "a factor on a scale",
    "samples": "one row per fact, each in the fact's unit",
    "scale": "a factor on a fact",
    "discount": "a factor on money: one over one plus the rate",
    "gross_per_it": "megawatts per megawatt",
}
FORBIDDEN_MODULES = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools", "base_utils"}
NUMBER = re.compile(r"\bfloat\b|float64")
NOT_A_NUMBER = re.compile(r"Callable|Mapping|dict|Sequence|tuple|list|ParameterDraws")


def _numeric(annotation: ast.expr | None) -> bool:
    text = ast.unparse(annotation) if annotation else ""
    return bool(NUMBER.search(text)) and not NOT_A_NUMBER.search(text)


def _named_numbers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Fields of public classes and parameters of public functions that hold floats."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name, body=body) if not name.startswith("_"):
                for field in body:
                    match field:
                        case ast.AnnAssign(target=ast.Name(id=own), annotation=kind) if _numeric(kind):
                            yield field.lineno, own
            case ast.FunctionDef(name=name, args=taken) if not name.startswith("_"):
                for argument in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs):
                    if _numeric(argument.annotation):
                        yield argument.lineno, argument.arg


def test_public_numbers_are_named_with_their_unit(root: Path) -> None:
    unnamed = [
        f"{path.relative_to(root)}:{line} {name}"
        for path in sorted((root / "src").rglob("*.py"))
        for line, name in _named_numbers(ast.parse(path.read_text(encoding="utf-8")))
        if name not in EXEMPT and not ENDS_IN_UNIT.fullmatch(name)
    ]
    assert not unnamed, "end these names in a unit (or add the unit to the list here):\n" + "\n".join(unnamed)


def test_no_room_or_file_is_a_drawer(root: Path) -> None:
    drawers = [
        str(path.relative_to(root))
        for path in (root / "src" / "wattworth").rglob("*")
        if path.stem.lstrip("_") in FORBIDDEN_MODULES
    ]
    assert not drawers, f"name the thing each of these holds: {drawers}"
