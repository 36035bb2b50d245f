"""Runs of strategies: at once and in the background, what came of them, and the commands that run them."""
