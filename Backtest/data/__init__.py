"""Bars: where prices come from, what they are, and what may be wrong with them."""
