"""The generator of random strategies: it reaches the whole language, and what it makes is sound."""

from hypothesis import HealthCheck, given, settings

from Backtest.canonical.document import to_document
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from tests.generators.features import ALL_FEATURES, features
from tests.generators.specs import specs

DRAWN = settings(
    max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


def _drawn() -> list[Spec]:
    found: list[Spec] = []

    @DRAWN
    @given(specs())
    def draw(spec: Spec) -> None:
        found.append(spec)

    draw()
    return found


def test_three_hundred_specs_reach_every_feature_of_the_language() -> None:
    reached = set().union(*(features(spec) for spec in _drawn()))
    assert ALL_FEATURES - reached == set()
    assert reached - ALL_FEATURES == set()


@settings(max_examples=100, deadline=None)
@given(specs())
def test_a_generated_spec_is_in_canonical_form(spec: Spec) -> None:
    assert parse_spec(to_document(spec)) == spec
