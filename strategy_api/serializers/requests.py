"""What the strategy endpoints take."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from rest.pagination import PageQuery, ordering_field
from rest.serializers import StrictSerializer
from strategy_api.models import NAME_MAX, Status
from strategy_api.services import COMPILER, MODEL, Description

TEXT_MAX = 20_000
ANSWERS_MAX = 100
ANSWER_MAX = 2_000
VERSION_MAX = 2**31 - 1
SYMBOL_MAX = 32
_SAID = ("user_description", "canonical_json", "generated_code")

_ANSWERS_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "oneOf": [{"type": "string", "maxLength": ANSWER_MAX}, {"type": "number"}, {"type": "boolean"}]
    },
    "maxProperties": ANSWERS_MAX,
    "description": "answers to the questions, by the question's id",
}


@extend_schema_field(_ANSWERS_SCHEMA)
class AnswersField(serializers.DictField):
    """Answers by the id of their question: texts, numbers, true or false."""

    def to_internal_value(self, data: Any) -> dict[Any, Any]:
        answers = super().to_internal_value(data)
        if len(answers) > ANSWERS_MAX:
            raise serializers.ValidationError(f"there are {len(answers)} answers, more than {ANSWERS_MAX}")
        faults = {name[:60]: [fault] for name, value in answers.items() if (fault := _fault(value))}
        if faults:
            raise serializers.ValidationError(faults)
        return answers


def _fault(value: Any) -> str | None:
    if isinstance(value, str):
        return f"the answer is longer than {ANSWER_MAX} characters" if len(value) > ANSWER_MAX else None
    if isinstance(value, int | float) and math.isfinite(value):
        return None
    return "an answer is a text, a number, true or false"


class _DescriptionSerializer(StrictSerializer):
    """What can be said of a strategy; the fields are texts as they are sent, blanks at their ends included."""

    name = serializers.CharField(max_length=NAME_MAX, required=False)
    user_description = serializers.CharField(
        max_length=TEXT_MAX,
        required=False,
        trim_whitespace=False,
        help_text="the strategy in plain words, or the address of a public web page that tells it",
    )
    canonical_json = serializers.DictField(required=False, help_text="the strategy as a canonical document")
    generated_code = serializers.CharField(
        required=False, trim_whitespace=False, help_text="a strategy file of your own, which is scanned"
    )
    answers = AnswersField(required=False)
    accept_defaults = serializers.BooleanField(
        required=False, help_text="answer the questions that have a default with it"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        said = [field for field in _SAID if field in attrs]
        if len(said) > 1:
            code = f"advice:leave {said[0]} or {said[1]} out"
            raise serializers.ValidationError({said[1]: f"give either {said[0]} or {said[1]}"}, code=code)
        asked = [field for field in ("answers", "accept_defaults") if field in attrs]
        if asked and said and said[0] != "user_description":
            message = f"a {said[0]} leaves no questions open"
            raise serializers.ValidationError({asked[0]: message}, code="advice:leave it out")
        return attrs


class StrategyWriteSerializer(_DescriptionSerializer):
    """Exactly one of user_description, canonical_json and generated_code."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(field in attrs for field in _SAID):
            message = "say what the strategy is: user_description, canonical_json or generated_code"
            raise serializers.ValidationError({"user_description": message}, code="advice:give one of the three")
        return super().validate(attrs)


class StrategyChangeSerializer(_DescriptionSerializer):
    """At least one field; answers alone complete what the latest version left open."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("there is nothing to change", code="advice:give a name, or answers")
        return super().validate(attrs)


def description_of(body: dict[str, Any]) -> Description:
    """What a validated body says of the strategy, its name left aside."""
    return Description(**{field: value for field, value in body.items() if field != "name"})


class StrategyListQuery(PageQuery):
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    search = serializers.CharField(max_length=NAME_MAX, required=False, help_text="a part of the name, in any case")
    ordering = ordering_field("created_at", "updated_at", "name", default="-created_at")


class VersionQuery(StrictSerializer):
    version = serializers.IntegerField(
        min_value=1, max_value=VERSION_MAX, required=False, help_text="the latest if it is left out"
    )


class VersionListQuery(PageQuery):
    ordering = ordering_field("number", default="-number")


class ConversationQuery(PageQuery):
    ordering = ordering_field("created_at", default="created_at")


class ValidateSerializer(StrictSerializer):
    version = serializers.IntegerField(
        min_value=1, max_value=VERSION_MAX, required=False, help_text="the latest if it is left out"
    )


def _provider() -> serializers.ChoiceField:
    told = "who writes the code: the compiler, or the model of the settings; the model where there is one if left out"
    return serializers.ChoiceField(choices=[COMPILER, MODEL], required=False, help_text=told)


class GenerateCodeSerializer(StrictSerializer):
    provider = _provider()


class GenerateFromCanonicalSerializer(StrictSerializer):
    provider = _provider()
    canonical_json = serializers.DictField(
        required=False, help_text="it becomes a version; without it the stored document is taken"
    )


class ChatSerializer(StrictSerializer):
    message = serializers.CharField(
        max_length=TEXT_MAX,
        trim_whitespace=False,
        required=False,
        help_text='what is to change, such as "add a 5% stop"; "what if ..." only tries it, "keep it" keeps what was '
        "tried; without a message the answers are to what the last one left open",
    )
    answers = AnswersField(required=False)
    accept_defaults = serializers.BooleanField(default=False)
    keep = serializers.BooleanField(default=False, help_text='keep a "what if ..." at once')
    symbol = serializers.CharField(
        max_length=SYMBOL_MAX,
        required=False,
        help_text="whose sample a what-if is run on; the strategy's own unless said",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not ("message" in attrs or "answers" in attrs or attrs["accept_defaults"]):
            raise serializers.ValidationError({"message": "say what is to change"}, code="advice:or give answers")
        return attrs


class ProposalListQuery(PageQuery):
    """Which proposals are listed."""

    ordering = ordering_field("created_at", default="-created_at")


class EvidenceSerializer(StrictSerializer):
    symbol = serializers.CharField(
        max_length=SYMBOL_MAX, required=False, help_text="whose sample is run; the strategy's own unless said"
    )


class SchemaSerializer(StrictSerializer):
    canonical_json = serializers.DictField(help_text="a document in canonical form, every key written out")


class CodeSerializer(StrictSerializer):
    code = serializers.CharField(trim_whitespace=False, help_text="a strategy file for backtesting.py")


class SandboxTestSerializer(CodeSerializer):
    symbol = serializers.CharField(max_length=SYMBOL_MAX, default="GOOG", help_text="a symbol of the samples")
