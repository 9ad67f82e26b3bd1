"""Edit and delete posts."""

from copy import copy
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Avg, Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import User
from blog import content, post_images, provenance, scores
from blog.models import BlogPost
from blog.writing import article
from projects.models import Project
from scribe import jobs, storage
from scribe.api.fields import decimal
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _
from scribe.models import Job
from scribe.rows import claim_version
from scribe.types import Json, JsonValue
from writing.slugs import slugify
from writing.text import plain

Status = BlogPost.Status
#: Fields that the site shows. A change of one of them is an unpublished change.
PUBLIC = ("title", "content", "excerpt", "slug", "featured_image_url", "seo_meta", "wp_category_ids", "tags")
TEXTS = ("title", "content", "excerpt", "seo_meta", "tags")  # what a translation is made of
SEO_KEYS = ("title", "description", "focus_keyword")
LONGEST_SEO = 500  # characters of a SEO text
CLEANED = frozenset(TEXTS)  # texts that lose elements which they can't have
REMOVED = "removed_elements"  # key in `metadata`: what the last edit of the text had and a post can't have
RELATED = ("project__organization", "project__store_connection", "blog_connection", "store_connection", "template")


@transaction.atomic
def update(*, post: BlogPost, by: User | None = None, **changes: object) -> BlogPost:
    """Change the given fields, as `by` wants. `seo_meta` is changed key by key; `null` or "" removes a key.

    `status` may only change from `failed` or `scheduled` to `draft` (else Conflict `status_not_allowed`). Fields can't
    be edited while a job writes or publishes the post (Conflict `post_is_busy`).
    """
    # A job or beat may change the same post at this moment.
    post = BlogPost.objects.locked(post.pk, *RELATED)
    wish = changes.pop("status", None)
    if wish is not None and wish != post.status:
        _to_draft(post, str(wish))
    elif post.status in (Status.GENERATING, Status.PUBLISHING) and changes:
        raise Conflict(
            _("The post is {post} right now.", post=post.status), code="post_is_busy", status_now=post.status
        )
    before = {field: getattr(post, field) for field in PUBLIC}
    texts = provenance.texts_of(post)
    _set(post, changes)
    if post.original_id and any(getattr(post, field) != before[field] for field in TEXTS):
        post.edited_at = timezone.now()
    if post.is_remote and any(getattr(post, field) != old for field, old in before.items()):
        post.unpublished_changes = True
    scores.remember(post)
    article.remember_structured_data(post)
    post.save()
    provenance.record_edit(post, texts, by=by)
    return post


def trial_copy(post: BlogPost, **changes: object) -> BlogPost:
    """A copy of `post` with `changes`, cleaned as `update` cleans them. Saves nothing."""
    found = copy(post)
    _set(found, changes)
    return found


def _set(post: BlogPost, changes: Json) -> None:
    for field, value in changes.items():
        setattr(post, field, _clean(field, value, post))
    if changes.keys() & CLEANED:
        removed = {name for names in removals(post, changes).values() for name in names}
        kept = {name: value for name, value in (post.metadata or {}).items() if name != REMOVED}
        post.metadata = {**kept, REMOVED: sorted(removed)} if removed else kept


def removals(post: BlogPost, changes: Json) -> dict[str, list[str]]:
    """The names of the elements that cleaning took out of the changed fields of the post, whether a text or several."""
    given = {field: (_text_of(changes[field]), _text_of(getattr(post, field))) for field in changes.keys() & CLEANED}
    return {field: names for field in sorted(given) if (names := content.removed_elements(*given[field]))}


def _text_of(value: JsonValue) -> str:
    texts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return " ".join(str(text) for text in texts if text)


def _to_draft(post: BlogPost, wish: str) -> None:
    if wish != Status.DRAFT or post.status not in (Status.FAILED, Status.SCHEDULED):
        raise Conflict(
            _("A post with the status “{post}” can't be changed to “{wish}”.", post=post.status, wish=wish),
            code="status_not_allowed",
            status_now=post.status,
        )
    post.status, post.scheduled_at, post.last_error = Status.DRAFT, None, ""


