from rest_framework import serializers

from accounts.api.serializers.common import optional, password
from scribe.api.serializers import Reply, Request


class LoginRequest(Request):
    email = serializers.CharField(max_length=254)
    password = password()
    device_token = optional(max_length=300, help_text="The token from an earlier sign-in on this device.")


class SignInReply(Reply):
    """Either `access_token`, or a `temp_token` for the step that is still to come."""

    access_token = serializers.CharField(allow_null=True)
    token_type = serializers.CharField()
    two_factor_required = serializers.BooleanField()
    two_factor_setup_required = serializers.BooleanField()
    two_factor_method = serializers.CharField(allow_null=True, help_text="`totp` or `email`.")
    temp_token = serializers.CharField(allow_null=True)
    device_token = serializers.CharField(
        allow_null=True,
        help_text="Returned with `access_token`. Identifies the device at the next sign-in; it gives no access.",
    )


class AccessTokenReply(Reply):
    access_token = serializers.CharField()
    token_type = serializers.CharField()


class EmailRequest(Request):
    email = serializers.CharField(max_length=254)


class ResetPasswordRequest(Request):
    token = serializers.CharField(max_length=1000)
    new_password = password()


class RegisterRequest(Request):
    email = serializers.EmailField(max_length=254)
    password = password()
    company_name = serializers.CharField(max_length=200)
    first_name = optional(max_length=120)
    last_name = optional(max_length=120)
    turnstile_token = optional(max_length=4096)


class RegisterReply(Reply):
    access_token = serializers.CharField()
    token_type = serializers.CharField()
    organization_id = serializers.CharField()
    message = serializers.CharField()


def linking_password() -> serializers.CharField:
    return password(
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Needed to link an account if the sign-in is more than ten minutes old.",
    )


class GoogleRequest(Request):
    """One of the two: an ID token, or the access token of Google's pop-up."""

    credential = optional(max_length=8192)
    access_token = optional(max_length=4096)
    nonce = optional(max_length=300, help_text="The nonce that the ID token was requested with, if any.")
    password = linking_password()


class AppleRequest(Request):
    id_token = serializers.CharField(max_length=8192)
    first_name = optional(max_length=120, help_text="Apple sends the name to the app only at the first sign-in.")
    last_name = optional(max_length=120)
    nonce = optional(max_length=300, help_text="The nonce that the ID token was requested with, if any.")
    password = linking_password()


class NonceReply(Reply):
    nonce = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")


class MethodRequest(Request):
    method = serializers.CharField(max_length=20, help_text="`totp` or `email`.")


class SetupRequest(MethodRequest):
    password = password(
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Needed for platform staff whose sign-in is more than ten minutes old.",
    )


class TempMethodRequest(MethodRequest):
    temp_token = serializers.CharField(max_length=1000)


class CodeRequest(Request):
    code = serializers.CharField(max_length=40)


class TempCodeRequest(CodeRequest):
    temp_token = serializers.CharField(max_length=1000)


class TempTokenRequest(Request):
    temp_token = serializers.CharField(max_length=1000)


class SetupReply(Reply):
    method = serializers.CharField()
    secret = serializers.CharField(allow_null=True, help_text="Base32. Shown only this once.")
    otpauth_uri = serializers.CharField(allow_null=True)
    message = serializers.CharField()


class BackupCodesReply(Reply):
    backup_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Each code works once. They are shown only this once."
    )
    message = serializers.CharField()


class ConfirmedSignInReply(BackupCodesReply):
    access_token = serializers.CharField(help_text="The token of the sign-in that was waiting for the setup.")
    token_type = serializers.CharField()
