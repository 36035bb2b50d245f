"""What the tester shows: the strategy as it was understood, what is open, what is advised, what a run came to."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from backtest_api.figures import evidence_text
from backtest_api.terminal import Terminal

if TYPE_CHECKING:
    from Backtest.canonical.differences import Difference
    from Backtest.canonical.spec import Spec
    from strategy_api.models import StrategyVersion
    from strategy_api.selectors import Standing

SPAN_COLOURS = ("cyan", "magenta", "blue", "bright_yellow", "green", "bright_red")
COLOURED = ("entry_rules", "exit_rules", "risk", "sizing", "filters")
STATUS_COLOURS = {"valid": "green", "needs_clarification": "yellow", "unsupported": "yellow", "rejected": "red"}


class Screen(Terminal):
    """The command's terminal with what a conversation needs beside it."""

    def line(self, text: str, style: str = "") -> None:
        self._print(Text(text, style=style))

    def strategy(self, version: "StrategyVersion", spec: "Spec | None") -> None:
        """Name, status and, where there is a spec, what it says in English and what it assumes."""
        from Backtest.canonical.explain import explain

        self._heading(f"#{version.strategy_id} {version.strategy.name}, version {version.number}")
        if spec is None:
            self.line(f"  {version.status.replace('_', ' ')}", STATUS_COLOURS.get(version.status, ""))
            return
        colours = self._said(spec)
        for sentence in explain(spec):
            self._print(Text.assemble(("  • ", colours.get(sentence.path, "")), sentence.text))
        for assumption in version.assumptions:
            rule = f" (convention {assumption['rule']})" if assumption.get("rule") else ""
            self.line(f"    assumed: {assumption['topic']} = {assumption['value']}{rule}", "dim")

    def _said(self, spec: "Spec") -> dict[str, str]:
        """Shows the words that were said, each part in the colour of the sentence that it became; those colours."""
        provenance = spec.provenance
        paths = [span.path for span in provenance.spans if span.path.split("/")[1] in COLOURED]
        colours = {path: SPAN_COLOURS[i % len(SPAN_COLOURS)] for i, path in enumerate(dict.fromkeys(paths))}
        if provenance.text:
            marked = Text(provenance.text, style="dim")
            for span in provenance.spans:
                if span.path in colours:
                    marked.stylize(f"not dim {colours[span.path]}", span.start, span.end)
            for line in marked.split("\n"):
                self._print(Text("  ").append_text(line))
        return colours

    def reply(self, text: str, changes: "Sequence[Difference]") -> None:
        """What a sentence changed, what was in red and what is in green; else what it came to."""
        for change in changes:
            if change.before is not None:
                self.line(f"  - {change.before}", "red")
            if change.after is not None:
                self.line(f"  + {change.after}", "green")
        if not changes:
            self.line(f"  {text}")

    def last_time(self, standing: "Standing") -> None:
        """Offers to take up the last conversation."""
        version = standing.version
        said = f": “{_short(standing.last.message)}”" if standing.last and standing.last.message else ""
        name = f"#{version.strategy_id} {version.strategy.name}, version {version.number}"
        self.line(f"Last time: {name}{said}. /resume takes it up.", "cyan")

    def standing(self, standing: "Standing") -> None:
        """What of a conversation was open when it stopped."""
        if standing.asked:
            self.line(f"  “{_short(standing.asked)}” left something open:", "yellow")
        elif standing.tried:
            self.line(f"  “{_short(standing.tried)}” was only tried: /keep keeps it.", "yellow")

    def versions(self, rows: "Sequence[tuple[int, str, str]]") -> None:
        for number, status, change in rows:
            self._print(
                Text.assemble(f"  {number:>3}  ", (f"{status:<20}", STATUS_COLOURS.get(status, "")), _short(change))
            )

    @contextmanager
    def working(self, what: str) -> "Iterator[None]":
        """Shows a person that something goes on, for as long as it does."""
        if not self._console.is_terminal:
            yield
            return
        with self._console.status(f"{what} ...", spinner="dots"):
            yield

    def obstacles(
        self, unresolved: Sequence[Mapping[str, Any]], errors: Sequence[Mapping[str, Any]], text: str = ""
    ) -> None:
        """What was not understood, or can't be; the words that it is about are underlined in the text."""
        for clause in unresolved:
            self._print(Text.assemble(("  ? ", "yellow"), (f"“{clause['text']}”", "bold"), f": {clause['reason']}"))
        for error in errors:
            self._print(Text.assemble(("  ✗ ", "red"), error["message"]))
            if error.get("suggestion"):
                self.line(f"    → {error['suggestion']}", "green")
        self._underlined(text, [clause["span"] for clause in unresolved if clause.get("span")])

    def _underlined(self, text: str, spans: "Sequence[Sequence[int]]") -> None:
        """The text with the words that something is about."""
        if not text or not spans:
            return
        marked = Text(text, style="dim")
        for start, end in spans:
            marked.stylize("yellow underline not dim", start, end)
        for line in marked.split("\n"):
            self._print(Text("  ").append_text(line))

    def question(self, question: Mapping[str, Any], text: str = "") -> None:
        """One open question, the words that it is about, and its alternatives numbered, with what speaks for them."""
        self._underlined(text, [question["span"]] if question.get("span") else [])
        self._print(Text.assemble(("  ? ", "yellow"), (question["question"], "bold")))
        for number, alternative in enumerate(question["alternatives"], start=1):
            mark = " (default)" if alternative["value"] == question["default"] is not None else ""
            shown = evidence_text(alternative["evidence"])
            self._print(Text.assemble(f"      {number}. {alternative['label']}{mark}", (shown, "dim")))

    def code(self, source: str) -> None:
        """A strategy file: coloured on a terminal, and nothing but the file in a pipe."""
        if self._console.is_terminal:
            self._print(Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True))
        else:
            self._console.print(source, soft_wrap=True)

    def strategies(self, rows: Sequence[tuple[int, str, str, int]]) -> None:
        if not rows:
            self.line("  nothing is stored yet")
            return
        table = Table(box=None, padding=(0, 2), header_style="dim")
        for column in ("#", "name", "status", "version"):
            table.add_column(column)
        for number, name, status, version in rows:
            table.add_row(str(number), name, Text(status, style=STATUS_COLOURS.get(status, "")), str(version))
        self._print(table)

    def problem(self, message: str, issues: Sequence[Any] = ()) -> None:
        """An error, and how to mend it."""
        self._print(Text.assemble(("  ✗ ", "red"), message))
        for issue in issues:
            if issue.message != message:
                self.line(f"    {issue.field}: {issue.message}" if issue.field else f"    {issue.message}")
            if issue.suggestion:
                self.line(f"    → {issue.suggestion}", "green")

    def unknown_command(self, name: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(name, known, n=1)
        self.problem(f"there is no {name}", ())
        self.line(f"    → did you mean {near[0]}?" if near else "    → /help lists them", "green")


def _short(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:69]}…"
