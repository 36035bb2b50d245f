"""A text's lines: headings, list items and paragraphs, and the sentences in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from Backtest.reader.account_words import with_sums
from Backtest.reader.label_signs import LABELS, with_label_signs
from Backtest.reader.lexicon import Token
from Backtest.reader.steps import numbered, with_steps, without_mark
from Backtest.reader.syntax import Span

LABEL_LEVEL = 9  # a label alone on its line stands below every `#`


@dataclass(frozen=True, slots=True)
class Line:
    tokens: tuple[Token, ...]
    bullet: bool
    heading: bool
    level: int = LABEL_LEVEL


def lines_of(tokens: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "NEWLINE":
            lines.append([])
        else:
            lines[-1].append(token)
    return [with_label_signs(line) for line in lines if line]


def line_of(tokens: list[Token]) -> Line:
    """Takes the marker off a list item or heading."""
    kinds = [token.kind for token in tokens[:3]]
    texts = [token.text for token in tokens[:2]]
    if kinds[0] == "HASH":
        body = [token for token in tokens if token.kind != "HASH"]
        return Line(tuple(body), bullet=False, heading=True, level=len(tokens) - len(body))
    if texts[0] == "*" or kinds[0] == "DASH":
        return Line(tuple(tokens[1:]), bullet=True, heading=False)
    counted = kinds[0] == "NUMBER" and kinds[1:2] in (["DOT"], ["RPAR"]) and tokens[0].end == tokens[1].start
    if counted and len(tokens) > 2:  # alone on its line a number marks nothing
        return Line(tuple(numbered(tokens[:2], tokens[2:])), bullet=True, heading=False)
    if texts[0].lower() == "step" and kinds[1:] in (["NUMBER", one] for one in ("COLON", "DOT", "RPAR", "DASH")):
        step = without_mark(with_steps(tokens)) if kinds[2] != "DOT" else tokens[3:]
        return Line(tuple(step), bullet=True, heading=False)
    if kinds == ["LPAR", "NUMBER", "RPAR"] and len(tokens) > 3:
        return Line(tuple(tokens[3:]), bullet=True, heading=False)
    return Line(tuple(with_steps(tokens)), bullet=False, heading=False)


def sentences_of(tokens: Sequence[Token]) -> list[list[Token]]:
    out: list[list[Token]] = [[]]
    for i, token in enumerate(tokens):
        if token.text == "?" and _answered(out[-1], tokens[i + 1 :]):
            out[-1].append(replace(token, kind="COLON"))
        elif token.kind == "DOT":
            if [one.kind for one in tokens[i + 1 : i + 2]] != ["RPAR"]:  # "(the daily one!)"
                out.append([])
        else:
            out[-1].append(token)
    return [sentence for sentence in out if any(token.kind != "NOISE" for token in sentence)]


_NO_CONDITION = frozenset("UNKNOWN WHATIF PLACE RUN BUY_LIMIT BUY_STOP SELL_LIMIT SELL_STOP LIMIT_ORDER".split())
_ACTS = frozenset({"BUY", "LONG", "SHORT", "ENTER", "SELL", "EXIT", "COVER"})


def _answered(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether a question mark stands between a condition and what is done ("RSI below 30? Buy.")."""
    following = next((token.kind for token in after if token.kind not in {"NOISE", "NEWLINE"}), "")
    return following in _ACTS and not any(token.kind in _ACTS | _NO_CONDITION for token in before)


_TRADED = frozenset({"TRADE", "TRADE_ON", "NO_TRADES", "ENTER", "BUY", "LONG", "SHORT", "ENTRY"})
_NAMED_LINES = frozenset(
    {"IND", "OUT", "MA", "ATR", "CHANNEL", "PRICE", "CLOSE", "OPEN", "HIGH", "LOW", "VOLUME", "IT"}
)


