"""How many hostile strategies the scan, bandit and RestrictedPython see, and how many honest ones they refuse.

    python -m pip install bandit==1.9.4 RestrictedPython==9.0     # for this comparison only
    python -m benchmarks.scan_comparison [FOLDER ...]

A FOLDER holds `malicious` (or `hostile`) and `benign` (or `honest*`) folders of strategy files; the project's own by
default. A file counts as seen when anything in it is reported; bandit from medium severity on, since it calls every
assert low, and RestrictedPython when it does not compile.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from Backtest.safety.scan import scan

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
Judge = Callable[[Sequence[Path]], set[Path]]


def by_scan(files: Sequence[Path]) -> set[Path]:
    return {file for file in files if not scan(file.read_bytes()).ok}


def by_bandit(files: Sequence[Path]) -> set[Path]:
    command = [sys.executable, "-m", "bandit", "--quiet", "--format", "json", "-ll", *map(str, files)]
    printed = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(printed.stdout)
    unread = {Path(error["filename"]) for error in report["errors"]}
    return {Path(result["filename"]) for result in report["results"]} | unread


def by_restricted_python(files: Sequence[Path]) -> set[Path]:
    from RestrictedPython import compile_restricted_exec

    refused = set()
    for file in files:
        try:
            errors = compile_restricted_exec(file.read_text("utf-8")).errors
        except (UnicodeDecodeError, ValueError, RecursionError, MemoryError):
            refused.add(file)
        else:
            refused.update({file} if errors else ())
    return refused


JUDGES: dict[str, Judge] = {"AlgoAgent": by_scan, "bandit": by_bandit, "RestrictedPython": by_restricted_python}


def files_in(folders: Sequence[Path], *names: str) -> list[Path]:
    return [file for root in folders for name in names for file in sorted(root.glob(f"{name}/*.py"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[CORPUS])
    folders: list[Path] = parser.parse_args().folders
    hostile = [
        file for root in folders for name in ("malicious", "hostile") for file in sorted(root.glob(f"{name}/*.py"))
    ]
    honest = [file for root in folders for name in ("benign", "honest*") for file in sorted(root.glob(f"{name}/*.py"))]
    print(f"{'':<18}{'hostile seen':>16}{'honest refused':>18}")
    for name, judge in JUDGES.items():
        seen, refused = len(judge(hostile)), len(judge(honest))
        print(f"{name:<18}{f'{seen} of {len(hostile)}':>16}{f'{refused} of {len(honest)}':>18}")


if __name__ == "__main__":
    main()
