"""What articles, lessons and help pages say around their rules: it teaches, praises, warns or says goodbye.

"Bollinger Bands are often explained as a measure of what is cheap", "Combining two stops gives you protection early",
"This article examines the effect". Told by grammatical form: who or what it is said of at large, and a present
predicate that defines or generalises. Nothing that decides a trade may stand in it (a figure, comparison, condition,
restriction, order, state of the market), and no tool, side or kind of order that the rules beside it do not use.
"""

import re
from collections.abc import Iterator, Sequence

from Backtest.reader.clause import Cut
from Backtest.reader.concepts import OF_KIND, RulesSaid, is_named
from Backtest.reader.lexicon import Token, tokenize
from Backtest.reader.reading import Unresolved
from Backtest.reader.remarks import weighs
from Backtest.reader.restatements import BOUNDS
from Backtest.reader.statement_syntax import CooldownSaid, ExitSaid, StopSaid, TrailSaid
from Backtest.reader.syntax import CandleSaid, InHours, Span

_GERUND = (
    r"(?:(?:scaling|combining|using|trading|buying|selling|shorting|fading|following|riding|chasing|moving|letting|"
    r"cutting|keeping|waiting|entering|exiting|averaging|risking|adding|pairing|mixing|placing|holding|sizing|"
    r"taking|trailing|filtering|diversifying|testing|backtesting|confirming|requiring)\b(?:[ -][\w'-]+){0,7}?)"
)
_TOOLS = (
    r"(?:(?:(?:the|a|an|all|most|many|some|few|no|any|such|simple|exponential|popular|technical|trailing|fixed|hard|"
    r"[\w']+-(?:style|based|entry|following)) )*"
    r"(?:[\w'%/-]+ ){0,4}?"
    r"(?:indicators?|oscillators?|bands|channels?|averages?|systems?|strategies|patterns?|candlesticks?|"
    r"orders|stops|(?<=trailing )stop|crossovers?|breakouts|pullbacks|dips|gaps|signals|filters|tools?|envelopes|"
    r"reversion|momentum|following|exits|index|cloud|rsi|macd|atr|adx|vwap|sar|obv|mfi|cci|supertrend|ichimoku|"
    r"stochastics?|%r|%k|volume|rules|conditions|backtests|methods?|trends|divergences?|targets|hammers?))"
)
_PEOPLE = (
    r"(?:(?:the|most|many|some|all|few|short|crypto|stock|forex|professional|novice|new|experienced|retail|swing|day|"
    r"trend|position|long-horizon|long-term|short-term|patient|serious|busy|other) )*"
    r"(?:investors|traders|students|beginners|readers|professionals|practitioners|analysts|chartists|people|novices|"
    r"speculators|newcomers|users|authors)"
)
_LESSON = (
    r"(?:(?:this|the|our|my|today's|following|next|present|previous|last|final|short|whole|current|week's|month's) )*"
    r"(?:article|chapter|lesson|guide|section|course|tutorial|post|newsletter|study|note|issue|paper|video|page|"
    r"example|book|lecture|exercise|appendix|column|episode)"
)
_ADVERB = (
    r"(?:(?:also|often|rarely|usually|seldom|sometimes|generally|typically|commonly|still|perhaps|arguably|probably|"
    r"just|simply|really|very|quite|always|well|widely|frequently|mostly|hardly|merely|deliberately|of course) )*"
)
_DEFINED = (
    rf"(?:is|are|was|were|remains?|makes?) {_ADVERB}(?:a|an|the|one of|among|part of|popular|useful|explained|"
    r"described|used as|seen as|supported|covered|discussed|documented|available|designed|invented|developed|"
    r"introduced|understood|misunderstood|sufficient|enough on|perfect|right|reliable|effective|simple|easier|easy|"
    r"hard|harder|difficult|powerful|flexible|robust|intuitive|versatile|notorious|famous|known|favou?red|loved|prone|"
    r"not (?:for|a|an|perfect|magic|suitable|everything|the whole)|no (?:holy|guarantee|substitute|magic)|"
    r"nothing (?:more|but|new)|worth|there to|meant to|only as good as|never perfect)\b"
)
_GENERAL = (
    rf"(?:{_ADVERB}(?:tends? to|can|may|might|will not|won't|cannot|does not|do not|don't|doesn't)\b|"
    r"(?:has|have) (?:historically|traditionally|long|often|always|a habit|a tendency|been around|its|their)\b|"
    rf"{_ADVERB}(?:gives? (?:you|us|the|a|one|traders|investors)|lets? (?:you|us|one|the|a|winners|traders)|"
    r"allows? (?:you|us|one|for|traders)|helps? |keeps? (?:you|emotions?|things)|tells? (?:you|us)|saves? you|"
    r"teaches|forces (?:you|us)|works? (?:best|well|better|poorly|badly|on|in most)|measures?|tracks?|compares?|"
    r"smooths?|lags?|resets?|adapts?|reacts?|summari[sz]es?|combines?|follows? (?:the )?(?:price|prices|market)|"
    r"adds? (?:a|an|another|some|extra) |costs? (?:money|you)|pays? (?:off|for)|requires? (?:patience|discipline)|"
    r"suffers?|struggles?|shines?|thrives?|survives?|leads?|precedes?|depends? (?:on|heavily)|means? (?:fewer|less|"
    r"more|that you)|"
    r"comes? (?:with|at)|offers?|provides?|serves? as|produces?|creates?|do(?:es)? (?:all|most of|much of) )"
    r"|(?:should|must) (?:always |also |never )?(?:note|begin|start|remember|observe|notice|bear in mind|be aware|"
    r"keep in mind|realise|realize)\b|will (?:note|notice|depend|vary|differ|see|find|be surprised)\b)"
)
_BEFORE = (
    r"(?:(?:and|but|so|still|finally|in short|in general|of course|as always|as ever|as usual|as a rule|in practice|"
    r"in theory|historically|in many ways|at heart|note that|please note that|remember,?(?: that)?|"
    r"keep in mind that|bear in mind that|the lesson is that|the lesson|the moral|the moral is that|lesson learned|"
    rf"key takeaway|takeaway|among {_PEOPLE}|for {_PEOPLE}|rather than [\w' -]+|after all|"
    r"unlike [\w' -]+|by (?:design|nature|itself|themselves)|on (?:its|their) own)[,:]? )*"
)
_TAUGHT = re.compile(
    rf"{_BEFORE}(?:(?:{_GERUND}|{_TOOLS}|{_PEOPLE}|{_LESSON}|one way to [\w' -]+?)"
    rf"(?: (?:of|in|on|with|for|to|like|such as) [\w' -]+?)? (?:{_DEFINED}|{_GENERAL})|"
    rf"{_LESSON} (?:examines?|shows?|explains?|looks? at|covers?|describes?|discuss(?:es)?|introduces?|explores?|"
    r"teaches|compares?|deals? with|walks|illustrates?|demonstrates?|concludes?|revisits?|is about|combines?)\b|"
    r"(?:it|this|the result|results|performance|returns|the (?:method|approach|idea|technique|concept|system)) "
    r"(?:will not (?:catch|make|win|work every)|won't (?:catch|make|win)|has (?:historically|traditionally|often)|"
    r"will (?:depend|vary|differ)|can be (?:applied|used|tested|adapted) (?:to|on|in)|depends?|varies|vary|"
    r"rewards|is not for)\b|"
    r"(?:the )?(?:calendar|market|trend|math|arithmetic|clock|system|computer) does (?:all|most of|much of|the)\b|"
    r"(?:small|big|large|many|few) (?:losses|losers|winners|wins|gains) (?:pay|are|add|come|make)\b|"
    r"you (?:can|may|could|might) (?:also |always |then |easily )?(?:ask|clone|adjust|copy|edit|download|customi[sz]e|"
    r"find|see|think|learn|read|experiment|share|save|compare)\b|"
    r"one (?:way|of the ways|reason) to [\w' -]+? is to\b|"
    r"(?:it|they|this|that) (?:also |simply |even )?(?:keeps?|lets?|gives?|tells?|helps?|saves?|spares?|teaches) you\b|"
    r"(?:a|an) (?:[\w-]+ ){0,3}(?:idea|recipe|system|method|technique|lesson|exercise|concept) (?:that|which) "
    r"(?:you|anyone|anybody|everyone|everybody|anyone) can\b|"
    r"(?:think|conceive) of (?:it|this|them|the [\w ]+?) as\b)"
)
_ASKED = re.compile(r"(?:so |but |and )?(?:what|why|who|how|where) (?:is|are|was|were|does|do|did|can|makes?)\b")
_TITLE = re.compile(
    r"(?:(?:a|some|finally, a|and now, a|one last) )?(?:(?:short|quick|brief|final|few|last) )*"
    r"(?:notes?|words?|primer|introduction|guide|remarks?|thoughts|lecture|lesson|tutorial) (?:on|about|to)\b|"
    r"how to (?:buy|sell|short|trade|ride|catch|fade|enter|exit|use|play|spot|follow|read|profit|make)\b|"
    r"(?:using|entering|exiting|trading|fading|working|scaling|riding|understanding|introducing|getting started|"
    r"learning|mastering|combining|protecting) "
)
_PURPOSE = re.compile(
    r"(?:in order )?to (?:limit|reduce|contain|cap|control|see|illustrate|show|understand|demonstrate|make|keep|"
    r"protect|guard|avoid|prevent|filter out|weed out|escape|cut down|stay|give|let|lower|soften|survive|benefit|"
    r"capture|improve|minimi[sz]e|be on the safe side|sum up|summari[sz]e|recap|begin|start with)\b"
)
_CLOSING = re.compile(
    r"(?:and |so |that is all[^.]* )?(?:(?:until|till|see you|talk to you|more|back|that is it until|join us|"
    r"we will be back)(?: again)? (?:next|the next|again|tomorrow|soon|then|on)(?: (?:week|month|time|issue|lesson|"
    r"chapter|weekend|class|lecture|episode|one|edition|quarter))?(?:[,:]? (?:and )?(?:(?:trade|stay|be|keep|take) "
    r"(?:safe|safely|well|healthy|curious|patient|care|learning|smart)|happy trading|good luck))?|"
    r"(?:simple|simplicity|boring|discipline|patience|consistency) (?:wins|works|pays)(?: off| out)?|"
    r"(?:and )?(?:trade|stay) (?:safe|safely|well|curious|tuned|smart)|(?:and |as always, )?(?:happy|good) trading|"
    r"(?:and )?mind (?:the|your) (?:spread|spreads|costs|gap|fees|risk|risks)|"
    r"(?:as always, )?thank(?:s| you)(?: all)? for (?:reading|subscribing|your attention|listening|watching))"
    r"(?: (?:everyone|all|friends|folks|readers|traders))?"
)
_STUDY = re.compile(
    r"(?:please |always |first |as (?:ever|always),? )*(?:(?:test|try|practi[sc]e|backtest|verify|study|check|rehearse|"
    r"experiment)(?: (?:it|this|them|the (?:rules|system|strategy|idea|method)))?"
    r"(?: (?:on|with|in) (?:paper|a demo(?: account)?|several (?:other )?markets|other markets|different markets|"
    r"more markets|play money|your own data|a simulator|historical data))?(?: (?:first|thoroughly|carefully|yourself))?"
    r"(?: before (?:committing|risking|using|putting|investing|trading)(?: any)?"
    r"(?: (?:real|your|hard-earned))* (?:money|capital|cash)(?: (?:on|into|behind|to) (?:it|this))?)?|"
    r"keep a (?:log|journal|diary|record) of (?:every|each|all|your) trades?"
    r"(?: and (?:review|read|study) (?:it|them) (?:weekly|monthly|daily|regularly|often|every \w+))?)"
)
_EXERCISE = re.compile(
    r"(?:exercises?|homework|assignment|challenge|for discussion|discussion|question)(?: for (?:the reader|you|"
    r"students))?"
    r" ?: (?:repeat|rerun|redo|compare|discuss|explain|vary|plot|compute|calculate) (?:the|your|this|how|why|what|"
    r"these)\b"
)
_HARMLESS = re.compile(  # what restricts no trade though its words might
    r"\b(?:every time|all the time|at the start of (?:each|every) (?:day|session|week|month)|there is|one of|one way|"
    r"one|"
    r"not (?:for|always|perfect|magic|everything|a|an|the)|will not|won't|cannot|does not|do not|don't|doesn't|"
    r"nobody|no (?:indicator|system|strategy|method|rule|pattern|signal|tool|one|holy|guarantee|substitute|magic) |"
    r"works? (?:best|well|better) when (?:it is|they are|it's) (?:taken|used|combined|applied|paired|traded)|"
    r"(?:decide|know|tell|tells|say|says|knows) (?:you )?(?:when|where|how|what|whether)|but never down|rather than|"
    r"need to (?:look|watch|stare|check|be|sit)(?: at)?|every day|should (?:always )?(?:note|begin|start|remember|"
    r"notice|observe)|always|in minutes|without (?:giving|having|leaving|losing)|way to avoid|to avoid|"
    r"(?:easier|harder|simpler|more|less|better) (?:\w+ )?than|before you are in|over time|under the hood|"
    r"(?:is|are) over$|long-(?:horizon|term|run)|(?:a )?long (?:time|run|term|way)|at once|"
    r"depends? (?:heavily )?on costs|"
    r"(?:two|three|dual|double|triple) moving averages? (?:system|crossover|method|strategy)|"
    r"(?:two|three|several) (?:jobs|things|purposes|roles|birds)|"
    r"scaling out|out of trouble|turn-of-the-\w+|end-of-\w+|which is why|to our|in our|our (?:course|toolbox|readers|"
    r"book|series))\b"
)
_DECIDES = re.compile(
    r"\d|[%$<>=]|\b(?:if|when|whenever|while|until|till|unless|except|only|never|must|should|shall|has to|have to|need|"
    r"needs|please|after|before|above|below|over|under|than|at least|at most|within|every|each|per|twice|half|third|"
    r"quarter|double|wait|skip|avoid|ignore|instead|otherwise|so|therefore|thus|not|no|without|i|we|my|our|me|us|"
    r"morning|mornings|afternoon|afternoons|evening|evenings|night|overnight|noon|lunch|lunchtime|weekends?|"
    r"(?:buying|selling|trading|shorting) (?:strong|weak|quiet|small|large|big)|allowed|permitted|applies|apply|here|"
    r"now|today|used|traded|taken|filled|long|longs)\b"
)
_FIRM = frozenset(
    "NUMBER PERCENT MONEY PIPS POINTS BPS RMULT RATIO PERIOD TIMES ORDINAL DECIMAL_COMMA CROSSES_UP CROSSES_DOWN "
    "ABOVE BELOW BETWEEN OUTSIDE WHEN WHILE EACH_TIME ONLYWHEN ONLY UNLESS EXCEPT UNTIL OTHERWISE CLOCK WEEKDAY DATE "
    "TF SESSION NO_TRADES NO_STOP NO_TARGET LONG_ONLY SHORT_ONLY COLUMN LONG HOLD_MAX SIZE SHARES COOLDOWN HALF THIRD "
    "TWO_THIRDS QUARTER REST INSTRUCTION ILLICIT REQUIRE COMMISSION LEVERAGE CONSECUTIVE NO_REENTRY RISKV "
    "UNSUPPORTED".split()
)
_ROLES = re.compile(
    r"(?:is|are) (?:my |our |your |the |a |an )(?:[\w-]+ ){0,2}?(?:exits?|entry|entries|triggers?|signals?|filters?|"
    r"stops?|targets?|"
    r"rules?|confirmation|setup|side|requirement|condition|must)\b"
)
_LIGHT = frozenset(
    "mean reversion works best direction larger taken trend trends false damage losses loss small large winners "
    "losers pay cheap expensive measure popular early later late flexibility protection bank profit profits giving "
    "giveaway up down follows follow price simplest simple tool useful market markets prove signals signal survive "
    "filter filters note few catch exact top bottom avoided avoid worst bear bull rarely sufficient combines lesson "
    "right time examines effect beginners failing exits exit entries entry decide over let lets gives costs results "
    "trades trade trading patterns pattern moving common discount adjust values settings review log test several real "
    "money before paper first safe session hourly stops stop target targets limit orders order breakout breakouts dip "
    "dips pullback pullbacks momentum volume volatility oscillator crossover crossovers channel channels bands "
    "average averages rules rule system systems strong weak quiet noise noisy sideways whipsaws whipsaw risk risks "
    "capital gaps gap reversal reversals swing rest investors traders look bitcoin enter leave selling buying "
    "shorting short fading scaling extremes extreme bounces bounce oversold overbought intraday moves move conditions "
    "sequences long-horizon fixed trailing size positions position winning losing always better well wins account big "
    "bad opening hold holding back peace ride run runs running patient patience discipline emotions emotion drawdown "
    "drawdowns cut cutting high low fast slow day days week month markets' turn turns break breaks candles candle "
    "candlestick candlesticks confirm confirmation confirms exceptions reliable one no all every when that flow index "
    "supported depend heavily staple manuals reduce keep also clear range lag lags changes change pause stay using "
    "speed".split()
)

