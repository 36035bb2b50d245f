"""What a generated file looks like and stands for; that it trades right is for tests/semantics and tests/nl_cases."""

import ast
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from backtesting import Backtest
from backtesting.test import GOOG

from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec

RSI = {
    "strategy_name": "RSI reversal",
    "entry_rules": [{"side": "long", "when": {"type": "cross_below", "left": "RSI_14", "right": 30}}],
    "exit_rules": [{"side": "long", "when": {"type": "cross_above", "left": "RSI_14", "right": 70}}],
    "risk": {"stop_loss": {"type": "percent", "value": 5}},
}


def source_of(**changes: Any) -> str:
    return compile_spec(parse_spec({**RSI, **changes})).source


def module_of(source: str) -> types.ModuleType:
    module = types.ModuleType("generated")
    exec(compile(source, "generated.py", "exec"), module.__dict__)  # noqa: S102 - what is tested
    return module


def test_the_file_imports_nothing_of_this_project() -> None:
    imported = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(source_of()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in imported} <= {
        "argparse", "backtesting", "collections", "datetime", "numpy", "pandas", "talib", "warnings",
    }  # fmt: skip


def test_indicators_stand_in_init_under_their_column_names() -> None:
    assert 'self.RSI_14 = self.I(talib.RSI, self.data.Close, timeperiod=14, name="RSI_14")' in source_of()


def test_a_named_parameter_is_a_class_attribute_that_can_be_optimised() -> None:
    source = source_of(
        parameters=[{"name": "period", "value": 14, "min": 5, "max": 30, "step": 1}],
        indicators=[{"id": "rsi", "name": "RSI", "params": {"timeperiod": {"type": "param", "name": "period"}}}],
        entry_rules=[{"side": "long", "when": {"type": "compare", "op": "<", "left": "rsi", "right": 30}}],
        exit_rules=[{"side": "long", "when": {"type": "compare", "op": ">", "left": "rsi", "right": 70}}],
    )
    assert "    period = 14  # 5 to 30\n" in source
    module = module_of(source)
    trades = [
        Backtest(GOOG, module.RsiReversal, finalize_trades=False, **module.ACCOUNT).run(period=period)["# Trades"]
        for period in (7, 21)
    ]
    assert trades[0] > trades[1]


def test_a_rule_bears_the_words_it_was_read_from() -> None:
    text = "Buy when RSI(14) drops below 30; sell when it rises above 70."
    spans = [{"path": "/entry_rules/0", "start": 0, "end": 31}, {"path": "/exit_rules/0", "start": 33, "end": 61}]
    source = source_of(provenance={"source": "text", "text": text, "spans": spans})
    assert "        # Buy when RSI(14) drops below 30\n        entry_1 = " in source


def test_a_rule_without_words_of_its_own_bears_its_explanation() -> None:
    assert "        # Enter long at the next open when RSI(14) crosses below 30.\n" in source_of()


def test_hostile_words_stay_a_comment() -> None:
    text = 'x"""\nimport os\nos.system("true")\r\x0c\u2028import sys'
    spans = [{"path": "/entry_rules/0", "start": 0, "end": len(text)}]
    source = source_of(
        strategy_name=text[:100], description=text, provenance={"source": "text", "text": text, "spans": spans}
    )
    called = {ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
    assert "os.system" not in called


def test_rule_and_indicator_names_that_mean_something_in_python_are_changed_and_still_tag_the_trades() -> None:
    source = source_of(
        entry_rules=[{"id": "self", "side": "long", "when": {"type": "cross_below", "left": "RSI_14", "right": 30}}],
        exit_rules=[{"id": "close", "side": "long", "when": {"type": "cross_above", "left": "RSI_14", "right": 70}}],
    )
    module = module_of(source)
    stats = Backtest(GOOG, module.RsiReversal, finalize_trades=False, **module.ACCOUNT).run()
    assert set(stats["_trades"]["Tag"]) == {"self"}


def test_an_indicator_without_any_value_means_that_no_rule_is_evaluated_and_says_so() -> None:
    source = source_of(
        indicators=[{"name": "SMA", "timeperiod": 200}],
        entry_rules=[{"side": "long", "when": {"type": "compare", "op": ">", "left": "Close", "right": 1}}],
    )
    module = module_of(source)
    with pytest.warns(UserWarning, match="SMA_200: no value on these bars, so no rule was evaluated"):
        stats = Backtest(GOOG.iloc[:100], module.RsiReversal, finalize_trades=False, **module.ACCOUNT).run()
    assert stats["# Trades"] == 0


def test_a_windowed_condition_near_the_first_bar_never_reaches_before_it() -> None:
    close = {"type": "price", "field": "Close", "shift": 0}
    fell = {"type": "falling", "value": close, "bars": 3}
    source = source_of(
        entry_rules=[{"side": "long", "when": {"type": "within", "bars": 30, "of": fell}}],
        exit_rules=[{"side": "long", "when": {"type": "for", "bars": 3, "of": {"type": "not", "of": fell}}}],
    )
    assert "len(self.data) > 3 + k and " in source
    module = module_of(source)
    frame = GOOG.iloc[:60]
    signal = (frame.Close.diff() < 0).rolling(3).sum() == 3
    stats = Backtest(frame, module.RsiReversal, finalize_trades=False, **module.ACCOUNT).run()
    assert stats["_trades"]["EntryBar"].iloc[0] == signal.to_numpy().argmax() + 1


@pytest.fixture
def strategy_file(tmp_path: Path) -> Path:
    path = tmp_path / "strategy.py"
    path.write_text(source_of(), encoding="utf-8")
    return path


def printed_by(path: Path, *arguments: str) -> dict[str, str]:
    """What the file prints when a person runs it, in a folder and an environment without this project."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", path, *arguments],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return {line[:26].strip(): line[26:].strip() for line in done.stdout.splitlines()}


def test_the_file_runs_by_itself_on_its_sample(strategy_file: Path) -> None:
    module = module_of(source_of())
    expected = Backtest(GOOG, module.RsiReversal, finalize_trades=False, **module.ACCOUNT).run()
    assert float(printed_by(strategy_file)["Return [%]"]) == pytest.approx(expected["Return [%]"], rel=1e-5)


def test_the_file_runs_on_a_csv_and_counts_only_from_its_start(strategy_file: Path, tmp_path: Path) -> None:
    GOOG.to_csv(tmp_path / "bars.csv", index_label="Time")
    printed = printed_by(strategy_file, "--csv", str(tmp_path / "bars.csv"), "--start", "2009-06-01")
    window = GOOG.loc["2009-06-01":]
    hold = 100 * (window.Close.iloc[-1] / window.Close.iloc[0] - 1)
    assert printed["Start"].startswith("2009-06-01")
    assert float(printed["Buy & Hold Return [%]"]) == pytest.approx(hold, rel=1e-5)
