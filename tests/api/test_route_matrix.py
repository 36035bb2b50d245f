"""Every operation of the URL table: works, anonymous, stranger, invalid, conflict, wrong method.

A route without a rule fails here: whoever adds one says what it does for each kind of caller.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from rest_framework.test import APIClient

from auth_api.models import User
from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from backtest_api.services import engine_load, verifiers
from strategy_api.models import StrategyProposal, StrategyValidation, StrategyVersion
from tests.api.conftest import client_of
from tests.api.routes import METHODS, Operation, operations, routes
from tests.conftest import PASSWORD, SOON_S
from tests.rows import validation_row

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
UNKNOWN_FIELD = {"no_such_field": 1}
CSV = b"Date,Open,High,Low,Close,Volume\n" + b"".join(
    f"2024-01-{day:02d},{10 + day},{12 + day},{9 + day},{11 + day},1000\n".encode() for day in range(1, 29)
)
CODE = """from backtesting import Strategy


class Hold(Strategy):
    def init(self):
        pass

    def next(self):
        if not self.position:
            self.buy()
"""


@dataclass
class World:
    """What there is before a request is made: one user's strategy, run and dataset, and a second strategy."""

    user: User
    stranger: User
    api: APIClient
    ids: dict[str, Any] = field(default_factory=dict)
    refresh: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)


Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """What an operation answers: its success, and the bodies that it must refuse.

    `invalid` is a body, or a query; None: it takes neither. `conflict` None: nothing can contradict it.
    """

    ok: int = 200
    body: Body | None = None
    invalid: Body | str | None = lambda world: UNKNOWN_FIELD
    conflict: Body | None = None
    public: bool = False
    multipart: bool = False


def _describe(world: World) -> dict[str, Any]:
    return {"user_description": IDEA}


def _run(world: World) -> dict[str, Any]:
    return {"strategy_id": world.ids["strategy_id"], "symbol": "GOOG", "start_date": "2010-01-01"}


def _csv(world: World, name: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("bars.csv", CSV, "text/csv"), "name": name, "symbol": "BARS"}


def _nothing(world: World) -> dict[str, Any]:
    return {}


def _login(world: World) -> dict[str, Any]:
    return {"username": world.user.username, "password": PASSWORD}


def _token(name: str) -> Body:
    return lambda world: {name: world.refresh}


LIST = Rule(invalid="page=none")
DETAIL = Rule(invalid=None)
STRATEGY = "api/strategies/<int:strategy_id>/"
RUN = "api/backtests/<int:run_id>/"
OPTIMIZATION = "api/backtests/optimizations/<int:optimization_id>/"

