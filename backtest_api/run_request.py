"""What a user asks to be run, the strategy and the bars that it names, and what the engine is asked in its place."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from auth_api.models import User
from Backtest.account import Account
from Backtest.errors import BarsInvalid, CodeRefused, InputError, Issue
from data_api.models import Dataset
from data_api.selectors import dataset_get, dataset_path
from rest.errors import Invalid, under
from strategy_api.models import StrategyVersion
from strategy_api.selectors import strategy_version_get
from strategy_api.services import (
    page_told,
    reading_row,
    request_of_version,
    second_reading_of,
    spec_of,
    stored_second,
)

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest, Outcome
    from rest.errors import Unclear

# The engine's names, and places in a spec that the request may overrule, as fields of the request.
_FIELDS = {"start": "start_date", "end": "end_date", "csv_path": "dataset_id", "/text": "user_description"}
_OVERRULING = {"/execution/cash": "cash", "/execution/spread": "spread", "/execution/margin": "margin"}
_PLAIN = ("symbol", "source", "timeframe", "start_date", "end_date")


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """A strategy, its version or the latest; or a spec, a text, or code: one of them. And on what it is to be run.

    `account` may have `cash`, `commission` (a fraction per side), `spread` (a fraction of the price) and `margin`
    (1 / leverage); dates are `YYYY-MM-DD`, or ISO times. What is given here beats what the strategy says. `page` has
    the `url` of the page that told the text, where a page did, and what was `left_out` of it; `reading` is what a model
    made of the text.
    """

    strategy_id: int | None = None
    version: int | None = None
    canonical_json: Mapping[str, Any] | None = None
    user_description: str | None = None
    page: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    symbol: str | None = None
    source: str | None = None
    dataset_id: UUID | None = None
    timeframe: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    account: Mapping[str, float] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    accept_defaults: bool = False

    def as_json(self) -> dict[str, Any]:
        """What was given, for a row."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        given["dataset_id"] = None if self.dataset_id is None else str(self.dataset_id)
        return {name: value for name, value in given.items() if value not in (None, {}, False)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        dataset_id = given.get("dataset_id")
        return cls(**{**given, "dataset_id": None if dataset_id is None else UUID(dataset_id)})


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """A request of a user, with the rows that it names."""

    user: User
    request: RunRequest
    version: StrategyVersion | None = None
    dataset: Dataset | None = None

    @property
    def origin(self) -> str:
        """The field of the request that says what the strategy is."""
        names = ("strategy_id", "canonical_json", "user_description", "code")
        return next((name for name in names if getattr(self.request, name) is not None), "user_description")

    @property
    def code(self) -> str | None:
        """The code to run as it is: the request's, or that of a version which is code and nothing else."""
        if self.version is not None and self.version.canonical_json is None and self.version.generated_code:
            return self.version.generated_code
        return self.request.code

    @property
    def canonical_json(self) -> Mapping[str, Any] | None:
        return self.request.canonical_json if self.version is None else self.version.canonical_json


def run_plan(*, user: User, request: RunRequest) -> RunPlan:
    """The request with its rows, and with the words of the page that it names in place of words.

    Raises NotFound for a strategy, version or dataset that is not the user's, Invalid for an account that can't be,
    and as `page_told` does.
    """
    _check_account(request.account)
    if request.user_description is not None and not request.page:
        told = page_told(request.user_description)
        if told.url is not None:
            page = {"url": told.url, "left_out": told.left_out}
            request = replace(request, user_description=told.text, page=page)
    version = dataset = None
    if request.strategy_id is not None:
        version = strategy_version_get(user=user, strategy_id=request.strategy_id, number=request.version)
    if request.dataset_id is not None:
        dataset = dataset_get(user=user, dataset_id=request.dataset_id)
    plan = RunPlan(user=user, request=request, version=version, dataset=dataset)
    return _read_by_model(plan) if request.user_description is not None and not request.reading else plan


def _read_by_model(plan: RunPlan) -> RunPlan:
    """The plan with a model's reading of the request's text, where there is one; the run's worker asks none again."""
    from Backtest.pipeline.second_reading import comparison_of

    asked = engine_request(plan)
    with named_by_request(plan):
        second, name = second_reading_of(asked, user_id=plan.user.pk)
        reading = reading_row(second, name, comparison_of(replace(asked, second=second)))
    return plan if reading is None else replace(plan, request=replace(plan.request, reading=reading))


def _check_account(given: Mapping[str, float]) -> None:
    names = {name: "commission_rate" if name == "commission" else name for name in given}
    try:
        Account(**{names[name]: value for name, value in given.items()})
    except InputError as error:
        fields = {f"/{engine_name}": f"account/{name}" for name, engine_name in names.items()}
        raise Invalid(error.message, [replace(issue, field=fields[issue.field]) for issue in error.issues]) from error


def engine_request(plan: RunPlan) -> "BacktestRequest":
    """What the engine is asked. Raises Invalid for answers where nothing is asked."""
    asked = _conditions(plan)
    if plan.code is None and plan.canonical_json is None:
        return _in_words(asked, plan)
    if plan.request.answers:
        issue = Issue("answers", "nothing is open in this strategy, so that there is nothing to answer", "leave it out")
        raise Invalid(issue.message, [issue])
    if plan.code is not None:
        return replace(asked, code=plan.code)
    asked = replace(asked, canonical_json=plan.canonical_json, written_code=_written_code(plan.version))
    return _dated(asked, plan.version)


def spoken_request(plan: RunPlan) -> "BacktestRequest":
    """The same, of a version that was told in words by these words: a sentence more can be said of it."""
    if plan.version is not None and plan.version.turns and not plan.request.answers:
        return _in_words(_conditions(plan), plan)
    return engine_request(plan)


def _conditions(plan: RunPlan) -> "BacktestRequest":
    """On what the strategy is run, and with which account."""
    from Backtest.pipeline import BacktestRequest

    request, dataset = plan.request, plan.dataset
    return BacktestRequest(
        symbol=request.symbol or (dataset.symbol if dataset else None),
        source="csv" if dataset else request.source or "sample",
        csv=dataset_path(dataset=dataset) if dataset else None,
        timeframe=request.timeframe,
        start=request.start_date,
        end=request.end_date,
        cash=request.account.get("cash"),
        commission=request.account.get("commission"),
        spread=request.account.get("spread"),
        margin=request.account.get("margin"),
    )


def _in_words(asked: "BacktestRequest", plan: RunPlan) -> "BacktestRequest":
    from Backtest.pipeline.page_text import Told

    request, version = plan.request, plan.version
    return replace(
        asked,
        text=request.user_description,
        page=Told(request.user_description or "", **request.page) if request.page else None,
        turns=tuple(version.turns) if version else (),
        second=stored_second(version.reading if version else request.reading),
        answers={**(version.answers if version else {}), **request.answers},
        accept_defaults=request.accept_defaults or (version is not None and version.accept_defaults),
    )


def _written_code(version: StrategyVersion | None) -> str | None:
    """The version's code where it isn't the compiler's own: a model's, or an altered one, which must be verified."""
    spec = spec_of(version) if version and version.generated_code else None
    if version is None or spec is None:
        return None
    from Backtest.codegen.compiler import compile_spec

    return None if version.generated_code == compile_spec(spec).source else version.generated_code


def _dated(asked: "BacktestRequest", version: StrategyVersion | None) -> "BacktestRequest":
    """The request with the dates that the strategy's words name: a spec has no place for them."""
    if version is None or not version.turns or (asked.start and asked.end):
        return asked
    from Backtest.pipeline import read_request
    from Backtest.reader.reading import Found, Reading

    reading = read_request(request_of_version(version, None))
    found = reading.found if isinstance(reading, Reading) else Found()
    return replace(asked, start=asked.start or found.start, end=asked.end or found.end)


@contextmanager
def named_by_request(plan: RunPlan) -> Iterator[None]:
    """Gives the issues of what the engine refuses the names of the request's fields."""
    try:
        yield
    except InputError as error:
        within = ""
        if isinstance(error, CodeRefused):
            within = "code" if plan.request.code is not None else plan.origin
        elif isinstance(error, BarsInvalid) and plan.dataset is not None:
            within = "dataset_id"
        raise type(error)(error.message, request_issues(plan, error.issues, within)) from error


def unclear_run(plan: RunPlan, outcome: "Outcome") -> "Unclear | Invalid | InputError":
    """What stands between the words and a run: Unclear, or that the request's spec or account is at fault."""
    from Backtest.errors import SpecInvalid
    from strategy_api.services import unclear

    errors = request_issues(plan, outcome.errors)
    if errors and all(issue.field.startswith("account/") for issue in errors):
        return Invalid(errors[0].message, errors)
    if plan.origin == "canonical_json":
        return SpecInvalid(f"{errors[0].field}: {errors[0].message}", errors)
    return unclear(
        status=outcome.status,
        questions=[question.as_dict() for question in outcome.questions],
        unresolved=[clause.as_dict() for clause in outcome.unresolved],
        errors=[issue.as_dict() for issue in errors],
    )


def request_issues(plan: RunPlan, issues: Iterable[Issue], within: str = "") -> list[Issue]:
    """The engine's issues under the names of the request's fields; `within` holds places that are no field."""
    return [replace(issue, field=_field_of(plan, issue.field, within)) for issue in issues]


def _field_of(plan: RunPlan, place: str, within: str) -> str:
    if place in _FIELDS:
        return plan.origin if place == "/text" else _FIELDS[place]
    if place.startswith(("/answers", "/account")) or place in _PLAIN:
        return place.lstrip("/")
    if not place.startswith("/"):
        return f"{within}/{place}" if within and place else within or place
    if place == "/instruments" and plan.origin != "canonical_json":
        return "symbol"
    if place == "/timeframe" and plan.request.timeframe is not None:
        return "timeframe"
    if _OVERRULING.get(place) in plan.request.account:
        return f"account/{_OVERRULING[place]}"
    if plan.origin == "canonical_json":
        return under("canonical_json", [Issue(place, "")])[0].field
    return plan.origin
