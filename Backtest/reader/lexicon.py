"""Text to typed tokens: numbers with their units, and the longest phrase of the vocabulary at every place."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from Backtest.indicators.column_names import parse_column
from Backtest.reader.joints import joined
from Backtest.reader.neighbours import depends, is_meant
from Backtest.reader.number_words import NUMBER_WORDS, read_number_words
from Backtest.reader.phrases import Phrase, by_first_word, by_two_words
from Backtest.reader.phrases import words as words_listed
from Backtest.reader.shorthand import meant_instead, spelt_out
from Backtest.reader.spelling import correction
from Backtest.reader.syntax import Mention, Period
from Backtest.reader.tokens import Atom, atoms
from Backtest.reader.verbs import actions_by_verb, is_form, verb_of
from Backtest.timeframes import parse_timeframe


@dataclass(frozen=True, slots=True)
class Token:
    """A terminal of the grammar (`kind`) with its place, its value, and how its spelling was put right, if it was."""

    kind: str
    text: str
    start: int
    end: int
    value: object = None
    corrected: str | None = None


UNIT_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("day", "days", "session", "sessions", "trading day", "trading days", "d"), "day"),
    **dict.fromkeys(("bar", "bars", "candle", "candles", "period", "periods"), "bar"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minute"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), "hour"),
    **dict.fromkeys(("week", "weeks", "w"), "week"),
    **dict.fromkeys(("month", "months", "mo"), "month"),
}
_TIMEFRAME_WORDS = {"hourly": "1h", "daily": "1d", "weekly": "1w", "monthly": "1mo", "intraday": ""}
_SIGN_KINDS = {
    "(": "LPAR",
    ")": "RPAR",
    "[": "LPAR",
    "]": "RPAR",
    "#": "HASH",
    ",": "COMMA",
    "+": "AND",
    ":": "COLON",
    ";": "DOT",
    ".": "DOT",
    "!": "DOT",
    "?": "DOT",
    "--": "DASH",
    "-": "DASH",
    "->": "ARROW",
    "@": "AT",
    "|": "DOT",
    "/": "SLASH",
    "&": "AND",
    ">": "GT",
    "<": "LT",
    ">=": "GE",
    "<=": "LE",
    "==": "EQ",
    "=": "EQ",
    '"': "NOISE",
    "'": "NOISE",
}


_TIMES: Mapping[str, float] = {"twice": 2.0, "double": 2.0, "triple": 3.0}
_ORDINALS = ("third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CROSSED = frozenset({"above", "over", "below", "under", "up", "down"})  # "ema 9 x above ema 21" is no multiple
_MEASURED = frozenset({"percent", "pct", "per", "%", "atr", "atrs", "r"})
MEASURE_WORDS = frozenset(
    [
        "percent",
        "pct",
        "cent",
        "dollars",
        "dollar",
        "usd",
        "bucks",
        "bps",
        "bp",
        "basis",
        "points",
        "point",
        "pips",
        "pip",
        "times",
        "twice",
        "double",
        "triple",
        "thousand",
        "million",
        "grand",
        "k",
        "r",
    ]
)


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every word of the vocabulary, which needs no correction."""
    return words_listed() | NUMBER_WORDS | {*_ORDINALS} | MEASURE_WORDS | {*UNIT_WORDS, *_TIMEFRAME_WORDS}


@dataclass(frozen=True, slots=True)
class _Word:
    """An atom as the phrase table sees it: a possessive without its 's, a misspelt word put right."""

    atom: Atom
    text: str
    corrected: str | None = None

    def is_word(self, listed: str) -> bool:
        return self.text == listed or (self.text.endswith("'s") and self.text[:-2] == listed)


_WITHOUT_APOSTROPHE = {
    "im": "i'm",
    "ive": "i've",
    "thats": "that's",
    "theres": "there's",
    "heres": "here's",
    "whats": "what's",
    "lets": "let's",
    "youre": "you're",
}


