"""What the OpenAPI schema says of the two ways to bear a token."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "auth_api.authentication.AccessTokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return _bearer("The access token that signing in answered.")


class RefreshTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "auth_api.authentication.RefreshTokenAuthentication"
    name = "refreshBearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return _bearer("The refresh token, in the place of an access token.")


def _bearer(description: str) -> dict[str, str]:
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description}
