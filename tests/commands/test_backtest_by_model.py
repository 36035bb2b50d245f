"""`manage.py backtest --provider model`, with a model whose answers are written down."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec
from tests.commands.conftest import Printed

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
Manage = Callable[..., Printed]
RSI = {"type": "indicator", "id": "RSI_14"}
RIGHT = compile_spec(
    parse_spec(
        {
            "strategy_name": "Generated",
            "indicators": [{"id": "RSI_14", "name": "RSI", "params": {"timeperiod": 14}}],
            "entry_rules": [{"when": {"type": "cross_below", "left": RSI, "right": 30}}],
            "exit_rules": [{"when": {"type": "cross_above", "left": RSI, "right": 70}}],
            "risk": {"stop_loss": {"type": "percent", "value": 5}},
        }
    )
).source


@pytest.fixture
def ask(manage: Manage, tmp_path: Path, empty_database: Path) -> Callable[..., Printed]:
    def run(*codes: str) -> Printed:
        script = tmp_path / "answers.jsonl"
        script.write_text("".join(json.dumps({"value": {"strategy_code": code}}) + "\n" for code in codes))
        database = tmp_path / "db.sqlite3"
        database.write_bytes(empty_database.read_bytes())
        model = {"LLM_PROVIDER": "scripted", "LLM_MODEL": str(script), "LLM_REPAIR_ROUNDS": "1"}
        model["LLM_SECOND_READING"] = "false"  # the answers that are written down are those for the code
        return manage("backtest", IDEA, "--symbol", "GOOG", "--provider", "model", "--json", **model)

    return run


def test_a_model_s_code_is_proved_run_and_kept(ask: Callable[..., Printed]) -> None:
    printed = ask(RIGHT.replace("70", "75"), RIGHT)
    answer = printed.answer
    assert (answer["status"], answer["provider"], answer["fallback_reason"]) == ("completed", "scripted", None)
    assert [made["stage"] for made in answer["rounds"]] == ["proof", "accepted"]
    assert answer["code"] == RIGHT == Path(answer["code_path"]).read_text(encoding="utf-8")
    assert answer["verified"] is True
    assert "is proved on these bars after 2 of its answers" in printed.stderr


def test_a_model_that_is_never_right_leaves_the_compiler_s_code(ask: Callable[..., Printed]) -> None:
    answer = ask("import os\n", "import os\n").answer
    assert (answer["status"], answer["provider"], answer["verified"]) == ("completed", "compiler", True)
    assert "no answer of 2 could be taken" in answer["fallback_reason"]


def test_without_a_model_it_says_how_to_have_one(manage: Manage) -> None:
    printed = manage("backtest", IDEA, "--provider", "model", "--json", LLM_PROVIDER="offline")
    assert printed.status == 1
    assert "set GEMINI_API_KEY" in printed.answer["errors"][0]["message"]
