"""Ways of spoiling a text: what is cut, swapped, repeated or smuggled in."""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

STRANGE = "🚀 é ß İ ﬁ \u200b \u00a0 \u2028 “ ” ’ – — … ％ ＜ ≥ ½ ² ∞ 买 שלום \u202e � ① Ⅳ \t".split(" ")


def without_words(text: str, random: Random) -> str:
    return " ".join(word for word in text.split(" ") if random.random() > 0.15)


def without_characters(text: str, random: Random) -> str:
    return "".join(c for c in text if random.random() > 0.04)


def swapped_words(text: str, random: Random) -> str:
    words = text.split(" ")
    for _ in range(1 + len(words) // 8):
        i, j = random.randrange(len(words)), random.randrange(len(words))
        words[i], words[j] = words[j], words[i]
    return " ".join(words)


def swapped_characters(text: str, random: Random) -> str:
    letters = list(text)
    for _ in range(1 + len(text) // 30):
        i = random.randrange(max(1, len(letters) - 1))
        letters[i : i + 2] = reversed(letters[i : i + 2])
    return "".join(letters)


def repeated_clauses(text: str, random: Random) -> str:
    clauses = text.split(".")
    return ".".join(clause for clause in clauses for _ in range(random.choice((1, 1, 2, 5))))


def strange_characters(text: str, random: Random) -> str:
    return "".join(c + (random.choice(STRANGE) if random.random() < 0.05 else "") for c in text)


def cut_short(text: str, random: Random) -> str:
    return text[: random.randrange(1, len(text) + 1)]


def without_spaces(text: str, random: Random) -> str:
    return "".join(c for c in text if c != " " or random.random() > 0.4)


def other_numbers(text: str, random: Random) -> str:
    strange = ("0", "-1", "1e9", "999999999999", "0.0000001", "1,5", "1.2.3", "½", "10%%", "$-5")
    return "".join(random.choice(strange) if c.isdigit() and random.random() < 0.3 else c for c in text)


def random_case(text: str, random: Random) -> str:
    return "".join(c.upper() if random.random() < 0.5 else c.lower() for c in text)


def shuffled_lines(text: str, random: Random) -> str:
    lines = text.replace(". ", ".\n").split("\n")
    random.shuffle(lines)
    return "\n".join(lines)


MANGLINGS: Mapping[str, Callable[[str, Random], str]] = MappingProxyType(
    {
        "words left out": without_words,
        "characters left out": without_characters,
        "words swapped": swapped_words,
        "characters swapped": swapped_characters,
        "clauses repeated": repeated_clauses,
        "cut short": cut_short,
        "strange characters": strange_characters,
        "spaces left out": without_spaces,
        "other numbers": other_numbers,
        "random case": random_case,
        "lines shuffled": shuffled_lines,
    }
)


def mangled(text: str, way: str, random: Random) -> str:
    """`text` spoiled in the way of that name."""
    return MANGLINGS[way](text, random)
