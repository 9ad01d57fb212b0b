"""What stands behind a value: facts with their sources, uses, models."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path

from wattworth import uses
from wattworth.valuation import SPECS
from wattworth.web.problems import ANSWERS, NotFoundError

router = APIRouter(tags=["reference"], responses=ANSWERS)

Document = dict[str, Any]


@router.get("/facts")
def list_facts() -> list[Document]:
    """Every packaged fact with value, range, unit, source, as-of date and confidence."""
    return [asdict(fact) for fact in uses.fact_book().values()]


@router.get("/facts/{key}")
def read_fact(key: Annotated[str, Path(max_length=100)]) -> Document:
    """One fact."""
    book = uses.fact_book()
    if key not in book:
        raise NotFoundError(f"{key}: there is no such fact")
    return asdict(book[key])


@router.get("/uses")
def list_uses() -> list[str]:
    """Uses that a study may enable."""
    return list(SPECS)


@router.get("/models")
def list_models() -> list[str]:
    """Models of a national balance."""
    from wattworth.gap import model_names

    return list(model_names())
