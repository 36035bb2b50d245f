"""What the strategy endpoints answer."""

from pathlib import Path
from typing import Any

from django.conf import settings
from rest_framework import serializers

from rest.serializers import IssueSerializer
from strategy_api.models import (
    ConversationMemory,
    Status,
    Strategy,
    StrategyProposal,
    StrategyValidation,
    StrategyVersion,
)


class AlternativeSerializer(serializers.Serializer[Any]):
    value = serializers.JSONField()
    label = serializers.CharField()  # type: ignore[assignment]
    evidence = serializers.JSONField(
        allow_null=True, help_text="its run on a sample, compared with another answer's in `text`; null: not run yet"
    )


def _span(**options: Any) -> serializers.ListField:
    help_text = "the characters [start, end) of the text, its turns joined by line ends"
    return serializers.ListField(
        child=serializers.IntegerField(), min_length=2, max_length=2, help_text=help_text, **options
    )


class QuestionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    topic = serializers.CharField()
    question = serializers.CharField()
    span = _span(allow_null=True)
    alternatives = AlternativeSerializer(many=True)
    default = serializers.JSONField(allow_null=True)


class UnresolvedSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    span = _span()
    reason = serializers.CharField()
    topic = serializers.CharField()


class AssumptionSerializer(serializers.Serializer[Any]):
    topic = serializers.CharField()
    path = serializers.CharField(allow_blank=True, help_text="a JSON pointer into canonical_json")
    value = serializers.JSONField(allow_null=True)
    rule = serializers.IntegerField(allow_null=True, help_text="the rule of the conventions behind it")


class RecommendationSerializer(serializers.Serializer[Any]):
    topic = serializers.CharField()
    reason = serializers.CharField(help_text="why it matters here")
    edit = serializers.CharField(allow_blank=True, help_text="a sentence for chat/ that applies it; empty if none can")


class SeenRecommendationSerializer(RecommendationSerializer):
    run_id = serializers.IntegerField(
        default=None, allow_null=True, help_text="the run that showed it; null: the words alone do"
    )


class DifferenceSerializer(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="a JSON pointer into canonical_json")
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class ReadingSerializer(serializers.Serializer[Any]):
    """Two readers of one text: where they agree, the reading is sure; where they don't, a question is open."""

    grammar = serializers.ChoiceField(choices=["complete", "needs_clarification", "unsupported", "rejected"])
    model = serializers.ChoiceField(
        choices=["read", "incomplete", "set_aside", "failed"], help_text="what came of asking it; `reason` says why"
    )
    agree = serializers.BooleanField(allow_null=True, help_text="null where there are no two whole readings")
    by = serializers.ChoiceField(
        choices=["identity", "trades"], allow_null=True, help_text="trades: on sample prices alone"
    )
    chosen = serializers.ChoiceField(choices=["grammar", "model"], allow_null=True)
    provider = serializers.CharField(allow_blank=True)
    model_name = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    differences = DifferenceSerializer(many=True, help_text="`before`: the grammar's, `after`: the model's")
    canonical_json = serializers.DictField(allow_null=True, help_text="the model's, where it is another one")


class StrategySerializer(serializers.Serializer[StrategyVersion]):
    """A strategy as one of its versions has it."""

    id = serializers.IntegerField(source="strategy_id")
    name = serializers.CharField(source="strategy.name")
    version = serializers.IntegerField(source="number")
    user_id = serializers.IntegerField(source="strategy.user_id")
    status = serializers.ChoiceField(choices=Status.choices)
    turns = serializers.ListField(
        child=serializers.CharField(), help_text="the description, and the sentences that changed it"
    )
    source_url = serializers.CharField(allow_blank=True, help_text="the page that told the description, if one did")
    canonical_json = serializers.DictField(allow_null=True, help_text="null until the description is clear")
    identity = serializers.CharField(allow_blank=True, help_text="hash of what the specification means")
    generated_code = serializers.CharField(allow_blank=True)
    code_path = serializers.SerializerMethodField()
    provider = serializers.CharField(allow_blank=True, help_text="who wrote the code: compiler or user")
    assumptions = AssumptionSerializer(many=True)
    unresolved = UnresolvedSerializer(many=True)
    questions = QuestionSerializer(many=True)
    errors = IssueSerializer(many=True)  # type: ignore[assignment]
    ai_recommendations = SeenRecommendationSerializer(
        many=True, help_text="from the words alone, until those of a run were asked for"
    )
    reading = ReadingSerializer(
        source="reading.comparison",
        default=None,
        allow_null=True,
        help_text="what a model made of the same text; null where none was asked",
    )
    created_at = serializers.DateTimeField(source="strategy.created_at")
    updated_at = serializers.DateTimeField(source="strategy.updated_at")

    def get_code_path(self, version: StrategyVersion) -> str | None:
        return code_path_of(version)


