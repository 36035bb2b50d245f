"""The composition root: settings and what they join. Nothing imports it."""
