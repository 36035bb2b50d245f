"""What the tester does, without a terminal: one user's open strategy, changed and run through the services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auth_api.models import User
from Backtest.errors import AlgoAgentError, Issue
from backtest_api.models import BacktestRun
from backtest_api.run_request import RunRequest
from backtest_api.selectors import backtest_why
from backtest_api.services import backtest_quick_run
from rest.errors import Conflict, ServiceError
from strategy_api.models import Status, StrategyVersion
from strategy_api.selectors import Standing, conversation_standing, strategy_list, strategy_versions
from strategy_api.services import (
    Description,
    question_weigh,
    request_of_version,
    spec_of,
    strategy_chat,
    strategy_create,
    strategy_update,
)

if TYPE_CHECKING:
    from Backtest.advice import Recommendation
    from Backtest.canonical.differences import Difference
    from Backtest.report.record import RunRecord

DEFAULT_SYMBOL = "GOOG"


@dataclass(frozen=True)
class Said:
    """What a message came to: the version that stands now, and the tester's reply where it only changed something.

    `questions`, `unresolved` and `errors` are what stands between the message and a strategy that can be run. `changes`
    are the sentences that differ; `told_only`: nothing was changed, so that there is nothing to run again.
    """

    version: StrategyVersion
    reply: str = ""
    changes: "tuple[Difference, ...]" = ()
    told_only: bool = False
    questions: tuple[Mapping[str, Any], ...] = ()
    unresolved: tuple[Mapping[str, Any], ...] = ()
    errors: tuple[Mapping[str, Any], ...] = ()

    @property
    def runnable(self) -> bool:
        return self.version.status == Status.VALID and not (self.questions or self.unresolved or self.errors)


@dataclass
class Workbench:
    """One user's table: `version` is the open strategy's latest, `run` the last backtest of it."""

    user: User
    symbol: str | None = None
    timeframe: str | None = None
    version: StrategyVersion | None = None
    run: BacktestRun | None = None
    _asked: str = ""

    def say(self, message: str) -> Said:
        """Describe a strategy where none is open, change the open one where one is. Raises as the services do."""
        if self.version is None or self.version.status != Status.VALID:
            return self._describe(message)
        self._asked = message
        return self._chatted(message)

    def _chatted(self, message: str | None, answers: Mapping[str, Any] | None = None) -> Said:
        version = self._open()
        reply = strategy_chat(
            user=self.user,
            strategy_id=version.strategy_id,
            message=message,
            answers=answers,
            symbol=self._symbol_of(version),
        )
        self.version = reply.version
        if reply.changed:
            self.run = None
            return Said(reply.version, reply.reply, reply.changes)
        content = reply.content
        is_clear = not (content.questions or content.unresolved or content.errors)
        return Said(
            reply.version,
            reply.reply,
            told_only=is_clear,
            questions=content.questions,
            unresolved=content.unresolved,
            errors=content.errors,
        )

    def _describe(self, text: str) -> Said:
        if self.version is None:
            self.version = strategy_create(user=self.user, description=Description(user_description=text))
        else:  # nothing that could be run came of it so far: it is said anew
            self.version = strategy_update(
                user=self.user,
                strategy_id=self.version.strategy_id,
                description=Description(user_description=text),
            )
        self.run = None
        return _said(self.version)

    def answer(self, answers: Mapping[str, Any]) -> Said:
        """Answer the questions of the open strategy, or of the sentence said last, by their ids."""
        version = self._open()
        if version.status == Status.VALID:
            return self._chatted(self._asked, answers)
        self.version = strategy_update(
            user=self.user, strategy_id=version.strategy_id, description=Description(answers=answers)
        )
        return _said(self.version)

    @property
    def text(self) -> str:
        """What was said of the open strategy, the sentence that is open included: what spans count in."""
        turns = list(self.version.turns) if self.version else []
        if self._asked and self.version is not None and self.version.status == Status.VALID:
            turns.append(self._asked)
        return "\n".join(turns)

    def weighed(self, questions: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """The questions with what speaks for their answers; as they are where that can't be told."""
        if self.version is None or not self.version.turns:
            return questions
        try:
            found = question_weigh(
                user=self.user, strategy_id=self.version.strategy_id, symbol=self._symbol_of(self.version)
            ).questions
        except (ServiceError, AlgoAgentError):  # they are asked all the same
            return questions
        return found if [each["id"] for each in found] == [each["id"] for each in questions] else questions

    def why(self, asked: str) -> list[str]:
        """Why the open strategy traded on a date, or with a trade, or why not; it is run first if need be.

        Raises Conflict for a run without figures, and InputError.
        """
        if self.run is None:
            self.backtest()
        number = int(asked.lstrip("#")) if asked.lstrip("#").isdecimal() else None
        run = self.run
        if run is None:
            return []
        date = None if number is not None else asked
        return list(backtest_why(user=self.user, run_id=run.pk, date=date, trade=number)["sentences"])

    def backtest(self) -> BacktestRun:
        """Run the open strategy, and store the run. Raises as `backtest_quick_run` does."""
        version = self._open()
        request = RunRequest(
            strategy_id=version.strategy_id,
            version=version.number,
            symbol=self._symbol_of(version),
            timeframe=self.timeframe,
        )
        self.run = backtest_quick_run(user=self.user, request=request)
        return self.run

    def advice(self) -> "tuple[Recommendation, ...]":
        """What is to be said of the open strategy and, where it was run, of its run; sentences were tried before."""
        from Backtest.pipeline.advised import advise, advise_words

        version = self.version
        spec = spec_of(version) if version is not None else None
        if version is None or spec is None:
            return ()
        request = request_of_version(version, self._symbol_of(version))
        if not version.turns:
            request = replace(request, canonical_json=version.canonical_json)
        request = replace(request, timeframe=self.timeframe)
        return advise_words(request, spec) if self.run is None else advise(request)

    def _symbol_of(self, version: StrategyVersion) -> str:
        instruments = (version.canonical_json or {}).get("instruments") or [DEFAULT_SYMBOL]
        return self.symbol or str(instruments[0])

    def open(self, strategy_id: int) -> Standing:
        """Take up a stored strategy at its latest version, where its conversation stood. Raises NotFound."""
        standing = conversation_standing(user=self.user, strategy_id=strategy_id)
        self.version, self._asked, self.run = standing.version, standing.asked or "", None
        return standing

    def last_conversation(self) -> Standing | None:
        """Where the strategy that was spoken of last stands; None where there is none."""
        last = strategy_list(user=self.user).order_by("-updated_at", "-id").first()
        return None if last is None else conversation_standing(user=self.user, strategy_id=last.pk)

    def versions(self) -> list[tuple[int, str, str]]:
        """Number, status and what made it, of each version of the open strategy."""
        rows = strategy_versions(user=self.user, strategy_id=self._open().strategy_id).order_by("number")
        return [(row.number, row.status, row.change) for row in rows]

    def rename(self, name: str) -> StrategyVersion:
        """Raises Conflict for a name that is taken, or where nothing is open."""
        version = self._open()
        self.version = strategy_update(
            user=self.user, strategy_id=version.strategy_id, description=Description(), name=name
        )
        return self.version

    def put_away(self) -> None:
        """Begin anew; what was said is stored."""
        self.version = self.run = None
        self._asked = ""

    def listed(self) -> list[tuple[int, str, str, int]]:
        """Id, name, status and version of the user's strategies, the newest first."""
        rows = strategy_list(user=self.user).order_by("-id")
        return [(row.pk, row.name, row.status, row.version) for row in rows]

    def record(self) -> "RunRecord | None":
        """The last run as the renderers read it; None where there is none, or it failed."""
        from backtest_api.records import run_record

        completed = self.run is not None and self.run.status == BacktestRun.Status.COMPLETED
        return run_record(self.run) if completed and self.run is not None else None

    def _open(self) -> StrategyVersion:
        if self.version is None:
            message = "no strategy is open"
            raise Conflict(message, [Issue("", message, "describe one in plain words, or /open one")])
        return self.version


def _said(version: StrategyVersion) -> Said:
    return Said(
        version,
        questions=tuple(version.questions),
        unresolved=tuple(version.unresolved),
        errors=tuple(version.errors),
    )
