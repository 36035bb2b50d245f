"""Words beside the rules that are noise wherever they stand: letters' forms, reasons, and who is to do the trading."""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.adjuncts import of_adjuncts
from Backtest.reader.announcements import of_purpose
from Backtest.reader.everyday import is_everyday
from Backtest.reader.executions import of_execution
from Backtest.reader.letters import is_no_haste, of_letter
from Backtest.reader.lexicon import Token, is_known_instrument
from Backtest.reader.reasons import reasons
from Backtest.reader.remarks import LIGHT
from Backtest.reader.tellers import as_now, of_past, of_tellers

_DOER = (
    r"(?:(?:trading|expert|automated|automatic|little|simple) )*"
    r"(?:robot|bot|script|ea|expert advis[eo]r|program|programme|algo|algorithm|software|machine|computer|indicator)"
)
_WANTED = re.compile(
    rf"(?i)(?:(?:i|we) (?:just |really )?(?:want|need|would like|wish|like|['’]d like)(?: to have)? |"
    rf"(?:i am|i['’]?m|we are|we['’]?re) (?:looking|searching) for |(?:let|have) )?"
    rf"(?:(?:the|this|that|my|our|a|an|your) ){_DOER}(?: (?:to|that|which|who|will|should|must|shall|would|can|could|"
    rf"is to|is supposed to|has to|needs to|just|simply|then|always))*(?= )"
)
_SHOULD = re.compile(r"(?i)(?:it|he|she|they) (?:should|must|will|shall|has to|needs to|would)(?= )")
_OWN_SCRIPT = re.compile(r"(?i)\b(?:my|our|old|pine) $")
_DOES = re.compile(
    r"(?i) (?:is|was|has|goes|trades|uses|follows|looks|works|enters|opens|waits|always|never|simply|just)\b"
)
_PRESENTED = re.compile(
    r"(?i)(?:(?:the|our|my|today['’]s|this week['’]s|next|first|latest|current|new) )*(?:candidate|subject|topic|"
    r"victim|guest|"
    r"contender|system under test|system of the (?:week|day|month)) is(?= )"
)
_BY_THE_RULES = re.compile(
    r"(?i)by (?:the|our|my) (?:(?:club|house|fund|company|family|firm)(?:['’]s)? )?(?:rules|statutes|mandate|"
    r"policy|charter|bylaws)$"
)
_EXECUTED = re.compile(
    r"(?i)\b(?:run|runs|execute|eval|load|upload|install|download|open|call|print|show|send|paste)\b"
)
_ANY_DAY = re.compile(r"(?i)(?:on )?any day(?: of the week)?[ ]?[:,]")  # a label that restricts nothing
_PUBLISHED = re.compile(  # "the weekly newsletter" is no chart
    r"(?i)[ -](?:trading |market |stock |club |team |investment )?(?:newsletter|letter|column|podcast|"
    r"show|digest|bulletin|"
    r"briefing|meeting|magazine|blog|video|stream|challenge|webinar|call|class|lesson|memo|mail|email|paper|gazette)\b"
)
_ACTS = frozenset("BUY SELL LONG SHORT ENTER EXIT COVER CLOSE_POSITION".split())


def with_asides(tokens: Sequence[Token], text: str) -> list[Token]:
    """`tokens` with those of asides as noise. None of them says what is traded, when, or how much."""
    aside = {one.start for one in (*of_letter(tokens, text), *_initials(tokens))}
    tokens = [one for one in tokens if one.start not in aside or one.kind != "DOT"]
    aside |= {one.start for one in _reference(tokens, text)}
    for sentence in _sentences(tokens):
        if is_no_haste(sentence, text):
            aside |= {one.start for one in sentence}
            continue
        why = {one.start for one in reasons(sentence, text)}
        if any(one.kind not in LIGHT and one.start not in why for one in sentence):  # there is a rule beside them
            aside |= why
        if (free := _ANY_DAY.match(text, sentence[0].start)) is not None:
            aside |= {one.start for one in sentence if one.end <= free.end()}
        if (shown := _PRESENTED.match(text, sentence[0].start)) is not None:
            aside |= {one.start for one in sentence if one.end <= shown.end()}
        if (house := _BY_THE_RULES.search(text, sentence[0].start, sentence[-1].end)) is not None:
            aside |= {one.start for one in sentence if one.start >= house.start()}
        aside |= {
            one.start
            for one in [*of_execution(sentence, text), *of_purpose(sentence, text), *of_adjuncts(sentence, text)]
        }
        aside |= {one.start for one in [*_doers(sentence, text), *_there_is(sentence, text)]}
        aside |= {one.start for one in of_tellers(sentence, text)}
    past = {one.start for sentence in _sentences(tokens) for one in of_past(sentence, text)}
    plain = {one.start for one in tokens if one.text.lower() == "script" and _is_own(one, text)}
    plain |= {one.start for one in tokens if one.kind == "TF" and _PUBLISHED.match(text, one.end)}
    plain |= {one.start for one in tokens if one.kind == "UNSUPPORTED" and is_everyday(one, text)}
    return [
        replace(one, kind="NOISE", value=None, corrected=None)
        if one.start in aside
        else replace(one, kind="UNKNOWN", value=None)
        if one.start in plain
        else as_now(one)
        if one.start in past
        else one
        for one in tokens
    ]


