"""The comparison of many specs: how far it is, what it keeps, and that an interrupted one goes on."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.kept_results import Kept, key_of
from benchmarks.progress_line import ProgressLine

ROOT = Path(__file__).parents[2]
SPECS = 30


def command(results: Path | None) -> list[str]:
    kept = [] if results is None else ["--results", str(results)]
    return [
        sys.executable,
        "-m",
        "benchmarks.kernel_parity",
        "--specs",
        str(SPECS),
        "--bars",
        "80",
        "--jobs",
        "1",
        *kept,
    ]


def without_times(text: str) -> str:
    return re.sub(r"kernel [\d.,]+ s .*", "", text)


def entries(results: Path) -> list[str]:
    return [line for line in results.read_text().splitlines() if line.startswith("[")] if results.exists() else []


def test_an_interrupted_comparison_keeps_each_spec_and_goes_on_from_there(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    first = subprocess.Popen(command(results), cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 300
    while len(entries(results)) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    first.send_signal(signal.SIGINT)
    _, told = first.communicate()
    before = entries(results)
    assert first.returncode == 130
    assert "the same command goes on from here" in told
    assert 3 <= len(before) < SPECS

    again = subprocess.run(command(results), cwd=ROOT, capture_output=True, text=True, check=False)
    after = entries(results)
    assert after[: len(before)] == before
    assert len({json.loads(line)[0] for line in after}) == len(after)  # none was run twice
    assert f"{SPECS} of {SPECS} specs" in again.stderr

    whole = subprocess.run(command(None), cwd=ROOT, capture_output=True, text=True, check=False)
    assert without_times(again.stdout) == without_times(whole.stdout)
    assert f"{SPECS} specs, " in whole.stdout
    assert ", 0 different" in whole.stdout


def test_results_are_found_again_by_another_process_though_the_last_line_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    kept = Kept(path)
    kept.begin()
    kept.add(key_of("a"), [1, "two\nlines", 0.1])
    with path.open("a") as torn:
        torn.write('\n["half a li')
    again = Kept(path)
    again.begin()
    again.add(key_of("b"), [2])
    third = Kept(path)
    assert third[key_of("a")] == [1, "two\nlines", 0.1]
    assert third[key_of("b")] == [2]
    assert len(third) == 2


def test_a_file_of_other_sources_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('{"sources": "others"}\n')
    with pytest.raises(SystemExit, match="of other sources"):
        Kept(path).begin()


def test_without_a_file_results_are_kept_in_memory() -> None:
    kept = Kept(None)
    kept.begin()
    kept.add("a", [1])
    assert "a" in kept
    assert "b" not in kept


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_is_written_over() -> None:
    terminal = Terminal()
    with ProgressLine(1_000, "specs", lambda: (250, "1 different"), terminal):
        time.sleep(0.6)
    lines = terminal.getvalue().split("\r\x1b[K")
    assert lines[0] == ""
    assert len(lines) >= 3
    assert lines[-1].startswith("250 of 1,000 specs, 1 different, 0:00:00 passed, about 0:00:0")
    assert terminal.getvalue().count("\n") == 1


def test_elsewhere_the_last_state_stands_on_a_line_of_its_own() -> None:
    stream = io.StringIO()
    with ProgressLine(10, "specs", lambda: (10, ""), stream):
        pass
    assert stream.getvalue() == "10 of 10 specs, 0:00:00 passed\n"
