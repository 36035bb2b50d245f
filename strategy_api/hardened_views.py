"""The hardened doors: documents and code that are judged by the strictest rules, and not stored."""

from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rest.openapi import error_response
from rest.serializers import read_body
from rest.views import ApiView
from strategy_api import examples, services
from strategy_api.serializers import answers, requests

_TAGS: Final = ["hardened"]


class ValidateSchemaView(ApiView):
    throttle_scope = "compute"

    @extend_schema(
        operation_id="production_validate_schema",
        tags=_TAGS,
        summary="Whether a document is in canonical form as it stands: no shorthands, no defaults left out",
        request=requests.SchemaSerializer,
        responses={200: answers.SchemaReportSerializer},
        examples=[
            examples.DOCUMENT,
            examples.SHORTHAND,
            examples.SCHEMA_REPORT,
            examples.SCHEMA_REPORT_OF_SHORTHANDS,
        ],
    )
    def post(self, request: Request) -> Response:
        report = services.schema_validate(**read_body(request, requests.SchemaSerializer))
        return Response(answers.SchemaReportSerializer(report).data)


class ValidateCodeView(ApiView):
    throttle_scope = "compute"

    @extend_schema(
        operation_id="production_validate_code",
        tags=_TAGS,
        summary="What the source gate and the scan find in code, without running it",
        request=requests.CodeSerializer,
        responses={200: answers.ScanReportSerializer},
        examples=[
            examples.CODE,
            examples.CODE_REFUSED,
            examples.SCAN_REPORT,
            examples.SCAN_REPORT_WITH_FINDINGS,
        ],
    )
    def post(self, request: Request) -> Response:
        report = services.code_validate(**read_body(request, requests.CodeSerializer))
        return Response(answers.ScanReportSerializer(report).data)


class SandboxTestView(ApiView):
    throttle_scope = "compute"

    @extend_schema(
        operation_id="production_sandbox_test",
        tags=_TAGS,
        summary="Scan code and run it on the bars of a sample, isolated and tightly bounded",
        request=requests.SandboxTestSerializer,
        responses={
            200: answers.SandboxTestReportSerializer,
            503: error_response("No sandbox can be had here."),
        },
        examples=[examples.CODE_ON_GOOG, examples.SANDBOX_REPORT],
    )
    def post(self, request: Request) -> Response:
        trial = services.code_try(**read_body(request, requests.SandboxTestSerializer))
        return Response(answers.SandboxTestReportSerializer(trial).data)
