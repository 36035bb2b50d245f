"""A run at once: what it stores, and what it refuses without storing anything."""

from typing import Any

import pytest
from backtesting import Backtest
from backtesting.test import GOOG

from auth_api.models import User
from Backtest.errors import CodeRefused, InputError, SandboxBroken, SpecInvalid, SymbolUnknown, WindowEmpty
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunRequest
from backtest_api.services import backtest_quick_run
from rest.errors import Invalid, NotFound, Unclear
from rest.turns import turn
from strategy_api.models import ConversationMemory, StrategyVersion
from tests.services.backtest_api.ideas import DATED_IDEA, DOCUMENT, FAILS, HOLD, IDEA, OPEN_IDEA
from tests.web.server import PUBLIC, Rerouted, serving


def quick_run(user: User, **asked: object) -> BacktestRun:
    return backtest_quick_run(user=user, request=RunRequest(**asked))


def test_a_run_by_words_stores_the_figures_that_backtesting_py_gives_for_its_code(user: User) -> None:
    run = quick_run(user, user_description=IDEA, symbol="GOOG")
    names: dict[str, object] = {"__name__": "generated"}
    exec(compile(run.code, "generated.py", "exec"), names)  # noqa: S102 - the compiler's own text
    stats = Backtest(GOOG, names[run.class_name], cash=100_000, commission=0.001, finalize_trades=False).run()
    stored = run.trades.order_by("number").values_list("entry_bar", "exit_bar", "size", "entry_price", "pnl")
    there = stats["_trades"][["EntryBar", "ExitBar", "Size", "EntryPrice", "PnL"]].itertuples(index=False, name=None)
    assert list(stored) == list(there)
    assert run.metrics["equity_final"] == stats["Equity Final [$]"]
    assert run.metrics["sharpe_ratio"] == stats["Sharpe Ratio"]
    assert (run.status, run.symbol, run.timeframe, run.self_reported) == ("completed", "GOOG", "1d", False)


def test_a_run_of_a_strategy_is_of_its_latest_version_and_noted_in_its_conversation(
    user: User, idea: StrategyVersion
) -> None:
    run = quick_run(user, strategy_id=idea.strategy_id, symbol="GOOG")
    assert (run.strategy, run.version) == (idea.strategy, idea)
    noted = ConversationMemory.objects.filter(strategy=idea.strategy, kind="backtest").get()
    assert noted.answer["run_id"] == run.pk
    assert noted.session == idea.strategy.session


def test_the_account_of_the_request_beats_the_strategy_s(user: User) -> None:
    account = {"cash": 50_000.0, "commission": 0.002, "spread": 0.0005, "margin": 0.5}
    run = quick_run(user, user_description=IDEA, symbol="GOOG", account=account)
    execution = run.canonical_json["execution"]
    assert execution["commission"] == {"type": "rate", "value": 0.002}
    assert {name: execution[name] for name in ("cash", "spread", "margin")} == {
        "cash": 50_000.0,
        "spread": 0.0005,
        "margin": 0.5,
    }
    assert not [each for each in run.assumptions if each["path"].startswith("/execution")]
    assert run.metrics["total_pnl"] == run.metrics["equity_final"] - 50_000.0


def test_the_dates_that_a_strategy_s_words_name_hold_for_its_runs(user: User) -> None:
    from strategy_api.services import Description, strategy_create

    dated = strategy_create(user=user, description=Description(user_description=DATED_IDEA))
    run = quick_run(user, strategy_id=dated.strategy_id, symbol="GOOG")
    assert (run.metrics["start"], run.metrics["end"]) == ("2008-01-02", "2009-12-31")
    longer = quick_run(user, strategy_id=dated.strategy_id, symbol="GOOG", end_date="2010-12-31")
    assert (longer.metrics["start"], longer.metrics["end"]) == ("2008-01-02", "2010-12-31")


def test_words_that_leave_something_open_store_no_run_and_ask(user: User) -> None:
    with pytest.raises(Unclear) as refused:
        quick_run(user, user_description=OPEN_IDEA, symbol="GOOG")
    assert refused.value.issues[0].field.startswith("answers/")
    assert not BacktestRun.objects.exists()


def test_an_answer_completes_a_strategy_for_a_run(user: User, open_idea: StrategyVersion) -> None:
    question = open_idea.questions[0]["id"]
    with pytest.raises(Unclear):
        quick_run(user, strategy_id=open_idea.strategy_id, symbol="GOOG")
    answers = {question: "sell when the 20-day EMA crosses below the 50-day EMA"}
    run = quick_run(user, strategy_id=open_idea.strategy_id, symbol="GOOG", answers=answers)
    assert run.status == "completed"


