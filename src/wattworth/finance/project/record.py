"""What every declared record of a project is made of: its base, and the kinds of number it may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "frac"})]
Growth = Annotated[float, Field(gt=-1, le=1, json_schema_extra={"unit": "frac/yr"})]
Rate = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "frac/yr"})]
Usd = Annotated[float, Field(ge=0, json_schema_extra={"unit": "USD"})]
Amount = Annotated[float, Field(ge=0)]
Years = Annotated[int, Field(ge=0, le=100, json_schema_extra={"unit": "years"})]
Months = Annotated[float, Field(ge=0, le=60, json_schema_extra={"unit": "months"})]
Cover = Annotated[float, Field(gt=0, json_schema_extra={"unit": "ratio"})]
Tenor = Annotated[int, Field(ge=1, le=60, json_schema_extra={"unit": "years"})]
DebtProfile = Literal["sculpted", "level_payment", "level_principal", "bullet"]


class Part(BaseModel):
    """A frozen record; a number may also hold an array over cases, put there by :func:`vary`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False)
