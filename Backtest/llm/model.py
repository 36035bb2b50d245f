"""A model that can be asked: one time-out, bounded retries, a breaker, budgets and an audit around a provider."""

import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from Backtest.errors import (
    ModelAnswerInvalid,
    ModelBudgetSpent,
    ModelFailed,
    ModelNotConfigured,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
)
from Backtest.llm.breaker import CircuitBreaker
from Backtest.llm.http_failures import unanswered
from Backtest.llm.ledger import CallLedger, CallResult, Outcome, PlannedCall
from Backtest.llm.port import Completion, Heard, Provider, Question, Reply, Usage
from Backtest.llm.redaction import Secret, redact
from Backtest.llm.schemas import LONGEST_ANSWER, fitting

MOST_IN_FLIGHT = 16
"""Of one model in one process; a call that was given up counts until its socket ends."""

_OUTCOMES: dict[type[ModelFailed], Outcome] = {
    ModelNotConfigured: "not_configured",
    ModelUnreachable: "unreachable",
    ModelOverloaded: "overloaded",
    ModelTimedOut: "timed_out",
    ModelRefused: "refused",
    ModelAnswerInvalid: "answer_invalid",
    ModelBudgetSpent: "budget_spent",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a whole call may take, all attempts and the waits between them included, and how often it is tried."""

    timeout_s: float = 60.0
    attempts: int = 4
    first_wait_s: float = 0.5
    longest_wait_s: float = 20.0


@dataclass
class _Tally:
    """What a call has used so far, whatever becomes of it."""

    attempts: int = 0
    usage: Usage = field(default_factory=Usage)
    finish_reason: str = ""
    answer: str = ""


class Model:
    """A provider as the engine uses it. Safe between threads."""

    def __init__(
        self,
        provider: Provider,
        ledger: CallLedger,
        *,
        secret: Secret | None = None,
        patience: Patience | None = None,
        breaker: CircuitBreaker | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._provider, self._ledger = provider, ledger
        self._secrets = (secret.reveal(),) if secret else ()
        self._patience = patience or Patience()
        self._breaker = breaker or CircuitBreaker(clock)
        self._clock, self._sleep, self._draw = clock, sleep, draw
        self._places = threading.BoundedSemaphore(MOST_IN_FLIGHT)

    @property
    def provider(self) -> str:
        return self._provider.name

    @property
    def name(self) -> str:
        return self._provider.model

    def ask(self, question: Question, *, user_id: int | None, heard: Heard | None = None) -> Reply:
        """Ask, and note the call in the ledger whatever comes of it. Raises a ModelFailed.

        `heard` is told in another thread how long the answer is so far, by providers that stream.
        """
        question = question.without_secrets(*self._secrets)
        call_id = self._ledger.reserve(self._planned(question, user_id))
        tally, began = _Tally(), self._clock()
        try:
            reply = self._answered(question, tally, began, heard)
        except ModelFailed as error:
            self._settle(call_id, _OUTCOMES[type(error)], tally, began, error.message)
            raise
        except BaseException as error:
            self._settle(call_id, "broken_off", tally, began, type(error).__name__)
            raise
        self._settle(call_id, "answered", tally, began)
        return reply

    def _planned(self, question: Question, user_id: int | None) -> PlannedCall:
        return PlannedCall(
            user_id=user_id,
            purpose=question.purpose,
            provider=self.provider,
            model=self.name,
            prompt_sha256=question.prompt_sha256,
            prompt=question.prompt,
            tokens_at_most=question.tokens_at_most,
        )

    def _settle(self, call_id: int, outcome: Outcome, tally: _Tally, began: float, error: str = "") -> None:
        result = CallResult(outcome, tally.usage, self._clock() - began, tally.attempts, tally.finish_reason)
        self._ledger.settle(call_id, replace(result, error=redact(error, *self._secrets), answer=tally.answer))

    def _answered(self, question: Question, tally: _Tally, began: float, heard: Heard | None) -> Reply:
        completion = self._completed(question, tally, began + self._patience.timeout_s, heard)
        text = redact(completion.text[: LONGEST_ANSWER + 1], *self._secrets)
        tally.answer, tally.finish_reason = text, completion.finish_reason
        if completion.finish_reason == "blocked":
            raise ModelRefused("the model's provider blocked the answer")
        if completion.finish_reason == "length":
            most = question.max_output_tokens
            raise ModelAnswerInvalid(f"the model's answer is cut off: it is longer than {most:,} tokens")
        if not text.strip():
            raise ModelAnswerInvalid("the model answered nothing")
        value = None if question.schema is None else fitting(text, question.schema)
        return Reply(
            text,
            value,
            tally.usage,
            self._clock() - began,
            completion.finish_reason,
            self.provider,
            self.name,
            tally.attempts,
        )

    def _completed(self, question: Question, tally: _Tally, deadline: float, heard: Heard | None) -> Completion:
        """The first attempt that succeeds, within the time of the whole call."""
        while True:
            self._breaker.enter()
            tally.attempts += 1
            try:
                completion = self._attempt(question, deadline, heard)
            except (ModelUnreachable, ModelOverloaded, ModelTimedOut) as error:
                if not isinstance(error, ModelOverloaded):  # who says that he is busy is there
                    self._breaker.failed()
                wait_s = self._wait_s(error, tally.attempts)
                if tally.attempts >= self._patience.attempts or self._clock() + wait_s >= deadline:
                    raise
                self._sleep(wait_s)
            except ModelFailed:
                self._breaker.succeeded()
                raise
            else:
                self._breaker.succeeded()
                tally.usage += completion.usage
                return completion

    def _wait_s(self, error: ModelFailed, attempt: int) -> float:
        """As long as the provider says, or twice as long each time; spread, so that those who failed at once do not
        come back at once."""
        if error.retry_after_s is not None:
            return error.retry_after_s + self._draw() * self._patience.first_wait_s
        longest = min(self._patience.longest_wait_s, self._patience.first_wait_s * 2.0 ** (attempt - 1))
        return longest * (0.5 + self._draw() / 2)

    def _attempt(self, question: Question, deadline: float, heard: Heard | None) -> Completion:
        """One attempt, given up at the deadline: the clients' own time-outs are of a read, not of the call."""
        left_s = deadline - self._clock()
        if not self._places.acquire(blocking=False):
            raise ModelOverloaded(f"{MOST_IN_FLIGHT} calls of the model are open here already", retry_after_s=1.0)
        box: queue.SimpleQueue[Completion | BaseException] = queue.SimpleQueue()

        def heard_in_time(characters: int) -> None:
            if self._clock() > deadline:  # nobody waits any more: the socket need not go on
                raise unanswered(self._patience.timeout_s)
            if heard is not None:
                heard(characters)

        def run() -> None:
            try:
                box.put(self._provider.complete(question, left_s, heard_in_time if heard is not None else None))
            except BaseException as error:  # noqa: BLE001 - raised again by who waits
                box.put(error)
            finally:
                self._places.release()

        threading.Thread(target=run, name=f"model-{self.provider}", daemon=True).start()
        try:
            answer = box.get(timeout=max(left_s, 0.0))
        except queue.Empty:
            answer = unanswered(self._patience.timeout_s)
        if isinstance(answer, BaseException):
            raise answer
        return answer
