"""Settings, read once from the environment (and a `.env` beside manage.py, if there is one).

Development needs none of them. Production is `DEBUG=false`, and then `SECRET_KEY` must be set.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")


def _path(name: str, default: Path) -> Path:
    """An absolute path; a relative one counts from the folder of manage.py."""
    return BASE_DIR / Path(env.str(name, default=str(default))).expanduser()


def _number(name: str, default: int, low: int, high: int) -> int:
    value = int(env.int(name, default=default))
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} is {value}: set it to a whole number from {low} to {high}.")
    return value


DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-and-never-used-in-production" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set, and DEBUG is false: set it to a long random text, for instance the output of "
        "`python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])

INSTALLED_APPS = ["backtest_api"]
MIDDLEWARE: list[str] = []
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# Where generated strategies and the artifacts of runs are put.
BACKTEST_CODES_DIR = _path("BACKTEST_CODES_DIR", BASE_DIR / "Backtest" / "codes")
BACKTEST_RUNS_DIR = _path("BACKTEST_RUNS_DIR", BASE_DIR / "var" / "runs")

# What one run of strategy code may use.
SANDBOX_CPU_S = _number("SANDBOX_CPU_S", 30, 1, 3600)
SANDBOX_WALL_S = _number("SANDBOX_WALL_S", 60, 1, 7200)
SANDBOX_MEMORY_MB = _number("SANDBOX_MEMORY_MB", 2048, 256, 65536)
