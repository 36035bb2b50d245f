"""Strategies that the tests of runs run."""

import pytest

from auth_api.models import User
from backtest_api.services import engine_load
from strategy_api.models import StrategyVersion
from strategy_api.services import Description, strategy_create
from tests.services.backtest_api.ideas import HOLD, IDEA, OPEN_IDEA


@pytest.fixture(scope="module")
def loaded_kernel() -> None:
    """Figures are the kernel's from the first run on, as in a service that has been up for some seconds."""
    engine_load()


@pytest.fixture
def idea(user: User) -> StrategyVersion:
    """A strategy told in words."""
    return strategy_create(user=user, description=Description(user_description=IDEA))


@pytest.fixture
def open_idea(user: User) -> StrategyVersion:
    """A strategy whose words leave its exit open."""
    return strategy_create(user=user, description=Description(user_description=OPEN_IDEA))


@pytest.fixture
def own_code(user: User) -> StrategyVersion:
    """A strategy that is a file of the user's own."""
    return strategy_create(user=user, description=Description(generated_code=HOLD))
