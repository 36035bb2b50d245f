"""Text in, reading out: the face of the reader."""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from Backtest.canonical.sentences import SentenceKind
from Backtest.errors import Issue, TextRefused
from Backtest.reader.antecedents import Story
from Backtest.reader.clauses import cut
from Backtest.reader.conditions import Conditions
from Backtest.reader.interpreter import check_text, condition_of
from Backtest.reader.meanings import read_condition
from Backtest.reader.questions import Desk, Pending
from Backtest.reader.reading import Reading, ReadingContext
from Backtest.reader.scope import Scope, Unread, mentions
from Backtest.reader.statement_syntax import EntrySaid, ExitSaid
from Backtest.reader.syntax import (
    Said,
)
from Backtest.reader.turns import read_turns


def read_text(
    text: str,
    *,
    context: ReadingContext | None = None,
    answers: Mapping[str, JsonValue] | None = None,
    accept_defaults: bool = False,
) -> Reading:
    """What `text` means as a strategy, or what must be known first.

    `context` beats the text, the text beats the defaults. `answers` ({question id: value}) and, with `accept_defaults`,
    the questions' own defaults complete the reading. Raises TextRefused for a text that is empty, longer than
    20,000 characters or no text, InputError for an answer that belongs to no question or can't be one.
    """
    return read_turns([text], context=context, answers=answers, accept_defaults=accept_defaults)


def read_sentence(sentence: str, kind: SentenceKind, timeframe: str, /) -> Mapping[str, Any]:
    """One rule of a canonical document given in English ("RSI(14) drops below 30"), for `parse_spec`.

    Answers `when`, the indicators it declares and its assumptions, with `side` and `portion` where the sentence says
    them. Raises TextRefused for a sentence that is not read whole or leaves a choice open.
    """
    check_text(sentence)
    desk = Desk({}, accept_defaults=False)
    said = read_condition(sentence)
    rule: dict[str, Any] = {}
    when: Said | None = said.when if said is not None else None
    if when is None:
        when = _statement(sentence, kind, rule)
    scope = Scope(timeframe, None, desk, tuple(mentions(when)))
    try:
        node = Conditions(scope, Story(), kind, "long", condition_of).resolve(when)
    except Pending:
        question = desk.questions[0]
        raise _unread(sentence, question.question) from None
    except Unread as unread:
        raise _unread(sentence, unread.reason) from None
    return {**rule, "when": node, "indicators": list(scope.declared.uses.values()), "assumptions": scope.ledger.entries}


def _statement(sentence: str, kind: SentenceKind, rule: dict[str, Any]) -> Said:
    """The condition of "buy when ..." or "sell half when ...", whose side and portion go into `rule`."""
    found = cut(sentence)
    said = found.clauses[0].said if len(found.clauses) == 1 else None
    if found.unresolved or found.refused or said is None:
        raise _unread(sentence, "it is not one rule")
    if (
        kind == "entry"
        and isinstance(said, EntrySaid)
        and said.when is not None
        and said.order.kind == "market"
        and not said.size
    ):
        rule["side"] = said.side or "long"
        return said.when
    if kind == "exit" and isinstance(said, ExitSaid) and said.when is not None and said.portion != 0.0:
        rule["side"] = "short" if said.verb == "cover" else "long"
        rule["portion"] = said.portion or 1.0
        return said.when
    raise _unread(sentence, f"it is no {kind} rule")


def _unread(sentence: str, reason: str) -> TextRefused:
    message = f"the sentence {sentence!r} can't be read whole: {reason}"
    return TextRefused(
        message, [Issue("", message, "say it as one plain condition, for example 'RSI(14) is below 30'")]
    )