def with_bare_hours(content: list[Token]) -> list[Token]:
    """ "Trade only between 9 and 16": whole numbers of a restriction of trading that speaks of no line are hours."""
    kinds = [token.kind for token in content]
    if not {*kinds} & _TRADED or {*kinds} & _NAMED_LINES or not {"ONLY", "NO_TRADES"} & {*kinds}:
        return content
    for i in range(len(content) - 3):
        first, last = content[i + 1].value, content[i + 3].value
        if kinds[i] not in {"BETWEEN", "FROM", "OUTSIDE", "ONLY"} or kinds[i + 2] not in {"AND", "TO"}:
            continue
        if kinds[i + 1] != "NUMBER" or kinds[i + 3] != "NUMBER":
            continue
        if isinstance(first, float) and isinstance(last, float) and first in range(24) and first < last < 24:
            begin, end = (
                replace(content[j], kind="CLOCK", value=f"{int(hour):02d}:00")
                for j, hour in ((i + 1, first), (i + 3, last))
            )
            return [*content[: i + 1], begin, content[i + 2], end, *content[i + 4 :]]
    return content


def with_hours(content: list[Token]) -> list[Token]:
    """ "London session (07:00 to 15:00)" with the session, which is not in the language, as the name of its hours."""
    content = with_bare_hours(content)
    clocks = sum(token.kind == "CLOCK" for token in content)
    if clocks != 2:
        return content
    content = _with_window(content)
    return [
        replace(token, kind="SESSION")
        if token.kind == "UNSUPPORTED" and token.value == "session" and token.text.lower().endswith("session")
        else token
        for token in content
    ]


_WINDOW = frozenset({"session", "window", "hours", "period", "interval", "time window", "time", "block", "slot"})
_JOINS_CLOCKS = frozenset({"TO", "AND", "DASH", "UNTIL", "THROUGH"})


def _with_window(content: list[Token]) -> list[Token]:
    """ "In the 07:00 to 12:00 window", "during session hours (07:00-12:00)": from 07:00 to 12:00."""
    at = next(i for i, token in enumerate(content) if token.kind == "CLOCK")
    if [token.kind for token in content[at + 1 : at + 3]] != [content[at + 1].kind, "CLOCK"]:
        return content
    if content[at + 1].kind not in _JOINS_CLOCKS:
        return content
    begin, end = at, at + 3
    while begin and (
        content[begin - 1].kind in {"FROM", "BETWEEN", "LPAR", "COLON", "OF"} or _is_window(content[begin - 1])
    ):
        begin -= 1
    while end < len(content) and (content[end].kind == "RPAR" or _is_window(content[end])):
        end += 1
    named = [token for token in (*content[begin:at], *content[at + 3 : end]) if _is_window(token)]
    led = content[begin - 1].kind if begin else ""
    if led not in {"IN", "WITHIN", "INSIDE", "INTRADAY"} or not (named or led == "INTRADAY"):
        return content
    opens = replace(content[begin - 1], kind="FROM", text="from", end=content[at].start)
    closes = replace(content[at + 2], end=content[end - 1].end)
    hours, before, after = [opens, content[at], content[at + 1], closes], content[: begin - 1], content[end:]
    if len(before) == 1 and before[0].kind in _ACTS and after and after[0].kind == "WHEN":
        return [*hours, replace(after[0], kind="COMMA", text=","), *before, *after]
    return [*before, *hours, *after]


def _is_window(token: Token) -> bool:
    return (
        token.kind in {"SESSION", "UNIT", "UNKNOWN", "NOISE", "LENGTH"}
        and token.text.lower().removeprefix("the ") in _WINDOW
    )


_DAILY = re.compile(r"(?:every|each) (?:evening|night|morning)")  # when orders are looked after: no bar is meant
_COMES = re.compile(r"(?:comes|happens|occurs) (?:with|on|at|upon)")
_RIDDEN = re.compile(r"(?:then |i |we )?(?:ride|riding)(?: (?:it|the (?:move|trend|trade|position|wave|winner)))?")
_TRIGGERS = {"trigger": "L_ENTRY", "triggers": "L_ENTRY", "in": "L_ENTRY", "out": "L_EXIT"}


def _is_note_before_rules(tokens: Sequence[Token]) -> bool:
    """ "Long only: enter when ...": a restriction, and no label of what stands behind its colon."""
    said = [token.kind for token in tokens if token.kind != "NOISE"][:3]
    return (
        said[:2] in (["LONG_ONLY", "COLON"], ["SHORT_ONLY", "COLON"], ["BOTH_SIDES", "COLON"]) and {*said[2:]} <= _ACTS
    )