def _plain(atom: Atom) -> _Word:
    if atom.kind != "word" or atom.text in known_words():
        return _Word(atom, atom.text)
    if atom.text in _WITHOUT_APOSTROPHE:
        return _Word(atom, _WITHOUT_APOSTROPHE[atom.text])
    if atom.text.endswith("nt") and f"{atom.text[:-1]}'t" in known_words():  # "hasnt"
        return _Word(atom, f"{atom.text[:-1]}'t")
    bare = atom.text.removesuffix("'s")
    if bare in known_words():
        return _Word(atom, bare)
    if is_form(atom.text) and "" in actions_by_verb().get(verb_of(atom.text), {}):
        return _Word(atom, atom.text)
    if not atom.upper and (right := correction(bare, known_words())) is not None:
        return _Word(atom, right, corrected=right)
    return _Word(atom, atom.text)


_BEFORE_SIGN = frozenset("above below over under than".split())
_BESIDE = frozenset("above below over under at between back down up beyond".split())
_AFTER_ITS = _BESIDE | frozenset("oversold overbought trending".split())


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, noise included (kind NOISE), line ends as NEWLINE, words without an entry as UNKNOWN."""
    words = [_plain(atom) for atom in joined(spelt_out(atoms(text)))]
    meant = meant_instead([(word.atom, word.text) for word in words])
    words = [replace(word, text=meant[i], corrected=meant[i]) if i in meant else word for i, word in enumerate(words)]
    out: list[Token] = []
    i = 0
    while i < len(words):
        token, used = _next(text, words, i)
        if token is not None:
            out.append(token)
        i += used
    return tuple(out)


def _next(text: str, words: Sequence[_Word], i: int) -> tuple[Token | None, int]:
    if (alone := _without_noun(words, i)) is not None:
        return _token(text, words, i, 1, alone, None), 1
    phrase, taken = _phrase_at(words, i)
    number = _number_at(words, i)
    if words[i].text in _ORDINALS and i + 1 < len(words) and words[i + 1].text in UNIT_WORDS:
        return _token(text, words, i, 1, "ORDINAL", float(_ORDINALS.index(words[i].text) + 3)), 1
    if number is not None and (phrase is None or phrase.kind in {"NOISE", "HALF", "QUARTER"} or len(phrase.words) == 1):
        value, used = number
        value, more = _with_half(words, i + used, value)
        used += more
        kind, measured, more = _measure(words, i, i + used, value)
        return _token(text, words, i, used + more, kind, measured), used + more
    if phrase is not None:
        return _token(text, words, i, taken, phrase.kind, phrase.value), taken
    atom = words[i].atom
    if atom.kind == "newline":
        return Token("NEWLINE", "\n", atom.start, atom.end), 1
    if atom.kind == "sign" and atom.text in _SIGN_KINDS:
        return _token(text, words, i, 1, _SIGN_KINDS[atom.text], None), 1
    if atom.text == "-to-":
        return _token(text, words, i, 1, "TO", None), 1
    if atom.kind == "column":
        return _token(text, words, i, 1, "COLUMN", _column(atom.text)), 1
    if atom.kind == "code":
        return _token(text, words, i, 1, "INSTRUCTION", None), 1
    if atom.kind == "clock":
        return _token(text, words, i, 1, "CLOCK", atom.text), 1
    if atom.kind == "date":
        return _token(text, words, i, 1, "DATE", atom.text), 1
    if atom.kind == "decimal_comma":
        return _token(text, words, i, 1, "DECIMAL_COMMA", atom.text), 1
    return _unlisted(text, words, i)


def _without_noun(words: Sequence[_Word], i: int) -> str | None:
    """The terminal of a possessive that stands for its noun: "sell when its over 65", "and today's is above 30"."""
    following = words[i + 1] if i + 1 < len(words) else None
    if words[i].text == "its" and following and (_is_percent_beside(words, i + 1) or following.text in _AFTER_ITS):
        return "IT"
    if words[i].text != "today's":
        return None
    ends = following is None or following.atom.kind in {"sign", "newline"}
    return "TODAYS" if ends or (following is not None and following.text in _AFTER_POSSESSIVE) else None


def _is_percent_beside(words: Sequence[_Word], i: int) -> bool:
    """ "30 percent below", which nothing owns."""
    number = _number_at(words, i) if i < len(words) else None
    after = [word.text for word in words[i + number[1] : i + number[1] + 2]] if number is not None else []
    return len(after) == 2 and after[0] in {"%", "percent", "pct"} and after[1] in _BESIDE


_AFTER_POSSESSIVE = frozenset("is was reads stands and or but by while with then closes crosses comes gets".split())


def _column(name: str) -> Mention | None:
    """The indicator that a column's name says (rule 27)."""
    parts = parse_column(name)
    if parts is None:
        return None
    numbers = tuple(float(parts.params[p.name]) for p in parts.indicator.parameters if p.in_column)
    source = parts.source if parts.source != parts.indicator.default_source else None
    return Mention(parts.indicator.name, parts.output or "", numbers, chart=parts.timeframe, column=source)


