"""Words and code of the strategies that the tests run."""

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"
OPEN_IDEA = "Buy when the 20-day EMA crosses above the 50-day EMA."
DATED_IDEA = "From 2008-01-01 to 2009-12-31, buy when RSI(14) drops below 30, sell when it rises above 70."
DOCUMENT = {
    "strategy_name": "Dips",
    "timeframe": "1d",
    "indicators": [{"id": "rsi", "name": "RSI", "params": {"timeperiod": 14}}],
    "entry_rules": [
        {"side": "long", "when": {"type": "cross_below", "left": {"type": "indicator", "id": "rsi"}, "right": 30}}
    ],
    "exit_rules": [
        {"side": "long", "when": {"type": "cross_above", "left": {"type": "indicator", "id": "rsi"}, "right": 70}}
    ],
}
HOLD = """from backtesting import Strategy


class Hold(Strategy):
    def init(self):
        pass

    def next(self):
        if not self.position:
            self.buy()
"""
FAILS = HOLD.replace("self.buy()", "self.buy(size=1 // 0)")
SLOW = HOLD.replace("        pass", "        number = 0\n        while True:\n            number += 1")
