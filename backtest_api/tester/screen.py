"""What the tester shows: the strategy as it was understood, what is open, what is advised, what a run came to."""

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from backtest_api.terminal import Terminal, evidence_text

if TYPE_CHECKING:
    from Backtest.advice import Recommendation
    from Backtest.canonical.spec import Spec
    from strategy_api.models import StrategyVersion

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
        for sentence in explain(spec):
            self.line(f"  • {sentence.text}")
        for assumption in version.assumptions:
            rule = f" (convention {assumption['rule']})" if assumption.get("rule") else ""
            self.line(f"    assumed: {assumption['topic']} = {assumption['value']}{rule}", "dim")

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
        spans = [clause["span"] for clause in unresolved if clause.get("span")]
        if text and spans:
            marked = Text(f"  {text}", style="dim")
            for start, end in spans:
                marked.stylize("yellow underline not dim", start + 2, end + 2)
            self._print(marked)

    def question(self, question: Mapping[str, Any]) -> None:
        """One open question, its alternatives numbered."""
        self._print(Text.assemble(("  ? ", "yellow"), (question["question"], "bold")))
        for number, alternative in enumerate(question["alternatives"], start=1):
            mark = " (default)" if alternative["value"] == question["default"] is not None else ""
            shown = evidence_text(alternative["evidence"])
            self._print(Text.assemble(f"      {number}. {alternative['label']}{mark}", (shown, "dim")))

    def recommendations(self, advice: Sequence["Recommendation"]) -> None:
        if not advice:
            return
        self._heading("Recommendations")
        for each in advice:
            self._print(Text.assemble(("  ◆ ", "magenta"), each.reason))
            if each.edit:
                self.line(f"    → say: {each.edit}", "green")

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
