"""Approvals of an item's texts. The table is append-only: its triggers refuse any change (migration 0036)."""

from django.db import models

from scribe import gdpr
from scribe.rows import OrganizationRow


def text_digests() -> models.Expression:
    """`{field: SHA-256}` of the texts of a content: of a text its UTF-8 bytes, of a list or data its JSON as the
    database writes it."""
    return models.Func("generated_content", function="projects_text_digests", output_field=models.JSONField())


class Approval(OrganizationRow):
    """An item's texts were approved: by the person `person_id`, with the API key `key_id` where a program asked for it.

    `override` says that claims or a rule of law stood against it, and `reason` why it was approved all the same.
    `digests` are those of the texts that were approved, so a text that was changed since is seen not to be among them.
    """

    # The database deletes an item's approvals with it; nothing else does.
    item = models.ForeignKey(
        "projects.ContentItem",
        on_delete=models.CASCADE,
        related_name="approvals",
        db_index=False,
        db_constraint=False,
    )
    person_id = models.UUIDField(null=True)
    key_id = models.UUIDField(null=True)
    override = models.BooleanField()
    reason = models.CharField(max_length=500)
    digests = models.JSONField()

    personal_data = gdpr.PersonalData(export="id item_id person_id key_id override reason digests created_at")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["item", "-created_at"], name="approval_by_item")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.created_at:%Y-%m-%d}"
