"""The base of every model of the language, and the number types they share."""

import math
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Node(BaseModel):
    """A frozen piece of a spec: unknown keys are refused, `from`-like names are spoken by their JSON alias."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


def _whole(value: object) -> object:
    """JSON has one number type: 14.0 counts as 14 where a count is wanted."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value


Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
NotNegative = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000), BeforeValidator(_whole)]
Shift = Annotated[int, Field(strict=True, ge=0, le=100_000), BeforeValidator(_whole)]
Name = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
