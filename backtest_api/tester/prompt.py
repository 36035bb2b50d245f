"""Where the tester's lines come from: a terminal with history, completion and pasting, or a pipe."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document

Ask = Callable[[str], str]
"""Shows a prompt and gives what was entered, several lines where they were pasted; raises EOFError where the input
ends and, on a terminal, KeyboardInterrupt on Ctrl-C."""


def is_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def pipe_reader() -> Ask:
    """Lines of stdin, without prompts."""

    def next_line(prompt: str) -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    return next_line


def terminal_reader(commands: Mapping[str, str], history: Path) -> Ask:
    """Lines of a terminal: the arrow keys go through `history`, Tab completes `commands`, whose values explain them.

    The history file is made private: it holds what its owner said.
    """
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.history import FileHistory

    class Commands(Completer):
        """The commands that begin as the line does."""

        def get_completions(self, document: "Document", complete_event: "CompleteEvent") -> "Iterable[Completion]":
            begun = document.text_before_cursor
            if begun.startswith("/") and " " not in begun:
                for name, what in commands.items():
                    if name.startswith(begun):
                        yield Completion(name, start_position=-len(begun), display_meta=what)

    _make_private(history)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        auto_suggest=AutoSuggestFromHistory(),
        completer=Commands(),
        complete_while_typing=False,
        enable_history_search=True,
        prompt_continuation="… ",
    )

    return lambda prompt: session.prompt(prompt)


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    path.chmod(0o600)
