"""Request and reply bodies of the post operations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from blog.models import BlogPost
from blog.publishing import changes
from blog.translations import originals
from blog.translations.job import Planned
from projects.content_fields import ContentObject, ContentText
from projects.glossary import language_code
from scribe.api.fields import FreeObject, UtcDateTime, UUIDList, decimal, utc
from scribe.api.serializers import VERSION, Reply, Request, StartRequest
from writing.settings import MOST_LANGUAGES

ID: dict[str, Any] = {"required": False, "allow_null": True, "max_length": 64}


def numbers() -> Any:
    child = serializers.IntegerField(min_value=0, max_value=2**53)
    return serializers.ListField(child=child, required=False, max_length=100)


def languages_field(about: str) -> Any:
    child = serializers.CharField(max_length=20)
    return serializers.ListField(
        child=child, required=False, allow_null=True, max_length=MOST_LANGUAGES, help_text=about
    )


class SelectedImage(Request):
    url = serializers.CharField(max_length=2048)
    product_name = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=255)
    alt_text = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)


class PostCreation(StartRequest):
    post_type = serializers.ChoiceField(choices=BlogPost.Type.choices, required=False)
    topic = serializers.CharField(required=False, allow_blank=True, max_length=500)
    source_item_ids = UUIDList(required=False, max_length=50)
    wp_category_ids = numbers()
    template_id = serializers.CharField(**ID, help_text="Left out, the default template applies, if there is one.")
    ai_settings = ContentObject(
        required=False, help_text="`ai_provider ai_model language tone custom_instructions`; the rest resolves."
    )
    selected_images = SelectedImage(many=True, required=False)
    store_connection_id = serializers.CharField(**ID)
    shopify_blog_id = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100)
    languages = languages_field(
        "Further languages. The post is translated into them once it is written, in the same job."
    )

    def validate_selected_images(self, value: list[Any]) -> list[dict[str, Any]]:
        if len(value) > 10:
            raise serializers.ValidationError("Choose up to 10 images.", code="too_many")
        return [dict(image) for image in value]


class PostUpdate(Request):
    title = serializers.CharField(required=False, allow_blank=True, max_length=300)
    content = ContentText(required=False, allow_blank=True, trim_whitespace=False)
    excerpt = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    slug = serializers.CharField(required=False, allow_blank=True, max_length=200)
    status = serializers.CharField(
        required=False, max_length=20, help_text="Only `draft`, from `failed` or `scheduled`."
    )
    topic = serializers.CharField(required=False, allow_blank=True, max_length=500)
    featured_image_url = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=2048)
    seo_meta = ContentObject(required=False, help_text="`title description focus_keyword`, changed key by key.")
    wp_category_ids = numbers()
    source_item_ids = UUIDList(required=False, max_length=50)
    product_links = ContentObject(required=False, help_text="The address of each product's page, by item id.")
    tags = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=30)


SITE_STATUSES = ["publish", "draft", "pending", "private"]


class PublishRequest(Request):
    connection_id = serializers.CharField(**ID, help_text="A blog connection; or else `store_connection_id`.")
    store_connection_id = serializers.CharField(**ID, help_text="A Shopify or WordPress store connection.")
    wp_status = serializers.ChoiceField(choices=SITE_STATUSES, default="publish")
    shopify_published = serializers.BooleanField(required=False, allow_null=True)
    force = serializers.BooleanField(
        default=False, help_text="Write over what the merchant has changed on the site since our last publish."
    )
    resolve = serializers.DictField(
        child=serializers.ChoiceField(choices=["ours", "theirs"]),
        required=False,
        help_text="The side to take in a conflict, by field: `ours` is written, `theirs` stays.",
    )


class UndoRequest(Request):
    force = serializers.BooleanField(
        default=False, help_text="Put back also what somebody has changed on the site since."
    )


class PostConflict(Reply):
    """One text that the merchant has changed on the site since our last publish."""

    field = serializers.CharField()
    ours = serializers.CharField(help_text="The text that would be written.")
    theirs = serializers.CharField(help_text="The text that stands on the site.")
    published = serializers.CharField(
        allow_null=True, help_text="What our last publish left there; null if that is not known."
    )


class ScheduleRequest(Request):
    scheduled_at = UtcDateTime()
    connection_id = serializers.CharField(**ID)
    store_connection_id = serializers.CharField(**ID)
    wp_status = serializers.ChoiceField(
        choices=SITE_STATUSES, default="publish", help_text="What the post becomes on its site at that time."
    )


class PostListQuery(Request):
    status = serializers.ChoiceField(choices=BlogPost.Status.choices, required=False)
    language = serializers.CharField(required=False, max_length=20, help_text="Posts in this language alone.")
    original_id = serializers.UUIDField(required=False, help_text="The translations of this post alone.")

    def validate_language(self, value: str) -> str:
        return language_code(value, "?language")


class TranslationsRequest(StartRequest):
    languages = languages_field("The languages to write. Left out: those that the post has translations in.")
    redo = serializers.BooleanField(
        default=False, help_text="Write anew what is up to date, and what a person has edited, too."
    )


class ScoreQuery(Request):
    focus_keyword = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Judge for this phrase instead of the post's own."
    )


class PostListItem(Reply):
    id = serializers.CharField()
    title = serializers.CharField()
    status = serializers.CharField(help_text=" ".join(BlogPost.Status.values))
    post_type = serializers.CharField()
    topic = serializers.CharField()
    featured_image_url = serializers.CharField(allow_null=True)
    wp_post_id = serializers.IntegerField(allow_null=True)
    store_connection_id = serializers.CharField(allow_null=True)
    external_post_id = serializers.CharField(allow_null=True)
    published_url = serializers.CharField(allow_null=True)
    published_at = UtcDateTime(allow_null=True)
    scheduled_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    updated_at = UtcDateTime()
    language = serializers.CharField()
    original_id = serializers.CharField(allow_null=True, help_text="Of a translation: the post that it translates.")
    version = serializers.IntegerField(help_text=VERSION)  # type: ignore[assignment]


class TranslationLink(Reply):
    """One translation of a post."""

    id = serializers.CharField()
    language = serializers.CharField()
    status = serializers.CharField(help_text=" ".join(BlogPost.Status.values))
    title = serializers.CharField()
    outdated_fields = serializers.ListField(
        child=serializers.CharField(), help_text="The original's texts that have changed since it was made."
    )
    edited_at = UtcDateTime(allow_null=True, help_text="When a person last changed its text.")
    published_url = serializers.CharField(allow_null=True)


class PlannedTranslation(Reply):
    language = serializers.CharField()
    post_id = serializers.CharField(allow_null=True)
    way = serializers.CharField(help_text="`translation`, `native` or `letters`.")
    xct_max = serializers.CharField(help_text="The most that it costs.")


class SkippedLanguage(Reply):
    language = serializers.CharField()
    reason = serializers.CharField(help_text="`up_to_date`, `edited` or `post_is_busy`.")


class TranslationsEstimate(Reply):
    xct_max = serializers.CharField(help_text="The most that all of them cost together.")
    per_language = PlannedTranslation(many=True)
    skipped = SkippedLanguage(many=True)


class TranslationsReply(TranslationsEstimate):
    job_id = serializers.CharField(
        allow_null=True, help_text="The job that writes them; null if there is nothing to write."
    )


class PostReply(PostListItem):
    project_id = serializers.CharField()
    organization_id = serializers.CharField()
    content = serializers.CharField()
    excerpt = serializers.CharField()
    slug = serializers.CharField()
    seo_meta = FreeObject()
    wp_category_ids = serializers.ListField(child=serializers.IntegerField())
    blog_connection_id = serializers.CharField(allow_null=True)
    external_blog_id = serializers.CharField(allow_null=True)
    source_item_ids = serializers.ListField(child=serializers.CharField())
    product_links = FreeObject()
    ai_settings = ContentObject()
    template_id = serializers.CharField(allow_null=True)
    analytics = FreeObject(help_text="`words reading_minutes seo_score xct_used unpublished_changes flagged reasons`.")
    job_id = serializers.CharField(allow_null=True)
    translations = TranslationLink(many=True, help_text="The post's translations, by language.")
    outdated_fields = serializers.ListField(
        child=serializers.CharField(), help_text="Of a translation: the original's texts that have changed since."
    )
    edited_at = UtcDateTime(allow_null=True, help_text="Of a translation: when a person last changed its text.")
    tags = serializers.ListField(child=serializers.CharField())
    structured_data = FreeObject(help_text="schema.org JSON-LD of the post.")
    conflicts = PostConflict(
        many=True, help_text="What stopped the last publish: texts that the merchant has changed on the site."
    )
    generation_metadata = FreeObject(help_text="The checks of what was written, and with what it was written.")
    skipped_fields = FreeObject(
        help_text="What of the post its site did not take when it was last published, and why: `featured_image`, "
        "`seo_title`, `seo_description`, `focus_keyword`, `categories`, `tags`."
    )
    last_error = serializers.CharField(help_text="Why the last writing or publishing failed; empty otherwise.")


def listed(post: BlogPost) -> dict[str, Any]:
    return {
        "id": str(post.pk),
        "title": post.title,
        "status": post.status,
        "post_type": post.post_type,
        "topic": post.topic,
        "featured_image_url": post.featured_image_url or None,
        "wp_post_id": post.wp_post_id,
        "store_connection_id": _id(post.store_connection_id),
        "external_post_id": post.external_post_id or None,
        "published_url": post.published_url or None,
        "published_at": utc(post.published_at),
        "scheduled_at": utc(post.scheduled_at),
        "created_at": utc(post.created_at),
        "updated_at": utc(post.updated_at),
        "language": post.language,
        "original_id": _id(post.original_id),
        "version": post.version,
    }


def links_of(post: BlogPost) -> list[dict[str, Any]]:
    """The post's translations, by language. Takes one query."""
    columns = (
        "language",
        "status",
        "title",
        "topic",
        "made_from",
        "edited_at",
        "published_url",
        "content",
        "original_id",
    )
    rows = (
        list(post.translations.filter(organization_id=post.organization_id).only(*columns).order_by("language"))
        if not post.original_id
        else []
    )
    now = originals.digests(post) if rows else {}
    return [
        {
            "id": str(row.pk),
            "language": row.language,
            "status": row.status,
            "title": row.title,
            "outdated_fields": originals.outdated(row, now),
            "edited_at": utc(row.edited_at),
            "published_url": row.published_url or None,
        }
        for row in rows
    ]


