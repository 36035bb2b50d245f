"""What an unknown word may have meant: the nearest name of an indicator, or word of the vocabulary."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from Backtest.reader.impossible import why_impossible
from Backtest.reader.lexicon import Token, known_words, tokenize
from Backtest.reader.phrases import by_first_word, colour, english
from Backtest.reader.vague import what_is_open

_NAMES = frozenset({"MA", "IND", "ATR", "OUT", "CHANNEL", "CANDLE"})
_NEAR_SHORT_NAME = 66  # per cent of letters in common
_NEAR_NAME = 75
_NEAR_WORD = 87


@lru_cache(maxsize=1)
def indicator_names() -> tuple[str, ...]:
    """What people call the indicators and candlesticks, as the phrase tables list them."""
    listed = {" ".join(p.words) for phrases in by_first_word().values() for p in phrases if p.kind in _NAMES}
    return tuple(sorted(listed))


def nearest_indicator(word: str) -> str | None:
    """The name of an indicator that `word` is nearest to, None where none is near."""
    folded = word.lower()
    if len(folded) < 3 or folded in english() | colour():
        return None
    cutoff = _NEAR_SHORT_NAME if len(folded) <= 5 else _NEAR_NAME
    found = process.extractOne(folded, indicator_names(), scorer=fuzz.ratio, score_cutoff=cutoff)
    return found[0] if found is not None else None


def nearest(word: str) -> str | None:
    """What else `word` may have meant: an indicator first, then any word of the vocabulary of some length."""
    folded = word.lower()
    name = nearest_indicator(word)
    if name == folded:
        return None
    if name is not None or len(folded) < 5 or folded in known_words() or folded in english() | colour():
        return name
    listed = [known for known in known_words() if len(known) >= 4]
    found = process.extractOne(folded, listed, scorer=fuzz.ratio, score_cutoff=_NEAR_WORD)
    return found[0] if found is not None else None


def why_not_read(tokens: Sequence[Token]) -> str:
    """The reason why a clause was not read: it can't be, or the unknown words in it and what they may have meant."""
    if (reason := why_impossible(tokens)) is not None:
        return reason
    if (open_ := what_is_open(tokens)) is not None:
        return open_
    unknown = [token for token in tokens if _is_unknown(token)]
    if not unknown:
        return "not understood"
    said = [_with_nearest(token.text) for token in unknown[:3]]
    return f"not understood: {', '.join(said)} {'is' if len(unknown) == 1 else 'are'} not known here"


def _with_nearest(word: str) -> str:
    near = nearest(word)
    return f"{word!r} (did you mean {near!r}?)" if near is not None else repr(word)


def reworded(text: str) -> str | None:
    """`text` with every unknown word replaced by the nearest known one; None where there is no such word for each."""
    unknown = [token for token in tokenize(text) if _is_unknown(token)]
    if not unknown:
        return None
    out, position = "", 0
    for token in unknown:
        near = nearest(token.text)
        if near is None:
            return None
        out, position = f"{out}{text[position : token.start]}{near}", token.end
    return out + text[position:]


def _is_unknown(token: Token) -> bool:
    """A word of no table, or one taken for an instrument that is nearer to an indicator's name."""
    if not token.text.isalpha():
        return False
    return token.kind == "UNKNOWN" or (token.kind == "TICKER" and nearest_indicator(token.text) is not None)
