"""List a project's items, exclude items and restore them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import HasAnyKeys
from django.utils import timezone

from integrations.stores import platforms
from projects import lifecycle
from projects.models import ContentItem, Project
from projects.models.expressions import AttributeFindings, FailedChecks, FindingFields, ItemCategories, UnsupportedKinds
from projects.models.item import JUDGED
from projects.project_export import matching
from writing.fields import BY_NAME, LISTS, Form

EXCLUDED = "excluded"


def chosen(
    *,
    project: Project,
    status: str | None = None,
    source_id: Any = None,
    item_type: str | None = None,
    search: str = "",
    failed_check: str = "",
    claim_kind: str = "",
    field: str = "",
    category: str = "",
    assignee: Any = None,
    updated_since: datetime | None = None,
    language: str = "",
) -> QuerySet[ContentItem]:
    """The items that a list shows, in the order of their creation. With `language`, the items' texts in this further language.

    A status means the included items in it, `excluded` means the others, and no status means all. `failed_check` is the id of
    a check that the content failed, `claim_kind` the kind of a claim that has no source, `field` the name of a field in
    which a check found something wrong, `category` a category as the shop names it. These four leave out the items that were
    never checked. `assignee` is the id of the person who is to review them.
    """
    items = ContentItem.rows.of(project.organization_id).filter(project=project, language=language)
    if status == EXCLUDED:
        items = items.excluded()
    elif status:
        items = items.included().filter(status=status)
    if source_id:
        items = items.of_source(source_id)
    if item_type:
        items = items.filter(item_type=item_type)
    if failed_check:
        items = items.filter(JUDGED).alias(failed=FailedChecks()).filter(failed__contains=[failed_check])
    if claim_kind:
        items = items.filter(JUDGED).alias(kinds=UnsupportedKinds()).filter(kinds__contains=[claim_kind])
    if field:
        items = items.filter(JUDGED).filter(_found_in(field))
    if category:
        items = items.filter(JUDGED).alias(named=ItemCategories()).filter(named__contains=[category])
    if assignee:
        items = items.filter(assignee_id=assignee)
    if updated_since:
        items = items.filter(updated_at__gte=updated_since)
    return matching(items, search).order_by("id")


def _found_in(field: str) -> Q:
    """Whether a check found something wrong in the field. Findings name the entry of a list (`tags[0]`) or the attribute."""
    row = BY_NAME[field]
    if row.form is Form.PAIRS:
        return Q(AttributeFindings(F("generation_metadata")))
    names = [field, *(f"{field}[{place}]" for place in range(row.kept_entries if row.form in LISTS else 0))]
    return Q(HasAnyKeys(FindingFields(), names))


@transaction.atomic
def exclude(*, project: Project, items: Iterable[ContentItem]) -> list[Any]:
    """Exclude items from generation, export and sync. Returns the ids that were included before. The children of a Magento
    configurable are excluded with it."""
    ids = _with_children(project, items)
    changed = list(
        ContentItem.objects.filter(pk__in=ids)
        .included()
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    now = timezone.now()
    ContentItem.objects.filter(pk__in=changed).update(excluded_at=now, updated_at=now)
    lifecycle.refresh_status(project.pk)
    return changed


@transaction.atomic
def restore(
    *, project: Project, items: Iterable[ContentItem], check_may_approve: Callable[[], None] = lambda: None
) -> list[Any]:
    """Include excluded items again, each in its earlier status. Returns the ids that were excluded before.
    `check_may_approve` is called, and may raise, when one of them is approved: it can go to the shop again."""
    ids = _with_children(project, items)
    found = dict(
        ContentItem.objects.filter(pk__in=ids)
        .excluded()
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", "status")
    )
    if any(status in lifecycle.FINISHED for status in found.values()):
        check_may_approve()
    changed = list(found)
    ContentItem.objects.filter(pk__in=changed).update(excluded_at=None, updated_at=timezone.now())
    lifecycle.refresh_status(project.pk)
    return changed


def _with_children(project: Project, items: Iterable[ContentItem]) -> list[Any]:
    ids = [item.pk for item in items]
    if not platforms.get(project.platform).children_follow:
        return ids
    return ids + list(ContentItem.objects.filter(project=project, parent_id__in=ids).values_list("pk", flat=True))
