"""The Shopify app's rows: grants of shops, unfinished installs, and received webhooks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow, Row


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
