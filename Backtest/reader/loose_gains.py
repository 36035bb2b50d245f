"""Exits at a gain or a loss in any words: one percentage, which way it is, and a verb that leaves.

"If I'm down 5%, I'm out" judges the close, as every "if" (rule 17); "exit at a loss of 5%", "-5% and I'm gone" and "if
it runs 5% against me, I'm stopped out" name a price, which a stop or a target is. A move that is not said to be that of
the trade stays unread.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.meanings import meanings
from Backtest.reader.phrases import persons
from Backtest.reader.statement_syntax import ExitSaid, Statement, StopSaid, TargetSaid
from Backtest.reader.titles import words_of

_LOSSES = frozenset({"LOSS", "LOSE", "IN_LOSS", "AGAINST", "LOSS_IS"})
_GAINS = frozenset({"PROFIT", "IN_PROFIT", "PROFIT_IS", "MAKE"})
_DOWN, _UP = frozenset({"DOWN", "MOVE_DOWN"}), frozenset({"UP", "MOVE_UP"})
_OF_TRADE = frozenset({"gain", "gains", "gained", "up", "down"})  # "drop", "rise", "fall" may be those of a day
_LOSS_WORDS = frozenset("losers loser losses loss losing".split())
_GAIN_WORDS = frozenset("winners winner wins win pocket pocketed bank banked grab collect happy".split())
_ACTS = frozenset({"SELL", "EXIT", "CLOSED", "STOPPED", "TAKE_PROFIT"})
_CONDITIONAL = frozenset({"WHEN", "EACH_TIME", "FIRST_WHEN"})
_COMPARING = frozenset({"GT", "GE", "OR_MORE"})
_NEUTRAL = frozenset(
    "NOISE COMMA DASH COLON IS HAS IT ITS OF AT FOR BY WITH ON THEN TRADE POSITION PER_TRADE MOVE TOUCH ENTRY BELOW "
    "ABOVE FROM OVER AND PRICE BEFORE PLACE OFF AWAY".split()
)
_WORDS = frozenset(
    "i'm i we we're it it's that this is me us my our the a an gets get got goes go may can could room of worth "
    "enough for each every any trade trades position positions and then reaches hits touches once hit reached cut "
    "takes take closes ends up run runs moves move ever by with at about whole thing i'll we'll gives give allow "
    "allows allowed accept before bail cut loose".split()
)
_HEDGED = re.compile(
    r"\b(?:maybe|perhaps|possibly|sometimes|usually|often|roughly|around|either|would|might|used to|not|no|never|n't|"
    r"don't|doesn't|won't|can't|unless|until|while|only|without|instead|or|but|half|third|quarter|part|some|most|many|"
    r"others?|people|day|days|daily|week|weekly|month|monthly|year|overall|total|account|equity|portfolio|bar|bars|"
    r"candle|hour|today|yesterday|high|low|peak|top|trail|trailing|move the stop|break-?even|short|shorts)\b"
)
_LONGEST = 16


def loose_gain(content: Sequence[Token], text: str) -> tuple[Statement, ...]:
    """The exit at a gain or a loss that a sentence says and nothing else; nothing where it may say more than that."""
    tokens = [token for token in content if token.kind != "NOISE"]
    while tokens and tokens[-1].kind in {"COMMA", "DASH"}:
        tokens.pop()
    figures = [i for i, token in enumerate(tokens) if token.kind == "PERCENT"]
    if len(figures) != 1 or not 2 <= len(tokens) <= _LONGEST or _HEDGED.search(_written(content, text)):
        return ()
    begin, end = figures[0], figures[0] + 1
    while begin and tokens[begin - 1].kind in _COMPARING:
        begin -= 1
    while end < len(tokens) and tokens[end].kind in _COMPARING:
        end += 1
    rest = [*tokens[:begin], *tokens[end:]]
    figure, sign = _unsigned(tokens[begin:end], text)
    if sign and begin and tokens[begin - 1].kind == "AND":
        rest.remove(tokens[begin - 1])  # "at plus 10%"
    way = _way(rest, sign)
    acts = [token for token in rest if token.kind in _ACTS]
    if not way or len(acts) > 2 or not all(_is_light(token) for token in rest):
        return ()
    stopped = any(token.kind == "STOPPED" for token in acts)
    if any(token.kind in _CONDITIONAL for token in rest) and not stopped:
        # whether a move against one is watched on closes or stopped is not said
        return () if any(token.kind == "AGAINST" for token in rest) else _on_close(figure, acts, way)
    return _at_price(figure, acts, rest, way)


def _written(content: Sequence[Token], text: str) -> str:
    return text[content[0].start : content[-1].end].lower().replace("’", "'") if content else ""


def _unsigned(figure: Sequence[Token], text: str) -> tuple[list[Token], str]:
    """The figure without its sign, and the way that the sign says: "-5%", "minus 5%", "+10%", "plus 10%"."""
    out, sign = list(figure), ""
    for i, token in enumerate(out):
        if token.kind != "PERCENT" or not isinstance(token.value, float | int):
            continue
        before = text[: token.start].rstrip().lower()
        if token.value < 0 or before.endswith("minus"):
            sign = "down"
        elif token.text.startswith("+") or before.endswith(("plus", "+")):
            sign = "up"
        out[i] = replace(token, value=abs(token.value))
    return out, sign


def _way(rest: Sequence[Token], sign: str) -> str:
    """Whether it is a loss or a gain of the trade; nothing where both are said, or a move of the price."""
    entry = any(token.kind == "ENTRY" for token in rest)
    of_price = any(token.kind == "PRICE" for token in rest)
    ways = {sign} - {""}
    for token in rest:
        said = {*words_of([token])}
        of_trade = entry or (not of_price and bool(said & _OF_TRADE))
        if token.kind in _LOSSES or said & _LOSS_WORDS or (token.kind in _DOWN and of_trade):
            ways.add("down")
        elif token.kind in _GAINS or said & _GAIN_WORDS or (token.kind in _UP and of_trade):
            ways.add("up")
        elif token.kind in _DOWN | _UP:
            return ""
    return ways.pop() if len(ways) == 1 else ""


def _is_light(token: Token) -> bool:
    if token.kind in _NEUTRAL | _ACTS | _CONDITIONAL | _LOSSES | _GAINS | _DOWN | _UP or token.kind == "STOP":
        return True
    words = {*words_of([token])}
    return token.kind == "UNKNOWN" and words <= _WORDS | _LOSS_WORDS | _GAIN_WORDS and not words & persons() - {"i"}


def _on_close(figure: Sequence[Token], acts: Sequence[Token], way: str) -> tuple[Statement, ...]:
    """ "If I lose 5%, I'm out": judged on closes."""
    if not acts:
        return ()
    act = replace(acts[0], kind="EXIT" if acts[0].kind != "SELL" else "SELL")
    when = replace(figure[0], kind="WHEN", text="when", value=None, end=figure[0].start)
    gained = replace(when, kind="PROFIT_IS" if way == "up" else "LOSS_IS", text="profit is")
    return _only(meanings([act, when, gained, *figure], "sentence"), figure, acts)


def _at_price(figure: Sequence[Token], acts: Sequence[Token], rest: Sequence[Token], way: str) -> tuple[Statement, ...]:
    """ "Exit at a loss of 5%", "-5% and I'm gone": a price that the trade is left at."""
    kinds = {token.kind for token in rest}
    room = any(token.text.lower() in {"room", "against me", "against"} for token in rest)
    if any(token.kind in _COMPARING for token in figure) or (not acts and not room) or "PRICE" in kinds:
        return ()
    begin = replace(figure[0], kind="STOP" if way == "down" else "TARGET", text="stop", value=None, end=figure[0].start)
    return _only(meanings([begin, *figure], "sentence"), figure, acts)


def _only(
    read: tuple[tuple[Statement, ...], ...], figure: Sequence[Token], acts: Sequence[Token]
) -> tuple[Statement, ...]:
    if len(read) != 1 or len(read[0]) != 1:
        return ()
    span = (min(one.start for one in (*figure, *acts)), max(one.end for one in (*figure, *acts)))
    said = read[0][0]
    if isinstance(said, ExitSaid):
        return (replace(said, span=span, lead=None),)
    return (replace(said, span=span),) if isinstance(said, StopSaid | TargetSaid) else ()
