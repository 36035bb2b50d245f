"""The endpoints of searches over a grid of a run's numbers."""

from typing import Final

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from auth_api.authentication import user_of
from backtest_api import examples, selectors, services
from backtest_api.models import Leased
from backtest_api.serializers import optimizations as shown
from backtest_api.views import LOCATION, REFUSED
from rest.openapi import error_response
from rest.pagination import page_response, paged
from rest.serializers import NothingSerializer, read_body, read_query
from rest.views import ApiView, ComputeView

TAGS: Final = ["optimizations"]
_NOTHING_TO_VARY: Final = {
    409: error_response("The run is not completed, or is code without a specification."),
}


class OptimizeView(ComputeView):
    @extend_schema(
        operation_id="backtests_variables",
        tags=TAGS,
        summary="The numbers of a run's strategy that a search can vary",
        responses={200: shown.VariablesSerializer, **_NOTHING_TO_VARY},
        examples=[examples.VARIABLES],
    )
    def get(self, request: Request, run_id: int) -> Response:
        places = selectors.backtest_variables(user=user_of(request), run_id=run_id)
        return Response(shown.VariablesSerializer(shown.variables_answer(places)).data)

    @extend_schema(
        operation_id="backtests_optimize",
        tags=TAGS,
        summary="Search a grid of a completed run's numbers for the best metric",
        description="A small grid is answered at once (201), a larger one in the background (202): ask for it until "
        "its status is completed, failed or cancelled. The best combinations are run again under backtesting.py, and "
        "each says whether its code was verified. All figures are in-sample: see `caution`.",
        request=shown.OptimizeSerializer,
        responses={
            201: shown.OptimizationDetailSerializer,
            202: shown.OptimizationDetailSerializer,
            **_NOTHING_TO_VARY,
            **REFUSED,
        },
        examples=[examples.OPTIMIZE, examples.OPTIMIZATION_MADE, examples.OPTIMIZATION_PENDING],
        parameters=[LOCATION],
    )
    def post(self, request: Request, run_id: int) -> Response:
        asked = shown.optimization_request_of(read_body(request, shown.OptimizeSerializer))
        row = services.optimization_create(user=user_of(request), run_id=run_id, request=asked)
        body = shown.OptimizationDetailSerializer(row, context={"request": request}).data
        status = 201 if row.status == Leased.Status.COMPLETED else 202
        return Response(body, status=status, headers={"Location": reverse("optimization", args=[row.pk])})


class OptimizationListView(ApiView):
    @extend_schema(
        operation_id="optimizations_list",
        tags=TAGS,
        summary="Your searches; what came of each is told by the search itself",
        parameters=[shown.OptimizationQuery],
        responses={200: paged("Optimization", shown.OptimizationSerializer)},
        examples=[examples.OPTIMIZATIONS],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, shown.OptimizationQuery)
        filters = {name: query[name] for name in ("run_id", "status") if name in query}
        rows = selectors.optimization_list(user=user_of(request), **filters)
        return page_response(request, rows, query, shown.OptimizationSerializer)


class OptimizationView(ApiView):
    @extend_schema(
        operation_id="optimizations_read",
        tags=TAGS,
        summary="A search: how far it is, and what came of it",
        responses={200: shown.OptimizationDetailSerializer},
        examples=[examples.OPTIMIZATION],
    )
    def get(self, request: Request, optimization_id: int) -> Response:
        row = selectors.optimization_get(user=user_of(request), optimization_id=optimization_id)
        return Response(shown.OptimizationDetailSerializer(row, context={"request": request}).data)


class OptimizationCancelView(ApiView):
    @extend_schema(
        operation_id="optimizations_cancel",
        tags=TAGS,
        summary="End a search that waits or goes on",
        request=NothingSerializer,
        responses={200: shown.OptimizationDetailSerializer},
        examples=[examples.NOTHING, examples.OPTIMIZATION_CANCELLED],
    )
    def post(self, request: Request, optimization_id: int) -> Response:
        read_body(request, NothingSerializer)
        row = services.optimization_cancel(user=user_of(request), optimization_id=optimization_id)
        return Response(shown.OptimizationDetailSerializer(row, context={"request": request}).data)