_JOINT = re.compile(r"(?i)\b(?:and|but|so|yet|the|a|an)\b")


def without_teachings(found: Cut, text: str) -> None:
    """Names the parts of `found` that teach, praise, warn or say goodbye as noise, where they were unresolved."""
    rules = RulesSaid(tuple(clause.said for clause in found.clauses))
    if not rules.sides:
        return
    begins = min((clause.span[0] for clause in found.clauses), default=0)
    kept: list[Unresolved] = []
    for one in found.unresolved:
        end = _end(one.span[1], found.noise)
        titled = end <= begins
        wholes = (text[begin : one.span[1]] for begin in _begins(one.span, text, found.noise))
        if any(_is_taught(said, text[end:], rules, titled=titled) for said in wholes):
            found.noise.append(one.span)
        else:
            kept.append(one)
    found.unresolved[:] = kept


def _begins(span: Span, text: str, noise: Sequence[Span]) -> Iterator[int]:
    """Where the part may begin, its words of noise with it, if nothing that is read stands between."""
    opens = max((mark.end() for mark in BOUNDS.finditer(text, 0, span[0])), default=0)
    for begin in dict.fromkeys((opens, max(opens, text.rfind(",", opens, span[0]) + 1))):
        told = [*noise, *(one.span() for one in _JOINT.finditer(text, begin, span[0]))]
        if all(not text[i].isalnum() or any(a <= i < b for a, b in told) for i in range(begin, span[0])):
            yield begin


