"""Numbers as a report says them: signs that align, thousands apart, a dash where there is no value."""

import math
from collections.abc import Sequence

NONE = "–"
_MINUS = "−"


def number(value: float | None, digits: int = 2) -> str:
    """1,234.50; −0.20; – for None."""
    if value is None:
        return NONE
    text = f"{value:,.{digits}f}"
    if text.startswith("-"):
        text = text[1:] if not text.strip("-0.,") else _MINUS + text[1:]
    return text


def signed(value: float | None, digits: int = 2) -> str:
    """number() with a plus before what is above zero."""
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def percent(value: float | None, digits: int = 2) -> str:
    return NONE if value is None else f"{number(value, digits)} %"


def signed_percent(value: float | None, digits: int = 2) -> str:
    return NONE if value is None else f"{signed(value, digits)} %"


def price_digits(prices: Sequence[float]) -> int:
    """The digits after the point in which these prices are quoted: 2 to 8, fewer the higher the prices."""
    highest = max(prices)
    most = min(8, max(2, 6 - len(str(math.floor(highest)))))
    return next((d for d in range(2, most) if all(math.isclose(round(p, d), p, rel_tol=1e-9) for p in prices)), most)


def tone(value: float | None) -> str:
    """The CSS class of a gain, a loss or neither."""
    if value is None or value == 0:
        return ""
    return "gain" if value > 0 else "loss"


def moment(stamp: str) -> str:
    """A stamp as people write it: `2017-05-03 19:00`, without seconds where there are none."""
    return stamp.replace("T", " ").removesuffix(":00") if len(stamp) == len("YYYY-MM-DDTHH:MM:SS") else stamp
