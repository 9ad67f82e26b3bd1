"""The base of the plugin operations, for this app's views and the blog's."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import ApiKeyAuthentication
from accounts.models import ApiKey
from projects.models import PluginGeneration
from projects.plugin import replies
from scribe.api.job_reply import JobReply
from scribe.api.views import ScribeViewSet
from scribe.models import Job

WAIT_SECONDS = 60
WRITING_ERRORS = (400, 402, 403, 409)


class KeyRequest(Request):
    user: ApiKey  # type: ignore[assignment]  # a key is no user


class PluginBase(ScribeViewSet):
    """An API key opens these operations and nothing else; an access token does not open them."""

    request: KeyRequest  # type: ignore[assignment]  # a key is no user

    authentication_classes = [ApiKeyAuthentication]
    key_calls = True

    def generation(self, generation_id: str) -> PluginGeneration:
        return self.row(PluginGeneration.objects.select_related("job", "item", "project"), generation_id)

    def wait_for(self, generation: PluginGeneration) -> HttpResponse:
        """Reply with the text if it is written in time, 502 if it failed, or 202 with the handle if it takes longer."""

        def render(job: Job) -> Response:
            fresh = PluginGeneration.objects.select_related("job", "item", "project").get(pk=generation.pk)
            [reply] = replies.reply_list([fresh])
            if reply["status"] == "failed":
                raise replies.failure(fresh)
            return Response(reply, status=200 if reply["status"] == "completed" else 202)

        assert generation.job is not None
        return JobReply(generation.job, render=render, seconds=WAIT_SECONDS)
