import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from Backtest.errors import ArtifactUnwritable
from Backtest.report.artifacts import write_artifacts
from Backtest.report.csv_tables import equity_csv, trades_csv
from Backtest.report.page import report_html
from Backtest.report.record import RunRecord


def test_the_four_files_hold_what_the_renderers_give(goog: RunRecord, tmp_path: Path) -> None:
    made = write_artifacts(goog, tmp_path)
    assert made.trades_csv.read_bytes().decode() == trades_csv(goog)
    assert made.equity_csv.read_bytes().decode() == equity_csv(goog)
    assert made.report_html.read_bytes().decode() == report_html(goog)
    assert json.loads(made.manifest_json.read_bytes())["run_id"] == goog.run_id


def test_the_directory_is_made_and_nothing_else_is_left_in_it(goog: RunRecord, tmp_path: Path) -> None:
    directory = tmp_path / "runs" / "17"
    write_artifacts(goog, directory)
    assert sorted(path.name for path in directory.iterdir()) == [
        "equity.csv",
        "manifest.json",
        "report.html",
        "trades.csv",
    ]


def test_written_again_the_files_are_replaced(goog: RunRecord, tmp_path: Path) -> None:
    write_artifacts(goog, tmp_path)
    made = write_artifacts(replace(goog, run_id="second"), tmp_path)
    assert json.loads(made.manifest_json.read_bytes())["run_id"] == "second"


def test_a_place_that_can_t_be_a_directory_is_named(goog: RunRecord, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ArtifactUnwritable, match=r"trades\.csv can't be written to .*taken"):
        write_artifacts(goog, tmp_path / "taken")


def test_a_failure_half_way_leaves_no_manifest(goog: RunRecord, tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(ArtifactUnwritable, match=r"report\.html"):
        write_artifacts(goog, tmp_path)
    assert not (tmp_path / "manifest.json").exists()
    assert not list(tmp_path.glob(".*"))


def test_importing_it_loads_no_heavy_library() -> None:
    heavy = "{'pandas', 'numpy', 'backtesting', 'bokeh', 'talib', 'jinja2'}"
    code = f"import sys, Backtest.report.artifacts; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
