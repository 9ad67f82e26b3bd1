"""One change of all items that a filter finds, as a job: approve, reject, exclude, include, assign or recheck them.

It changes what was there when it was ordered: an item that has changed since then is left out and counted.
A recheck is no change that could be undone. Else each changed item notes what it was before, and the version that the
change left. One undo brings that back for the items that nobody has changed since.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from projects import decisions, items, review, reviewers
from projects.models import ContentItem, Project
from scribe import jobs
from scribe.errors import InvalidInput
from scribe.jobs import Run, TryAgain
from scribe.jobs.payload import Payload
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json
from writing.checks.banned import TermIndex
from writing.checks.fields import readable_texts
from writing.checks.glossary import ID as TERMS

AT_ONCE = 500  # items that one transaction changes, or looks through for words
RECHECKED_AT_ONCE = 50
APPROVE, REJECT, EXCLUDE, INCLUDE, ASSIGN, RECHECK = ACTIONS = (
    "approve", "reject", "exclude", "include", "assign", "recheck",
)  # fmt: skip
STATUS_OF = {APPROVE: ContentItem.Status.APPROVED, REJECT: ContentItem.Status.REJECTED}
#: The columns that a change looks at. The texts are not loaded.
BEFORE = (
    "pk", "status", "reject_reason", "excluded_at", "assignee_id", "version", "has_unsupported_claims", "decisions",
    "before_bulk", "organization", "project", "updated_at",
)  # fmt: skip
NOTE = """
UPDATE projects_contentitem AS item SET before_bulk = note.before || jsonb_build_object('version', item.version + 1)
FROM (SELECT unnest(%s::uuid[]) AS pk, unnest(%s::text[])::jsonb AS before) AS note WHERE item.id = note.pk
"""


@dataclass(frozen=True, kw_only=True)
class BulkPayload(Payload):
    """What is done, and to which items: those of `item_ids`, or else those that `filters` of `items.chosen` find in one
    of the `states` (`excluded` is one; without any, all). `undoes` is the id of the job that is taken back. A recheck
    with `words` is of the texts that say one of them, in the language `words_in`; `term_ids` are the changed
    terms.
    """

    action: str = ""
    states: list[str] = field(default_factory=list)
    filters: dict[str, str] = field(default_factory=dict)
    item_ids: list[str] = field(default_factory=list)
    reason: str = ""
    assignee_id: str = ""
    undoes: str = ""
    words: list[str] = field(default_factory=list)
    words_in: str = ""
    term_ids: list[str] = field(default_factory=list)

    def rows(self, project: Project) -> QuerySet[ContentItem]:
        if self.undoes:
            return ContentItem.rows.filter(project=project, before_bulk__job=self.undoes)
        found = items.filter_items(project=project, **self.filters)  # type: ignore[arg-type]  # texts, all of them
        found = found.exclude(item_type=ContentItem.Type.VARIANT)
        if self.item_ids:
            return found.filter(pk__in=self.item_ids)
        if self.states:
            included = [state for state in self.states if state != items.EXCLUDED]
            wanted = Q(excluded_at=None, status__in=included)
            return found.filter(wanted | Q(excluded_at__isnull=False) if items.EXCLUDED in self.states else wanted)
        return found


def start(*, project: Project, by: User, payload: BulkPayload) -> Job:
    """The queued job. Raises InvalidInput for an unknown action, and when nothing is to be changed."""
    if payload.action not in ACTIONS:
        raise InvalidInput.at("#/action", _("Choose what to do."), "invalid_choice")
    if payload.assignee_id:
        person = User.objects.of(project.organization_id).get(pk=payload.assignee_id)
        reviewers.check_able(person, project, payload.filters.get("language", ""))
    return _create(project, by, payload)


def undo(*, project: Project, by: User, job: Job) -> Job:
    """The queued job that takes `job` back."""
    return _create(project, by, BulkPayload(undoes=str(job.pk)))


def _create(project: Project, by: User, payload: BulkPayload) -> Job:
    of = BulkPayload.of(Job.objects.get(pk=payload.undoes)) if payload.undoes else payload
    reviewers.check_language(by, project, of.filters.get("language", ""))
    total = payload.rows(project).count()
    if not total:
        raise InvalidInput(_("No items match any more."), code="nothing_chosen")
    return jobs.create(
        job_type=Job.Type.BULK_CHANGE,
        project=project,
        created_by=by,
        payload=payload.as_dict(),
        total=total,
    )


def run(run: Run) -> None:
    """Change the items that are left, AT_ONCE at a time. `result`: `changed`, and `skipped`: those that were as wanted
    already, that have changed since the order (`newer` of them), or that need a person's look before an approval. Of an
    approval or a rejection it tells them apart: `in_store`, `same`, `unwritten`, `doubtful`. With
    the payload's words: how many texts say one (`said`), and how many of these fail the check of terms (`failing`)."""
    project = Project.objects.select_related("organization").get(pk=run.job.project_id)  # type: ignore[misc]  # without a project there is none
    payload = BulkPayload.of(run.job)
    index = TermIndex(tuple(payload.words), payload.words_in) if payload.words else None
    while True:
        run.check()
        with run.settling() as job:
            rows = payload.rows(project).order_by("pk")
            if after := run.result.get("after"):
                rows = rows.filter(pk__gt=after)
            recheck = payload.action == RECHECK
            ids, chosen = (
                _rows_containing(rows, index) if index else _first(rows, RECHECKED_AT_ONCE if recheck else AT_ONCE)
            )
            if ids:
                step = _undo if payload.undoes else _recheck if recheck else _change
                locked = _lock(chosen, whole=recheck)
                judges = not (payload.undoes or recheck)
                known = [row for row in locked if row.updated_at <= job.created_at] if judges else locked
                left = _reasons_to_leave(payload, known)
                changed = step(job, project, payload, known)
                counts = {"changed": changed, "skipped": len(chosen) - changed, "newer": len(locked) - len(known)}
                if payload.action in STATUS_OF:
                    counts |= {**left, "doubtful": len(known) - changed - left.total()}
                if index:
                    counts |= {"said": len(chosen), "failing": sum(review.fails(row, TERMS) for row in locked)}
                for name, count in counts.items():
                    run.result[name] = run.result.get(name, 0) + max(0, count)
                run.result["after"] = str(ids[-1])
                run.advance(len(ids))
        if not ids:
            return
        if run.should_yield():
            raise TryAgain


