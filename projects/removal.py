"""Delete many items at once, and the stored files of deleted sources. What is large is deleted by a job (`removal_job`)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from projects.models import ContentItem, DataSource, GenerationItem, ItemVersion, Project, SyncRecord
from scribe import jobs, storage
from scribe.jobs.payload import Payload
from scribe.models import Job, JobEvent
from scribe.rows import Model
from scribe.types import Json

BATCH = 2000
AT_ONCE = 500  # rows of a kind that are deleted within a request; the rest is a job's
_BESIDE_ITEMS = (ItemVersion.objects, GenerationItem.objects, SyncRecord.objects)
# Functions of other apps that name a project's keys in storage. They are called before the project's rows are deleted.
_others: list[Callable[[Project], Iterable[str]]] = []


def also_remove(keys_of: Callable[[Project], Iterable[str]]) -> None:
    """Have the files that `keys_of` names for a project deleted with it. Call this in `AppConfig.ready`."""
    _others.append(keys_of)


def other_keys(project: Project) -> list[str]:
    return [key for keys_of in _others for key in keys_of(project)]


def items(queryset: QuerySet[ContentItem]) -> int:
    """Delete the items and the rows that belong to them, in batches that fit in memory. Returns the number of items. Their texts in further languages go with them."""
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        _delete(ids[start : start + BATCH])
    return len(ids)


def some(queryset: QuerySet[ContentItem]) -> int:
    """As `items`, up to AT_ONCE of them."""
    ids = list(queryset.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    _delete(ids)
    return len(ids)


def _delete(ids: list[UUID]) -> None:
    ContentItem.objects.filter(parent_id__in=ids).update(parent=None)
    ContentItem.rows.filter(main_id__in=ids).only("pk").delete()
    ContentItem.objects.filter(pk__in=ids).only("pk").delete()  # without their texts


def is_large(queryset: QuerySet[ContentItem], organization_id: UUID) -> bool:
    """Whether more rows than AT_ONCE of a kind go with these items of an organization."""
    ids = list(queryset.order_by().values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        return True
    texts = ContentItem.rows.of(organization_id).filter(main__in=ids)
    return exceeds(texts) or any(exceeds(kind.of(organization_id).filter(item__in=ids)) for kind in _BESIDE_ITEMS)


def exceeds(rows: QuerySet[Model]) -> bool:
    """Whether these are more than AT_ONCE."""
    return len(rows.order_by().values_list("pk")[: AT_ONCE + 1]) > AT_ONCE


def events_of(project: Project) -> QuerySet[JobEvent]:
    return JobEvent.objects.filter(job__project=project)


@dataclass(frozen=True, kw_only=True)
class RemovalPayload(Payload):
    """What is deleted with its items: the source of this id, or else the `whole` project, or what it contains."""

    source_id: str = ""
    whole: bool = False

    def items(self, project: Project) -> QuerySet[ContentItem]:
        found: QuerySet[ContentItem] = ContentItem.objects.of(project.organization_id).filter(project=project)
        return found.filter(data_source_id=UUID(self.source_id)) if self.source_id else found


def start(*, project: Project, by: User | None, payload: RemovalPayload) -> Job:
    """The queued job that deletes it. Call it under the project's lock. Raises Conflict `job_active`."""
    job = jobs.create(
        job_type=Job.Type.REMOVAL,
        organization=project.organization,
        project=None if payload.whole else project,  # no other job is created in the trash
        created_by=by,
        payload=payload.as_dict(),
        total=payload.items(project).count(),
        is_test=project.is_test,
        is_long=True,
    )
    if payload.whole:
        Job.objects.filter(pk=job.pk).update(project=project)
    return job


def files(sources: Iterable[DataSource]) -> None:
    """Delete the stored files of sources. Call it after the commit."""
    storage.delete_all(key for source in sources for key in keys(source.config))


def keys_of(organization_id: UUID) -> Iterator[str]:
    """The keys of an organization's sources in storage."""
    for config in DataSource.objects.of(organization_id).values_list("config", flat=True).iterator():
        yield from keys(config)


def keys(config: Json) -> list[str]:
    return [config[name] for name in ("file_key", "snapshot_key") if config.get(name)]
