"""What a clause is about, for questions and for what could not be read."""

from collections.abc import Sequence

from Backtest.reader.edit_trees import Change
from Backtest.reader.lexicon import Token
from Backtest.reader.syntax import EntrySaid, ExitSaid, FilterSaid, NoteSaid, Statement


def topic_of(said: Sequence[Statement | Change]) -> str:
    for statement in said:
        match statement:
            case EntrySaid() | FilterSaid():
                return "entry"
            case ExitSaid():
                return "exit"
            case NoteSaid():
                continue
            case _:
                return "risk"
    return "clause"


_TOPICS = {
    "BUY": "entry",
    "LONG": "entry",
    "SHORT": "entry",
    "ENTER": "entry",
    "ENTRY": "entry",
    "SELL": "exit",
    "EXIT": "exit",
    "COVER": "exit",
    "REST": "exit",
    "HOLD": "exit",
    "STOP": "stop",
    "TRAIL": "stop",
    "TRAILING_STOP": "stop",
    "TARGET": "target",
    "EQUITY": "size",
    "SHARES": "size",
    "RISKV": "size",
    "COMMISSION": "account",
    "DECIMAL_COMMA": "number",
}


def likely_topic(tokens: Sequence[Token]) -> str:
    return next((_TOPICS[token.kind] for token in tokens if token.kind in _TOPICS), "clause")
