"""The "did you mean" of every message of the language."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: object, known: Iterable[str], otherwise: str = "") -> str:
    """ "did you mean 'left'?" for the nearest of `known` (upper and lower case alike), else `otherwise`."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(str(word).casefold(), by_folded, n=2, cutoff=0.6)
    return f"did you mean {' or '.join(repr(by_folded[name]) for name in near)}?" if near else otherwise
