"""Words that say nothing of a trade: titles, openings and opinions, all of them listed."""

from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import colour, openings


def words_of(tokens: Sequence[Token]) -> list[str]:
    return [word for token in tokens for word in token.text.lower().replace("’", "'").replace("-", " ").split()]


def is_colour(tokens: Sequence[Token]) -> bool:
    """Nothing but listed words that say nothing of a trade: no number, no comparison, no condition."""
    return all(
        token.kind in {"NOISE", "COMMA", "DASH", "COLON"} or all(word in colour() for word in words_of([token]))
        for token in tokens
    )


def is_opinion(tokens: Sequence[Token]) -> bool:
    """A sentence such as "I like buying dips in an uptrend": an opening of the list, then colour."""
    words = [word for word in words_of(tokens) if word[0].isalnum()]
    for opening in openings():
        if tuple(words[: len(opening)]) == opening and all(word in colour() for word in words[len(opening) :]):
            return True
    return False


def is_title(tokens: Sequence[Token]) -> bool:
    """ "Gap reversal" or "RSI mean reversion strategy": names, no verbs, no numbers."""
    return bool(tokens) and len(tokens) <= 8 and is_colour(tokens)
