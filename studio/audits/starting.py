"""Starting an audit, and the rows that it will look at."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from billing.access import check_open
from projects.models import ContentItem, Project
from scribe import jobs
from scribe.models import Job
from studio.audits import checks
from studio.models import StoreAudit

_WORDPRESS = (ContentItem.Type.PRODUCT, ContentItem.Type.PAGE, ContentItem.Type.POST)


def audited(project: Project) -> QuerySet[ContentItem]:
    """Products that are neither excluded nor variants; in a WordPress project its pages and posts as well."""
    types = _WORDPRESS if project.platform == "wordpress" else (ContentItem.Type.PRODUCT,)
    return ContentItem.objects.of(project.organization_id).filter(project=project, item_type__in=types).included()


@transaction.atomic
def start(*, project: Project, by: Any, enabled: list[str] | None = None) -> StoreAudit:
    """An audit and its job. All checks by default. It reads and never writes items, so it blocks nobody."""
    check_open(project.organization)
    count = audited(project).count()
    audit = StoreAudit(
        organization_id=project.organization_id,
        project=project,
        checks=list(dict.fromkeys(enabled or checks.IDS)),
        product_count=count,
        created_by=by,
    )
    audit.job = jobs.create(
        job_type=Job.Type.STORE_AUDIT,
        organization=project.organization,
        project=project,
        created_by=by,
        payload={"audit_id": str(audit.pk)},
        total=count,
    )
    audit.save(force_insert=True)
    return audit


@transaction.atomic
def delete(*, audit: StoreAudit) -> None:
    """Remove an audit with its findings; one that still runs is stopped first."""
    jobs.cancel_all(Job.objects.filter(pk=audit.job_id))
    audit.delete()
