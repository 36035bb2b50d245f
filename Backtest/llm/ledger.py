"""What calls may cost and what they did: the port that keeps it, and a keeper for one process."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal, Protocol

from Backtest.errors import ModelBudgetSpent
from Backtest.llm.port import Usage

Outcome = Literal[
    "answered",
    "not_configured",
    "unreachable",
    "overloaded",
    "timed_out",
    "refused",
    "answer_invalid",
    "budget_spent",
    "broken_off",
]


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call before it is made: who asks (None: the machine itself), for what, whom, and what it costs at most."""

    user_id: int | None
    purpose: str
    provider: str
    model: str
    prompt_sha256: str
    prompt: str
    tokens_at_most: int


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of a call; `error` is a sentence, `answer` the whole text, both without secrets."""

    outcome: Outcome
    usage: Usage = field(default_factory=Usage)
    latency_s: float = 0.0
    attempts: int = 0
    finish_reason: str = ""
    error: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most calls and tokens of a UTC day, of each user and of all together; None is no limit."""

    user_calls: int | None = None
    user_tokens: int | None = None
    all_calls: int | None = None
    all_tokens: int | None = None

    def of(self, scope: str) -> tuple[int | None, int | None]:
        """Calls and tokens of a scope of `scopes_of`."""
        return (self.all_calls, self.all_tokens) if scope == ALL else (self.user_calls, self.user_tokens)


class CallLedger(Protocol):
    """Keeps budgets and the audit. Reserving is atomic: of those who ask at once, none gets what another has taken."""

    def reserve(self, call: PlannedCall) -> int:
        """Note the call and take its `tokens_at_most` from the budgets. Raises ModelBudgetSpent, noted as well."""
        ...

    def settle(self, call_id: int, result: CallResult) -> None:
        """Note what became of it, and give back what it did not use."""
        ...


ALL = "all"


def scopes_of(user_id: int | None) -> tuple[str, ...]:
    """The budgets that a user's calls draw on."""
    return (ALL,) if user_id is None else (f"user:{user_id}", ALL)


def budget_spent(scope: str, what: str, most: int, now: datetime) -> ModelBudgetSpent:
    """The error for a budget that a call does not fit into any more."""
    whose = "all users together" if scope == ALL else "your account"
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    message = f"the day's {most:,} {what} of language models for {whose} are used up: there are new ones at 00:00 UTC"
    return ModelBudgetSpent(message, retry_after_s=(midnight - now).total_seconds())


class MemoryLedger:
    """The ledger of a single process without a database; `calls` and `results` are what it noted."""

    def __init__(self, budgets: Budgets, now: Callable[[], datetime]) -> None:
        self._budgets, self._now = budgets, now
        self._lock = threading.Lock()
        self._used: dict[tuple[str, date], tuple[int, int]] = {}
        self._dates: list[date] = []
        self._calls: list[PlannedCall] = []
        self._results: dict[int, CallResult] = {}

    @property
    def calls(self) -> tuple[PlannedCall, ...]:
        return tuple(self._calls)

    @property
    def results(self) -> Mapping[int, CallResult]:
        return dict(self._results)

    def reserve(self, call: PlannedCall) -> int:
        with self._lock:
            now = self._now()
            number = len(self._calls)
            self._calls.append(call)
            self._dates.append(now.date())
            for scope in scopes_of(call.user_id):
                calls, tokens = self._used.get((scope, now.date()), (0, 0))
                most_calls, most_tokens = self._budgets.of(scope)
                spent: ModelBudgetSpent | None = None
                if most_calls is not None and calls >= most_calls:
                    spent = budget_spent(scope, "calls", most_calls, now)
                elif most_tokens is not None and tokens + call.tokens_at_most > most_tokens:
                    spent = budget_spent(scope, "tokens", most_tokens, now)
                if spent is not None:
                    self._results[number] = CallResult("budget_spent", error=spent.message)
                    raise spent
            self._add(call, now.date(), 1, call.tokens_at_most)
            return number

    def settle(self, call_id: int, result: CallResult) -> None:
        with self._lock:
            call = self._calls[call_id]
            self._results[call_id] = result
            self._add(call, self._dates[call_id], 0, result.usage.tokens - call.tokens_at_most)

    def _add(self, call: PlannedCall, day: date, calls: int, tokens: int) -> None:
        for scope in scopes_of(call.user_id):
            before = self._used.get((scope, day), (0, 0))
            self._used[scope, day] = (before[0] + calls, before[1] + tokens)
