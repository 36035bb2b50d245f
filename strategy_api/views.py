"""The strategy endpoints."""

import uuid
from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from auth_api.authentication import user_of
from rest.openapi import error_response
from rest.pagination import page_response, paged
from rest.serializers import NothingSerializer, read_body, read_query
from rest.views import ApiView, ComputeView
from strategy_api import examples, selectors, services
from strategy_api.serializers import answers, requests

_TAGS: Final = ["strategies"]
_BUSY: Final = {503: error_response("No sandbox can be had here.")}
_FULL: Final = {507: error_response("The code can't be stored: no room is left.")}
_UNCLEAR: Final = {422: error_response("The description is not clear yet; details name its questions.")}


class StrategyListView(ComputeView):
    @extend_schema(
        operation_id="strategies_list",
        tags=_TAGS,
        summary="Your strategies, each at its latest version",
        parameters=[requests.StrategyListQuery],
        responses={200: paged("Strategy", answers.StrategySerializer)},
        examples=[examples.STRATEGIES],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, requests.StrategyListQuery)
        rows = selectors.strategy_list(user=user_of(request), status=query.get("status"), search=query.get("search"))
        return page_response(request, rows, query, answers.LatestStrategySerializer)

    @extend_schema(
        operation_id="strategies_create",
        tags=_TAGS,
        summary="Describe a strategy in plain words, as a canonical document, or as code of your own",
        description="A text that is unclear, unsupported or rejected is stored as well, with its questions and errors.",
        request=requests.StrategyWriteSerializer,
        responses={201: answers.StrategySerializer, **_FULL},
        examples=[
            examples.DESCRIBE,
            examples.DESCRIBE_UNCLEARLY,
            examples.STRATEGY_MADE,
            examples.UNCLEAR_MADE,
        ],
        parameters=[OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201])],
    )
    def post(self, request: Request) -> Response:
        body = read_body(request, requests.StrategyWriteSerializer)
        version = services.strategy_create(
            user=user_of(request), name=body.get("name"), description=requests.description_of(body)
        )
        address = reverse("strategy", args=[version.strategy_id])
        return Response(answers.StrategySerializer(version).data, status=201, headers={"Location": address})


