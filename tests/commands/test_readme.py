"""The README's commands do what it says."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from Backtest.data_manager import load_bars
from tests.commands.conftest import ROOT, Printed
from tests.commands.test_backtest import IDEA, SPEC
from tests.commands.test_strategy_files import HONEST

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    \.venv/bin/python manage\.py (.+)$", README, re.MULTILINE)
ASKS = "Buy when price goes up, sell when it goes down."


@pytest.fixture
def material(tmp_path: Path) -> Path:
    """The files that the README's commands speak of."""
    load_bars(symbol="GOOG").frame.to_csv(tmp_path / "bars.csv")
    (tmp_path / "strategy.json").write_text(json.dumps({**SPEC, "timeframe": "1d"}))
    (tmp_path / "ideas.jsonl").write_text(json.dumps({"id": 1, "text": IDEA, "symbol": "GOOG"}))
    (tmp_path / "my_strategy.py").write_text(HONEST)
    return tmp_path


def test_the_readme_shows_every_command() -> None:
    named = {command.split()[0] for command in COMMANDS}
    files = ROOT.glob("*_api/management/commands/[a-z]*.py")
    assert named == {path.stem for path in files}


@pytest.mark.usefixtures("material", "account")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_works(manage: Callable[..., Printed], command: str) -> None:
    printed = manage(*shlex.split(command, comments=True), given="")
    assert printed.status == (1 if ASKS in command else 0), printed.stderr
    assert "Traceback" not in printed.stderr


def test_the_sample_of_the_readme_is_what_its_command_prints(manage: Callable[..., Printed]) -> None:
    """All but the directories, which are this machine's."""

    def without_paths(text: str) -> list[str]:
        lines = (
            re.sub(r"(^\s*(?:code|report|trades|equity|manifest)\s+).*[/.]\w+$", r"\1", line)
            for line in text.splitlines()
        )
        return [line.rstrip() for line in lines if line.strip()]

    sample = README.split("```text\n")[1].split("\n```")[0]
    assert without_paths(manage(*shlex.split(COMMANDS[0])).stdout) == without_paths(sample)


def test_the_make_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^    make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
