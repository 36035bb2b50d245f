"""Whether code does what its spec says, and whether it decides on what it can know: found by running it, not read."""
