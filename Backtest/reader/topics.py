"""What a clause is about, for questions and for what could not be read."""

from collections.abc import Mapping, Sequence

from Backtest.reader.edit_syntax import Change
from Backtest.reader.lexicon import Token
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BareCondition,
    BreakEvenSaid,
    ContextSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    IndicatorsSaid,
    ListSaid,
    NoteSaid,
    SizeSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
    ValiditySaid,
)

STATEMENT_TOPICS: Mapping[type, str] = {
    EntrySaid: "entry",
    ExitSaid: "exit",
    BareCondition: "clause",
    FilterSaid: "filter",
    SizeSaid: "size",
    StopSaid: "stop",
    TargetSaid: "target",
    TrailSaid: "stop",
    BreakEvenSaid: "stop",
    HoldSaid: "exit",
    CooldownSaid: "cooldown",
    AccountSaid: "account",
    ContextSaid: "context",
    NoteSaid: "note",
    ListSaid: "clause",
    IndicatorsSaid: "clause",
    ValiditySaid: "entry",
}


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


# What comes nearest to a topic that the language does not hold.
_NEAREST = {
    "options": "trade the instrument itself: 'buy when ...', 'go short when ...'",
    "earnings": "rules see prices and volume only: a gap or a jump in volume often marks such a day",
    "fundamentals": "rules see prices and volume only: 'price is above its 200-day SMA'",
    "outside data": "rules see the prices and the volume of the instrument only",
    "on chain data": "the pair's own prices and volume",
    "tick data": "the bars of the chart: 'the close is higher than the open'",
    "optimisation": "fixed lengths here; a sweep of them is a command of its own ('optimize')",
    "second instrument": "the prices of the instrument that is traded; its own volatility: 'ATR(14) is below its "
    "50-day average'",
    "news": "rules see prices and volume only: a gap or a jump in volume often marks such a day",
    "order book": "volume: 'volume is above its 20-day average'",
    "machine learning": "say the rule itself, in indicators and levels",
    "discretion": "say what is to be seen, as a number: 'price is above the 50-day SMA'",
    "pyramiding": "one position at a time: a larger size from the start",
    "several positions at once": "one position at a time: a larger size from the start",
    "guaranteed stop": "a plain stop: '5% stop loss'; a gap through it fills at the open",
    "hedging": "one instrument, long or short",
    "pairs": "one instrument, long or short, by its own prices",
    "several instruments": "one instrument at a time: run the strategy on each",
    "elliott waves and chart figures": "a breakout: 'price breaks above the 20-day high'",
    "state between trades": "a pause: 'wait 5 bars after every exit'",
    "random": "a rule that can be repeated",
    "funding": "the pair's own prices and volume; costs of holding: 'commission 0.1%'",
    "moon phases": "days of the week ('only buy on Mondays') or a number of bars ('hold for 10 days')",
    "a cap on the size": "one size of all trades: '200 shares a trade', '25% of equity' or 'risk 1% per trade'",
    "intrabar": "stops, targets and limit orders act inside a bar; rules on its close",
    "calendar": "days of the week ('exit on Friday') or a number of bars ('hold for at most 20 bars')",
    "session": "hours of the signal bar ('only trade between 09:30 and 16:00') or a number of bars ('hold for 1 bar')",
}


_PLURAL = frozenset(
    {
        "options",
        "earnings",
        "fundamentals",
        "pairs",
        "moon phases",
        "several instruments",
        "several positions at once",
        "elliott waves and chart figures",
    }
)


def unsupported(topic: str, word: str) -> str:
    """The reason why a clause about `topic` is not read, with what can be said in its place."""
    nearest = _NEAREST.get(topic)
    named = "pyramiding (adding to a position)" if topic == "pyramiding" else topic
    verb = "are" if named in _PLURAL else "is"
    said = f"unsupported: {named} {verb} not in the language ({word!r})"
    return f"{said}; nearest: {nearest}" if nearest is not None else said


def likely_topic(tokens: Sequence[Token]) -> str:
    return next((_TOPICS[token.kind] for token in tokens if token.kind in _TOPICS), "clause")
