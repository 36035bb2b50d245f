"""Words that say nothing of a trade: titles, openings and opinions, all of them listed."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import colour, confirmations, openings

_ARTICLES = frozenset({"a", "an", "the", "all", "always", "my", "your", "our", "please"})


_NEXT_OPEN = re.compile(  # rule 1: evaluated on the close, filled at the next open
    r"(?:(?:signals?|rules|conditions) (?:are|is) "
    r"(?:computed|evaluated|taken|generated|checked|calculated|read) (?:on|at) (?:bar |each |every |daily )*close"
    r"(?: of (?:each |every )?bar)? and )?(?:(?:orders|trades|entries|positions|they) )?(?:are )?"
    r"(?:executed|filled|entered|placed|fill|execute|enter|trade) (?:on|at) (?:open of )?next "
    r"(?:(?:bar|day|session)(?:'s)?(?: open)?|open)"
)


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


def is_confirmation(text: str) -> bool:
    """A sentence such as "enter at the next bar's open", which holds whether it is said or not."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower().replace("’", "'"))
    said = tuple(word for word in words if word not in _ARTICLES)
    return said in confirmations() or _NEXT_OPEN.fullmatch(" ".join(said)) is not None


def is_title(tokens: Sequence[Token]) -> bool:
    """ "Gap reversal" or "RSI mean reversion strategy": names, no verbs, no numbers."""
    return bool(tokens) and len(tokens) <= 8 and is_colour(tokens)
