"""A strategy's words read by a model too: what it says of the grammar's reading, as a check of the version."""

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import transaction

from auth_api.models import User
from auth_api.services import language_model
from Backtest.errors import InputError
from rest.errors import Conflict
from strategy_api.models import StrategyProposal, StrategyValidation, StrategyVersion
from strategy_api.selectors import strategy_version_get
from strategy_api.services.contents import page_of, spec_of
from strategy_api.services.evidence import request_of
from strategy_api.services.proposals import proposal_create

if TYPE_CHECKING:
    from Backtest.canonical.differences import Difference
    from Backtest.canonical.spec import Spec
    from Backtest.pipeline.what_if import TradeDifference
    from Backtest.second_reading.comparison import Comparison
    from Backtest.second_reading.reading import SecondReading

log = structlog.get_logger("strategy_api.second_reading")

QUESTIONS = {
    "differs": "A model reads your words differently{trades}. If it is right, accept its reading; else leave it.",
    "only_model": "A model reads what is not understood here. If its reading is what you mean, accept it.",
}


AGREEING = ("agrees", "same_trades")


@dataclass(frozen=True)
class _Told:
    """The model's reading as a check tells it: `state` is that of the API."""

    state: str
    spec: "Spec | None" = None
    differences: "tuple[Difference, ...]" = ()
    trades: "TradeDifference | None" = None
    why_not: str = ""


@dataclass(frozen=True)
class SecondOpinion:
    """The check as it is stored, and the model's reading as a proposal where it is another one than the grammar's."""

    version: StrategyVersion
    validation: StrategyValidation
    proposal: StrategyProposal | None = None


def strategy_read_again(*, user: User, strategy_id: int) -> SecondOpinion:
    """Let the model read the words of the latest version, and compare: by meaning and, if that differs, by trades.

    It changes nothing: another reading is a proposal. Raises NotFound, Conflict for a version without words, for one
    that was refused or is not in the language, and where there is no model; and ModelFailed.
    """
    from Backtest.pipeline.second_reading import asked_reading, comparison_of

    version = strategy_version_get(user=user, strategy_id=strategy_id)
    if not version.turns or page_of(version) is not None:
        raise Conflict("this version was not told in words of its own: there is nothing to read again")
    if settings.LLM_PROVIDER == "offline":
        from Backtest.llm.offline import NO_MODEL

        raise Conflict(NO_MODEL)
    model = language_model()
    request = request_of(version.turns, version.answers, version.accept_defaults, None, None)
    second = asked_reading(request, model, user_id=user.pk)
    compared = comparison_of(replace(request, second=second))
    if second is None or compared is None:
        raise Conflict("this text was refused, or asks for what is not in the language: no model overrules that")
    reading = _told(version, second, compared)
    with transaction.atomic():
        proposal = None
        if reading.spec is not None and reading.state in QUESTIONS:
            proposal = proposal_create(
                version=version,
                spec=reading.spec,
                differences=reading.differences,
                summary="what a model reads",
                model=model,
            )
        validation = StrategyValidation.objects.create(
            version=version,
            kind=StrategyValidation.Kind.READING,
            ok=reading.state in AGREEING,
            findings=_findings(reading),
            details=_details(reading, model.provider, model.name, proposal),
        )
    log.info("read again", strategy_id=strategy_id, version=version.number, state=reading.state)
    return SecondOpinion(version, validation, proposal)


def _told(version: StrategyVersion, second: "SecondReading", compared: "Comparison") -> _Told:
    """What the two readings say of each other, and how the model's would trade."""
    from Backtest.canonical.differences import Difference
    from Backtest.canonical.document import to_document
    from Backtest.canonical.explain import explain
    from Backtest.canonical.identity import identity
    from Backtest.pipeline import BacktestRequest
    from Backtest.pipeline.author import author_document
    from Backtest.pipeline.what_if import trade_difference

    if second.document is None:
        return _Told("unreadable", why_not=second.reason)
    spec, grammars = author_document(second.document).spec, spec_of(version)
    if spec is None or grammars is None:
        told = () if spec is None else tuple(Difference(each.path, None, each.text) for each in explain(spec))
        return _Told("only_model", spec, told)
    if version.identity == identity(spec):
        return _Told("agrees", spec)
    if compared.agree:
        return _Told("same_trades" if compared.by == "trades" else "agrees", spec)
    try:
        before, after = (BacktestRequest(canonical_json=to_document(one)) for one in (grammars, spec))
        return _Told("differs", spec, compared.differences, trade_difference(before, after))
    except InputError as error:
        return _Told("differs", spec, compared.differences, why_not=error.message)


def _findings(reading: _Told) -> list[dict[str, Any]]:
    if reading.state in AGREEING:
        return []
    told = [
        _finding(difference.path, f"the grammar: {difference.before or '-'} The model: {difference.after or '-'}")
        for difference in reading.differences
    ]
    return told or [_finding("", reading.why_not or "the readings differ")]


def _finding(path: str, message: str) -> dict[str, Any]:
    suggestion = "accept the proposal if the model is right"
    return {
        "field": f"canonical_json{path}",
        "line": None,
        "column": None,
        "rule": None,
        "message": message,
        "suggestion": suggestion,
    }


def _details(reading: _Told, provider: str, model: str, proposal: StrategyProposal | None) -> dict[str, Any]:
    trades = f" ({reading.trades.text})" if reading.trades else ""
    question = QUESTIONS.get(reading.state)
    return {
        "state": reading.state,
        "provider": provider,
        "model": model,
        "question": None if question is None else question.format(trades=trades),
        "trades": None if reading.trades is None else asdict(reading.trades),
        "why_not": reading.why_not,
        "proposal": None if proposal is None else str(proposal.pk),
    }
