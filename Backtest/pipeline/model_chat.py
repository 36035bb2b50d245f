"""A model in a conversation about a strategy: what it is told, within a budget, and what its answer can come to.

An answer is a text and, at most, a proposal: a spec beside the one that stands, which somebody may accept.
"""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from Backtest.canonical.differences import Difference, differences
from Backtest.canonical.document import to_document
from Backtest.canonical.explain import explain
from Backtest.canonical.identity import identity
from Backtest.canonical.spec import Spec
from Backtest.errors import InputError, Issue, ModelAnswerInvalid, SpecInvalid
from Backtest.generation_prompt import conventions
from Backtest.llm.model import Model
from Backtest.llm.port import Message, Question, tokens_of
from Backtest.pipeline.author import author_document

PURPOSE: Final = "chat"
LONGEST_REPLY: Final = 4000
MOST_CHANGES: Final = 20
ANSWER_TOKENS: Final = 2000
RUNS_SHOWN: Final = 3
OPENING: Final = 80
CHANGEABLE: Final = (
    *("instruments", "timeframe", "parameters", "constraints", "indicators", "entry_rules", "exit_rules"),
    *("risk", "sizing", "filters", "execution"),
)
METRICS: Final = (
    *("start", "end", "total_trades", "return_pct", "buy_and_hold_return_pct", "max_drawdown_pct", "sharpe_ratio"),
    *("win_rate_pct", "profit_factor", "exposure_time_pct", "avg_trade_pct", "best_trade_pct", "worst_trade_pct"),
)

