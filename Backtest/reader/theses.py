"""What is said of markets and of the strategy at large, before or behind its rules: it decides nothing.

"Stocks that stretch too far tend to snap back", "Volatility comes in waves", "The rule tested here is simple", "The
logic is that fear fades". Its subject is never one's own order or position; no number, comparison, condition, time,
restriction or order may stand in it.
"""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.remarks import said_before

_DECIDING = frozenset(
    "NUMBER PERCENT MONEY PIPS POINTS BPS RMULT RATIO PERIOD TIMES ORDINAL DECIMAL_COMMA CROSSES_UP CROSSES_DOWN ABOVE "
    "BELOW BETWEEN OUTSIDE WHEN WHILE EACH_TIME ONLYWHEN ONLY UNLESS EXCEPT UNTIL OTHERWISE CLOCK WEEKDAY DATE TF "
    "SESSION NO_TRADES NO_STOP NO_TARGET LONG_ONLY SHORT_ONLY COLUMN BUY SELL SHORT LONG ENTER EXIT COVER HOLD_MAX "
    "STOP TARGET TRAIL TRAILING_STOP BREAK_EVEN MOVE_STOP RISKV SIZE SHARES COOLDOWN HALF THIRD TWO_THIRDS QUARTER "
    "REST PARTIAL INSTRUCTION ILLICIT REQUIRE COMMISSION LEVERAGE SPREAD CONSECUTIVE NO_REENTRY ENTRY".split()
)
"""Kinds of which one makes a sentence more than a thought about markets."""
_NAMED_AT_LARGE = frozenset("elliott_waves_and_chart_figures news earnings discretion several_instruments".split())
_RESTRICTS = re.compile(
    r"\b(?:if|unless|until|till|except|only|never|always|without|avoid|skip|ignore|no|not|must|should|shall|so|hence|"
    r"therefore|thus|instead|otherwise|i|we|you|my|our|your|me|us|one|half|third|quarter|double|twice|percent|pips|"
    r"points|dollars|monday|tuesday|wednesday|thursday|friday|stop|stops|target|targets|size|sized|position|"
    r"positions|account|equity|entry|entries|exit|exits|bought|sold|shorted|taken|skipped|avoided|ignored|held|kept|"
    r"closed|traded|entered|exited|covered|buy|sell|cover|hold)\b|\d"
)
_NOT_REALLY = re.compile(
    r"\b(?:not (?:always|all|every|just|forever|overnight|in a straight line)|never straight|one of (?:the|our|my|"
    r"its))\b"
)
_LIKE = re.compile(
    r"(?:do|does|will|can)(?: not|n't)? (?:last|go on|fall|rise|stay|move|continue|keep|run)\b.*"
    r"\b(?:forever|straight line)"
)
_BEFORE = (
    r"(?:(?:and|but|since|because|as|historically|statistically|empirically|remember|in general|generally|in my view|"
    r"in theory|overall|usually|often|most of the time|after all|again and again|over and over|the fact is|fact is|"
    r"it is known that|everyone knows|everybody knows|we all know|they say|people say|studies show|research shows|"
    r"history shows|experience shows|that),? )*"
)
_ADJECTIVE = (
    r"(?:the|a|an|any|most|many|some|all|even|such|these|those|this|every|good|great|bad|big|small|large|sharp|sudden|"
    r"sudden|new|fresh|old|quiet|calm|strong|weak|liquid|volatile|oversold|overbought|beaten[- ]down|stretched|failed|"
    r"false|true|real|short[- ]term|long[- ]term|major|heavy|extreme|deep|shallow|trending|rising|falling|fast|slow|"
    r"currency|stock|bull|bear|equity|market|price|daily|steep|violent|quick|healthy|clean|high|low|short|long|"
    r"extended|overextended|overstretched|hot|cold|cheap|expensive|popular|leading|lagging|large[- ]cap|small[- ]cap|"
    r"tech|growth|value|financial|commodity|forex|crypto|intraday|sustained|persistent|lasting|brief|panic|opening|"
    r"morning|overnight|down|up|rapid|emotional|crowded|quality|great|high[- ]volume|low[- ]volatility|wide|narrow|"
    r"tight|big|huge|multi[- ]year|individual|single|well[- ]established|established|mature|young|early|late)"
)
_NOUN = (
    r"(?:stocks?|shares|equities|prices?|markets?|trends?|breakouts?|breakdowns?|breaks|highs|lows|moves?|rallies|"
    r"rally|pullbacks?|dips?|corrections?|gaps?|reversals?|momentum|volatility|volume|fear|greed|panics?|panic|crowds?|"
    r"traders?|investors?|buyers|sellers|bulls|bears|winners|losers|strength|weakness|currencies|currency|pairs?|"
    r"crypto|coins?|names|indices|indexes|ranges|bands?|averages?|candles?|patterns?|signals?|drawdowns?|extremes?|"
    r"squeezes?|compressions?|expansions?|reversion|following|futures|commodities|oscillators?|whipsaws?|fakeouts?|"
    r"institutions|people|everything|things|sentiment|sell-?offs?|crashes|crash|bottoms?|tops?|bounces?|swings?|"
    r"spikes?|surges?|drops?|runs?|legs?|cycles?|phases?|regimes?|periods?|days|mondays|shocks?|overreactions?|"
    r"surprises?|bubbles?|human nature|mean|premium|euphoria|optimism|pessimism|uptrends?|downtrends?|consolidations?|"
    r"divergences?|supports?|resistances?|levels|crossovers?|crosses|thrusts?|flags|wedges|triangles|money|crowd|"
    r"nature|weekends?|exhaustion|capitulation|inertia|leadership|charts?|oil|gold|bitcoin|apple|google|tesla|goog|"
    r"eurusd|btcusd)"
)
_OF = (
    r"(?:,? (?:that|which|who|where) (?:\w+[- ]){1,8}?|"
    r" (?:in|of|on|after|from|with|at|near|into|to|against|around|during|by|for|following|out of|like) "
    r"(?:[\w'-]+ ){1,5}?)"
)
_SUBJECT = rf"{_BEFORE}(?:{_ADJECTIVE} )*{_NOUN}(?: (?:and|or) (?:{_ADJECTIVE} )*{_NOUN})?(?:{_OF}| )"
_OFTEN = (
    r"(?:(?:still|just|also|simply|really|all|both|almost|nearly|quite|very|most|more) )*"
    r"(?:tends?|often|usually|generally|typically|rarely|seldom|sometimes|frequently|commonly|"
    r"mostly|more often than not|most of the time|(?:have|has) a (?:habit|tendency|way|nasty habit|history)|"
    r"(?:like|likes|love|loves) to|can|could|may|might|(?:is|are) (?:known|prone|said|thought|likely|inclined|bound|"
    r"notorious|famous|supposed|apt|liable)|(?:have|has) (?:long |always |often |usually |historically |tended)|"
    r"historically|seems? to|keeps? on)\b"
)
_DOES = (
    r"(?:beget|breed|overshoot|overreact|underreact|cluster|persist|mean[- ]revert|revert|snap back|spring back|"
    r"bounce back|feed on|attract|precede|alternate|trend|lead to|come in (?:waves|cycles|clusters|bursts|legs)|"
    r"comes and goes?|come and go|go further|go on (?:for )?longer|run further|last longer|run longer|travel further|"
    r"follow through|pay for|pay off|carry on|continue|fade (?:quickly|fast|away|out|over)|fade|die out|"
    r"begins with|starts with|ends with|comes from|leads to|(?:has|have) (?:a )?(?:long )?(?:memory|inertia|legs)|"
    r"wear off|wear out|exhaust|repeat|rhyme|matter|need time|take time|work until|deserve|reward|punish|"
    r"rise from|start with|begin with|end with|start from|begin quietly|end badly|die|breathe|rest|pause|make fools|"
    r"fool|hurt|drive|reflect|remember|forget|climb a wall|climb walls|hate|do what|love)"
    r"(?:s|es|ed)?\b|(?:comes|fades|persists|carries|pays|leads|goes|lasts|overshoots|begets|dies|snaps back|"
    r"springs back|bounces back|reverts|needs time|takes time) "
    r"(?:in (?:waves|cycles|clusters|bursts|legs)|quickly|fast|away|longer|further|off|to more|back|on\b|)"
)
_IS = (
    r"(?:is|are|['’]s) (?:(?:just|simply|often|usually|rarely|only|also|still|always|really) )*"
    r"(?:where|what|why|how|a|an|part of|one of|hard to|easy to|worth|rare|king|everything|noisy?|"
    r"random|cyclical|mean[- ]reverting|contagious|sticky|fractal|efficient|inefficient|irrational|emotional|"
    r"overrated|underrated|human|fickle|expensive to|dangerous|powerful|real|common|your friend|the (?:[\w']+ )?"
    r"(?:friend|key|fuel|enemy|engine|edge|point|cost|price|rule|exception|norm|name|sign|mother|footprint))\b"
)
_OF_MARKETS = re.compile(rf"{_SUBJECT}(?:{_OFTEN}|{_DOES}|{_IS})")
_STRATEGY = (
    r"(?:(?:the|this|that|my|our|these|those|here'?s?|whole|entire|core|basic|main|underlying|actual|very|trading|"
    r"simple|classic) )*"
    r"(?:rules?|system|strategy|idea|logic|method|setup|approach|plan|model|concept|recipe|thinking|theory|thesis|premise|"
    r"hypothesis|reasoning|rationale|argument|hope|belief|assumption|hunch|intuition|observation|claim|aim|goal|"
    r"purpose|point|objective|ambition|job|edge|trick|philosophy|mechanics|code|template|exercise|test|experiment|"
    r"question|lesson|story|background|motivation)"
    r"(?: (?:tested|used|followed|shown|described|presented|given|being tested|under test|below|here|itself|"
    r"in question|behind it|behind this|behind them|behind the rules|of it|for this|of this(?: one)?|today|"
    r"(?:that )?(?:i|we) (?:use|follow|test|trade|run|have)))*"
)
_WHY = re.compile(
    rf"{_BEFORE}(?:(?:that|this) way (?:i|we|it|you|one|the \w+)\b|"
    rf"{_STRATEGY} (?:is|was|['’]s|goes|being|here is)(?: simply| just| really)? "
    r"(?:that|this|to|about|for)\b|"
    r"(?:(?:i|we) (?:really |simply |do )?(?:believe|suspect|reckon|figure|expect|hope|assume|suppose|gather) "
    r"(?:that )?))"
)
_ADVERB = (
    r"(?:(?:very|really|quite|so|as|fairly|pretty|rather|deliberately|purposely|intentionally|fully|purely|"
    r"completely|all|just|simply|about|almost|kept|meant to be|supposed to be|dead|super) )*"
)
_PLAIN = (
    r"(?:simple|simpler|simplest|easy|plain|basic|old|new|crude|naive|straightforward|straight forward|mechanical|"
    r"systematic|brief|clear|few|well[- ]known|known|well known|popular|famous|standard|classic|textbook|public|"
    r"boring|dull|robust|honest|modest|transparent|rule[- ]based|trivial|primitive|ancient|familiar|nothing new|"
    r"nothing special|no secret|not complicated|not new|not mine|unoriginal|elementary|minimal|minimalist|bare|"
    r"bare[- ]bones|vanilla|easily stated|quickly told|quickly explained|easily told|widely known|old hat|"
    r"as old as the hills|old as the hills|common knowledge|child's play|compact|concise|lean|tiny|neat|elegant)"
)
_OF_STRATEGY = re.compile(
    rf"{_BEFORE}{_STRATEGY} (?:is|are|['’]s|couldn't be|could not be|can't be|cannot be|sounds?|looks?|stays?|"
    rf"remains?|must stay|should stay) {_ADVERB}{_PLAIN}(?:,? (?:and|but|yet)? ?{_ADVERB}{_PLAIN})*"
    r"(?: (?:enough|as can be|to follow|to code|to state|to explain|to test|on purpose|by design|here|indeed|though|"
    r"really|for a reason|to remember))*"
)