RULES: dict[str, Rule] = {
    # accounts
    "POST api/auth/register/": Rule(
        201,
        lambda world: {"username": "grace", "email": "grace@example.org", "password": PASSWORD},
        conflict=lambda world: {"username": "ADA", "email": "other@example.org", "password": PASSWORD},
        public=True,
    ),
    "POST api/auth/login/": Rule(200, _login, public=True),
    "POST api/auth/refresh/": Rule(200, _token("refresh"), public=True),
    "GET api/auth/refresh/": Rule(200, invalid=None, public=True),
    "POST api/auth/verify/": Rule(200, _token("token"), public=True),
    "POST api/auth/logout/": Rule(204, _token("refresh")),
    "GET api/auth/me/": DETAIL,
    "PATCH api/auth/me/": Rule(
        200, lambda world: {"email": "new@example.org"}, conflict=lambda world: {"email": world.stranger.email.upper()}
    ),
    "GET api/auth/model-calls/": LIST,
    # data
    "GET api/data/indicators/": DETAIL,
    "GET api/data/symbols/": Rule(invalid="source=nowhere"),
    "GET api/data/sources/": DETAIL,
    "GET api/data/datasets/": LIST,
    "GET api/data/datasets/<uuid:dataset_id>/": DETAIL,
    "DELETE api/data/datasets/<uuid:dataset_id>/": Rule(204, invalid=None),
    "POST api/data/fetch/": Rule(200, lambda world: {"symbol": "GOOG", "indicators": ["RSI_14"], "period": "1y"}),
    "POST api/data/upload/": Rule(
        201,
        lambda world: _csv(world, "other bars"),
        conflict=lambda world: _csv(world, "bars"),
        multipart=True,
    ),
    # strategies
    "GET api/strategies/": LIST,
    "POST api/strategies/": Rule(201, _describe, conflict=lambda world: {**_describe(world), "name": "first"}),
    f"GET {STRATEGY}": Rule(invalid="version=none"),
    f"PUT {STRATEGY}": Rule(200, _describe, conflict=lambda world: {**_describe(world), "name": "second"}),
    f"PATCH {STRATEGY}": Rule(200, lambda world: {"name": "third"}, conflict=lambda world: {"name": "second"}),
    f"DELETE {STRATEGY}": Rule(204, invalid=None),
    f"POST {STRATEGY}validate/": Rule(200, _nothing),
    f"POST {STRATEGY}generate-code/": Rule(200, _nothing),
    f"POST {STRATEGY}generate-code-from-canonical/": Rule(200, lambda world: {"canonical_json": world.document}),
    f"POST {STRATEGY}chat/": Rule(200, lambda world: {"message": "add a 10% take profit"}),
    f"GET {STRATEGY}chat/": DETAIL,
    f"GET {STRATEGY}second-reading/": DETAIL,
    f"POST {STRATEGY}second-reading/": Rule(409, _nothing),  # no model is configured in the world
    f"GET {STRATEGY}proposals/": LIST,
    f"POST {STRATEGY}proposals/<uuid:proposal_id>/accept/": Rule(200, _nothing),
    f"POST {STRATEGY}evidence/": Rule(409, _nothing),  # nothing is open in the strategy of the world
    f"GET {STRATEGY}versions/": LIST,
    f"GET {STRATEGY}explain/": Rule(invalid="version=none"),
    f"GET {STRATEGY}conversation/": LIST,
    "POST api/production/strategies/validate-schema/": Rule(200, lambda world: {"canonical_json": world.document}),
    "POST api/production/strategies/validate-code/": Rule(200, lambda world: {"code": CODE}),
    "POST api/production/strategies/sandbox-test/": Rule(200, lambda world: {"code": CODE}),
    # backtests
    "GET api/backtests/": LIST,
    "POST api/backtests/": Rule(202, _run),
    "POST api/backtests/quick-run/": Rule(201, _run),
    f"GET {RUN}": DETAIL,
    f"POST {RUN}cancel/": Rule(409, _nothing),  # the run of the world has finished
    f"GET {RUN}optimize/": DETAIL,
    f"POST {RUN}optimize/": Rule(201, lambda world: {"grid": {"stop_loss": [3, 5]}, "top": 1}),
    "GET api/backtests/optimizations/": LIST,
    f"GET {OPTIMIZATION}": DETAIL,
    f"POST {OPTIMIZATION}cancel/": Rule(409, _nothing),  # the search of the world has finished
    f"GET {RUN}trades/": Rule(invalid="page_size=0"),
    f"GET {RUN}equity/": Rule(invalid="max_points=0"),
    f"GET {RUN}recommendations/": DETAIL,
    f"GET {RUN}why/": Rule(200, lambda world: {"trade": 1}, invalid="trade=0"),
    f"GET {RUN}chart/": Rule(invalid="max_points=0"),
    f"GET {RUN}artifacts/<str:name>/": DETAIL,
    "POST api/production/backtests/validate-config/": Rule(200, _run),
    "POST api/production/backtests/run-sandbox/": Rule(201, lambda world: {"code": CODE, "symbol": "GOOG"}),
    # trading
    "GET api/trading/positions/": LIST,
    "GET api/trading/trades/": LIST,
    # the service
    "GET api/health/": Rule(invalid=None, public=True),
}


def proposal_of(strategy: Mapping[str, Any]) -> StrategyProposal:
    """A tighter stop, as a model would have proposed it."""
    document = {**strategy["canonical_json"], "risk": {"stop_loss": {"type": "percent", "value": 2.0}}}
    return StrategyProposal.objects.create(
        version=StrategyVersion.objects.get(strategy_id=strategy["id"]),
        summary="a tighter stop",
        canonical_json=document,
        identity=identity(parse_spec(document)),
        provider="scripted",
    )


def build_world() -> World:
    """Two accounts, and what the first one has, made through the API itself."""
    user = User.objects.create_user("ada", "ada@example.org", PASSWORD)
    stranger = User.objects.create_user("mallory", "mallory@example.org", PASSWORD)
    signed_in = client_of(None).post("/api/auth/login/", {"username": user.username, "password": PASSWORD}).json()
    made = World(user, stranger, client_of(user), refresh=signed_in["refresh"])
    api = made.api
    strategy = api.post("/api/strategies/", {"user_description": IDEA, "name": "first"}).json()
    api.post("/api/strategies/", {"user_description": IDEA, "name": "second"})
    run = api.post("/api/backtests/quick-run/", {"strategy_id": strategy["id"], "symbol": "GOOG"}).json()
    dataset = api.post("/api/data/upload/", _csv(made, "bars"), format="multipart").json()
    made.document = strategy["canonical_json"]
    assert verifiers().join(SOON_S)
    validation_row(
        user,
        version=StrategyVersion.objects.get(strategy_id=strategy["id"]),
        kind=StrategyValidation.Kind.READING,
        details={
            **dict.fromkeys(("question", "trades", "proposal")),
            "state": "agrees",
            "why_not": "",
            "provider": "scripted",
            "model": "script",
        },
    )
    engine_load()
    search = api.post(f"/api/backtests/{run['id']}/optimize/", {"grid": {"stop_loss": [3, 5]}, "top": 1}).json()
    made.ids = {
        "strategy_id": strategy["id"],
        "run_id": run["id"],
        "optimization_id": search["id"],
        "dataset_id": dataset["id"],
        "name": "trades.csv",
        "proposal_id": proposal_of(strategy).pk,
    }
    return made


