"""What a letter holds around its rules: whom it greets, how it ends, who signs it and by when an answer is wanted."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import english, talk, weighty

_GREETING = re.compile(
    r"(?im)^[ \t>]*(?:dear|hi|hello|hey|hiya|hallo|howdy|greetings|good (?:morning|afternoon|evening|day)|"
    r"morning|evening)"
    r"(?: again| there)?(?P<name>(?:[ \t]+(?:(?:mr|mrs|ms|dr|prof)\.|(?:(?!so\b)[\w'’&-]+))){1,4})[ \t]*"
    r"(?P<sign>[,!:–.-]|$)"
)
_POSTSCRIPT = re.compile(r"(?m)(?:^|(?<=[.!?] ))P\.?[ ]?P?\.?S\.?(?=[ :,-])")
_BEFORE = r"(?:(?:kind|kindest|best|warm|warmest|many|with|with best|with kind|much) )?"
_CLOSING = re.compile(
    rf"(?im)(?:^[ \t>–-]*|(?<=[.!?] ))(?P<said>{_BEFORE}(?:regards|wishes|thanks|thank you|thx|ty|cheers|best|"
    rf"sincerely|respectfully|"
    r"yours(?: truly| sincerely| faithfully)?|sincerely yours|greetings|all the best|take care|ciao|bye|rgds|br|kr|"
    r"talk soon|speak soon|warmly|cordially|happy trading|good luck)"
    r"(?:[ \t](?:in advance|again|everyone|all|guys|folks|a lot|so much|very much|to all))*)[ \t]*[,.!–-]*[ \t]*"
    r"(?P<name>(?:[ \t/–-]*[\w'’.&-]+){0,5})[ \t]*$"
)
_NO_HASTE = re.compile(
    r"(?i)^\W*(?:there is |there's )?(?:no (?:hurry|rush|pressure|haste)|not urgent|it's not urgent|take your time|"
    r"when(?:ever)? you (?:have|find|get) (?:the |some |a )?(?:time|minute|moment)|at your convenience|"
    r"in your own time)\b"
)
_TIMED = frozenset(
    "NOISE UNKNOWN NO NOT COMMA DASH UNSUPPORTED IS WEEKDAY BY AT IN OF ON UNIT AND OR BEFORE AFTER TO IT AS LATER "
    "SOON FOR WITH HAS WHEN EACH_TIME NEXT LAST_WEEK FIRST ALL".split()
)
_NAMES = frozenset({"NOISE", "UNKNOWN", "TICKER", "COMMA", "DOT", "DASH", "AND", "SLASH", "OF", "ALL"})
_NAMED = frozenset({"support", "traders", "team", "trader", "desk"})
_BANNED = frozenset({"INSTRUCTION", "ILLICIT"})
_LONGEST_SIGNATURE = 4


def of_letter(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens that greet, close and sign a letter."""
    found = [token for one in _POSTSCRIPT.finditer(text) for token in _within(tokens, *one.span())]
    for one in _GREETING.finditer(text):
        if _may_greet(one, tokens, text):
            found += _within(tokens, one.start(), one.end())
    return found + _signed(tokens, text)


def is_no_haste(sentence: Sequence[Token], text: str) -> bool:
    """ "No hurry, end of the week is fine": by when an answer is wanted, in a sentence that begins so."""
    written = text[sentence[0].start : sentence[-1].end].replace("’", "'")
    return _NO_HASTE.match(written) is not None and all(token.kind in _TIMED for token in sentence)


def _may_greet(found: re.Match[str], tokens: Sequence[Token], text: str) -> bool:
    """Names, or words for readers; with more of the sentence behind the comma, at the beginning of the text only."""
    named = _within(tokens, *found.span("name"))
    alone = text[found.end() :].lstrip(" \t")[:1] in {"", "\n"}
    if not alone and (text[: found.start()].strip() or found["sign"] not in {",", "!", ":", "-", "–", "."}):
        return False
    told = [one for one in named if one.text.lower() not in _NAMED]
    if any(not _may_name(one) for one in told):
        return False
    return not any(word in weighty() for one in told for word in one.text.lower().split() if one.kind != "NOISE")


def _signed(tokens: Sequence[Token], text: str) -> list[Token]:
    """ "Kind regards, M. Okafor" and the lines behind it, or a name alone on the last line."""
    end = len(text.rstrip())
    for one in _CLOSING.finditer(text):
        rest = [line for line in text[one.end() :].splitlines() if line.strip()]
        names = _within(tokens, one.start("name"), end)
        if len(rest) > _LONGEST_SIGNATURE - 1 or not _are_names(names, text):
            continue
        if all(len(line.split()) <= _LONGEST_SIGNATURE for line in rest):
            return _within(tokens, one.start(), end)
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return []
    last = lines[-1].strip()
    start = text.rstrip().rfind("\n") + 1
    written = [word.strip(".,-–/~") for word in last.split()]
    dashed = last[0] in "-–~/" and not any(line.lstrip()[:1] in {"-", "–", "*"} for line in lines[:-1])
    words = [word for word in written if word]
    named = _within(tokens, start, end)
    if not 1 <= len(words) <= 3 or not all(word[0].isupper() for word in words) or not _are_names(named, text):
        return []
    if any(one.kind == "TICKER" for one in named):
        return []
    if any(word.lower() in english() - talk() or not word.isalpha() for word in words) or (
        last[0] in "-–~/*" and not dashed
    ):
        return []
    parted = not lines[-2].rstrip().endswith((":", ",")) or lines[-2].count(" ") > 2
    return named if parted else []


def _are_names(tokens: Sequence[Token], text: str) -> bool:
    told = [one for one in tokens if one.kind not in {"NEWLINE", "NOISE"}]
    if any(not _may_name(one) for one in told):
        return False
    return not any(word in weighty() for one in told for word in one.text.lower().split())


def _may_name(token: Token) -> bool:
    """A word that nobody knows, or one with a capital that was taken for a misspelt one ("Martin", "margin")."""
    misread = token.corrected is not None and token.text[:1].isupper()
    return (token.kind in _NAMES or misread) and not any(sign.isdigit() for sign in token.text)


def _within(tokens: Sequence[Token], start: int, end: int) -> list[Token]:
    return [one for one in tokens if one.start >= start and one.end <= end and one.kind not in _BANNED | {"NEWLINE"}]