def _first(rows: QuerySet[ContentItem], most: int) -> tuple[list[UUID], list[UUID]]:
    """The next rows, and those of them that are to be changed: all."""
    ids = list(rows.values_list("pk", flat=True)[:most])
    return ids, ids


def _rows_containing(rows: QuerySet[ContentItem], index: TermIndex) -> tuple[list[UUID], list[UUID]]:
    """The next rows, and those of them whose text says one of the words: as many as one transaction checks."""
    ids: list[UUID] = []
    saying: list[UUID] = []
    for pk, content in rows.values_list("pk", "generated_content")[:AT_ONCE]:
        ids.append(pk)
        if any(any(index.find(text.text)) for text in readable_texts(content)):
            saying.append(pk)
            if len(saying) == RECHECKED_AT_ONCE:
                break
    return ids, saying


def _lock(ids: list[UUID], *, whole: bool) -> list[ContentItem]:
    rows = ContentItem.rows.filter(pk__in=ids).order_by("pk")
    rows = rows.select_related("project") if whole else rows.only(*BEFORE)
    return list(rows.select_for_update(no_key=True, of=("self",)))


def _reasons_to_leave(payload: BulkPayload, rows: list[ContentItem]) -> Counter[str]:
    """How many of these rows an approval or a rejection does not concern, by the reason."""
    to = STATUS_OF.get(payload.action)
    kept = {str(ContentItem.Status.SYNCED): "in_store", str(ContentItem.Status.PENDING): "unwritten"}
    reasons = {**kept, str(to): "same"} if to else {}
    return Counter(reasons[row.status] for row in rows if row.status in reasons)


