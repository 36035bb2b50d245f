"""What can be asked of the main job, and the account that it is run with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue, ValidationError

from Backtest.account import Account
from Backtest.canonical.risk import Execution, FixedPlusRateCommission, PerUnitCommission, RateCommission
from Backtest.data.bars import Bars
from Backtest.errors import InputError, Issue
from Backtest.pipeline.page_text import Told
from Backtest.second_reading.reading import SecondReading


@dataclass(frozen=True)
class BacktestRequest:
    """What is to be run: a text (with follow-up turns), a canonical document, or code, on a sample, a source or a CSV.

    What is given here beats what the text says, which beats the defaults. `commission` is a fraction per side, `spread`
    a fraction of the price, `margin` 1 / leverage. `code` is a strategy file of the user's own: it has no spec, and its
    figures are its own report. `written_code` beside a document is the file that somebody else than the
    compiler wrote for it, to be run in place of the compiler's. `page` is the one that told the text, where a page did;
    `second` is a model's reading of the text, which is laid beside the grammar's. `bars` are those at hand, in place of
    a source.
    """

    text: str | None = None
    page: Told | None = None
    second: SecondReading | None = None
    turns: tuple[str, ...] = ()
    canonical_json: Mapping[str, object] | None = None
    code: str | None = None
    written_code: str | None = None
    symbol: str | None = None
    source: str = "sample"
    csv: Path | None = None
    bars: Bars | None = None
    timeframe: str | None = None
    start: str | None = None
    end: str | None = None
    cash: float | None = None
    commission: float | None = None
    spread: float | None = None
    margin: float | None = None
    answers: Mapping[str, JsonValue] = field(default_factory=dict)
    accept_defaults: bool = False

    def said(self) -> dict[str, object]:
        """What the request says of the spec, by the place in it (a JSON pointer)."""
        places = {
            "/instruments": self.symbol or self.csv,
            "/timeframe": self.timeframe,
            "/execution/cash": self.cash,
            "/execution/commission": self.commission,
            "/execution/spread": self.spread,
            "/execution/margin": self.margin,
        }
        return {place: value for place, value in places.items() if value is not None}


def execution_with(execution: Execution, request: BacktestRequest) -> Execution:
    """The account with what the request says of it; raises InputError for figures that can't be."""
    given: dict[str, object] = {
        name: value
        for name, value in (("cash", request.cash), ("spread", request.spread), ("margin", request.margin))
        if value is not None
    }
    if request.commission is not None:
        given["commission"] = {"type": "rate", "value": request.commission}
    try:
        return Execution.model_validate({**execution.model_dump(by_alias=True), **given})
    except ValidationError as error:
        issues = [
            Issue(f"/account/{fault['loc'][0]}", f"{fault['loc'][0]} is {fault['input']!r}: {fault['msg'].lower()}")
            for fault in error.errors()
        ]
        raise InputError(issues[0].message, issues) from error


def account_of(execution: Execution) -> Account:
    """The account a spec names, as the adapter takes it."""
    rates: dict[str, float] = {"commission_rate": 0.0}
    match execution.commission:
        case RateCommission(value=value):
            rates = {"commission_rate": value}
        case FixedPlusRateCommission(fixed=fixed, rate=rate):
            rates = {"commission_fixed": fixed, "commission_rate": rate}
        case PerUnitCommission(value=value):
            rates = {"commission_rate": 0.0, "commission_per_unit": value}
    return Account(cash=execution.cash, spread=execution.spread, margin=execution.margin, **rates)
