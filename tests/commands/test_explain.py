"""`manage.py explain`, as a person and as a program use it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import Printed

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
Manage = Callable[..., Printed]


def test_a_date_is_explained_in_words(manage: Manage) -> None:
    printed = manage("explain", IDEA, "--why", "2005-03-02")
    assert printed.status == 0
    assert (
        "Enter long at the next open when RSI(14) crosses below 30.  “Buy when RSI(14) drops below 30”"
        in printed.stdout
    )
    words = " ".join(printed.stdout.split())
    assert (
        "did nothing: “RSI(14) crosses below 30” was false (RSI(14) on the bar before 43.8035, RSI(14) 43.0273)."
        in words
    )


def test_a_trade_is_explained_to_a_program(manage: Manage) -> None:
    answer = manage("explain", IDEA, "--symbol", "GOOG", "--trade", "2", "--json").answer
    assert (answer["why"]["opened_by"], answer["why"]["closed_by"]) == ("entry_1", "exit_1")
    (rule,) = [each for each in answer["why"]["exit"]["rules"] if each["outcome"] == "acted"]
    assert (rule["id"], rule["verdict"]["truth"]) == ("exit_1", True)


def test_without_a_question_the_strategy_alone_is_said_back(manage: Manage) -> None:
    answer = manage("explain", IDEA, "--json").answer
    assert answer["why"] is None
    assert {
        "path": "/risk/stop_loss",
        "text": "Stop out 5 % from the entry price.",
        "words": ["5% stop loss"],
    } in answer["sentences"]


def test_a_stored_run_is_explained_by_its_number(manage: Manage, account: str) -> None:
    manage("strategy_tester", given=f"{IDEA}\n")
    by_number = manage("explain", "1", "--why", "2006-02-13", "--json").answer
    by_words = manage("explain", IDEA, "--why", "2006-02-13", "--json").answer
    assert by_number["why"] == by_words["why"]
    assert by_number["why"]["fills"][0]["closed_by"] == "stop_loss"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--why", "2005-03-05"), "there is no bar of 2005-03-05"),
        (("--trade", "99"), "there is no trade 99: the run closed 24"),
        (("--why", "2005-03-02", "--trade", "1"), "ask for a date with --why"),
    ],
)
def test_what_can_t_be_explained_is_the_input_s_fault(
    manage: Manage, arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    printed = manage("explain", IDEA, *arguments)
    assert printed.status == 1
    assert message in printed.stderr
    assert "Traceback" not in printed.stderr


def test_an_unclear_strategy_shows_its_questions(manage: Manage) -> None:
    printed = manage(
        "explain", "Buy when price is above its moving average, sell when it falls below", "--why", "2005-03-02"
    )
    assert printed.status == 1
    assert "Over how many bars is this simple moving average?" in printed.stdout
