"""The files of a run, rendered from its rows when they are first asked for."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from auth_api.models import User
from backtest_api.models import Artifact, BacktestRun
from backtest_api.records import run_record
from backtest_api.selectors import backtest_completed
from rest.errors import NotFound
from rest.private_files import private_file_delete, private_file_path, private_file_save

if TYPE_CHECKING:
    from Backtest.report.record import RunRecord

CONTENT_TYPES: Mapping[str, str] = {
    "trades.csv": "text/csv; charset=utf-8",
    "equity.csv": "text/csv; charset=utf-8",
    "report.html": "text/html; charset=utf-8",
    "manifest.json": "application/json",
}


@dataclass(frozen=True)
class ArtifactFile:
    """An artifact and its bytes."""

    artifact: Artifact
    content: bytes

    @property
    def disposition(self) -> str:
        """Whether a browser shows it or stores it."""
        return "inline" if self.artifact.name == "report.html" else "attachment"


def artifact_open(*, user: User, run_id: int, name: str) -> ArtifactFile:
    """A file of a completed run. Raises NotFound for a run or a name that is not there, Conflict for a run without
    figures."""
    if name not in CONTENT_TYPES:
        raise NotFound(f"there is no artifact {name[:40]!r}: a run has {', '.join(CONTENT_TYPES)}")
    run = backtest_completed(user=user, run_id=run_id)
    stored = run.artifacts.filter(name=name).first()
    if stored is not None and (path := private_file_path(stored.file_name)).is_file():
        return ArtifactFile(stored, path.read_bytes())
    return _render(run, name)


def _render(run: BacktestRun, name: str) -> ArtifactFile:
    """Make the file and its row; of several who do so at once, one's are kept.

    Nothing is kept of a run that is yet to be verified, since that may change its figures.
    """
    content = _renderer(name)(run_record(run)).encode()
    columns: dict[str, Any] = {
        "content_type": CONTENT_TYPES[name],
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    if run.verification["state"] == "pending":
        return ArtifactFile(Artifact(run=run, name=name, **columns), content)
    suffix = name.rpartition(".")[2]
    file_name = private_file_save(f"artifacts/{uuid.uuid4().hex}.{suffix}", content)
    columns["file_name"] = file_name
    with transaction.atomic():
        rows = Artifact.objects.select_for_update()
        artifact, made = rows.get_or_create(run=run, name=name, defaults=columns)
        if not made and not private_file_path(artifact.file_name).is_file():
            rows.filter(pk=artifact.pk).update(**columns)
            artifact.refresh_from_db()
    if artifact.file_name != file_name:
        private_file_delete(file_name)
    return ArtifactFile(artifact, content)


def _renderer(name: str) -> "Callable[[RunRecord], str]":
    from Backtest.report.artifacts import manifest_json
    from Backtest.report.csv_tables import equity_csv, trades_csv
    from Backtest.report.page import report_html

    return {
        "trades.csv": trades_csv,
        "equity.csv": equity_csv,
        "report.html": report_html,
        "manifest.json": manifest_json,
    }[name]
