"""What opens the rules of another side in a later sentence ("now the short side too: short when ...")."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token

_POLITE = (
    r"(?:(?:now|then|next|and|also|ok|okay|please|let's|lets|let us|can we|can you|could you|could we|i'd like to|"
    r"i want to)\s+)*"
)
_OPENS = re.compile(
    rf"(?i){_POLITE}(?:(?:add|do|include|put in|bring in|throw in|allow|enable|trade|take|give me)\s+)?"
    r"(?:(?:the|a|some|my)\s+)?(?:shorts|longs|(?:short|long)\s+(?:side|rules?|entries|entry|trades?|leg|version|half))"
    r"(?:\s+(?:too|as well|also|now|please|in|to it|to this|to that|on top))*"
)
_SHORTS = frozenset({"SHORT"})
_LONGS = frozenset({"BUY", "LONG"})


def opens_side(opening: Sequence[Token], rules: Sequence[Token], text: str) -> bool:
    """Whether the words before a colon or comma only say that `rules` of a side follow, which begin with its entry."""
    said = text[opening[0].start : opening[-1].end].replace("’", "'").strip()
    if not rules or _OPENS.fullmatch(" ".join(said.split())) is None:
        return False
    return rules[0].kind in (_SHORTS if "short" in said.lower() else _LONGS)
