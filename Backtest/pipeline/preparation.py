"""From a request to what can be run: the spec or the code, the bars of its window, and the account."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from Backtest import data_manager
from Backtest.account import Account
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.risk import Execution
from Backtest.canonical.spec import Assumption, Spec
from Backtest.data.bars import Bars, Window
from Backtest.data.source import as_asked
from Backtest.errors import InputError, Issue
from Backtest.pipeline.page_text import from_page
from Backtest.pipeline.request import BacktestRequest, account_of, execution_with
from Backtest.reader.reader import read_sentence
from Backtest.reader.reading import Found, Reading, ReadingContext
from Backtest.reader.turns import read_turns
from Backtest.safety.scan import scan
from Backtest.second_reading.comparison import QUESTION, compared
from Backtest.timeframes import parse_timeframe

Progress = Callable[[str], None]

DEFAULT_SYMBOL = "GOOG"
CONVENTION_TIMEFRAME = 10


@dataclass(frozen=True)
class Prepared:
    """What would be run, on which bars, with which account; `spec` is None for code of the user's own.

    `code` beside a spec is what somebody else than the compiler wrote for it, and what is compared with it.

    `issues` are what lint finds in the spec on these bars: with any of them it can't be run.
    """

    spec: Spec | None
    code: str | None
    window: Window
    account: Account
    issues: tuple[Issue, ...] = ()


def prepare(request: BacktestRequest, progress: Progress) -> Prepared | Reading:
    """Everything up to the run itself; a Reading where the text, or the chart at hand, leaves something open.

    Raises InputError for what is at fault, and SourceUnavailable.
    """
    if request.code is not None:
        return _prepare_code(request, request.code, progress)
    if request.written_code is not None:
        scan(request.written_code).raise_if_refused()
    progress("Reading the strategy")
    reading = read_request(request)
    if isinstance(reading, Reading) and reading.spec is None:
        return reading
    progress("Loading prices")
    chart = _chart(request, reading)
    if isinstance(chart, Reading):
        return chart
    spec, window = chart
    issues = lint(spec, first_close=float(window.bars.frame["Close"].iloc[window.first_bar]))
    return Prepared(spec, request.written_code, window, account_of(spec.execution), issues)


def _prepare_code(request: BacktestRequest, code: str, progress: Progress) -> Prepared:
    progress("Scanning the code")
    scan(code).raise_if_refused()
    account = account_of(execution_with(Execution(), request))
    progress("Loading prices")
    symbol = request.symbol or (None if request.csv else DEFAULT_SYMBOL)
    window = _load(request, symbol, request.timeframe, request.end).window(request.start, request.end)
    return Prepared(None, code, window, account)


# from words to a spec


def read_request(request: BacktestRequest) -> Reading | Spec:
    """The text as read, or the spec that a document means; English rules in a document are read too.

    Raises InputError where there is nothing to read, and for what is at fault.
    """
    if request.canonical_json is not None:
        said = {"timeframe": request.timeframe} if request.timeframe else {}
        return parse_spec({**request.canonical_json, **said}, sentence_reader=read_sentence)
    turns = turns_of(request)
    if not turns:
        raise InputError("nothing to run", [Issue("/text", "there is no strategy", "describe one in plain words")])
    context, accept = context_of(request), request.accept_defaults
    answers = {name: value for name, value in request.answers.items() if name != QUESTION}
    if answers:
        reading = read_turns(turns, context=context, answers=answers, accept_defaults=accept)
    else:
        reading = _read_again(turns, context, accept)
    answer = request.answers.get(QUESTION)
    reading, _ = compared(reading, request.second, answer=answer, accept_defaults=accept, context=context)
    return from_page(reading, request.page)


@lru_cache(maxsize=64)
def _read_again(turns: tuple[str, ...], context: ReadingContext, accept_defaults: bool) -> Reading:
    """Words are looked at before they are run, and run again on other bars: their reading is the same each time."""
    return read_turns(turns, context=context, accept_defaults=accept_defaults)


def turns_of(request: BacktestRequest) -> tuple[str, ...]:
    """What was said, one turn after the other; nothing where the request is no text."""
    return request.turns or ((request.text,) if request.text is not None else ())


def context_of(request: BacktestRequest) -> ReadingContext:
    """What the request says beside its text."""
    return ReadingContext(
        symbol=request.symbol, timeframe=request.timeframe, cash=request.cash, commission_rate=request.commission
    )


# from a spec to bars


def _chart(request: BacktestRequest, reading: Reading | Spec) -> tuple[Spec, Window] | Reading:
    """The spec as it will be run, and the window it runs on; a reading where the chart at hand raises a question."""
    spec = reading.spec if isinstance(reading, Reading) else reading
    found = reading.found if isinstance(reading, Reading) else Found()
    if spec is None:
        raise ValueError("an unfinished reading has no chart")
    start, end = request.start or found.start, request.end or found.end
    symbol = request.symbol or _only_instrument(request, spec)
    assumed = []
    if symbol is None and request.csv is None:
        symbol = DEFAULT_SYMBOL
        assumed.append(Assumption(topic="instrument", path="/instruments", value=symbol))
    bars = _load(request, symbol, None, end)
    is_assumed = any(assumption.path == "/timeframe" for assumption in spec.assumptions)
    if is_assumed and request.timeframe is None and bars.timeframe != spec.timeframe:
        # Nobody named a chart: the one at hand counts, and periods in days may be another indicator there.
        reading = read_request(replace(request, timeframe=bars.timeframe))
        if isinstance(reading, Reading) and reading.spec is None:
            return reading
        spec = reading.spec if isinstance(reading, Reading) and reading.spec else spec
        assumed.append(
            Assumption(topic="timeframe", path="/timeframe", value=bars.timeframe, rule=CONVENTION_TIMEFRAME)
        )
    wanted = bars.timeframe if is_assumed and request.timeframe is None else request.timeframe or spec.timeframe
    if parse_timeframe(wanted) != bars.timeframe:
        bars = _load(request, symbol, wanted, end)
    assumed += _overruled(found, bars)
    return _with_request(spec, request, bars, assumed), bars.window(start, end)


def _overruled(found: Found, bars: Bars) -> list[Assumption]:
    """What the text says of the chart and the request overrules: it beats the text, and that must be seen."""
    others = [name for name in found.instruments if name.upper() != bars.symbol.upper()]
    overruled = []
    if others and bars.symbol.upper() not in {name.upper() for name in found.instruments}:
        topic = f"instrument (the request's, not the text's {', '.join(others)})"
        overruled.append(Assumption(topic=topic, path="/instruments", value=bars.symbol))
    if found.timeframe is not None and found.timeframe != bars.timeframe:
        topic = f"timeframe (the request's, not the text's {found.timeframe})"
        overruled.append(Assumption(topic=topic, path="/timeframe", value=bars.timeframe, rule=CONVENTION_TIMEFRAME))
    return overruled


def _only_instrument(request: BacktestRequest, spec: Spec) -> str | None:
    """The instrument that the spec names, if any; raises InputError where it names several and no bars were chosen."""
    if len(spec.instruments) > 1 and request.csv is None:
        message = f"one run trades one instrument, and the strategy names {', '.join(spec.instruments)}"
        raise InputError(message, [Issue("/instruments", message, "choose one of them as the symbol")])
    return next(iter(spec.instruments), None)


def _load(request: BacktestRequest, symbol: str | None, timeframe: str | None, end: str | None) -> Bars:
    if request.bars is not None:
        return as_asked(request.bars, timeframe, None, end)
    return data_manager.load_bars(
        symbol=symbol, source=request.source, csv_path=request.csv, timeframe=timeframe, end=end
    )


def _with_request(spec: Spec, request: BacktestRequest, bars: Bars, assumed: list[Assumption]) -> Spec:
    """The spec with the request's account, instrument and timeframe put in; what is said is no assumption any more."""
    paths = tuple(request.said())
    kept = [a for a in spec.assumptions if not any(a.path == path or a.path.startswith(f"{path}/") for path in paths)]
    added = [a for a in assumed if all(a.path != k.path for k in kept)]
    return spec.model_copy(
        update={
            "instruments": (bars.symbol,),
            "timeframe": bars.timeframe,
            "execution": execution_with(spec.execution, request),
            "assumptions": (*kept, *added),
        }
    )
