"""Tag `gdpr`: export the organization's data, and have the organization deleted."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from accounts import erasure, privacy
from accounts.api.serializers import people as shapes
from accounts.api.serializers.common import MessageReply
from accounts.sessions import Client
from scribe.api.access import ADMINS
from scribe.api.fields import utc
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet


class GdprViewSet(ScribeViewSet):
    @operation(
        tag="gdpr",
        who=ADMINS,
        summary="Request Data Export",
        description="A job makes a ZIP of everything; its `result.download_url` works seven days, for admins.",
        request=None,
        responses={202: shapes.ExportReply},
        errors=(409,),
    )
    def export(self, request: Any) -> Response:
        job = privacy.request_export(organization=request.user.organization, by=request.user)
        return Response(
            {
                "job_id": str(job.pk),
                "status": job.status,
                "message": "Your export is being prepared. You will be told when it can be downloaded.",
            },
            status=202,
        )

    @operation(tag="gdpr", summary="Get Gdpr Status", responses={200: shapes.GdprStatusReply})
    def status(self, request: Any) -> Response:
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
        tag="gdpr",
        who=ADMINS,
        summary="Request Account Deletion",
        description="Schedules the erasure of everything 14 days ahead; generation, purchases and renewals stop at once. "
        "Needs the password (wrong: 403), or without one a sign-in within ten minutes.",
        request=shapes.DeletionRequest,
        responses={200: shapes.DeletionReply},
        errors=(400, 403, 409),
    )
    def request_deletion(self, request: Any) -> Response:
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
        tag="gdpr",
        who=ADMINS,
        summary="Cancel Account Deletion",
        description="409 when none is pending.",
        request=None,
        responses={200: MessageReply},
        errors=(409,),
    )
    def cancel_deletion(self, request: Any) -> Response:
        erasure.cancel(organization=request.user.organization, by=request.user)
        return Response({"message": "The deletion was cancelled."})
