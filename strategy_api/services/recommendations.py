"""What is said of a version after it was run, which is told here by whoever ran it."""

from collections.abc import Mapping, Sequence
from typing import Any

from strategy_api.models import StrategyVersion


def version_recommend(*, version: StrategyVersion, recommendations: Sequence[Mapping[str, Any]]) -> None:
    """The version's recommendations from now on; each names the run that showed it as `run_id`."""
    version.ai_recommendations = [dict(each) for each in recommendations]
    version.save(update_fields=["ai_recommendations"])
