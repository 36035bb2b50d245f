"""The model asked for its reading, held to what can be checked, and corrected once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal, Self

from pydantic import JsonValue

from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from Backtest.errors import Issue, ModelAnswerInvalid
from Backtest.llm.model import Model
from Backtest.llm.port import Message, Question
from Backtest.second_reading.answer_schema import answer_schema
from Backtest.second_reading.grounds import (
    Quote,
    indicators_of,
    span_of,
    spec_or_issues,
    ungrounded,
    unnamed_indicators,
)
from Backtest.second_reading.prompt import repair_prompt, system_prompt, text_prompt

PURPOSE: Final = "second reading"
State = Literal["read", "incomplete", "set_aside", "failed"]
REPAIR_ROUNDS: Final = 1
_LONGEST_REASON: Final = 400


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What a model made of a text. `read`: a whole document, each part of it in the author's words; `incomplete`: it
    says itself that it could not; `set_aside`: its document was not taken; `failed`: it gave none. `reason` says why.

    `text_sha256` is of the text that was read, in which `quotes` stand. `unnamed` are indicators that the text does not
    name. `evidence` is what running it came to, by the answer that it speaks for, and `same_trades` whether the
    grammar's reading made the same ones (None: not compared).
    """

    text_sha256: str
    state: State
    provider: str
    model: str
    document: Mapping[str, Any] | None = None
    quotes: tuple[Quote, ...] = ()
    reason: str = ""
    unnamed: tuple[str, ...] = ()
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)
    same_trades: bool | None = None

    def is_of(self, text: str) -> bool:
        return self.text_sha256 == text_hash(text)

    @property
    def key(self) -> str:
        """One name for this reading of this text: other ids and another order make no other one."""
        if self.document is None:
            return ""
        return hashlib.sha256(f"{self.text_sha256} {identity(parse_spec(self.document))}".encode()).hexdigest()[:8]

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON, which `from_dict` reads."""
        made: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return made

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        told = {**given, "unnamed": tuple(given["unnamed"])}
        return cls(**{**told, "quotes": tuple((path, quote) for path, quote in given["quotes"])})


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def unanswered(turns: Sequence[str], model: Model | None, reason: str = "") -> SecondReading:
    """The reading of a model that gave none, or that can't be asked (None)."""
    provider, name = (model.provider, model.name) if model is not None else ("", "")
    return SecondReading(text_hash("\n".join(turns)), "failed", provider, name, reason=reason)


def read_again(
    turns: Sequence[str],
    model: Model,
    *,
    user_id: int | None,
    answered: Sequence[tuple[str, str]] = (),
    standing: Mapping[str, Any] | None = None,
    changes: Sequence[str] | None = None,
    known: frozenset[str] = frozenset(),
    may_be_unnamed: bool = False,
) -> SecondReading:
    """The model's reading of `turns`; of `changes` alone to the document `standing`, where there is one.

    `answered` are questions that the author was asked, and his answers. Indicators in `known` need not be named by the
    author; others only where he `may_be_unnamed` leave them so. Raises ModelFailed, but for an answer that can't be
    used: that one may be corrected, and is told in the reading.
    """
    empty = unanswered(turns, model)
    told = turns if standing is None or changes is None else changes
    words = [*told, *(answer for _, answer in answered)]
    messages = [Message("system", system_prompt()), text_prompt(told, answered, standing)]
    known |= indicators_of(standing)
    stands = None if standing is None else parse_spec(standing)
    held: SecondReading = empty
    issues: tuple[Issue, ...] = ()
    for _ in range(REPAIR_ROUNDS + 1):
        asked = [*messages, *([repair_prompt(issues)] if issues else [])]
        try:
            reply = model.ask(Question(tuple(asked), PURPOSE, answer_schema()), user_id=user_id)
        except ModelAnswerInvalid as error:
            held, issues = replace(empty, reason=error.message), _told(error)
            continue
        made = _taken(reply.value, empty, words)
        if made.document is None:
            return made
        spec = spec_or_issues(made.document)
        unnamed = () if isinstance(spec, tuple) else unnamed_indicators(spec, words, known)
        if isinstance(spec, tuple):
            issues = spec
        else:
            issues = ungrounded(spec, made.quotes, words, stands)
            issues += () if may_be_unnamed else tuple(_not_named(name) for name in unnamed)
        if not issues:
            return replace(made, unnamed=unnamed)
        held = replace(empty, state="set_aside", reason=_reason(issues))
        messages = [*messages[:2], Message("assistant", reply.text)]
    return held


def _taken(value: object, empty: SecondReading, words: Sequence[str]) -> SecondReading:
    """An answer that fits its schema."""
    answer: dict[str, Any] = value if isinstance(value, dict) else {}
    said = "\n".join(words)
    unread = [each for each in answer["unread"] if span_of(each, said) is not None]
    if answer["canonical_json"] is None or answer["unread"]:
        quoted = ", ".join(repr(each[:120]) for each in unread[:3])
        reason = f"the model could not read {quoted}" if quoted else "the model could not read all of it"
        return replace(empty, state="incomplete", reason=reason[:_LONGEST_REASON])
    quotes = tuple((each["path"], each["quote"]) for each in answer["quotes"])
    return replace(empty, state="read", document=answer["canonical_json"], quotes=quotes)


def _not_named(indicator: str) -> Issue:
    return Issue("/indicators", f"the author does not name {indicator}", "leave it out")


def _told(error: ModelAnswerInvalid) -> tuple[Issue, ...]:
    return tuple(error.issues) or (Issue("", error.message, "answer with one complete JSON value"),)


def _reason(issues: Sequence[Issue]) -> str:
    first = issues[0]
    return f"the model's reading was not taken: {first.field or 'it'}: {first.message}"[:_LONGEST_REASON]
