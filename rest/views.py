"""What every view of the API is made of."""

from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView


class ApiView(APIView):
    """A view that parses, calls one service or selector, and serialises. `throttle_scope` names its rate, if any."""

    throttle_scope: str | None = None


class ComputeView(ApiView):
    """Whatever runs the engine counts towards the rate `compute`; reading does not."""

    throttle_scope = "compute"

    def get_throttles(self) -> list[BaseThrottle]:
        return [] if self.request.method in SAFE_METHODS else super().get_throttles()
