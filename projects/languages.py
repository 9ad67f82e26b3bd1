"""The languages of a project: its main one, in which its items are written, and the further ones beside it.

An item's text in a further language is a row of its own, with the item as its `main`. Everything that a text has is there
once more: status, checks, decisions, versions, comments.
"""

import time
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, Value, When

from projects import staleness
from projects.glossary import language_code
from projects.models import ContentItem, GenerationItem, Project
from projects.models.item import JUDGED
from projects.writing_settings import Level, levels, present
from scribe.errors import Conflict, InvalidInput
from scribe.ids import uuid7
from scribe.jobs import lifecycle as job_lifecycle
from scribe.jobs import queues
from scribe.messages import _
from scribe.models import Job
from scribe.queue import enqueue
from scribe.types import Json
from writing.settings import further as further_languages

BATCH = 5000
DROPPED_AT_ONCE = 500
SLICE_SECONDS = 3.0
#: Whose words a text in a further language has: the shop's own translation alone, or ours.
MERCHANT, OURS = "merchant", "ours"
SAMPLE = 100  # items that tell a project's main language
# A row with the facts of its item, as `projects_follow_main` keeps them.
_ADD = """
INSERT INTO projects_contentitem (id, main_id, language, created_at, updated_at, organization_id, project_id, data_source_id,
    item_type, external_id, store_view, position, source_data, source_hash, excluded_at, generated_content, status,
    has_unsupported_claims, ai_model_used, metadata, generation_metadata)
SELECT new.id, new.main, %s, now(), now(), item.organization_id, item.project_id, item.data_source_id, item.item_type,
    item.external_id, item.store_view, item.position, item.source_data, item.source_hash, item.excluded_at, '{}', 'pending',
    false, '', '{}', '{}'
FROM unnest(%s::uuid[], %s::uuid[]) AS new(id, main) JOIN projects_contentitem item ON item.id = new.main
ON CONFLICT DO NOTHING
"""


def main(project: Project) -> str:
    """The project's main language: that of its first items' texts, whatever the settings have said since; while nothing is
    written, that of the settings. Where the items' texts are in several languages, the commonest counts."""
    rows = ContentItem.objects.of(project.organization_id).filter(
        JUDGED, project=project, generation_metadata__has_key="settings"
    )
    some = rows.order_by("id").values_list("generation_metadata__settings__language", flat=True)[:SAMPLE]
    found = Counter(code for code in some if isinstance(code, str) and code)
    return found.most_common(1)[0][0] if found else present(project).language


def languages_to_write(project: Project) -> tuple[str, ...]:
    """The further languages that the project's settings name, or else those of the levels below."""
    return _languages_of_level(next((level for level in levels(project) if level.get("languages")), {}))


def own(project: Project) -> tuple[str, ...]:
    """The further languages that the project's own `settings` name. Its overrides and its profile count before them."""
    return _languages_of_level(project.settings if isinstance(project.settings, dict) else {})


def _languages_of_level(level: Level) -> tuple[str, ...]:
    try:
        return further_languages(level)
    except InvalidInput:  # settings from before they were checked
        return ()


def further(project: Project, name: str, pointer: str = "?language") -> str:
    """The language of the rows that a request for `name` means: empty for none, and for the main language."""
    if not name:
        return ""
    code = language_code(name, pointer)
    return "" if code == main(project) else code


def parse_languages(project: Project, names: Sequence[str] | None, pointer: str) -> list[str]:
    """The languages of rows that a body's `languages` name, each once; empty for the main language, which also goes without
    being named. Raises InvalidInput at `pointer` for one that we don't write."""
    if not names:
        return [""]
    own = main(project)
    codes = [language_code(name, f"{pointer}/{at}") for at, name in enumerate(names)]
    return list(dict.fromkeys("" if code == own else code for code in codes))