ANSWER_SCHEMA: Final[dict[str, object]] = {
    "type": "object",
    "properties": {
        "reply": {"type": "string", "maxLength": LONGEST_REPLY},
        "proposal": {
            "type": ["object", "null"],
            "properties": {
                "summary": {"type": "string", "maxLength": 300},
                "sentence": {"type": "string", "maxLength": 1000, "description": "the change as one English sentence"},
                "changes": {
                    "type": "array",
                    "maxItems": MOST_CHANGES,
                    "items": {
                        "type": "object",
                        "properties": {
                            "path": {"type": "string", "description": "a JSON pointer into canonical_json"},
                            "value_json": {"type": "string", "description": "a JSON value; empty removes the place"},
                        },
                        "required": ["path", "value_json"],
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
    "required": ["reply"],
    "additionalProperties": False,
}
_PROMPT: Final = Path(__file__).parents[1] / "SYSTEM_PROMPT_CHAT.md"


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One interaction, the latest last: what was said and answered; `metrics` and `symbol` where it was a run."""

    kind: str
    version: int | None
    said: str
    answered: str
    symbol: str = ""
    metrics: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Subject:
    """What is talked about; `read` is the grammar's reading of a sentence that changes it, None where it has none."""

    name: str
    version: int
    spec: Spec
    past: Sequence[PastTurn]
    read: Callable[[str], Spec | None]


@dataclass(frozen=True)
class Proposed:
    """A change that somebody may accept: by the grammar's reading of `sentence`, or by its document alone."""

    summary: str
    spec: Spec
    identity: str
    differences: tuple[Difference, ...]
    sentence: str = ""


@dataclass(frozen=True)
class Answered:
    """A model's answer; `fault` says why a change that it proposed can't be one."""

    reply: str
    proposed: Proposed | None = None
    fault: str = ""


def converse(subject: Subject, message: str, model: Model, *, user_id: int, context_tokens: int) -> Answered:
    """Ask the model, and once more where what it proposes is no strategy. Raises ModelFailed."""
    messages = prompt_of(subject, message, context_tokens)
    answered = _asked(subject, messages, model, user_id)
    if not answered.fault:
        return answered
    told = f"Your proposal is no valid change: {answered.fault}\nAnswer again: correct it, or leave it out."
    again = [*messages, Message("assistant", answered.reply), Message("user", told)]
    return _asked(subject, again, model, user_id)


def prompt_of(subject: Subject, message: str, context_tokens: int) -> list[Message]:
    """The system's text, the data and the message. Beyond the budget the oldest turns are told in a line, then counted;
    the message itself and what the strategy says are always told."""
    document = {n: v for n, v in to_document(subject.spec).items() if n not in ("provenance", "description")}
    data: dict[str, Any] = {
        "strategy": {"name": subject.name, "version": subject.version, "says": [s.text for s in explain(subject.spec)]},
        "canonical_json": document,
        "runs": [_run(turn) for turn in subject.past if turn.metrics is not None][-RUNS_SHOWN:],
        "earlier": [],
        "recent": [],
    }
    left = context_tokens - tokens_of(chat_prompt()) - tokens_of(message) - tokens_of(_json(data))
    said = [turn for turn in subject.past if turn.metrics is None]
    recent: list[dict[str, str]] = []
    while said and tokens_of(_json(full := {"user": said[-1].said, "answer": said[-1].answered})) < left * 3 // 4:
        left -= tokens_of(_json(full))
        recent.insert(0, full)
        said.pop()
    earlier: list[str] = []
    while said and tokens_of(line := _line(said[-1])) < left:
        left -= tokens_of(line)
        earlier.insert(0, line)
        said.pop()
    data["recent"] = recent
    data["earlier"] = [*([f"{len(said)} interactions before these"] if said else []), *earlier]
    return [Message("system", chat_prompt()), Message("user", f"data = {_json(data)}"), Message("user", message)]


@cache
def chat_prompt() -> str:
    """`SYSTEM_PROMPT_CHAT.md` with the conventions that the writer of code is told."""
    return _PROMPT.read_text(encoding="utf-8").replace("{conventions}", conventions())


def changed_document(document: Mapping[str, Any], changes: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The document with each place set or removed. Raises SpecInvalid for a place that is none or can't be changed."""
    changed = copy.deepcopy(dict(document))
    for change in changes:
        path, text = change["path"], change["value_json"]
        parts = [part.replace("~1", "/").replace("~0", "~") for part in path.removeprefix("/").split("/")]
        if not path.startswith("/") or parts[0] not in CHANGEABLE:
            raise _fault(path, f"{path[:80]!r} can't be changed: places begin with /{', /'.join(CHANGEABLE)}")
        try:
            _set(changed, parts, json.loads(text) if text.strip() else None, removes=not text.strip())
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
            raise _fault(path, f"{path[:80]!r} can't be set to {text[:80]!r}: {error}") from error
    return changed


def _asked(subject: Subject, messages: Sequence[Message], model: Model, user_id: int) -> Answered:
    question = Question(tuple(messages), PURPOSE, ANSWER_SCHEMA, max_output_tokens=ANSWER_TOKENS)
    value = model.ask(question, user_id=user_id).value
    if not isinstance(value, dict):
        raise ModelAnswerInvalid("the model's answer is no object")
    reply, proposal = str(value["reply"]).strip(), value.get("proposal")
    if not proposal:
        return Answered(reply)
    try:
        return Answered(reply, _proposed(subject, proposal))
    except InputError as error:
        return Answered(reply, fault=error.message)


def _proposed(subject: Subject, proposal: Mapping[str, Any]) -> Proposed | None:
    """What is proposed, read and linted like anything else; None where it is what stands. Raises InputError."""
    sentence, changes = str(proposal.get("sentence", "")).strip(), proposal.get("changes") or []
    spec = subject.read(sentence) if sentence else None
    if spec is None:
        if not changes:
            fault = f"{sentence[:200]!r} is not understood, and there are no changes" if sentence else "it is empty"
            raise SpecInvalid(fault, [Issue("/proposal", fault)])
        sentence = ""
        document = {n: v for n, v in to_document(subject.spec).items() if n not in ("provenance", "assumptions")}
        spec = author_document(changed_document(document, changes)).spec
    if spec is None or identity(spec) == identity(subject.spec):
        return None
    found = differences(subject.spec, spec)
    summary = str(proposal.get("summary") or sentence or "a change")
    return Proposed(summary, spec, identity(spec), found, sentence)


def _set(node: Any, parts: Sequence[str], value: Any, *, removes: bool) -> None:
    for part in parts[:-1]:
        node = node[int(part)] if isinstance(node, list) else node[part]
    last = parts[-1]
    if isinstance(node, list):
        if last == "-":
            node.append(value)
        elif removes:
            del node[int(last)]
        else:
            node[int(last)] = value
    elif not isinstance(node, dict):
        raise TypeError("there is nothing below this place")
    elif removes:
        node.pop(last, None)
    else:
        node[last] = value


def _run(turn: PastTurn) -> dict[str, Any]:
    metrics = turn.metrics or {}
    return {"version": turn.version, "symbol": turn.symbol, **{n: metrics[n] for n in METRICS if n in metrics}}


def _line(turn: PastTurn) -> str:
    """An older turn in one line."""
    said = " ".join(turn.said.split())
    opening = said if len(said) <= OPENING else f"{said[:OPENING]}…"
    return f"{turn.kind} (version {turn.version}): {opening}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _fault(path: str, message: str) -> SpecInvalid:
    return SpecInvalid(message, [Issue(path[:80], message)])
