"""How values and words are written into Python source, so that nothing a user wrote can leave its place."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable

WIDTH = 100
LONGEST_LINE = 112

_STRATEGY_NAMES = frozenset(
    "I buy sell init next data position orders trades closed_trades equity all_closed mro".split()
)
_MODULE_NAMES = frozenset(
    "np pd talib time warnings Backtest Strategy compute_stats argparse GOOG BTCUSD EURUSD".split()
)


def number(value: float) -> str:
    """A literal that reads back as exactly `value`: 14, 100_000, 0.001, -3.5."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):_}"
    return repr(float(value))


def quoted(text: str) -> str:
    """A double-quoted literal of a name that the language allows (letters, digits, `_`, `:`, `-`)."""
    if not re.fullmatch(r"[\w:. +-]*", text, re.ASCII):
        raise ValueError(f"not a plain name: {text!r}")
    return f'"{text}"'


def plain(text: str) -> str:
    """One line of printable characters: control, format, surrogate and separator characters become spaces."""
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(kept.split())


def comment(text: str, indent: int = 0) -> list[str]:
    """`text` as comment lines that fit once indented so far, whatever characters it holds."""
    room = WIDTH - indent - 2
    lines, line = [], ""
    for word in plain(text).split(" "):
        for piece in _pieces(word, room):
            if line and len(line) + 1 + len(piece) > room:
                lines.append(line)
                line = piece
            else:
                line = f"{line} {piece}" if line else piece
    return [f"# {row}" for row in [*lines, line] if row]


def _pieces(word: str, room: int) -> Iterable[str]:
    return (word[i : i + room] for i in range(0, len(word), room))


def class_name(title: str) -> str:
    """`RSI reversal` -> `RsiReversal`; ASCII only, never a keyword or a name that the file uses otherwise."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", ascii_title)
    name = "".join(word[:1].upper() + word[1:].lower() for word in words)[:60]
    if not name or not name[0].isalpha():
        name = f"Strategy{name}"
    taken = keyword.iskeyword(name) or hasattr(builtins, name) or name in _MODULE_NAMES or len(name) == 1
    return f"{name}Strategy" if taken else name


class Names:
    """Hands out attribute names of one strategy class: valid, unlike each other and unlike backtesting.py's own."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(_STRATEGY_NAMES) | set(taken)

    def claim(self, wanted: str) -> str:
        """`wanted` made an identifier, with `_`, `_2`, `_3`, ... behind it where it is taken."""
        base = re.sub(r"\W+", "_", wanted, flags=re.ASCII).strip("_") or "value"
        if base[0].isdigit():
            base = f"n{base}"
        if keyword.iskeyword(base):
            base = f"{base}_"
        name, count = base, 1
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken.add(name)
        return name


def folded(line: str) -> list[str]:
    """A statement that is too wide, with the arguments of its outermost call one to a line; other lines as they are."""
    if len(line) <= LONGEST_LINE or not line.endswith(")") or line.lstrip().startswith("#"):
        return [line]
    start = _opening(line)
    if not start or not (line[start - 1].isalnum() or line[start - 1] == "_"):
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    arguments = _split_arguments(line[start + 1 : -1])
    if len(arguments) == 1:  # perhaps a generator, which takes no comma behind it
        return [line]
    return [line[: start + 1], *(f"{indent}    {argument}," for argument in arguments), f"{indent})"]


def _opening(line: str) -> int | None:
    """Where the bracket that the line's last character closes was opened; None inside a comment or a string."""
    stack: list[int] = []
    quote = ""
    for position, character in enumerate(line):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "#":
            return None
        elif character in "([{":
            stack.append(position)
        elif character in ")]}":
            opened = stack.pop()
            if position == len(line) - 1:
                return opened
    return None


def _split_arguments(text: str) -> list[str]:
    """The arguments of a call, split at its own commas."""
    parts, depth, quote, start = [], 0, "", 0
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and not depth:
            parts.append(text[start:position].strip())
            start = position + 1
    return [*parts, text[start:].strip()]
