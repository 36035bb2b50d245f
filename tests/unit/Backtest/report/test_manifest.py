import hashlib
import json
import platform
import tomllib
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import backtesting
import numpy as np
import pandas as pd
import talib

from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from Backtest.report.artifacts import manifest_json
from Backtest.report.manifest import manifest
from Backtest.report.record import RunRecord


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def test_it_is_strict_json(goog: RunRecord) -> None:
    assert json.loads(manifest_json(goog), parse_constant=refuse) == json.loads(json.dumps(manifest(goog)))


def test_undefined_statistics_are_null(at_rest: RunRecord) -> None:
    assert json.loads(manifest_json(at_rest), parse_constant=refuse)["metrics"]["sharpe_ratio"] is None


def test_two_runs_of_the_same_inputs_differ_in_id_and_time_only(goog: RunRecord) -> None:
    again = replace(goog, run_id="run-2", created_at=datetime(2027, 1, 1, tzinfo=UTC))
    one, other = manifest(goog), manifest(again)
    assert {key for key in one if one[key] != other[key]} == {"run_id", "created_at"}


def test_the_time_is_written_in_utc_whatever_the_zone_it_came_in(goog: RunRecord) -> None:
    tokyo = datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    assert manifest(replace(goog, created_at=tokyo))["created_at"] == "2026-11-21T00:30:00+00:00"


def test_the_spec_in_it_is_the_spec_that_ran(goog: RunRecord) -> None:
    written = json.loads(manifest_json(goog))
    assert parse_spec(written["spec"]) == goog.spec
    assert written["identity"] == identity(goog.spec)
    text = json.dumps(written["spec"], sort_keys=True, separators=(",", ":"))
    assert written["spec_sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_another_description_changes_the_spec_s_hash_and_not_its_identity(goog: RunRecord) -> None:
    other = manifest(replace(goog, spec=goog.spec.model_copy(update={"description": "in other words"})))
    assert other["spec_sha256"] != manifest(goog)["spec_sha256"]
    assert other["identity"] == manifest(goog)["identity"]


def test_the_code_s_hash_is_that_of_the_file(goog: RunRecord, tmp_path: Path) -> None:
    (tmp_path / "strategy.py").write_text(goog.code, encoding="utf-8")
    assert manifest(goog)["code_sha256"] == hashlib.sha256((tmp_path / "strategy.py").read_bytes()).hexdigest()


def test_the_data_names_all_bars_and_those_that_counted(goog: RunRecord) -> None:
    data = manifest(goog)["data"]
    assert (data["symbol"], data["source"], data["timeframe"], data["zone"]) == (
        "GOOG",
        "sample",
        "1d",
        "America/New_York",
    )
    assert (data["bars"], data["first"], data["last"]) == (2148, "2004-08-19", "2013-03-01")
    assert data["evaluated"] == {"bars": 2054, "first": "2005-01-03", "last": "2013-03-01"}
    assert data["content_hash"] == goog.window.bars.content_hash


def test_findings_on_the_data_travel_with_the_run(eurusd: RunRecord) -> None:
    assert manifest(eurusd)["data"]["findings"][0]["rule"] == "sample_note"


def test_account_assumptions_metrics_and_open_trades_are_those_of_the_run(goog: RunRecord) -> None:
    written = manifest(goog)
    assert written["account"]["cash"] == 50_000
    assert [a["topic"] for a in written["assumptions"]] == [a.topic for a in goog.spec.assumptions]
    assert written["metrics"] == goog.result.metrics
    assert written["open_at_end"] == [asdict(trade) for trade in goog.result.open_at_end]


def test_versions_are_those_of_the_installed_libraries(goog: RunRecord) -> None:
    project = tomllib.loads((Path(__file__).parents[4] / "pyproject.toml").read_text(encoding="utf-8"))
    assert manifest(goog)["versions"] == {
        "python": platform.python_version(),
        "algoagent": project["project"]["version"],
        "backtesting": backtesting.__version__,
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "TA-Lib": talib.__version__,
    }


def test_a_run_that_nothing_checked_says_so(goog: RunRecord) -> None:
    verification = manifest(goog)["verification"]
    assert verification["state"] == "not_applicable"
    assert verification["reason"]
