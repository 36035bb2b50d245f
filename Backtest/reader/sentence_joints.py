"""Lines and sentences that are one sentence together: lists by semicolons, steps, a setup and what is done then."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from Backtest.reader.inline_lists import listed_in_line
from Backtest.reader.lexicon import Token
from Backtest.reader.lines import (
    Line,
    content_of,
    is_verb_alone,
    sentences_of,
)
from Backtest.reader.meanings import meanings

Use = Callable[[Sequence[Token]], None]


def with_lists(sentences: Sequence[list[Token]], text: str, use: Use) -> list[list[Token]]:
    """ "Entry: RSI(14) < 45; close above SMA(50)": what stands after a semicolon is one more condition."""
    out: list[list[Token]] = []
    for sentence in sentences:
        told = bool(out) and (sentence[0].kind == "THEREUPON" or _awaits(out[-1], sentence))
        if told and (joined := _with_action(out[-1], sentence, use)):
            out[-1] = joined
            continue
        if out and (followed := _with_next_step(out[-1], sentence)):
            out[-1] = followed
            continue
        mark = text[out[-1][-1].end : sentence[0].start].strip() if out else ""
        joint = Token("AND", mark, out[-1][-1].end, sentence[0].start) if mark == ";" else None
        if joint and listed_in_line(content_of([*out[-1], one := replace(joint, kind="COMMA"), *sentence]), text):
            out[-1] = [*out[-1], one, *sentence]
            continue
        if joint and not meanings(content_of(sentence), "sentence") and reads([*out[-1], joint, *sentence]):
            out[-1] = [*out[-1], joint, *sentence]
        else:
            out.append(sentence)
    return out


def _with_next_step(first: list[Token], step: list[Token]) -> list[Token] | None:
    """ "First RSI drops below 35. Then, if MACD crosses above its signal within 8 bars, buy." as one sentence."""
    if step[0].kind != "THEN" or meanings(content_of(first), "sentence"):
        return None
    joined = [*first, Token("COMMA", "", first[-1].end, first[-1].end), *step]
    return joined if reads(joined) else None


def with_next_lines(lines: Sequence[Line]) -> list[Line]:
    """ "Step 1: A" and, on the next line, "Step 2: within 8 bars B, buy" as one."""
    out: list[Line] = []
    for line in lines:
        after = out[-1] if out and out[-1].bullet and line.bullet and line.tokens else None
        joined = _with_next_step(list(after.tokens), list(line.tokens)) if after is not None else None
        if joined is None:
            out.append(line)
        else:
            out[-1] = replace(line, tokens=tuple(joined))
    return out


def _awaits(setup: list[Token], action: Sequence[Token]) -> bool:
    """Whether a sentence is a condition alone, and the next one what is done then."""
    return is_verb_alone(action) and not meanings(content_of(setup), "sentence")


def _with_action(setup: list[Token], action: list[Token], use: Use) -> list[Token] | None:
    """ "RSI is below 30. That's when I buy." as one sentence, without the label ("My setup:") before it."""
    action = [token for token in action if token.kind != "COMMA"]
    colon = next((i for i, token in enumerate(setup) if token.kind == "COLON"), -1)
    for begin in (0, colon + 1):
        joined = [*setup[begin:], *action]
        if reads(joined):
            use(setup[:begin])
            return joined
    return None


def is_item(tokens: Sequence[Token]) -> bool:
    return any(meanings(content_of(sentence), "item") for sentence in sentences_of(tokens))


def reads(tokens: Sequence[Token]) -> bool:
    return all(meanings(content_of(s), "sentence") or meanings(content_of(s), "item") for s in sentences_of(tokens))
