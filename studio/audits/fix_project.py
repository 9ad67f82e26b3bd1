"""Create a fix project: a new project with copies of the products that have one issue, ready to be written."""

from __future__ import annotations

from itertools import islice

from django.db import transaction

from accounts.models import User
from billing import limits
from projects import lifecycle
from projects.models import ContentItem, DataSource, Project
from scribe.errors import Conflict
from studio.models import AuditedProduct, StoreAudit

BATCH = 500
TITLES = {
    "missing_description": "missing descriptions",
    "thin_content": "thin descriptions",
    "missing_short_description": "missing short descriptions",
    "duplicate_content": "duplicate descriptions",
    "missing_seo_title": "missing SEO titles",
    "missing_meta_description": "missing meta descriptions",
}


@transaction.atomic
def create(*, audit: StoreAudit, issue: str, by: User) -> tuple[Project, int]:
    """Create a project with pending copies of the affected items, and the same platform, store, profile and settings.
    Returns the project and the number of copies. May be repeated: each call creates another project.

    The copies keep their external ids, so that approved content can be synced to the same products. Raises Conflict:
    `no_products_with_issue` when no such product is left, `audit_not_ready` while the audit runs.
    """
    if audit.completed_at is None:
        raise Conflict("The audit has not ended yet.", code="audit_not_ready", status_now=audit.status)
    origin = audit.project
    affected = AuditedProduct.objects.filter(audit=audit, issues__contains=[issue]).exclude(content_item=None)
    ids = affected.order_by("position").values_list("content_item_id", flat=True)
    if not ids.exists():
        raise Conflict("No product has this issue.", code="no_products_with_issue")
    name = f"{origin.name}: {TITLES.get(issue, issue.replace('_', ' '))}"[:255]
    project = lifecycle.create(
        organization=origin.organization, name=name, platform=origin.platform, by=by, is_test=origin.is_test
    )
    project.store_connection, project.content_profile = origin.store_connection, origin.content_profile
    project.settings, project.settings_overrides = origin.settings, origin.settings_overrides
    project.save()
    source = DataSource.objects.create(
        organization_id=project.organization_id,
        project=project,
        type=DataSource.Type.MANUAL,
        name=f"Audit of {origin.name}"[:255],
        config={"audit_id": str(audit.pk), "issue_type": issue, "project_id": str(origin.pk)},
    )
    limits.check("items", project.organization_id, len(ids))
    count = 0
    seen: set[tuple[str, str, str]] = set()
    stream = iter(list(ids))
    while batch := list(islice(stream, BATCH)):
        rows = {item.pk: item for item in ContentItem.objects.filter(pk__in=batch)}
        copies = [_copy(rows[pk], project, source, count + at + 1) for at, pk in enumerate(batch) if pk in rows]
        for copy in copies:
            key = (copy.item_type, copy.external_id, copy.store_view)
            if key in seen:  # two sources of the audited project may have the same product
                copy.external_id = ""
            seen.add(key)
        ContentItem.objects.bulk_create(copies)
        count += len(copies)
    DataSource.objects.filter(pk=source.pk).update(item_count=count)
    lifecycle.refresh_status(project.pk)
    return project, count


def _copy(item: ContentItem, project: Project, source: DataSource, position: int) -> ContentItem:
    return ContentItem(
        organization_id=project.organization_id,
        project=project,
        data_source=source,
        item_type=item.item_type,
        external_id=item.external_id,
        store_view=item.store_view,
        position=position,
        source_data=item.source_data,
        metadata={"copied_from": str(item.pk)},
    )