@pytest.fixture(scope="module")
def lasting_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once: each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        made = build_world()
    yield made
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def world(lasting_world: World, db: None) -> World:
    return lasting_world


def address(operation: Operation, ids: Mapping[str, Any]) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", lambda match: str(ids[match[1]]), operation.route)


def ask(client: APIClient, world: World, operation: Operation, body: dict[str, Any] | None = None) -> Any:
    """The response to one operation; the GET that renews an access token bears the refresh token."""
    rule = RULES[str(operation)]
    if str(operation) == "GET api/auth/refresh/":
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {world.refresh}")
    options = {"format": "multipart"} if rule.multipart else {}
    return getattr(client, operation.method)(address(operation, world.ids), body, **options)


def _without_ids(message: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+", "#", message)


def rule_of(operation: Operation) -> Rule:
    return RULES[str(operation)]


def those(wanted: Callable[[Rule, Operation], bool]) -> Any:
    """Parametrises a test by the operations whose rule is wanted."""
    found = [op for op in operations() if str(op) in RULES and wanted(RULES[str(op)], op)]
    return pytest.mark.parametrize("operation", found, ids=str)


def test_every_operation_of_the_url_table_has_a_rule_and_every_rule_an_operation() -> None:
    assert set(RULES) == {str(operation) for operation in operations()}


@those(lambda rule, operation: True)
def test_it_works(world: World, operation: Operation) -> None:
    rule = rule_of(operation)
    response = ask(world.api, world, operation, rule.body(world) if rule.body else None)
    assert response.status_code == rule.ok, response.content
    assert not (response.get("Content-Type") or "").startswith("text/html")


@those(lambda rule, operation: not rule.public)
def test_it_asks_the_anonymous_to_sign_in(
    world: World, operation: Operation, problem: Callable[[Any, int], Any]
) -> None:
    rule = rule_of(operation)
    response = ask(client_of(None), world, operation, rule.body(world) if rule.body else None)
    problem(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


@those(lambda rule, operation: "<" in operation.route)
def test_it_is_not_there_for_a_stranger(world: World, operation: Operation, problem: Callable[[Any, int], Any]) -> None:
    rule = rule_of(operation)
    body = rule.body(world) if rule.body else None
    seen = ask(client_of(world.stranger), world, operation, body)
    nowhere = {
        **world.ids,
        "strategy_id": 10**6,
        "run_id": 10**6,
        "optimization_id": 10**6,
        "dataset_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    }
    missing = ask(world.api, World(world.user, world.stranger, world.api, nowhere), operation, body)
    # The same words as for what never was: nobody learns what another user has.
    assert _without_ids(problem(seen, 404)["error"]) == _without_ids(problem(missing, 404)["error"])


@those(lambda rule, operation: rule is LIST and "<" not in operation.route)
def test_a_stranger_s_list_is_empty(world: World, operation: Operation) -> None:
    assert ask(client_of(world.stranger), world, operation).json()["results"] == []


@those(lambda rule, operation: rule.invalid is not None)
def test_it_names_the_field_that_is_invalid(
    world: World, operation: Operation, problem: Callable[[Any, int], Any]
) -> None:
    invalid = rule_of(operation).invalid
    if isinstance(invalid, str):
        response = world.api.get(f"{address(operation, world.ids)}?{invalid}")
        field_name = invalid.split("=")[0]
    else:
        body = invalid(world)
        response, field_name = ask(world.api, world, operation, body), next(iter(body))
    assert [detail["field"] for detail in problem(response, 400)["details"]] == [field_name]


@those(lambda rule, operation: rule.conflict is not None)
def test_it_refuses_what_contradicts_what_is_there(
    world: World, operation: Operation, problem: Callable[[Any, int], Any]
) -> None:
    body = rule_of(operation).conflict(world)
    assert problem(ask(world.api, world, operation, body), 409)["details"]


@pytest.mark.parametrize("route", routes())
def test_other_methods_are_refused(world: World, route: str, problem: Callable[[Any, int], Any]) -> None:
    offered = {operation.method for operation in operations() if operation.route == route}
    place = address(Operation(route, "get"), world.ids)
    for method in set(METHODS) - offered:
        response = getattr(world.api, method)(place)
        problem(response, 405)
        assert {name.lower() for name in response["Allow"].split(", ")} >= offered
