"""Change a glossary's terms, and check the texts again that a change concerns, free of charge.

The texts are those that say a word which the term no longer has, or which is forbidden for it from now on or no longer.
Each project has one job per language, a bulk change that looks for these words in its texts. One that has not begun
takes the words of a further change as well, so that a glossary which a program keeps makes no queue of jobs.
"""

from dataclasses import replace

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from projects import bulk, glossary, languages
from projects.bulk import BulkPayload
from projects.models import ContentProfile, GlossaryTerm, Project
from scribe import jobs
from scribe.models import Job
from scribe.types import Json
from writing.glossary import Term
from writing.languages import BY_CODE

#: Projects, times their languages, that a change has checked: the newest. The page of bulk changes checks the others.
MOST_JOBS = 50
_LANGUAGES = """
SELECT project.id, code FROM projects_project AS project CROSS JOIN unnest(%s::text[]) AS code
WHERE project.organization_id = %s AND project.deleted_at IS NULL
    AND (%s::uuid IS NULL OR project.content_profile_id = %s::uuid)
    AND EXISTS (SELECT FROM projects_itemwords AS text WHERE text.project_id = project.id AND text.language = code)
ORDER BY project.created_at DESC, project.id, code LIMIT %s
"""


@transaction.atomic
def create(*, profile: ContentProfile | None, values: Json, by: User) -> GlossaryTerm:
    """A new term, as `glossary.create` makes it, and the checks of the texts that it forbids a word."""
    term = glossary.create(organization=by.organization, profile=profile, values=values)
    _check_texts(None, term, by)
    return term


@transaction.atomic
def update(*, term: GlossaryTerm, values: Json, by: User, accepted: frozenset[int] | None) -> GlossaryTerm:
    """The term, changed as `glossary.update` does it, and the checks of its texts."""
    changed = glossary.update(term=term, values=values, accepted=accepted)
    _check_texts(term, changed, by)
    return changed


def checks_of(term: GlossaryTerm, by: User) -> QuerySet[Job]:
    """The jobs that check the texts of the term's last change, as far as this person sees the projects."""
    since = Q(completed_at=None) | Q(completed_at__gte=term.updated_at)
    rows = Job.objects.visible_to(by).filter(since, job_type=Job.Type.BULK_CHANGE)
    found: QuerySet[Job] = rows.filter(payload__term_ids__contains=[str(term.pk)]).select_related("project")
    return found.order_by("id")


def _check_texts(before: GlossaryTerm | None, after: GlossaryTerm, by: User) -> None:
    words = {code: found for code in BY_CODE if (found := _words(before, after, code))}
    if not words:
        return
    with connection.cursor() as cursor:
        of_term = [after.organization_id, after.profile_id, after.profile_id]
        cursor.execute(_LANGUAGES, [["", *words], *of_term, MOST_JOBS])
        rows = cursor.fetchall()
    projects = Project.objects.select_related("organization", "content_profile", "store_connection")
    known = projects.in_bulk({pk for pk, _ in rows})
    for pk, code in rows:
        project = known[pk]
        language = code or languages.main(project)
        if language in words:
            asked = BulkPayload(
                action=bulk.RECHECK,
                filters={"language": code},
                words=sorted(words[language]),
                words_in=language,
                term_ids=[str(after.pk)],
            )
            _check_project(project, asked, by)


def _check_project(project: Project, asked: BulkPayload, by: User) -> None:
    """Have the project's texts checked: by a job that no worker has taken yet, or a new one."""
    kind = Job.Type.BULK_CHANGE
    alike = {"action": asked.action, "filters": asked.filters, "words_in": asked.words_in}
    waiting = Job.objects.filter(project=project, job_type=kind, status=Job.Status.QUEUED, taken_at=None, created_by=by)
    job = waiting.filter(payload__contains=alike).select_for_update(no_key=True, skip_locked=True).first()
    if job is None:
        total = asked.rows(project).count()
        jobs.create(job_type=kind, project=project, created_by=by, payload=asked.as_dict(), total=total)
        return
    before = BulkPayload.of(job)
    words, terms = {*before.words, *asked.words}, {*before.term_ids, *asked.term_ids}
    job.payload = replace(before, words=sorted(words), term_ids=sorted(terms)).as_dict()
    job.save(update_fields=["payload"])


def _words(before: GlossaryTerm | None, after: GlossaryTerm, language: str) -> set[str]:
    """The words for which the texts in `language` are searched."""
    earlier = glossary.term_in(before, language) if before else None
    now = glossary.term_in(after, language)
    found = _never(earlier) ^ _never(now)
    return found | (_own(earlier) - _own(now)) if now and now.target else found


def _own(term: Term | None) -> set[str]:
    return {word for word in (term.target, *term.forms) if word} if term else set()


def _never(term: Term | None) -> set[str]:
    return set(term.forbidden) if term else set()
