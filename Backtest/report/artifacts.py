"""The files that a run leaves in its directory."""

import json
from dataclasses import dataclass
from pathlib import Path

from Backtest.code_store import write_atomically
from Backtest.report.csv_tables import equity_csv, trades_csv
from Backtest.report.manifest import manifest
from Backtest.report.page import report_html
from Backtest.report.record import RunRecord

__all__ = ["Artifacts", "RunRecord", "write_artifacts"]


@dataclass(frozen=True)
class Artifacts:
    """Where the files of a run are."""

    trades_csv: Path
    equity_csv: Path
    report_html: Path
    manifest_json: Path


def write_artifacts(record: RunRecord, directory: Path) -> Artifacts:
    """Render all four files, then write each whole or not at all, the manifest last: where it stands, the others do.

    Makes the directory. Raises ArtifactUnwritable with the reason.
    """
    paths = Artifacts(
        trades_csv=directory / "trades.csv",
        equity_csv=directory / "equity.csv",
        report_html=directory / "report.html",
        manifest_json=directory / "manifest.json",
    )
    texts = (
        (paths.trades_csv, trades_csv(record)),
        (paths.equity_csv, equity_csv(record)),
        (paths.report_html, report_html(record)),
        (paths.manifest_json, manifest_json(record)),
    )
    for path, text in texts:
        write_atomically(path, text)
    return paths


def manifest_json(record: RunRecord) -> str:
    """The manifest as strict JSON, two spaces deep, characters as they are."""
    return json.dumps(manifest(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
