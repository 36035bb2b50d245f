"""How much of what a generator says in English the reader gives back, by style and by rule; and how long reading takes.

    python benchmarks/reader_round_trip.py [--texts 10000] [--first-seed 100000] [--show 20]

The sentences are the generator's own and the reader is mended against it: the rate says that what is generated is read,
not what part of all English is. A rule counts for a text when the text's meaning rests on it.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from Backtest.canonical.identity import identity
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.generators.english.layouts import STYLES, Told, seeded

TIMED_CHARACTERS = 2_000


@dataclass
class Tally:
    """Texts and texts that came back, by style and by rule; `wrong`: complete readings of another meaning."""

    said: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    said_by_rule: Counter[int] = field(default_factory=Counter)
    read_by_rule: Counter[int] = field(default_factory=Counter)
    wrong: list[Told] = field(default_factory=list)
    unread: list[Told] = field(default_factory=list)

    def add(self, said: Told) -> None:
        self.said[said.style] += 1
        self.said_by_rule.update(set(said.rules))
        reading = read_text(said.text, context=ReadingContext(symbol=said.symbol, timeframe=said.timeframe))
        if reading.spec is None:
            self.unread.append(said)
        elif identity(reading.spec) != identity(said.spec) or (reading.found.start, reading.found.end) != said.window:
            self.wrong.append(said)
        else:
            self.read[said.style] += 1
            self.read_by_rule.update(set(said.rules))


def reading_times(count: int) -> list[float]:
    """Milliseconds that texts of 2,000 characters take, each of several strategies one after the other."""
    times: list[float] = []
    for i in range(count):
        style = list(STYLES)[i % len(STYLES)]
        text, seed = "", i * 100
        while len(text) < TIMED_CHARACTERS:
            text, seed = text + seeded(style, seed).text + "\n", seed + 1
        begin = time.perf_counter()
        read_text(text[:TIMED_CHARACTERS])
        times.append(1000 * (time.perf_counter() - begin))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--first-seed", type=int, default=100_000)
    parser.add_argument("--show", type=int, default=20, help="at most so many of the texts that did not come back")
    options = parser.parse_args()
    tally, styles = Tally(), list(STYLES)
    for i in range(options.texts):
        tally.add(seeded(styles[i % len(styles)], options.first_seed + i // len(styles)))
    for style in styles:
        print(f"{style:<18}{tally.read[style]:>7} of {tally.said[style]:>6}")
    for rule in range(1, 28):
        print(f"rule {rule:<13}{tally.read_by_rule[rule]:>7} of {tally.said_by_rule[rule]:>6}")
    came_back = tally.read.total()
    print(
        f"{came_back} of {tally.said.total()} came back ({100 * came_back / max(1, tally.said.total()):.2f} %), ",
        end="",
    )
    print(f"{len(tally.unread)} were asked about, {len(tally.wrong)} were read as something else")
    for said in (tally.wrong + tally.unread)[: options.show]:
        print(f"  [{said.style}] {said.text!r}")
    times = sorted(reading_times(100))
    median = statistics.median(times)
    print(f"{TIMED_CHARACTERS} characters: median {median:.0f} ms, 95th {times[94]:.0f} ms, worst {times[-1]:.0f} ms")


if __name__ == "__main__":
    main()
