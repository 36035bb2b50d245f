"""Writes of accounts, sign-ins, their audit trail, and of what language models were asked for them."""

from auth_api.services.accounts import (
    REUSE_GRACE_S,
    NewPassword,
    SignedIn,
    account_register,
    account_update,
    audit_record,
    first_account_create,
    password_check,
    sign_in,
    sign_in_record,
    sign_out,
    subject_of,
    tokens_rotate,
)
from auth_api.services.model_calls import DatabaseLedger, language_model, model_config

__all__ = [
    "REUSE_GRACE_S",
    "DatabaseLedger",
    "NewPassword",
    "SignedIn",
    "account_register",
    "account_update",
    "audit_record",
    "first_account_create",
    "language_model",
    "model_config",
    "password_check",
    "sign_in",
    "sign_in_record",
    "sign_out",
    "subject_of",
    "tokens_rotate",
]