class StrategyView(ComputeView):
    @extend_schema(
        operation_id="strategies_read",
        tags=_TAGS,
        summary="A strategy, at its latest version or the one that is asked for",
        parameters=[requests.VersionQuery],
        responses={200: answers.StrategySerializer},
        examples=[examples.STRATEGY],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        query = read_query(request, requests.VersionQuery)
        version = selectors.strategy_version_get(
            user=user_of(request), strategy_id=strategy_id, number=query.get("version")
        )
        return Response(answers.StrategySerializer(version).data)

    @extend_schema(
        operation_id="strategies_replace",
        tags=_TAGS,
        summary="Say anew what the strategy is: that is its next version",
        request=requests.StrategyWriteSerializer,
        responses={200: answers.StrategySerializer, **_FULL},
        examples=[examples.DESCRIBE, examples.STRATEGY],
    )
    def put(self, request: Request, strategy_id: int) -> Response:
        return self._changed(request, strategy_id, read_body(request, requests.StrategyWriteSerializer))

    @extend_schema(
        operation_id="strategies_change",
        tags=_TAGS,
        summary="Answer what was asked, rename it, or say a part anew",
        description="A name alone makes no version; everything else does, unless it says what stands there already.",
        request=requests.StrategyChangeSerializer,
        responses={200: answers.StrategySerializer, **_FULL},
        examples=[examples.ANSWER, examples.RENAME, examples.STRATEGY],
    )
    def patch(self, request: Request, strategy_id: int) -> Response:
        return self._changed(request, strategy_id, read_body(request, requests.StrategyChangeSerializer))

    def _changed(self, request: Request, strategy_id: int, body: dict[str, Any]) -> Response:
        version = services.strategy_update(
            user=user_of(request),
            strategy_id=strategy_id,
            name=body.get("name"),
            description=requests.description_of(body),
        )
        return Response(answers.StrategySerializer(version).data)

    @extend_schema(
        operation_id="strategies_delete",
        tags=_TAGS,
        summary="Put a strategy away; its name is free again, its runs stay",
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, strategy_id: int) -> Response:
        services.strategy_delete(user=user_of(request), strategy_id=strategy_id)
        return Response(status=204)


class ValidateView(ComputeView):
    @extend_schema(
        operation_id="strategies_validate",
        tags=_TAGS,
        summary="Check a version: its specification, its code, and a bounded run on sample bars",
        request=requests.ValidateSerializer,
        responses={200: answers.ValidatedSerializer, **_BUSY},
        examples=[examples.LATEST, examples.VALIDATED],
    )
    def post(self, request: Request, strategy_id: int) -> Response:
        body = read_body(request, requests.ValidateSerializer)
        validated = services.strategy_validate(
            user=user_of(request), strategy_id=strategy_id, number=body.get("version")
        )
        return Response(answers.ValidatedSerializer(validated).data)


class GenerateCodeView(ComputeView):
    @extend_schema(
        operation_id="strategies_generate_code",
        tags=_TAGS,
        summary="Generate the code of the latest version",
        description="With a language model configured it writes the code, which is taken only when the scan finds "
        "nothing and its trades, on sample bars and on series made to part the two, are those of an independent "
        "execution of the specification; what is "
        "wrong is given back to it a few times. Otherwise the code is the compiler's, and fallback_reason says why.",
        request=requests.GenerateCodeSerializer,
        responses={200: answers.GeneratedCodeSerializer, **_UNCLEAR, **_BUSY, **_FULL},
        examples=[examples.LATEST, examples.BY_COMPILER, examples.GENERATED, examples.GENERATED_BY_MODEL],
    )
    def post(self, request: Request, strategy_id: int) -> Response:
        body = read_body(request, requests.GenerateCodeSerializer)
        generated = services.code_generate(user=user_of(request), strategy_id=strategy_id, **body)
        return Response(answers.GeneratedCodeSerializer(generated).data)


class GenerateCodeFromCanonicalView(ComputeView):
    @extend_schema(
        operation_id="strategies_generate_code_from_canonical",
        tags=_TAGS,
        summary="Generate the code of a canonical document, which becomes the strategy's next version",
        request=requests.GenerateFromCanonicalSerializer,
        responses={200: answers.GeneratedCodeSerializer, **_UNCLEAR, **_BUSY, **_FULL},
        examples=[examples.DOCUMENT, examples.GENERATED],
    )
    def post(self, request: Request, strategy_id: int) -> Response:
        body = read_body(request, requests.GenerateFromCanonicalSerializer)
        generated = services.code_generate_from_canonical(user=user_of(request), strategy_id=strategy_id, **body)
        return Response(answers.GeneratedCodeSerializer(generated).data)


class SecondReadingView(ComputeView):
    @extend_schema(
        operation_id="strategies_second_reading",
        tags=_TAGS,
        summary="What the model's reading of the latest version's words said of it last",
        responses={200: answers.SecondReadingSerializer},
        examples=[examples.SECOND_READING],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        validation = selectors.second_reading_get(user=user_of(request), strategy_id=strategy_id)
        return Response(answers.SecondReadingSerializer(validation).data)

    @extend_schema(
        operation_id="strategies_read_again",
        tags=_TAGS,
        summary="Let the model read the words too, and compare: by meaning and, if that differs, by trades",
        description="It changes nothing: another reading is a proposal, to be accepted or left.",
        request=NothingSerializer,
        responses={200: answers.SecondReadingSerializer},
        examples=[examples.LATEST, examples.SECOND_READING],
    )
    def post(self, request: Request, strategy_id: int) -> Response:
        read_body(request, NothingSerializer)
        opinion = services.strategy_read_again(user=user_of(request), strategy_id=strategy_id)
        return Response(answers.SecondReadingSerializer(opinion.validation).data)


class ProposalListView(ApiView):
    @extend_schema(
        operation_id="strategies_proposals",
        tags=_TAGS,
        summary="What models proposed for a strategy, and whether it was accepted",
        parameters=[requests.ProposalListQuery],
        responses={200: paged("Proposal", answers.ProposalSerializer)},
        examples=[examples.PROPOSALS],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        query = read_query(request, requests.ProposalListQuery)
        rows = selectors.strategy_proposals(user=user_of(request), strategy_id=strategy_id)
        return page_response(request, rows, query, answers.ProposalSerializer)


class ProposalAcceptView(ComputeView):
    @extend_schema(
        operation_id="strategies_accept_proposal",
        tags=_TAGS,
        summary="Make a proposal the next version; it must be for the version that stands",
        request=NothingSerializer,
        responses={200: answers.StrategySerializer, **_FULL},
        examples=[examples.LATEST, examples.STRATEGY],
    )
    def post(self, request: Request, strategy_id: int, proposal_id: uuid.UUID) -> Response:
        read_body(request, NothingSerializer)
        version = services.proposal_accept(user=user_of(request), strategy_id=strategy_id, proposal_id=proposal_id)
        return Response(answers.StrategySerializer(version).data)


class EvidenceView(ComputeView):
    @extend_schema(
        operation_id="strategies_evidence",
        tags=_TAGS,
        summary="Run each answer to what is open, and tell how their trades differ",
        description="Of the latest version, else of the sentence that was said last; some seconds at most.",
        request=requests.EvidenceSerializer,
        responses={200: answers.WeighedSerializer, **_BUSY},
        examples=[examples.ON_GOOG, examples.WEIGHED],
    )
    def post(self, request: Request, strategy_id: int) -> Response:
        body = read_body(request, requests.EvidenceSerializer)
        weighed = services.question_weigh(user=user_of(request), strategy_id=strategy_id, symbol=body.get("symbol"))
        return Response(answers.WeighedSerializer(weighed).data)


class ChatView(ComputeView):
    @extend_schema(
        operation_id="strategies_chat_standing",
        tags=_TAGS,
        summary="Where the conversation stands: what was said last, and what of it is open",
        responses={200: answers.StandingSerializer},
        examples=[examples.STANDING],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        standing = selectors.conversation_standing(user=user_of(request), strategy_id=strategy_id)
        return Response(answers.StandingSerializer(standing).data)

    @extend_schema(
        operation_id="strategies_chat",
        tags=_TAGS,
        summary="Change a strategy by a sentence; what is not clear changes nothing and is asked about",
        description="Where a language model is configured it answers what the grammar does not read. It changes "
        "nothing: what it would change is a proposal, which happens when it is accepted (or by “keep it”).",
        request=requests.ChatSerializer,
        responses={200: answers.ChatReplySerializer, **_FULL},
        examples=[
            examples.SAY,
            examples.TRY,
            examples.ASK,
            examples.CHAT_REPLY,
            examples.WHAT_IF,
            examples.MODEL_REPLY,
        ],
    )
    def post(self, request: Request, strategy_id: int) -> Response:
        body = read_body(request, requests.ChatSerializer)
        reply = services.strategy_chat(user=user_of(request), strategy_id=strategy_id, **body)
        return Response(answers.ChatReplySerializer(reply).data)


class VersionListView(ApiView):
    @extend_schema(
        operation_id="strategies_versions",
        tags=_TAGS,
        summary="The versions of a strategy; ?version= of the strategy itself reads one in full",
        parameters=[requests.VersionListQuery],
        responses={200: paged("Version", answers.VersionSerializer)},
        examples=[examples.VERSIONS],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        query = read_query(request, requests.VersionListQuery)
        rows = selectors.strategy_versions(user=user_of(request), strategy_id=strategy_id)
        return page_response(request, rows, query, answers.VersionSerializer)


class ExplainView(ApiView):
    @extend_schema(
        operation_id="strategies_explain",
        tags=_TAGS,
        summary="What a version says, in English",
        parameters=[requests.VersionQuery],
        responses={200: answers.ExplanationSerializer},
        examples=[examples.EXPLANATION],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        query = read_query(request, requests.VersionQuery)
        explanation = selectors.strategy_explain(
            user=user_of(request), strategy_id=strategy_id, number=query.get("version")
        )
        return Response(answers.ExplanationSerializer(explanation).data)


class ConversationView(ApiView):
    @extend_schema(
        operation_id="strategies_conversation",
        tags=_TAGS,
        summary="What was said of a strategy, and what came of it, in order",
        parameters=[requests.ConversationQuery],
        responses={200: paged("Conversation", answers.ConversationSerializer)},
        examples=[examples.CONVERSATION],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        query = read_query(request, requests.ConversationQuery)
        rows = selectors.strategy_conversation(user=user_of(request), strategy_id=strategy_id)
        return page_response(request, rows, query, answers.ConversationSerializer)