def planned(found: Planned) -> dict[str, Any]:
    return {
        "xct_max": decimal(found.xct_max),
        "per_language": [
            {
                "language": part.settings.language,
                "post_id": None if row._state.adding else str(row.pk),
                "way": part.way,
                "xct_max": decimal(part.quoted_max),
            }
            for row, part in zip(found.posts, found.parts, strict=True)
        ],
        "skipped": found.skipped,
    }


def shown(post: BlogPost) -> dict[str, Any]:
    metadata = post.metadata or {}
    return {
        **listed(post),
        "project_id": str(post.project_id),
        "organization_id": str(post.organization_id),
        "content": post.content,
        "excerpt": post.excerpt,
        "slug": post.slug,
        "seo_meta": post.seo_meta,
        "wp_category_ids": post.wp_category_ids,
        "blog_connection_id": _id(post.blog_connection_id),
        "external_blog_id": post.external_blog_id or None,
        "source_item_ids": post.source_item_ids,
        "product_links": post.product_links,
        "ai_settings": post.ai_settings,
        "template_id": _id(post.template_id),
        "analytics": {
            "words": post.word_count,
            "reading_minutes": -(-post.word_count // 200),
            "seo_score": post.seo_score,
            "xct_used": decimal(post.xct_used),
            "unpublished_changes": post.unpublished_changes,
            "flagged": bool(metadata.get("flagged")),
            "reasons": metadata.get("reasons") or [],
        },
        "job_id": _id(post.job_id),
        "translations": links_of(post),
        "outdated_fields": originals.outdated(post, originals.digests(post.original)) if post.original else [],
        "edited_at": utc(post.edited_at),
        "tags": post.tags,
        "structured_data": post.structured_data,
        "conflicts": changes.conflicts_of(post),
        "generation_metadata": {k: v for k, v in metadata.items() if k not in ("settings", "skipped_fields")},
        "skipped_fields": metadata.get("skipped_fields") or {},
        "last_error": post.last_error,
    }


def _id(value: Any) -> str | None:
    return str(value) if value else None


class ScoreCheck(Reply):
    id = serializers.CharField()
    group = serializers.CharField(help_text="`seo` or `readability`.")
    status = serializers.CharField(help_text="`good`, `ok`, `bad`, or `na` where it does not apply.")
    score = serializers.FloatField(allow_null=True, help_text="9 at best; below zero for spam and thin text.")
    message = serializers.CharField()
    key = serializers.CharField(help_text="The message's stable key, for clients that translate.")
    params = FreeObject()
    value = serializers.FloatField(allow_null=True)


class ScoreReply(Reply):
    score = serializers.IntegerField(help_text="0 to 100.")
    grade = serializers.CharField(help_text="`good`, `ok` or `bad`.")
    focus_keyword = serializers.CharField()
    seo_score = serializers.IntegerField(allow_null=True)
    checks = ScoreCheck(many=True)
    readability = FreeObject()
    recommendations = serializers.ListField(child=serializers.CharField())
    engine_version = serializers.IntegerField()


class AnalyticsReply(Reply):
    total = serializers.IntegerField()
    by_status = FreeObject()
    by_type = FreeObject()
    words_total = serializers.IntegerField()
    seo_average = serializers.FloatField(allow_null=True)
    published_by_month = FreeObject(help_text="Posts by the month of publishing, `2026-11`.")
    xct_used = serializers.CharField()
