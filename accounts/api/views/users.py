from functools import partial

from django.db.models import Q
from django.http import HttpResponse
from rest_framework.response import Response

from accounts import second_factor, social, support, users
from accounts.api.serializers import users as shapes
from accounts.api.serializers.common import MessageReply
from accounts.models import User
from accounts.sessions import Client
from scribe.api.access import ADMINS, VIEWERS
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import NotFound
from scribe.ids import parse

for_admins = partial(operation, who=ADMINS)
own = partial(operation, who=VIEWERS)


class UserViewSet(ScribeViewSet):
    tag = "users"
    whole_actions = frozenset({"create"})

    def one(self, user_id: str) -> User:
        return self.row(User.objects.select_related("organization"), user_id)

    def shown(self, user: User, status: int = 200) -> Response:
        return Response(shapes.profile(User.objects.profiles().get(pk=user.pk)), status=status)

    @operation(
        scope="organization:read",
        who=ADMINS,
        summary="List organization users",
        responses={200: ListOf(shapes.UserReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        """All users of the caller's organization, the newest first."""
        people = User.objects.profiles().visible_to(request.user).order_by("-created_at", "-pk")
        return bare_array(request, people, shapes.profile)

    @for_admins(
        summary="Create a new user",
        description="Creates an active user with an unverified address. The welcome email has a link to set a "
        "password; it never contains a password. The caller's address must be verified (403 "
        "`email_not_verified`).",
        request=shapes.UserCreate,
        responses={201: shapes.UserReply},
        errors=(400, 403, 409),
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.UserCreate)
        account = {name: body.pop(name) for name in ("email", "password")}
        return self.shown(users.create(by=request.user, membership=body, **account), status=201)

    @operation(scope="organization:read", summary="Get current user profile", responses={200: shapes.UserReply})
    def me(self, request: SignedInRequest) -> Response:
        return self.shown(request.user)

    @own(
        summary="Update current user profile",
        description="Changing the password or the email address needs `current_password` (a wrong one returns 403). "
        "A new address takes effect when it is verified. You can't change your own role (403 "
        "`own_role`) or deactivate yourself (409).",
        request=shapes.SelfUpdate,
        responses={200: shapes.UserReply},
        errors=(400, 403, 409),
    )
    def update_me(self, request: SignedInRequest) -> Response:
        users.update_self(user=request.user, changes=self.body(shapes.SelfUpdate), client=Client.of(request))
        return self.shown(request.user)

    @own(
        summary="Get email notification preferences",
        responses={200: shapes.EmailPreferencesReply},
    )
    def email_preferences(self, request: SignedInRequest) -> Response:
        return Response(request.user.email_preferences)

    @own(
        summary="Update email notification preferences",
        request=shapes.EmailPreferencesUpdate,
        responses={200: shapes.EmailPreferencesReply},
    )
    def update_email_preferences(self, request: SignedInRequest) -> Response:
        users.set_email_preferences(user=request.user, changes=self.body(shapes.EmailPreferencesUpdate))
        return Response(request.user.email_preferences)

    @own(
        lasting=True,  # the hash gives access to the user's chats for good
        summary="Get Chatwoot identity hash",
        description="The values for the support chat's `setUser`. Not available to support staff signed in as a "
        "customer (403).",
        responses={200: shapes.ChatwootIdentityReply},
        errors=(403, 503),
    )
    def chatwoot_identity(self, request: SignedInRequest) -> Response:
        return Response(support.chatwoot_identity(request.user))

    @own(
        summary="List own sign-in identities",
        description="The Google and Apple accounts linked to the caller's account, oldest link first.",
        responses={200: ListOf(shapes.IdentityReply)},
    )
    def identities(self, request: SignedInRequest) -> HttpResponse:
        return bare_array(request, request.user.identities.order_by("created_at", "pk"), shapes.IdentityReply.of)

    @own(
        summary="Unlink own sign-in identity",
        description="Unlinks an identity by its ID or its provider (`google` or `apple`). Needs a sign-in within "
        "the last ten minutes, or the `password` (403). Sessions started with it end. Returns 409 "
        "`last_way_in` if it is the only way to sign in: set a password first.",
        request=shapes.UnlinkRequest,
        responses={204: None},
        errors=(400, 403, 409),
    )
    def unlink_identity(self, request: SignedInRequest, identity_id: str) -> Response:
        identity = request.user.identities.filter(Q(provider=identity_id) | Q(pk=parse(identity_id))).first()
        if identity is None:
            raise NotFound
        password = self.body(shapes.UnlinkRequest).get("password") or ""
        social.unlink(user=request.user, identity=identity, password=password, client=Client.of(request))
        return Response(status=204)

    @for_admins(
        summary="Update a user",
        description="For admins of the organization. A new email address takes effect when its owner confirms it. "
        "Changing the role, the projects or the password, or deactivating the user, ends the user's sessions. Only "
        "platform staff can change platform staff (403 `protected_user`).",
        request=shapes.UserUpdate,
        responses={200: shapes.UserReply},
        errors=(400, 403, 409),
    )
    def partial_update(self, request: SignedInRequest, user_id: str) -> Response:
        user = self.one(user_id)
        users.update(user=user, changes=self.body(shapes.UserUpdate), by=request.user, client=Client.of(request))
        return self.shown(user)

    @for_admins(
        summary="Deactivate a user",
        description="Deactivates the user and ends their sessions; the user record is kept. Returns 409 for "
        "yourself and for the last active admin.",
        responses={204: None},
        errors=(403, 409),
    )
    def destroy(self, request: SignedInRequest, user_id: str) -> Response:
        users.deactivate(user=self.one(user_id), by=request.user)
        return Response(status=204)

    @for_admins(
        summary="Reset user 2FA",
        description="Removes the user's device and backup codes and ends all sessions. The user sets up 2FA again "
        "at the next sign-in. Returns 409 `own_second_factor` for your own account.",
        responses={200: MessageReply},
        errors=(403, 409),
    )
    def reset_second_factor(self, request: SignedInRequest, user_id: str) -> Response:
        second_factor.reset(user=self.one(user_id), by=request.user)
        return Response({"message": "Two-factor authentication was reset; the next sign-in demands set-up."})

    @for_admins(
        summary="Disable user 2FA",
        description="Suspends the user's 2FA; `2fa/enable` resumes it with the same device. Returns 409 "
        "`own_second_factor` for your own account.",
        responses={200: MessageReply},
        errors=(403, 409),
    )
    def suspend_second_factor(self, request: SignedInRequest, user_id: str) -> Response:
        second_factor.suspend(user=self.one(user_id), by=request.user)
        return Response({"message": "Two-factor authentication is suspended for this user."})

    @for_admins(
        summary="Enable user 2FA",
        description="Resumes the 2FA that `2fa/disable` suspended.",
        responses={200: MessageReply},
        errors=(403, 409),
    )
    def resume_second_factor(self, request: SignedInRequest, user_id: str) -> Response:
        second_factor.resume(user=self.one(user_id), by=request.user)
        return Response({"message": "Two-factor authentication is on again for this user."})

    @for_admins(
        summary="Force logout a user",
        description="Ends all sessions of a user immediately.",
        responses={200: MessageReply},
    )
    def logout_all(self, request: SignedInRequest, user_id: str) -> Response:
        ended = users.sign_out(user=self.one(user_id), by=request.user)
        return Response({"message": f"{ended} sessions were ended."})