class LatestStrategySerializer(StrategySerializer):
    """The same of a row of `strategy_list`, which has its latest version beside it."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        strategy: Strategy = instance
        [latest] = strategy.latest  # type: ignore[attr-defined]
        return super().to_representation(latest)


def code_path_of(version: StrategyVersion) -> str | None:
    """Where the code stands, counted from the project's folder if it is inside; None where there is none."""
    if not version.code_file_name:
        return None
    path = Path(settings.BACKTEST_CODES_DIR) / version.code_file_name
    return str(path.relative_to(settings.BASE_DIR) if path.is_relative_to(settings.BASE_DIR) else path)


class VersionSerializer(serializers.Serializer[StrategyVersion]):
    version = serializers.IntegerField(source="number")
    status = serializers.ChoiceField(choices=Status.choices)
    change = serializers.CharField(allow_blank=True, help_text="what made this version")
    identity = serializers.CharField(allow_blank=True)
    provider = serializers.CharField(allow_blank=True)
    code_path = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_code_path(self, version: StrategyVersion) -> str | None:
        return code_path_of(version)


class FindingSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField(allow_null=True, help_text="of the code, from 1")
    column = serializers.IntegerField(allow_null=True)
    rule = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    suggestion = serializers.CharField(allow_blank=True)


class ValidationSerializer(serializers.Serializer[StrategyValidation]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=StrategyValidation.Kind.choices)
    ok = serializers.BooleanField()
    findings = FindingSerializer(many=True)
    details = serializers.DictField()
    created_at = serializers.DateTimeField()


class ValidatedSerializer(serializers.Serializer[Any]):
    strategy_id = serializers.IntegerField(source="version.strategy_id")
    version = serializers.IntegerField(source="version.number")
    status = serializers.ChoiceField(source="version.status", choices=Status.choices)
    valid = serializers.BooleanField(help_text="whether every check that was made passed")
    validations = ValidationSerializer(many=True)
    skipped = serializers.ListField(child=serializers.CharField(), help_text="why a check was not made")


class ScanFindingSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    column = serializers.IntegerField()
    rule = serializers.CharField()
    message = serializers.CharField()
    suggestion = serializers.CharField(allow_blank=True)


class RoundSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    stage = serializers.ChoiceField(
        choices=["answer", "scan", "run", "proof", "accepted"], help_text="where it failed, or that it was accepted"
    )
    finding = serializers.CharField(allow_blank=True, help_text="what the model was told of it")
    scan_findings = ScanFindingSerializer(many=True)
    code_sha256 = serializers.CharField(allow_blank=True)


class ProofSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=["pending", "verified", "mismatch", "not_applicable"],
        help_text="verified: all trades on these bars are those of the independent execution; pending: with each run",
    )
    counterexample = serializers.CharField(allow_blank=True)
    error = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField(allow_null=True)
    symbol = serializers.CharField(allow_blank=True)
    timeframe = serializers.CharField(allow_blank=True)
    series = serializers.IntegerField(help_text="that were alike: these bars, and those made to part the two")
    bars = serializers.IntegerField(help_text="of all these series")
    trades = serializers.IntegerField(allow_null=True, help_text="closed ones, that were compared")


