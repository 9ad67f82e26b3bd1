"""Tag `users`."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from rest_framework.response import Response

from accounts import second_factor, social, support, users
from accounts.api.serializers import users as shapes
from accounts.api.serializers.common import MessageReply
from accounts.models import User
from accounts.sessions import Client
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet
from scribe.errors import NotFound
from scribe.ids import parse


class UserViewSet(ScribeViewSet):
    whole_actions = frozenset({"create"})

    def one(self, user_id: str) -> Any:
        return self.row(User.objects.select_related("organization"), user_id)

    def shown(self, user: User, status: int = 200) -> Response:
        return Response(shapes.profile(User.objects.profiles().get(pk=user.pk)), status=status)

    @operation(
        tag="users",
        scope="organization:read",
        who=ADMINS,
        summary="List organization users",
        responses={200: ListOf(shapes.UserReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        """All users of the caller's organization, the newest first."""
        people = User.objects.profiles().visible_to(request.user).order_by("-created_at", "-pk")
        return bare_array(request, people, shapes.profile)

    @operation(
        tag="users",
        who=ADMINS,
        summary="Create a new user",
        description="An active, unverified user. The welcome mail has a link to set a password of their own, never the password. "
        "The caller's address must be verified (403 `email_not_verified`).",
        request=shapes.UserCreate,
        responses={201: shapes.UserReply},
        errors=(400, 403, 409),
    )
    def create(self, request: Any) -> Response:
        return self.shown(users.create(by=request.user, **self.body(shapes.UserCreate)), status=201)

    @operation(
        tag="users", scope="organization:read", summary="Get current user profile", responses={200: shapes.UserReply}
    )
    def me(self, request: Any) -> Response:
        return self.shown(request.user)

    @operation(
        tag="users",
        summary="Update current user profile",
        description="A new password or address needs `current_password` (wrong: 403). A new address counts once it is verified. "
        "Nobody changes their own role (403 `own_role`) or deactivates themselves (409).",
        request=shapes.UserUpdate,
        responses={200: shapes.UserReply},
        errors=(400, 403, 409),
    )
    def update_me(self, request: Any) -> Response:
        users.update_self(user=request.user, changes=self.body(shapes.UserUpdate), client=Client.of(request))
        return self.shown(request.user)

    @operation(
        tag="users",
        summary="Get email notification preferences",
        responses={200: shapes.EmailPreferencesReply},
    )
    def email_preferences(self, request: Any) -> Response:
        return Response(request.user.email_preferences)

    @operation(
        tag="users",
        summary="Update email notification preferences",
        request=shapes.EmailPreferencesUpdate,
        responses={200: shapes.EmailPreferencesReply},
        errors=(400,),
    )
    def update_email_preferences(self, request: Any) -> Response:
        users.set_email_preferences(user=request.user, changes=self.body(shapes.EmailPreferencesUpdate))
        return Response(request.user.email_preferences)

    @operation(
        tag="users",
        lasting=True,  # the hash gives access to the user's chats for good
        summary="Get Chatwoot identity hash",
        description="What the support chat's `setUser` takes. Support that works as a customer does not get it (403).",
        responses={200: shapes.ChatwootIdentityReply},
        errors=(403, 503),
    )
    def chatwoot_identity(self, request: Any) -> Response:
        return Response(support.chatwoot_identity(request.user))

    @operation(
        tag="users",
        summary="List own sign-in identities",
        description="The Google and Apple accounts that open the caller's account, the first linked first.",
        responses={200: ListOf(shapes.IdentityReply)},
        errors=(400,),
    )
    def identities(self, request: Any) -> HttpResponse:
        return bare_array(request, request.user.identities.order_by("created_at", "pk"), shapes.identity)

    @operation(
        tag="users",
        summary="Unlink own sign-in identity",
        description="By its id or its provider (`google` or `apple`). Needs a sign-in of the last ten minutes, or the `password` (403). "
        "Sessions that were begun with it end. 409 `last_way_in` while nothing else opens the account: set a password first.",
        request=shapes.UnlinkRequest,
        responses={204: None},
        errors=(400, 403, 409),
    )
    def unlink_identity(self, request: Any, identity_id: str) -> Response:
        identity = request.user.identities.filter(Q(provider=identity_id) | Q(pk=parse(identity_id))).first()
        if identity is None:
            raise NotFound
        password = self.body(shapes.UnlinkRequest).get("password") or ""
        social.unlink(user=request.user, identity=identity, password=password, client=Client.of(request))
        return Response(status=204)

    @operation(
        tag="users",
        who=ADMINS,
        summary="Update a user",
        description="By an admin of the organization. A new address waits for its owner's confirmation; a role change, a password "
        "and a deactivation end the user's sessions. Platform staff is changed by platform staff only (403 `protected_user`).",
        request=shapes.UserUpdate,
        responses={200: shapes.UserReply},
        errors=(400, 403, 409),
    )
    def partial_update(self, request: Any, user_id: str) -> Response:
        user = self.one(user_id)
        users.update(user=user, changes=self.body(shapes.UserUpdate), by=request.user, client=Client.of(request))
        return self.shown(user)

    @operation(
        tag="users",
        who=ADMINS,
        summary="Deactivate a user",
        description="Ends their sessions; the row stays. Not oneself and not the last active admin (409).",
        responses={204: None},
        errors=(403, 409),
    )
    def destroy(self, request: Any, user_id: str) -> Response:
        users.deactivate(user=self.one(user_id), by=request.user)
        return Response(status=204)

    @operation(
        tag="users",
        who=ADMINS,
        summary="Reset user 2FA",
        description="Wipes the device and the backup codes, ends all sessions; the next sign-in demands set-up. "
        "Nobody does it to themselves (409 `own_second_factor`).",
        request=None,
        responses={200: MessageReply},
        errors=(403, 409),
    )
    def reset_second_factor(self, request: Any, user_id: str) -> Response:
        second_factor.reset(user=self.one(user_id), by=request.user)
        return Response({"message": "Two-factor authentication was reset; the next sign-in demands set-up."})

    @operation(
        tag="users",
        who=ADMINS,
        summary="Disable user 2FA",
        description="Suspends the check and keeps the device for `2fa/enable`. Not one's own (409 `own_second_factor`).",
        request=None,
        responses={200: MessageReply},
        errors=(403, 409),
    )
    def suspend_second_factor(self, request: Any, user_id: str) -> Response:
        second_factor.suspend(user=self.one(user_id), by=request.user)
        return Response({"message": "Two-factor authentication is suspended for this user."})

    @operation(
        tag="users",
        who=ADMINS,
        summary="Enable user 2FA",
        description="Resumes the check that `2fa/disable` suspended.",
        request=None,
        responses={200: MessageReply},
        errors=(403, 409),
    )
    def resume_second_factor(self, request: Any, user_id: str) -> Response:
        second_factor.resume(user=self.one(user_id), by=request.user)
        return Response({"message": "Two-factor authentication is on again for this user."})

    @operation(
        tag="users",
        who=ADMINS,
        summary="Force logout a user",
        description="Ends all sessions of a user at once.",
        request=None,
        responses={200: MessageReply},
        errors=(403,),
    )
    def logout_all(self, request: Any, user_id: str) -> Response:
        ended = users.sign_out(user=self.one(user_id), by=request.user)
        return Response({"message": f"{ended} sessions were ended."})
