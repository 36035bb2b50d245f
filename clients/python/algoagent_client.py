"""A typed client of AlgoAgent's HTTP service, in one file: copy it beside your script; it needs httpx.

from algoagent_client import AlgoAgent

with AlgoAgent("http://127.0.0.1:8000") as api:
    api.login("ada", "correct horse battery staple")
    strategy = api.strategy_create(user_description="Buy when RSI(14) drops below 30, sell above 70")
    run = api.quick_run(strategy_id=strategy["id"], symbol="GOOG")
    print(run["total_pnl"], run["metrics"]["sharpe_ratio"])
    for trade in api.trades(run["id"]):
        print(trade["entry_time"], trade["pnl"])
    print(*api.why(run["id"], trade=1)["sentences"], sep="\n")
    search = api.wait_for_search(api.optimize(run["id"], {"stop_loss": [3, 5, 8]})["id"])
    print(search["result"]["best"][0]["values"], search["result"]["caution"])
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypedDict, TypeVar

import httpx

StrategyStatus = Literal["draft", "needs_clarification", "unsupported", "rejected", "valid", "invalid"]
RunStatus = Literal["pending", "running", "completed", "failed", "cancelled"]
FINISHED: tuple[RunStatus, ...] = ("completed", "failed", "cancelled")


class Detail(TypedDict):
    """One fault: `field` is a JSON pointer into the input, without its first slash."""

    field: str
    message: str
    suggestion: str


class Account(TypedDict, total=False):
    """What a run trades with; `commission` is a fraction per side, `spread` a fraction of the price."""

    cash: float
    commission: float
    spread: float
    margin: float


class User(TypedDict):
    id: int
    username: str
    email: str


class SignIn(TypedDict):
    access: str
    refresh: str
    user: User


class Strategy(TypedDict):
    id: int
    name: str
    version: int
    user_id: int
    status: StrategyStatus
    canonical_json: dict[str, Any] | None
    generated_code: str | None
    code_path: str | None
    assumptions: list[dict[str, Any]]
    unresolved: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    errors: list[Detail]
    ai_recommendations: list[dict[str, Any]]
    created_at: str
    updated_at: str


class GeneratedCode(TypedDict):
    strategy_code: str
    file_path: str
    success: bool
    provider: str
    validation: dict[str, Any]


class Run(TypedDict):
    """`win_rate` is a fraction, `max_drawdown` percent and negative; the files are addresses. The figures are those of
    the `executor`: the kernel and the interpreter execute the specification, else they are the code's own."""

    id: int
    strategy_id: int | None
    version: int | None
    status: RunStatus
    symbol: str
    total_pnl: float | None
    win_rate: float | None
    max_drawdown: float | None
    sharpe_ratio: float | None
    total_trades: int | None
    open_at_end: list[dict[str, Any]]
    metrics: dict[str, float | int | str | None]
    verification: dict[str, Any]
    verified: bool
    executor: str
    self_reported: bool
    notices: list[str]
    errors: list[Detail]
    trades_csv: str | None
    equity_csv: str | None
    report_html: str | None
    manifest: str | None
    created_at: str


class Recommendation(TypedDict):
    """`edit` is a sentence that was tried on the run's bars; empty where none helps."""

    topic: str
    reason: str
    edit: str


class ClosedTrade(TypedDict):
    """`size` is in units, negative when short; bars count from the window's first."""

    entry_time: str
    exit_time: str
    entry_bar: int
    exit_bar: int
    size: int
    entry_price: float
    exit_price: float
    pnl: float
    tag: str | None
    closed_by: str | None


class Optimization(TypedDict):
    """A search; `result` is None until it is completed. Its figures are all of the bars that it searched."""

    id: int
    run_id: int
    status: RunStatus
    metric: str
    goal: Literal["maximize", "minimize"]
    grid: dict[str, list[float]]
    combinations: int
    done: int
    errors: list[Detail]
    result: dict[str, Any] | None


_Job = TypeVar("_Job", Run, Optimization)


class ApiError(Exception):
    """The service refused: its status, its sentence, and one detail for each field at fault."""

    def __init__(self, status: int, error: str, details: list[Detail], request_id: str) -> None:
        super().__init__(f"{error} (HTTP {status}, request {request_id})")
        self.status = status
        self.error = error
        self.details = details
        self.request_id = request_id


