"""Blog posts for a shop's plugin: posts of the plugin's project, written by the blog's own engine."""

from django.db import transaction
from django.db.models import Sum

from accounts.models import ApiKey
from billing.models import UsageRecord
from blog.models import BlogPost
from blog.translations.job import PartsAsked
from blog.writing import job as writing
from projects.models import ContentItem, PluginGeneration, Project
from projects.plugin import generations, replies
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json

LONGEST_TOPIC = 500  # characters


@transaction.atomic
def start(*, key: ApiKey, source: str, request: Json) -> PluginGeneration:
    """Start a post about `topic`, the product that `product_title` names, or both. An item of that name in the plugin's
    project is the post's source. Further `languages` are translations of the post, posts of their own, by the same job. Raises
    InvalidInput without topic and title, or InsufficientXCT."""
    topic = (request.get("topic") or "").strip()
    title = (request.get("product_title") or "").strip()
    if not topic and not title:
        raise InvalidInput.at("#/topic", _("Enter a topic or choose a product."), "topic_required")
    project = generations.project_of(key=key, source=source)
    items = list(_item_of(project, title))
    asked = {name: request[name] for name in ("language", "tone", "custom_instructions") if request.get(name)}
    category = (request.get("product_category") or "").strip()
    subject = topic or title
    if topic and title and title.lower() not in topic.lower():
        subject = f"{topic} – {title}"
    if category and not topic:
        subject = f"{subject} ({category})"
    if len(subject) > LONGEST_TOPIC:
        said = _("“{text}…” is too long: at most {most} characters.", text=subject[:40], most=LONGEST_TOPIC)
        raise InvalidInput.at("#/topic", said, "too_long")
    further = request.get("languages") or ()
    post = writing.create(project=project, by=None, topic=subject, items=items, languages=further, ai_settings=asked)
    assert post.job is not None
    return PluginGeneration.objects.create(
        organization_id=key.organization_id,
        kind=PluginGeneration.Kind.BLOG,
        source=source,
        api_key=key,
        project=project,
        job=post.job,
        post_id=post.pk,
    )


def _item_of(project: Project, title: str) -> list[ContentItem]:
    if not title:
        return []
    rows = ContentItem.objects.of(project.organization_id).filter(project=project, source_data__name=title)
    return list(rows.order_by("-id")[:1])


def texts_of(generation: PluginGeneration) -> generations.Written:
    """The post's content and excerpt, and those of the translations that its job has written."""
    posts = BlogPost.objects.of(generation.organization_id)
    post = posts.filter(pk=generation.post_id).first()  # type: ignore[misc]  # without a post there is none
    if post is None:
        return generations.Written()
    parts = PartsAsked.of(generation.job).parts if generation.job else ()
    translations = posts.filter(original=post, pk__in=[part.post_id for part in parts]).order_by("language")
    return _texts_of_post(post, {one.language: _text_in_language(one, generation) for one in translations})


def _texts_of_post(post: BlogPost, spoken: dict[str, generations.TextInLanguage]) -> generations.Written:
    """A post counts as approved once people have published or scheduled it."""
    passed = post.status in (BlogPost.Status.PUBLISHED, BlogPost.Status.SCHEDULED)
    found = generations.check_results(post.metadata or {})
    return generations.Written(post.content, post.excerpt, approved=passed, spoken=spoken, **found)


def _text_in_language(post: BlogPost, generation: PluginGeneration) -> generations.TextInLanguage:
    state = "completed" if post.content and post.status != BlogPost.Status.GENERATING else "running"
    if state == "running" and (generation.job is None or generation.job.ended):
        state = "failed"
    used = UsageRecord.objects.filter(
        job_id=generation.job_id, outcome="ok", key__startswith=f"blog_generation:{generation.job_id}:{post.pk}"
    ).aggregate(read=Sum("input_tokens"), written=Sum("output_tokens"), xct=Sum("xct"))
    return generations.TextInLanguage(
        item_id=str(post.pk),
        state=state,
        texts=_texts_of_post(post, {}),
        error=(post.last_error or _("No text could be generated.")) if state == "failed" else None,
        tokens=(used["read"] or 0) + (used["written"] or 0),
        xct=used["xct"] or generations.NOTHING,
    )


def register() -> None:
    replies.kinds[PluginGeneration.Kind.BLOG] = texts_of
