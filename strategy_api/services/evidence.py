"""Open questions weighed: each of their answers run on sample prices, and the difference told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auth_api.models import User
from rest.errors import Conflict
from rest.turns import turn
from strategy_api.models import StrategyVersion
from strategy_api.selectors import conversation_standing, strategy_version_get
from strategy_api.services.contents import page_of
from strategy_api.services.model_reading import second_reading_of, standing_of, stored_second

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest
    from Backtest.pipeline.page_text import Told

BUDGET_S = 5.0


@dataclass(frozen=True)
class Weighed:
    """The open questions of a version, or of the sentence said last, with evidence for each alternative."""

    version: StrategyVersion
    message: str
    questions: tuple[Mapping[str, Any], ...]


def question_weigh(*, user: User, strategy_id: int, symbol: str | None = None) -> Weighed:
    """Run each answer to what is open on the sample of `symbol`, else the strategy's own; within some seconds.

    What is open is what the latest version asks, else what the last sentence of the conversation left open. The
    evidence of a version is kept with its questions. Raises NotFound, Conflict where nothing is open, and SandboxBroken
    where too much runs here.
    """
    from Backtest.pipeline import prepare
    from Backtest.pipeline.evidence import weigh
    from Backtest.reader.reading import Reading

    version = strategy_version_get(user=user, strategy_id=strategy_id)
    asked = None if version.questions else conversation_standing(user=user, strategy_id=strategy_id).asked
    if not version.turns or (asked is None and not version.questions):
        raise Conflict("nothing is open in this strategy")
    request = request_of_version(version, symbol)
    if asked is not None:
        request = replace(request, turns=(*version.turns, asked), symbol=None, second=None)
        second, _ = second_reading_of(request, user_id=user.pk, standing=standing_of(version, asked))
        request = replace(request, symbol=symbol, second=second)
    with turn():
        read = prepare(request, lambda step: None)
        questions = weigh(request, read.questions, budget_s=BUDGET_S) if isinstance(read, Reading) else ()
    told = tuple(question.as_dict() for question in questions)
    if asked is None:
        version.questions = list(told)
        version.save(update_fields=["questions"])
    return Weighed(version, asked or "", told)


def request_of_version(version: StrategyVersion, symbol: str | None) -> "BacktestRequest":
    """What the engine is asked to run the words of a version on sample prices, with what a model read of them."""
    request = request_of(version.turns, version.answers, version.accept_defaults, page_of(version), symbol)
    return replace(request, second=stored_second(version.reading))


def request_of(
    turns: Sequence[str],
    answers: Mapping[str, Any],
    accept_defaults: bool,
    page: "Told | None",
    symbol: str | None,
) -> "BacktestRequest":
    """What the engine is asked to run such a text on sample prices."""
    from Backtest.pipeline import BacktestRequest

    return BacktestRequest(
        turns=tuple(turns), answers=dict(answers), accept_defaults=accept_defaults, page=page, symbol=symbol
    )
