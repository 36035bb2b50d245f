"""What the account endpoints take and answer."""

from typing import Any

from rest_framework import serializers

from auth_api.models import EMAIL_MAX, USERNAME_MAX, ModelCall, User, validate_email_is_ascii
from auth_api.services import NewPassword, SignedIn
from rest.pagination import PageQuery, ordering_field
from rest.serializers import StrictSerializer

PASSWORD_MAX = 1024
TOKEN_MAX = 4096
_NAME_MAX = 150
USERNAME_PATTERN = r"^[A-Za-z0-9_.@+-]+$"


def _username(**options: Any) -> serializers.RegexField:
    message = "a user name has letters (a to z), digits and @ . + - _ only"
    return serializers.RegexField(
        USERNAME_PATTERN, max_length=USERNAME_MAX, error_messages={"invalid": message}, **options
    )


def _email(**options: Any) -> serializers.EmailField:
    return serializers.EmailField(max_length=EMAIL_MAX, validators=[validate_email_is_ascii], **options)


def _password(**options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=PASSWORD_MAX, trim_whitespace=False, **options)


class RegisterSerializer(StrictSerializer):
    """A new account."""

    username = _username()
    email = _email()
    password = _password(help_text="at least 8 characters, not a common one, not like the name or the e-mail")


class LoginSerializer(StrictSerializer):
    """Exactly one of username and email."""

    username = serializers.CharField(max_length=USERNAME_MAX, required=False, help_text="in any case")
    email = serializers.CharField(max_length=EMAIL_MAX, required=False, help_text="in any case; instead of username")
    password = _password()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("username" in attrs) == ("email" in attrs):
            code = "advice:give one of the two"
            raise serializers.ValidationError({"username": "give either username or email"}, code=code)
        return attrs


class RefreshSerializer(StrictSerializer):
    """A refresh token."""

    refresh = serializers.CharField(max_length=TOKEN_MAX)


class VerifySerializer(StrictSerializer):
    """A token of either kind."""

    token = serializers.CharField(max_length=TOKEN_MAX, help_text="an access token or a refresh token")


class MeChangeSerializer(StrictSerializer):
    """What is left out stays; a new password needs the current one beside it."""

    email = _email(required=False)
    first_name = serializers.CharField(max_length=_NAME_MAX, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=_NAME_MAX, required=False, allow_blank=True)
    password = _password(required=False, help_text="the new one; it ends every other sign-in")
    current_password = _password(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "password" in attrs and "current_password" not in attrs:
            message = "a new password needs the current one"
            raise serializers.ValidationError({"current_password": message}, code="advice:give it beside password")
        if "current_password" in attrs and "password" not in attrs:
            raise serializers.ValidationError({"password": "the new password is missing"}, code="required")
        current, new = attrs.pop("current_password", None), attrs.pop("password", None)
        return {"changes": attrs, "password": NewPassword(current, new) if current and new else None}


class UserSerializer(serializers.ModelSerializer[User]):
    """An account."""

    created_at = serializers.DateTimeField(source="date_joined", read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "email", "first_name", "last_name", "created_at")
        read_only_fields = fields


class SignedInSerializer(serializers.Serializer[SignedIn]):
    """The two tokens of a sign-in, and whose it is."""

    access = serializers.CharField(help_text="the Bearer of requests, until it expires")
    refresh = serializers.CharField(help_text="for new tokens, once")
    user = UserSerializer()


class AccessSerializer(StrictSerializer):
    """A new access token."""

    access = serializers.CharField()


class TokenSerializer(StrictSerializer):
    """What a valid token is."""

    token_type = serializers.ChoiceField(choices=["access", "refresh"])
    user_id = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class MeSerializer(UserSerializer):
    """An account; with new tokens of this sign-in where its password was just changed."""

    access = serializers.CharField(required=False)
    refresh = serializers.CharField(required=False)

    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "access", "refresh")  # type: ignore[assignment]
        read_only_fields = UserSerializer.Meta.fields


def me_answer(signed_in: SignedIn) -> dict[str, Any]:
    tokens = {"access": signed_in.access, "refresh": signed_in.refresh} if signed_in.access else {}
    return {**UserSerializer(signed_in.user).data, **tokens}


class ModelCallListQuery(PageQuery):
    """Which calls are listed."""

    purpose = serializers.CharField(max_length=40, required=False, help_text="such as generate_code or chat")
    outcome = serializers.ChoiceField(choices=ModelCall.Outcome.choices, required=False)
    ordering = ordering_field("created_at", "latency_s", "output_tokens", default="-created_at")


class ModelCallSerializer(serializers.ModelSerializer[ModelCall]):
    """One call of a language model; prompt and answer are null unless the service keeps them."""

    prompt = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()

    class Meta:
        model = ModelCall
        fields = (
            *("id", "purpose", "provider", "model", "outcome", "error", "finish_reason", "attempts"),
            *("input_tokens", "output_tokens", "latency_s", "prompt_sha256", "prompt", "answer", "created_at"),
        )

    def get_prompt(self, call: ModelCall) -> str | None:
        return self._kept(call, "prompt")

    def get_answer(self, call: ModelCall) -> str | None:
        return self._kept(call, "answer")

    def _kept(self, call: ModelCall, field: str) -> str | None:
        text = getattr(call, "text", None)
        return None if text is None else getattr(text, field)
