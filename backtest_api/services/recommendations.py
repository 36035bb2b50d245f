"""What a trader of experience would say of a stored run, worked out when it is first asked for."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from auth_api.models import User
from backtest_api.models import BacktestRun
from backtest_api.records import run_record
from backtest_api.run_request import RunPlan, RunRequest, spoken_request
from backtest_api.selectors import backtest_completed
from rest.turns import turn
from strategy_api.services import version_recommend

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest


def backtest_recommend(*, user: User, run_id: int) -> list[dict[str, Any]]:
    """The recommendations of a completed run, each with a sentence tried on its bars; its strategy's from then.

    None of code without a specification, which has no rules that could be told. Raises NotFound, Conflict for a run
    without figures, and SandboxBroken where too much runs here.
    """
    run = backtest_completed(user=user, run_id=run_id)
    if run.ai_recommendations is None:
        with turn():
            found = _advised(run)
        with transaction.atomic():
            BacktestRun.objects.filter(pk=run.pk).update(ai_recommendations=found)
            if run.version is not None:
                version_recommend(version=run.version, recommendations=[{**each, "run_id": run.pk} for each in found])
        run.ai_recommendations = found
    return list(run.ai_recommendations)


def _advised(run: BacktestRun) -> list[dict[str, Any]]:
    from Backtest.pipeline.advised import advise

    return [] if run.self_reported else [each.as_dict() for each in advise(_asked_again(run))]


def _asked_again(run: BacktestRun) -> "BacktestRequest":
    """What was asked, on the very bars that it ran on."""
    from Backtest.data.quality import iso

    plan = RunPlan(user=run.user, request=RunRequest.from_json(run.request), version=run.version, dataset=run.dataset)
    window = run_record(run).window
    start = iso(window.bars.frame.index.to_numpy()[window.first_bar])
    return replace(spoken_request(plan), bars=window.bars, symbol=run.symbol, source="sample", csv=None, start=start)
