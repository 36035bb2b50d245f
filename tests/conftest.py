"""How the whole suite draws its examples: no timing is asserted, and everyone draws the same ones.

`EXPLORE=1 make test` draws new ones each time, to look for what the usual ones don't reach.
"""

import os

import pytest
from hypothesis import settings

from auth_api.models import User

PASSWORD = "correct horse battery staple"

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "same")


@pytest.fixture
def user(db: None) -> User:
    """An account of the tests."""
    return User.objects.create_user("ada", "ada@example.org", PASSWORD)


@pytest.fixture
def stranger(db: None) -> User:
    """Another account, which must see nothing of the first one's."""
    return User.objects.create_user("mallory", "mallory@example.org", PASSWORD)
