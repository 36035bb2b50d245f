"""Sentences that say nothing which the rules do not say: introductions, titles, summaries, in any words.

"The idea behind a Keltner breakout is simple", "Dip buying inside a weekly uptrend": what they name (an indicator, a
side, a chart, a kind of move) is told of by a rule that was read. Such a sentence holds no order, condition, comparison
or negation, and every word of trading in it is accounted for by the rules; what is not is asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.clause import Clause, Cut
from Backtest.reader.concepts import CONCEPTS, OF_KIND, RulesSaid, is_named
from Backtest.reader.everyday import without_everyday
from Backtest.reader.lexicon import Token, tokenize
from Backtest.reader.meanings import meanings
from Backtest.reader.phrases import persons, title_nouns
from Backtest.reader.reading import Unresolved
from Backtest.reader.remarks import is_light, weighs
from Backtest.reader.statement_syntax import (
    ContextSaid,
    IndicatorsSaid,
)
from Backtest.reader.statement_trees import instrument
from Backtest.reader.syntax import (
    CandleSaid,
    Span,
)
from Backtest.reader.titles import ABANDONED, words_of

_CONNECTING = frozenset(
    "SLASH TRADE PRICE LINE LEVEL SIGNAL_BAR MARKET RANGE UNIT SETUP L_SETUP DECLARE THEM THATIS RUN "
    "BOTH ALL PER_TRADE ABOUT PATTERN BASED FOLLOWS INSIDE THROUGH USEV".split()
)
_NAMES = frozenset({"IND", "CHANNEL", "MA", "OUT"})
_CHANNELS = frozenset({"BBANDS", "KELTNER", "DONCHIAN"})
_OF_CHART = frozenset({"TICKER", "CHART", "UNIT"})
_ANY_CHANNEL = "CHANNEL"
_SOFT = frozenset({"behind", "inside", "using", "about", "uses", "use"})
_REASONS = ("not understood", "it is left open")


_NEVER = re.compile(
    r"(?i)\b(?:if|when|whenever|while|until|till|unless|except|only|no|not|never|without|always|don['’]?t|avoid|skip|"
    r"ignore|otherwise|instead|must|should|shall|has to|have to|need|needs|please|after|before|above|below|over|under|"
    r"than|at least|at most|within|every|each|per|twice|half|third|quarter|double|wait|require|requires|avoiding|"
    r"ignoring|skipping|plus|minus|times)\b"
)
BOUNDS = re.compile(r"[.!?:;\n–—]")
_ENDED = re.compile(r"[\"'”’*_)\s]*?(?:$|[.!?:;\n–—]| -+ )")
_STRATEGY = (
    r"(?:idea|logic|concept|rule|rules|system|strategy|setup|method|approach|plan|recipe|premise|point|trick|play|"
    r"trade)"
)
_PRESENTED = re.compile(
    r"(?i)(?:(?:and |so |now |today |hi |hello |ok |well |for )*)(?:"
    r"(?:here|below)(?:['’]s| is| are| comes| come| follows| you have)|this (?:is|was)|that (?:is|was)|it(?:['’]s| is)|"
    r"(?:i|we|this \w+|the (?:next|following|present|last) \w+|my \w+|let['’]?s|let us)(?:['’](?:ll|ve|d|m|re))? "
    r"(?:(?:will|would|want to|going to|like to|now|also|briefly|here|simply|just|next|then|have been|are|am) )*"
    r"(?:stud(?:y|ies|ied)|test(?:s|ed|ing)?|present(?:s|ed)?|show(?:s|ed)?|look(?:s|ed|ing)? at|explore[sd]?|"
    r"examine[sd]?|"
    r"consider(?:s|ed)?|describe[sd]?|discuss(?:es|ed)?|explain(?:s|ed)?|introduce[sd]?|cover(?:s|ed)|codif(?:y|ies|ied)|"
    r"formali[sz]e[sd]?|automate[sd]?|back-?test(?:s|ed|ing)?|evaluate[sd]?|revisit(?:s|ed)?|implement(?:s|ed)?|"
    r"combine[sd]?|mix(?:es)?|pair(?:s|ed)?|marr(?:y|ies)|play(?:ed|ing)?|captur(?:es?|ed|ing)|is|was|are|s)\b|"
    rf"(?:[\w'’]+[ -]){{0,5}}?{_STRATEGY}\b(?: (?:behind|of|for|with|to|in|on|we|i|that|here|tested)\b(?: "
    rf"[\w-]+){{0,6}}?)? "
    r"(?:is|was|are|goes|works|uses|trades)\b)"
)
_SOURCE = re.compile(
    r"(?i),? ?\b(?:after|from|in|inspired by|based on) (?:an?|the|my|his|her|this) [\w' -]{0,30}?"
    r"(?:paper|book|article|post|blog|video|podcast|course|thread|magazine|talk)\b"
)
_ALWAYS_IN = re.compile(r"(?i)\b(?:that|which|it)? ?(?:is|are|stays?) always in(?: the market)?\b")
_VERBS = frozenset({"IS", "HAS", "MAKES", "IT", "THEM"})
_SELF = frozenset("i we you he she they me us them my our your it".split())
_ACTING = frozenset(
    "buying selling trading fading following riding catching chasing playing hunting joining breakout breakouts "
    "reversal "
    "reversion pullback pullbacks crossover crossovers entry entries trend "
    "effect test sheet timing".split()
)
_ORDERS = frozenset("BUY SELL SHORT LONG ENTER EXIT COVER PLACE RISKV SIZE HOLD MOVE_STOP USEV RUN".split())


def without_restatements(found: Cut, text: str) -> None:
    """Names the sentences of `found` that restate its rules as noise, where they were unresolved.

    The settings of an indicator that one of them tells ("a dip buy in the Keltner Channel (20, 1.5)") are its settings.
    """
    rules = RulesSaid(tuple(clause.said for clause in found.clauses))
    if not rules.sides:
        return
    kept: list[Unresolved] = []
    for one in found.unresolved:
        if not _is_whole(one, text, found.noise):
            kept.append(one)
            continue
        plain, settings = _without_settings(one)
        contexts = _contexts(one)
        told = RulesSaid((*rules.said, *settings, *contexts))
        if _is_restated(plain, _led(one, text), told) and all(_is_spoken_of(said, rules) for said in settings):
            (found.used if settings or contexts else found.noise).append(one.span)
            _declare(found, [*settings, *contexts])
        else:
            kept.append(one)
    found.unresolved[:] = kept


_SET = re.compile(r"\s*\((?:\s*\d+(?:\.\d+)?\s*[,/;]?)+\)")


def _without_settings(one: Unresolved) -> tuple[str, list[IndicatorsSaid]]:
    """The sentence without the numbers in parentheses behind its indicators, and what they declare."""
    tokens = [token for token in tokenize(one.text) if token.kind != "NOISE"]
    settings: list[IndicatorsSaid] = []
    plain = one.text
    for found in _SET.finditer(one.text):
        named = [i for i, token in enumerate(tokens) if token.kind in _NAMES and token.end <= found.start()]
        inside = [token for token in tokens if found.start() <= token.start < found.end()]
        apart = one.text[tokens[named[-1]].end : found.start()].strip() if named else ""
        if not named or (apart and not (len(named) == 1 and apart.lower().endswith(("settings", "setting", "values")))):
            return one.text, []
        moved = [
            replace(token, start=token.start + one.span[0], end=token.end + one.span[0])
            for token in (tokens[named[-1]], *inside)
        ]
        read = meanings(moved, "declaration")
        said = read[0][0] if len(read) == 1 and len(read[0]) == 1 else None
        if not isinstance(said, IndicatorsSaid):
            return one.text, []
        settings.append(said)
        plain = plain.replace(found[0], " " * len(found[0]))
    return plain, settings


def _is_spoken_of(said: IndicatorsSaid, rules: RulesSaid) -> bool:
    """Whether a rule speaks of the indicator, or of bands that may be its own."""
    named = {mention.name for mention in said.mentions}
    return bool(named & rules.names) or (bool(named & _CHANNELS) and _ANY_CHANNEL in rules.names)


def _contexts(one: Unresolved) -> list[ContextSaid]:
    """The instrument and the chart that a sentence names beside each other ("Monthly BTCUSD timing model")."""
    tokens = [token for token in tokenize(one.text) if token.kind != "NOISE"]
    named = [i for i, token in enumerate(tokens) if token.kind == "TICKER"]
    charts = [
        i
        for i, token in enumerate(tokens)
        if token.kind == "TF"
        and {near.kind for near in (*tokens[max(0, i - 1) : i], *tokens[i + 1 : i + 2])} & _OF_CHART
    ]
    if len(named) > 1 or len(charts) > 1:
        return []
    begin = one.span[0]
    placed = [replace(tokens[i], start=tokens[i].start + begin, end=tokens[i].end + begin) for i in (*named, *charts)]
    return [
        instrument(token)
        if token.kind == "TICKER"
        else ContextSaid("timeframe", str(token.value), (token.start, token.end))
        for token in placed
    ]


def _declare(found: Cut, settings: Sequence[IndicatorsSaid | ContextSaid]) -> None:
    for said in settings:
        at = next((i for i, clause in enumerate(found.clauses) if clause.span > said.span), len(found.clauses))
        found.clauses.insert(at, Clause(said, said.span, found.sentences))


def _is_whole(one: Unresolved, text: str, noise: Sequence[Span]) -> bool:
    """Whether it is a sentence, or one up to its colon, but for words of noise before it."""
    begin, end = one.span
    opens = max((mark.end() for mark in BOUNDS.finditer(text, 0, begin)), default=0)
    led = all(not text[i].isalnum() or any(a <= i < b for a, b in noise) for i in range(opens, begin))
    return led and one.reason.startswith(_REASONS) and _ENDED.match(text[end:]) is not None


def _led(one: Unresolved, text: str) -> str:
    """The words of noise between the sign before a sentence and what is left of it."""
    return BOUNDS.split(text[: one.span[0]])[-1].lstrip()


def _is_restated(said: str, led: str, rules: RulesSaid) -> bool:
    said = _SOURCE.sub(" ", said)
    if len(rules.sides) > 1:
        said = _ALWAYS_IN.sub(" ", said)
    if _NEVER.search(said):
        return False
    tokens = [token for token in tokenize(said) if token.kind not in {"NOISE", "NEWLINE", "DOT"}]
    tokens = without_everyday(tokens, said)
    if not tokens or {*words_of(tokens)} & (ABANDONED - {"example"}):
        return False
    presented = _PRESENTED.match(f"{led}{said}") is not None
    if not presented and (tokens[0].kind in _ORDERS or not _is_name(tokens, led)):
        return False
    return all(_is_accounted_for(tokens, i, rules) for i in range(len(tokens)))


def _is_name(tokens: Sequence[Token], led: str) -> bool:
    """A noun phrase that calls the rules something: "Dip buying inside a weekly uptrend"."""
    words = [*led.lower().split(), *words_of(tokens)]
    named = any(word in title_nouns() or word in _ACTING for word in words)
    if words[:1] and words[0] in {"how", "why", "what", "when", "where", "who"}:
        return False
    return named and not any(token.kind in _VERBS for token in tokens) and not {*words} & (persons() | _SELF)


def _is_accounted_for(tokens: Sequence[Token], i: int, rules: RulesSaid) -> bool:
    token = tokens[i]
    words = words_of([token])
    if token.text.lower() in _SOFT:
        return True
    if token.kind == "UNKNOWN" or all(word in CONCEPTS for word in words):
        return all(_is_word_of(word, rules) for word in words)
    if token.kind in {"IND", "CHANNEL", "MA", "ATR"}:
        return is_named(str(token.value or ""), rules)
    if token.kind == "OUT" and isinstance(token.value, tuple):
        return is_named(str(token.value[0]), rules)
    if token.kind == "CANDLE":
        name = token.value[0] if isinstance(token.value, tuple) else token.value
        return any(isinstance(part, CandleSaid) and part.name == name for part in rules.parts)
    if token.kind == "TF":
        return str(token.value) in rules.charts()
    if token.kind == "TICKER":
        return any(
            isinstance(one, ContextSaid) and one.kind == "instrument" and one.value == str(token.value)
            for one in rules.said
        )
    if token.kind in {"LONG", "BUY"}:
        return "long" in rules.sides
    if token.kind == "SHORT":
        return "short" in rules.sides
    if token.kind in OF_KIND:
        return OF_KIND[token.kind](rules)
    return is_light(token) or token.kind in _CONNECTING


def _is_word_of(word: str, rules: RulesSaid) -> bool:
    if word in CONCEPTS:
        return CONCEPTS[word](rules)
    return word in title_nouns() or not weighs(word)
