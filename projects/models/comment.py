"""What colleagues say to each other about an item."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


class ItemComment(OrganizationRow):
    """A comment of a person on an item. It stays when the person leaves."""

    item = models.ForeignKey("projects.ContentItem", on_delete=models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=2000)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["item", "created_at"], name="comment_by_item")]

    def __str__(self) -> str:
        return self.text[:80]