class GeneratedCodeSerializer(serializers.Serializer[Any]):
    strategy_id = serializers.IntegerField(source="version.strategy_id")
    version = serializers.IntegerField(source="version.number")
    strategy_code = serializers.CharField(source="version.generated_code")
    file_path = serializers.SerializerMethodField()
    success = serializers.BooleanField(source="validation.ok")
    provider = serializers.CharField(source="version.provider", help_text="who wrote the code: compiler, or a model's")
    model = serializers.CharField(source="validation.details.model", allow_blank=True, help_text="that was asked")
    rounds = RoundSerializer(source="validation.details.rounds", many=True, help_text="the answers of the model")
    proof = ProofSerializer(source="validation.details.proof")
    counterexample = serializers.CharField(
        source="validation.details.counterexample", allow_blank=True, help_text="the last one, mended or not"
    )
    fallback_reason = serializers.CharField(
        source="validation.details.fallback_reason", allow_null=True, help_text="why a model's code was not taken"
    )
    validation = ValidationSerializer()

    def get_file_path(self, generated: Any) -> str | None:
        return code_path_of(generated.version)


class SentenceSerializer(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="a JSON pointer into canonical_json")
    text = serializers.CharField()


class ExplanationSerializer(serializers.Serializer[Any]):
    strategy_id = serializers.IntegerField(source="version.strategy_id")
    version = serializers.IntegerField(source="version.number")
    status = serializers.ChoiceField(source="version.status", choices=Status.choices)
    explanation = serializers.CharField(allow_blank=True, help_text="the sentences, one after the other")
    sentences = SentenceSerializer(many=True)
    assumptions = AssumptionSerializer(source="version.assumptions", many=True)
    unresolved = UnresolvedSerializer(source="version.unresolved", many=True)
    questions = QuestionSerializer(source="version.questions", many=True)


class ConversationSerializer(serializers.Serializer[ConversationMemory]):
    id = serializers.IntegerField()
    session = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ConversationMemory.Kind.choices)
    message = serializers.CharField(allow_blank=True)
    answer = serializers.DictField()
    state_before = serializers.DictField(allow_null=True)
    state_after = serializers.DictField(allow_null=True)
    created_at = serializers.DateTimeField()


class FiguresSerializer(serializers.Serializer[Any]):
    trades = serializers.IntegerField(help_text="closed ones")
    open_at_end = serializers.IntegerField()
    return_pct = serializers.FloatField()


class TradeDifferenceSerializer(serializers.Serializer[Any]):
    symbol = serializers.CharField()
    timeframe = serializers.CharField()
    bars = serializers.IntegerField()
    before = FiguresSerializer()
    after = FiguresSerializer()
    first_difference = serializers.CharField(allow_null=True, help_text="the stamp on which the trades part")
    text = serializers.CharField()


class ProposalSerializer(serializers.Serializer[StrategyProposal]):
    id = serializers.UUIDField()
    version = serializers.IntegerField(source="version.number", help_text="that it would change")
    state = serializers.ChoiceField(choices=StrategyProposal.State.choices)
    summary = serializers.CharField()
    sentence = serializers.CharField(allow_blank=True, help_text="that the grammar reads as this change")
    changes = DifferenceSerializer(many=True, help_text="what the strategy would say")
    canonical_json = serializers.DictField(help_text="what it would be")
    provider = serializers.CharField()
    model = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class SecondReadingSerializer(serializers.Serializer[StrategyValidation]):
    strategy_id = serializers.IntegerField(source="version.strategy_id")
    version = serializers.IntegerField(source="version.number")
    agrees = serializers.BooleanField(source="ok", help_text="whether both readings mean, or trade, the same")
    state = serializers.ChoiceField(
        source="details.state", choices=["agrees", "same_trades", "differs", "only_model", "unreadable"]
    )
    question = serializers.CharField(source="details.question", allow_null=True, help_text="what is to be decided")
    findings = FindingSerializer(many=True, help_text="what one reading says and the other does not")
    trades = TradeDifferenceSerializer(source="details.trades", allow_null=True, help_text="the model's as `after`")
    why_not = serializers.CharField(source="details.why_not", allow_blank=True)
    proposal = serializers.UUIDField(source="details.proposal", allow_null=True, help_text="accept it to take it")
    provider = serializers.CharField(source="details.provider")
    model = serializers.CharField(source="details.model", allow_blank=True)
    created_at = serializers.DateTimeField()


