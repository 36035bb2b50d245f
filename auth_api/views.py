"""The account endpoints."""

from collections.abc import Sequence
from typing import Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from auth_api import examples, selectors, services
from auth_api.authentication import RefreshTokenAuthentication, token_of, user_of
from auth_api.origin import origin_of
from auth_api.serializers import (
    AccessSerializer,
    LoginSerializer,
    MeChangeSerializer,
    MeSerializer,
    ModelCallListQuery,
    ModelCallSerializer,
    RefreshSerializer,
    RegisterSerializer,
    SignedInSerializer,
    TokenSerializer,
    UserSerializer,
    VerifySerializer,
    me_answer,
)
from auth_api.throttles import PasswordThrottle
from rest.openapi import error_response
from rest.pagination import page_response, paged
from rest.serializers import read_body, read_query
from rest.throttles import Throttle
from rest.views import ApiView

_TAGS: Final = ["accounts"]
_NO_STORE: Final = {"Cache-Control": "no-store"}


class RegisterView(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "register"

    @extend_schema(
        operation_id="register",
        tags=_TAGS,
        summary="Make an account, and sign in",
        request=RegisterSerializer,
        responses={201: SignedInSerializer},
        examples=[examples.REGISTER, examples.REGISTERED],
        parameters=[OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[201])],
    )
    def post(self, request: Request) -> Response:
        body = read_body(request, RegisterSerializer)
        signed_in = services.account_register(**body, origin=origin_of(request))
        headers = {**_NO_STORE, "Location": "/api/auth/me/"}
        return Response(SignedInSerializer(signed_in).data, status=201, headers=headers)


class LoginView(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes: Sequence[type[BaseThrottle]] = (Throttle, PasswordThrottle)
    throttle_scope = "sign_in"

    @extend_schema(
        operation_id="login",
        tags=_TAGS,
        summary="Sign in by user name or e-mail",
        request=LoginSerializer,
        responses={200: SignedInSerializer, 401: error_response("The name or the password is wrong.")},
        examples=[examples.LOGIN, examples.LOGIN_BY_EMAIL, examples.SIGNED_IN],
    )
    def post(self, request: Request) -> Response:
        signed_in = services.sign_in(**read_body(request, LoginSerializer), origin=origin_of(request))
        return Response(SignedInSerializer(signed_in).data, headers=_NO_STORE)


class RefreshView(ApiView):
    throttle_scope = "token"

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [RefreshTokenAuthentication()] if self._bears_its_token() else []

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated()] if self._bears_its_token() else [AllowAny()]

    def _bears_its_token(self) -> bool:
        """A GET bears its token in the header, a POST in the body. The schema asks without a request, too."""
        return getattr(self.request, "method", None) in ("GET", "HEAD")

    @extend_schema(
        operation_id="refresh",
        tags=_TAGS,
        summary="New tokens for a refresh token, which is used up by it",
        request=RefreshSerializer,
        responses={200: SignedInSerializer, 401: error_response("The refresh token is not valid, or was used.")},
        examples=[examples.REFRESH, examples.SIGNED_IN],
    )
    def post(self, request: Request) -> Response:
        signed_in = services.tokens_rotate(**read_body(request, RefreshSerializer), origin=origin_of(request))
        return Response(SignedInSerializer(signed_in).data, headers=_NO_STORE)

    @extend_schema(
        operation_id="refresh_access",
        tags=_TAGS,
        summary="A new access token for the refresh token that is sent as the Bearer; it is not used up",
        responses={200: AccessSerializer},
        examples=[examples.ACCESS],
    )
    def get(self, request: Request) -> Response:
        return Response({"access": str(token_of(request).access_token)}, headers=_NO_STORE)


class VerifyView(ApiView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "token"

    @extend_schema(
        operation_id="verify",
        tags=_TAGS,
        summary="Whether a token can be used, and until when",
        request=VerifySerializer,
        responses={200: TokenSerializer, 401: error_response("The token can't be used.")},
        examples=[examples.VERIFY, examples.TOKEN],
    )
    def post(self, request: Request) -> Response:
        facts = selectors.token_verify(text=read_body(request, VerifySerializer)["token"], field="token")
        return Response(TokenSerializer(facts).data, headers=_NO_STORE)


class LogoutView(ApiView):
    throttle_scope = "token"

    @extend_schema(
        operation_id="logout",
        tags=_TAGS,
        summary="End the sign-in of this refresh token, its access tokens included",
        request=RefreshSerializer,
        responses={204: OpenApiResponse(description="It has ended.")},
        examples=[examples.REFRESH],
    )
    def post(self, request: Request) -> Response:
        services.sign_out(**read_body(request, RefreshSerializer), user=user_of(request), origin=origin_of(request))
        return Response(status=204)


class MeView(ApiView):
    throttle_classes: Sequence[type[BaseThrottle]] = (Throttle, PasswordThrottle)

    @extend_schema(
        operation_id="me",
        tags=_TAGS,
        summary="Who is signed in",
        responses={200: UserSerializer},
        examples=[examples.USER],
    )
    def get(self, request: Request) -> Response:
        return Response(UserSerializer(user_of(request)).data)

    @extend_schema(
        operation_id="me_update",
        tags=_TAGS,
        summary="Change the e-mail, the name or the password",
        request=MeChangeSerializer,
        responses={200: MeSerializer},
        examples=[examples.NEW_EMAIL, examples.NEW_PASSWORD, examples.USER, examples.USER_WITH_TOKENS],
    )
    def patch(self, request: Request) -> Response:
        update = read_body(request, MeChangeSerializer)
        signed_in = services.account_update(
            user=user_of(request), token=token_of(request), origin=origin_of(request), **update
        )
        return Response(me_answer(signed_in), headers=_NO_STORE)


class ModelCallListView(ApiView):
    @extend_schema(
        operation_id="model_calls",
        tags=_TAGS,
        summary="What language models were asked for you, and what it took",
        parameters=[ModelCallListQuery],
        responses={200: paged("ModelCall", ModelCallSerializer)},
        examples=[examples.MODEL_CALLS],
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, ModelCallListQuery)
        rows = selectors.model_call_list(
            user=user_of(request), purpose=query.get("purpose"), outcome=query.get("outcome")
        )
        return page_response(request, rows, query, ModelCallSerializer)