def _unlisted(text: str, words: Sequence[_Word], i: int) -> tuple[Token, int]:
    word = words[i]
    if _TIMEFRAME_WORDS.get(word.text):
        return _token(text, words, i, 1, "TF", _TIMEFRAME_WORDS[word.text]), 1
    following = words[i + 1] if i + 1 < len(words) else None
    if following and following.atom.kind == "number" and following.atom.glued:  # H1, M15
        timeframe = parse_timeframe(word.text + following.atom.text)
        if timeframe is not None and word.text in {"h", "m", "d", "w", "mn"}:
            return _token(text, words, i, 2, "TF", timeframe), 2
    if word.atom.upper and _is_symbol(word.text) and any(c.islower() for c in text):
        return _token(text, words, i, 1, "TICKER", word.text.upper()), 1
    return _token(text, words, i, 1, "UNKNOWN", None), 1


_CURRENCIES = frozenset("usd eur gbp jpy chf aud nzd cad sek nok btc eth usdt".split())


def _is_symbol(word: str) -> bool:
    """A ticker of two to five letters, or a pair of currencies. In a text all in capitals no word stands out as one."""
    return word not in known_words() and (_is_pair(word) or 2 <= len(word) <= 5)


def _is_pair(word: str) -> bool:
    return any(word.startswith(one) and word.removeprefix(one) in _CURRENCIES for one in _CURRENCIES)


def is_known_instrument(name: str) -> bool:
    """Whether a name can be nothing but an instrument: one of the tables, or a pair of currencies."""
    return _is_pair(name.lower()) or any(p.kind == "TICKER" for p in by_first_word().get(name.lower(), ()))


def _token(text: str, words: Sequence[_Word], i: int, used: int, kind: str, value: object) -> Token:
    start, end = words[i].atom.start, words[i + used - 1].atom.end
    corrected = [w.corrected for w in words[i : i + used] if w.corrected]
    return Token(kind, text[start:end], start, end, value, " ".join(corrected) or None)


def _phrase_at(words: Sequence[_Word], i: int) -> tuple[Phrase | None, int]:
    """The longest phrase that begins at `i`, and how many words it takes.

    A possessive may stand for its noun ("previous bar's low"). What is done may stand in any form of its verb: "took a
    long position", "exiting the trade".
    """
    said = words[i].text
    going_on = _may_be_second(words, i)
    begun = [*_begun(by_two_words().get(said), going_on)]
    if said.endswith("'s"):
        begun += _begun(by_two_words().get(said[:-2]), going_on)
    if words[i].atom.kind == "word" and is_form(said):
        seconds = going_on - {""} if said in known_words() else going_on
        begun += _begun(actions_by_verb().get(verb_of(said)), seconds)
    fitting = [(phrase, used) for phrase in begun if (used := _words_of(phrase, words, i))]
    if any(depends(phrase) for phrase, _ in fitting):
        before, texts = [word.text for word in words[max(0, i - 2) : i]], [word.text for word in words[i:]]
        fitting = [one for one in fitting if is_meant(one[0], before, texts[one[1] : one[1] + 3])]
    return max(fitting, key=lambda one: one[1], default=(None, 1))


