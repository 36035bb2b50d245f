"""Settings, read once from the environment (and a `.env` beside manage.py, if there is one).

Development needs none of them. Production is `DEBUG=false`, and then `SECRET_KEY` must be set.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from Backtest import __version__
from Backtest.sandbox.policy import PROTECTION_NAMES, REQUIRED_IN_PRODUCTION
from Backtest.sandbox.surroundings import OUTER_WALLS
from rest.log_lines import configure_structlog, logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent

VERSION = __version__

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


def _words(name: str, default: list[str], allowed: tuple[str, ...]) -> list[str]:
    words = [word.strip() for word in env.list(name, default=default) if word.strip()]
    unknown = sorted(set(words) - set(allowed))
    if unknown:
        raise ImproperlyConfigured(f"{name} names {', '.join(unknown)}: it takes {', '.join(allowed)}, or nothing.")
    return words


def _one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = str(env.str(name, default=default))
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}: it takes {', '.join(allowed)}.")
    return value


def _cgroup(name: str, default: str) -> str:
    value = str(env.str(name, default=default))
    if value not in ("auto", "off") and not Path(value).is_absolute():
        raise ImproperlyConfigured(f"{name} is {value!r}: it takes auto, off, or the absolute path of a control group.")
    return value


SOURCE_URL = env.str("SOURCE_URL", default="https://github.com/algoagent/algoagent")

INSTALLED_APPS = [
    "auth_api",
    "rest",
    "data_api",
    "strategy_api",
    "backtest_api",
    "trading",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "rest.request_ids.RequestIdMiddleware",
    "rest.last_resort.LastResortMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rest.one_thread.one_thread",
]
ROOT_URLCONF = "algoagent_api.urls"
ASGI_APPLICATION = "algoagent_api.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# The database: SQLite until DATABASE_URL names another one.


def _database() -> dict[str, Any]:
    database: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # Writers queue instead of failing: the write lock is taken when a transaction begins, and waited for.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        database.setdefault("CONN_HEALTH_CHECKS", True)
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# Files: static ones for everyone, private ones only through views that know their owner.
STATIC_URL = "/static/"
STATIC_ROOT = _path("STATIC_ROOT", BASE_DIR / "var" / "static")
PRIVATE_DIR = _path("PRIVATE_DIR", BASE_DIR / "var" / "private")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": PRIVATE_DIR,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Accounts and tokens.
AUTH_USER_MODEL = "auth_api.User"
AUTHENTICATION_BACKENDS = ["auth_api.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Whom `manage.py first_account` makes where there is no account; without a password it draws one and prints it.
FIRST_ACCOUNT_NAME = env.str("FIRST_ACCOUNT_NAME", default="admin")
FIRST_ACCOUNT_EMAIL = env.str("FIRST_ACCOUNT_EMAIL", default="admin@localhost")
FIRST_ACCOUNT_PASSWORD = env.str("FIRST_ACCOUNT_PASSWORD", default="")
JWT_EXPIRY_S = _number("JWT_EXPIRY", 3600, 60, 86_400)
JWT_REFRESH_EXPIRY_S = _number("JWT_REFRESH_EXPIRY", 14 * 86_400, 3600, 365 * 86_400)
SIMPLE_JWT = {
    "SIGNING_KEY": env.str("JWT_SECRET", default=SECRET_KEY),
    "ALGORITHM": "HS256",
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=JWT_EXPIRY_S),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=JWT_REFRESH_EXPIRY_S),
    "ISSUER": "algoagent",
    "CHECK_REVOKE_TOKEN": True,
}

# The API.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["auth_api.authentication.AccessTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["rest.throttles.Throttle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest.json_parser.StrictJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "rest.openapi.OperationSchema",
    "EXCEPTION_HANDLER": "rest.exception_handler.respond",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "AlgoAgent",
    "VERSION": VERSION,
    "DESCRIPTION": "Trading ideas in plain words become specified, proved and honestly measured strategies.\n\n"
    "A backtest is not a forecast, and nothing here is investment advice.",
    "LICENSE": {"name": "AGPL-3.0-or-later"},
    "EXTERNAL_DOCS": {"description": "The source of this service", "url": SOURCE_URL},
    "SCHEMA_PATH_PREFIX": r"/api/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "StrategyStatus": "strategy_api.models.Status",
        "RunStatus": "backtest_api.models.BacktestRun.Status",
        "VerificationState": "backtest_api.models.VERDICT_STATES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "rest.openapi.add_errors",
        "rest.openapi.add_links",
    ],
}
THROTTLE_RATES = {
    "sign_in": env.str("THROTTLE_SIGN_IN", default="20/min"),
    "register": env.str("THROTTLE_REGISTER", default="30/h"),
    "token": env.str("THROTTLE_TOKEN", default="120/min"),
    "compute": env.str("THROTTLE_COMPUTE", default="120/min"),
    "upload": env.str("THROTTLE_UPLOAD", default="60/h"),
}
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/.*$"
CORS_EXPOSE_HEADERS = ["X-Request-ID", "Retry-After", "Location"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_100_000  # of a JSON body; uploaded files are bounded by their view

# What only production turns on: it is meant to stand behind TLS.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = _number("SECURE_HSTS_SECONDS", 0 if DEBUG else 31_536_000, 0, 63_072_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
X_FRAME_OPTIONS = "DENY"

# Logs.
configure_structlog()
LOGGING = logging_settings(as_json=not DEBUG, level=env.str("LOG_LEVEL", default="INFO"))

# What executes a strategy's code, and whether what is said is remembered word for word.
USE_BACKTESTING_PY = env.bool("USE_BACKTESTING_PY", default=True)
USE_CONVERSATION_MEMORY = env.bool("USE_CONVERSATION_MEMORY", default=True)

# Whether a web address in place of a description is fetched, and how its host is reached (None: over the internet).
FETCH_PAGES = env.bool("FETCH_PAGES", default=True)
PAGE_NETWORK = None

# Where generated strategies and the artifacts of runs of the command line are put.
BACKTEST_CODES_DIR = _path("BACKTEST_CODES_DIR", BASE_DIR / "Backtest" / "codes")
BACKTEST_RUNS_DIR = _path("BACKTEST_RUNS_DIR", BASE_DIR / "var" / "runs")

# What one run of strategy code may use, and how many runs go on at once in this process.
SANDBOX_CPU_S = _number("SANDBOX_CPU_S", 30, 1, 3600)
SANDBOX_WALL_S = _number("SANDBOX_WALL_S", 60, 1, 7200)
SANDBOX_MEMORY_MB = _number("SANDBOX_MEMORY_MB", 2048, 256, 65536)
# What the sandbox must protect before a user's code may run, and how many children wait ready in a server process.
SANDBOX_REQUIRE = _words("SANDBOX_REQUIRE", [] if DEBUG else list(REQUIRED_IN_PRODUCTION), PROTECTION_NAMES)
SANDBOX_READY_CHILDREN = _number("SANDBOX_READY_CHILDREN", 2, 1, 32)
# What stands around all runs of a process: an outer wall, and a control group (0 MB: three quarters of the machine's).
SANDBOX_OUTER_WALL = _one_of("SANDBOX_OUTER_WALL", "none", OUTER_WALLS)
SANDBOX_CGROUP = _cgroup("SANDBOX_CGROUP", "auto")
SANDBOX_TOTAL_MEMORY_MB = _number("SANDBOX_TOTAL_MEMORY_MB", 0, 0, 1 << 24)
BACKTEST_THREADS = _number("BACKTEST_THREADS", 2, 1, 64)

# Searches over a grid: up to so many combinations are answered at once, larger ones in the background, none above.
OPTIMIZE_AT_ONCE_COMBINATIONS = _number("OPTIMIZE_AT_ONCE_COMBINATIONS", 2_000, 0, 100_000)
OPTIMIZE_MOST_COMBINATIONS = _number("OPTIMIZE_MOST_COMBINATIONS", 1_000_000, 1, 10_000_000)

# The language model: none until there is a key, or LLM_PROVIDER names one that needs none.
GEMINI_API_KEY = env.str("GEMINI_API_KEY", default="")
LLM_PROVIDER = env.str("LLM_PROVIDER", default="gemini" if GEMINI_API_KEY else "offline")
LLM_MODEL = env.str("LLM_MODEL", default="")
LLM_BASE_URL = env.str("LLM_BASE_URL", default="")
LLM_API_KEY = env.str("LLM_API_KEY", default="")
LLM_TIMEOUT_S = _number("LLM_TIMEOUT_S", 60, 1, 600)
LLM_ATTEMPTS = _number("LLM_ATTEMPTS", 4, 1, 10)
LLM_REPAIR_ROUNDS = _number("LLM_REPAIR_ROUNDS", 3, 0, 10)
LLM_SECOND_READING = env.bool("LLM_SECOND_READING", default=True)
LLM_CHAT_CONTEXT_TOKENS = _number("LLM_CHAT_CONTEXT_TOKENS", 12_000, 4_000, 1_000_000)
LLM_KEEP_TEXTS = env.bool("LLM_KEEP_TEXTS", default=False)
# Of a UTC day; 0 is no limit.
LLM_USER_CALLS_PER_DAY = _number("LLM_USER_CALLS_PER_DAY", 200, 0, 10**6)
LLM_USER_TOKENS_PER_DAY = _number("LLM_USER_TOKENS_PER_DAY", 2_000_000, 0, 10**9)
LLM_CALLS_PER_DAY = _number("LLM_CALLS_PER_DAY", 5_000, 0, 10**7)
LLM_TOKENS_PER_DAY = _number("LLM_TOKENS_PER_DAY", 50_000_000, 0, 10**9)
