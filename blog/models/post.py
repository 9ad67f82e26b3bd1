"""A blog post, from the first idea to its life on the merchant's site, and the templates of posts."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, ForeignKey, JSONField, Q, RestrictedError, Value
from django.db.models.deletion import Collector
from django.db.models.functions import Left

from projects.models.expressions import ADDRESS_LENGTH
from scribe import gdpr, messages
from scribe.rows import OrganizationQuerySet, OrganizationRow, Versioned


def unless_scheduled(
    collector: Collector, field: "ForeignKey[object, object]", posts: models.QuerySet["BlogPost"], using: str
) -> None:
    """`on_delete` of a connection: clear it on its posts. Raises RestrictedError while one of them is being published,
    or is scheduled in a project that is not in the trash."""
    scheduled = posts.filter(status=BlogPost.Status.SCHEDULED, project__deleted_at=None)  # nobody can unschedule others
    waiting = [*scheduled, *posts.filter(status=BlogPost.Status.PUBLISHING)]
    if waiting:
        raise RestrictedError("Posts are scheduled through this connection.", set(waiting))
    models.SET_NULL(collector, field, posts, using)


class PostQuerySet(OrganizationQuerySet["BlogPost"]):
    def locked(self, pk: UUID, *related: str) -> "BlogPost":
        """The post as it is now, locked until the transaction ends, with `related` (paths as for select_related).

        It takes two statements: a single one that waits for the lock would return joined rows from before the wait."""
        self.select_for_update(no_key=True).only("pk").get(pk=pk)
        return self.select_related(*related).get(pk=pk)


class BlogPost(Versioned, OrganizationRow):
    """`status` is what people see. `metadata` keeps how the post was written: settings, checks, the model.
    `unpublished_changes` is true while the site shows an older text.

    A translation is a post of its own that names its `original`. `made_from` has a digest of each text of the original
    that it was made from, by field; `edited_at` is set once a person has changed its text."""

    class Type(models.TextChoices):
        ARTICLE = "article", "Article"
        HOW_TO = "how_to", "How-to"
        LISTICLE = "listicle", "Listicle"
        PRODUCT_ROUNDUP = "product_roundup", "Product roundup"
        COMPARISON = "comparison", "Comparison"
        NEWS = "news", "News"

    class Status(models.TextChoices):
        GENERATING = "generating", "Generating"
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Scheduled"
        PUBLISHING = "publishing", "Publishing"
        PUBLISHED = "published", "Published"
        FAILED = "failed", "Failed"

    objects: ClassVar = PostQuerySet.as_manager()

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="blog_posts")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    post_type = models.CharField(max_length=20, choices=Type, default=Type.ARTICLE)
    topic = models.CharField(max_length=500, blank=True, default="")
    title = models.CharField(max_length=300, blank=True, default="")
    content = models.TextField(blank=True, default="")
    excerpt = models.TextField(blank=True, default="")
    slug = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=12, default="en")
    original = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="translations", db_index=False
    )
    made_from = models.JSONField(default=dict, db_default=Value({}, JSONField()), blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    tags = models.JSONField(default=list, blank=True)
    seo_meta = models.JSONField(default=dict, blank=True)
    structured_data = models.JSONField(default=dict, blank=True)
    featured_image_url = models.CharField(max_length=2048, blank=True, default="")
    source_item_ids = models.JSONField(default=list, blank=True)
    product_links = models.JSONField(default=dict, blank=True)
    ai_settings = models.JSONField(default=dict, blank=True)
    selected_images = models.JSONField(default=list, blank=True)
    template = models.ForeignKey(
        "blog.BlogTemplate", on_delete=models.SET_NULL, null=True, blank=True, related_name="posts"
    )
    metadata = messages.MessagesJSON(default=dict, blank=True)
    word_count = models.PositiveIntegerField(default=0)
    seo_score = models.PositiveSmallIntegerField(null=True, blank=True)
    xct_used = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Where the post is published, and its ids there.
    blog_connection = models.ForeignKey(
        "integrations.BlogConnection", on_delete=unless_scheduled, null=True, blank=True, related_name="posts"
    )
    store_connection = models.ForeignKey(
        "integrations.StoreConnection", on_delete=unless_scheduled, null=True, blank=True, related_name="blog_posts"
    )
    wp_category_ids = models.JSONField(default=list, blank=True)
    wp_post_id = models.BigIntegerField(null=True, blank=True)
    external_post_id = models.CharField(max_length=100, blank=True, default="")
    external_blog_id = models.CharField(max_length=100, blank=True, default="")
    published_url = models.CharField(max_length=2048, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)
    scheduled_as = models.CharField(
        max_length=10,
        default="publish",
        db_default="publish",
        help_text="What it becomes on its site at its time: `publish`, `draft`, `pending` or `private`.",
    )
    unpublished_changes = models.BooleanField(default=False)
    last_error = messages.MessageText(blank=True, default="")
    last_error_values = messages.MessageValues(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(
        export=(
            "id project_id status post_type topic title content excerpt slug language original_id edited_at tags "
            "seo_meta structured_data featured_image_url source_item_ids product_links ai_settings published_url "
            "published_at scheduled_at created_at updated_at"
        ),
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["project", "-created_at"], name="blog_post_by_project"),
            models.Index(fields=["project", "status", "-created_at"], name="blog_post_by_status"),
            models.Index(fields=["scheduled_at"], condition=Q(status="scheduled"), name="blog_post_due"),
            models.Index(
                "organization",
                Left("published_url", ADDRESS_LENGTH),
                condition=~Q(published_url=""),
                name="blog_post_by_address",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(scheduled_at__isnull=False), name="blog_post_scheduled_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=True) | ~Q(original=F("pk")), name="blog_post_not_its_own_original"
            ),
            models.UniqueConstraint(
                fields=["original", "language"],
                condition=Q(original__isnull=False),
                name="blog_post_one_per_original_and_language",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.topic or str(self.pk)

    @property
    def is_remote(self) -> bool:
        """Whether the site has the post already, in any status."""
        return self.wp_post_id is not None or bool(self.external_post_id)


class BlogTemplate(OrganizationRow):
    """`structure` may have `sections` (headings in order, or `{heading, instructions}`), `min_words`, `max_words`."""

    name = models.CharField(max_length=255)
    description = models.TextField(blank=True, default="")
    tone = models.CharField(max_length=100, blank=True, default="")
    structure = models.JSONField(default=dict, blank=True)
    custom_instructions = models.TextField(blank=True, default="")
    is_default = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(export="id name description tone structure custom_instructions created_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="blog_template_by_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="blog_template_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
