"""What reading prose costs: the first text of a process, and a text with small talk around its rules.

    python benchmarks/reader_prose.py [--rounds 5] [--beside ANOTHER_CHECKOUT]

Each figure is of a fresh process. With another checkout the two are measured in turn, and the ratio of medians printed.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEASURED = """
import json, sys, time
sys.path.insert(0, {tree!r})
from Backtest.reader.turns import read_turns
rules = "Buy when RSI(14) drops below 30, sell when it rises above 70. 5% stop."
talk = (
    "Hi all, long time lurker here and this is my first post. My brother in law swears by this one, and he has been "
    "at it for twenty years. " + rules + " Nothing fancy, as you can see. I found it in an old notebook on a train "
    "last summer. Have a look and tell me what you think. Thanks a lot for reading, and greetings from the coast."
)
figures = {{}}
begin = time.perf_counter()
read_turns([rules])
figures["first text of a process"] = time.perf_counter() - begin
begin = time.perf_counter()
read_turns([talk])
figures["first small talk of a process"] = time.perf_counter() - begin
seconds = []
for n in range(20):
    begin = time.perf_counter()
    read_turns([talk.replace("train", f"train number {{n}}")])
    seconds.append(time.perf_counter() - begin)
figures["small talk, 400 characters, after that"] = sorted(seconds)[10]
print(json.dumps(figures))
"""


def measure(tree: Path) -> dict[str, float]:
    """Seconds by what was read, in a fresh process of the checkout at `tree`."""
    command = [sys.executable, "-c", MEASURED.format(tree=str(tree))]
    printed = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(printed.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="another version, measured in turn")
    options = parser.parse_args()
    trees = [ROOT, *([options.beside.resolve()] if options.beside else [])]
    seen: list[list[dict[str, float]]] = [[] for _ in trees]
    for _ in range(options.rounds):
        for figures, tree in zip(seen, trees, strict=True):
            figures.append(measure(tree))
    print(f"{'median of ' + str(options.rounds) + ' processes':<44}" + "".join(f"{tree.name:>12}" for tree in trees))
    for name in seen[0][0]:
        medians = [statistics.median(one[name] for one in figures) for figures in seen]
        ratio = f"{medians[1] / medians[0]:>11.1f}x" if len(medians) > 1 else ""
        print(f"{name:<44}" + "".join(f"{1000 * one:>9.0f} ms" for one in medians) + ratio)


if __name__ == "__main__":
    main()
