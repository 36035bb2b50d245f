"""Requests and answers as the schema shows them; a test asks for each and compares."""

import json
from pathlib import Path
from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

IDEA: Final = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
OWN_CODE: Final = """from backtesting import Strategy


class Hold(Strategy):
    def init(self):
        pass

    def next(self):
        if not self.position:
            self.buy()
"""
_ANSWERS: Final[dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def _request(title: str, /, **body: Any) -> OpenApiExample:
    return OpenApiExample(title, body, request_only=True)


def _answer(title: str, key: str, status: int = 200, media_type: str = "application/json") -> OpenApiExample:
    return OpenApiExample(title, _ANSWERS[key], response_only=True, status_codes=[str(status)], media_type=media_type)


RUN_STRATEGY: Final = _request(
    "A strategy of yours",
    strategy_id=1,
    symbol="GOOG",
    start_date="2009-01-01",
    end_date="2010-12-31",
    account={"cash": 50_000, "commission": 0.0005},
)
RUN_IDEA: Final = _request("An idea in plain words", user_description=IDEA, symbol="GOOG")
RUN_CODE: Final = _request("Code of your own", code=OWN_CODE, symbol="BTCUSD", start_date="2020-01-01")
NOTHING: Final = _request("Nothing")

RUN_MADE: Final = _answer("A completed run, yet to be verified", "run_made", 201)
RUN: Final = _answer("A verified run", "run")
RUNS: Final = _answer("One run", "runs")
PENDING: Final = _answer("A run that waits", "pending", 202)
CANCELLED: Final = _answer("A cancelled run", "cancelled")
TRADES: Final = _answer("Five trades", "trades")
EQUITY: Final = _answer("Two years in three points", "equity")
CHART: Final = _answer("Two years in three points", "chart")
WHY: Final = _answer("A date without a trade", "why")
RECOMMENDATIONS: Final = _answer("Too few trades to judge by", "recommendations")
MANIFEST: Final = _answer("What a run was made of", "manifest")
TRADES_CSV: Final = _answer("Five trades", "trades_csv", media_type="text/csv")
OPTIMIZE: Final = _request(
    "A level and a stop", grid={"entry_1.level": {"from": 25, "to": 35, "step": 5}, "stop_loss": [3, 5]}, top=1
)
VARIABLES: Final = _answer("Of a strategy with an RSI and a stop", "variables")
OPTIMIZATION_MADE: Final = _answer("Six combinations, answered at once", "optimization", 201)
OPTIMIZATION_PENDING: Final = _answer("A search that waits", "optimization_pending", 202)
OPTIMIZATION: Final = _answer("Six combinations", "optimization")
OPTIMIZATIONS: Final = _answer("One search", "optimizations")
OPTIMIZATION_CANCELLED: Final = _answer("A cancelled search", "optimization_cancelled")
PREVIEW: Final = _answer("What would be run", "preview")
CODE_RUN_MADE: Final = _answer("A run of code", "code_run", 201)
