"""Whether the service can work: for a load balancer, and for whoever wonders."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from Backtest.sandbox.selftest import last_self_test
from rest.serializers import StrictSerializer
from rest.views import ApiView


class SandboxHealthSerializer(StrictSerializer):
    self_test = serializers.ChoiceField(
        choices=["holds", "too_weak", "untested"],
        help_text="what the self-test of this process found; too_weak: runs of users' code are refused",
    )
    protects = serializers.ListField(
        child=serializers.CharField(), help_text="of network, filesystem and syscalls, those that are protected"
    )
    layers = serializers.ListField(child=serializers.CharField(), help_text="what holds each run")


class HealthSerializer(StrictSerializer):
    status = serializers.ChoiceField(choices=["ok", "degraded"])
    version = serializers.CharField()
    database = serializers.ChoiceField(choices=["ok", "unreachable"])
    sandbox = SandboxHealthSerializer(help_text="how users' code is held; `manage.py sandbox_selftest` tells more")
    source_url = serializers.CharField(help_text="where the source of this service is (AGPL-3.0)")


class HealthView(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="health",
        tags=["service"],
        summary="Whether the service works",
        responses={200: HealthSerializer, 503: HealthSerializer},
        examples=[
            OpenApiExample(
                "Well",
                value={
                    "status": "ok",
                    "version": "0.1.0",
                    "database": "ok",
                    "sandbox": {
                        "self_test": "holds",
                        "protects": ["network", "filesystem", "syscalls"],
                        "layers": ["network_namespace", "mount_namespace", "landlock_files", "system_call_filter"],
                    },
                    "source_url": "https://example.org/source",
                },
                response_only=True,
                status_codes=["200"],
            ),
            OpenApiExample(
                "Without its database",
                value={
                    "status": "degraded",
                    "version": "0.1.0",
                    "database": "unreachable",
                    "sandbox": {"self_test": "untested", "protects": [], "layers": []},
                    "source_url": "https://example.org/source",
                },
                response_only=True,
                status_codes=["503"],
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        answers = _database_answers()
        body = {
            "status": "ok" if answers else "degraded",
            "version": settings.VERSION,
            "database": "ok" if answers else "unreachable",
            "sandbox": _sandbox(),
            "source_url": settings.SOURCE_URL,
        }
        return Response(body, status=200 if answers else 503, headers={"Cache-Control": "no-store"})


def _sandbox() -> dict[str, Any]:
    result = last_self_test()
    if result is None:
        return {"self_test": "untested", "protects": [], "layers": []}
    protects = [name for name, held in result.protects.items() if held]
    return {"self_test": "holds" if result.ok else "too_weak", "protects": protects, "layers": list(result.layers)}


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
