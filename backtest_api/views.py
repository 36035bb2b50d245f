"""The backtest endpoints."""

from collections.abc import Iterable
from typing import Final

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from auth_api.authentication import user_of
from backtest_api import examples, selectors, services
from backtest_api.serializers import answers, requests
from backtest_api.serializers.stories import WhySerializer
from backtest_api.trade_pages import trade_page
from rest.openapi import error_response
from rest.pagination import page_response, paged
from rest.serializers import NothingSerializer, read_body, read_query
from rest.views import ApiView, ComputeView
from strategy_api.serializers.answers import RecommendationSerializer

TAGS: Final = ["backtests"]
REFUSED: Final = {
    422: error_response("The strategy can't be run as it stands; details name its questions, clauses and errors."),
    503: error_response("Prices or a sandbox can't be had now."),
    507: error_response("The results can't be stored: no room is left."),
}
LOCATION: Final = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201, 202])
_BUSY: Final = {503: error_response("Too much runs here now.")}
_NO_FIGURES: Final = {409: error_response("The run is not completed, so that it has no figures.")}


class BacktestListView(ComputeView):
    @extend_schema(
        operation_id="backtests_list",
        tags=TAGS,
        summary="Your runs; what each of them ran is told by the run itself",
        parameters=[requests.BacktestQuery],
        responses={200: paged("Run", answers.RunSerializer)},
        examples=[examples.RUNS],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, requests.BacktestQuery)
        rows = selectors.backtest_list(user=user_of(request), **requests.filters_of(query))
        return page_response(request, rows, query, answers.RunSerializer)

    @extend_schema(
        operation_id="backtests_create",
        tags=TAGS,
        summary="Begin a run, and ask for it until its status is completed, failed or cancelled",
        request=requests.BacktestSerializer,
        responses={202: answers.RunDetailSerializer, **REFUSED},
        examples=[examples.RUN_STRATEGY, examples.RUN_IDEA, examples.PENDING],
        parameters=[LOCATION],
    )
    def post(self, request: Request) -> Response:
        asked = requests.run_request_of(read_body(request, requests.BacktestSerializer))
        run = services.backtest_create(user=user_of(request), request=asked)
        shown = answers.RunDetailSerializer(run, context={"request": request}).data
        return Response(shown, status=202, headers={"Location": reverse("backtest", args=[run.pk])})


class QuickRunView(ComputeView):
    @extend_schema(
        operation_id="backtests_quick_run",
        tags=TAGS,
        summary="Run a strategy now: by its id, as a canonical document, or in plain words",
        description="Code that fails or reaches a limit makes a failed run; what can't be run as it stands makes none.",
        request=requests.BacktestSerializer,
        responses={201: answers.RunDetailSerializer, **REFUSED},
        examples=[examples.RUN_STRATEGY, examples.RUN_IDEA, examples.RUN_MADE],
        parameters=[LOCATION],
    )
    def post(self, request: Request) -> Response:
        asked = requests.run_request_of(read_body(request, requests.BacktestSerializer))
        run = services.backtest_quick_run(user=user_of(request), request=asked)
        shown = answers.RunDetailSerializer(run, context={"request": request}).data
        return Response(shown, status=201, headers={"Location": reverse("backtest", args=[run.pk])})


class BacktestView(ApiView):
    @extend_schema(
        operation_id="backtests_read",
        tags=TAGS,
        summary="A run: where it stands, its figures, and what it ran",
        responses={200: answers.RunDetailSerializer},
        examples=[examples.RUN],
    )
    def get(self, request: Request, run_id: int) -> Response:
        run = selectors.backtest_get(user=user_of(request), run_id=run_id)
        return Response(answers.RunDetailSerializer(run, context={"request": request}).data)


class CancelView(ApiView):
    @extend_schema(
        operation_id="backtests_cancel",
        tags=TAGS,
        summary="End a run that waits or goes on",
        request=NothingSerializer,
        responses={200: answers.RunDetailSerializer},
        examples=[examples.NOTHING, examples.CANCELLED],
    )
    def post(self, request: Request, run_id: int) -> Response:
        read_body(request, NothingSerializer)
        run = services.backtest_cancel(user=user_of(request), run_id=run_id)
        return Response(answers.RunDetailSerializer(run, context={"request": request}).data)


