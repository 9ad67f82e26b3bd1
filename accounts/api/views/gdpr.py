"""Tag `gdpr`: export the organization's data, and have the organization deleted."""

from rest_framework.response import Response

from accounts import erasure, privacy
from accounts.api.serializers import people as shapes
from accounts.api.serializers.common import MessageReply
from accounts.sessions import Client
from scribe.api.access import ADMINS, VIEWERS
from scribe.api.fields import utc
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet, SignedInRequest


class GdprViewSet(ScribeViewSet):
    tag = "gdpr"

    @operation(
        who=ADMINS,
        summary="Request Data Export",
        description="Starts a job that creates a ZIP file with all the organization's data. Admins can download it "
        "from the job's `result.download_url` for seven days.",
        responses={202: shapes.ExportReply},
        errors=(409,),
    )
    def export(self, request: SignedInRequest) -> Response:
        job = privacy.request_export(organization=request.user.organization, by=request.user)
        return Response(
            {
                "job_id": str(job.pk),
                "status": job.status,
                "message": "Your export is being prepared. You will be told when it can be downloaded.",
            },
            status=202,
        )

    @operation(who=VIEWERS, summary="Get Gdpr Status", responses={200: shapes.GdprStatusReply})
    def status(self, request: SignedInRequest) -> Response:
        organization = request.user.organization
        job = privacy.active_export(organization)
        return Response(
            {
                "deletion_requested_at": utc(organization.deletion_requested_at),
                "deletion_scheduled_for": utc(organization.deletion_scheduled_for),
                "active_export_job_id": str(job.pk) if job else None,
            }
        )

    @operation(
        who=ADMINS,
        summary="Request Account Deletion",
        description="Schedules the deletion of all data in 14 days. Generation, purchases and renewals stop "
        "immediately. Needs the password (a wrong one returns 403) or, for accounts without a password, "
        "a sign-in within the last ten minutes.",
        request=shapes.DeletionRequest,
        responses={200: shapes.DeletionReply},
        errors=(400, 403, 409),
    )
    def request_deletion(self, request: SignedInRequest) -> Response:
        row = erasure.request(
            organization=request.user.organization,
            by=request.user,
            password=self.body(shapes.DeletionRequest).get("password") or "",
            client=Client.of(request),
        )
        return Response(
            {
                "deletion_scheduled_for": utc(row.deletion_scheduled_for),
                "message": "Everything will be deleted on that day. Until then you can cancel.",
            }
        )

    @operation(
        who=ADMINS,
        summary="Cancel Account Deletion",
        description="Returns 409 if no deletion is scheduled.",
        responses={200: MessageReply},
        errors=(409,),
    )
    def cancel_deletion(self, request: SignedInRequest) -> Response:
        erasure.cancel(organization=request.user.organization, by=request.user)
        return Response({"message": "The deletion was cancelled."})
