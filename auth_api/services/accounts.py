"""What changes accounts and sign-ins, each change with its line in the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import Token

from auth_api.models import AuditEvent, EndedSignIn, User
from auth_api.origin import Origin
from auth_api.selectors import account_exists, account_find, names_taken, token_owner
from auth_api.tokens import SIGN_IN_CLAIM, RefreshToken, read_token, refusal, sign_in_id_of
from Backtest.errors import Issue
from rest.errors import Conflict, Invalid, ServiceError, Unauthenticated

REUSE_GRACE_S: Final = 30
"""A client that renews twice at once uses one token twice within seconds; whoever comes later has a copy of it."""

_TAKEN: Final[Mapping[str, str]] = {"username": "this user name is taken", "email": "this e-mail is taken"}

log = structlog.get_logger("auth_api")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account, and new tokens of one of its sign-ins where there are any."""

    user: User
    access: str | None = None
    refresh: str | None = None


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password, and the one that it is to replace."""

    current: str
    new: str


def subject_of(name: str) -> str:
    """The keyed hash of a login name or e-mail, whatever its case: what the audit trail and the throttles keep."""
    return salted_hmac("auth_api.subject", name.lower(), algorithm="sha256").hexdigest()


def audit_record(
    *, kind: AuditEvent.Kind, user: User | None = None, name: str = "", reason: str = "", origin: Origin
) -> AuditEvent:
    """One line of the audit trail and of the log, about this user or, where there is none, the name that was given."""
    about = user.username if user is not None else name
    subject = subject_of(about) if about else ""
    log.info("account event", kind=kind.value, reason=reason, about_user_id=user.pk if user else None, subject=subject)
    return AuditEvent.objects.create(
        user=user,
        kind=kind,
        subject=subject,
        reason=reason,
        address=origin.address,
        user_agent=origin.user_agent,
        request_id=origin.request_id,
    )


def account_register(*, username: str, email: str, password: str, origin: Origin) -> SignedIn:
    """A new account, signed in; raises Invalid for a weak password, Conflict for a name or an e-mail that is taken."""
    user = User(username=username, email=email)
    _password_set(user, password, field="password")
    try:
        with transaction.atomic():
            user.save()
            audit_record(kind=AuditEvent.Kind.REGISTERED, user=user, origin=origin)
            return _tokens_issue(RefreshToken.for_user(user), user)
    except IntegrityError as error:
        raise _taken(username=username, email=email) from error


def sign_in(*, username: str | None = None, email: str | None = None, password: str, origin: Origin) -> SignedIn:
    """A new sign-in by user name or e-mail; raises Unauthenticated, alike for an unknown name and a wrong password."""
    user = password_check(username=username, email=email, password=password, origin=origin)
    with transaction.atomic():
        OutstandingToken.objects.filter(user=user, expires_at__lt=timezone.now()).delete()
        sign_in_record(user=user, origin=origin)
        return _tokens_issue(RefreshToken.for_user(user), user)


def sign_in_record(*, user: User, origin: Origin, reason: str = "") -> None:
    """That this user has signed in, on the account and in the audit trail."""
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    audit_record(kind=AuditEvent.Kind.SIGNED_IN, user=user, reason=reason, origin=origin)


def password_check(*, username: str | None = None, email: str | None = None, password: str, origin: Origin) -> User:
    """The active account of this name and password; raises Unauthenticated and records the refusal."""
    user = authenticate(request=None, username=username, email=email, password=password)
    if isinstance(user, User):
        return user
    known = account_find(username=username, email=email)
    reason = "no such account" if known is None else "wrong password" if known.is_active else "the account is inactive"
    given = username if username is not None else email
    audit_record(kind=AuditEvent.Kind.SIGN_IN_REFUSED, user=known, name=given or "", reason=reason, origin=origin)
    raise Unauthenticated("the name or the password is wrong")


def tokens_rotate(*, refresh: str, origin: Origin) -> SignedIn:
    """New tokens for a refresh token, which is used up by it; raises Unauthenticated for one that is not valid.

    Of several that use one token at once, exactly one succeeds. A token that comes back later than that is a copy:
    its sign-in ends.
    """
    token = read_token(RefreshToken, refresh, "refresh")
    user = _token_owner_audited(token, origin)
    with transaction.atomic():
        if _spend(token):
            audit_record(kind=AuditEvent.Kind.TOKEN_REFRESHED, user=user, origin=origin)
            return _tokens_issue(_successor(user, token), user)
    _reuse_refuse(token, user, origin)
    raise refusal("the token was used before", "refresh")


def sign_out(*, user: User, refresh: str, origin: Origin) -> None:
    """End the sign-in of this refresh token, its access tokens included; raises Unauthenticated if it isn't theirs."""
    token = read_token(RefreshToken, refresh, "refresh")
    if token_owner(token=token, field="refresh") != user:
        raise refusal("the token is not valid", "refresh")
    with transaction.atomic():
        _spend(token)
        _sign_in_end(token)
        audit_record(kind=AuditEvent.Kind.SIGNED_OUT, user=user, origin=origin)


