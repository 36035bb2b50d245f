"""How the whole suite draws its examples: no timing is asserted, and everyone draws the same ones.

`EXPLORE=1 make test` draws new ones each time, to look for what the usual ones don't reach.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from auth_api.models import User
from backtest_api.services import verifiers, workers

PASSWORD = "correct horse battery staple"
SOON_S = 60.0

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("EXPLORE") else "same")


@pytest.fixture(autouse=True)
def no_worker_outlives_its_database(request: Any) -> Iterator[None]:
    """What a test's committed runs left to be done is done before their tables are emptied."""
    if "_django_db_helper" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
    yield
    for pool in (workers, verifiers):  # a run's worker may leave work to the verifiers
        if pool.cache_info().currsize:
            assert pool().join(SOON_S)


@pytest.fixture
def user(db: None) -> User:
    """An account of the tests."""
    return User.objects.create_user("ada", "ada@example.org", PASSWORD)


@pytest.fixture
def stranger(db: None) -> User:
    """Another account, which must see nothing of the first one's."""
    return User.objects.create_user("mallory", "mallory@example.org", PASSWORD)
