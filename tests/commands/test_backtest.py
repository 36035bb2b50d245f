"""`manage.py backtest`, as a person and as a program use it."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from Backtest.data_manager import load_bars
from tests.commands.conftest import ROOT, Printed

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
Manage = Callable[..., Printed]

SPEC = {
    "strategy_name": "RSI reversal",
    "entry_rules": [{"side": "long", "when": {"type": "cross_below", "left": "RSI_14", "right": 30}}],
    "exit_rules": [{"side": "long", "when": {"type": "cross_above", "left": "RSI_14", "right": 70}}],
}


def test_an_idea_becomes_a_strategy_its_code_and_a_backtest(manage: Manage, tmp_path: Path) -> None:
    answer = manage("backtest", IDEA, "--symbol", "GOOG", "--json").answer
    assert answer["status"] == "completed"
    assert answer["canonical_json"]["risk"]["stop_loss"] == {"type": "percent", "value": 5.0}
    assert Path(answer["code_path"]).read_text(encoding="utf-8") == answer["code"]
    with open(answer["artifacts"]["trades_csv"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["pnl"]) for row in rows] == [trade["pnl"] for trade in answer["trades"]]
    assert answer["metrics"]["total_trades"] == len(rows) > 0
    assert {path.name for path in (tmp_path / "runs").glob("*/*")} == {
        "trades.csv",
        "equity.csv",
        "report.html",
        "manifest.json",
    }


def test_progress_goes_to_stderr_and_only_the_result_to_stdout(manage: Manage) -> None:
    printed = manage("backtest", IDEA, "--symbol", "GOOG", "--json")
    assert len(printed.stdout.splitlines()) == 1
    assert "Reading the strategy" in printed.stderr


def test_a_person_sees_what_was_understood_the_figures_and_last_of_all_the_artifacts(manage: Manage) -> None:
    printed = manage("backtest", IDEA, "--symbol", "GOOG")
    assert printed.status == 0
    for part in ("RSI(14)", "Assumed", "Total P&L", "closed trades", "no investment advice"):
        assert part in printed.stdout
    assert [line.split()[0] for line in printed.stdout.splitlines()[-5:]] == [
        "code",
        "report",
        "trades",
        "equity",
        "manifest",
    ]


def test_advice_comes_with_the_sentence_that_was_tried(manage: Manage) -> None:
    printed = manage("backtest", IDEA.removesuffix(", 5% stop loss"), "--symbol", "GOOG", "--advice")
    assert "→ say: add a 5% stop loss" in printed.stdout
    answer = manage("backtest", IDEA, "--symbol", "GOOG", "--advice", "--json").answer
    assert [(each["topic"], each["edit"]) for each in answer["ai_recommendations"]] == [
        ("few_trades", "use 35 instead of 30")
    ]


def test_a_pipe_gets_no_colours(manage: Manage) -> None:
    assert "\x1b[" not in manage("backtest", IDEA, "--symbol", "GOOG").stdout


def test_the_account_of_the_request_beats_the_default_and_is_no_assumption(manage: Manage) -> None:
    answer = manage("backtest", IDEA, "--symbol", "GOOG", "--cash", "50000", "--commission", "0.002", "--json").answer
    execution = answer["canonical_json"]["execution"]
    assert (execution["cash"], execution["commission"]) == (50_000.0, {"type": "rate", "value": 0.002})
    assert not {a["path"] for a in answer["assumptions"]} & {"/execution/cash", "/execution/commission"}


def test_a_start_date_leaves_the_history_before_it_to_the_warm_up(manage: Manage) -> None:
    answer = manage("backtest", "-", "--symbol", "GOOG", "--start", "2010-06-01", "--json", given=IDEA).answer
    assert answer["status"] == "completed"
    assert answer["metrics"]["start"] == "2010-06-01"
    assert all(trade["entry_time"] > "2010-06-01" and trade["entry_bar"] >= 1 for trade in answer["trades"])


def test_a_csv_of_your_own_is_run_on_its_own_timeframe(manage: Manage, tmp_path: Path) -> None:
    load_bars(symbol="EURUSD").frame.iloc[:600].to_csv(tmp_path / "bars.csv")
    answer = manage("backtest", IDEA, "--csv", "bars.csv", "--json").answer
    assert answer["status"] == "completed"
    assert answer["canonical_json"]["timeframe"] == "1h"
    assert answer["canonical_json"]["instruments"] == ["BARS"]


def test_a_damaged_csv_is_refused_with_the_line_at_fault(manage: Manage, tmp_path: Path) -> None:
    (tmp_path / "bars.csv").write_text("Time,Open,High,Low,Close\n2020-01-01,1,2,0.5,1\n2020-01-02,1,x,1,1\n")
    printed = manage("backtest", IDEA, "--csv", "bars.csv", "--json")
    assert printed.status == 1
    assert [error["field"] for error in printed.answer["errors"]] == ["line 3, column High"]


def test_a_canonical_spec_is_run_in_place_of_a_text(manage: Manage, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(SPEC))
    answer = manage("backtest", "--spec", "spec.json", "--symbol", "GOOG", "--json").answer
    assert answer["status"] == "completed"
    assert answer["metrics"]["total_trades"] == 9  # as the hand-written strategy of case 001 of tests/nl_cases


def test_a_spec_that_can_t_be_meant_is_refused_with_its_field(manage: Manage, tmp_path: Path) -> None:
    wrong = {"type": "compare", "op": "<", "left": "RSI_14", "right": 130}
    (tmp_path / "spec.json").write_text(json.dumps({**SPEC, "entry_rules": [{"side": "long", "when": wrong}]}))
    printed = manage("backtest", "--spec", "spec.json", "--symbol", "GOOG", "--json")
    assert (printed.status, printed.answer["status"]) == (1, "rejected")
    assert printed.answer["errors"][0]["field"].startswith("/entry_rules/0/when")


def test_a_vague_text_is_asked_about_and_runs_nothing(manage: Manage, tmp_path: Path) -> None:
    printed = manage("backtest", "Buy 10% of equity when RSI(14) crosses below 30.", "--symbol", "GOOG", "--json")
    assert (printed.status, printed.answer["status"]) == (1, "needs_clarification")
    assert [question["topic"] for question in printed.answer["questions"]] == ["exit"]
    assert not (tmp_path / "runs").exists()


def test_an_answer_to_the_question_completes_the_strategy(manage: Manage) -> None:
    text = "Buy 10% of equity when RSI(14) crosses below 30."
    question = manage("backtest", text, "--symbol", "GOOG", "--json").answer["questions"][0]
    answers = json.dumps({question["id"]: "sell when RSI(14) crosses above 70"})
    assert manage("backtest", text, "--symbol", "GOOG", "--answers", answers, "--json").answer["status"] == "completed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say a strategy in plain words"),
        ([IDEA, "--symbol", "GOOGL"], "GOOG"),
        ([IDEA, "--nonsense"], "unrecognized arguments"),
        ([IDEA, "--symbol", "GOOG", "--start", "yesterday"], "is no date"),
        ([IDEA, "--symbol", "GOOG", "--cash", "-5"], "cash"),
        ([IDEA, "--symbol", "GOOG", "--timeframe", "1h"], "1h"),
        ([IDEA, "--csv", "missing.csv"], "missing.csv"),
        (["--batch", "missing.jsonl", "--out", "out.jsonl"], "missing.jsonl"),
        (["--batch", "missing.jsonl"], "--out"),
    ],
)
def test_input_at_fault_is_said_in_words_with_exit_status_1(manage: Manage, arguments: list[str], said: str) -> None:
    printed = manage("backtest", *arguments)
    assert printed.status == 1
    assert said in printed.stdout + printed.stderr
    assert "Traceback" not in printed.stderr


def test_a_machine_that_can_t_store_results_is_said_with_exit_status_2(manage: Manage, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("")
    printed = manage("backtest", IDEA, "--symbol", "GOOG", BACKTEST_CODES_DIR=str(tmp_path / "a_file" / "codes"))
    assert printed.status == 2
    assert "can't be written" in printed.stderr


def test_a_batch_answers_every_line_whatever_is_wrong_with_one(manage: Manage, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "good", "text": IDEA, "symbol": "GOOG"}),
        "{not json",
        json.dumps({"id": "typo", "text": IDEA, "symbl": "GOOG"}),
        json.dumps({"id": "spec", "canonical_json": SPEC, "symbol": "GOOG", "start": "2010-01-01"}),
        json.dumps({"id": "unknown", "text": IDEA, "symbol": "NOPE"}),
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    printed = manage("backtest", "--batch", "in.jsonl", "--out", "out.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert printed.status == 0
    assert [(answer["id"], answer["status"]) for answer in answers] == [
        ("good", "completed"),
        (2, "rejected"),
        ("typo", "rejected"),
        ("spec", "completed"),
        ("unknown", "rejected"),
    ]
    assert "did you mean 'symbol'?" in answers[2]["errors"][0]["suggestion"]


def test_an_interrupted_batch_keeps_the_answers_it_has(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": IDEA, "symbol": "GOOG"}) for n in range(50)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    out = tmp_path / "out.jsonl"
    environment = {
        "PATH": os.environ["PATH"],
        "BACKTEST_CODES_DIR": str(tmp_path / "codes"),
        "BACKTEST_RUNS_DIR": str(tmp_path / "runs"),
    }
    command = [sys.executable, str(ROOT / "manage.py"), "backtest", "--batch", "in.jsonl", "--out", "out.jsonl"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while (not out.exists() or out.read_text().count("\n") < 2) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert [json.loads(line)["status"] for line in out.read_text().splitlines()][:2] == ["completed", "completed"]


def test_a_spec_of_several_instruments_asks_for_one_of_them(manage: Manage, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(json.dumps({**SPEC, "instruments": ["GOOG", "AAPL"]}))
    refused = manage("backtest", "--spec", "spec.json", "--json").answer
    assert [error["field"] for error in refused["errors"]] == ["/instruments"]
    chosen = manage("backtest", "--spec", "spec.json", "--symbol", "AAPL", "--json").answer
    assert chosen["canonical_json"]["instruments"] == ["AAPL"]


def test_what_the_text_says_of_the_chart_and_the_request_overrules_is_said(manage: Manage) -> None:
    text = "AAPL, weekly chart. Buy when RSI(14) is below 40. Sell when RSI(14) is above 60."
    answer = manage("backtest", text, "--symbol", "GOOG", "--timeframe", "1d", "--json").answer
    assert answer["status"] == "completed"
    said = {assumption["topic"]: assumption["value"] for assumption in answer["assumptions"]}
    assert said["instrument (the request's, not the text's AAPL)"] == "GOOG"
    assert said["timeframe (the request's, not the text's 1w)"] == "1d"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1/idea", "127.0.0.1 is not on the public web"),
        ("http://[::1]/", "::1 is not on the public web"),
        ("file:///etc/passwd", "file:// can't be read"),
    ],
)
def test_an_address_that_is_no_public_page_is_rejected(url: str, message: str, manage: Manage) -> None:
    printed = manage("backtest", url, "--json")
    assert (printed.status, printed.answer["status"]) == (1, "rejected")
    assert printed.answer["errors"][0]["message"] == message
    assert printed.answer["errors"][0]["suggestion"]


def test_pages_are_not_fetched_where_the_setting_forbids_it(manage: Manage) -> None:
    printed = manage("backtest", "https://example.com/idea", "--json", FETCH_PAGES="false")
    assert (printed.status, printed.answer["errors"][0]["message"]) == (1, "pages are not fetched here")
