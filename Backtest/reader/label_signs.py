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
    "EQUITY HOLD HOLD_MAX L_SIDE L_RISK".split()
)
_NAMED = LABELS | {"L_RISK", "COVER"}
_SIGNS = ([">", ">", ">"], [">", ">"], ["==", ">"], [":", ":"], ["|"], ["=>"], ["~"])
_MARKERS = frozenset({"DASH", "HASH"})


def with_label_signs(line: Sequence[Token]) -> list[Token]:
    """The tokens of a line in which a label that begins a sentence, or stands in brackets, has a colon behind it."""
    tokens = _row(line)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        begins = all(token.kind == "NOISE" or token.kind in _MARKERS or token.text == "*" for token in _sentence(out))
        words = _label_at(tokens, i + 1) if tokens[i].text == "[" else 0
        closing = i + words + 1
        if words and closing < len(tokens) and tokens[closing].text == "]":
            colon = replace(tokens[closing], kind="COLON")
            out += [*([] if begins else [replace(tokens[i], kind="DOT")]), *tokens[i + 1 : closing], colon]
            i = closing + 1 + _colons(tokens, closing + 1)
            continue
        words = _label_at(tokens, i) if begins else 0
        signs = _signs(tokens, i + words, tokens[i + words - 1].kind) if words else 0
        if signs:
            first, last = tokens[i + words], tokens[i + words + signs - 1]
            out += [*tokens[i : i + words], Token("COLON", first.text, first.start, last.end)]
            i += words + signs
        else:
            out.append(tokens[i])
            i += 1
    return out


def _sentence(tokens: Sequence[Token]) -> Sequence[Token]:
    """What has been said of the sentence at hand."""
    last = next((i for i in range(len(tokens) - 1, -1, -1) if tokens[i].kind == "DOT"), -1)
    return tokens[last + 1 :]


def _row(line: Sequence[Token]) -> list[Token]:
    """A row of a table without the strokes around it."""
    tokens = list(line)
    if len(tokens) > 2 and tokens[0].text == "|":
        tokens = tokens[1:-1] if tokens[-1].text == "|" else tokens[1:]
    return tokens


def _label_at(tokens: Sequence[Token], i: int) -> int:
    """How many tokens from `i` are a label: "ENTRY", "Long entry"."""
    named = 0
    while named < 2 and i + named < len(tokens) and tokens[i + named].kind in _NAMED:
        named += 1
    return named


def _colons(tokens: Sequence[Token], i: int) -> int:
    return 1 if i < len(tokens) and tokens[i].kind == "COLON" else 0


def _signs(tokens: Sequence[Token], i: int, label: str) -> int:
    """How many tokens from `i` are a sign that only parts a label of its text."""
    texts = [token.text for token in tokens[i : i + 3]]
    if len(texts) < 2:
        return 0
    for sign in _SIGNS:
        if texts[: len(sign)] == sign and i + len(sign) < len(tokens):
            return len(sign)
    if tokens[i].kind == "ARROW" and label in _OF_SETTINGS:
        return 1
    dots = 0
    while i + dots < len(tokens) and tokens[i + dots].text == "." and tokens[i + dots].kind == "DOT":
        dots += 1
    return dots + _colons(tokens, i + dots) if dots > 1 and i + dots < len(tokens) else 0