class TradesView(ApiView):
    @extend_schema(
        operation_id="backtests_trades",
        tags=TAGS,
        summary="The closed trades of a run, in the order of their entries",
        parameters=[requests.TradesQuery],
        responses={200: answers.TradeCursorPageSerializer},
        examples=[examples.TRADES],
    )
    def get(self, request: Request, run_id: int) -> Response:
        query = read_query(request, requests.TradesQuery)
        return trade_page(request, selectors.backtest_trades(user=user_of(request), run_id=run_id), query)


class EquityView(ApiView):
    @extend_schema(
        operation_id="backtests_equity",
        tags=TAGS,
        summary="The equity curve and its drawdown, as columns",
        parameters=[requests.PointsQuery],
        responses={200: answers.EquitySerializer, **_NO_FIGURES},
        examples=[examples.EQUITY],
    )
    def get(self, request: Request, run_id: int) -> Response:
        query = read_query(request, requests.PointsQuery)
        return Response(selectors.backtest_equity(user=user_of(request), run_id=run_id, **query))


class ChartView(ApiView):
    @extend_schema(
        operation_id="backtests_chart",
        tags=TAGS,
        summary="Prices, equity and trade markers, as columns",
        parameters=[requests.PointsQuery],
        responses={200: answers.ChartSerializer, **_NO_FIGURES},
        examples=[examples.CHART],
    )
    def get(self, request: Request, run_id: int) -> Response:
        query = read_query(request, requests.PointsQuery)
        return Response(selectors.backtest_chart(user=user_of(request), run_id=run_id, **query))


class WhyView(ApiView):
    throttle_scope = "compute"  # it runs the strategy again

    @extend_schema(
        operation_id="backtests_why",
        tags=TAGS,
        summary="Why a date or a trade: which rule acted, and of each other one which condition was false",
        parameters=[requests.WhyQuery],
        responses={200: WhySerializer, **_NO_FIGURES, **_BUSY},
        examples=[examples.WHY],
    )
    def get(self, request: Request, run_id: int) -> Response:
        query = read_query(request, requests.WhyQuery)
        return Response(selectors.backtest_why(user=user_of(request), run_id=run_id, **query))


class RecommendationsView(ApiView):
    throttle_scope = "compute"  # it runs the strategy and its changes

    @extend_schema(
        operation_id="backtests_recommendations",
        tags=TAGS,
        summary="What could be better, each with a sentence that was tried on the same bars; the strategy's from then",
        responses={200: RecommendationSerializer(many=True), **_NO_FIGURES, **_BUSY},
        examples=[examples.RECOMMENDATIONS],
    )
    def get(self, request: Request, run_id: int) -> Response:
        found = services.backtest_recommend(user=user_of(request), run_id=run_id)
        return Response(RecommendationSerializer(found, many=True).data)


class WhateverIsAccepted(BaseContentNegotiation):
    """A file has one form, whatever the request says that it accepts."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ArtifactView(ApiView):
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="backtests_artifact",
        tags=TAGS,
        summary="A file of a run: its trades or its equity as CSV, its report, or what it was made of",
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(services.CONTENT_TYPES))],
        responses={
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "trades.csv and equity.csv"),
            (200, "text/html"): OpenApiResponse(OpenApiTypes.STR, "report.html: one page that needs nothing else"),
            (200, "application/json"): OpenApiResponse(OpenApiTypes.OBJECT, "manifest.json"),
            **_NO_FIGURES,
        },
        examples=[examples.MANIFEST, examples.TRADES_CSV],
    )
    def get(self, request: Request, run_id: int, name: str) -> HttpResponse:
        file = services.artifact_open(user=user_of(request), run_id=run_id, name=name)
        response = HttpResponse(file.content, content_type=file.artifact.content_type)
        response["Content-Disposition"] = f'{file.disposition}; filename="backtest-{run_id}-{name}"'
        response["Content-Security-Policy"] = "sandbox allow-scripts"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-cache"
        return response