def _begun(phrases: Mapping[str, tuple[Phrase, ...]] | None, seconds: Set[str]) -> Sequence[Phrase]:
    """Those with one of these second words, longest first."""
    if phrases is None:
        return ()
    found = [phrase for second in seconds for phrase in phrases.get(second, ())]
    return sorted(found, key=lambda phrase: -len(phrase.words))


_ARTICLES = frozenset({"the", "a", "an", "my", "our", "your"})


def _may_be_second(words: Sequence[_Word], i: int) -> frozenset[str]:
    """What the second word of a phrase that begins at `i` may be listed as, "" where it has none."""
    following = [word.text for word in words[i + 1 : i + 3]]
    near = following[:2] if following[:1] and following[0] in _ARTICLES else following[:1]
    return frozenset(("", *near, *(text.removesuffix("'s") for text in near)))


def _words_of(phrase: Phrase, words: Sequence[_Word], i: int) -> int:
    """How many words from `i` are the phrase, its first word taken as read; an article inside may be said or not."""
    place = i + 1
    for listed in phrase.words[1:]:
        if place < len(words) and words[place].text in _ARTICLES and listed not in _ARTICLES:
            place += 1
        if place >= len(words) or not words[place].is_word(listed):
            return 0
        place += 1
    return place - i


def _number_at(words: Sequence[_Word], i: int) -> tuple[float, int] | None:
    """The number at `i` (with its sign; "a" and "one" only count before a unit) and how many words it takes."""
    word = words[i]
    if word.atom.kind == "number":
        return word.atom.value, 1
    if word.text in {"minus", "negative"} and i and words[i - 1].text in _BEFORE_SIGN and i + 1 < len(words):
        below_zero = _number_at(words, i + 1)
        return (-below_zero[0], below_zero[1] + 1) if below_zero is not None else None
    if word.text in {"$", "usd"} and i + 1 < len(words) and words[i + 1].atom.kind == "number":
        return words[i + 1].atom.value, 2
    if (
        word.text in {"-", "+"}
        and i + 1 < len(words)
        and words[i + 1].atom.kind == "number"
        and words[i + 1].atom.glued
    ):
        if not word.atom.glued or (i and words[i - 1].atom.kind == "sign"):
            return (-1 if word.text == "-" else 1) * words[i + 1].atom.value, 2
        return None
    if word.text in _TIMES and word.atom.kind == "word":
        return _TIMES[word.text], 1
    if word.text in {"a", "an"} and i + 1 < len(words):
        single = i + 2 if words[i + 1].text == "single" else i + 1
        if single < len(words) and words[single].text in UNIT_WORDS and len(words[single].text) > 2:
            return 1.0, single - i
        return None
    if word.atom.kind == "word" and word.text in NUMBER_WORDS:
        read = read_number_words([w.text for w in words[i : i + 8]])
        return (float(read[0]), read[1]) if read else None
    return _part_of_one(words, i)


def _part_of_one(words: Sequence[_Word], i: int) -> tuple[float, int] | None:
    """ "half a percent", "a quarter of a percent": a part of what is measured, not of the position."""
    listed = [w.text for w in words[i : i + 5]]
    start = 1 if listed[:1] in (["a"], ["an"], ["one"]) else 0
    value = {"half": 0.5, "quarter": 0.25}.get(listed[start] if start < len(listed) else "")
    if value is None:
        return None
    end = start + 1
    while end < len(listed) and listed[end] in {"of", "a", "an", "one"}:
        end += 1
    if end == start + 2 and listed[end : end + 1] == ["million"]:
        return value * 1e6, end + 1
    return (value, end) if end < len(listed) and listed[end] in _MEASURED else None


