"""Each of the rules 1 to 24 has a file of tests of its own, and each of those compares with strategies written by hand."""

import re
from pathlib import Path

import pytest

FILES = {int(path.name.split("_")[2]): path for path in sorted(Path(__file__).parent.glob("test_rule_*.py"))}


@pytest.mark.parametrize("rule", range(1, 25))
def test_the_rule_has_tests_against_strategies_written_by_hand(rule: int) -> None:
    text = FILES[rule].read_text(encoding="utf-8")
    assert len(re.findall(r"^def test_", text, re.MULTILINE)) >= 1
    assert re.search(r"class \w+\(PlainStrategy\):", text)
    assert "assert_same_trades(compiled_trades(" in text


def test_no_hand_written_strategy_uses_our_code() -> None:
    for path in FILES.values():
        imported = re.findall(r"^(?:from|import) (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not [name for name in imported if name.startswith("Backtest")], path.name
