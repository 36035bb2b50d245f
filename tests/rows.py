"""A row of every model, as the service would have written it: for tests that read rather than make them."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from auth_api.models import AuditEvent, EndedSignIn, ModelBudgetDay, ModelCall, ModelCallText, User
from backtest_api.models import Artifact, BacktestRun, BacktestTrade, Optimization, Verification
from data_api.models import Dataset
from rest.models import ThrottleWindow
from strategy_api.models import (
    ConversationMemory,
    Status,
    Strategy,
    StrategyProposal,
    StrategyValidation,
    StrategyVersion,
)
from trading.models import Position, Trade

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
CODE = "from backtesting import Strategy\n\n\nclass Hold(Strategy):\n    pass\n"
SPEC = {"strategy_name": "Dip <b>buyer</b>", "timeframe": "1d"}
FINDING = {"rule": "gap", "message": "a bar is missing", "first_time": "2024-01-05", "count": 1, "severity": "warning"}


def dataset_row(user: User, **fields: Any) -> Dataset:
    usual: dict[str, Any] = {
        "name": "bars",
        "symbol": "BARS",
        "timeframe": "1d",
        "zone": "UTC",
        "first_time": "2024-01-01",
        "last_time": "2024-01-28",
        "bars": 28,
        "size_bytes": 1000,
        "content_hash": "sha256:" + 64 * "0",
        "findings": [FINDING],
        "file_name": f"datasets/{uuid.uuid4()}.csv",
    }
    return Dataset.objects.create(user=user, **usual | fields)


def strategy_row(user: User, **fields: Any) -> Strategy:
    return Strategy.objects.create(user=user, **{"name": "Dip buyer", "status": Status.VALID} | fields)


def version_row(user: User, **fields: Any) -> StrategyVersion:
    strategy = fields.pop("strategy", None) or strategy_row(user)
    usual = {
        "number": 1,
        "status": Status.VALID,
        "turns": ["Buy when RSI(14) drops below 30"],
        "canonical_json": SPEC,
        "generated_code": CODE,
        "provider": "compiler",
    }
    return StrategyVersion.objects.create(strategy=strategy, **usual | fields)


def validation_row(user: User, **fields: Any) -> StrategyValidation:
    version = fields.pop("version", None) or version_row(user)
    usual = {"kind": StrategyValidation.Kind.SPEC, "ok": True, "findings": [], "details": {"checked": 3}}
    return StrategyValidation.objects.create(version=version, **usual | fields)


def proposal_row(user: User, **fields: Any) -> StrategyProposal:
    version = fields.pop("version", None) or version_row(user)
    usual = {"summary": "<b>buyer</b>", "canonical_json": SPEC, "identity": "x", "changes": [], "provider": "scripted"}
    return StrategyProposal.objects.create(version=version, **usual | fields)


def conversation_row(user: User, **fields: Any) -> ConversationMemory:
    strategy = fields.pop("strategy", None) or strategy_row(user)
    usual = {
        "session": strategy.session,
        "kind": ConversationMemory.Kind.DESCRIBE,
        "message": "Buy the dip",
        "answer": {"status": "valid"},
        "state_after": SPEC,
    }
    return ConversationMemory.objects.create(user=user, strategy=strategy, **usual | fields)


def run_row(user: User, **fields: Any) -> BacktestRun:
    usual = {
        "status": BacktestRun.Status.COMPLETED,
        "request": {"symbol": "GOOG"},
        "canonical_json": SPEC,
        "code": CODE,
        "symbol": "GOOG",
        "source": "sample",
        "timeframe": "1d",
        "metrics": {"return_pct": 12.5},
    }
    return BacktestRun.objects.create(user=user, **usual | fields)


def backtest_trade_row(user: User, **fields: Any) -> BacktestTrade:
    run = fields.pop("run", None) or run_row(user)
    usual = {
        "number": 1,
        "entry_time": "2024-01-05",
        "exit_time": "2024-01-09",
        "entry_bar": 4,
        "exit_bar": 6,
        "size": -10,
        "entry_price": 100.0,
        "exit_price": 95.0,
        "pnl": 50.0,
        "return_pct": 5.0,
        "commission": 0.0,
        "duration_bars": 2,
    }
    return BacktestTrade.objects.create(run=run, **usual | fields)


def verification_row(user: User, **fields: Any) -> Verification:
    run = fields.pop("run", None) or run_row(user)
    return Verification.objects.create(run=run, **{"status": Verification.Status.COMPLETED} | fields)


def optimization_row(user: User, **fields: Any) -> Optimization:
    run = fields.pop("run", None) or run_row(user)
    usual = {"metric": "sharpe_ratio", "goal": "maximize", "top": 5, "grid": {"fast": [5.0, 10.0]}, "combinations": 2}
    return Optimization.objects.create(user=user, run=run, **usual | fields)


def artifact_row(user: User, **fields: Any) -> Artifact:
    run = fields.pop("run", None) or run_row(user)
    usual = {
        "name": "trades.csv",
        "file_name": f"artifacts/{uuid.uuid4().hex}.csv",
        "content_type": "text/csv",
        "size_bytes": 100,
        "sha256": 64 * "0",
    }
    return Artifact.objects.create(run=run, **usual | fields)


def position_row(user: User, **fields: Any) -> Position:
    usual = {"symbol": "GOOG", "size": 10, "entry_price": 100.0, "opened_at": NOON}
    return Position.objects.create(user=user, **usual | fields)


def trade_row(user: User, **fields: Any) -> Trade:
    usual = {"symbol": "GOOG", "size": -10, "price": 105.0, "filled_at": NOON}
    return Trade.objects.create(user=user, **usual | fields)


def model_call_row(user: User, **fields: Any) -> ModelCall:
    usual = {
        "purpose": "chat",
        "provider": "scripted",
        "model": "script",
        "prompt_sha256": 64 * "0",
        "outcome": ModelCall.Outcome.ANSWERED,
        "input_tokens": 10,
        "output_tokens": 5,
        "day": NOON.date(),
    }
    return ModelCall.objects.create(user=user, **usual | fields)


def _refresh_token_row(user: User) -> OutstandingToken:
    return OutstandingToken.objects.create(
        user=user, jti=uuid.uuid4().hex, token="", created_at=NOON, expires_at=NOON + timedelta(days=1)
    )


ROW_OF: Mapping[type[Model], Callable[[User], Model]] = {
    User: lambda user: user,
    Group: lambda user: Group.objects.create(name="operators"),
    AuditEvent: lambda user: AuditEvent.objects.create(user=user, kind=AuditEvent.Kind.SIGNED_IN, subject=64 * "0"),
    EndedSignIn: lambda user: EndedSignIn.objects.create(id=uuid.uuid4(), expires_at=NOON),
    ModelCall: model_call_row,
    ModelCallText: lambda user: ModelCallText.objects.create(
        call=model_call_row(user), user=user, prompt="<b>buyer</b>"
    ),
    ModelBudgetDay: lambda user: ModelBudgetDay.objects.create(scope=f"user:{user.pk}", day=NOON.date(), calls=1),
    OutstandingToken: _refresh_token_row,
    BlacklistedToken: lambda user: BlacklistedToken.objects.create(token=_refresh_token_row(user)),
    ThrottleWindow: lambda user: ThrottleWindow.objects.create(key="sign_in:user:1", window_start_s=0, count=1),
    Dataset: dataset_row,
    Strategy: strategy_row,
    StrategyVersion: version_row,
    StrategyValidation: validation_row,
    StrategyProposal: proposal_row,
    ConversationMemory: conversation_row,
    BacktestRun: run_row,
    BacktestTrade: backtest_trade_row,
    Artifact: artifact_row,
    Verification: verification_row,
    Optimization: optimization_row,
    Position: position_row,
    Trade: trade_row,
}
"""What makes a row of a model for a user."""
