"""Tag `auth`: the second factor."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts import passwords, second_factor, sign_in
from accounts.api.serializers import auth as shapes
from accounts.api.serializers.common import MessageReply
from accounts.api.views.auth import BEARER, stand_of
from accounts.sessions import Client
from scribe.api.access import PUBLIC
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet

SAVE_THEM = "Two-factor authentication is on. Keep these backup codes in a safe place: they are not shown again."


def setup_reply(setup: second_factor.Setup) -> Response:
    return Response(
        {
            "method": setup.method,
            "secret": setup.secret,
            "otpauth_uri": setup.otpauth_uri,
            "message": setup.message,
        }
    )


class SecondFactorViewSet(ScribeViewSet):
    idempotent = False
    rate_scope = {
        "verify": "sign_in",
        "resend": "code",
        "setup_with_temp": "code",
        "confirm_with_temp": "code",
        "confirm": "code",
        "disable": "code",
        "send_disable_code": "code",
        "backup_codes": "code",
    }

    @operation(
        tag="auth",
        summary="Begin 2FA setup",
        description="For `totp` a secret and an otpauth URI; for `email` a code is mailed. Counts once it is confirmed. "
        "Platform staff need a sign-in of the last ten minutes, or their password (403 `recent_sign_in_required`).",
        request=shapes.SetupRequest,
        responses={200: shapes.SetupReply},
        errors=(400, 403, 409),
    )
    def begin(self, request: Any) -> Response:
        body = self.body(shapes.SetupRequest)
        if request.user.is_super_admin:  # a stolen token would let a thief enrol a device and enter the back office
            passwords.confirm_unless_recent(
                user=request.user, password=body.get("password") or "", client=Client.of(request)
            )
        return setup_reply(second_factor.set_up(user=request.user, method=body["method"]))

    @operation(
        tag="auth",
        summary="Confirm 2FA setup",
        description="Verifies a first code and returns ten one-use backup codes.",
        request=shapes.CodeRequest,
        responses={200: shapes.BackupCodesReply},
        errors=(400, 409),
    )
    def confirm(self, request: Any) -> Response:
        codes = second_factor.confirm(user=request.user, code=self.body(shapes.CodeRequest)["code"])
        return Response({"backup_codes": codes, "message": SAVE_THEM})

    @operation(
        tag="auth",
        summary="Replace the 2FA backup codes",
        description="Returns ten new backup codes against a valid code; the old ones stop working.",
        request=shapes.CodeRequest,
        responses={200: shapes.BackupCodesReply},
        errors=(400, 409),
    )
    def backup_codes(self, request: Any) -> Response:
        codes = second_factor.renew_backup_codes(user=request.user, code=self.body(shapes.CodeRequest)["code"])
        return Response(
            {"backup_codes": codes, "message": "These codes replace the old ones. They are not shown again."}
        )

    @operation(
        tag="auth",
        summary="Send 2FA disable code",
        description="Mails a code for `2fa/disable`; only with the email method (else 409), at most once a minute.",
        responses={200: MessageReply},
        errors=(409,),
    )
    def send_disable_code(self, request: Any) -> Response:
        second_factor.send_code_of(request.user)
        return Response({"message": "We have sent you a code."})

    @operation(
        tag="auth",
        summary="Disable two-factor authentication",
        description="Against a valid code or backup code. Blocked (403) if the organization enforces 2FA.",
        request=shapes.CodeRequest,
        responses={200: MessageReply},
        errors=(400, 403, 409),
    )
    def disable(self, request: Any) -> Response:
        second_factor.disable(user=request.user, code=self.body(shapes.CodeRequest)["code"])
        return Response({"message": "Two-factor authentication is off."})

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Verify 2FA login code",
        description="The second step of a sign-in: a TOTP, a mailed code, or a backup code. A temp token is used up by it.",
        request=shapes.TempCodeRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401),
    )
    def verify(self, request: Any) -> Response:
        return stand_of(sign_in.verify_second_factor(**self.body(shapes.TempCodeRequest), client=Client.of(request)))

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Resend 2FA email code",
        description="Mails another code during the second step; only with the email method (else 409), at most once a minute.",
        request=shapes.TempTokenRequest,
        responses={200: MessageReply},
        errors=(400, 401, 409),
    )
    def resend(self, request: Any) -> Response:
        sign_in.resend_code(**self.body(shapes.TempTokenRequest))
        return Response({"message": "We have sent you a new code."})

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Begin 2FA setup via temp token",
        description="As `2fa/setup`, when a sign-in answered `two_factor_setup_required`.",
        request=shapes.TempMethodRequest,
        responses={200: shapes.SetupReply},
        errors=(400, 401, 409),
    )
    def setup_with_temp(self, request: Any) -> Response:
        return setup_reply(sign_in.set_up_second_factor(**self.body(shapes.TempMethodRequest)))

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Confirm 2FA setup via temp token",
        description="As `2fa/confirm`; the sign-in that waited for it is done, so an `access_token` comes along.",
        request=shapes.TempCodeRequest,
        responses={200: shapes.ConfirmedSignInReply},
        errors=(400, 401, 409),
    )
    def confirm_with_temp(self, request: Any) -> Response:
        codes, token = sign_in.confirm_second_factor(**self.body(shapes.TempCodeRequest), client=Client.of(request))
        return Response({"backup_codes": codes, "message": SAVE_THEM, "access_token": token, "token_type": BEARER})
