"""What starting costs: the frame's `check`, and the main job in a fresh process.

    python benchmarks/startup.py [--runs 5]

`check` is compared, run by run, with Django alone doing the same in the same environment.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
BARE_DJANGO = (
    "import django\nfrom django.conf import settings\nsettings.configure(INSTALLED_APPS=[], "
    "DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}})\n"
    "django.setup()\nfrom django.core.management import call_command\ncall_command('check')"
)
COMMANDS = {
    "bare Django check": [sys.executable, "-c", BARE_DJANGO],
    "manage.py check": [sys.executable, "manage.py", "check"],
    'backtest "..." --symbol GOOG': [sys.executable, "manage.py", "backtest", IDEA, "--symbol", "GOOG", "--json"],
}


def measure(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of one run, its own children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    wall_s = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, command in COMMANDS.items():
            seen[name].append(measure(command))
    print(f"{'median of ' + str(runs) + ' interleaved runs':<34}{'wall s':>8}{'CPU s':>8}{'worst wall s':>14}")
    for name, figures in seen.items():
        walls, cpus = zip(*figures, strict=True)
        print(f"{name:<34}{statistics.median(walls):>8.2f}{statistics.median(cpus):>8.2f}{max(walls):>14.2f}")


if __name__ == "__main__":
    main()