def _is_own(token: Token, text: str) -> bool:
    """ "I cannot get my script to work": the author's own, which nobody is asked to run."""
    begin, end = text.rfind("\n", 0, token.start) + 1, text.find("\n", token.end)
    line = text[begin : end if end >= 0 else len(text)]
    told = _OWN_SCRIPT.search(text[begin : token.start]) or _DOES.match(text[token.end :])
    return told is not None and _EXECUTED.search(line) is None


def _initials(tokens: Sequence[Token]) -> list[Token]:
    """The points of "J. Harding" and "Mr. Doyle", which end no sentence."""
    return [
        point
        for before, point, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if point.text == "."
        and before.kind == after.kind == "UNKNOWN"
        and after.text[0].isupper()
        and ((len(before.text) == 1 and before.text.isupper()) or before.text.lower() in _TITLES)
    ]


_REFERENCE = re.compile(
    r"\s*(?:(?P<named>(?i:ref(?:erence)?|ticket|id|nr|no|strategy|system|idea|card|case|file|model|setup)\b\.?"
    r"(?: (?i:no|nr|number|id)\b\.?)?:? *)|#)?(?P<letters>[A-Z]{1,8}-)?\d{1,6}\s*"
    r"(?:[/|:,]|[-–—](?=\s)|(?=\s[A-Z]{6}\b))"
)
_INDICES = frozenset("NAS US GER DE SPX UK JPN FRA EU HK AU DAX FTSE NDX SP DJ WS".split())  # "US-30" is traded


def _reference(tokens: Sequence[Token], text: str) -> list[Token]:
    """The number of a ticket ("FX-212 / EURUSD H1") that the text begins with, before the instrument."""
    found = _REFERENCE.match(text)
    letters = found["letters"] or "" if found is not None else ""
    if found is None or letters[:-1] in _INDICES or not (letters or found["named"] or "#" in found[0]):
        return []
    line = next((i for i, one in enumerate(tokens) if one.kind == "NEWLINE"), len(tokens))
    named = [one for one in tokens[:line] if one.start >= found.end() and one.kind == "TICKER"]
    if not any(is_known_instrument(str(one.value)) for one in named):
        return []
    return [one for one in tokens[:line] if one.start < found.end()]


_TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr"})


def _sentences(tokens: Sequence[Token]) -> list[list[Token]]:
    out: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind in {"DOT", "NEWLINE"}:
            out.append([])
        else:
            out[-1].append(token)
    return [sentence for sentence in out if sentence]


def _doers(sentence: Sequence[Token], text: str) -> list[Token]:
    """ "I want the robot to buy when ...", "this script opens a long when ...": the strategy, before what it does."""
    found: list[Token] = []
    first = next((i for i, token in enumerate(sentence) if token.kind != "NOISE"), len(sentence))
    for i, token in enumerate(sentence):
        if i > first and sentence[i - 1].kind not in {"COMMA", "COLON", "AND", "DASH", "THEN", "LPAR"}:
            continue
        wanted = _WANTED.match(text, token.start) or _SHOULD.match(text, token.start)
        if wanted is None:
            continue
        named = [one for one in sentence if token.start <= one.start < wanted.end()]
        after = next((one for one in sentence if one.start >= wanted.end() and one.kind != "NOISE"), None)
        whole = all(one.end <= wanted.end() for one in named)
        if after is not None and after.kind in _ACTS and whole and not _asks(named):
            found += named
    return found


def _there_is(sentence: Sequence[Token], text: str) -> list[Token]:
    """ "There is also a trailing stop of 10% in place": the level alone."""
    begun = _THERE.match(text, sentence[0].start)
    if begun is None:
        return []
    first = next((one for one in sentence if one.start >= begun.end() and one.kind != "NOISE"), None)
    if first is None or first.kind not in _LEVELS or not any(one.kind in _PROTECTIONS for one in sentence):
        return []
    found = [one for one in sentence if one.start < begun.end()]
    for i, one in enumerate(sentence[:-1]):
        if one.text.lower() == "in" and sentence[i + 1].text.lower() == "place":
            found += [one, sentence[i + 1]]
    return found


_THERE = re.compile(r"(?i)there(?:['’]s| is| are| will be)(?: also| always| then| of course)?(?= )")
_LEVELS = frozenset("PERCENT NUMBER PIPS MONEY POINTS STOP TRAILING_STOP TRAIL TARGET ATR TIMES RMULT".split())
_PROTECTIONS = frozenset({"STOP", "TRAILING_STOP", "TRAIL", "TARGET"})


def _asks(tokens: Sequence[Token]) -> bool:
    return any(one.kind in {"INSTRUCTION", "ILLICIT"} and one.text.lower() != "script" for one in tokens)
