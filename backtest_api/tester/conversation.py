"""The tester's loop: a message or a command in, its answer on the screen, until the input ends."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from Backtest.errors import AlgoAgentError, Issue
from backtest_api.models import BacktestRun
from backtest_api.tester.export import session_document
from backtest_api.tester.screen import Screen
from backtest_api.tester.workbench import Said, Workbench
from rest.errors import Invalid, ServiceError
from strategy_api.services import spec_of

if TYPE_CHECKING:
    from Backtest.advice import Recommendation

Ask = Callable[[str], str]
"""Shows a prompt and gives the next line; raises EOFError where the input ends."""

PROMPT = "› "
_STEP = re.compile(r"\s*(?:step\s+)?\d+\s*[.):]\s", re.IGNORECASE)


class Conversation:
    """One session at the workbench. `ask` reads lines, `screen` shows answers."""

    def __init__(self, bench: Workbench, screen: Screen, ask: Ask) -> None:
        self._bench = bench
        self._screen = screen
        self._ask = ask
        self._commands: dict[str, tuple[str, Callable[[str], None]]] = {
            "/run": ("[SYMBOL [TIMEFRAME]]  backtest the open strategy", self._run),
            "/trades": ("every trade of the last backtest", self._trades),
            "/code": ("its backtesting.py file", self._code),
            "/explain": ("what it says, and what it assumes", self._explain),
            "/advice": ("recommendations", self._advice),
            "/save": ("NAME  give it a name (everything is stored as you speak)", self._save),
            "/export": ("[FILE.json]  the whole session as JSON", self._export),
            "/list": ("your strategies", self._list),
            "/open": ("NUMBER  take one up again", self._open),
            "/new": ("begin another one", self._new),
            "/help": ("this list", self._help),
            "/quit": ("end (so does Ctrl-D)", self._quit),
        }
        self._ended = False

    def run(self) -> None:
        """Until /quit, or the end of the input."""
        self._screen.line("Say a strategy in plain words or numbered steps, then what to change. /help helps.", "dim")
        for message in self._messages():
            try:
                self._take(message)
            except (ServiceError, AlgoAgentError) as error:
                self._screen.problem(error.message, error.issues)
            if self._ended:
                return

    def _messages(self) -> Iterator[str]:
        """Lines, but numbered steps as one message: up to an empty line, a command, or the end."""
        steps: list[str] = []
        while True:
            try:
                line = self._ask("… " if steps else PROMPT)
            except EOFError:
                if steps:
                    yield "\n".join(steps)
                return
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
            self._answered(self._bench.say(message), message)
            return
        name, _, rest = message.partition(" ")
        if name not in self._commands:
            self._screen.unknown_command(name, list(self._commands))
            return
        self._commands[name][1](rest.strip())

    # what was said

    def _answered(self, said: Said, message: str) -> None:
        while said.questions:
            answers = self._asked(said)
            if not answers:
                break
            said = self._bench.answer(answers)
        if said.reply:
            self._screen.line(f"  {said.reply}")
        if said.runnable:
            if not said.reply:
                self._explain("")
            self._run("")
        else:
            self._screen.obstacles(said.unresolved, said.errors, message if "\n" not in message else "")
            self._screen.line("  Nothing was run. Say it anew, or /help.", "dim")

    def _asked(self, said: Said) -> dict[str, Any]:
        """Answers to the open questions, put one after the other; an empty line leaves one open."""
        answers: dict[str, Any] = {}
        for question in said.questions:
            self._screen.question(question)
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
        run = self._bench.backtest()
        record = self._bench.record()
        if run.status != BacktestRun.Status.COMPLETED or record is None:
            self._screen.problem("the run failed", [Issue(**error) for error in run.errors])
            return
        self._screen.figures(record.window, record.result, way_to_all="/trades")
        self._screen.recommendations(self._advised())
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
        advice = self._advised()
        if not advice:
            self._screen.line("  nothing to add", "dim")
        self._screen.recommendations(advice)

    def _advised(self) -> "tuple[Recommendation, ...]":
        return self._bench.advice()

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
        self._bench.open(int(rest.lstrip("#")))
        self._explain("")

    def _new(self, rest: str) -> None:
        self._bench.put_away()
        self._screen.line("  describe the next one", "dim")

    def _help(self, rest: str) -> None:
        for name, (what, _) in self._commands.items():
            self._screen.line(f"  {name:<9}{what}")

    def _quit(self, rest: str) -> None:
        self._ended = True


def _answer(text: str, alternatives: list[dict[str, Any]]) -> Any:
    """The value of the alternative with that number, a number, or the words as they are."""
    if text.isdecimal() and 1 <= int(text) <= len(alternatives):
        return alternatives[int(text) - 1]["value"]
    return int(text) if text.isdecimal() else text


def _nothing(message: str, advice: str) -> Invalid:
    return Invalid(message, [Issue("", message, advice)])
