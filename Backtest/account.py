"""What a run trades with."""

import math
from dataclasses import dataclass

from Backtest.errors import InputError, Issue


@dataclass(frozen=True)
class Account:
    """What a run trades with; raises InputError for figures that backtesting.py can't take.

    `commission_rate` is a fraction of the value and `commission_per_unit` cash per unit, both per side;
    `commission_fixed` is cash per order side; `spread` a fraction of the price; `margin` 1 / leverage.
    """

    cash: float = 100_000.0
    commission_rate: float = 0.001
    commission_fixed: float = 0.0
    commission_per_unit: float = 0.0
    spread: float = 0.0
    margin: float = 1.0

    def __post_init__(self) -> None:
        bounds = (
            ("cash", 0.0 < self.cash < math.inf, "above 0"),
            ("commission_rate", -0.1 <= self.commission_rate < 0.1, "at least -0.1 and below 0.1 (0.001 is 0.1 %)"),
            ("commission_fixed", 0.0 <= self.commission_fixed < math.inf, "0 or more"),
            ("commission_per_unit", 0.0 <= self.commission_per_unit < math.inf, "0 or more"),
            ("spread", 0.0 <= self.spread < 1.0, "at least 0 and below 1 (0.0002 is 0.02 %)"),
            ("margin", 0.0 < self.margin <= 1.0, "above 0 and at most 1 (0.5 is a leverage of 2)"),
        )
        issues = [
            Issue(f"/{name}", f"{name} is {getattr(self, name)!r}.", f"Give a number {wanted}.")
            for name, holds, wanted in bounds
            if not holds
        ]
        if issues:
            raise InputError("This account can't be simulated.", issues)
