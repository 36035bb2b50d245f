"""What every view of the API is made of."""

from rest_framework.views import APIView


class ApiView(APIView):
    """A view that parses, calls one service or selector, and serialises. `throttle_scope` names its rate, if any."""

    throttle_scope: str | None = None