def account_update(
    *, user: User, token: Token, changes: Mapping[str, str], origin: Origin, password: NewPassword | None = None
) -> SignedIn:
    """The user with another e-mail, name or password. A new password ends every sign-in but this one.

    All tokens until then are refused, so the answer carries new ones of this sign-in; else it carries none.
    Raises Invalid for a wrong current password and for a weak new one, Conflict for an e-mail that is taken.
    """
    changed = {field: value for field, value in changes.items() if getattr(user, field) != value}
    for field, value in changed.items():
        setattr(user, field, value)
    before = user.password
    if password is not None:
        _password_replace(user, password, origin)
    try:
        with transaction.atomic():
            if changed:
                User.objects.filter(pk=user.pk).update(**changed)
                audit_record(kind=AuditEvent.Kind.PROFILE_CHANGED, user=user, reason=", ".join(changed), origin=origin)
            if password is None:
                return SignedIn(user)
            if not User.objects.filter(pk=user.pk, password=before).update(password=user.password):
                raise Conflict("the password was changed meanwhile", [Issue("password", "it was changed meanwhile")])
            audit_record(kind=AuditEvent.Kind.PASSWORD_CHANGED, user=user, origin=origin)
            return _tokens_issue(_successor(user, token), user)
    except IntegrityError as error:
        raise _taken(email=changed.get("email"), but=user) from error


def first_account_create(*, username: str, email: str, password: str) -> User | None:
    """A superuser where there is no account yet, None where there is one; raises Invalid for what it can't be."""
    if account_exists():
        return None
    user = User(username=username, email=email, is_staff=True, is_superuser=True)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise Invalid("the first account can't be made", _issues_of(error)) from error
    _password_set(user, password, field="password")
    try:
        with transaction.atomic():
            user.save()
            audit_record(kind=AuditEvent.Kind.REGISTERED, user=user, reason="the first account", origin=Origin())
    except IntegrityError:  # another process was quicker
        return None
    return user


def _password_set(user: User, password: str, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise _invalid(field, error.messages) from error
    user.set_password(password)


def _password_replace(user: User, password: NewPassword, origin: Origin) -> None:
    if not user.check_password(password.current):
        audit_record(kind=AuditEvent.Kind.SIGN_IN_REFUSED, user=user, reason="wrong current password", origin=origin)
        message = "this is not the current password"
        raise Invalid(message, [Issue("current_password", message, "give the password that you sign in with now")])
    _password_set(user, password.new, field="password")


def _invalid(field: str, messages: list[str]) -> ServiceError:
    issues = [Issue(field, message[:1].lower() + message[1:].rstrip("."), "choose another one") for message in messages]
    return Invalid(issues[0].message, issues)


def _issues_of(error: ValidationError) -> list[Issue]:
    return [Issue(field, message) for field, messages in error.message_dict.items() for message in messages]


def _taken(*, username: str | None = None, email: str | None = None, but: User | None = None) -> Conflict:
    fields = names_taken(username=username, email=email, but=but)
    issues = [Issue(field, _TAKEN[field], "choose another one, or sign in") for field in fields]
    return Conflict(issues[0].message if issues else "it was taken a moment ago: try again", issues)


def _tokens_issue(refresh: RefreshToken, user: User) -> SignedIn:
    refresh.outstand()
    return SignedIn(user, access=str(refresh.access_token), refresh=str(refresh))


def _successor(user: User, token: Token) -> RefreshToken:
    """The next refresh token of the sign-in that this token belongs to."""
    refresh = RefreshToken.for_user(user)
    if (sign_in_id := sign_in_id_of(token)) is not None:
        refresh[SIGN_IN_CLAIM] = sign_in_id.hex
    return refresh


def _spend(token: RefreshToken) -> bool:
    """Use the token up; False if it was before. The unique row decides between those who try at once."""
    _, first = BlacklistedToken.objects.get_or_create(token=token.outstand())
    return first


def _sign_in_end(token: Token) -> None:
    now = timezone.now()
    EndedSignIn.objects.filter(expires_at__lt=now).delete()
    if (sign_in_id := sign_in_id_of(token)) is not None:
        last_expiry = now + timedelta(seconds=settings.JWT_REFRESH_EXPIRY_S)
        EndedSignIn.objects.get_or_create(pk=sign_in_id, defaults={"expires_at": last_expiry})


def _token_owner_audited(token: RefreshToken, origin: Origin) -> User:
    try:
        return token_owner(token=token, field="refresh")
    except Unauthenticated as error:
        about = User.objects.filter(pk=token.get("user_id")).first()
        audit_record(kind=AuditEvent.Kind.TOKEN_REFUSED, user=about, reason=error.issues[0].message, origin=origin)
        raise


def _reuse_refuse(token: RefreshToken, user: User, origin: Origin) -> None:
    spent = BlacklistedToken.objects.get(token__jti=token["jti"])
    is_copy = timezone.now() - spent.blacklisted_at > timedelta(seconds=REUSE_GRACE_S)
    with transaction.atomic():
        if is_copy:
            _sign_in_end(token)
        reason = "used before: the sign-in was ended" if is_copy else "used before"
        audit_record(kind=AuditEvent.Kind.TOKEN_REFUSED, user=user, reason=reason, origin=origin)
