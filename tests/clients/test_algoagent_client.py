"""The Python client asks only what the schema offers, declares only what the schema answers, and works."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from drf_spectacular.generators import SchemaGenerator

from auth_api.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)  # the service closes its connection after each request

CLIENT = Path(__file__).parents[2] / "clients" / "python" / "algoagent_client.py"
IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
UNCLEAR = "Buy when the 20-day EMA crosses above the 50-day EMA."


@pytest.fixture(scope="module")
def client_module() -> ModuleType:
    """The one file, loaded as a script's neighbour would be."""
    spec = importlib.util.spec_from_file_location("algoagent_client", CLIENT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["algoagent_client"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


class Recorder(httpx.BaseTransport):
    """The service itself, in this process; remembers what was asked of it."""

    def __init__(self) -> None:
        self._service = httpx.WSGITransport(app=get_wsgi_application())
        self.asked: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method.lower(), request.url.path))
        return self._service.handle_request(request)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def api(client_module: ModuleType, recorder: Recorder, user: User) -> Iterator[Any]:
    """Signed in."""
    with client_module.AlgoAgent("http://localhost", transport=recorder) as client:
        client.login(user.username, PASSWORD)
        yield client


@pytest.mark.parametrize(
    ("declared_as", "component"),
    [
        *((name, name) for name in ("Strategy", "GeneratedCode", "Run", "Recommendation", "ClosedTrade", "User")),
        ("Optimization", "OptimizationDetail"),
    ],
)
def test_what_the_client_declares_is_what_the_schema_answers(
    client_module: ModuleType, schema: dict[str, Any], declared_as: str, component: str
) -> None:
    declared = set(get_type_hints(getattr(client_module, declared_as)))
    assert declared - set(schema["components"]["schemas"][component]["properties"]) == set()


def test_a_whole_session_asks_only_what_the_schema_offers(
    api: Any, recorder: Recorder, schema: dict[str, Any], tmp_path: Path
) -> None:
    strategy = api.strategy_create(user_description=IDEA)
    api.strategy(strategy["id"], version=1)
    list(api.strategies())
    api.generate_code(strategy["id"])
    run = api.quick_run(strategy_id=strategy["id"], symbol="GOOG")
    api.run(run["id"])
    list(api.runs())
    trades = list(api.trades(run["id"]))
    api.equity(run["id"], max_points=10)
    assert api.recommendations(run["id"])[0]["edit"]
    api.why(run["id"], trade=1)
    names = [variable["name"] for variable in api.variables(run["id"])]
    search = api.wait_for_search(api.optimize(run["id"], {"stop_loss": [3, 5]}, top=1)["id"])
    api.indicators()
    api.symbols()
    api.fetch(symbol="GOOG", indicators=["RSI_14"], period="1mo")
    bars = tmp_path / "bars.csv"
    bars.write_text("Date,Open,High,Low,Close\n2024-01-01,1,2,1,2\n2024-01-02,2,3,2,3\n")
    api.upload(bars, name="mine", symbol="MINE")
    api.me()
    api.strategy_delete(strategy["id"])
    api.logout()

    assert len(trades) == run["total_trades"] == 24
    assert "stop_loss" in names
    assert search["result"]["tried"] == 2
    patterns = {
        (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path)))
        for path, methods in schema["paths"].items()
        for method in methods
    }
    for method, path in recorder.asked:
        assert any(method == known and pattern.fullmatch(path) for known, pattern in patterns), f"{method} {path}"


def test_an_answer_completes_an_unclear_strategy(api: Any) -> None:
    asked = api.strategy_create(user_description=UNCLEAR)
    assert asked["status"] == "needs_clarification"
    question = asked["questions"][0]
    done = api.strategy_answer(asked["id"], {question["id"]: question["alternatives"][0]["value"]})
    assert done["status"] == "valid"


def test_the_evidence_of_a_question_tells_the_trades_of_its_answers(api: Any) -> None:
    asked = api.strategy_create(user_description=UNCLEAR)
    weighed = api.evidence(asked["id"], symbol="GOOG")
    assert [question["id"] for question in weighed["questions"]] == [asked["questions"][0]["id"]]


def test_a_second_reading_is_refused_where_no_model_is_configured(client_module: ModuleType, api: Any) -> None:
    strategy = api.strategy_create(user_description=IDEA)
    with pytest.raises(client_module.ApiError) as refused:
        api.second_reading(strategy["id"])
    assert refused.value.status == 409


def test_a_refusal_carries_its_details(client_module: ModuleType, api: Any) -> None:
    with pytest.raises(client_module.ApiError) as refused:
        api.quick_run(symbol="NOSUCH", user_description=IDEA)
    assert refused.value.status == 400
    assert refused.value.details[0]["field"] == "symbol"
    assert refused.value.request_id


def test_an_expired_access_token_is_renewed_without_being_asked(api: Any, recorder: Recorder) -> None:
    api._http.headers["Authorization"] = "Bearer expired"
    assert list(api.strategies()) == []
    assert recorder.asked[-3:] == [
        ("get", "/api/strategies/"),
        ("post", "/api/auth/refresh/"),
        ("get", "/api/strategies/"),
    ]
