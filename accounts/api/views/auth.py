"""Tag `auth`: signing in and out, proving an address, and setting a new password."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts import captcha, passwords, registration, sessions, sign_in, social, verification
from accounts.api.serializers import auth as shapes
from accounts.api.serializers.common import MessageReply, TokenQuery
from accounts.sessions import Client
from scribe.api.access import PUBLIC
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet

BEARER = "bearer"


def stand_of(found: sign_in.SignIn) -> Response:
    return Response(
        {
            "access_token": found.access_token,
            "device_token": found.device_token,
            "token_type": found.token_type,
            "two_factor_required": found.two_factor_required,
            "two_factor_setup_required": found.two_factor_setup_required,
            "two_factor_method": found.two_factor_method,
            "temp_token": found.temp_token,
        }
    )


class AuthViewSet(ScribeViewSet):
    idempotent = False
    rate_scope = {
        "login": "sign_in",
        "google": "sign_in",
        "apple": "sign_in",
        "register": "register",
        "forgot_password": "code",
        "reset_password": "code",
        "resend_verification": "code",
    }

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Authenticate user credentials",
        description="Returns an access token, or, with two-factor authentication, a `temp_token` for the second step. "
        "An unknown address and a wrong password are the same answer. Keep the `device_token` and send it with the next "
        "sign-in: while others guess at the account, a known device is not slowed down.",
        request=shapes.LoginRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401),
    )
    def login(self, request: Any) -> Response:
        body = self.body(shapes.LoginRequest)
        found = sign_in.with_password(
            email=body["email"],
            password=body["password"],
            device_token=body.get("device_token") or "",
            client=Client.of(request),
        )
        return stand_of(found)

    @operation(
        tag="auth",
        summary="Refresh access token",
        description="A fresh token for the same session, until 30 days after the sign-in. The old one ends 60 seconds later.",
        responses={200: shapes.AccessTokenReply},
    )
    def refresh(self, request: Any) -> Response:
        token = sessions.refresh(session=request.user.session, token=request.auth)
        return Response({"access_token": token, "token_type": BEARER})

    @operation(
        tag="auth",
        summary="Logout (revoke current token)",
        description="Ends the session of the token, with every token made for it.",
        responses={200: MessageReply},
    )
    def logout(self, request: Any) -> Response:
        sessions.end(session=request.user.session)
        return Response({"message": "You are signed out."})

    @operation(
        tag="auth",
        summary="Logout all sessions",
        description="Ends every session of the current user at once, this one included.",
        responses={200: MessageReply},
    )
    def logout_all(self, request: Any) -> Response:
        sessions.end_all(user=request.user, because="logout_all")
        return Response({"message": "You are signed out everywhere."})

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Request password reset",
        description="Mails a reset link that lives one hour, if the address has an account. The answer is always the same.",
        request=shapes.EmailRequest,
        responses={200: MessageReply},
        errors=(400,),
    )
    def forgot_password(self, request: Any) -> Response:
        # The task looks the address up, so the answer takes the same time for every address.
        passwords.ask_for_reset(email=self.body(shapes.EmailRequest)["email"])
        return Response({"message": "If this address has an account, a mail with a link is on its way."})

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Reset password with token",
        description="Sets a new password and ends every session. Works once; a newer link or a done reset kills older ones.",
        request=shapes.ResetPasswordRequest,
        responses={200: MessageReply},
        errors=(400,),
    )
    def reset_password(self, request: Any) -> Response:
        body = self.body(shapes.ResetPasswordRequest)
        passwords.reset(token=body["token"], password=body["new_password"], client=Client.of(request))
        return Response({"message": "Your password was changed. Please sign in."})

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Verify email address",
        description="Follows the link of a verification mail, or of a change of address. A used token is 400.",
        parameters=[TokenQuery],
        responses={200: MessageReply},
        errors=(400, 409),
    )
    def verify_email(self, request: Any) -> Response:
        verification.verify(token=self.query(TokenQuery)["token"])
        return Response({"message": "Your e-mail address is verified."})

    @operation(
        tag="auth",
        summary="Resend verification email",
        description="Mails the verification link again, unless the address is verified already.",
        responses={200: MessageReply},
    )
    def resend_verification(self, request: Any) -> Response:
        if request.user.email_verified:
            return Response({"message": "Your e-mail address is verified already."})
        verification.resend_link(user=request.user)
        return Response({"message": "We have sent you a new link."})

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Self-service registration",
        description="A new organization on the Free plan with 50 XCT, and its first user, who is its admin.",
        request=shapes.RegisterRequest,
        responses={201: shapes.RegisterReply},
        errors=(400, 409, 503),
    )
    def register(self, request: Any) -> Response:
        body = self.body(shapes.RegisterRequest)
        client = Client.of(request)
        captcha.check(body.get("turnstile_token") or "", address=client.address)
        done = registration.register(
            email=body["email"],
            password=body["password"],
            company_name=body["company_name"],
            first_name=body.get("first_name") or "",
            last_name=body.get("last_name") or "",
            client=client,
        )
        return Response(
            {
                "access_token": done.access_token,
                "token_type": BEARER,
                "organization_id": str(done.user.organization_id),
                "message": "Welcome. Please verify your e-mail address with the link that we have sent you.",
            },
            status=201,
        )

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Sign in with Google",
        description="Signs in or creates an account. With a Bearer token of a signed-in user, links the Google account to them: "
        "that needs a sign-in of the last ten minutes, or their `password` (403 `recent_sign_in_required`).",
        request=shapes.GoogleRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401, 403, 409, 502, 503, 504),
    )
    def google(self, request: Any) -> Response:
        body = self.body(shapes.GoogleRequest)
        client, caller = Client.of(request), self.caller(request)
        if caller is not None:
            social.check_may_link(caller=caller, password=body.get("password") or "", client=client)
        identity = social.ask_google(
            credential=body.get("credential") or "", access_token=body.get("access_token") or ""
        )
        social.check_nonce(identity, body.get("nonce") or "")
        return stand_of(social.enter(identity=identity, client=client, caller=caller))

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Sign in with Apple",
        description="Signs in or creates an account. With a Bearer token of a signed-in user, links the Apple account to them: "
        "that needs a sign-in of the last ten minutes, or their `password` (403 `recent_sign_in_required`).",
        request=shapes.AppleRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401, 403, 409, 502, 503, 504),
    )
    def apple(self, request: Any) -> Response:
        body = self.body(shapes.AppleRequest)
        client, caller = Client.of(request), self.caller(request)
        if caller is not None:
            social.check_may_link(caller=caller, password=body.get("password") or "", client=client)
        identity = social.ask_apple(id_token=body["id_token"])
        social.check_nonce(identity, body.get("nonce") or "")
        identity = social.named(identity, body.get("first_name") or "", body.get("last_name") or "")
        return stand_of(social.enter(identity=identity, client=client, caller=caller))

    @operation(
        tag="auth",
        who=PUBLIC,
        summary="Get a nonce for social sign-in",
        description="Send it along to Google or Apple and then with the ID token: such a token works once. Lives ten minutes.",
        request=None,
        responses={200: shapes.NonceReply},
    )
    def nonce(self, request: Any) -> Response:
        return Response({"nonce": social.make_nonce(), "expires_in": social.NONCE_SECONDS})
