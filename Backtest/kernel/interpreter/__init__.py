"""A plain interpreter of the spec: slow, obvious, written from the conventions and from what backtesting.py does."""

from Backtest.kernel.interpreter.interpret import interpret

__all__ = ["interpret"]
