"""Texts of something else than rules: what asks for a poem or the weather, what is a recipe or a letter."""

import re

from Backtest.reader.lexicon import tokenize

_ASKED = re.compile(
    r"(?i)\s*(?:(?:hi|hey|hello|please|ok|okay|so|and|there|dear \w+|pls|chat|assistant|bot)[ ,!.]+)*"
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone|somebody)|write|tell me|give me|sing|translate|"
    r"explain|define|recommend|draw|what|what['’]?s|who|whose|where|why|"
    r"how (?:is|are|do|does|did|was|can|old|far|big|long)|"
    r"do you|are you|is it|i (?:want|need|would like|['’]d like) a)\b"
)
_EXPLAINED = re.compile(
    r"(?i)\W*(?:please )?(?:(?:can|could) you )?(?:explain|define|what (?:is|are|does|do)|what['’]s)\b"
)
_INDICATORS = frozenset({"IND", "OUT", "MA", "CHANNEL", "ATR"})
_OF_TRADING = frozenset(
    "BUY SELL ENTER EXIT COVER CLOSE_POSITION STOP TARGET TRAIL TRAILING_STOP WHEN ONLYWHEN WHILE CROSS CROSSNAME "
    "PERCENT MONEY PIPS BPS RISKV SIZE SHARES HOLD HOLD_MAX L_ENTRY L_EXIT ENTRY RUN L_RULES ABOVE BELOW OVER GT LT GE "
    "LE EACH_TIME BREAK TRADE TICKER COMMISSION LEVERAGE SETUP OVERSOLD OVERBOUGHT CANDLE POSITION UNSUPPORTED".split()
)
_OF_RULES = re.compile(
    r"(?i)\b(?:strateg\w*|systems?|rules?|back-?tests?|tests?|tested|trades?|trading|simulat\w*|signals?|setups?|algo\w*|"
    r"bots?|robots?|scripts?|code|program|invest\w*|portfolios?|positions?|orders?|profit\w*|money)\b"
)


_OF_MARKETS = re.compile(
    r"(?i)\b(?:markets?|charts?|stocks?|shares?|prices?|candles?|trends?|trending|bull\w*|bear|bears|bearish|entry|"
    r"entries|exits?|coins?|crypto\w*|bitcoin|btc|eth|forex|fx|index|indices|dips?|break-?outs?|momentum|"
    r"indicators?|support|resistance|wins?|winners?|loss(?:es)?|losers?|risk\w*|buy\w*|sell\w*|gains?|returns?|"
    r"leverage|volatility|hedg\w*|options?|futures|earnings|dividends?|account|capital|cash|%)"
)
_LEADS_TO_TRADES = _OF_TRADING - set("WHEN WHILE ABOVE BELOW OVER SETUP L_RULES POSITION TRADE RUN HOLD".split())
_SAYS_LITTLE = frozenset(
    "AND OR OF TO IN ON AT IS HAS IT ITS WITH FOR FROM UNTIL WHEN WHILE THEN BEFORE AFTER BOTH EITHER NUMBER NOT "
    "NO ABOVE BELOW OVER OR_MORE OR_LESS UNIT WEEKDAY PER_SIDE PLACE COMMA COLON DASH SLASH LPAR RPAR AS BY ONLY LAST "
    "FIRST SECOND THAN ALL_OF BETWEEN WITHIN LONG SHORT DOT THEM PERIOD DATE CLOCK ORDINAL".split()
)
_FEWEST_WORDS = 5


def is_no_strategy(text: str) -> bool:
    """Whether a text asks for something else, or is a poem, a recipe or a letter: nothing is bought or sold in it."""
    return _asks_for_else(text) or _is_about_else(text)


def _is_about_else(text: str) -> bool:
    """Whether most words of a text are of no table, and none of them is a word of markets."""
    if _OF_RULES.search(text) or _OF_MARKETS.search(text):
        return False
    tokens = [token for token in tokenize(text) if token.kind not in {"NOISE", "NEWLINE"} | _SAYS_LITTLE]
    said = [token for token in tokens if token.corrected is None and token.text.lower() != "out"]
    unknown = sum(token.kind == "UNKNOWN" and token.text.isalpha() for token in said)
    return (
        unknown >= _FEWEST_WORDS
        and 3 * unknown >= 2 * len(said)
        and not any(token.kind in _LEADS_TO_TRADES | {"INSTRUCTION", "ILLICIT"} for token in said)
    )


def _asks_for_else(text: str) -> bool:
    """Whether a text asks for something in which nothing is bought or sold; "short" may be how long a poem is."""
    if _ASKED.match(text) is None or _OF_RULES.search(text) or re.search(r"\d", text):
        return False
    tokens = [token for token in tokenize(text) if token.kind not in {"NOISE", "DOT", "NEWLINE"}]
    for i, token in enumerate(tokens):
        if token.kind in {"SHORT", "LONG"}:
            following = tokens[i + 1].kind if i + 1 < len(tokens) else ""
            if following != "UNKNOWN" or token.text.lower() not in {"short", "long"} or i == 0:
                return False
        elif token.kind in _OF_TRADING or (token.kind in _INDICATORS and not _EXPLAINED.match(text)):
            return False
    return True
