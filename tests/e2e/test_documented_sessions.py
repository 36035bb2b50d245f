"""The shell sessions of the README and of the cookbook run as they stand, beside `make serve`."""

import re
import subprocess
from pathlib import Path

from tests.e2e.conftest import ROOT, Server

DOCUMENTED_URL = "http://127.0.0.1:8000"
MOST_S = 120


def session_of(document: str) -> str:
    """Its `sh` blocks, in their order."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


def run(document: str, server: Server, directory: Path) -> "subprocess.CompletedProcess[str]":
    script = session_of(document).replace(DOCUMENTED_URL, server.url)
    assert server.url in script
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=directory,
        env={"PATH": server.environment["PATH"], "HOME": str(directory)},
        capture_output=True,
        text=True,
        timeout=MOST_S,
    )


def test_the_readme_s_session_ends_with_the_trades_of_the_run(server: Server, tmp_path: Path) -> None:
    done = run("README.md", server, tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    lines = (tmp_path / "trades.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("entry_time,")
    assert len(lines) == 1 + 24  # the trades that the README's sample of the command line shows
    compile((tmp_path / "strategy.py").read_text(encoding="utf-8"), "strategy.py", "exec")


def test_the_cookbook_s_session_works_from_top_to_bottom(server: Server, tmp_path: Path) -> None:
    done = run("docs/http-cookbook.md", server, tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "</html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
