"""Attempts to put posts on sites, and the images that a site has from us."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q, Value

from scribe import gdpr, messages
from scribe.ids import uuid7
from scribe.models import Job
from scribe.rows import OrganizationQuerySet, OrganizationRow


def new_marker() -> str:
    return f"xcs-{uuid7().hex}"


class PublicationQuerySet(OrganizationQuerySet["Publication"]):
    def open(self) -> Self:
        return self.filter(state__in=Publication.OPEN)

    def in_doubt(self) -> Self:
        """Attempts that sent something and stored no answer. Only the site knows whether the post exists."""
        return self.filter(state__in=(Publication.State.SENDING, Publication.State.UNKNOWN))

    def orphaned(self) -> Self:
        """Attempts in doubt whose job has ended or is gone."""
        return self.in_doubt().filter(Q(job=None) | Q(job__status__in=Job.ENDED))


class Publication(OrganizationRow):
    """The state of one attempt to publish, update or unpublish a post.

    `pending`: no request to create the post is out. `sending` is committed before such a request goes out. `unknown`
    means that its answer was lost. In both, the post is first looked up by `marker`, which the remote post carries.
    A post has at most one open attempt, so two workers or two clicks never create it twice.

    `wanted` has the texts that were sent, and `before` what the place showed until then, by field; both are committed before
    the request goes out. `conflicts` are `{field, ours, theirs, published}`: what stopped the attempt, or what it was told to
    write over. An undo names the attempt that it takes back in `options`; that one's name the texts that are `left` for
    another undo.
    """

    class Action(models.TextChoices):
        PUBLISH = "publish", "Publish"
        UNPUBLISH = "unpublish", "Unpublish"
        UNDO = "undo", "Undo"

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        SENDING = "sending", "Sending"
        UNKNOWN = "unknown", "Unknown"
        CONFIRMED = "confirmed", "Confirmed"
        FAILED = "failed", "Failed"
        ABANDONED = "abandoned", "Abandoned"

    OPEN = (State.PENDING, State.SENDING, State.UNKNOWN)

    post = models.ForeignKey("blog.BlogPost", on_delete=models.CASCADE, related_name="publications")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=10, choices=Action, default=Action.PUBLISH)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    marker = models.CharField(max_length=40, default=new_marker)
    blog_connection = models.ForeignKey(
        "integrations.BlogConnection", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    store_connection = models.ForeignKey(
        "integrations.StoreConnection", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    options = models.JSONField(default=dict, blank=True)  # wp_status, published, scheduled
    before = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    wanted = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    conflicts = messages.MessagesJSON(default=list, db_default=Value([], models.JSONField()), blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    status_before = models.CharField(max_length=12, default="draft")
    remote_id = models.CharField(max_length=100, blank=True, default="")
    remote_url = models.CharField(max_length=2048, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    first_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    error = messages.MessageText(blank=True, default="")
    error_values = messages.MessageValues(null=True, blank=True, editable=False)
    error_code = models.CharField(max_length=64, blank=True, default="")

    objects: ClassVar = PublicationQuerySet.as_manager()

    personal_data = gdpr.PersonalData(export="id post_id action state remote_id remote_url error sent_at confirmed_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["post", "-created_at"], name="publication_by_post"),
            models.Index(
                fields=["sent_at"], condition=Q(state__in=("sending", "unknown")), name="publication_in_doubt"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(state__in=("pending", "sending", "unknown")), name="publication_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.post_id} ({self.state})"


class PublishedText(OrganizationRow):
    """What our last publish left of a post at its place: `held` is what the place showed then and `sent` what we had sent, by
    field; `sent` also has the tags and categories. `ours` are the `tags` and `categories` there that we brought. `theirs` are
    texts of the merchant's that somebody chose to leave there."""

    post = models.OneToOneField("blog.BlogPost", on_delete=models.CASCADE, related_name="published_text")
    site = models.CharField(max_length=80)
    remote_id = models.CharField(max_length=100)
    held = models.JSONField(default=dict)
    sent = models.JSONField(default=dict)
    ours = models.JSONField(default=dict)
    theirs = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(export="id post_id site remote_id held updated_at")

    def __str__(self) -> str:
        return f"{self.site} {self.remote_id}"


class MediaUpload(OrganizationRow):
    """An image that a site has already, so that its bytes are not uploaded twice. `site` names the connection."""

    site = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    media_id = models.BigIntegerField()
    url = models.CharField(max_length=2048, blank=True, default="")

    personal_data = gdpr.PersonalData(export="id site media_id url created_at")

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["site", "sha256"], name="media_upload_once_per_site")]

    def __str__(self) -> str:
        return f"{self.site} {self.media_id}"
