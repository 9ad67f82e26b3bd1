"""A project's items as a list, and which of them take part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.db import transaction
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from projects import lifecycle
from projects.models import ContentItem, Project
from projects.models.project import Platform
from projects.project_export import matching
from scribe.api.fields import utc

EXCLUDED = "excluded"

_COLUMNS = (
    "id",
    "external_id",
    "item_type",
    "confidence_score",
    "status",
    "ai_model_used",
    "created_at",
    "data_source_id",
    "excluded_at",
    "parent_id",
    "store_view",
    "updated_at",
    "has_unsupported_claims",
    "outdated_fields",
    "version",
)
_JSON = ("source_data", "generated_content", "metadata", "generation_metadata")


def chosen(
    *,
    project: Project,
    status: str | None = None,
    source_id: Any = None,
    item_type: str | None = None,
    search: str = "",
) -> QuerySet[ContentItem]:
    """The items that a list shows, in the order of their making. A status means the included items in it;
    `excluded` the others; none means all."""
    items = ContentItem.objects.of(project.organization_id).filter(project=project)
    if status == EXCLUDED:
        items = items.excluded()
    elif status:
        items = items.included().filter(status=status)
    if source_id:
        items = items.filter(data_source_id=source_id)
    if item_type:
        items = items.filter(item_type=item_type)
    return matching(items, search).order_by("id")


def as_rows(items: QuerySet[ContentItem]) -> QuerySet[Any]:
    """The columns that `render` takes, the JSON ones as the text that the database writes: nothing of it is parsed."""
    texts = {f"{name}_text": Cast(name, TextField()) for name in _JSON}
    names = [f"{name}_text" for name in _JSON]
    return items.annotate(source_name=F("data_source__name"), **texts).values_list(*_COLUMNS, "source_name", *names)


def render(row: tuple[Any, ...]) -> dict[str, Any]:
    """One row of `as_rows` as the API shows it."""
    (pk, external_id, item_type, score, status, model, created, source_id, excluded, parent_id, view, updated, unsupported,
     outdated, version, source_name, source, content, metadata, generation) = row  # fmt: skip
    return {
        "id": pk,
        "external_id": external_id,
        "item_type": item_type,
        "source_data": orjson.Fragment(source),
        "generated_content": orjson.Fragment(content),
        "confidence_score": score,
        "status": status,
        "ai_model_used": model,
        "created_at": utc(created),
        "data_source_id": source_id,
        "data_source_name": source_name,
        "metadata": orjson.Fragment(metadata),
        "excluded_at": utc(excluded),
        "generation_metadata": orjson.Fragment(generation),
        "parent_id": parent_id,
        "store_view": view,
        "has_unsupported_claims": unsupported,
        "outdated_fields": outdated,
        "updated_at": utc(updated),
        "version": version,
    }


def shown(item: ContentItem) -> dict[str, Any]:
    """One item as the API shows it. Wants `data_source` loaded."""
    return {
        "id": str(item.pk),
        "external_id": item.external_id,
        "item_type": item.item_type,
        "source_data": item.source_data,
        "generated_content": item.generated_content,
        "confidence_score": item.confidence_score,
        "status": item.status,
        "ai_model_used": item.ai_model_used,
        "created_at": utc(item.created_at),
        "data_source_id": str(item.data_source_id) if item.data_source_id else None,
        "data_source_name": item.data_source.name if item.data_source else None,
        "metadata": item.metadata,
        "excluded_at": utc(item.excluded_at),
        "generation_metadata": item.generation_metadata,
        "parent_id": str(item.parent_id) if item.parent_id else None,
        "store_view": item.store_view,
        "has_unsupported_claims": item.has_unsupported_claims,
        "outdated_fields": item.outdated_fields,
        "updated_at": utc(item.updated_at),
        "version": item.version,
    }


@transaction.atomic
def exclude(*, project: Project, items: Iterable[ContentItem]) -> list[Any]:
    """Leave items out of generation, export and sync; the ids that were included before. A Magento configurable takes
    its children along."""
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
def restore(*, project: Project, items: Iterable[ContentItem]) -> list[Any]:
    """Take excluded items in again, each in the status it had; the ids that were excluded before."""
    ids = _with_children(project, items)
    changed = list(
        ContentItem.objects.filter(pk__in=ids)
        .excluded()
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    ContentItem.objects.filter(pk__in=changed).update(excluded_at=None, updated_at=timezone.now())
    lifecycle.refresh_status(project.pk)
    return changed


def _with_children(project: Project, items: Iterable[ContentItem]) -> list[Any]:
    ids = [item.pk for item in items]
    if project.platform != Platform.MAGENTO2:
        return ids
    return ids + list(ContentItem.objects.filter(project=project, parent_id__in=ids).values_list("pk", flat=True))
