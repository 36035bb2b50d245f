"""Who asks: the bearer of an access token."""

from rest_framework_simplejwt.authentication import JWTAuthentication


class AccessTokenAuthentication(JWTAuthentication):
    """The user of a valid access token; raises 401 for any other."""
