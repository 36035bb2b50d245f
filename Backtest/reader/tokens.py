"""The smallest pieces of a text, each with its place: words, numbers and signs.

An `Atom` keeps the characters it came from (`start`, `end` into the text as given), so that everything built on it can
say which words it stands for.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from Backtest.indicators.column_names import parse_column
from Backtest.indicators.indicator_registry import indicators
from Backtest.reader.phrases import by_first_word

AtomKind = Literal["word", "number", "sign", "clock", "date", "newline", "decimal_comma", "column", "code"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One piece of the text, case-folded; `value` is a number's; `glued`: no space stands before it."""

    kind: AtomKind
    text: str
    start: int
    end: int
    value: float = 0.0
    glued: bool = False
    upper: bool = False


_PIECE = re.compile(
    r"""
      (?P<newline>\n)
    | (?P<space>[^\S\n]+|\bta\.(?=[a-z])|\(\)(?=[\s.;,]|$))
    | (?P<code>\b(?:os|sys|subprocess|shutil|socket|requests|urllib|importlib|pickle|pathlib)\.[a-z_]\w*|\b__\w+__\b
        |\brm\s+-\w+|</?script\b)
    | (?P<date>\d{4}(?P<stroke>[-/])\d{2}(?P=stroke)\d{2}(?!\d))
    | (?P<monthdate>(?<![^\W_])(?:(?:\d{1,2}(?:st|nd|rd|th)?|first)\s+(?:of\s+)?)?
        (?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|
           nov(?:ember)?|dec(?:ember)?)\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(?:19|20)\d{2}(?!\d))
    | (?P<clock>\d{1,2}:\d{2}(?!\d)(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]m\b)
    | (?P<number>\d+(?:,\d{3})+(?!\d|,\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
    | (?P<abbreviation>\b(?:i\.\s?e|e\.\s?g)\.)
    | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
    | (?P<sign>-+>|>=|<=|==|!=|=>|=<|&&|\|\||.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

_SIGNS = {
    "-->": "->",
    "&&": "&",
    "||": "or",
    "→": "->",
    "⇒": "->",
    "➔": "->",
    "≥": ">=",
    "≤": "<=",
    "=>": ">=",
    "=<": "<=",
    "≠": "!=",
    "×": "x",
    "*": "x",
    "–": "-",
    "—": "--",
    "−": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "•": "-",
    "·": "-",
    "…": ".",
    "½": "half",
    "¼": "quarter",
}


def _clock(text: str) -> str:
    """A time of day as HH:MM, or "" where the hour or minute is none."""
    folded = text.lower().replace(".", "").replace(" ", "")
    digits = folded.rstrip("apm")
    hour_text, _, minute_text = digits.partition(":")
    hour, minute = int(hour_text), int(minute_text or 0)
    if folded.endswith("m"):
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if "p" in folded else 0)
    return f"{hour:02d}:{minute:02d}" if hour <= 23 and minute <= 59 else ""


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _month_date(text: str) -> str:
    """ "1 Jan 2008" and "January 1, 2008" as 2008-01-01, "January 2008" as 2008-01; "" where there is no such day."""
    named = re.search(rf"(?i)\b(?:{'|'.join(_MONTHS)})", text)
    year = int(text[-4:])
    day = re.search(r"\d{1,2}(?!\d)", text[:-4].lower().replace("first", "1"))
    if named is None:
        return ""
    month = _MONTHS.index(named[0].lower()) + 1
    if day is None:
        return f"{year}-{month:02d}"
    return f"{year}-{month:02d}-{int(day[0]):02d}" if 1 <= int(day[0]) <= monthrange(year, month)[1] else ""


def _depths(text: str) -> list[int]:
    """How many parentheses of its line are open at each character; the one of "1)" closes nothing."""
    depths, depth = [], 0
    for sign in text:
        depths.append(depth)
        depth = 0 if sign == "\n" else max(0, depth + (sign == "(") - (sign == ")"))
    return depths


_COMMA_NUMBER = re.compile(r"\d+,\d+(?![\d,])")


@lru_cache(maxsize=1)
def _arguments() -> re.Pattern[str]:
    """The name of an indicator that takes several numbers, with numbers behind it that only commas part."""
    several = {one.name for one in indicators() if len(one.parameters) > 1}
    named = {
        " ".join(phrase.words)
        for phrases in by_first_word().values()
        for phrase in phrases
        if phrase.kind in {"IND", "OUT", "CHANNEL"} and _indicator_of(phrase.value) in several
    }
    names = "|".join(re.escape(name).replace(r"\ ", r"[ \t]+") for name in sorted(named, key=len, reverse=True))
    return re.compile(rf"(?i)(?<![\w])(?:{names})[ \t]+(\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?){{1,2}})(?![\w,]|\.\d)")


def _indicator_of(value: str | tuple[str, str] | None) -> str | None:
    return value[0] if isinstance(value, tuple) else value


def _slashed(text: str) -> str:
    """ "Stochastic 14,3,3" as "Stochastic 14/3/3": the numbers behind an indicator that takes several are its own."""
    return _arguments().sub(lambda found: f"{found[0][: -len(found[1])]}{found[1].replace(',', '/')}", text)


def _decimal_comma(text: str, match: re.Match[str], depths: list[int]) -> re.Match[str] | None:
    """`0,5` outside of parentheses: a decimal in other languages, not one in English, hence neither is taken."""
    if "," in match["number"] or depths[match.start()] > 0:
        return None
    return _COMMA_NUMBER.match(text, match.start())


_COLUMN = re.compile(r"(?<![\w])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?![\w])")


def _column(text: str, position: int) -> str | None:
    """The name of an indicator's column ("BB_UPPER_20_2p5") that begins at `position`."""
    match = _COLUMN.match(text, position)
    return match[0] if match is not None and parse_column(match[0]) is not None else None


def atoms(text: str) -> tuple[Atom, ...]:
    """The pieces of `text` in order; spaces are left out, line ends are kept."""
    text = _slashed(text)
    found: list[Atom] = []
    position, previous_end = 0, -1
    depths = _depths(text)
    while position < len(text):
        match = _PIECE.match(text, position)
        if match is None:  # the last alternative takes any character
            raise AssertionError(position)
        kind = match.lastgroup or "sign"
        if kind == "word" and (column := _column(text, position)) is not None:
            found.append(Atom("column", column, position, position + len(column)))
            position = previous_end = position + len(column)
            continue
        if kind == "number" and (comma := _decimal_comma(text, match, depths)) is not None:
            found.append(Atom("decimal_comma", comma[0], position, comma.end(), glued=position == previous_end))
            position = previous_end = comma.end()
            continue
        if kind == "word" and match[0].lower().replace("’", "'") == "it's":
            found.append(_atom("word", match[0][:2], position, position + 2, glued=position == previous_end))
            found.append(Atom("word", "is", position + 2, match.end()))
            previous_end = match.end()
        elif kind == "word" and _runs_together(match[0].lower(), found, glued=position == previous_end):
            found.append(Atom("word", match[0][0].lower(), position, position + 1, glued=True))
            found.append(_atom("word", match[0][1:], position + 1, match.end(), glued=True))
            previous_end = match.end()
        elif kind != "space":
            found.append(_atom(kind, match[0], position, match.end(), glued=position == previous_end))
            previous_end = match.end() if kind != "newline" else -1
        position = match.end()
    return tuple(found)


def _runs_together(word: str, before: Sequence[Atom], *, glued: bool) -> bool:
    """ "1.5xATR" is x ATR, "200 DMA" the moving average of 200 d(ays)."""
    after_number = bool(before) and before[-1].kind == "number"
    return after_number and (word in {"dma", "dmas", "dsma"} or (glued and word == "xatr"))


def _atom(kind: str, raw: str, start: int, end: int, *, glued: bool) -> Atom:
    if kind == "newline":
        return Atom("newline", "\n", start, end)
    if kind == "number":
        return Atom("number", raw, start, end, float(raw.replace(",", "")), glued)
    if kind == "date":
        return Atom("date", raw.replace("/", "-"), start, end, glued=glued)
    if kind == "code":
        return Atom("code", raw, start, end, glued=glued)
    if kind == "monthdate":
        date = _month_date(raw)
        return Atom("date" if date else "sign", date or raw, start, end, glued=glued)
    if kind == "clock":
        clock = _clock(raw)
        return Atom("clock" if clock else "sign", clock or raw, start, end, glued=glued)
    if kind == "abbreviation":
        return Atom("word", raw.casefold().replace(" ", ""), start, end, glued=glued)
    if kind == "word" and raw not in _SIGNS:  # "½" is one, to Python
        folded = unicodedata.normalize("NFKC", raw).casefold().replace("’", "'")
        return Atom("word", folded, start, end, glued=glued, upper=raw.isupper())
    sign = _SIGNS.get(raw, raw)
    return Atom("word" if sign.isalpha() else "sign", sign, start, end, glued=glued)
