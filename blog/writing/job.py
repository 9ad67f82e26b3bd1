"""Start and end of the job that writes a post. The start saves the post's row, the job and the hold together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from billing import prices
from billing.access import check_can_spend
from blog import products, templates
from blog.models import BlogPost, BlogTemplate
from blog.payload import WorkPayload, job_of
from blog.translations import plan
from blog.translations.plan import TranslationPart
from blog.writing import prompts
from blog.writing.prompts import PostQuote
from blog.writing.settings import settings_of
from integrations.models import StoreConnection
from projects.models import ContentItem, Project
from scribe import messages
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _
from scribe.models import Job
from writing import bill
from writing import settings as writing
from writing.settings import WritingSettings
from writing.text import plain

Status = BlogPost.Status
MOST_IMAGES = 10


@dataclass(frozen=True, kw_only=True)
class PostAsked(WorkPayload):
    """The part of the payload that the job's end reads. The post returns to `status_before` when it was not written."""

    work: str = "post"
    post_id: str
    status_before: str = Status.DRAFT


@dataclass(frozen=True, kw_only=True)
class PostPayload(PostAsked):
    """`quoted_max` in XCT, of the post alone. `tokens_max` is the most tokens that one call may read and write. `parts` are
    the translations that follow."""

    settings: WritingSettings = field(metadata={"load": writing.from_dict})
    quoted_max: Decimal = field(metadata={"load": Decimal})
    tokens_max: int
    parts: tuple[TranslationPart, ...] = field(default=(), metadata={"load": plan.load_parts})


@transaction.atomic
def create(
    *, project: Project, by: User | None, items: Sequence[ContentItem], languages: Sequence[str] = (), **wishes: object
) -> BlogPost:
    """Create a post and start the job that writes it, and its translations into `languages` after it. `wishes` as
    `_planned` takes them.

    Raises InvalidInput for invalid settings or when both topic and products are missing, and InsufficientXCT.
    """
    check_can_spend(project.organization)
    post, settings = _plan(project=project, by=by, items=items, **wishes)  # type: ignore[arg-type]  # handed on
    codes = [code for code in plan.codes(languages) if code != post.language]
    post.save(force_insert=True)
    assigned = prompts.assignment(post, items, [])
    parts = [plan.of_unwritten(post, code, assigned) for code in codes]
    _start(post, items=items, settings=settings, by=by, before=Status.DRAFT, parts=parts)
    return post


def estimate(*, project: Project, items: Sequence[ContentItem], **wishes: object) -> tuple[PostQuote, WritingSettings]:
    """The quote of what `create` would write, and the settings. Saves nothing. Raises InvalidInput as `create` does."""
    post, settings = _plan(project=project, by=None, items=items, **wishes)  # type: ignore[arg-type]  # handed on
    return _quote(post, items, settings), settings


def estimate_again(post: BlogPost) -> tuple[PostQuote, WritingSettings]:
    """The quote of what `regenerate` would write, and the settings. Saves nothing."""
    settings = settings_of(post)
    return _quote(post, products.items_by_id(post.source_item_ids, post.organization_id), settings), settings


def _plan(
    *,
    project: Project,
    by: User | None,
    items: Sequence[ContentItem],
    post_type: str = BlogPost.Type.ARTICLE,
    topic: str = "",
    template: BlogTemplate | None = None,
    store_connection: StoreConnection | None = None,
    shopify_blog_id: str = "",
    **fields: object,
) -> tuple[BlogPost, WritingSettings]:
    """An unsaved post, and the settings that it is written with. Without `template` the organization's default one
    applies."""
    if store_connection is not None:
        project.check_live()
    topic = plain(topic)
    if not topic and not items:
        raise InvalidInput.at("#/topic", _("Enter a topic, or choose products to write about."), "topic_required")
    post = BlogPost(
        organization=project.organization,
        project=project,
        status=Status.GENERATING,
        post_type=post_type,
        topic=topic or ", ".join(products.name_of(item) for item in items[:3])[:500],
        source_item_ids=[str(item.pk) for item in items],
        product_links=products.links(items, project),
        template=template or templates.default_of(project.organization),
        store_connection=store_connection,
        external_blog_id=shopify_blog_id,
        created_by=by if getattr(by, "email", None) else None,
        ai_settings=fields.get("ai_settings") or {},
        selected_images=fields.get("selected_images") or [],
        wp_category_ids=fields.get("wp_category_ids") or [],
    )
    settings = settings_of(post)
    post.language = settings.language
    return post, settings


@transaction.atomic
def regenerate(*, post: BlogPost, by: User) -> BlogPost:
    """Write the post again, with its settings as they resolve now. The text stays until the new one replaces it.

    May be repeated. Raises Conflict `post_is_busy` while the post is being written or published.
    """
    check_can_spend(post.organization)
    # The row is locked, so the second of two concurrent requests sees the status that the first one set.
    related = ("organization", "project__store_connection", "project__content_profile", "template")
    post = BlogPost.objects.locked(post.pk, *related)
    if post.status in (Status.GENERATING, Status.PUBLISHING):
        raise Conflict(
            _("The post is {post} right now.", post=post.status), code="post_is_busy", status_now=post.status
        )
    items = products.items_by_id(post.source_item_ids, post.organization_id)
    settings = settings_of(post)
    before, post.status = post.status, Status.GENERATING
    post.product_links = {**products.links(items, post.project), **(post.product_links or {})}
    post.language, post.last_error = settings.language, ""
    post.save()
    _start(post, items=items, settings=settings, by=by, before=before)
    return post


def _quote(post: BlogPost, items: Sequence[ContentItem], settings: WritingSettings) -> PostQuote:
    images = len(post.selected_images) + post.images.count()
    assigned = prompts.assignment(post, items, [{"product_name": ""}] * images)
    seen = min(images, MOST_IMAGES) if settings.sees else 0
    return prompts.quote(assigned, settings, rate=prices.rate_multiplier(post.organization), images=seen)


def _start(
    post: BlogPost,
    *,
    items: Sequence[ContentItem],
    settings: WritingSettings,
    by: User | None,
    before: str,
    parts: Sequence[TranslationPart] = (),
) -> None:
    quote = _quote(post, items, settings)
    asked = PostPayload(
        post_id=str(post.pk),
        settings=settings,
        quoted_max=quote.xct_max,
        tokens_max=quote.tokens_max,
        status_before=before,
        parts=tuple(parts),
    )
    post.job = job_of(post, asked, by=by, total=1 + len(parts))
    bill.set_aside(
        post.job,
        expected=sum((part.expected for part in parts), quote.xct_expected),
        most=sum((part.quoted_max for part in parts), quote.xct_max),
    )
    post.save(update_fields=["job", "updated_at"])
    plan.give(post.job, parts)


def close(job: Job) -> None:
    """Give back the rest of the hold, inside the transaction that ends the job. A post that was not written returns to
    its status before; if the job failed and the post has no text, it becomes `failed`."""
    bill.close(job)
    if WorkPayload.of(job).work != PostAsked.work or job.status == Job.Status.COMPLETED:
        return
    asked = PostAsked.of(job)
    posts = BlogPost.objects.filter(pk=asked.post_id, status=Status.GENERATING)
    if job.status == Job.Status.FAILED:
        posts.filter(content="").update(status=Status.FAILED, **messages.columns(last_error=job.error))
    posts.update(status=asked.status_before, **messages.columns(last_error=job.error))
