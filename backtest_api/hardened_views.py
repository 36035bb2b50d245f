"""The hardened doors: what would be run, judged by the strictest rules; and code of one's own, run in isolation."""

from typing import Final

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from auth_api.authentication import user_of
from backtest_api import examples, services
from backtest_api.serializers import answers, requests
from backtest_api.views import LOCATION, REFUSED
from rest.serializers import read_body
from rest.views import ApiView

_TAGS: Final = ["hardened"]


class ValidateConfigView(ApiView):
    throttle_scope = "compute"

    @extend_schema(
        operation_id="production_validate_config",
        tags=_TAGS,
        summary="What a backtest would run, without running it; a canonical_json must be canonical as it stands",
        request=requests.BacktestSerializer,
        responses={200: answers.PreviewSerializer, 422: REFUSED[422], 503: REFUSED[503]},
        examples=[examples.RUN_IDEA, examples.PREVIEW],
    )
    def post(self, request: Request) -> Response:
        asked = requests.run_request_of(read_body(request, requests.BacktestSerializer))
        preview = services.backtest_preview(user=user_of(request), request=asked)
        return Response(answers.PreviewSerializer(answers.preview_answer(preview)).data)


class RunSandboxView(ApiView):
    throttle_scope = "compute"

    @extend_schema(
        operation_id="production_run_sandbox",
        tags=_TAGS,
        summary="Scan code of your own, run it in isolation and measure it; the run is stored, self-reported",
        request=requests.SandboxRunSerializer,
        responses={201: answers.RunDetailSerializer, 503: REFUSED[503], 507: REFUSED[507]},
        examples=[examples.RUN_CODE, examples.CODE_RUN_MADE],
        parameters=[LOCATION],
    )
    def post(self, request: Request) -> Response:
        asked = requests.run_request_of(read_body(request, requests.SandboxRunSerializer))
        run = services.backtest_quick_run(user=user_of(request), request=asked)
        shown = answers.RunDetailSerializer(run, context={"request": request}).data
        return Response(shown, status=201, headers={"Location": reverse("backtest", args=[run.pk])})
