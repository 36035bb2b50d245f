"""What a model does around its provider: patience, a breaker, budgets, and a note of each call."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from Backtest.errors import ModelBudgetSpent, ModelOverloaded, ModelTimedOut, ModelUnreachable
from Backtest.llm.breaker import CircuitBreaker
from Backtest.llm.ledger import Budgets, MemoryLedger
from Backtest.llm.model import MOST_IN_FLIGHT, Model, Patience
from Backtest.llm.port import Completion, Heard, Question, Usage
from Backtest.llm.redaction import Secret
from Backtest.llm.scripted import ScriptedProvider, Step, says
from tests.unit.Backtest.llm.conftest import KEY, NOON, SCHEMA, question


@dataclass
class Clock:
    """A time that passes only while somebody sleeps."""

    now_s: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


Build = Callable[..., Model]


@pytest.fixture
def scripted(clock: Clock) -> Build:
    def build(*steps: Step, ledger: MemoryLedger | None = None, attempts: int = 4) -> Model:
        return Model(
            ScriptedProvider(steps),
            ledger or MemoryLedger(Budgets(), lambda: NOON),
            secret=Secret(KEY),
            patience=Patience(timeout_s=60, attempts=attempts),
            breaker=CircuitBreaker(clock, failures=3, rest_s=30),
            clock=clock,
            sleep=clock.sleep,
            draw=lambda: 1.0,
        )

    return build


def down() -> ModelUnreachable:
    return ModelUnreachable("down")


def test_the_breaker_opens_after_failures_in_a_row_and_says_how_long(scripted: Build, clock: Clock) -> None:
    model = scripted(down(), down(), down(), says("up"), attempts=1)
    for _ in range(3):
        with pytest.raises(ModelUnreachable, match="down"):
            model.ask(question(), user_id=1)
    with pytest.raises(ModelUnreachable, match="failed 3 times in a row") as caught:
        model.ask(question(), user_id=1)
    assert caught.value.retry_after_s == 30


def test_the_breaker_lets_one_call_through_after_the_rest_and_closes_on_success(scripted: Build, clock: Clock) -> None:
    model = scripted(down(), down(), down(), says("up"), says("still up"), attempts=1)
    for _ in range(3):
        with pytest.raises(ModelUnreachable):
            model.ask(question(), user_id=1)
    clock.sleep(31)
    assert [model.ask(question(), user_id=1).text for _ in range(2)] == ["up", "still up"]


def test_only_one_call_tries_a_provider_that_rested() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock, failures=1, rest_s=30)
    breaker.failed()
    clock.sleep(31)
    breaker.enter()
    with pytest.raises(ModelUnreachable):
        breaker.enter()


def test_a_busy_provider_is_no_failing_one(scripted: Build) -> None:
    model = scripted(*(ModelOverloaded("busy") for _ in range(4)), says("free"), attempts=1)
    for _ in range(4):
        with pytest.raises(ModelOverloaded):
            model.ask(question(), user_id=1)
    assert model.ask(question(), user_id=1).text == "free"


def test_attempts_and_waits_together_stay_within_the_time_out(scripted: Build, clock: Clock) -> None:
    steps = [ModelOverloaded("busy", retry_after_s=25) for _ in range(9)]
    with pytest.raises(ModelOverloaded):
        scripted(*steps, attempts=9).ask(question(), user_id=1)
    assert clock.slept == [25.5, 25.5]
    assert clock.now_s < 60


def test_each_call_is_noted_with_what_it_used() -> None:
    ledger = MemoryLedger(Budgets(), lambda: NOON)
    model = Model(ScriptedProvider([Completion("fine", Usage(5, 2), "stop")]), ledger, clock=Clock())
    model.ask(question(), user_id=7)
    call, result = ledger.calls[0], ledger.results[0]
    assert (call.user_id, call.purpose, call.provider, call.model) == (7, "test", "scripted", "script")
    assert call.prompt_sha256 == question().prompt_sha256
    assert (result.outcome, result.usage, result.attempts, result.answer) == ("answered", Usage(5, 2), 1, "fine")


def test_an_answer_that_can_t_be_used_is_paid_for(scripted: Build) -> None:
    ledger = MemoryLedger(Budgets(), lambda: NOON)
    with pytest.raises(Exception, match="no JSON"):
        scripted(Completion("oh", Usage(5, 2), "stop"), ledger=ledger).ask(question(schema=SCHEMA), user_id=1)
    assert (ledger.results[0].outcome, ledger.results[0].usage) == ("answer_invalid", Usage(5, 2))


def test_a_call_that_is_broken_off_gives_its_tokens_back() -> None:
    class Interrupted:
        name = model = "interrupted"

        def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
            raise KeyboardInterrupt

    budget = question().tokens_at_most
    ledger = MemoryLedger(Budgets(user_tokens=budget), lambda: NOON)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            Model(Interrupted(), ledger).ask(question(), user_id=1)
    assert [result.outcome for result in ledger.results.values()] == ["broken_off", "broken_off"]


@pytest.mark.parametrize(
    ("budgets", "said"),
    [
        (Budgets(user_calls=1), "1 calls of language models for your account"),
        (Budgets(all_calls=1), "1 calls of language models for all users together"),
        (Budgets(user_tokens=200), "200 tokens of language models for your account"),
        (Budgets(all_tokens=200), "200 tokens of language models for all users together"),
    ],
)
def test_a_budget_that_is_used_up_is_refused_until_midnight(scripted: Build, budgets: Budgets, said: str) -> None:
    ledger = MemoryLedger(budgets, lambda: NOON)
    used = Completion("fine", Usage(90, 20), "stop")
    model = scripted(used, used, ledger=ledger)
    model.ask(question(), user_id=1)
    with pytest.raises(ModelBudgetSpent, match=said) as caught:
        model.ask(question(), user_id=1)
    assert caught.value.retry_after_s == 12 * 3600
    assert ledger.results[1].outcome == "budget_spent"


def test_another_user_s_budget_is_his_own(scripted: Build) -> None:
    model = scripted(says("a"), says("b"), ledger=MemoryLedger(Budgets(user_calls=1), lambda: NOON))
    assert [model.ask(question(), user_id=user).text for user in (1, 2)] == ["a", "b"]


def test_of_many_who_ask_at_once_no_more_are_answered_than_the_budget_has(scripted: Build) -> None:
    ledger = MemoryLedger(Budgets(user_calls=5), lambda: NOON)
    model = scripted(*(says("fine") for _ in range(20)), ledger=ledger)

    def ask(number: int) -> bool:
        try:
            model.ask(question(), user_id=1)
        except ModelBudgetSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(20))) == 5


def test_calls_that_hang_do_not_pile_up() -> None:
    release = threading.Event()

    class Hanging:
        name = model = "hanging"

        def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
            release.wait(20)
            raise ModelTimedOut("late")

    ledger = MemoryLedger(Budgets(), lambda: NOON)
    patience = Patience(timeout_s=0.01, attempts=1)
    model = Model(Hanging(), ledger, patience=patience, breaker=CircuitBreaker(Clock(), failures=1000))
    for _ in range(MOST_IN_FLIGHT):
        with pytest.raises(ModelTimedOut):
            model.ask(question(), user_id=1)
    with pytest.raises(ModelOverloaded, match="open here already"):
        model.ask(question(), user_id=1)
    release.set()
