from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from scribe.api.access import PUBLIC
from scribe.api.estimates import estimate_of
from scribe.api.job_reply import JobBegun, JobReply, render_begun, upstream_failure
from scribe.api.pagination import short_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import Conflict, UpstreamFailed, UpstreamTimeout
from scribe.messages import _
from scribe.models import Job
from studio import tools
from studio.api.serializers import InstructionsReply, InstructionsRequest, ProfileTemplateReply
from studio.api.views.tools import ToolViewSet
from studio.profiles import job as builder
from studio.profiles.job import ProfilePayload

WAIT_SECONDS = 100


def render(job: Job) -> Response:
    """Answer with the instructions. Raises 502 when the model failed, 504 when it was too slow, 409 when cancelled."""
    if job.status == Job.Status.COMPLETED:
        result = {
            "custom_instructions": job.result["custom_instructions"],
            "xct_used": float(job.result.get("xct_used", 0)),
        }
        return Response(result)
    provider = ProfilePayload.of(job).settings.provider
    if job.status == Job.Status.CANCELLED:
        raise Conflict(_("The job was cancelled."), code="job_cancelled", job_id=str(job.pk))
    if job.ended:
        raise upstream_failure(job) or UpstreamFailed(
            job.error or "The model failed.", code="upstream_error", party=provider, reason=job.error_code
        )
    raise UpstreamTimeout(_("The AI took too long to answer. Please try again."), party=provider, job_id=str(job.pk))


class TemplatesViewSet(ScribeViewSet):
    tag = "studio-profile-builder"

    @operation(
        who=PUBLIC,
        summary="List Templates",
        description="The templates that instructions can start from.",
        responses={200: ListOf(ProfileTemplateReply)},
    )
    def list_templates(self, request: Request) -> HttpResponse:
        return short_array(request, builder.list_profiles())


class ProfileBuilderViewSet(ToolViewSet):
    tag = "studio-profile-builder"
    tool = tools.PROFILE_BUILDER

    @operation(
        scope="profiles:write",
        support=True,
        summary="Generate Instructions",
        description="Generates a content profile's `custom_instructions` with one call of the organization's AI "
        "model, which is charged. Waits up to 100 s.",
        request=InstructionsRequest,
        waits=True,
        responses={200: InstructionsReply, 202: JobBegun},
        errors=(400, 402, 403, 409, 502, 504),
    )
    def generate(self, request: SignedInRequest) -> HttpResponse:
        self.check_tool()
        body = self.body(InstructionsRequest)
        job = builder.start(
            organization=self.organization(), by=request.user, template_id=body.pop("template_id"), request=body
        )
        return JobReply(job, render=render, seconds=WAIT_SECONDS, early=render_begun)

    estimate_generate = estimate_of(generate)