class AlgoAgent:
    """One user's session. Signs in again by itself, with the refresh token, when the access token has expired."""

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        *,
        timeout_s: float = 120.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(base_url=f"{base_url.rstrip('/')}/api/", timeout=timeout_s, transport=transport)
        self._refresh_token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    # accounts

    def register(self, username: str, email: str, password: str) -> SignIn:
        """Make an account, and sign in to it."""
        return self._signed_in(
            self._json("POST", "auth/register/", json={"username": username, "email": email, "password": password})
        )

    def login(self, username_or_email: str, password: str) -> SignIn:
        """Sign in."""
        name = "email" if "@" in username_or_email else "username"
        return self._signed_in(self._json("POST", "auth/login/", json={name: username_or_email, "password": password}))

    def logout(self) -> None:
        """Sign out: the tokens of this sign-in are void."""
        self._call("POST", "auth/logout/", json={"refresh": self._refresh_token})
        self._http.headers.pop("Authorization", None)

    def me(self) -> User:
        """Who is signed in."""
        user: User = self._json("GET", "auth/me/")
        return user

    # strategies

    def strategy_create(
        self,
        *,
        user_description: str | None = None,
        canonical_json: Mapping[str, Any] | None = None,
        name: str | None = None,
        answers: Mapping[str, Any] | None = None,
        accept_defaults: bool | None = None,
    ) -> Strategy:
        """Store a strategy, said in plain words or as a spec; see its `status`, `questions` and `errors`."""
        body = _given(
            user_description=user_description,
            canonical_json=canonical_json,
            name=name,
            answers=answers,
            accept_defaults=accept_defaults,
        )
        strategy: Strategy = self._json("POST", "strategies/", json=body)
        return strategy

    def strategy(self, strategy_id: int, *, version: int | None = None) -> Strategy:
        """One strategy, its latest version unless another is named."""
        strategy: Strategy = self._json("GET", f"strategies/{strategy_id}/", params=_given(version=version))
        return strategy

    def strategies(self) -> Iterator[Strategy]:
        """All strategies, the newest first."""
        return self._pages("strategies/")

    def strategy_answer(self, strategy_id: int, answers: Mapping[str, Any]) -> Strategy:
        """Answer the open questions of a strategy, by their ids."""
        strategy: Strategy = self._json("PATCH", f"strategies/{strategy_id}/", json={"answers": answers})
        return strategy

    def evidence(self, strategy_id: int, *, symbol: str | None = None) -> dict[str, Any]:
        """Run each answer to the open questions, and tell how their trades differ."""
        weighed: dict[str, Any] = self._json("POST", f"strategies/{strategy_id}/evidence/", json=_given(symbol=symbol))
        return weighed

    def second_reading(self, strategy_id: int) -> dict[str, Any]:
        """Let the service's model read the words too, and compare. Raises ApiError 409 where there is no model."""
        reading: dict[str, Any] = self._json("POST", f"strategies/{strategy_id}/second-reading/", json={})
        return reading

    def strategy_delete(self, strategy_id: int) -> None:
        """Delete a strategy; its runs stay."""
        self._call("DELETE", f"strategies/{strategy_id}/")

    def generate_code(self, strategy_id: int) -> GeneratedCode:
        """The strategy as a standalone backtesting.py file."""
        code: GeneratedCode = self._json("POST", f"strategies/{strategy_id}/generate-code/")
        return code

    # backtests

    def quick_run(self, *, symbol: str, **request: Any) -> Run:
        """Backtest at once: `strategy_id`, `canonical_json` or `user_description`, and what `backtest` takes."""
        run: Run = self._json("POST", "backtests/quick-run/", json={"symbol": symbol, **request})
        return run

    def backtest(self, *, symbol: str, **request: Any) -> Run:
        """Begin a backtest: `version`, `source` or `dataset_id`, `timeframe`, `start_date`, `end_date`, `account`."""
        run: Run = self._json("POST", "backtests/", json={"symbol": symbol, **request})
        return run

    def run(self, run_id: int) -> Run:
        """One run as it stands."""
        run: Run = self._json("GET", f"backtests/{run_id}/")
        return run

    def wait(self, run_id: int, *, timeout_s: float = 300.0, every_s: float = 0.2) -> Run:
        """The run once it has finished. Raises TimeoutError."""
        return _once_finished(lambda: self.run(run_id), f"run {run_id}", timeout_s, every_s)

    def runs(self) -> Iterator[Run]:
        """All runs, the newest first."""
        return self._pages("backtests/")

    def trades(self, run_id: int) -> Iterator[ClosedTrade]:
        """The closed trades of a run, in the order of their entries."""
        return self._pages(f"backtests/{run_id}/trades/")

    def equity(self, run_id: int, *, max_points: int | None = None) -> dict[str, list[Any]]:
        """The equity curve, columnar."""
        curve: dict[str, list[Any]] = self._json(
            "GET", f"backtests/{run_id}/equity/", params=_given(max_points=max_points)
        )
        return curve

    def artifact(self, run_id: int, name: Literal["trades.csv", "equity.csv", "report.html", "manifest.json"]) -> bytes:
        """A file that the run left."""
        return self._call("GET", f"backtests/{run_id}/artifacts/{name}/").content

    def recommendations(self, run_id: int) -> list[Recommendation]:
        """What could be better about a run, each with the sentence that makes it so."""
        found: list[Recommendation] = self._json("GET", f"backtests/{run_id}/recommendations/")
        return found

    def why(self, run_id: int, *, date: str | None = None, trade: int | None = None) -> dict[str, Any]:
        """Which rule acted at a date or in a trade (from 1), and which conditions were false, in `sentences`."""
        why: dict[str, Any] = self._json("GET", f"backtests/{run_id}/why/", params=_given(date=date, trade=trade))
        return why

    def variables(self, run_id: int) -> list[dict[str, Any]]:
        """The numbers of a run's strategy that `optimize` can vary."""
        variables: list[dict[str, Any]] = self._json("GET", f"backtests/{run_id}/optimize/")["variables"]
        return variables

    def optimize(self, run_id: int, grid: Mapping[str, Any], **request: Any) -> Optimization:
        """Search values (a list, or `from`, `to`, `step`) by name: `maximize` or `minimize`, `constraints`, `top`."""
        search: Optimization = self._json("POST", f"backtests/{run_id}/optimize/", json={"grid": grid, **request})
        return search

    def optimization(self, optimization_id: int) -> Optimization:
        """One search as it stands."""
        search: Optimization = self._json("GET", f"backtests/optimizations/{optimization_id}/")
        return search

    def wait_for_search(self, search_id: int, *, timeout_s: float = 300.0, every_s: float = 0.2) -> Optimization:
        """The search once it has finished. Raises TimeoutError."""
        return _once_finished(lambda: self.optimization(search_id), f"search {search_id}", timeout_s, every_s)

    # data

    def indicators(self) -> dict[str, Any]:
        """Every indicator and candlestick pattern that a strategy may use."""
        indicators: dict[str, Any] = self._json("GET", "data/indicators/")
        return indicators

    def symbols(self, source: str = "sample") -> list[dict[str, Any]]:
        """What a source holds."""
        symbols: list[dict[str, Any]] = self._json("GET", "data/symbols/", params={"source": source})["symbols"]
        return symbols

    def fetch(self, **request: Any) -> dict[str, Any]:
        """Prices with indicator columns: `symbol` or `dataset_id`, `timeframe`, `period`, `indicators`, ..."""
        bars: dict[str, Any] = self._json("POST", "data/fetch/", json=request)
        return bars

    def upload(self, path: Path, *, name: str | None = None, symbol: str | None = None) -> dict[str, Any]:
        """Upload a CSV of bars; the answer's `id` is the `dataset_id` of a run."""
        with path.open("rb") as file:
            files = {"file": (path.name, file, "text/csv")}
            dataset: dict[str, Any] = self._json(
                "POST", "data/upload/", files=files, data=_given(name=name, symbol=symbol)
            )
        return dataset

    # the wire

    def _signed_in(self, answer: SignIn) -> SignIn:
        self._refresh_token = answer["refresh"]
        self._http.headers["Authorization"] = f"Bearer {answer['access']}"
        return answer

    def _pages(self, path: str) -> Iterator[Any]:
        address: str | None = path
        while address:
            page = self._json("GET", address)
            yield from page["results"]
            address = page["next"]

    def _json(self, method: str, path: str, **options: Any) -> Any:
        return self._call(method, path, **options).json()

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = self._http.request(method, path, **options)
        if response.status_code == 401 and self._refresh_token and not path.startswith("auth/"):
            self._sign_in_again()
            response = self._http.request(method, path, **options)
        if response.is_error:
            raise _error_of(response)
        return response

    def _sign_in_again(self) -> None:
        answer = self._http.post("auth/refresh/", json={"refresh": self._refresh_token})
        if answer.is_error:
            raise _error_of(answer)
        tokens = answer.json()
        self._refresh_token = tokens["refresh"]
        self._http.headers["Authorization"] = f"Bearer {tokens['access']}"


def _once_finished(ask: Callable[[], _Job], name: str, timeout_s: float, every_s: float) -> _Job:
    deadline = time.monotonic() + timeout_s
    while (job := ask())["status"] not in FINISHED:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is still {job['status']} after {timeout_s:g} s")
        time.sleep(every_s)
    return job


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _error_of(response: httpx.Response) -> ApiError:
    try:
        body = response.json()
        return ApiError(response.status_code, body["error"], body["details"], body["request_id"])
    except (ValueError, KeyError, TypeError):  # a proxy's answer, not the service's
        return ApiError(response.status_code, response.text[:200] or response.reason_phrase, [], "")
