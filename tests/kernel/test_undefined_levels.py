"""A stop or target at a line that has no value on the signal bar is left out, and told by every execution."""

import pytest

from Backtest.canonical.parse import parse_spec
from Backtest.data.bars import Window
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline import account_of
from tests.kernel.differential import Case, bars_named, difference, reports, run_generated
from tests.semantics.documents import arith, compare, document, enter, indicator, leave, number, price

VWAP = {"id": "VWAP", "name": "VWAP", "params": {}, "source": None}


def level(factor: float) -> dict:
    return {"type": "price", "price": arith("*", indicator("VWAP"), number(factor))}


@pytest.mark.parametrize("risk", [{"take_profit": level(1.03)}, {"stop_loss": level(0.97)}])
def test_a_level_without_a_value_is_told_by_all(risk: dict) -> None:
    rules = [enter(compare(price(), ">", number(0)), "long")], [leave(compare(price(), ">", price("Open")), "long")]
    spec = parse_spec({**document(*rules, risk=risk), "indicators": [VWAP]})
    window = Window(bars_named("TIES"), 0)  # days without any volume have no VWAP
    theirs = run_generated(Case(spec, window))
    ours = run_spec(spec, window, account_of(spec.execution))
    assert any("at nan" in notice for notice in theirs.notices)
    assert difference(ours, theirs) == ""
    assert reports(ours) == reports(theirs) == reports(interpret(spec, window, account_of(spec.execution)))