def _end(end: int, noise: Sequence[Span]) -> int:
    """Where the part ends, with what is noise right behind it ("because ...")."""
    while (after := next((b for a, b in noise if end <= a <= end + 1 < b), None)) is not None:
        end = after
    return end


def _is_taught(said: str, after: str, rules: RulesSaid, *, titled: bool) -> bool:
    words = re.sub(r"[\"“”*_]", "", said.replace("’", "'")).strip().lower()
    words = re.sub(r"\bto limit\b", "to reduce", words)
    ended = re.sub(r"^(?:[ \t]|#\w+|[^\w\s.!?:;,–—-])+", "", after)[:1]
    if ended not in {"", ".", "!", "?", ":", ";", ",", "\n", "-", "–", "—"}:
        return False
    if (
        _CLOSING.fullmatch(words)
        or _STUDY.fullmatch(words)
        or (_EXERCISE.match(words) and ended in {"", ".", "!", "\n"})
    ):
        return True
    formed = (
        _TAUGHT.match(words)
        or (ended == "?" and _ASKED.match(words))
        or (ended in {".", ":", "\n", "-"} and titled and _TITLE.match(words) and _is_nominal(words))
        or (ended == "," and _PURPOSE.match(words))
    )
    if not formed or _ROLES.search(words) or _DECIDES.search(_HARMLESS.sub(" ", words)):
        return False
    compared = re.match(r"(?:think|conceive) of ", words) is not None
    harmless = [one.span() for one in _HARMLESS.finditer(words)]
    for token in tokenize(words):
        if token.kind in _FIRM and not any(a <= token.start and token.end <= b for a, b in harmless):
            return False
        if not compared and not _is_used(token, rules):
            return False
    told = re.findall(r"[a-z][a-z'-]+", _HARMLESS.sub(" ", words))
    return not any(weighs(word, _LIGHT) for word in told)


