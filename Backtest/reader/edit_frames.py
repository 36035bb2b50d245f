"""What stands around a change: why it is made, and what it takes the place of, put into the grammar's words.

"RSI below 5, 10 is too loose", "200 shares, not 100", "move it from 5% to 4%" and "30 is too tight, use 25" all say
"... instead of ...". A complaint without a number ("the stop is too wide") changes nothing by itself.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.lines import with_bare_hours
from Backtest.reader.phrases import complaints

_AMOUNTS = frozenset({"NUMBER", "PERIOD", "PERCENT", "MONEY", "BPS", "TIMES"})
_NAMED = frozenset({"STOP", "TARGET", "TRAILING_STOP", "TRAIL", "COOLDOWN", "TIME_STOP", "MULTIPLIER", "COMMISSION"})
_BLAMED = _AMOUNTS | _NAMED | frozenset("IT THEM IS MA IND ATR SHARES UNIT LENGTH SIZE DEVIATIONS FIRST".split())
_LINES = frozenset("IND MA UPPER LOWER MIDDLE UPPER_ONE LOWER_ONE MIDDLE_ONE".split())
_SHARES = frozenset({"HALF", "THIRD", "QUARTER", "TENTH", "FIFTH", "TWO_THIRDS", "TICKER", "TF", "ON", "WEEKDAY"})
_MAKERS = frozenset({"MAKE", "SWAP", "LOWER", "MOVE_UP", "PLACE", "TURN", "MOVE_STOP", "MOVE"})
_ENDS = frozenset({"COMMA", "DASH", "COLON"})
_DEGREES = r"(?:(?:a|just|way|far|much|still|rather|bit|little|really|probably|maybe|kind of|also|clearly|simply)\s+)*"
_COMPLAINT = re.compile(
    rf"(?is)^(?P<what>.*?)(?:\b(?:is|are|was|were|seems?|looks?|feels?)|'s|'re)\s+{_DEGREES}"
    rf"too\s+(?P<much>\w+)(?:\s+(?:for me|for my taste|i think|i guess|here|now|imo|imho|at the moment))*$"
)
_WHY = re.compile(r"(?i)\b(?:because|since|cause|cuz|coz)\b")


def framed(content: Sequence[Token], text: str) -> list[Token]:
    """The tokens of a change without the complaints around it, its old number behind "instead of"."""
    told = _of_order(_plainly(_without_same(list(content), text), text))
    told = _not_at_market(_without_interjection(told, text), text)
    told = _without_complaints(_with_drop(told), text)
    return _with_denial(_from_and_to(_gapped(_loosened(_paced(_of_calendar(told, text))))))


def _gapped(tokens: list[Token]) -> list[Token]:
    """ "Stop 30 pips, target 60": 60 pips as well."""
    kinds = [token.kind for token in tokens]
    if len(kinds) != 5 or kinds[0] not in _GAPPED or kinds[3] not in _GAPPED - {kinds[0]}:
        return tokens
    if kinds[1] not in _GAPPED_IN or kinds[2] not in {"COMMA", "AND", "SLASH"} or kinds[4] != "NUMBER":
        return tokens
    return [*tokens[:4], replace(tokens[4], kind=kinds[1])]


_GAPPED = frozenset({"STOP", "TARGET"})
_GAPPED_IN = frozenset({"PIPS", "POINTS", "PERCENT"})


_BEFORE_PACE = _MAKERS | {"AND", "COMMA", "WHATIF", "FOR", "AS", "INSTEAD_OF"}


def _paced(content: list[Token]) -> list[Token]:
    """ "Make the slow EMA 40": that one of the two EMAs, and no other indicator of 40 periods."""
    out = list(content)
    for i in range(1, len(out)):
        begun = i == 1 or out[i - 2].kind in _BEFORE_PACE
        if begun and out[i - 1].kind == "FAST" and out[i].kind == "MA":
            out[i] = replace(out[i], kind="THEM")
    return out


_TOO = re.compile(r"(?i)\b(?:also|too|as well)\b")


_LOOSENED = frozenset({"loosen", "relax", "tighten", "ease", "soften", "loosen up"})


def _loosened(content: list[Token]) -> list[Token]:
    """ "Loosen the ADX to 15": its threshold, for no length is loose."""
    kinds = [token.kind for token in content]
    if len(kinds) != 4 or kinds[1] not in {"IND", "OUT"} or kinds[2:] != ["TO", "NUMBER"]:
        return content
    if content[0].text.lower().split()[0] not in _LOOSENED:
        return content
    return [*content[:2], Token("LEVEL", "", content[2].start, content[2].start), *content[2:]]


def _of_calendar(content: list[Token], text: str) -> list[Token]:
    """ "Also on Fridays", "Fridays too": these days are added; "trade from 9 to 17 instead": hours."""
    if not content:
        return content
    kinds = [token.kind for token in content]
    if kinds[0] == "TRADE" and kinds[-1] == "INSTEAD":
        return with_bare_hours([*content, Token("ONLY", "", content[-1].end, content[-1].end)])[:-1]
    if "WEEKDAY" not in kinds[:2] or {*kinds} - {"ON", "WEEKDAY", "AND", "COMMA", "TO"}:
        return content
    before = re.split(r"[.;!?\n]", text[: content[0].start])[-1]
    after = re.split(r"[.;!?,\n]", text[content[-1].end :])[0]
    start = content[0].start
    return [Token("PLACE", "add", start, start), *content] if _TOO.search(f"{before} | {after}") else content


_SAME_LENGTH = re.compile(r"(?i)(?:of|with) (?:the )?same (?:length|period|lengths|periods)\s*$")
_TO_ENTER = re.compile(r"(?i)(?<!\w)to (?:get in|buy|enter|go long)\s*$")
_TYPES = {"exponential": "EMA", "exponentials": "EMA", "simple": "SMA", "weighted": "WMA"}
_NAMED_AGAIN = frozenset("IND MA PERCENT PERIOD TF TICKER STOP TARGET TIMES PIPS".split())
_KEPT = frozenset({"NO_STOP", "NO_TARGET", "FULL_SIZE", "ALL", "LONG_ONLY", "SHORT_ONLY"})


_ORDERS = frozenset({"LIMIT_ORDER", "BUY_LIMIT", "SELL_LIMIT", "BUY_STOP", "SELL_STOP"})
_SAME = re.compile(
    r"(?i)(?:(?:ok|okay|now|and)\s+)?(?:(?:do|run|try)\s+)?(?:the\s+)?(?:exact\s+)?same(?:\s+(?:thing|strategy|rules|setup|idea|again|"
    r"as before|one|entry|entries))*\s*,?\s*(?:but|except|only|just)?"
)
_SIDED = frozenset("EXIT SELL COVER BUY SHORT ENTER ENTRY".split())


def _without_same(content: list[Token], text: str) -> list[Token]:
    """ "Same but exit at 60": in the place of what was said of it."""
    said = _SAME.match(text, content[0].start)
    rest = [one for one in content if said is not None and one.start >= said.end()]
    if said is None or not rest or len(rest) == len(content):
        return content
    if rest[0].kind in _SIDED and rest[-1].kind != "INSTEAD" and not any(one.kind == "INSTEAD_OF" for one in rest):
        end = rest[-1].end
        return [*rest, Token("INSTEAD", "instead", end, end)]
    return rest


def _of_order(content: list[Token]) -> list[Token]:
    """ "Make the limit 2% below the close": use a limit there."""
    kinds = [token.kind for token in content]
    if len(kinds) < 4 or kinds[0] not in _MAKERS or kinds[1] not in _ORDERS:
        return content
    if not {*kinds[2:]} & {"BELOW", "ABOVE", "LOWER", "HIGHER", "AT"}:
        return content
    return [replace(content[0], kind="PLACE", text="use"), content[1], *content[2 + (kinds[2] == "TO") :]]


def _plainly(content: Sequence[Token], text: str) -> list[Token]:
    """ "RSI 30 becomes 35": 30 does; "an EMA of the same length": an EMA; "back to no stop": no stop."""
    told = list(content)
    same = _SAME_LENGTH.search(text, told[0].start, told[-1].end)
    told = [one for one in told if same is None or one.start < same.start()] or told
    kinds = [one.kind for one in told]
    if kinds in (["NUMBER"], ["WHATIF", "NUMBER"], ["NUMBER", "INSTEAD"], ["WHATIF", "NUMBER", "INSTEAD"]):
        number = next(one for one in told if one.kind == "NUMBER")
        return [Token("MAKE", "make it", number.start, number.start), number]
    if kinds[0] == "REQUIRE" and (end := _TO_ENTER.search(text, told[0].start, told[-1].end)) is not None:
        return [one for one in told if one.start < end.start()]
    if kinds == ["IND", "NUMBER", "TURN", "NUMBER"]:
        return told[1:]
    if kinds[0] == "REQUIRE" and "IS" in kinds and kinds[kinds.index("IS") - 1] == "TO":
        place = kinds.index("IS") - 1  # "require ADX to be above 25"
        told = [*told[:place], *told[place + 1 :]]
        kinds = [one.kind for one in told]
    if "BACK" in kinds[:2] and "TO" in kinds[1:3] and kinds.index("TO") + 1 < len(kinds):
        rest = told[kinds.index("TO") + 1 :]
        again = kinds[0] in {"BACK", "MOVE", "TURN"} and rest[0].kind in _NAMED_AGAIN
        told = rest if again or rest[0].kind in _KEPT else told
    if kinds[0] in {"REMOVE", "LOSE"} and told[-1].text.lower() in {"thing", "stuff", "bit"} and len(told) > 1:
        told = [*told[:-1], replace(told[-1], kind="L_FILTER")]
    return [
        replace(one, kind="MA", value=_TYPES[one.text.lower()])
        if one.kind in {"UNKNOWN", "NOISE"} and one.text.lower() in _TYPES
        else one
        for one in told
    ]


_INTERJECTION = re.compile(
    r"(?i)(?:no|nope|yes|great|nice|cool|perfect|awesome|lovely|good|right|fine|well|interesting|(?:one|another) "
    r"(?:more |last |other |final )?(?:thing|change|tweak|idea|question)|forgot to (?:say|mention)|last (?:one|thing))"
)
_NOT_AT_MARKET = re.compile(
    r"(?i)(?:don'?t|do not|no|not|never)\s+(?:(?:buy|enter|use|go in|get in)\s+)?(?:(?:at|with|using|on)\s+)?"
    r"(?:a\s+|the\s+)?market(?:\s+orders?|\s+price)?"
)


def _without_interjection(content: list[Token], text: str) -> list[Token]:
    """ "No, make it 10%", "great, now add a stop": what is said before the change."""
    end = next((i for i, token in enumerate(content) if token.kind in _ENDS), None)
    if not end or end + 1 >= len(content):
        return content
    opening = text[content[0].start : content[end - 1].end]
    return content[end + 1 :] if _INTERJECTION.fullmatch(opening) else content


def _not_at_market(content: list[Token], text: str) -> list[Token]:
    """ "Don't buy at market, use a limit ...": instead of a market order."""
    end = next((i for i, token in enumerate(content) if token.kind in _ENDS), None)
    if not end or end + 1 >= len(content):
        return content
    if not _NOT_AT_MARKET.fullmatch(text[content[0].start : content[end].start].strip()):
        return content
    last = content[-1].end
    return [*content[end + 1 :], Token("INSTEAD_OF", "", last, last), Token("MARKET_ORDER", "", last, last)]


def _with_drop(content: list[Token]) -> list[Token]:
    """ "Drop ADX" takes it away, "drop the commission to 0.05%" makes it less."""
    if not content or content[0].text.lower() not in {"drop", "drop the"}:
        return content
    kind = "SWAP" if any(token.kind == "TO" for token in content) else "REMOVE"
    return [replace(content[0], kind=kind), *content[1:]]


def _without_complaints(content: list[Token], text: str) -> list[Token]:
    kept: list[Token] = []
    blamed: list[Token] = []
    for part in _parts(content, text):
        body = [token for token in part if token.kind not in _ENDS]
        if body and _is_complaint(body, text) and len(body) < len([t for t in content if t.kind not in _ENDS]):
            blamed += [token for token in body if token.kind in _AMOUNTS | _NAMED]
        else:
            kept += part
    while kept and kept[0].kind in _ENDS | {"AND", "THEN"}:
        kept = kept[1:]
    while kept and kept[-1].kind in _ENDS | {"AND", "THEN"}:
        kept = kept[:-1]
    if not blamed:
        return kept
    amounts = [token for token in blamed if token.kind in _AMOUNTS]
    named = [token for token in blamed if token.kind in _NAMED]
    if len(amounts) > 1 or len(named) > 1:
        return content
    if named:
        kept = _of_named(kept, named[0])
    if amounts and not any(token.kind == "INSTEAD_OF" for token in kept):
        end = kept[-1].end
        kept += [Token("INSTEAD_OF", "instead of", end, end), replace(amounts[0], start=end, end=end)]
    return kept


_DISTANCES = frozenset({"PERCENT", "ATR", "PIPS", "POINTS", "MONEY"})


def _of_named(kept: list[Token], named: Token) -> list[Token]:
    """ "The stop is too wide, make it 4%": the stop."""
    if kept and kept[0].kind == "MAKE" and kept[0].text.lower().endswith(" it"):
        return [kept[0], replace(named, start=kept[0].end, end=kept[0].end), *kept[1:]]
    if named.kind in {"STOP", "TARGET", "TRAILING_STOP", "TRAIL"} and {one.kind for one in kept} <= {
        *_DISTANCES,
        "NUMBER",
        "PLACE",
    }:
        amount = [one for one in kept if one.kind != "PLACE"]
        maker = Token("MAKE", "make", amount[0].start, amount[0].start)
        return [maker, replace(named, start=amount[0].start, end=amount[0].start), *amount] if amount else kept
    return [replace(named, start=one.start, end=one.end) if one.kind == "IT" else one for one in kept]


def _parts(content: list[Token], text: str) -> list[list[Token]]:
    """The content cut at its signs, and before a reason."""
    out: list[list[Token]] = [[]]
    for i, token in enumerate(content):
        reason = _WHY.fullmatch(token.text) is not None
        if i and (content[i - 1].kind in _ENDS or reason):
            out.append([])
        out[-1].append(token)
    return out


def _is_complaint(body: Sequence[Token], text: str) -> bool:
    said = _COMPLAINT.match(text[body[0].start : body[-1].end].replace("’", "'"))
    if said is None or said["much"].lower() not in complaints():
        return False
    about = body[0].start + said.end("what")
    told = [one for one in body if one.end <= about and not _WHY.fullmatch(one.text)]
    return all(one.kind in _BLAMED for one in told)


def _from_and_to(content: list[Token]) -> list[Token]:
    """ "Change it from 14 to 7": to 7 instead of 14; "bump it up to 100": to 100."""
    if not content or content[0].kind not in _MAKERS:
        return content
    out = list(content)
    for i in range(1, len(out) - 3):
        kinds = [token.kind for token in out[i : i + 4]]
        if kinds[0] == "FROM" and kinds[2] == "TO" and kinds[1] in _AMOUNTS and kinds[3] in _AMOUNTS:
            instead = Token("INSTEAD_OF", "instead of", out[i].start, out[i].end)
            return [*out[:i], out[i + 2], out[i + 3], *out[i + 4 :], instead, out[i + 1]]
    for i in range(1, len(out) - 1):
        if out[i].kind == "LE" and out[i].text.lower() == "up to":
            out[i] = replace(out[i], kind="TO")
        elif out[i].kind in {"DOWN", "UP"} and out[i + 1].kind == "TO":
            return [*out[:i], *out[i + 1 :]]
    return out


def _with_denial(content: list[Token]) -> list[Token]:
    """ "25, not 30", "not 30 but 25" and "not 30, 25": 25 instead of 30."""
    places = [i for i, token in enumerate(content) if token.kind == "NOT"]
    if len(places) != 1 or any(token.kind == "INSTEAD_OF" for token in content):
        return content
    (at,) = places
    denied = content[at + 1].kind if at + 1 < len(content) else ""
    if denied not in _AMOUNTS | _LINES | _SHARES or (at and content[at - 1].kind in {"IS", "HAS"}):
        return content
    instead = replace(content[at], kind="INSTEAD_OF")
    if at:
        before = content[:at]
        while before and before[-1].kind in _ENDS | {"AND"}:
            before = before[:-1]
        return [*before, instead, *content[at + 1 :]]
    end = next((i for i, token in enumerate(content) if token.kind in _ENDS or token.text.lower() == "but"), None)
    if end is None or end + 1 >= len(content):
        return content
    return [*content[end + 1 :], instead, *content[1:end]]