def test_answers_to_a_strategy_that_asks_nothing_are_refused(user: User, idea: StrategyVersion) -> None:
    with pytest.raises(Invalid) as refused:
        quick_run(user, strategy_id=idea.strategy_id, answers={"exit_1": "never"})
    assert refused.value.issues[0].field == "answers"


def test_code_of_the_user_s_own_is_its_own_report(user: User, own_code: StrategyVersion) -> None:
    run = quick_run(user, strategy_id=own_code.strategy_id, symbol="GOOG")
    assert (run.status, run.self_reported, run.canonical_json, run.class_name) == ("completed", True, None, "Hold")
    assert run.code == HOLD
    # backtesting.py asks a strategy from the second bar on, and fills its order at the open of the third.
    assert [trade["entry_bar"] for trade in run.open_at_end] == [2]


def test_code_that_raises_makes_a_failed_run_with_its_line(user: User) -> None:
    run = quick_run(user, code=FAILS, symbol="GOOG")
    assert (run.status, run.metrics, run.series_file_name) == ("failed", {}, "")
    assert run.errors[0]["field"] == "line 10"
    assert "ZeroDivisionError" in run.errors[0]["message"]


@pytest.mark.parametrize(
    ("asked", "error", "field"),
    [
        ({"user_description": IDEA, "symbol": "NOPE"}, SymbolUnknown, "symbol"),
        ({"user_description": IDEA, "start_date": "yesterday"}, WindowEmpty, "start_date"),
        ({"user_description": IDEA, "end_date": "1990-01-01"}, WindowEmpty, "end_date"),
        ({"user_description": IDEA, "account": {"cash": -1.0}}, Invalid, "account/cash"),
        ({"user_description": IDEA, "account": {"commission": 10}}, Invalid, "account/commission"),
        ({"user_description": IDEA, "account": {"margin": 2.0}}, Invalid, "account/margin"),
        ({"user_description": " "}, InputError, "user_description"),
        ({"user_description": IDEA, "answers": {"none_1": 1}}, InputError, "answers/none_1"),
        ({"canonical_json": {**DOCUMENT, "timeframe": "7x"}}, SpecInvalid, "canonical_json/timeframe"),
        ({"canonical_json": {**DOCUMENT, "exit_rules": []}}, SpecInvalid, "canonical_json/exit_rules"),
        ({"code": "import os\n", "symbol": "GOOG"}, CodeRefused, "code/line 1, column 8"),
        ({"strategy_id": 2**62}, NotFound, None),
    ],
)
def test_what_is_at_fault_before_a_run_is_named_by_its_field_and_stores_nothing(
    user: User, asked: dict[str, object], error: type[Exception], field: str | None
) -> None:
    with pytest.raises(error) as refused:
        quick_run(user, **asked)
    assert [issue.field for issue in refused.value.issues][:1] == ([field] if field else [])
    assert not BacktestRun.objects.exists()


def test_a_stranger_s_strategy_is_not_there(stranger: User, idea: StrategyVersion) -> None:
    with pytest.raises(NotFound):
        quick_run(stranger, strategy_id=idea.strategy_id)


def test_what_code_prints_is_kept_without_the_character_that_postgresql_has_no_place_for(user: User) -> None:
    run = quick_run(user, code=HOLD.replace("        pass", "        print('a\\0b')"), symbol="GOOG")
    run.refresh_from_db()
    assert run.logs == "a\ufffdb\n"


def test_more_runs_at_once_than_have_room_wait_for_their_turn_and_give_it_back(user: User, settings: object) -> None:
    settings.SANDBOX_WALL_S = 1  # type: ignore[attr-defined]
    with turn(), turn(), pytest.raises(SandboxBroken, match="too many"):
        quick_run(user, code=HOLD, symbol="BTCUSD")
    with pytest.raises(CodeRefused):
        quick_run(user, code="import os\n")
    settings.SANDBOX_WALL_S = 60  # type: ignore[attr-defined]
    assert quick_run(user, code=HOLD, symbol="BTCUSD").status == "completed"


def test_a_page_s_strategy_is_run_and_the_page_named(user: User, settings: Any) -> None:
    for server in serving(None):
        settings.PAGE_NETWORK = Rerouted(server, {"blog.test": [[PUBLIC]]})
        server.page("/rsi", f"My blog\n{IDEA}".encode(), kind="text/plain")
        run = quick_run(user, user_description="http://blog.test/rsi", symbol="GOOG")
    assert (run.status, run.metrics["total_trades"]) == ("completed", 24)
    assert run.request["page"] == {"url": "http://blog.test/rsi", "left_out": "1 line: My blog"}
    assert run.canonical_json["provenance"]["url"] == "http://blog.test/rsi"
    assert "left out of the page" in {said["topic"] for said in run.assumptions}
