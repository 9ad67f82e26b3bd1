"""Connections to stores and sites, the Shopify app's rows, and the list of prospects."""

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from integrations.stores import platforms
from scribe import gdpr, messages
from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow, Row


class Provenance(models.TextChoices):
    """What is kept and shown of where texts come from."""

    OFF = "off", "Nothing is recorded"
    RECORD = "record", "Recorded here"
    MARK = "mark", "Recorded here, and marked for machines in the shop"


class StoreConnection(OrganizationRow):
    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        ERROR = "error", "Error"
        INACTIVE = "inactive", "Inactive"

    name = models.CharField(max_length=255)
    platform = models.CharField(max_length=20, choices=platforms.choices)
    base_url = models.CharField(max_length=500)
    media_base_url = models.CharField(max_length=500, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    access_token = EncryptedTextField(blank=True, default="")
    access_token_secret = EncryptedTextField(blank=True, default="")
    consumer_key = EncryptedTextField(blank=True, default="")
    consumer_secret = EncryptedTextField(blank=True, default="")
    guarded = models.BooleanField(null=True, default=None)  # as `Store.guarded`, by the last answer that told
    missing_places = messages.MessagesJSON(
        null=True, default=None
    )  # as `Store.missing_places`, by the last answer that told
    # The merchant's choice of the shop's codes for a language of ours: {"sr-Latn": ["sr"]}.
    languages = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    provenance = models.CharField(
        max_length=6, choices=Provenance, default=Provenance.RECORD, db_default=Provenance.RECORD.value
    )
    last_connected_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)  # as that of a BlogConnection
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(
        export="id name platform base_url media_base_url status provenance last_connected_at created_at"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="connection_by_organization")]

    def __str__(self) -> str:
        return self.name


class BlogConnection(OrganizationRow):
    """`categories` is the cached answer of the site; `site_name` is its name as of the last successful test.
    `moved_at` is when it last got another host, where earlier ids may be other posts'."""

    name = models.CharField(max_length=255)
    site_url = models.CharField(max_length=500)
    username = models.CharField(max_length=255, blank=True, default="")
    app_password = EncryptedTextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    provenance = models.CharField(
        max_length=6, choices=Provenance, default=Provenance.RECORD, db_default=Provenance.RECORD.value
    )
    site_name = models.CharField(max_length=255, blank=True, default="")
    categories = models.JSONField(default=list, blank=True)
    categories_cached_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    last_synced_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    personal_data = gdpr.PersonalData(
        export="id name site_url username is_active provenance site_name created_at updated_at"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="blog_connection_by_org")]

    def __str__(self) -> str:
        return self.name


class ShopifyGrant(OrganizationRow):
    """A shop's grant to our app, and the connection that uses it. It keeps what is needed to refresh a token."""

    class Purpose(models.TextChoices):
        STORE = "store", "Products"
        BLOG = "blog", "Blog posts"

    connection = models.OneToOneField("integrations.StoreConnection", on_delete=models.CASCADE, related_name="grant")
    shop = models.CharField(max_length=255)
    purpose = models.CharField(max_length=5, choices=Purpose, default=Purpose.STORE)
    scopes = models.TextField(blank=True, default="")
    refresh_token = EncryptedTextField(blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    installed_at = models.DateTimeField(default=timezone.now)
    uninstalled_at = models.DateTimeField(
        null=True, blank=True
    )  # the last uninstall; an install after it is the current one

    personal_data = gdpr.PersonalData(export="id connection_id shop purpose scopes installed_at uninstalled_at")

    class Meta:
        indexes = [models.Index(fields=["shop"], name="shopify_grant_by_shop")]
        constraints = [
            # A shop that returns finds its connection instead of getting a second one.
            models.UniqueConstraint(fields=["organization", "shop", "purpose"], name="shopify_grant_once_per_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} ({self.purpose})"


class ShopifyState(Row):
    """An unfinished authorization. The callback must bring back its random `state`, once and before it expires.

    A row without an organization belongs to an install that began at Shopify's side.
    """

    state_hash = models.CharField(max_length=64, unique=True)
    shop = models.CharField(max_length=255)
    purpose = models.CharField(max_length=5, choices=ShopifyGrant.Purpose, default=ShopifyGrant.Purpose.STORE)
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)


class ShopifyInstall(Row):
    """An install that a shop's owner approved and nobody has finished yet.

    With a `user` it began here: only that user can finish it, and the code is exchanged then. Without one it began at
    Shopify's side: its tokens wait here until somebody signs in and claims them.
    """

    shop = models.CharField(max_length=255)
    purpose = models.CharField(max_length=5, choices=ShopifyGrant.Purpose, default=ShopifyGrant.Purpose.STORE)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    install_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True, default="")
    access_token = EncryptedTextField(blank=True, default="")
    refresh_token = EncryptedTextField(blank=True, default="")
    token_expires_at = models.DateTimeField(null=True, blank=True)
    scopes = models.TextField(blank=True, default="")
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    # The organization of the user who began; null for an install from Shopify's side until it is claimed.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["shop"], condition=Q(claimed_at=None), name="shopify_install_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) | Q(organization__isnull=False) & Q(access_token=""),
                name="shopify_install_of_a_person_keeps_no_token",
            )
        ]


class WebhookDelivery(Row):
    """A received webhook, counted once. It holds no customer data: we don't keep Shopify's payloads about people."""

    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=255)
    topic = models.CharField(max_length=100)
    subject = models.CharField(max_length=255, blank=True, default="")
    triggered_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=255, blank=True, default="")

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "webhook deliveries"
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="webhook_delivery_once")]

    def __str__(self) -> str:
        return f"{self.topic} {self.external_id}"


class Prospect(Row):
    """A person on the list. Opens and clicks are counted without bots and quick repeats."""

    name = models.CharField(max_length=200)
    email = models.EmailField()
    website = models.URLField(max_length=500, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    open_count = models.PositiveIntegerField(default=0)
    click_count = models.PositiveIntegerField(default=0)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    last_clicked_at = models.DateTimeField(null=True, blank=True)
    last_clicked_url = models.CharField(max_length=2048, blank=True, default="")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
