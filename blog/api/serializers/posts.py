"""Request and reply bodies of the post operations."""

from rest_framework import serializers

from blog.models import BlogPost
from blog.publishing import changes
from blog.translations import originals
from blog.translations.job import Planned
from integrations.stores.posts import TEXTS
from projects.content_fields import ContentObject, ContentText
from projects.glossary import language_code
from scribe.api.fields import Choice, FreeObject, UtcDateTime, UUIDList, decimal
from scribe.api.serializers import VERSION, Reply, Request, StartRequest
from scribe.types import Json
from writing.language_settings import MOST_LANGUAGES
from writing.record_shapes import ENTRIES, TextProvenance

ID: Json = {"required": False, "allow_null": True, "max_length": 64}


def numbers() -> serializers.ListField:
    child = serializers.IntegerField(min_value=0, max_value=2**53)
    return serializers.ListField(child=child, required=False, max_length=100)


def languages_field(about: str) -> serializers.ListField:
    child = serializers.CharField(max_length=20)
    return serializers.ListField(
        child=child, required=False, allow_null=True, max_length=MOST_LANGUAGES, help_text=about
    )


class SelectedImage(Request):
    url = serializers.CharField(max_length=2048)
    product_name = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=255)
    alt_text = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)


class PostCreation(StartRequest):
    post_type = Choice(choices=BlogPost.Type.choices, required=False)
    topic = serializers.CharField(required=False, allow_blank=True, max_length=500)
    source_item_ids = UUIDList(required=False, max_length=50)
    wp_category_ids = numbers()
    template_id = serializers.CharField(**ID, help_text="Default: the default template, if there is one.")
    ai_settings = ContentObject(
        required=False,
        help_text="`ai_provider`, `ai_model`, `language`, `tone`, `custom_instructions`. Settings that are left "
        "out use the defaults.",
    )
    selected_images = SelectedImage(many=True, required=False)
    store_connection_id = serializers.CharField(**ID)
    shopify_blog_id = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=100)
    languages = languages_field(
        "Additional languages. The post is translated into them in the same job, after it is generated."
    )

    def validate_selected_images(self, value: list[Json]) -> list[Json]:
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
    product_links = ContentObject(required=False, help_text="The URL of each product's page, by item ID.")
    tags = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=30)


SITE_STATUSES = ["publish", "draft", "pending", "private"]


class PublishRequest(Request):
    connection_id = serializers.CharField(**ID, help_text="A blog connection. Send this or `store_connection_id`.")
    store_connection_id = serializers.CharField(**ID, help_text="A Shopify or WordPress store connection.")
    wp_status = Choice(choices=SITE_STATUSES, default="publish")
    shopify_published = serializers.BooleanField(required=False, allow_null=True)
    force = serializers.BooleanField(
        default=False, help_text="Overwrite texts that were changed on the site since the last publish."
    )
    resolve = serializers.DictField(
        child=Choice(choices=["ours", "theirs"]),
        required=False,
        help_text="The choice for each field in conflict: `ours` overwrites, `theirs` keeps the site's text.",
    )

    def validate_resolve(self, value: dict[str, str]) -> dict[str, str]:
        if unknown := {name[:100]: ["There is no such field."] for name in value if name not in TEXTS}:
            raise serializers.ValidationError(unknown, code="unknown_field")
        return value


class UndoRequest(Request):
    force = serializers.BooleanField(default=False, help_text="Also restore texts that were changed on the site since.")


class PostConflict(Reply):
    """One text that the merchant has changed on the site since our last publish."""

    field = serializers.CharField()
    ours = serializers.CharField(help_text="The text that would be published.")
    theirs = serializers.CharField(help_text="The current text on the site.")
    published = serializers.CharField(
        allow_null=True, help_text="The text as it was last published; `null` if unknown."
    )
    elements = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="What the text on the site has and ours lacks: elements and shortcodes, such as a form.",
    )


class ScheduleRequest(Request):
    scheduled_at = UtcDateTime()
    connection_id = serializers.CharField(**ID)
    store_connection_id = serializers.CharField(**ID)
    wp_status = Choice(
        choices=SITE_STATUSES, default="publish", help_text="The status of the post on its site at that time."
    )


class PostListQuery(Request):
    status = Choice(choices=BlogPost.Status.choices, required=False)
    language = serializers.CharField(required=False, max_length=20, help_text="Only posts in this language.")
    original_id = serializers.UUIDField(required=False, help_text="Only translations of this post.")

    def validate_language(self, value: str) -> str:
        return language_code(value, "?language")


