"""Whether a strategy file may run: `gate` bounds its source, `scan` reads its syntax tree against an allow-list.

The scan refuses the plain dangers and says what to write instead; what a hostile file may still try is the sandbox's.
"""
