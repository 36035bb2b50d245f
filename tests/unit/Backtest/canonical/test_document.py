"""A spec as plain JSON, and back."""

import json

from hypothesis import given, settings

from Backtest.canonical.document import to_document
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from tests.generators.documents import rsi_reversal
from tests.generators.specs import specs


def test_the_canonical_document_is_written_as_it_was_read() -> None:
    assert json.dumps(to_document(parse_spec(rsi_reversal()))) == json.dumps(rsi_reversal())


@settings(max_examples=100, deadline=None)
@given(specs())
def test_a_document_gives_its_spec_back(spec: Spec) -> None:
    assert parse_spec(to_document(spec)) == spec
    assert parse_spec(json.dumps(to_document(spec))) == spec


def test_reading_completes_a_short_document_once() -> None:
    spec = parse_spec(
        {
            "indicators": [{"name": "macd"}],
            "entry_rules": [{"when": None, "order": {"type": "stop", "price": "BB_UPPER"}}],
        }
    )
    assert parse_spec(to_document(spec)) == spec


# The large example of the language's description, with the timeframe that its 4-hour average needs.
LARGE = """
{"timeframe": "1h",
 "parameters": [{"name": "fast", "value": 20, "min": 5, "max": 60, "step": 1}, {"name": "slow", "value": 50, "min": 20, "max": 250, "step": 5}],
 "constraints": ["fast < slow"],
 "indicators": [{"id": "ema_fast", "name": "EMA", "params": {"timeperiod": {"type": "param", "name": "fast"}}, "source": "Close", "timeframe": null},
                {"id": "ema_slow", "name": "EMA", "params": {"timeperiod": {"type": "param", "name": "slow"}}, "source": "Close", "timeframe": null},
                {"id": "SMA_50_4H", "name": "SMA", "params": {"timeperiod": 50}, "source": "Close", "timeframe": "4h"},
                {"id": "ATR_14", "name": "ATR", "params": {"timeperiod": 14}, "source": null, "timeframe": null}],
 "entry_rules": [{"id": "entry_1", "side": "long", "order": {"type": "limit", "price": {"type": "arith", "op": "*", "args": [{"type": "price", "field": "Close", "shift": 0}, {"type": "number", "value": 0.99}]}, "valid_bars": 3},
   "when": {"type": "and", "of": [
     {"type": "within", "bars": 5, "of": {"type": "cross_above", "left": {"type": "indicator", "id": "ema_fast"}, "right": {"type": "indicator", "id": "ema_slow"}}},
     {"type": "compare", "op": ">", "left": {"type": "price", "field": "Close"}, "right": {"type": "indicator", "id": "SMA_50_4H"}},
     {"type": "not", "of": {"type": "pattern", "name": "CDLDOJI"}}]}}],
 "exit_rules": [{"id": "exit_1", "side": "long", "portion": 0.5, "when": {"type": "compare", "op": ">=", "left": {"type": "open_profit_pct"}, "right": {"type": "number", "value": 4}}},
                {"id": "exit_2", "side": "long", "portion": 1.0, "when": {"type": "compare", "op": "<", "left": {"type": "indicator", "id": "ema_fast"}, "right": {"type": "indicator", "id": "ema_slow"}}}],
 "risk": {"stop_loss": {"type": "atr", "indicator": "ATR_14", "multiple": 2.0}, "take_profit": {"type": "r", "multiple": 3.0},
          "trailing_stop": {"type": "percent", "value": 3.0, "after_gain": {"type": "percent", "value": 4.0}}, "break_even": {"after_gain": {"type": "r", "value": 1.0}}, "max_bars": 30},
 "sizing": {"type": "risk", "percent": 1.0},
 "filters": {"weekdays": ["tue", "wed", "thu"], "hours": {"from": "08:00", "to": "16:00"}, "when": null, "cooldown_bars": 5}}
"""


def test_the_large_example_of_the_language_is_read_and_sound() -> None:
    spec = parse_spec(LARGE)
    assert lint(spec) == ()
    assert parse_spec(to_document(spec)) == spec
    for section in ("parameters", "indicators", "risk", "filters"):
        assert to_document(spec)[section] == json.loads(LARGE)[section]
    assert {a.topic for a in spec.assumptions} == {"cash", "commission", "spread", "margin"}
