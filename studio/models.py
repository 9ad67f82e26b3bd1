"""What the studio offers, and its requests, audits and chats."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models

from billing.models import FREE, Plan
from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow, Row


class ProfileTemplate(Row):
    """`defaults` are settings of a content profile. `instructions` apply to every text of this kind."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    icon = models.CharField(max_length=60, blank=True, default="")
    instructions = models.TextField()
    defaults = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Tool(Row):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    icon = models.CharField(max_length=60, blank=True, default="")
    min_tier = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        default=FREE,
        db_column="min_tier",
        related_name="+",
        verbose_name="lowest plan",
        help_text="The lowest plan that includes it.",
    )
    is_visible = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class StudioRequest(OrganizationRow):
    class Status(models.TextChoices):
        NEW = "new", "New"
        IN_REVIEW = "in_review", "In review"
        QUOTED = "quoted", "Quoted"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        DONE = "done", "Done"

    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    description = models.TextField()
    budget_range = models.CharField(max_length=120, blank=True, default="")
    exclusivity = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(3)])
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(
        export="id user_id description budget_range exclusivity status priority created_at"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="studio_request_by_org")]
        constraints = [
            models.CheckConstraint(condition=models.Q(priority__lte=3), name="studio_request_priority_0_to_3"),
        ]

    def __str__(self) -> str:
        return self.description[:60]


class CommentQuerySet(OrganizationQuerySet["StudioComment"]):
    def public(self) -> "CommentQuerySet":
        """The comments that customers see."""
        return self.filter(is_internal=False)


class StudioComment(OrganizationRow):
    """`is_internal`: a note among staff. Customers don't see it, and their counts leave it out."""

    request = models.ForeignKey(StudioRequest, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    content = models.TextField()
    is_internal = models.BooleanField(default=False)

    objects: ClassVar = CommentQuerySet.as_manager()

    personal_data = gdpr.PersonalData(export="id request_id user_id content is_internal created_at")

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["request", "created_at"], name="studio_comment_by_request")]

    def __str__(self) -> str:
        return self.content[:60]


class StoreAudit(OrganizationRow):
    """`checks` are the ids asked for. `summary` is `{counts: {check: n}, skipped: [check]}`. Checks cost no XCT."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="audits")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    checks = models.JSONField(default=list)
    status = models.CharField(max_length=24, default="queued")  # the job's, saved when the job ends
    product_count = models.PositiveIntegerField(default=0)
    health_score = models.FloatField(null=True, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    xct_used = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    error = models.TextField(blank=True, default="")
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    personal_data = gdpr.PersonalData(export="id project_id checks status health_score summary created_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="audit_by_organization")]

    def __str__(self) -> str:
        return f"Audit {self.pk}"


class AuditedProduct(OrganizationRow):
    """The findings on one product. They outlive the item. `shingles` is for the search for duplicates and is emptied
    after it."""

    audit = models.ForeignKey(StoreAudit, on_delete=models.CASCADE, related_name="products")
    content_item = models.ForeignKey(
        "projects.ContentItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveIntegerField()
    product_title = models.CharField(max_length=500, blank=True, default="")
    product_url = models.CharField(max_length=2048, blank=True, default="")
    description_word_count = models.PositiveIntegerField(default=0)
    description_preview = models.CharField(max_length=200, blank=True, default="")
    issues = models.JSONField(default=list)
    scores = models.JSONField(default=dict)
    shingles = models.BinaryField(default=b"", editable=False)

    personal_data = gdpr.PersonalData(export="id audit_id content_item_id product_title product_url issues scores")

    class Meta:
        ordering = ["position"]
        constraints = [
            # A batch may be recorded again after a kill: that changes nothing.
            models.UniqueConstraint(fields=["audit", "content_item"], name="audited_product_once"),
        ]
        indexes = [models.Index(fields=["content_item"], name="audited_product_by_item")]


class BotName(models.TextChoices):
    ACCOUNT = "account", "Account bot"
    EMAIL = "email", "E-mail bot"
    XTRACODE = "xtracode", "THE XTRACODE bot"


class ChatConversation(Row):
    """One bot's conversation in Chatwoot. `organization` is set for a verified contact only.

    While `handed_over_at` is set, a person has the conversation and the bot is silent. `open_due`: Chatwoot is still to
    be told so. `attempts`: how often the model was asked about the messages that wait. `lease_until`: a worker answers.
    """

    bot = models.CharField(max_length=10, choices=BotName)
    account_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField(null=True, blank=True)
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    rounds = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handover_reason = models.CharField(max_length=40, blank=True, default="")
    open_due = models.BooleanField(default=False, db_default=False)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(export="id bot conversation_id rounds created_at")

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["bot", "account_id", "conversation_id"], name="chat_conversation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bot} {self.conversation_id}"


class ChatMessage(Row):
    """A visitor's message with its delivery, or a bot's answer and whether it was sent."""

    class Direction(models.TextChoices):
        IN = "in", "From the visitor"
        OUT = "out", "From the bot"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        ANSWERED = "answered", "Answered"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        UNKNOWN = "unknown", "Perhaps sent"
        FAILED = "failed", "Failed"
        SUPERSEDED = "superseded", "Not sent: too late"

    conversation = models.ForeignKey(ChatConversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=State)
    event = models.CharField(max_length=40, blank=True, default="")
    message_id = models.BigIntegerField(null=True, blank=True)
    delivery_id = models.CharField(max_length=80, null=True, blank=True)
    content = models.TextField()
    contact_identifier = models.CharField(max_length=100, blank=True, default="")  # HMAC-verified ones only
    model = models.CharField(max_length=120, blank=True, default="")
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)

    personal_data = gdpr.PersonalData(export="id conversation_id direction content created_at")

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["conversation", "created_at"], name="chat_message_by_conversation")]
        constraints = [
            # A repeated delivery, or a second delivery of the same message, counts once.
            models.UniqueConstraint(fields=["conversation", "message_id", "event"], name="chat_message_once"),
            models.UniqueConstraint(fields=["delivery_id"], name="chat_delivery_once"),
        ]

    def __str__(self) -> str:
        return self.content[:60]


class KnowledgeText(Row):
    """A text that a bot may answer from. Staff edit it. All bots know a text with an empty `bot`."""

    bot = models.CharField(max_length=10, choices=BotName, blank=True, default="")
    title = models.CharField(max_length=200)
    text = models.TextField()
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title
