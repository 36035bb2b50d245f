"""How the whole suite draws its examples: no timing is asserted, and everyone draws the same ones.

`EXPLORE=1 make test` draws new ones each time, to look for what the usual ones don't reach.
"""

import os

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "same")
