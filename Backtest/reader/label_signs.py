"""The signs that stand between a label and its text ("ENTRY >> ...", "Entry | ...", "[ENTRY] ..."), as colons."""

from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token

LABELS = frozenset(
    "STOP TARGET TRAILING_STOP TRAIL SIZE CASH COMMISSION SPREAD LEVERAGE MARGIN ENTRY EXIT BUY SELL COOLDOWN RISKV "
    "L_ENTRY L_EXIT L_LONG_ENTRY L_SHORT_ENTRY L_LONG_EXIT L_SHORT_EXIT L_TIMEFRAME CHART L_FILTER L_SETUP "
    "SHARES TIME_STOP BREAK_EVEN EQUITY HOLD HOLD_MAX L_SIDE LONG SHORT".split()
)
_OF_SETTINGS = frozenset(  # an arrow behind others may say what becomes of them ("SL -> entry")
    "SIZE CASH COMMISSION SPREAD LEVERAGE MARGIN COOLDOWN RISKV L_TIMEFRAME CHART L_FILTER L_SETUP SHARES TIME_STOP "
    "POSITION EQUITY HOLD HOLD_MAX L_SIDE L_RISK".split()
)
_NAMED = LABELS | {"L_RISK", "COVER", "POSITION"}
_SIGNS = ([">", ">", ">"], [">", ">"], ["==", ">"], [":", ":"], [":", "="], ["\u00bb"], ["\u203a"], ["=>"], ["~"])
_ALONE = frozenset(sign[0] for sign in _SIGNS if len(sign) == 1)
_STROKE = "|"
_BRACKETS = {"[": "]", "(": ")", "{": "}"}
_OF_LINES = frozenset(  # "RSI >> 70" is no label
    "IND OUT MA ATR CHANNEL BAND PRICE OPEN HIGH LOW CLOSE VOLUME NUMBER PERIOD COLUMN CANDLE CROSSNAME IT ITS".split()
)
_PARTS = frozenset("DOT COLON COMMA LPAR RPAR GT LT GE LE EQ ARROW DASH AND OR WHEN HASH".split())
_MARKERS = frozenset({"DASH", "HASH", "NOISE"})
_LONGEST = 3  # words of a label of one's own


def with_label_signs(line: Sequence[Token]) -> list[Token]:
    """The tokens of a line in which a label that begins a sentence, or stands in brackets, has a colon behind it."""
    tokens, out = _row(line), list[Token]()
    begins, i = True, 0
    while i < len(tokens):
        label, used = _bracketed(tokens, i, begins=begins) or (_signed(tokens, i) if begins else None) or ([], 0)
        if label:
            out += [*([] if begins else [replace(tokens[i], kind="DOT")]), *label]
            begins, i = False, i + used
            continue
        token = tokens[i]
        begins = token.kind == "DOT" or (begins and (token.kind in _MARKERS or token.text == "*"))
        out.append(token)
        i += 1
    return out


def _row(line: Sequence[Token]) -> list[Token]:
    """A row of a table without the strokes around it."""
    tokens = list(line)
    if len(tokens) > 2 and tokens[0].text == _STROKE:
        tokens = tokens[1:-1] if tokens[-1].text == _STROKE else tokens[1:]
    return tokens


def _bracketed(tokens: Sequence[Token], i: int, *, begins: bool) -> tuple[list[Token], int] | None:
    """ "[ENTRY]" anywhere, and "(entry)" where a sentence begins: the label with a colon, and how long it is."""
    closing = _BRACKETS.get(tokens[i].text) if begins or tokens[i].text == "[" else None
    words = _label_at(tokens, i + 1) if closing is not None else 0
    end = i + words + 1
    if not words or end >= len(tokens) or tokens[end].text != closing:
        return None
    following = [token.kind for token in tokens[end + 1 : end + 2]]
    if following in ([], ["DOT"]):
        return None
    more = 1 if following == ["COLON"] else 0
    return [*tokens[i + 1 : end], replace(tokens[end], kind="COLON")], end + 1 + more - i


def _signed(tokens: Sequence[Token], i: int) -> tuple[list[Token], int] | None:
    """ "ENTRY >>", "Entry (long):", "Long if:" as labels with a colon behind them, and how many tokens that takes."""
    words = _label_at(tokens, i) or _close_when(tokens, i)
    label = list(tokens[i : i + words])
    end = i + words
    kinds = [token.kind for token in tokens[end : end + 3]]
    inside = False
    if label and kinds[:1] == ["LPAR"] and kinds[1:2] in (["LONG"], ["SHORT"]) and kinds[2:] == ["RPAR"]:
        label, end, inside = [*label, tokens[end + 1]], end + 3, True
    elif label and kinds[:1] == ["WHEN"]:
        end, inside = end + 1, True
    signs = _signs(tokens, end, label[-1].kind) if label else 0
    if inside and not signs and [token.kind for token in tokens[end : end + 1]] == ["COLON"] and end + 1 < len(tokens):
        signs = 1
    if not signs and not inside:
        label, end, signs = _own_words(tokens, i)
    if not signs:
        return None
    first, last = tokens[end], tokens[end + signs - 1]
    return [*label, Token("COLON", first.text, first.start, last.end)], end + signs - i


def _own_words(tokens: Sequence[Token], i: int) -> tuple[list[Token], int, int]:
    """ "Trigger >>", "Instrument >>": a label in one's own words, where it ends, and how long its sign is."""
    end = i
    while (
        end - i < _LONGEST and end < len(tokens) and tokens[end].kind not in _PARTS and tokens[end].text not in _ALONE
    ):
        end += 1
    said = list(tokens[i:end])
    instrument = len(said) == 1 and said[0].kind == "PRICE" and said[0].text.lower() == "instrument"
    if not said or (any(token.kind in _OF_LINES for token in said) and not instrument):
        return [], end, 0
    return said, end, _signs(tokens, end, "", strokes=False)


def _close_when(tokens: Sequence[Token], i: int) -> int:
    """ "Close if: ...": one token, which names no price there."""
    return 1 if [token.kind for token in tokens[i : i + 3]] == ["CLOSE", "WHEN", "COLON"] else 0


def _label_at(tokens: Sequence[Token], i: int) -> int:
    """How many tokens from `i` are a label: "ENTRY", "Long entry"."""
    named = 0
    while named < 2 and i + named < len(tokens) and tokens[i + named].kind in _NAMED:
        named += 1
    return named


def _signs(tokens: Sequence[Token], i: int, label: str, *, strokes: bool = True) -> int:
    """How many tokens from `i` are a sign that only parts a label of its text."""
    texts = [token.text for token in tokens[i : i + 3]]
    if len(texts) < 2:
        return 0
    if texts[0] == _STROKE and strokes:
        return 1
    for sign in _SIGNS:
        if texts[: len(sign)] == sign and i + len(sign) < len(tokens):
            return len(sign)
    if tokens[i].kind == "ARROW" and label in _OF_SETTINGS:
        return 1
    dots = 0
    while i + dots < len(tokens) and tokens[i + dots].text == "." and tokens[i + dots].kind == "DOT":
        dots += 1
    more = 1 if [token.kind for token in tokens[i + dots : i + dots + 1]] == ["COLON"] else 0
    return dots + more if label and dots > 1 and i + dots + more < len(tokens) else 0
