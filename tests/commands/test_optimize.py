"""`manage.py optimize`, run as its user runs it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from backtest_api.command import ending_on_interrupt
from tests.commands.conftest import ROOT, Printed

CROSS = "Buy when the 20-day SMA crosses above the 50-day SMA, sell when it crosses below"
Manage = Callable[..., Printed]


def test_a_program_gets_the_best_verified_and_a_heatmap(manage: Manage, tmp_path: Path) -> None:
    grid = ("--grid", "fast=10:30:10", "--grid", "slow=20,40", "--where", "fast < slow")
    printed = manage(
        "optimize", CROSS, "--symbol", "GOOG", *grid, "--minimize", "max_drawdown_pct", "--top", "2", "--json",
        "--heatmap", "map.png",
    )  # fmt: skip
    assert printed.status == 0, printed.stderr
    found = printed.answer
    assert (found["tried"], found["skipped"], found["complete"]) == (4, 2, True)
    assert [best["verified"] for best in found["best"]] == [True, True]
    drawdowns = [best["metrics"]["max_drawdown_pct"] for best in found["best"]]
    assert drawdowns == sorted(drawdowns)
    assert found["spread"]["best"] == drawdowns[0]
    image = Image.open(io.BytesIO((tmp_path / "map.png").read_bytes()))
    assert image.format == "PNG"
    colours = image.convert("RGB").getcolors(maxcolors=1 << 20)
    assert colours is not None
    assert {(222, 224, 228), (253, 231, 37), (68, 1, 84)} <= {colour for _, colour in colours}


def test_what_can_t_be_meant_is_said_before_anything_is_run(manage: Manage) -> None:
    printed = manage("optimize", CROSS, "--grid", "fats=5:10", "--symbol", "GOOG")
    assert printed.status == 1
    assert "did you mean 'fast'?" in printed.stderr
    printed = manage("optimize", CROSS, "--grid", "fast=5:10", "--heatmap", "map.png")
    assert printed.status == 1
    assert "a heatmap needs two names" in printed.stderr


def test_an_interrupt_keeps_what_was_done(tmp_path: Path) -> None:
    arguments = ["optimize", CROSS, "--symbol", "GOOG", "--json"]
    grid = ["--grid", "fast=2:50", "--grid", "slow=60:500:4", "--grid", "cooldown_bars=0:199"]
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments, *grid],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "Searching" not in process.stderr.readline():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 130, stderr
    found = json.loads(stdout)
    assert found["complete"] is False
    assert 0 < found["tried"] < found["combinations"]
    assert found["best"][0]["metrics"]["sharpe_ratio"] == found["spread"]["best"]
    assert found["best"][0]["verification"]["state"] == "pending"


def test_the_first_interrupt_asks_to_end_and_the_second_ends() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ending_on_interrupt() as pressed:
        assert not pressed()
        signal.raise_signal(signal.SIGINT)
        assert pressed()
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            ended = True
    assert ended
    assert signal.getsignal(signal.SIGINT) is before
