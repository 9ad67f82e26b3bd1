"""Tag `auth`: signing in and out, proving an address, and setting a new password."""

from functools import partial

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import captcha, passwords, registration, sessions, sign_in, social, verification
from accounts.api.serializers import auth as shapes
from accounts.api.serializers.common import MessageReply, TokenQuery
from accounts.sessions import Client
from scribe.api.access import PUBLIC, VIEWERS
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet, SignedInRequest

public = partial(operation, who=PUBLIC)
own = partial(operation, who=VIEWERS)

BEARER = "bearer"


class AuthViewSet(ScribeViewSet):
    tag = "auth"
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

    @public(
        summary="Authenticate user credentials",
        description="Returns an access token or, with two-factor authentication, a `temp_token` for the second "
        "step. An unknown address and a wrong password give the same error. Store the `device_token` "
        "and send it with the next sign-in: a known device is not slowed down while someone else tries "
        "passwords for the account.",
        request=shapes.LoginRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401),
    )
    def login(self, request: Request) -> Response:
        body = self.body(shapes.LoginRequest)
        found = sign_in.with_password(
            email=body["email"],
            password=body["password"],
            device_token=body.get("device_token") or "",
            client=Client.of(request),
        )
        return Response(shapes.SignInReply.of(found))

    @own(
        summary="Refresh access token",
        description="Returns a new token for the same session, up to 30 days after the sign-in. The old token "
        "expires 60 seconds later.",
        responses={200: shapes.AccessTokenReply},
    )
    def refresh(self, request: SignedInRequest) -> Response:
        token = sessions.refresh(session=request.user.session, token=request.auth)  # type: ignore[arg-type]  # only an access token gets here
        return Response({"access_token": token, "token_type": BEARER})

    @own(
        summary="Logout (revoke current token)",
        description="Ends the session of this token and invalidates all its tokens.",
        responses={200: MessageReply},
    )
    def logout(self, request: SignedInRequest) -> Response:
        sessions.end(session=request.user.session)  # type: ignore[arg-type]  # only an access token gets here
        return Response({"message": "You are signed out."})

    @own(
        summary="Logout all sessions",
        description="Ends all sessions of the current user immediately, including this one.",
        responses={200: MessageReply},
    )
    def logout_all(self, request: SignedInRequest) -> Response:
        sessions.end_all(user=request.user, because="logout_all")
        return Response({"message": "You are signed out everywhere."})

    @public(
        summary="Request password reset",
        description="Emails a reset link that is valid for one hour, if the address has an account. The reply is "
        "the same whether or not it does.",
        request=shapes.EmailRequest,
        responses={200: MessageReply},
    )
    def forgot_password(self, request: Request) -> Response:
        # The task looks the address up, so the answer takes the same time for every address.
        passwords.ask_for_reset(email=self.body(shapes.EmailRequest)["email"])
        return Response({"message": "If this address has an account, a mail with a link is on its way."})

    @public(
        summary="Reset password with token",
        description="Sets a new password and ends all sessions. Each link works once; requesting a new link or "
        "completing a reset invalidates older links.",
        request=shapes.ResetPasswordRequest,
        responses={200: MessageReply},
    )
    def reset_password(self, request: Request) -> Response:
        body = self.body(shapes.ResetPasswordRequest)
        passwords.reset(token=body["token"], password=body["new_password"], client=Client.of(request))
        return Response({"message": "Your password was changed. Please sign in."})

    @public(
        summary="Verify email address",
        description="Confirms the token from a verification email or a change of address. A used token returns 400.",
        parameters=[TokenQuery],
        responses={200: MessageReply},
        errors=(400, 409),
    )
    def verify_email(self, request: Request) -> Response:
        verification.verify(token=self.query(TokenQuery)["token"])
        return Response({"message": "Your email address is verified."})

    @own(
        summary="Resend verification email",
        description="Emails the verification link again, unless the address is already verified.",
        responses={200: MessageReply},
    )
    def resend_verification(self, request: SignedInRequest) -> Response:
        if request.user.email_verified:
            return Response({"message": "Your email address is already verified."})
        verification.resend_link(user=request.user)
        return Response({"message": "We have sent you a new link."})

    @public(
        summary="Self-service registration",
        description="Creates an organization on the Free plan with 50 XCT, and its first user as admin.",
        request=shapes.RegisterRequest,
        responses={201: shapes.RegisterReply},
        errors=(400, 409, 503),
    )
    def register(self, request: Request) -> Response:
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

    @public(
        summary="Sign in with Google",
        description="Signs in or creates an account. With the Bearer token of a signed-in user, links the Google "
        "account to that user instead; this needs a sign-in within the last ten minutes, or the user's "
        "`password` (403 `recent_sign_in_required`).",
        request=shapes.GoogleRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401, 403, 409, 502, 503, 504),
    )
    def google(self, request: Request) -> Response:
        body = self.body(shapes.GoogleRequest)
        client, caller = Client.of(request), self.caller(request)
        if caller is not None:
            social.check_may_link(caller=caller, password=body.get("password") or "", client=client)
        identity = social.ask_google(
            credential=body.get("credential") or "", access_token=body.get("access_token") or ""
        )
        social.check_nonce(identity, body.get("nonce") or "")
        return Response(shapes.SignInReply.of(social.enter(identity=identity, client=client, caller=caller)))

    @public(
        summary="Sign in with Apple",
        description="Signs in or creates an account. With the Bearer token of a signed-in user, links the Apple "
        "account to that user instead; this needs a sign-in within the last ten minutes, or the user's "
        "`password` (403 `recent_sign_in_required`).",
        request=shapes.AppleRequest,
        responses={200: shapes.SignInReply},
        errors=(400, 401, 403, 409, 502, 503, 504),
    )
    def apple(self, request: Request) -> Response:
        body = self.body(shapes.AppleRequest)
        client, caller = Client.of(request), self.caller(request)
        if caller is not None:
            social.check_may_link(caller=caller, password=body.get("password") or "", client=client)
        identity = social.ask_apple(id_token=body["id_token"])
        social.check_nonce(identity, body.get("nonce") or "")
        identity = social.with_name(identity, body.get("first_name") or "", body.get("last_name") or "")
        return Response(shapes.SignInReply.of(social.enter(identity=identity, client=client, caller=caller)))

    @public(
        summary="Get a nonce for social sign-in",
        description="Returns a nonce that is valid for ten minutes. Pass it to Google or Apple, then send it with "
        "the ID token, which can then be used only once.",
        responses={200: shapes.NonceReply},
    )
    def nonce(self, request: Request) -> Response:
        return Response({"nonce": social.create_nonce(), "expires_in": social.NONCE_SECONDS})
