"""Shorthand of several signs ("b4", "w/o"), and words that their place shows to be another: "by when" is "buy when"."""

from collections.abc import Mapping, Sequence

from Backtest.reader.tokens import Atom

_SPELT_OUT = {
    "b4": "before",
    "w/o": "without",
    "w/": "with",
    "b/w": "between",
    "b/c": "because",
    "o/s": "oversold",
    "o/b": "overbought",
    "b/e": "breakeven",
    "s/l": "sl",
    "t/p": "tp",
}
_UNITS = frozenset("day days bar bars week weeks month months hour hours session sessions period periods".split())
_WHENS = frozenset({"when", "if", "once", "whenever"})
_BEFORE_ACTION = frozenset("and then or i you we also only so".split())
_ACTIONS = frozenset("buy sell short exit close cover go get wait hold when if once it i we you".split())
_COMPARATIVES = frozenset("higher lower greater bigger larger smaller more less fewer".split())
_ARTICLES = frozenset({"a", "an", "the"})
_WAYS = frozenset("above below over under through out down up past".split())
_BEFORE_A_NUMBER = frozenset("of last past for than top over within every previous first where let call".split())
_AFTER_A_NUMBER = _UNITS | {"is", "equals", "being"}


def spelt_out(pieces: Sequence[Atom]) -> list[Atom]:
    """The pieces with shorthand of two or three of them as one word."""
    out: list[Atom] = []
    i = 0
    while i < len(pieces):
        several = next((n for n in (3, 2) if _is_shorthand(pieces[i : i + n], n)), 1)
        run = pieces[i : i + several]
        if several == 1:
            out.append(pieces[i])
        else:
            word = _SPELT_OUT["".join(one.text for one in run)]
            out.append(Atom("word", word, run[0].start, run[-1].end, glued=run[0].glued))
        i += several
    return out


def _is_shorthand(run: Sequence[Atom], several: int) -> bool:
    """Whether so many pieces, with no space inside, are shorthand."""
    whole = "".join(one.text for one in run)
    return len(run) == several and whole in _SPELT_OUT and all(one.glued for one in run[1:]) and not run[0].glued


def meant_instead(words: Sequence[tuple[Atom, str]]) -> Mapping[int, str]:
    """The words put right, by their place. Capitals are left alone ("N is the 20-day ATR"), and "2nd"."""
    texts = ["", *("" if atom.kind in {"sign", "newline"} else text for atom, text in words), ""]
    found: dict[int, str] = {}
    for i, (atom, text) in enumerate(words):
        before, after = texts[i], texts[i + 2]
        if atom.upper or (atom.glued and before[:1].isdigit()):
            continue
        if (right := _meant(before, text, after)) is not None:
            found[i] = right
    return found


def _meant(before: str, word: str, after: str) -> str | None:
    """The word that one between two others is a slip of, where it is another by itself; "" is no word, or a sign."""
    match word:
        case "by" | "byu" | "bu" | "bui":
            return "buy" if after in _WHENS and (not before or before in _BEFORE_ACTION) else None
        case "then":
            return "than" if before in _COMPARATIVES and after and after not in _ACTIONS else None
        case "eq":
            return "equity" if before == "of" else None
        case "hi":
            return "high" if before in _UNITS else None
        case "n" | "nd":
            joins = (
                (before or after in _ACTIONS)
                and after
                and before not in _BEFORE_A_NUMBER
                and after not in _AFTER_A_NUMBER
            )
            return "and" if joins else None
        case "w":
            return "with" if before and (after in _ARTICLES or after[:1].isdigit()) else None
        case "brake" | "brakes":
            return f"break{word[5:]}" if after in _WAYS else None
        case "raise" | "raises":
            return f"rise{word[5:]}" if after in _WAYS else None
        case "looses":
            return "loses"
        case "evry" | "evrey" | "eveyr":
            return "every"
        case _:
            return None
