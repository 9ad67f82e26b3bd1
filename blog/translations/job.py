"""Start and end of the job that translates a post."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from billing.access import check_can_spend
from blog.models import BlogPost
from blog.payload import WorkPayload, job_of
from blog.translations import originals, plan
from blog.translations.plan import TranslationPart
from scribe import messages, spending_limit
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _
from scribe.models import Job
from writing import bill

Status = BlogPost.Status
RELATED = ("organization", "project__store_connection", "project__content_profile", "template", "created_by")
WITH_PARTS = ("translations", "post")  # works whose payload may have parts
#: Why a language is left out.
UP_TO_DATE, EDITED, BUSY = "up_to_date", "edited", "post_is_busy"


@dataclass(frozen=True, kw_only=True)
class PartsAsked(WorkPayload):
    """The original, and its translations to write. The payload of a new post's job has `parts` as well."""

    work: str = "translations"
    post_id: str
    parts: tuple[TranslationPart, ...] = field(default=(), metadata={"load": plan.load_parts})


@dataclass
class Planned:
    """What a request for translations comes to: the posts with their parts, and the languages that are left out, each with
    its reason. `job` is None if there is nothing to write."""

    original: BlogPost
    posts: list[BlogPost]
    parts: list[TranslationPart]
    skipped: list[dict[str, str]]
    job: Job | None = None

    @property
    def xct_max(self) -> Decimal:
        return sum((part.quoted_max for part in self.parts), Decimal(0))


@transaction.atomic
def translate(*, post: BlogPost, by: User, languages: Sequence[str] | None = None, redo: bool = False) -> Planned:
    """Start the job that writes `post` in `languages`; without them, in those that it has. Only what is missing or stale is
    written, and a text that a person edited is left alone, unless `redo`. May be repeated.

    Raises InvalidInput for a language; Conflict `post_is_translation`, `post_is_empty` or `post_is_busy`; InsufficientXCT.
    """
    check_can_spend(post.organization)
    # Locked, so that two requests do not make two translations into one language, nor both write it.
    planned = _plan(BlogPost.objects.locked(post.pk, *RELATED), languages, redo)
    if not planned.parts:
        spending_limit.agree(expected=plan.ZERO, most=plan.ZERO)
        return planned
    original = planned.original
    for row in planned.posts:
        if row._state.adding:
            row.save(force_insert=True)
    asked = PartsAsked(post_id=str(original.pk), parts=tuple(planned.parts))
    planned.job = job_of(original, asked, by=by, total=len(planned.parts))
    bill.set_aside(
        planned.job, expected=sum((part.expected for part in planned.parts), plan.ZERO), most=planned.xct_max
    )
    plan.give(planned.job, planned.parts)
    return planned


@transaction.atomic
def again(*, post: BlogPost, by: User) -> BlogPost:
    """Start the job that makes the translation `post` again, whoever wrote it. Raises as `translate` does."""
    assert post.original is not None, "only a translation is made again"
    if translate(post=post.original, by=by, languages=[post.language], redo=True).job is None:
        raise Conflict(_("The post is being generated or published right now."), code=BUSY, status_now=post.status)
    return BlogPost.objects.locked(post.pk, *RELATED, "original")


def estimate(*, post: BlogPost, languages: Sequence[str] | None = None, redo: bool = False) -> Planned:
    """What `translate` would write, with the prices. Saves nothing."""
    with transaction.atomic():
        return _plan(BlogPost.objects.locked(post.pk, *RELATED), languages, redo)


def _plan(original: BlogPost, languages: Sequence[str] | None, redo: bool) -> Planned:
    if original.original_id:
        raise Conflict(_("This post is a translation. Translate its original instead."), code="post_is_translation")
    if original.status == Status.GENERATING:
        raise Conflict(_("The post is being generated right now."), code="post_is_busy", status_now=original.status)
    if not original.content.strip():
        raise Conflict(_("The post has no text to translate yet."), code="post_is_empty")
    there = {
        row.language: row
        for row in BlogPost.objects.select_for_update(no_key=True).filter(original=original).order_by("pk")
    }
    named = plan.codes(languages) if languages is not None else tuple(sorted(there))
    if languages is not None and not named:
        raise InvalidInput.at("#/languages", _("Choose at least one language."), "required")
    if original.language in named:
        detail = _("The post itself is in {language}.", language=plan.name_of(original.language))
        raise InvalidInput.at("#/languages", detail, "main_language")
    now = originals.digests(original)
    found = Planned(original, [], [], [])
    for code in named:
        row = there.get(code) or plan.new(original, code)
        row.original, row.organization, row.project = original, original.organization, original.project
        moved = originals.changed_fields(row, now)
        if reason := _reason_to_skip(row, moved, redo):
            found.skipped.append({"language": code, "reason": reason})
            continue
        whole = redo or not row.content
        found.posts.append(row)
        found.parts.append(plan.part(original, row, keys=frozenset() if whole else originals.keys_of(moved)))
    return found


def _reason_to_skip(row: BlogPost, moved: list[str], redo: bool) -> str:
    """Why this translation is not written now; "" if it is."""
    if row.status in (Status.GENERATING, Status.PUBLISHING):
        return BUSY
    if redo or not row.content:
        return ""
    if not moved:
        return UP_TO_DATE
    return EDITED if row.edited_at else ""


def close(job: Job) -> None:
    """Release the posts that were not written, inside the transaction that ends the job: a post without a text becomes
    `failed` if the job failed, any other is what it was."""
    if WorkPayload.of(job).work not in WITH_PARTS:
        return
    for part in PartsAsked.of(job).parts:
        rows = BlogPost.objects.filter(pk=part.post_id, job=job, status=Status.GENERATING)
        if job.status == Job.Status.FAILED:
            rows.filter(content="").update(status=Status.FAILED, **messages.columns(last_error=job.error))
        rows.update(status=part.status_before, **messages.columns(last_error=job.error))
