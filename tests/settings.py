"""The settings of the tests: the project's own, with cheap password hashes and places that are thrown away."""

import tempfile
from pathlib import Path

from algoagent_api.settings import *  # noqa: F403
from algoagent_api.settings import DATABASES, STORAGES, THROTTLE_RATES

_SCRATCH = Path(tempfile.mkdtemp(prefix="algoagent-tests-"))

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PRIVATE_DIR = _SCRATCH / "private"
BACKTEST_CODES_DIR = _SCRATCH / "codes"
BACKTEST_RUNS_DIR = _SCRATCH / "runs"
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_DIR  # type: ignore[index]
THROTTLE_RATES.update(dict.fromkeys(THROTTLE_RATES, "off"))  # those of throttles turn them on
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(_SCRATCH / "test.sqlite3")}  # a file, as in life: threads share it
LLM_PROVIDER = "offline"  # whatever key this machine has
GEMINI_API_KEY = LLM_API_KEY = LLM_MODEL = LLM_BASE_URL = ""
LLM_SECOND_READING = False  # tests of it turn it on: others count what their model is asked
