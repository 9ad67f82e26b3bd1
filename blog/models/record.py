"""What happened to a post's texts. The table is append-only: its triggers refuse any change (migration 0007)."""

from django.db import models

from scribe import gdpr
from scribe.rows import OrganizationRow


class PostEvent(OrganizationRow):
    """A post's texts were written by a model, edited, or approved, which is to publish or to schedule them: by the
    person `person_id`, with the API key `key_id` where a program asked for it.

    `digests` are the SHA-256 of the texts as they were then, by field. `facts` say more: of what was generated who
    wrote it and what the checks said (`writer`, `checks`), of an edit the share of changed words by field
    (`words_changed`).
    """

    class Kind(models.TextChoices):
        GENERATED = "generated", "Generated"
        EDITED = "edited", "Edited"
        APPROVED = "approved", "Approved"

    # The database deletes a post's events with it; nothing else does.
    post = models.ForeignKey(
        "blog.BlogPost", on_delete=models.CASCADE, related_name="events", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=9, choices=Kind)
    person_id = models.UUIDField(null=True)
    key_id = models.UUIDField(null=True)
    digests = models.JSONField()
    facts = models.JSONField()

    personal_data = gdpr.PersonalData(export="id post_id kind person_id key_id digests facts created_at")

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["post", "created_at"], name="post_event_by_post")]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"
