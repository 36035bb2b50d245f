"""Labels in one's own words ("When I buy:", "Pattern:", "Safety net:"): what stands behind their colon, or nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import soft
from Backtest.reader.remarks import LIGHT, weighs
from Backtest.reader.titles import words_of

_ROLES: Mapping[str, str] = {
    "L_ENTRY": "on the way in|way in|when i buy|when i get in|when i enter|when we buy|when we get in|when we enter|"
    "when to get in|how i get in|how to get in|how we get in|what gets me in|where i buy|action|entry idea|i buy when|"
    "what i buy on|entry is",
    "L_EXIT": "on the way out|way out|when to leave|when to go|"
    "when i sell|when i get out|when i leave|when i exit|when we sell|when we get out|"
    "when we exit|when to get out|how i get out|how to get out|how we get out|what gets me out|where i sell|only exit|"
    "sole exit|only way out|termination|unwind|close-out|closeout|liquidation|exit idea|getting out again|one exit",
    "L_LONG_ENTRY": "when i go long|when we go long|when to go long|bullish setup|bullish signal|bull case",
    "L_SHORT_ENTRY": "when i go short|when we go short|when to go short|when i short|bearish setup|bearish signal|"
    "bear case",
    "L_SETUP": "cond|conds|context|state|"
    "pattern|candle|candlestick|candle pattern|candlestick pattern|signal|condition|conditions|situation|"
    "what i look for|what we look for|what i want to see|what we want to see",
    "STOP": "where to put the stop|where i put the stop|where the stop goes|my stop|stop goes|protective stop goes",
    "TARGET": "where to take profit|where to take profits|where i take profit|where i take profits",
    "L_TIMEFRAME": "what i trade|what we trade|what i buy|what to trade|traded instrument|stock|asset|underlying|pair|"
    "instrument|coin",
    "SIZE": "allocation|capital allocation|capital per trade|stake|position sizing rule|bet size|position|positions|"
    "amount|amount per trade|order amount|exposure|money|money per trade|how much|size of the trade|"
    "volume per trade|lot|lots|stake per trade",
}
_AMOUNTS = frozenset({"PERCENT", "MONEY", "SHARES", "EQUITY", "HALF", "QUARTER", "THIRD", "FIFTH", "TENTH", "RISKV"})
_ARROWS = {"in": "L_ENTRY", "entry": "ENTRY", "out": "L_EXIT", "exit": "L_EXIT", "stop": "STOP", "sl": "STOP"}
_ARROWS |= {"target": "TARGET", "tp": "TARGET", "stop loss": "STOP", "take profit": "TARGET"}
_KINDS = {words: kind for kind, listed in _ROLES.items() for words in listed.split("|")}
_GUARDS = frozenset(  # what says nothing of the stop that follows it
    "insurance|safety net|safety|safety belt|seat belt|seatbelt|emergency brake|emergency exit|emergency stop|"
    "disaster stop|catastrophe stop|disaster insurance|damage control|worst case|plan b|in case it goes wrong|"
    "if it goes wrong|when it goes wrong|in case i am wrong|if i am wrong|if i'm wrong".split("|")
)
_STOPS = frozenset({"STOP", "TRAILING_STOP", "TRAIL"})
_EMPTY = frozenset(  # what says nothing of what follows it
    "assumptions|assumption|remarks|remark|scale|scale out|scaling|scaling out|partial|partials|partial exit|"
    "comment|comments|caveats|inputs|input|parameters|parameter|params|settings|setting|config|configuration|"
    "backtest settings|test settings|account settings|broker settings|specs|spec|specification|specifications|"
    "housekeeping|practical details|practicalities|details|technical details|small print|fine print|frictions|friction|"
    "execution|mechanics|basics|the basics|key facts|facts|misc|"
    "miscellaneous|odds and ends|for the record|important|very important|reminder|ps|p.s|"
    "chat|transcript|quote|summary|in short|in brief|"
    "bottom line|the short version|tl;dr|tldr|recap|conclusion|message|post|text|prompt|description".split("|")
)
_LEG = re.compile(r"(?P<side>long|short|buy|sell|bull|bear) (?:leg|half|part|side|book|sleeve)")
_TRADED_ON = re.compile(  # "I buy weakness in strong stocks:"
    r"(?:i|we) (?:only |simply |just |like to |always )?(?P<verb>buy|sell|short) (?:into |the |a |on )?"
    r"(?:weakness|strength|dips?|pullbacks?|panics?|fear|greed|breakouts?|breakdowns?|momentum|rallies|bounces?|"
    r"exhaustion|new highs|new lows)(?: (?:in|of|on|within|inside) (?:an? |the )?(?:strong|weak|trending|rising|"
    r"falling|healthy|good|bad|quality|long[- ]term )* ?(?:stocks?|names|markets?|uptrends?|downtrends?|trends?|"
    r"shares))?"
)
_SOLD = {"buy": "L_LONG_ENTRY", "sell": "L_EXIT", "short": "L_SHORT_ENTRY"}
_IN_ORDER = re.compile(  # "Position sizing comes first:"
    r"(?i)(?:(?:the|my|our) )?(?:position sizing|bet sizing|position size|risk management|money management|"
    r"exits?|entry|entries|(?:protective )?stop(?: loss)?|filters?)"
    r"(?P<place> (?:(?:comes?|goes|go|is|are) )?(?:first|next|last))"
)
_ARTICLES = re.compile(r"^(?:(?:and|so|then|now|first|second|also|finally|the|my|our|a|an|this|your)\s+)+")
_MADE_OF = re.compile(  # what a strategy is, where it comes from and why it should work
    r"(?:strategy |trade |system )?(?:type|kind|category|class|style|genre|family|difficulty|level|idea|core idea|"
    r"basic idea|concept|hypothesis|thesis|premise|edge|philosophy|motto|background|goal|aim|objective|purpose|"
    r"rationale|logic|reasoning|theory|why it works|why|source|inspiration|origin|credit|credits|author|by|version|"
    r"version number|revision|status|tags|tag|keywords|for whom|audience|mood|motivation|story)"
)
_TOLD = LIGHT | frozenset(
    "TREND AFTER TRADE PRICE MOVE MOVE_UP MOVE_DOWN TURN BREAK FALLING RISING RUN LOSS CANDLE CHANNEL BAND FAST VOLUME "
    "CROSS CROSSNAME OVERSOLD OVERBOUGHT GAP LOW HIGH PLACE USEV DECLARE CASH FALLING HIGHER LOWER REVERSE_NOTE".split()
)
_SIGNS = frozenset({"COLON", "ARROW"})
_ACTS = {"long": frozenset({"BUY", "LONG"}), "short": frozenset({"SHORT"})}
_ORDERED = frozenset({"BUY", "LONG", "SHORT"})
_DEALS = _ORDERED | {"SELL", "EXIT", "COVER", "ENTER", "CLOSE_POSITION"}
_LONGEST = 9
_STATES = frozenset("bull bear calm quiet strong weak volatile trending rising falling choppy flat".split())
_WORDS = frozenset(
    "strength weakness momentum range ranges volatility average averages mean small big strong weak overdone stretched "
    "cheap following calm quiet".split()
)


def with_label_words(tokens: Sequence[Token], text: str) -> list[Token]:
    """The sentence with a label of one's own words as the one that it stands for; an empty one is noise."""
    colon = next((i for i, token in enumerate(tokens[: _LONGEST + 1]) if token.kind in _SIGNS), 0)
    if not colon:
        return list(tokens)
    said = _ARTICLES.sub("", " ".join(text[tokens[0].start : tokens[colon - 1].end].lower().replace("’", "'").split()))
    rest = list(tokens[colon + 1 :])
    ordered = _IN_ORDER.fullmatch(text, tokens[0].start, tokens[colon - 1].end)
    if ordered is not None:
        place = ordered.start("place")
        return [replace(one, kind="NOISE", value=None) if place <= one.start < ordered.end() else one for one in tokens]
    following = next((token.kind for token in rest if token.kind != "NOISE"), "")
    if not following:
        return list(tokens)
    traded = _TRADED_ON.fullmatch(said)
    if traded is not None and not any(token.kind in _DEALS for token in rest):
        return [_label(tokens[:colon], _SOLD[traded["verb"]], text), replace(tokens[colon], kind="COLON"), *rest]
    leg = _LEG.fullmatch(said)
    if said in _EMPTY or (said in _GUARDS and any(token.kind in _STOPS for token in rest)):
        return [*(replace(token, kind="NOISE", value=None) for token in tokens[: colon + 1]), *rest]
    if leg is not None:
        side = "short" if leg["side"] in {"short", "sell", "bear"} else "long"
        if following in _ACTS[side]:
            return [*(replace(token, kind="NOISE", value=None) for token in tokens[: colon + 1]), *rest]
        return (
            [_label(tokens[:colon], f"L_{side.upper()}_ENTRY", text), *tokens[colon:]]
            if (following not in _ORDERED | {"SELL", "EXIT", "COVER"})
            else list(tokens)
        )
    kind = _KINDS.get(said) or _ARROWS.get(said if tokens[colon].kind == "ARROW" else "")
    if kind == "L_SETUP" and following == "NUMBER":  # "MACD: fast 12, slow 26, signal: 9"
        return list(tokens)
    if kind is None or (said == "action" and following not in _ORDERED):
        return list(tokens)
    if kind == "SIZE" and not any(token.kind in _AMOUNTS for token in rest):  # "Position: long only"
        return list(tokens)
    return [_label(tokens[:colon], kind, text), replace(tokens[colon], kind="COLON"), *rest]


def is_made_of(tokens: Sequence[Token], text: str) -> bool:
    """ "Idea: mean reversion after panic": what a strategy is made of, with no number, condition, order or size."""
    colon = next((i for i, token in enumerate(tokens[: _LONGEST + 1]) if token.kind == "COLON"), 0)
    if not colon:
        return False
    said = _ARTICLES.sub("", " ".join(text[tokens[0].start : tokens[colon - 1].end].lower().split()))
    if _MADE_OF.fullmatch(said) is None:
        return False
    told = tokens[colon + 1 :]
    if "version" in said or said == "revision":
        return [token.kind for token in told] == ["NUMBER"]
    if not told or any(token.kind not in _TOLD or any(c.isdigit() for c in token.text) for token in told):
        return False
    words = {*words_of(told)}
    if words & {"market", "markets", "regime", "stocks", "days"} and words & _STATES:
        return False  # "Background: bull market"
    return not any(weighs(word, soft() | _WORDS) for one in told if one.kind == "UNKNOWN" for word in words_of([one]))


def _label(words: Sequence[Token], kind: str, text: str) -> Token:
    start, end = words[0].start, words[-1].end
    return Token(kind, text[start:end], start, end)
