"""The market data endpoints."""

from typing import Final
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from auth_api.authentication import user_of
from data_api import examples, selectors, services
from data_api.indicator_catalogue import catalogue
from data_api.serializers import (
    DatasetListQuery,
    DatasetSerializer,
    FetchedBarsSerializer,
    FetchSerializer,
    IndicatorsSerializer,
    SourcesSerializer,
    SymbolQuery,
    SymbolsSerializer,
    UploadSerializer,
)
from data_api.upload_parser import UploadParser
from rest.openapi import error_response
from rest.pagination import page_response, paged
from rest.serializers import read_body, read_query
from rest.views import ApiView

_TAGS: Final = ["data"]
_UNREACHABLE: Final = {503: error_response("The source can't be reached, or answers nothing.")}
_FULL: Final = {507: error_response("The file can't be stored: no room is left.")}


class IndicatorListView(ApiView):
    @extend_schema(
        operation_id="indicators_list",
        tags=_TAGS,
        summary="Every indicator and candlestick pattern, with parameters, bounds and the names of its columns",
        responses={200: IndicatorsSerializer},
        examples=[examples.INDICATORS],
    )
    def get(self, request: Request) -> Response:
        return Response(IndicatorsSerializer(catalogue()).data)


class SourceListView(ApiView):
    @extend_schema(
        operation_id="sources_list",
        tags=_TAGS,
        summary="Where bars can come from",
        responses={200: SourcesSerializer, **_UNREACHABLE},
        examples=[examples.SOURCES],
    )
    def get(self, request: Request) -> Response:
        return Response(SourcesSerializer({"sources": selectors.source_list()}).data)


class SymbolListView(ApiView):
    @extend_schema(
        operation_id="symbols_list",
        tags=_TAGS,
        summary="The symbols of the sources that can list them",
        parameters=[SymbolQuery],
        responses={200: SymbolsSerializer, **_UNREACHABLE},
        examples=[examples.SYMBOLS],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, SymbolQuery)
        return Response(SymbolsSerializer({"symbols": selectors.symbol_list(source=query.get("source"))}).data)


class FetchView(ApiView):
    throttle_scope = "compute"

    @extend_schema(
        operation_id="bars_fetch",
        tags=_TAGS,
        summary="Bars with indicators, in columns",
        description="Indicators are computed on all bars up to the end, so that those of the window are warmed up.",
        request=FetchSerializer,
        responses={200: FetchedBarsSerializer, **_UNREACHABLE},
        examples=[examples.FETCH, examples.FETCH_DATASET, examples.FETCHED],
    )
    def post(self, request: Request) -> Response:
        fetched = services.bars_fetch(user=user_of(request), **read_body(request, FetchSerializer))
        return Response(FetchedBarsSerializer(fetched).data)


class UploadView(ApiView):
    parser_classes = (UploadParser,)
    throttle_scope = "upload"

    @extend_schema(
        operation_id="datasets_upload",
        tags=_TAGS,
        summary="Upload a CSV of bars: 20 MB at most, read strictly",
        description="A file that is at fault is refused whole; details name each line and column. "
        "What is odd but possible (gaps, jumps, missing volume) is kept as findings.",
        request={"multipart/form-data": UploadSerializer},
        responses={201: DatasetSerializer, **_FULL},
        examples=[examples.UPLOADED],
        parameters=[OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201])],
    )
    def post(self, request: Request) -> Response:
        dataset = services.dataset_create(user=user_of(request), **read_body(request, UploadSerializer))
        headers = {"Location": reverse("dataset", args=[dataset.pk])}
        return Response(DatasetSerializer(dataset).data, status=201, headers=headers)


class DatasetListView(ApiView):
    @extend_schema(
        operation_id="datasets_list",
        tags=_TAGS,
        summary="The bars that you uploaded",
        parameters=[DatasetListQuery],
        responses={200: paged("Dataset", DatasetSerializer)},
        examples=[examples.DATASETS],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, DatasetListQuery)
        rows = selectors.dataset_list(user=user_of(request), symbol=query.get("symbol"), search=query.get("search"))
        return page_response(request, rows, query, DatasetSerializer)


class DatasetView(ApiView):
    @extend_schema(
        operation_id="datasets_read",
        tags=_TAGS,
        summary="One of your datasets",
        responses={200: DatasetSerializer},
        examples=[examples.DATASET],
    )
    def get(self, request: Request, dataset_id: UUID) -> Response:
        return Response(DatasetSerializer(selectors.dataset_get(user=user_of(request), dataset_id=dataset_id)).data)

    @extend_schema(
        operation_id="datasets_delete",
        tags=_TAGS,
        summary="Delete a dataset: its name is free again, runs on it stay",
        responses={204: OpenApiResponse(description="It is deleted.")},
    )
    def delete(self, request: Request, dataset_id: UUID) -> Response:
        services.dataset_delete(user=user_of(request), dataset_id=dataset_id)
        return Response(status=204)
