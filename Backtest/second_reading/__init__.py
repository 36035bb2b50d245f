"""The text that a user writes, read by a model too: what it is told, what its answer is held to, and what follows."""
