from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.response import Response

from projects.models import Project
from scribe.api.renderers import dumps
from scribe.api.schema import operation
from scribe.api.views import SignedInRequest
from scribe.rows import OrganizationQuerySet
from scribe.types import Json
from studio import tools
from studio.api import serializers as shapes
from studio.api.views.tools import ToolViewSet
from studio.audits import fix_project
from studio.audits import job as audit_job
from studio.models import AuditedProduct, StoreAudit


def reply_of(audit: StoreAudit) -> Json:
    running = audit.job is not None and audit.completed_at is None
    return shapes.AuditReply.of(audit, status=audit.job.status if running and audit.job else audit.status)


def shown_product(row: AuditedProduct) -> Json:
    return shapes.AuditedProductReply.of(
        row, scores={key: value for key, value in row.scores.items() if key != "applicable"}
    )


def detail(audit: StoreAudit) -> HttpResponse:
    """The audit with all its products. It is streamed, so that a large one is never in memory as a whole."""
    rows = AuditedProduct.objects.filter(audit=audit).defer("shingles").order_by("position", "id")

    def stream() -> Iterator[bytes]:
        yield dumps(reply_of(audit))[:-1] + b',"products":['
        for number, row in enumerate(rows.iterator(chunk_size=1000)):
            yield (b"," if number else b"") + dumps(shown_product(row))
        yield b"]}"

    return StreamingHttpResponse(stream(), content_type="application/json")  # type: ignore[return-value]


class AuditViewSet(ToolViewSet):
    tag = "studio-store-audit"
    whole_actions = frozenset({"run", "create_fix_project"})
    tool = tools.STORE_AUDIT

    def audits(self) -> OrganizationQuerySet[StoreAudit]:
        return StoreAudit.objects.select_related(
            "job", "project__organization", "project__store_connection", "project__content_profile"
        )

    @operation(
        scope="studio:write",
        support=True,
        summary="Run Audit",
        description="Starts a job that runs the checks on every product of the project. It costs no XCT and does "
        "not block other jobs.",
        request=shapes.AuditRequest,
        responses={201: shapes.AuditStarted},
        errors=(400, 403, 404, 409),
    )
    def run(self, request: SignedInRequest) -> Response:
        self.check_tool()
        body = self.body(shapes.AuditRequest)
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
        scope="studio:read",
        summary="List Audits",
        description="The organization's audits, newest first, optionally of one project.",
        parameters=[shapes.AuditQuery],
        responses={200: shapes.AuditList},
    )
    def list_audits(self, request: SignedInRequest) -> Response:
        self.check_tool()
        rows = self.audits().visible_to(request.user)
        if project_id := self.query(shapes.AuditQuery).get("project_id"):
            rows = rows.filter(project=self.row(Project.objects.all(), project_id))
        return Response({"audits": [reply_of(audit) for audit in rows]})

    @operation(
        scope="studio:read",
        summary="Get Audit",
        description="The results, with each audited product and the IDs of the checks it failed.",
        responses={200: shapes.AuditDetail},
    )
    def retrieve(self, request: SignedInRequest, audit_id: str) -> HttpResponse:
        audit = self.row(self.audits(), audit_id)
        self.check_tool()
        return detail(audit)

    @operation(
        scope="studio:write",
        summary="Delete Audit",
        description="Deletes the audit with all its findings and stops it if it is running. Fix projects are kept.",
        responses={204: None},
    )
    def destroy(self, request: SignedInRequest, audit_id: str) -> Response:
        audit = self.row(self.audits(), audit_id)
        self.check_tool()
        audit_job.delete(audit=audit)
        return Response(status=204)

    @operation(
        scope="studio:write",
        support=True,
        summary="Create Fix Project",
        description="Creates a project with copies of the products that have this issue, as pending items. Above "
        "500, a job copies them. Returns 409 if there are none.",
        request=shapes.FixRequest,
        responses={201: shapes.FixReply},
        errors=(400, 403, 404, 409),
    )
    def create_fix_project(self, request: SignedInRequest, audit_id: str) -> Response:
        audit = self.row(self.audits(), audit_id)
        self.check_tool()
        issue = self.body(shapes.FixRequest)["issue_type"]
        project, count, job = fix_project.create(audit=audit, issue=issue, by=request.user)
        made = {"project_id": str(project.pk), "product_count": count, "job_id": str(job.pk) if job else None}
        return Response(made, status=201)
