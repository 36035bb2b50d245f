"""What a process that serves does first, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

WRITES_AND_CLOSES = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from backtest_api.services.startup import database_hold
call_command("migrate", "contenttypes", verbosity=0)
if {holds}:
    database_hold()
call_command("migrate", "sessions", verbosity=0)
connection.close()
from pathlib import Path
print(Path({wal!r}).is_file())
"""


def log_is_left(folder: Path, *, holds: bool) -> bool:
    wal = folder / "db.sqlite3-wal"
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "algoagent_api.settings",
    }
    code = WRITES_AND_CLOSES.format(holds=holds, wal=str(wal))
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip() == "True"


def test_while_the_database_is_held_a_request_that_ends_does_not_write_the_log_back(tmp_path):
    assert log_is_left(tmp_path, holds=True)


def test_without_it_the_last_connection_does(tmp_path):
    assert not log_is_left(tmp_path, holds=False)
