from functools import partial

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from projects import profiles
from projects.api.serializers.profiles import ProfileCreation, ProfileReply, ProfileUpdate, reply_of
from projects.models import ContentProfile
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest, versioned_reply
from scribe.types import Json

writes = partial(operation, scope="profiles:write", support=True)


class ProfileViewSet(ScribeViewSet):
    tag = "content-profiles"
    whole_actions = frozenset({"create"})

    def profile(self) -> ContentProfile:
        return self.row(ContentProfile.objects.select_related("organization"), self.kwargs["profile_id"])

    def reply(self, profile: ContentProfile, status: int = 200) -> Response:
        return versioned_reply(reply_of(profile, profile.organization), status)

    def standing(self) -> Json:
        """The profile of this path as it is now."""
        profile = self.profile()
        return reply_of(profile, profile.organization)

    @operation(
        scope="profiles:read",
        summary="List Profiles",
        responses={200: ListOf(ProfileReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        organization = request.user.organization
        rows = ContentProfile.objects.visible_to(request.user)
        return bare_array(request, rows, lambda profile: reply_of(profile, organization))

    @writes(
        summary="Create Profile",
        request=ProfileCreation,
        responses={201: ProfileReply},
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(ProfileCreation)
        name = body.pop("name")
        return self.reply(profiles.create(organization=request.user.organization, name=name, settings=body), 201)

    @operation(
        scope="profiles:read",
        summary="Get Profile",
        responses={200: ProfileReply},
    )
    def retrieve(self, request: Request, profile_id: str) -> Response:
        return self.reply(self.profile())

    @writes(
        summary="Update Profile",
        description="Changes only the fields you send. `null` removes a setting.",
        request=ProfileUpdate,
        responses={200: ProfileReply},
        errors=(400, 404, 412),
    )
    def update(self, request: SignedInRequest, profile_id: str) -> Response:
        profile = self.profile()
        body = self.body(ProfileUpdate)
        name = body.pop("name", None)
        with self.changing(profile, self.standing):
            changed = profiles.update(profile=profile, name=name, settings=body)
            changed.read_version()
        return self.reply(changed)

    @operation(
        scope="profiles:write",
        summary="Delete Profile",
        description="Projects that use the profile continue with their own settings.",
        responses={204: None},
        errors=(404, 412),
    )
    def destroy(self, request: Request, profile_id: str) -> Response:
        profile = self.profile()
        with self.changing(profile, self.standing):
            profiles.delete(profile=profile)
        return Response(status=204)

    @writes(
        summary="Set Default Profile",
        description="New projects use this profile.",
        responses={200: ProfileReply},
    )
    def set_default(self, request: Request, profile_id: str) -> Response:
        with transaction.atomic():
            changed = profiles.set_default(profile=self.profile())
            changed.read_version()
        return self.reply(changed)