def _merged_seo(old: Json, patch: Json) -> Json:
    merged = dict(old or {})
    for key, value in patch.items():
        at, text = f"#/seo_meta/{key}", "" if value is None else plain(str(value))
        if key not in SEO_KEYS:
            raise InvalidInput.at(at, _("This field does not exist."), "unknown_field")
        if len(text) > LONGEST_SEO:
            raise InvalidInput.at(at, _("Enter at most {most} characters.", most=LONGEST_SEO), "too_long")
        merged[key] = text
    return {key: text for key, text in merged.items() if text}


def _clean(field: str, value: JsonValue, post: BlogPost) -> object:
    if field == "content":
        return content.sanitize(value)
    if field in ("title", "topic", "excerpt"):
        return plain(value)
    if field == "slug":
        return slugify(value, post.language, limit=200)
    if field == "tags":
        return list(dict.fromkeys(tag for given in value if (tag := plain(given))))
    if field == "seo_meta":
        return _merged_seo(post.seo_meta, value)
    if field == "product_links":
        for key, url in value.items():
            if not isinstance(url, str) or not content.is_web_address(url):
                raise InvalidInput.at(f"#/{field}/{key}", _("The address is not a valid web address."), "invalid_url")
    return value


@transaction.atomic
def delete(*, post: BlogPost, accepted: frozenset[int] | None = None) -> None:
    """Delete the post with its images, and cancel its writing. A published post stays on its site. Raises Conflict
    `post_has_translations`; `post_is_busy` while it is being published, or when a job begins to write it meanwhile; VersionConflict when its
    version is not in `accepted`."""
    # Lock jobs before posts, as everywhere: a worker that settles locks its job first and then the post.
    writing = Job.objects.active().filter(payload__post_id=str(post.pk), job_type=Job.Type.BLOG_GENERATION)
    if accepted is not None:
        list(writing.select_for_update(no_key=True, of=("self",)).order_by("pk"))
        claim_version(post, accepted)  # before the cancel, because that changes the post too
    jobs.cancel_all(writing)
    post = BlogPost.objects.locked(post.pk)
    if post.status == Status.PUBLISHING or writing.exists():
        raise Conflict(
            _("The post is being generated or published right now. Wait until that has finished."),
            code="post_is_busy",
            status_now=post.status,
        )
    if post.translations.filter(organization_id=post.organization_id).exists():
        raise Conflict(_("The post has translations. Delete them first."), code="post_has_translations")
    keys = post_images.keys_of(post.images.all())
    post.delete()
    transaction.on_commit(partial(storage.delete_all, keys))


def statistics(project: Project) -> Json:
    """`{total, by_status, by_type, words_total, seo_average, published_by_month, xct_used}`; every status and type is
    listed, also at 0. A month is a month in UTC, `2026-11`."""
    posts = BlogPost.objects.of(project.organization_id).filter(project=project)
    totals = posts.aggregate(
        total=Count("pk"), words=Sum("word_count"), seo=Avg("seo_score"), xct=Sum("xct_used", default=0)
    )
    published = (
        posts.filter(status=BlogPost.Status.PUBLISHED, published_at__isnull=False)
        .annotate(month=TruncMonth("published_at"))
        .values_list("month")
        .annotate(count=Count("pk"))
        .order_by("month")
    )
    return {
        "total": totals["total"],
        "by_status": _counts(posts, "status", BlogPost.Status.values),
        "by_type": _counts(posts, "post_type", BlogPost.Type.values),
        "words_total": totals["words"] or 0,
        "seo_average": round(totals["seo"], 1) if totals["seo"] is not None else None,
        "published_by_month": {f"{month:%Y-%m}": count for month, count in published},
        "xct_used": decimal(Decimal(totals["xct"]).quantize(Decimal("0.0001"))),
    }


def _counts(posts: QuerySet[BlogPost], field: str, names: list[str]) -> dict[str, int]:
    found = dict(posts.order_by().values_list(field).annotate(count=Count("pk")))
    return {name: found.get(name, 0) for name in names}