def texts_of(item: ContentItem) -> dict[str, Json]:
    """The item's texts in further languages, by language."""
    theirs = Case(When(view_data__isnull=False, generated_content={}, then=Value(MERCHANT)), default=Value(OURS))
    rows = ContentItem.rows.filter(main_id=item.pk).order_by("language").annotate(origin=theirs)
    return {
        code: {"item_id": str(pk), "status": status, "outdated_fields": outdated, "origin": origin}
        for code, pk, status, outdated, origin in rows.values_list(
            "language", "pk", "status", "outdated_fields", "origin"
        )
    }


def add(language: str, item_ids: list[UUID]) -> None:
    """Give these items a row in a further language that waits to be written. The rows that are there stay."""
    with connection.cursor() as cursor:
        for start in range(0, len(item_ids), BATCH):
            batch = item_ids[start : start + BATCH]
            cursor.execute(_ADD, [language, [uuid7() for _ in batch], batch])


def as_request(item: ContentItem, request: Json) -> tuple[list[UUID], Json]:
    """The ids and the request by which a generation writes this one text anew, in its own language."""
    if item.main_id is None:
        return [item.pk], request
    return [item.main_id], {"replace_existing": True, **request, "languages": [item.language]}


@transaction.atomic
def erase(*, item: ContentItem) -> None:
    """Delete a text in a further language with its versions, comments and records of syncs. What a push put into the shop
    stays there. Raises Conflict `main_item` for an item itself, and `job_active` while a job writes it."""
    if item.main_id is None:
        raise Conflict(
            _("You can only delete texts in additional languages. To remove this item, exclude it."), code="main_item"
        )
    # This full lock and the creation of a job wait for each other.
    project = Project.objects.of(item.organization_id).select_for_update().get(pk=item.project_id)
    asked = GenerationItem.objects.filter(item=item, state=GenerationItem.State.PENDING).values("job")
    if active := job_lifecycle.active_writer(project) or Job.objects.active().filter(pk__in=asked).first():
        raise job_lifecycle.job_active(active)
    ContentItem.rows.filter(pk=item.pk).only("pk").delete()
    staleness.follow([item.main_id])


def drop_unwritten(job: Job) -> None:
    """Delete the rows in further languages that a cancelled job was to write and that hold nothing. Call it in the transaction
    that ends the job. Many are deleted by a task, since workers wait for the job's row meanwhile. The rows of a plugin's job
    stay, as others may be writing them."""
    if job.project_id is not None and _drop_some(job):
        _drop_later(job)


def go_on_dropping(job: Job) -> None:
    """Delete more of them, for a slice of time."""
    until, more = time.monotonic() + SLICE_SECONDS, True
    while more and time.monotonic() < until and job.project_id is not None:
        with transaction.atomic():
            # This full lock and the creation of a job wait for each other.
            project = Project.objects.of(job.organization_id).select_for_update(skip_locked=True)
            if not project.filter(pk=job.project_id).exists():
                break
            more = _drop_some(job)
    if more and Project.objects.of(job.organization_id).filter(pk=job.project_id).exists():  # type: ignore[misc]  # nor without a project
        _drop_later(job)


def _drop_later(job: Job) -> None:
    enqueue("projects.tasks.drop_unwritten", str(job.pk), queue=queues.queue_of(job), after=1)


def _drop_some(job: Job) -> bool:
    """Delete some of them, but for those that another job is to write by now. Whether there may be more."""
    asked = GenerationItem.objects.filter(state=GenerationItem.State.PENDING, job__in=Job.objects.active())
    unwritten = GenerationItem.objects.filter(job=job, state=GenerationItem.State.PENDING)
    empty = ContentItem.rows.filter(
        pk__in=unwritten.exclude(item__language="").values("item"),
        status=ContentItem.Status.PENDING,
        generated_content={},
        generation_metadata={},
        metadata={},
        view_data__isnull=True,
        reject_reason="",
        assignee=None,
        comments=None,
        versions=None,
        sync_records=None,
        store_text=None,
    ).exclude(pk__in=asked.exclude(job=job.pk).values("item"))
    ids = list(empty.values_list("pk", flat=True)[:DROPPED_AT_ONCE])
    ContentItem.rows.filter(pk__in=ids).only("pk").delete()
    return len(ids) == DROPPED_AT_ONCE