def _with_half(words: Sequence[_Word], i: int, value: float) -> tuple[float, int]:
    """The number with "and a half" after it, and how many words that takes."""
    listed = [w.text for w in words[i : i + 3]]
    if listed[:2] == ["and", "a"] and listed[2:] in (["half"], ["quarter"]):
        return value + (0.5 if listed[2] == "half" else 0.25), 3
    if listed[:1] in (["half"], ["quarter"]) and words[i].atom.text == listed[0] and _is_sign_half(words[i]):
        return value + (0.5 if listed[0] == "half" else 0.25), 1
    return value, 0


def _is_sign_half(word: _Word) -> bool:
    return word.atom.end - word.atom.start == 1  # "2½"


_MEASURES = {
    **dict.fromkeys(("%", "percent", "pct"), "PERCENT"),
    **dict.fromkeys(("dollars", "usd", "bucks", "dollar"), "MONEY"),
    **dict.fromkeys(("bps", "bp"), "BPS"),
    **dict.fromkeys(("pips", "pip"), "PIPS"),
    **dict.fromkeys(("points", "point"), "POINTS"),
}


def _measure(words: Sequence[_Word], begin: int, i: int, value: float) -> tuple[str, object, int]:
    """What the number that ends before `i` measures: (terminal, value, words of the unit)."""
    following = [w.text for w in words[i : i + 3]] + ["", "", ""]
    glued = i < len(words) and words[i].atom.glued
    if words[begin].text in _TIMES:
        return "TIMES", value, 0
    if words[begin].text in {"$", "usd"}:
        return "MONEY", value * _scale(following[0], glued), 1 if _scale(following[0], glued) != 1 else 0
    if following[0] in {"k", "thousand", "million"} and (following[0] != "k" or glued):
        value, i = value * _scale(following[0], glued), i + 1
        kind, measured, more = _measure(words, begin, i, value)
        return kind, measured, more + 1
    if following[0] == "grand":
        return "MONEY", value * 1_000, 1
    if following[0] in {"st", "nd", "rd", "th"} and glued:
        return "ORDINAL", value, 1
    if following[:2] == ["per", "cent"]:
        return "PERCENT", value, 2
    if following[0] in {"cent", "cents"}:
        return "MONEY", value / 100, 1
    if following[:2] == ["basis", "points"]:
        return "BPS", value, 2
    if following[0] in _MEASURES:
        return _MEASURES[following[0]], value, 1
    if following[0] == "r" and (glued or words[i].atom.upper):
        return "RMULT", value, 1
    if following[0] == ":" and i + 1 < len(words) and words[i + 1].atom.kind == "number" and words[i + 1].atom.glued:
        return "RATIO", (value, words[i + 1].atom.value), 2
    if following[0] in {"times", "x"} and not (following[0] == "x" and following[1] in _CROSSED):
        return "TIMES", value, 1
    return _period(words, i, value, following, glued)


def _scale(word: str, glued: bool) -> float:
    return {"k": 1_000.0 if glued else 1.0, "m": 1_000_000.0 if glued else 1.0, "thousand": 1e3, "million": 1e6}.get(
        word, 1.0
    )


def _period(
    words: Sequence[_Word], i: int, value: float, following: Sequence[str], glued: bool
) -> tuple[str, object, int]:
    if f"{following[0]} {following[1]}" in UNIT_WORDS:
        return "PERIOD", Period(value, UNIT_WORDS[f"{following[0]} {following[1]}"]), 2
    unit = UNIT_WORDS.get(following[0])
    if unit is not None and (len(following[0]) > 1 or glued):
        return "PERIOD", Period(value, unit), 1
    if following[0] == "m" and glued:
        return "PERIOD", Period(value, "minute"), 1
    return "NUMBER", value, 0
