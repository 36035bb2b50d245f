"""Whether the service can work: for a load balancer, and for whoever wonders."""

from django.conf import settings
from django.db import DatabaseError, connection
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from rest.serializers import StrictSerializer
from rest.views import ApiView


class HealthSerializer(StrictSerializer):
    status = serializers.ChoiceField(choices=["ok", "degraded"])
    version = serializers.CharField()
    database = serializers.ChoiceField(choices=["ok", "unreachable"])
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
            "source_url": settings.SOURCE_URL,
        }
        return Response(body, status=200 if answers else 503, headers={"Cache-Control": "no-store"})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
