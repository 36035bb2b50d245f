"""Dice with a seed of their own."""

import random

from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.dice = random.Random(7)

    def next(self):
        up = self.dice.random() < 0.5
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
