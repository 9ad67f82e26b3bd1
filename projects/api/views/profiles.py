"""Content profiles."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.response import Response

from projects import profiles
from projects.api.serializers.profiles import ProfileCreation, ProfileReply, ProfileUpdate, shown
from projects.models import ContentProfile
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, versioned


class ProfileViewSet(ScribeViewSet):
    whole_actions = frozenset({"create"})

    def profile(self) -> ContentProfile:
        return self.row(ContentProfile.objects.select_related("organization"), self.kwargs["profile_id"])

    def reply(self, profile: ContentProfile, status: int = 200) -> Response:
        return versioned(shown(profile, profile.organization), status)

    def standing(self) -> dict[str, Any]:
        """The profile of this path as it is now."""
        profile = self.profile()
        return shown(profile, profile.organization)

    @operation(
        tag="content-profiles",
        scope="profiles:read",
        summary="List Profiles",
        responses={200: ListOf(ProfileReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        organization = request.user.organization
        rows = ContentProfile.objects.visible_to(request.user)
        return bare_array(request, rows, lambda profile: shown(profile, organization))

    @operation(
        tag="content-profiles",
        scope="profiles:write",
        support=True,
        summary="Create Profile",
        request=ProfileCreation,
        responses={201: ProfileReply},
        errors=(400,),
    )
    def create(self, request: Any) -> Response:
        body = self.body(ProfileCreation)
        name = body.pop("name")
        return self.reply(profiles.create(organization=request.user.organization, name=name, settings=body), 201)

    @operation(
        tag="content-profiles",
        scope="profiles:read",
        summary="Get Profile",
        responses={200: ProfileReply},
        errors=(404,),
    )
    def retrieve(self, request: Any, profile_id: str) -> Response:
        return self.reply(self.profile())

    @operation(
        tag="content-profiles",
        scope="profiles:write",
        support=True,
        summary="Update Profile",
        description="Sets what is sent and leaves the rest; null unsets.",
        request=ProfileUpdate,
        responses={200: ProfileReply},
        errors=(400, 404, 412),
    )
    def update(self, request: Any, profile_id: str) -> Response:
        profile = self.profile()
        body = self.body(ProfileUpdate)
        name = body.pop("name", None)
        with self.changing(profile, self.standing):
            changed = profiles.update(profile=profile, name=name, settings=body)
            changed.read_version()
        return self.reply(changed)

    @operation(
        tag="content-profiles",
        scope="profiles:write",
        summary="Delete Profile",
        description="Projects that used it go on without.",
        responses={204: None},
        errors=(404, 412),
    )
    def destroy(self, request: Any, profile_id: str) -> Response:
        profile = self.profile()
        with self.changing(profile, self.standing):
            profiles.delete(profile=profile)
        return Response(status=204)

    @operation(
        tag="content-profiles",
        scope="profiles:write",
        support=True,
        summary="Set Default Profile",
        description="New projects get it.",
        request=None,
        responses={200: ProfileReply},
        errors=(404,),
    )
    def set_default(self, request: Any, profile_id: str) -> Response:
        with transaction.atomic():
            changed = profiles.set_default(profile=self.profile())
            changed.read_version()
        return self.reply(changed)
