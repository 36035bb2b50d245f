"""Texts, and what a model might make of them."""

import copy
from datetime import UTC, datetime
from typing import Any

from Backtest.llm.ledger import Budgets, MemoryLedger
from Backtest.llm.model import Model, Patience
from Backtest.llm.port import Completion, Provider
from Backtest.llm.scripted import ScriptedProvider, says
from Backtest.second_reading.prompt import EXAMPLES

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
TEXT: str = EXAMPLES[0][0]["text"][0]
"""Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss."""
UNREADABLE = "Buy when RSI(14) drops below 30 and momentum dries up. Sell when RSI(14) rises above 70."
CLAUSE = "momentum dries up"


def faithful() -> dict[str, Any]:
    """An answer that says what the grammar reads."""
    return copy.deepcopy(EXAMPLES[0][1])


def with_exit_at(value: float) -> dict[str, Any]:
    """The same with another number: the author's words are quoted, and misread."""
    answer = faithful()
    answer["canonical_json"]["exit_rules"][0]["when"]["right"]["value"] = value
    return answer


def with_idle_limit() -> dict[str, Any]:
    """Another meaning that makes the same trades on the sample: no position is held for so long."""
    answer = faithful()
    answer["canonical_json"]["risk"]["max_bars"] = 5000
    answer["quotes"].append({"path": "/risk/max_bars", "quote": "5% stop loss"})
    return answer


def with_invented_indicator() -> dict[str, Any]:
    answer = faithful()
    document = answer["canonical_json"]
    document["indicators"].append({"id": "ADX_14", "name": "ADX", "params": {"timeperiod": 14}})
    entry = document["entry_rules"][0]
    strong = {"type": "compare", "op": ">", "left": _indicator("ADX_14"), "right": {"type": "number", "value": 25}}
    entry["when"] = {"type": "and", "of": [entry["when"], strong]}
    return answer


def with_invented_stop() -> dict[str, Any]:
    answer = faithful()
    answer["canonical_json"]["risk"]["take_profit"] = {"type": "percent", "value": 10}
    return answer


def of_the_unreadable() -> dict[str, Any]:
    """A reading of the clause that the grammar can't read."""
    answer = faithful()
    document = answer["canonical_json"]
    del document["risk"]
    document["indicators"].append({"id": "MOM_10", "name": "MOM", "params": {"timeperiod": 10}})
    entry = document["entry_rules"][0]
    falling = {"type": "falling", "value": _indicator("MOM_10"), "bars": 3}
    entry["when"] = {"type": "and", "of": [entry["when"], falling]}
    answer["quotes"] = [
        {"path": "/entry_rules/0", "quote": "Buy when RSI(14) drops below 30"},
        {"path": "/entry_rules/0/when/of/1", "quote": CLAUSE},
        {"path": "/exit_rules/0", "quote": "Sell when RSI(14) rises above 70"},
    ]
    return answer


def scripted(*answers: Any) -> tuple[ScriptedProvider, Model]:
    """A model that gives these answers: values, texts, completions or failures."""
    steps = [a if isinstance(a, Completion | Exception) else says(a) for a in answers]
    provider = ScriptedProvider(steps)  # type: ignore[arg-type]
    return provider, model_of(provider)


def model_of(provider: Provider, *, timeout_s: float = 20.0, budgets: Budgets | None = None) -> Model:
    ledger = MemoryLedger(budgets or Budgets(), lambda: NOON)
    return Model(provider, ledger, patience=Patience(timeout_s, attempts=1), sleep=lambda seconds: None)


def _indicator(name: str) -> dict[str, Any]:
    return {"type": "indicator", "id": name}
