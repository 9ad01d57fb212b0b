"""Types of what a study declares, each with its unit, its bounds and the words for a person."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import Field
from pydantic.fields import FieldInfo

_MONTH_PATTERN = r"^(199[0-9]|20[0-9]{2}|2100)-(0[1-9]|1[0-2])$"
_MONTH_NEED = "a month as YYYY-MM, for example 2027-05"
_SLUG_PATTERN = r"^[^\W_]+(-[^\W_]+)*$"
_SLUG_LONGEST = 80
_SLUG_NEED = 'a short name of letters, digits and hyphens, for example "acme-north"'

Month = Annotated[str, Field(pattern=_MONTH_PATTERN, json_schema_extra={"need": _MONTH_NEED, "kind": "month"})]
OptionalMonth = Annotated[
    str | None, Field(pattern=_MONTH_PATTERN, json_schema_extra={"need": _MONTH_NEED, "kind": "month"})
]
Date = Annotated[
    str | None,
    Field(
        pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        json_schema_extra={"need": "a date as YYYY, YYYY-MM or YYYY-MM-DD"},
    ),
]
Slug = Annotated[str, Field(pattern=_SLUG_PATTERN, max_length=_SLUG_LONGEST, json_schema_extra={"need": _SLUG_NEED})]
Text = Annotated[str, Field(min_length=1)]
Country = Annotated[
    str,
    Field(pattern=r"^[A-Z]{2}$", json_schema_extra={"need": "a country as two capital letters (ISO 3166), such as US"}),
]
Megawatts = Annotated[float | None, Field(ge=0, json_schema_extra={"unit": "MW"})]
Share = Annotated[float, Field(gt=0, le=1, json_schema_extra={"unit": "frac"})]
Step = Annotated[float | None, Field(ge=-0.2, le=0.2, json_schema_extra={"unit": "frac/yr"})]
Years = Annotated[float | None, Field(gt=0, le=100, json_schema_extra={"unit": "years"})]
Price = Annotated[float | None, Field(ge=-1000, le=10_000, json_schema_extra={"unit": "$/MWh"})]

Rates = Annotated[
    dict[str, Any] | None,
    Field(json_schema_extra={"need": "a mapping `by_use` of every enabled use to its yearly hurdle rate"}),
]
Cases = Annotated[
    dict[str, Any] | None,
    Field(json_schema_extra={"need": "a mapping of case names to description, facts, sites and discount"}),
]
ChangedFacts = Annotated[
    dict[str, Any] | None, Field(json_schema_extra={"need": "a mapping of fact keys to value, source and the rest"})
]
DoubleCounts = Annotated[
    list[Any] | None, Field(json_schema_extra={"need": "a list of site_id, same_as, reason and mw"})
]
MarketFiles = Annotated[
    dict[str, Any] | None,
    Field(json_schema_extra={"need": "a mapping of markets to CSV files of the folder, such as `btc_usd: btc.csv`"}),
]
Supplies = Annotated[
    dict[str, Any] | None,
    Field(json_schema_extra={"need": "a mapping of site_id to case, design and the rest"}),
]
PlanOf = Annotated[
    dict[str, Any] | None,
    Field(json_schema_extra={"need": "a mapping of limits, periods, aim and the rest"}),
]
FileList = Annotated[list[str] | None, Field(json_schema_extra={"need": "a list of CSV files of the folder"})]

Kind = Literal["number", "whole", "flag", "choice", "month", "text", "other"]
_BASES: dict[object, Kind] = {float: "number", int: "whole", bool: "flag", str: "text"}
_TYPE_WORDS: dict[Kind, str] = {
    "number": "number",
    "whole": "whole number",
    "flag": "yes or no",
    "month": "month",
    "text": "text",
    "other": "mapping",
}


def kind(info: FieldInfo) -> Kind:
    """What sort of value a field holds."""
    extra = _extra(info)
    if "kind" in extra:
        return extra["kind"]
    types = bases(info.annotation)
    if any(get_origin(base) is Literal for base in types):
        return "number" if float in types else "choice"
    return _BASES.get(types[0], "other") if len(types) == 1 else "other"


def choices(info: FieldInfo) -> tuple[str, ...]:
    """Words a field accepts, if it is a choice of words."""
    return tuple(str(word) for base in bases(info.annotation) if get_origin(base) is Literal for word in get_args(base))


def unit(info: FieldInfo) -> str | None:
    """Unit of a field, as printed."""
    return _extra(info).get("unit")


def type_words(info: FieldInfo) -> str:
    """Type of a field in the words of the reference."""
    words = choices(info)
    if not words:
        is_list = any(get_origin(base) is list for base in bases(info.annotation))
        return "list" if is_list and len(bases(info.annotation)) == 1 else _TYPE_WORDS[kind(info)]
    listed = ", ".join(f"`{word}`" for word in words)
    return f"number or {listed}" if kind(info) == "number" else listed


def need(info: FieldInfo) -> str:
    """What a field needs, in plain words."""
    extra = _extra(info)
    if "need" in extra:
        return extra["need"]
    sort = kind(info)
    if sort == "choice":
        return "one of " + ", ".join(f'"{word}"' for word in choices(info))
    if sort not in ("number", "whole"):
        return {"flag": "yes or no", "other": "a mapping"}.get(sort, "text")
    measure = unit(info)
    noun = "a fraction" if measure in ("frac", "frac/yr") else "a whole number" if sort == "whole" else "a number"
    of = f" of {measure}" if measure and noun != "a fraction" else ""
    words = "".join(f' or "{word}"' for word in choices(info))
    return f"{noun}{of}{bounds(info)}{words}"


def bounds(info: FieldInfo) -> str:
    """Bounds of a field, as the end of a sentence."""
    limits: dict[str, Any] = {}
    inner = [field for part in _union(info) for field in get_args(part) if isinstance(field, FieldInfo)]
    for item in (item for field in (info, *inner) for item in field.metadata):
        for name in ("ge", "gt", "le", "lt"):
            if hasattr(item, name):
                limits[name] = getattr(item, name)
    if "ge" in limits and "le" in limits:
        return f" from {limits['ge']:g} to {limits['le']:g}"
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    return "".join(
        f"{' and' if i else ''} {signs[name]} {limits[name]:g}"
        for i, name in enumerate(n for n in signs if n in limits)
    )


def form(info: FieldInfo) -> str:
    """How a value is written, or its bounds; empty where neither is limited."""
    return _extra(info).get("need") or bounds(info).strip()


def _extra(info: FieldInfo) -> dict[str, Any]:
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def bases(annotation: Any) -> list[Any]:
    """The types of an annotation, those of a union one by one, without None and limits."""
    if get_origin(annotation) is Annotated:
        return bases(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [base for part in get_args(annotation) for base in bases(part)]
    return [] if annotation is type(None) else [annotation]


def _union(info: FieldInfo) -> tuple[Any, ...]:
    annotation = info.annotation
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