def with_trigger(tokens: Sequence[Token]) -> list[Token]:
    """ "Trigger: ..." and "In: ... Out: ..." as the labels of entries and exits."""
    if _is_note_before_rules(tokens):
        return [tokens[0], replace(tokens[1], kind="COMMA"), *tokens[2:]]
    if len(tokens) > 1 and tokens[0].kind == "LONG_ONLY" and tokens[1].kind == "COLON":  # "Long trades: ..."
        return [replace(tokens[0], kind="L_LONG_ENTRY"), *tokens[1:]]
    if (
        _DAILY.fullmatch(" ".join(token.text.lower() for token in tokens[:2]))
        and tokens[2:3]
        and tokens[2].kind == "COMMA"
    ):
        return [*(replace(token, kind="NOISE") for token in tokens[:3]), *tokens[3:]]
    if (
        len(tokens) > 2
        and tokens[0].kind in {"ENTRY", "EXIT", "L_ENTRY", "L_EXIT"}
        and _COMES.fullmatch(" ".join(token.text.lower() for token in tokens[1:3]))
    ):
        return [tokens[0], replace(tokens[1], kind="COLON", value=None, end=tokens[2].end), *tokens[3:]]
    if len(tokens) > 1 and tokens[1].kind == "UNTIL" and _RIDDEN.fullmatch(tokens[0].text.lower()):
        return [replace(tokens[0], kind="HOLD", value=None), *tokens[1:]]
    if len(tokens) > 3 and [one.kind for one in tokens[:3]] in (["TO", "CLOSE", "COLON"], ["TO", "CLOSE", "COMMA"]):
        return [replace(tokens[1], kind="L_EXIT"), replace(tokens[2], kind="COLON"), *tokens[3:]]
    while len(tokens) > 1 and tokens[0].kind == "TERM":  # "Two-step buy signal: ..."
        tokens = tokens[1:]
    if len(tokens) > 1 and tokens[0].kind == "ONLYWHEN" and tokens[1].kind == "COLON":
        return [replace(tokens[0], kind="L_FILTER"), *tokens[1:]]
    marked = len(tokens) > 1 and tokens[1].kind in {"COLON", "EQ", "IS", "DASH"}
    kind = _TRIGGERS.get(tokens[0].text.lower()) if marked else None
    if tokens[0].kind == "IT" and len(tokens) > 2 and tokens[1].kind in _ACTS:  # "It sells when ...": the strategy
        return [replace(tokens[0], kind="NOISE"), *tokens[1:]]
    return [replace(tokens[0], kind=kind), *tokens[1:]] if kind else list(tokens)


_RULE_LABELS = frozenset({"ENTRY", "EXIT", "L_ENTRY", "L_EXIT", "L_FILTER", "BUY", "SELL"})


def _with_closes(content: list[Token]) -> list[Token]:
    """ "After a close below the band": no closing of a trade."""
    out: list[Token] = []
    for i, token in enumerate(content):
        following = content[i + 1].kind if i + 1 < len(content) else ""
        if (
            token.kind == "AFTER_EXIT"
            and token.text.lower() == "after a close"
            and following in {"ABOVE", "BELOW", "OVER"}
        ):
            middle = token.end - len("close")
            out += [
                replace(token, kind="AFTER", text=token.text[:5], end=token.start + 5),
                replace(token, kind="CLOSE", text=token.text[-5:], start=middle),
            ]
        else:
            out.append(token)
    return out


_POSITIONS = {"short position": "SHORT", "long position": "LONG"}


def _with_cash(content: list[Token]) -> list[Token]:
    """ "Long while A, cash when B": cash is where the position is closed."""
    out = list(content)
    for i, (token, following) in enumerate(pairwise(content)):
        before = content[i - 1].kind if i else "COMMA"
        if (
            token.text.lower() == "cash"
            and following.kind in {"WHEN", "WHILE"}
            and before in {"COMMA", "AND", "THEN", "DASH"}
        ):
            out[i] = replace(token, kind="EXIT")
        if token.text.lower() in _POSITIONS and following.kind in {"WHEN", "WHILE"}:
            out[i] = replace(token, kind=_POSITIONS[token.text.lower()])  # "... and a short position when B"
    return [_in_place(out, i) for i in range(len(out))]