_MEANT = re.compile(r"\b(?:this one|that one|the one|it one|me|us|my \w+)\b")
_CREDIT = re.compile(
    r"(?:(?:[A-Z][\w.'’-]+|and|&) ){1,5}(?:(?:once|first|famously|really|has|have) )*(?:made|popularised|popularized|"
    r"wrote|taught|invented|published|described|recommended|introduced|coined|discovered|called|tested|documented) "
    r"(?:this|it|that|the (?:idea|rule|system|method|setup|strategy|original))\b"
)


def is_thesis(tokens: Sequence[Token], text: str) -> bool:
    """Whether a part of `text` says how markets are, why the rules should work, or how simple they are."""
    said = " ".join([*said_before(tokens, text), text[tokens[0].start : tokens[-1].end].lower().replace("’", "'")])
    if _OF_STRATEGY.fullmatch(said):
        return True
    if _CREDIT.match(text[tokens[0].start : tokens[-1].end]) and decides_nothing(tokens, text):
        return True
    why = _WHY.match(said)
    of_markets = _OF_MARKETS.match(said)
    if why is None and of_markets is None:
        return False
    rest = said[why.end() :] if why is not None else said
    if _RESTRICTS.search(_LIKE.sub(" ", _NOT_REALLY.sub(" ", rest))):
        return False
    begin = tokens[-1].end - len(rest)
    return not any(_decides(token) for token in tokens if token.start >= begin)


def decides_nothing(tokens: Sequence[Token], text: str) -> bool:
    """Whether a part of `text` holds no number, comparison, condition, time, restriction or order."""
    said = text[tokens[0].start : tokens[-1].end].lower().replace("’", "'") if tokens else ""
    return not any(_decides(token) for token in tokens) and _RESTRICTS.search(_MEANT.sub(" ", said)) is None


def _decides(token: Token) -> bool:
    if token.kind == "UNSUPPORTED":
        return str(token.value).replace(" ", "_") not in _NAMED_AT_LARGE
    return token.kind in _DECIDING and token.text.lower() not in {"where", "one"}
