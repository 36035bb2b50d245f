"""Several processes write to one SQLite file at once: they queue, none is refused, nothing is lost."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROCESSES = 8
WRITES = 200

WRITER = f"""
import sys, django
django.setup()
from django.db import transaction
from auth_api.models import AuditEvent
from rest.throttles import count_request, parse_rate

rate = parse_rate("100000/d")
for number in range({WRITES} // 2):
    count_request("shared", rate, 1_000_000.0)
    with transaction.atomic():  # reads first, then writes: the pattern that deadlocks without IMMEDIATE
        seen = AuditEvent.objects.count()
        AuditEvent.objects.create(kind="registered", subject=f"{{sys.argv[1]}}-{{number}}", reason=str(seen))
"""


def test_eight_processes_write_two_hundred_times_each_and_none_finds_the_database_locked(tmp_path: Path) -> None:
    database = tmp_path / "shared.sqlite3"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "algoagent_api.settings",
        "DATABASE_URL": f"sqlite:///{database}",
    }
    migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=environment, check=True)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number)], env=environment, stderr=subprocess.PIPE, text=True
        )
        for number in range(PROCESSES)
    ]
    complaints = [writer.communicate()[1] for writer in writers]
    assert complaints == [""] * PROCESSES
    with sqlite3.connect(database) as connection:
        counted = connection.execute("SELECT count FROM rest_throttlewindow WHERE key = 'shared'").fetchone()[0]
        written = connection.execute("SELECT count(*) FROM auth_api_auditevent").fetchone()[0]
        # Each atomic block saw what was there before it, so no two saw the same.
        distinct = connection.execute("SELECT count(DISTINCT reason) FROM auth_api_auditevent").fetchone()[0]
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    assert counted == written == distinct == PROCESSES * WRITES // 2
    assert mode == "wal"