def _in_place(content: Sequence[Token], i: int) -> Token:
    """ "30% of equity every time", "50,000 in cash": no condition, and no exit."""
    token = content[i]
    ends = i + 1 == len(content) or content[i + 1].kind in {"COMMA", "DASH"}
    if token.kind == "WHEN" and ends and token.text.lower().split()[-1:] == ["time"]:
        return replace(token, kind="EACH_TIME")
    if token.text.lower() == "tops" and ends and i and content[i - 1].kind == "PERIOD":
        return replace(token, kind="LATEST")
    if token.text.lower() == "in cash" and i and content[i - 1].kind in {"NUMBER", "MONEY"}:
        return replace(token, kind="CASH")
    return token


_MOVES_THROUGH = frozenset({"up through", "down through", "up past", "down past"})


def _with_crossings(content: Sequence[Token]) -> list[Token]:
    """ "CCI up through -100": a crossing, though no verb says so."""
    out: list[Token] = []
    for i, token in enumerate(content):
        before = content[i - 1].kind if i else ""
        if token.text.lower() in _MOVES_THROUGH and before in _NAMED_LINES | {"RPAR"}:
            out.append(replace(token, kind="CROSS", value=None, end=token.start + token.text.index(" ")))
        out.append(token)
    return out


_DOES = frozenset({"buys", "sells", "goes", "enters", "exits", "shorts", "covers", "closes", "opens", "gets", "takes"})


def _of_the_system(content: Sequence[Token]) -> list[Token]:
    """ "The system buys when ...": who does it changes nothing."""
    return [
        token
        for i, token in enumerate(content)
        if not (
            token.kind == "L_RULES"
            and i + 1 < len(content)
            and content[i + 1].kind in _ACTS
            and content[i + 1].text.lower().split()[0] in _DOES
        )
    ]


def _as_break_even(token: Token, following: Sequence[Token]) -> Token:
    """ "BE at 2%", "stop to BE after 1R": no verb."""
    marked = not following or following[0].kind in {"AT", "AFTER", "COLON", "EQ", "WHEN", "STOP", "COMMA"}
    return replace(token, kind="BREAK_EVEN") if token.text == "BE" and marked else token


def _without_cell_sign(content: list[Token]) -> list[Token]:
    """ "=AND(...)" of a spreadsheet's cell, "Long entry := ..." of a program: the sign says nothing more."""
    kept = [one for i, one in enumerate(content) if one.text != "=" or (i and content[i - 1].kind != "COLON")]
    return kept or content


def with_labels(content: list[Token]) -> list[Token]:
    """ "SL = 5%" as "SL: 5%", and "=> buy" as an arrow before what is done."""
    content = _without_cell_sign(content)
    out = with_sums(_with_cash(_with_closes(_of_the_system(_with_crossings(content)))))
    numbered = len(out) > 3 and out[0].kind in _RULE_LABELS and out[1].kind == "NUMBER" and out[2].kind == "COLON"
    if numbered and out[1].value in range(1, 10):  # "Exit 1: ..."
        del out[1]
    out = [_as_break_even(token, out[i + 1 :]) for i, token in enumerate(out)]
    for i, token in enumerate(out):
        if (i == 1 and token.kind == "DASH" and out[0].kind in LABELS) or (
            token.kind == "EQ" and i and out[i - 1].kind in LABELS
        ):  # "Stop - 2 ATR"
            out[i] = replace(token, kind="COLON")
        elif token.text == "=>" and i + 1 < len(out) and out[i + 1].kind in _ACTS:
            out[i] = replace(token, kind="ARROW")
    return out


_VERB_ALONE = _ACTS | {"THEN", "AND", "COMMA", "IT", "POSITION", "TRADE"}


def is_verb_alone(sentence: Sequence[Token]) -> bool:
    """ "Then buy.", "Buy at the next open.": what is done, and not a word of when."""
    kinds = [token.kind for token in content_of(sentence)]
    return len(kinds) < 5 and len(_ACTS & {*kinds}) == 1 and {*kinds} <= _VERB_ALONE


def content_of(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind != "NOISE"]


def span_of(tokens: Sequence[Token]) -> Span:
    """The characters from the first token to the last."""
    return tokens[0].start, tokens[-1].end
