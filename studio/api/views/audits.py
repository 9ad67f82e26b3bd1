"""The store audit."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.response import Response

from projects.models import Project
from scribe.api.fields import decimal, utc
from scribe.api.renderers import dumps
from scribe.api.schema import operation
from scribe.rows import OrganizationQuerySet
from studio import tools
from studio.api.base import ToolViewSet
from studio.api.serializers import (
    AuditDetail,
    AuditList,
    AuditQuery,
    AuditReply,
    AuditRequest,
    AuditStarted,
    FixReply,
    FixRequest,
)
from studio.audits import fix_project
from studio.audits import job as audit_job
from studio.models import AuditedProduct, StoreAudit


def shown(audit: StoreAudit) -> dict[str, Any]:
    running = audit.job is not None and audit.completed_at is None
    return {
        "id": str(audit.pk),
        "project_id": str(audit.project_id),
        "job_id": str(audit.job_id) if audit.job_id else None,
        "status": audit.job.status if running and audit.job else audit.status,
        "product_count": audit.product_count,
        "health_score": audit.health_score,
        "summary": audit.summary,
        "xct_used": decimal(audit.xct_used),
        "created_at": utc(audit.created_at),
        "completed_at": utc(audit.completed_at),
        "error": audit.error or None,
    }


def shown_product(row: AuditedProduct) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "content_item_id": str(row.content_item_id) if row.content_item_id else None,
        "product_title": row.product_title,
        "product_url": row.product_url,
        "description_word_count": row.description_word_count,
        "description_preview": row.description_preview,
        "issues": row.issues,
        "scores": {key: value for key, value in row.scores.items() if key != "applicable"},
    }


def detail(audit: StoreAudit) -> HttpResponse:
    """The audit with all its products. It is streamed, so that a large one is never in memory as a whole."""
    rows = AuditedProduct.objects.filter(audit=audit).defer("shingles").order_by("position", "id")

    def stream() -> Any:
        yield dumps(shown(audit))[:-1] + b',"products":['
        for number, row in enumerate(rows.iterator(chunk_size=1000)):
            yield (b"," if number else b"") + dumps(shown_product(row))
        yield b"]}"

    return StreamingHttpResponse(stream(), content_type="application/json")  # type: ignore[return-value]


class AuditViewSet(ToolViewSet):
    whole_actions = frozenset({"run", "create_fix_project"})
    tool = tools.STORE_AUDIT

    def audits(self) -> OrganizationQuerySet:
        return StoreAudit.objects.select_related(
            "job", "project__organization", "project__store_connection", "project__content_profile"
        )

    @operation(
        tag="studio-store-audit",
        scope="studio:write",
        support=True,
        summary="Run Audit",
        description="Starts a job that holds every product of the project against the checks. It costs no XCT and blocks nobody.",
        request=AuditRequest,
        responses={201: AuditStarted},
        errors=(400, 403, 404, 409),
    )
    def run(self, request: Any) -> Response:
        self.check_tool()
        body = self.body(AuditRequest)
        project = self.row(Project.objects.select_related("organization").kept(), body["project_id"])
        audit = audit_job.start(project=project, by=request.user, enabled=body.get("enabled_checks"))
        started = {
            "audit_id": str(audit.pk),
            "job_id": str(audit.job_id),
            "estimated_products": audit.product_count,
            "estimated_xct": "0.0000",
        }
        return Response(started, status=201)

    @operation(
        tag="studio-store-audit",
        scope="studio:read",
        summary="List Audits",
        description="The organization's audits, newest first, optionally of one project.",
        parameters=[AuditQuery],
        responses={200: AuditList},
        errors=(400, 403, 404),
    )
    def list_audits(self, request: Any) -> Response:
        self.check_tool()
        rows = self.audits().visible_to(request.user)
        if project_id := self.query(AuditQuery).get("project_id"):
            rows = rows.filter(project=self.row(Project.objects.all(), project_id))
        return Response({"audits": [shown(audit) for audit in rows]})

    @operation(
        tag="studio-store-audit",
        scope="studio:read",
        summary="Get Audit",
        description="The results with every audited product and the ids of the checks it failed.",
        responses={200: AuditDetail},
        errors=(403, 404),
    )
    def retrieve(self, request: Any, audit_id: str) -> HttpResponse:
        audit = self.row(self.audits(), audit_id)
        self.check_tool()
        return detail(audit)

    @operation(
        tag="studio-store-audit",
        scope="studio:write",
        summary="Delete Audit",
        description="With all its findings; one that still runs is stopped. Fix projects stay.",
        responses={204: None},
        errors=(403, 404),
    )
    def destroy(self, request: Any, audit_id: str) -> Response:
        audit = self.row(self.audits(), audit_id)
        self.check_tool()
        audit_job.delete(audit=audit)
        return Response(status=204)

    @operation(
        tag="studio-store-audit",
        scope="studio:write",
        support=True,
        summary="Create Fix Project",
        description="A new project with copies of the products that have this issue, pending. 409 when there is none.",
        request=FixRequest,
        responses={201: FixReply},
        errors=(400, 403, 404, 409),
    )
    def create_fix_project(self, request: Any, audit_id: str) -> Response:
        audit = self.row(self.audits(), audit_id)
        self.check_tool()
        issue = self.body(FixRequest)["issue_type"]
        project, count = fix_project.create(audit=audit, issue=issue, by=request.user)
        return Response({"project_id": str(project.pk), "product_count": count}, status=201)


__all__ = ["AuditReply", "AuditViewSet"]