class TranslationsRequest(StartRequest):
    languages = languages_field(
        "The languages to translate into. Default: the languages the post already has translations in."
    )
    redo = serializers.BooleanField(
        default=False, help_text="Also regenerate translations that are up to date or have been edited."
    )


class ScoreQuery(Request):
    focus_keyword = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="The keyphrase to score for. Default: the post's keyphrase.",
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
    original_id = serializers.CharField(allow_null=True, help_text="For a translation: the ID of the original post.")
    version = serializers.IntegerField(help_text=VERSION)


class TranslationLink(Reply):
    """One translation of a post."""

    id = serializers.CharField()
    language = serializers.CharField()
    status = serializers.CharField(help_text=" ".join(BlogPost.Status.values))
    title = serializers.CharField()
    outdated_fields = serializers.ListField(
        child=serializers.CharField(),
        help_text="Texts of the original that have changed since the translation was made.",
    )
    edited_at = UtcDateTime(allow_null=True, help_text="When someone last edited its text.")
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
    xct_max = serializers.CharField(help_text="The maximum price of all of them together.")
    per_language = PlannedTranslation(many=True)
    skipped = SkippedLanguage(many=True)


class TranslationsReply(TranslationsEstimate):
    job_id = serializers.CharField(
        allow_null=True, help_text="The job that generates them; `null` if there is nothing to generate."
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
        child=serializers.CharField(), help_text="For a translation: texts of the original that have changed since."
    )
    edited_at = UtcDateTime(allow_null=True, help_text="For a translation: when someone last edited its text.")
    tags = serializers.ListField(child=serializers.CharField())
    structured_data = FreeObject(help_text="schema.org JSON-LD of the post.")
    conflicts = PostConflict(
        many=True, help_text="The conflicts that stopped the last publish: texts that were changed on the site."
    )
    generation_metadata = FreeObject(
        help_text="The results of the checks, and how the text was generated. `removed_elements` names the HTML "
        "elements of the last edit that a post can't have, so that they were not saved."
    )
    skipped_fields = FreeObject(
        help_text="Parts of the post that the site did not accept at the last publish, with the reason: "
        "`featured_image`, `seo_title`, `seo_description`, `focus_keyword`, `categories`, `tags`."
    )
    last_error = serializers.CharField(help_text="The reason the last generation or publish failed; otherwise empty.")


class UpdatedPost(PostReply):
    warnings = serializers.ListField(
        child=FreeObject(),
        help_text="`{field, code, detail}` of what was not kept of the texts in the request. `removed`: elements that "
        "a post can't have.",
    )


class PostProvenance(Reply):
    """Where a post's texts come from. `entries` are all that happened, the oldest first; none of them ever changes."""

    post_id = serializers.CharField()
    language = serializers.CharField()
    status = serializers.CharField()
    approved = serializers.BooleanField(
        help_text="Whether the current texts are the ones that the last person to publish or schedule it approved."
    )
    checks = serializers.ListField(child=FreeObject())
    texts = TextProvenance(many=True)
    entries = serializers.ListField(child=FreeObject(), help_text=ENTRIES)


def links_of(post: BlogPost) -> list[Json]:
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
    return [TranslationLink.of(row, outdated_fields=originals.changed_fields(row, now)) for row in rows]


def plan_reply(found: Planned) -> Json:
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


def reply_of(post: BlogPost) -> Json:
    metadata = post.metadata or {}
    return PostReply.of(
        post,
        **PostListItem.of(post),
        analytics={
            "words": post.word_count,
            "reading_minutes": -(-post.word_count // 200),
            "seo_score": post.seo_score,
            "xct_used": decimal(post.xct_used),
            "unpublished_changes": post.unpublished_changes,
            "flagged": bool(metadata.get("flagged")),
            "reasons": metadata.get("reasons") or [],
        },
        translations=links_of(post),
        outdated_fields=originals.changed_fields(post, originals.digests(post.original)) if post.original else [],
        conflicts=changes.conflicts_of(post),
        generation_metadata={k: v for k, v in metadata.items() if k not in ("settings", "skipped_fields")},
        skipped_fields=metadata.get("skipped_fields") or {},
    )


class ScoreCheck(Reply):
    id = serializers.CharField()
    group = serializers.CharField(help_text="`seo` or `readability`.")
    status = serializers.CharField(help_text="`good`, `ok`, `bad`, or `na` where it does not apply.")
    score = serializers.FloatField(allow_null=True, help_text="At most 9; negative for spam and thin text.")
    message = serializers.CharField()
    key = serializers.CharField(help_text="The message's stable key, for clients that translate it.")
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