def _is_nominal(words: str) -> bool:
    return re.search(r"\b(?:is|are|was|has|have|gets?|goes|do|does|can|will)\b", words) is None


def _is_used(token: Token, rules: RulesSaid) -> bool:
    """Whether what is spoken of is in the rules: a tool, a side, a stop."""
    if token.kind in {"IND", "CHANNEL", "MA", "ATR"}:
        return is_named(str(token.value or ""), rules) or (token.kind == "CHANNEL" and OF_KIND["HIGH"](rules))
    if token.kind == "OUT" and isinstance(token.value, tuple):
        return is_named(str(token.value[0]), rules)
    if token.kind == "CANDLE":
        return rules.has(CandleSaid)
    if token.kind == "SHORT" or token.text in {"shorting", "shorts", "short"}:
        return "short" in rules.sides
    if token.kind == "STOP":
        return rules.has(StopSaid, TrailSaid) or rules.waits("stop")
    if token.kind == "L_FILTER" and (kind := token.text.split()[0].upper()) in {"VOLUME", "TREND"}:
        return OF_KIND[kind](rules)
    if token.kind == "SESSION" or {*token.text.split()} & {"session", "sessions", "hours"}:
        return rules.has(InHours)
    if token.text in {"scaling", "partial", "partials"}:
        return any(isinstance(part, ExitSaid) and part.portion is not None for part in rules.parts)
    if token.kind == "WAIT":
        return rules.has(CooldownSaid)
    if token.kind == "MOVE_STOP":
        return OF_KIND["BREAK_EVEN"](rules)
    if token.kind in {"BUY_STOP", "SELL_STOP"}:
        return rules.waits("stop")
    gated = {"TREND", "TRAILING_STOP", "TRAIL", "TARGET", "BREAK_EVEN", "LIMIT_ORDER", "STOP_ORDER", "GAP", "VOLUME"}
    return token.kind not in gated or OF_KIND[token.kind](rules)
