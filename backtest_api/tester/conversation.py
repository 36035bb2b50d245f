"""The tester's loop: a message or a command in, its answer on the screen, until the input ends."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from Backtest.errors import AlgoAgentError, Issue
from backtest_api.models import BacktestRun
from backtest_api.tester.export import session_document
from backtest_api.tester.prompt import Ask
from backtest_api.tester.screen import Screen
from backtest_api.tester.workbench import Said, Workbench
from rest.errors import Invalid, ServiceError
from strategy_api.services import spec_of

if TYPE_CHECKING:
    from strategy_api.selectors import Standing

PROMPT = "› "
COMMANDS: Final[Mapping[str, str]] = {
    "/run": "[SYMBOL [TIMEFRAME]]  backtest the open strategy",
    "/trades": "every trade of the last backtest",
    "/why": "DATE or TRADE NUMBER  why it traded then, or did not",
    "/code": "its backtesting.py file",
    "/explain": "what it says, and what it assumes",
    "/advice": "recommendations, each with a sentence that applies it",
    "/undo": "take the last change back",
    "/keep": "keep what the last “what if ...” tried",
    "/versions": "what was changed, version by version",
    "/save": "NAME  give it a name (everything is stored as you speak)",
    "/export": "[FILE.json]  the whole session as JSON",
    "/list": "your strategies",
    "/open": "NUMBER  take one up again",
    "/resume": "take up the last conversation where it stood",
    "/new": "begin another one",
    "/help": "this list",
    "/quit": "end (so does Ctrl-D)",
}
_STEP = re.compile(r"\s*(?:step\s+)?\d+\s*[.):]\s", re.IGNORECASE)


class Conversation:
    """One session at the workbench. `ask` reads lines, `screen` shows answers.

    To a person, Ctrl-C ends what goes on and not the session; whoever pipes lines in ends all.
    """

    def __init__(self, bench: Workbench, screen: Screen, ask: Ask, *, is_person: bool = False) -> None:
        self._bench = bench
        self._screen = screen
        self._ask = ask
        self._is_person = is_person
        self._commands: dict[str, Callable[[str], None]] = {
            "/run": self._run,
            "/trades": self._trades,
            "/why": self._why,
            "/code": self._code,
            "/explain": self._explain,
            "/advice": self._advice,
            "/undo": lambda rest: self._said("undo"),
            "/keep": lambda rest: self._said("keep it"),
            "/versions": self._versions,
            "/save": self._save,
            "/export": self._export,
            "/list": self._list,
            "/open": self._open,
            "/resume": self._resume,
            "/new": self._new,
            "/help": self._help,
            "/quit": self._quit,
        }
        self._ended = False

    def run(self, *, resume: bool = False) -> None:
        """Until /quit, or the end of the input; `resume` takes up the last conversation first."""
        self._screen.line(
            "Say a strategy in plain words or numbered steps, or name a page; then what to change.", "dim"
        )
        self._offer(resume)
        for message in self._messages():
            self._heeded(partial(self._take, message))
            if self._ended:
                return

    def _offer(self, resume: bool) -> None:
        last = self._bench.last_conversation()
        if last is None:
            return
        if resume:
            self._heeded(partial(self._resume, ""))
        else:
            self._screen.last_time(last)

    def _heeded(self, work: Callable[[], None]) -> None:
        """Does the work; says what is wrong with what was asked, and lets a person end it with Ctrl-C."""
        try:
            work()
        except (ServiceError, AlgoAgentError) as error:
            self._screen.problem(error.message, error.issues)
        except KeyboardInterrupt:
            if not self._is_person:
                raise
            self._screen.line("  interrupted: what was stored before stays; Ctrl-D ends", "yellow")

    def _messages(self) -> Iterator[str]:
        """Lines, but numbered steps as one message: up to an empty line, a command, or the end. What was pasted as
        several lines is one message too."""
        steps: list[str] = []
        while True:
            try:
                line = self._ask("… " if steps else PROMPT)
            except EOFError:
                if steps:
                    yield "\n".join(steps)
                return
            except KeyboardInterrupt:
                if not self._is_person:
                    raise
                steps = []
                continue
            if "\n" in line.strip():
                yield "\n".join([*steps, line.strip()])
                steps = []
                continue
            if steps and (not line.strip() or line.startswith("/")):
                yield "\n".join(steps)
                steps = []
            if not line.strip():
                continue
            if steps or _STEP.match(line):
                steps.append(line)
            else:
                yield line.strip()

    def _take(self, message: str) -> None:
        if not message.startswith("/"):
            self._said(message)
            return
        name, _, rest = message.partition(" ")
        if name not in self._commands:
            self._screen.unknown_command(name, list(self._commands))
            return
        self._commands[name](rest.strip())

    # what was said

    def _said(self, message: str) -> None:
        self._answered(self._bench.say(message), message)

    def _answered(self, said: Said, message: str) -> None:
        while said.questions:
            answers = self._asked(said)
            if not answers:
                break
            said = self._bench.answer(answers)
        if said.reply:
            self._screen.reply(said.reply, said.changes)
        if said.told_only:
            return
        if said.runnable:
            if not said.reply:
                self._explain("")
            self._run("")
            return
        self._screen.obstacles(said.unresolved, said.errors, self._bench.text or message)
        self._screen.line("  Nothing was run. Say it anew, or /help.", "dim")

    def _asked(self, said: Said) -> dict[str, Any]:
        """Answers to the open questions, put one after the other; an empty line leaves one open."""
        answers: dict[str, Any] = {}
        with self._screen.working("Running each answer"):
            questions = self._bench.weighed(said.questions)
        for question in questions:
            self._screen.question(question, self._bench.text)
            try:
                text = self._ask("  answer (a number or your words; empty leaves it open): ").strip()
            except EOFError:
                break
            if text:
                answers[question["id"]] = _answer(text, question["alternatives"])
        return answers

    # commands

    def _run(self, rest: str) -> None:
        symbol, _, timeframe = rest.partition(" ")
        self._bench.symbol = symbol.upper() or self._bench.symbol
        self._bench.timeframe = timeframe.strip() or (None if symbol else self._bench.timeframe)
        with self._screen.working("Running"):
            run = self._bench.backtest()
        record = self._bench.record()
        if run.status != BacktestRun.Status.COMPLETED or record is None:
            self._screen.problem("the run failed", [Issue(**error) for error in run.errors])
            return
        self._screen.figures(record.window, record.result, way_to_all="/trades")
        with self._screen.working("Trying what could be advised"):
            advice = self._bench.advice()
        self._screen.recommendations(advice)
        self._screen.line(f"  stored as backtest {run.pk}", "dim")

    def _trades(self, rest: str) -> None:
        record = self._bench.record()
        if record is None:
            raise _nothing("there is no backtest yet", "/run makes one")
        self._screen.trades(record.result.trades, all_trades=True)

    def _code(self, rest: str) -> None:
        version = self._bench.version
        if version is None or not version.generated_code:
            raise _nothing("there is no code yet", "describe a strategy first")
        self._screen.code(version.generated_code)

    def _explain(self, rest: str) -> None:
        version = self._bench.version
        if version is None:
            raise _nothing("no strategy is open", "describe one, or /open one")
        self._screen.strategy(version, spec_of(version))

    def _advice(self, rest: str) -> None:
        with self._screen.working("Trying what could be advised"):
            advice = self._bench.advice()
        if not advice:
            self._screen.line("  nothing to add", "dim")
        self._screen.recommendations(advice)

    def _why(self, rest: str) -> None:
        if not rest:
            raise _nothing("a date or the number of a trade is missing", "/why 2005-03-02, or /why 1")
        self._screen.sentences(self._bench.why(rest))

    def _versions(self, rest: str) -> None:
        self._screen.versions(self._bench.versions())

    def _save(self, rest: str) -> None:
        if not rest:
            raise _nothing("a name is missing", "/save NAME")
        version = self._bench.rename(rest)
        self._screen.line(f"  stored as #{version.strategy_id} {version.strategy.name}")

    def _export(self, rest: str) -> None:
        from Backtest.code_store import slug_of, write_atomically

        version = self._bench.version
        if version is None:
            raise _nothing("no strategy is open", "describe one, or /open one")
        path = Path(rest or f"{slug_of(version.strategy.name)}_v{version.number}.json").expanduser()
        text = json.dumps(session_document(self._bench), indent=2, ensure_ascii=False, allow_nan=False, default=str)
        write_atomically(path, text + "\n")
        self._screen.line(f"  written to {path}")

    def _list(self, rest: str) -> None:
        self._screen.strategies(self._bench.listed())

    def _open(self, rest: str) -> None:
        if not rest.lstrip("#").isdecimal():
            raise _nothing("a strategy's number is missing", "/list shows them")
        self._taken_up(self._bench.open(int(rest.lstrip("#"))))

    def _resume(self, rest: str) -> None:
        last = self._bench.last_conversation()
        if last is None:
            raise _nothing("there is no conversation yet", "describe a strategy")
        self._taken_up(self._bench.open(last.version.strategy_id))

    def _taken_up(self, standing: "Standing") -> None:
        """Shows the strategy, and asks again what was left open when the conversation stopped."""
        self._explain("")
        self._screen.standing(standing)
        if standing.questions:
            questions, unresolved = tuple(standing.questions), tuple(standing.version.unresolved)
            self._answered(Said(standing.version, questions=questions, unresolved=unresolved), standing.asked or "")

    def _new(self, rest: str) -> None:
        self._bench.put_away()
        self._screen.line("  describe the next one", "dim")

    def _help(self, rest: str) -> None:
        for name, what in COMMANDS.items():
            self._screen.line(f"  {name:<10}{what}")

    def _quit(self, rest: str) -> None:
        self._ended = True


def _answer(text: str, alternatives: list[dict[str, Any]]) -> Any:
    """The value of the alternative with that number, a number, or the words as they are."""
    if text.isdecimal() and 1 <= int(text) <= len(alternatives):
        return alternatives[int(text) - 1]["value"]
    return int(text) if text.isdecimal() else text


def _nothing(message: str, advice: str) -> Invalid:
    return Invalid(message, [Issue("", message, advice)])
