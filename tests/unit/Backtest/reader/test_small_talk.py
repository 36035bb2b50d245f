"""Anecdotes, boasts, doubts and greetings are noise by their shape; a rule in unusual words is asked about all the same."""

import pytest

from Backtest.reader.reader import read_text
from tests.unit.Backtest.reader.plain_words import GOOG, meaning

RULES = "Buy when RSI(14) drops below 30, sell when it rises above 70."
SMALL_TALK = """
    Been running this one on GOOG for ages now and it's dead simple |
    Few indicators are as easy on the eye as Supertrend | So, uh, what we do is really boring |
    Most traders make this far too complicated | My version fits on a napkin | Feedback welcome! |
    Moving averages are the bread and butter of technicians everywhere | RSI was invented by Welles Wilder |
    Wilder deserves all the praise here | Simplicity pays off | Complexity kills creativity |
    Discipline beats brilliance any day | Greetings from rainy Bergen | Cheers from Down Under | Confession time |
    Spoiler: it is embarrassingly simple | Don't laugh | Promise not to laugh | Roast me |
    Tear it apart if you like | Happy to be proven wrong | Correct me if I'm wrong | Feel free to criticise |
    Curious what the hive mind thinks | Would love to hear what you lot think | Does anybody else do this? |
    Is this too simple to work? | Why does nobody talk about Aroon? | What am I missing here? |
    How does this look on Google? | Anyone tried this on GOOG? |
    Has anyone here had success with Keltner channels? | Could this possibly be real? |
    Thanks a million for reading | Much obliged | Bless you all | Warning: this may bore you to tears |
    Beware, ugly spreadsheet ahead | Caveat emptor | Your mileage may vary | YMMV |
    Not gonna lie, it feels like cheating | I swear this is not a joke | Sounds stupid, I know |
    Laugh all you like | Grandma could do it | Even my cat understands it | A monkey could follow it |
    A child could follow these rules | Nobody ever got rich by being clever | Patience is a virtue |
    Boring is beautiful | Old habits die hard | Excel did the heavy lifting | Took me forever to write this down |
    Spent the whole of lockdown on it | Stumbled upon it in a forum | Stolen shamelessly from a podcast |
    Scribbled on a beer mat in Prague | Written on the train to Basel | Typed on my phone so excuse the typos |
    English is my third language | Pardon my French | Long-time lurker, first-time poster | Here goes nothing |
    Here we go | Right, let's dive in | Now to the nitty-gritty | Before we begin, a word of thanks |
    As usual, the details are below | In what follows I describe the rules | Step by step, here is the recipe |
    Readers keep asking me about this one | By popular demand, here it is again | Dear diary |
    Today's topic is the Donchian channel | This video is about the stochastic |
    The Donchian channel needs no introduction | Aroon is one of the most underrated indicators out there |
    Ichimoku looks scary at first | Bollinger Bands look pretty on any chart |
    Supertrend is all the rage on YouTube | You will love this one | Ask me anything | Bear with me |
    Here is the gist | That is the gist of it | Enough talk | Enough said | Nothing else to it | No exceptions |
    Okay class | Dear Tom, long time no see | My wife thinks I am nuts | A colleague showed me this in the canteen |
    Somebody told me it would never work | I used to be a dentist before all this |
    The inspiration came from a documentary about ants | It was a dark and stormy night |
    Old Charlie taught me this at the pub | Every respectable chartist has heard of this |
    We have been doing this since college | Years of frustration led me here | I lost my shirt with fancier stuff |
    No guarantees, of course | Not financial advice, obviously | The usual caveats apply | Usual disclaimers apply |
    Standard disclaimer applies | Do your own homework | Please be gentle with me | Sorry for the long post |
    Sorry about my English | Apologies if this has been asked before | Let me know what you think |
    Comments and criticism appreciated | Any thoughts? | Thoughts? | Does it make sense to you? |
    How would you improve it? | Could you please check it for me? | This may sound naive | It may well be nonsense |
    That might be a coincidence | The proof of the pudding is in the eating | There is nothing magical about it |
    No magic here | No rocket science here | Nothing revolutionary | Pure laziness on my part | Sheer laziness |
    Retired teacher here | Hobby project | Weekend project | Work in progress | Just an idea | Just a thought |
    Just for fun | For fun | Mostly for fun | For what it's worth | In a nutshell | In plain English |
    In layman's terms | Here it comes | And here it is | So here is the thing | Now for the fun part |
    Enough of the preamble | On to the rules | With that out of the way | That said | Having said that |
    Jokes aside | All jokes aside | Kidding aside | Bear in mind I am no expert | I am no expert |
    I am by no means an expert | I teach maths at a school in Leeds | I drive a bus for a living |
    Written by yours truly | Copyright Jane Doe | Request #4411 | Case 20231107 | Version 3 of the thing | Draft 2 |
    My accountant hates this one | It was raining the whole week, so I coded this |
    I got divorced and then I got into charts | Imagine a tired dentist at a kitchen table |
    Nobody believes me when I say this works | Nobody at work knows about this |
    You would not believe how simple this is | I promise it gets easier | I dare you to find something simpler |
    If it ain't broke, don't fix it | Old but gold | A blast from the past | An oldie but a goodie |
    Straight from the textbook | Straight out of a textbook | Right out of the manual | Drum roll please |
    Buckle up | Fasten your seatbelts | Grab a coffee | Grab some popcorn | TGIF | Happy Friday everyone |
    Happy new year to all of you | Merry Christmas | Hope you are all well | Hope everyone is doing fine |
    I hope this finds you well | Trust you are well | Long story | It is a long story | Here is the short version |
    The long and the short of it | Let me explain | Allow me to explain | I will keep this brief | I'll be brief |
    Keeping this short | Brevity is the soul of wit | Pros and cons welcome | Be brutal | Be honest | Be kind |
    Flame away | Fire away | Questions are welcome | Criticism is welcome | I welcome any feedback | What say you? |
    Who else does this? | Am I crazy? | Is it just me? | Where is the catch? | What could possibly go wrong? |
    Too good to be true? | Sounds too good to be true | I know, I know | Yes, really | No, seriously | Seriously |
    Honestly | Whatever | Anyway | Moving on | Back to business | Down to business | Let's talk business |
    First things first | Without further delay | Long overdue, but here it is | Sharing is caring |
    Knowledge is power | Slow and steady wins the race | KISS principle | Occam would be proud |
    Einstein would approve | Mom would be proud | Not my own idea | Credit goes to a guy named Pete |
    Full disclosure: I am a beginner | Mandatory disclaimer: I am an idiot | Standard stuff really |
    Textbook stuff | Nothing you have not seen before | You have seen it a thousand times | Old as the hills |
    Source: my notebook | Source: trust me | Sent from my iPhone | Edited for clarity | Edit: fixed a typo |
    Update: thanks for all the replies
"""
UNUSUAL_RULES = """
    Only clean charts | I trade small | Skip the choppy stuff | Earnings weeks are off limits |
    I want a healthy tape | Healthy tape required | Biotech is taboo | Penny stocks are a no-go | Banks are banned |
    Penny stocks are out | The vibe has to be right | The chart has to look tidy | Charts ought to be tidy |
    Calm seas are preferred | Fresh setups are preferable | Quality matters more than quantity | Be picky |
    Don't be greedy | Size is modest | Modest size | Bets are modest | Half measures are fine |
    Pennies are ignored | Favour strong hands | Refrain on Mondays | Stick to the majors | Shun biotech |
    Eschew junk | Flatten before the bell | Flat by dinner | Home by four | Lights out at four |
    Evenings are for exits | Breathing room is essential | Give it room | Room to breathe is important |
    Losers get axed | Losers are dumped | Laggards are culled | Winners are fed | Ratchet it as it goes |
    Profits are banked in stages | Gains are skimmed | Everything goes in | Betting the farm is fine |
    Pedal to the metal | Powder stays dry | Some powder stays dry | Two at a time is plenty |
    Pairs are traded separately | Tuesdays are sacred | Summer is dead | August is avoided | Nothing in August |
    Rainy days are for watching | The tide must be with us | The wind has to be behind us | The tide is with us |
    The big picture must agree | Higher timeframe agrees | The bigger chart agrees | Momentum is on our side |
    Sentiment is upbeat | The mood is bright | Buyers are in charge | Bulls are in control |
    The chart looks constructive | Price is healthy | Volume is brisk | Volume dries up | Price action is orderly |
    The trend is intact | The trend is young | RSI is happy | RSI looks tired | MACD agrees |
    MACD is pointing north | Supertrend is green | Supertrend agrees | Aroon is friendly | The stock is loved |
    The stock is hated | The company is profitable | The company is boring | Shorts are fine too |
    Shorting is fine | Both ways are fine | Pullbacks are welcome | Dips are welcome | Fills are at noon |
    Orders rest until noon | Leverage is welcome | Costs are trivial | Costs are ignored | Commission is a joke |
    Dividends are reinvested | Cash earns interest | Rebuys are fine | Re-entries are fine | One shot per day |
    One bullet per signal | Three strikes and it is over | Enough is enough at ten |
    Patience is needed for the exit | I bail when it smells | Smelly charts are skipped | Panic is the exit |
    Greed is the entry | Insiders are buying | Analysts are positive | The news is good | Elections are avoided |
    Oil is quiet | The dollar is weak | Yields are calm | VIX is asleep | SPY is green | Chinese names are poison |
    Gold miners are toxic | Meme names are radioactive | Banks do not belong here | Apple is the only one |
    Old economy names are better | The dollar should be tame | The boss signs off on each one |
    A human has to approve it | Approval by hand | A second opinion is needed |
    It works best with calm nerves and calm seas | Works best on Tuesdays | Best in the mornings |
    Nothing before ten | Nothing on Fridays | Only Nasdaq names | Never on margin | Margin is fine |
    Borrowed money is fine | I do it with borrowed money | Everything I own rides on it | I put my house on it |
    Half my wealth goes in | A sliver of my wealth | Pocket change only | I pay my broker a fiver each way |
    Spreads are brutal here | Slippage is real | Slippage matters | The taxman takes a third |
    It stays until it is done | I get out when I am bored | I get bored quickly | Boredom gets me out |
    I get out when I get nervous | My nerves decide | I exit on instinct | Some signals are ignored |
    The first signal is ignored | I ignore the first one | Every other one is skipped | Odd ones only |
    I alternate | Every second one counts | I need two of them in a row | Two in a row | I want to see it twice |
    Once bitten twice shy | It has to be proven | The setup has to be obvious | It has to be clear as day |
    Clear skies only | When in doubt stay out | If in doubt, sit out | Doubt means no | Fakeouts are filtered |
    I double check the daily | The daily has to agree | The weekly is king | The daily chart is boss |
    The hourly decides | The four hour gives the direction | Structure matters | Market structure must hold |
    Location matters | Near round numbers it is best | Round numbers are magnets | A magnet pulls it back |
    Friday afternoons are lethal | Lunchtime is lethal | The open is lethal | The last hour is golden |
    The first hour is for amateurs | Amateurs open the market | Pros close it | I mirror it for the downside |
    The downside works alike | Downside likewise | Bears do it backwards | It works both ways |
    It works in both directions | It works on shorts as well | Selling short is for fools | Shorting is for fools |
    We are long biased | The bias is long | I am a bull at heart | I am a perma bear | The exit is discretionary |
    The exit is up to you | The exit is up to the reader | Sizing is up to you | Pick a stop you can live with |
    A stop you can live with | Place it where it hurts | My stop is mental | A mental one | I keep a mental one |
    Catastrophe insurance included | It comes with a parachute | A parachute opens at ten | Puts protect it |
    I collar it | I sell calls on it | It is overlaid with calls | The rest goes into bonds | Cash goes into bills |
    Idle money earns bills | Add a pinch of gold
"""


def listed(lines: str) -> list[str]:
    return [" ".join(one.split()) for one in lines.split("|")]


def ended(said: str) -> str:
    return said if said.endswith(("!", "?")) else f"{said}."


@pytest.mark.parametrize("said", listed(SMALL_TALK))
def test_what_says_nothing_of_the_trade_is_noise(said: str) -> None:
    for text in (f"{ended(said)} {RULES}", f"{RULES} {ended(said)}", f"{said}\n\n{RULES}"):
        assert meaning(text) == meaning(RULES), text


@pytest.mark.parametrize("said", listed(UNUSUAL_RULES))
def test_a_rule_in_unusual_words_is_asked_about(said: str) -> None:
    for text in (f"{said}. {RULES}", f"{RULES} {said}.", f"{RULES}\n{said}"):
        assert read_text(text, context=GOOG).status != "complete", text
