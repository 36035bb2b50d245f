"""Canonical spec in, one standalone backtesting.py file out. The same spec gives the same bytes."""