def _recheck(job: Job, project: Project, payload: BulkPayload, rows: list[ContentItem]) -> int:
    return sum(review.recheck(item) for item in rows if item.generated_content)


def _change(job: Job, project: Project, payload: BulkPayload, rows: list[ContentItem]) -> int:
    action, by = payload.action, job.created_by
    if to := STATUS_OF.get(action):
        able = [item for item in rows if item.status in review.JUDGED and item.status != to]
        if action == APPROVE:
            doubtful = {item.pk for item in (*decisions.items_with_unsupported_claims(able), *decisions.unlawful(able))}
            if payload.states != [ContentItem.Status.FLAGGED]:  # whoever chose these alone means them
                doubtful |= {item.pk for item in able if item.status == ContentItem.Status.FLAGGED}
            able = [item for item in able if item.pk not in doubtful]
        review.update_statuses(items=able, to=to, by=by, override=True, reject_reason=payload.reason or None)
        changed: list[UUID] = [item.pk for item in able]
    elif action == EXCLUDE:
        changed = items.exclude(project=project, items=rows, by=by)
    elif action == INCLUDE:
        changed = items.restore(project=project, items=rows, by=by)
    else:
        language = payload.filters.get("language", "")
        person = reviewers.able(project, language).filter(pk=payload.assignee_id or None).first()  # type: ignore[misc]  # None finds nobody
        able = [item for item in rows if item.assignee_id != (person.pk if person else None)]
        changed = [item.pk for item in able]
        ContentItem.rows.filter(pk__in=changed).update(assignee=person, updated_at=timezone.now())
    known = {item.pk: item for item in rows}
    return _note(job, action, {pk: known.get(pk) for pk in changed})


def _note(job: Job, action: str, changed: dict[UUID, ContentItem | None]) -> int:
    """Note on each item what it was before. An item without a row is one that followed its parent out, or in again."""
    notes = []
    for item in changed.values():
        before: Json = {"job": str(job.pk)}
        if action in STATUS_OF and item:
            before |= {"status": item.status, "reason": item.reject_reason}
        elif action == ASSIGN and item:
            before["assignee"] = str(item.assignee_id or "")
        else:
            before["excluded"] = action == INCLUDE
        notes.append(json.dumps(before))
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [list(changed), notes])
    return len(changed)


def _undo(job: Job, project: Project, payload: BulkPayload, rows: list[ContentItem]) -> int:
    """Bring back what the items were, where nobody has changed them since."""
    by_before: dict[tuple[str, str, str], list[ContentItem]] = {}
    for item in rows:
        before = item.before_bulk or {}
        if before.get("job") == payload.undoes and before.get("version") == item.version:
            name = next(name for name in ("status", "assignee", "excluded") if name in before)
            by_before.setdefault((name, str(before[name]), before.get("reason", "")), []).append(item)
    for (name, value, reason), same in by_before.items():
        if name == "status":
            review.update_statuses(
                items=same,
                to=value,
                by=job.created_by,
                override=True,
                override_reason=_("It was already approved before the change that you are undoing."),
                reject_reason=reason or None,
            )
        elif name == "excluded":
            (items.exclude if value == "True" else items.restore)(
                project=project, items=same, by=job.created_by, alone=True
            )
        else:
            person = User.objects.of(project.organization_id).filter(pk=value or None).first()  # type: ignore[misc]  # None finds nobody
            ContentItem.rows.filter(pk__in=[item.pk for item in same]).update(assignee=person)
    done = [item.pk for same in by_before.values() for item in same]
    ContentItem.rows.filter(pk__in=done).update(before_bulk=None, updated_at=timezone.now())
    return len(done)