class ChatReplySerializer(serializers.Serializer[Any]):
    reply = serializers.CharField(help_text="a sentence or two for people")
    changed = serializers.BooleanField(help_text="whether a version was made")
    changes = DifferenceSerializer(many=True, help_text="those of a what-if are not made yet")
    what_if = TradeDifferenceSerializer(allow_null=True, help_text="what a change that was only tried does")
    provider = serializers.CharField(help_text="who answered: grammar, or a model's provider")
    proposal = ProposalSerializer(allow_null=True, help_text="a model's, which changes nothing until it is accepted")
    status = serializers.ChoiceField(source="content.status", choices=Status.choices, help_text="of what was said")
    questions = QuestionSerializer(source="content.questions", many=True)
    unresolved = UnresolvedSerializer(source="content.unresolved", many=True)
    errors = IssueSerializer(source="content.errors", many=True)  # type: ignore[assignment]
    strategy = StrategySerializer(source="version")


class StandingSerializer(serializers.Serializer[Any]):
    strategy_id = serializers.IntegerField(source="version.strategy_id")
    version = serializers.IntegerField(source="version.number")
    status = serializers.ChoiceField(source="version.status", choices=Status.choices)
    last = ConversationSerializer(allow_null=True, help_text="what was said last, and what came of it")
    asked = serializers.CharField(allow_null=True, help_text="the sentence that left something open; answer it alone")
    questions = QuestionSerializer(many=True, help_text="what is open: of that sentence, else of the version")
    tried = serializers.CharField(allow_null=True, help_text='the what-if that "keep it" would keep')


class WeighedSerializer(serializers.Serializer[Any]):
    strategy_id = serializers.IntegerField(source="version.strategy_id")
    version = serializers.IntegerField(source="version.number")
    message = serializers.CharField(allow_blank=True, help_text="the sentence that left it open; empty: the version")
    questions = QuestionSerializer(many=True)


class SchemaReportSerializer(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    errors = IssueSerializer(many=True)  # type: ignore[assignment]
    identity = serializers.CharField(allow_null=True)
    canonical_json = serializers.DictField(allow_null=True, help_text="the canonical form of what was meant")


class ScanReportSerializer(serializers.Serializer[Any]):
    ok = serializers.BooleanField()
    findings = ScanFindingSerializer(many=True)


class LookAheadSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=["none_found", "found", "not_checked"],
        help_text="found: a decision changed when only what comes after it was another future, or none",
    )
    sentence = serializers.CharField()
    cuts = serializers.IntegerField(help_text="bars after which the future was another one")
    bar = serializers.IntegerField(allow_null=True, help_text="of the decision, from 0")
    time = serializers.CharField(allow_null=True)
    line = serializers.IntegerField(allow_null=True, help_text="of the code that asked for it, where that can be told")


class SandboxTestReportSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["completed", "refused", "failed", "timeout", "killed"])
    findings = ScanFindingSerializer(many=True)
    error = serializers.CharField(allow_null=True)
    error_line = serializers.IntegerField(allow_null=True)
    self_reported = serializers.BooleanField(help_text="always true: the figures are what the code's own run says")
    look_ahead = LookAheadSerializer(allow_null=True, help_text="null where the code did not run to its end")
    metrics = serializers.DictField()
    notices = serializers.ListField(child=serializers.CharField())
    logs = serializers.CharField(allow_blank=True, help_text="what the code printed: untrusted")
    layers = serializers.ListField(child=serializers.CharField(), help_text="the confinements that held")
    limits_hit = serializers.ListField(child=serializers.CharField())
