"""The languages of a project: its main one, in which its items are written, and the further ones beside it.

An item's text in a further language is a row of its own, with the item as its `main`. Everything that a text has is there
once more: status, checks, decisions, versions, comments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, Value, When

from projects import staleness
from projects.glossary import language_code
from projects.models import ContentItem, GenerationItem, Project
from projects.models.item import JUDGED
from projects.writing_settings import Level, for_checking, levels
from scribe.errors import Conflict, InvalidInput
from scribe.ids import uuid7
from scribe.jobs import lifecycle as job_lifecycle
from scribe.models import Job
from writing.settings import further as further_languages

BATCH = 5000
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
    return found.most_common(1)[0][0] if found else for_checking(project).language


def of(project: Project) -> tuple[str, ...]:
    """The further languages that the project's settings name, or else those of the levels below."""
    return _named(next((level for level in levels(project) if level.get("languages")), {}))


def own(project: Project) -> tuple[str, ...]:
    """The further languages that the project's own `settings` name. Its overrides and its profile count before them."""
    return _named(project.settings if isinstance(project.settings, dict) else {})


def _named(level: Level) -> tuple[str, ...]:
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


def named(project: Project, names: Sequence[str] | None, pointer: str) -> list[str]:
    """The languages of rows that a body's `languages` name, each once; empty for the main language, which also goes without
    being named. Raises InvalidInput at `pointer` for one that we don't write."""
    if not names:
        return [""]
    own = main(project)
    codes = [language_code(name, f"{pointer}/{at}") for at, name in enumerate(names)]
    return list(dict.fromkeys("" if code == own else code for code in codes))


def texts_of(item: ContentItem) -> dict[str, dict[str, Any]]:
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


def as_request(item: ContentItem, request: dict[str, Any]) -> tuple[list[UUID], dict[str, Any]]:
    """The ids and the request by which a generation writes this one text anew, in its own language."""
    if item.main_id is None:
        return [item.pk], request
    return [item.main_id], {"replace_existing": True, **request, "languages": [item.language]}


@transaction.atomic
def erase(*, item: ContentItem) -> None:
    """Delete a text in a further language with its versions, comments and records of syncs. What a push put into the shop
    stays there. Raises Conflict `main_item` for an item itself, and `job_active` while a job writes it."""
    if item.main_id is None:
        raise Conflict("Only a text in a further language is deleted. Exclude the item instead.", code="main_item")
    # This full lock and the creation of a job wait for each other.
    project = Project.objects.of(item.organization_id).select_for_update().get(pk=item.project_id)
    asked = GenerationItem.objects.filter(item=item, state=GenerationItem.State.PENDING).values("job")
    if active := job_lifecycle.active_writer(project) or Job.objects.active().filter(pk__in=asked).first():
        raise job_lifecycle.job_active(active)
    ContentItem.rows.filter(pk=item.pk).only("pk").delete()
    staleness.follow([item.main_id])


def drop_unwritten(job: Job) -> None:
    """Delete the rows in further languages that a cancelled job was to write and that hold nothing. Call it in the transaction
    that ends the job. The rows of a plugin's job stay, as others may be writing them."""
    if job.project_id is None:
        return
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
    )
    ids = list(empty.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        ContentItem.rows.filter(pk__in=ids[start : start + BATCH]).only("pk").delete()
