"""Tag `auth`: the second factor."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import passwords, second_factor, sign_in
from accounts.api.serializers import auth as shapes
from accounts.api.serializers.common import MessageReply
from accounts.api.views.auth import BEARER, own
from accounts.sessions import Client
from scribe.api.access import PUBLIC
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet, SignedInRequest

SAVE_THEM = "Two-factor authentication is on. Keep these backup codes in a safe place: they are not shown again."


class SecondFactorViewSet(ScribeViewSet):
    tag = "auth"
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

    @own(
        summary="Begin 2FA setup",
        description="Returns a secret and an otpauth URI for `totp`, or emails a code for `email`. Takes effect "
        "when it is confirmed. Platform staff must have signed in within the last ten minutes, or send "
        "their password (403 `recent_sign_in_required`).",
        request=shapes.SetupRequest,
        responses={200: shapes.SetupReply},
        errors=(400, 403, 409),
    )
    def begin(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.SetupRequest)
        if request.user.is_super_admin:  # a stolen token would let a thief enrol a device and enter the back office
            passwords.confirm_unless_recent(
                user=request.user, password=body.get("password") or "", client=Client.of(request)
            )
        return Response(shapes.SetupReply.of(second_factor.set_up(user=request.user, method=body["method"])))

    @own(
        summary="Confirm 2FA setup",
        description="Verifies a first code and returns ten one-use backup codes.",
        request=shapes.CodeRequest,
        responses={200: shapes.BackupCodesReply},
        errors=(400, 409),
    )
    def confirm(self, request: SignedInRequest) -> Response:
        codes = second_factor.confirm(user=request.user, code=self.body(shapes.CodeRequest)["code"])
        return Response({"backup_codes": codes, "message": SAVE_THEM})

    @own(
        summary="Replace the 2FA backup codes",
        description="Returns ten new backup codes in exchange for a valid code. The old codes stop working.",
        request=shapes.CodeRequest,
        responses={200: shapes.BackupCodesReply},
        errors=(400, 409),
    )
    def backup_codes(self, request: SignedInRequest) -> Response:
        codes = second_factor.renew_backup_codes(user=request.user, code=self.body(shapes.CodeRequest)["code"])
        return Response(
            {"backup_codes": codes, "message": "These codes replace the old ones. They are not shown again."}
        )

    @own(
        summary="Send 2FA disable code",
        description="Emails a code for `2fa/disable`, at most once a minute. Returns 409 unless the user's method "
        "is `email`.",
        responses={200: MessageReply},
        errors=(409,),
    )
    def send_disable_code(self, request: SignedInRequest) -> Response:
        second_factor.send_code_of(request.user)
        return Response({"message": "We have sent you a code."})

    @own(
        summary="Disable two-factor authentication",
        description="Needs a valid code or backup code. Returns 403 if the organization requires 2FA.",
        request=shapes.CodeRequest,
        responses={200: MessageReply},
        errors=(400, 403, 409),
    )
    def disable(self, request: SignedInRequest) -> Response:
        second_factor.disable(user=request.user, code=self.body(shapes.CodeRequest)["code"])
        return Response({"message": "Two-factor authentication is off."})

    @operation(
        who=PUBLIC,
        summary="Verify 2FA login code",
        description="Completes the second step of a sign-in with a TOTP, an emailed code or a backup code. The "
        "`temp_token` can be used only once.",
        request=shapes.TempCodeRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401),
    )
    def verify(self, request: Request) -> Response:
        found = sign_in.verify_second_factor(**self.body(shapes.TempCodeRequest), client=Client.of(request))
        return Response(shapes.SignInReply.of(found))

    @operation(
        who=PUBLIC,
        summary="Resend 2FA email code",
        description="Emails another code during the second step, at most once a minute. Returns 409 unless the "
        "user's method is `email`.",
        request=shapes.TempTokenRequest,
        responses={200: MessageReply},
        errors=(400, 401, 409),
    )
    def resend(self, request: SignedInRequest) -> Response:
        sign_in.resend_code(**self.body(shapes.TempTokenRequest))
        return Response({"message": "We have sent you a new code."})

    @operation(
        who=PUBLIC,
        summary="Begin 2FA setup via temp token",
        description="Same as `2fa/setup`, for a sign-in that returned `two_factor_setup_required`.",
        request=shapes.TempMethodRequest,
        responses={200: shapes.SetupReply},
        errors=(400, 401, 409),
    )
    def setup_with_temp(self, request: Request) -> Response:
        return Response(shapes.SetupReply.of(sign_in.set_up_second_factor(**self.body(shapes.TempMethodRequest))))

    @operation(
        who=PUBLIC,
        summary="Confirm 2FA setup via temp token",
        description="Same as `2fa/confirm`. It also completes the pending sign-in and returns an `access_token`.",
        request=shapes.TempCodeRequest,
        responses={200: shapes.ConfirmedSignInReply},
        errors=(400, 401, 409),
    )
    def confirm_with_temp(self, request: Request) -> Response:
        codes, token = sign_in.confirm_second_factor(**self.body(shapes.TempCodeRequest), client=Client.of(request))
        return Response({"backup_codes": codes, "message": SAVE_THEM, "access_token": token, "token_type": BEARER})
