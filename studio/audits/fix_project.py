"""Create a fix project: a new project with copies of the products that have one issue, ready to be written. More than
AT_ONCE are copied by a job."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from billing import limits
from projects import lifecycle
from projects.models import ContentItem, DataSource, Project
from scribe import jobs, statements
from scribe.errors import Conflict
from scribe.jobs import Failed, Run, TryAgain
from scribe.jobs.payload import Payload
from scribe.messages import _
from scribe.models import Job
from studio.models import AuditedProduct, StoreAudit

AT_ONCE = 500  # products that are copied within the request, or in a transaction
TITLES = {
    "missing_description": "missing descriptions",
    "thin_content": "thin descriptions",
    "missing_short_description": "missing short descriptions",
    "duplicate_content": "duplicate descriptions",
    "missing_seo_title": "missing SEO titles",
    "missing_meta_description": "missing meta descriptions",
}


@dataclass(frozen=True, kw_only=True)
class CopyPayload(Payload):
    """The source that gets the copies, and the audit and the issue whose products are copied."""

    source_id: str
    audit_id: str
    issue: str

    def products(self) -> QuerySet[AuditedProduct]:
        rows = AuditedProduct.objects.filter(audit=UUID(self.audit_id), issues__contains=[self.issue])
        return rows.exclude(content_item=None).order_by("pk")


@transaction.atomic
def create(*, audit: StoreAudit, issue: str, by: User) -> tuple[Project, int, Job | None]:
    """Create a project for pending copies of the affected items, with the same platform, store, profile and settings.
    Returns the project, the number of copies, and the job that makes them if they are many. May be repeated: each call
    creates another project.

    The copies keep their external ids, so that approved content can be synced to the same products. Raises Conflict:
    `no_products_with_issue` when no such product is left, `audit_not_ready` while the audit runs, `items_full`.
    """
    if audit.completed_at is None:
        raise Conflict(_("The audit has not ended yet."), code="audit_not_ready", status_now=audit.status)
    origin = audit.project
    count = CopyPayload(source_id="", audit_id=str(audit.pk), issue=issue).products().count()
    if not count:
        raise Conflict(_("No product has this issue."), code="no_products_with_issue")
    name = f"{origin.name}: {TITLES.get(issue, issue.replace('_', ' '))}"[:255]
    project = lifecycle.create(
        organization=origin.organization, name=name, platform=origin.platform, by=by, is_test=origin.is_test
    )
    project.store_connection, project.content_profile = origin.store_connection, origin.content_profile
    project.settings, project.settings_overrides = origin.settings, origin.settings_overrides
    project.save()
    limits.check("items", project.organization_id, count)
    source = DataSource.objects.create(
        organization_id=project.organization_id,
        project=project,
        type=DataSource.Type.MANUAL,
        name=f"Audit of {origin.name}"[:255],
        config={"audit_id": str(audit.pk), "issue_type": issue, "project_id": str(origin.pk)},
        item_count=count,  # counts from now on, also while a job still makes them
    )
    asked = CopyPayload(source_id=str(source.pk), audit_id=str(audit.pk), issue=issue)
    if count > AT_ONCE:
        job = jobs.create(
            job_type=Job.Type.FIX_PROJECT, project=project, created_by=by, payload=asked.as_dict(), total=count
        )
        return project, count, job
    _copy_some(source, asked.products(), first=1)
    lifecycle.refresh_status(project.pk)
    return project, count, None


def run(run: Run) -> None:
    """Copy the products, AT_ONCE at a time. May be killed at any line. `result`: how many were `copied`."""
    asked = CopyPayload.of(run.job)
    source = DataSource.objects.of(run.job.organization_id).filter(pk=asked.source_id).first()
    if source is None:
        raise Failed(_("The project is gone."), code="project_gone")
    while True:
        run.check()
        with run.settling():
            after, copied = run.result.get("after"), run.result.get("copied", 0)
            products = asked.products()
            last = _copy_some(source, products.filter(pk__gt=after) if after else products, first=copied + 1)
            if last:
                run.result.update(after=str(last[-1]), copied=copied + len(last))
                run.advance(len(last))
        if not last:
            return
        if run.should_yield():
            raise TryAgain


def close(job: Job) -> None:
    """Count what was copied. Call it in the transaction that ends the job."""
    rows = DataSource.objects.of(job.organization_id).filter(pk=CopyPayload.of(job).source_id)
    for source in rows.select_for_update(no_key=True):
        source.item_count = ContentItem.objects.filter(data_source=source).count()
        source.save(update_fields=["item_count"])
    lifecycle.refresh_status(job.project_id)


def _copy_some(source: DataSource, products: QuerySet[AuditedProduct], *, first: int) -> list[UUID]:
    """Copy the items of the first AT_ONCE of these products, from the position `first` on. Returns their ids."""
    found = dict(products.values_list("pk", "content_item_id")[:AT_ONCE])
    items = ContentItem.objects.of(source.organization_id).in_bulk(found.values())
    copies = [_copy(items[pk], source, first + at) for at, pk in enumerate(found.values()) if pk in items]
    ids = [copy.external_id for copy in copies]
    there = ContentItem.objects.filter(data_source=source, external_id__in=ids).exclude(external_id="")
    seen = set(there.values_list("item_type", "external_id", "store_view"))
    for copy in copies:
        key = (copy.item_type, copy.external_id, copy.store_view)
        if key in seen:  # two sources of the audited project may have the same product
            copy.external_id = ""
        seen.add(key)
    statements.insert(copies)
    return list(found)


def _copy(item: ContentItem, source: DataSource, position: int) -> ContentItem:
    return ContentItem(
        organization_id=source.organization_id,
        project_id=source.project_id,
        data_source=source,
        item_type=item.item_type,
        external_id=item.external_id,
        store_view=item.store_view,
        position=position,
        source_data=item.source_data,
        metadata={"copied_from": str(item.pk)},
    )
