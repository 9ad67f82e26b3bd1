"""What models are told: texts with versions that staff change without a release."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from scribe.rows import Row


class PromptTemplate(Row):
    """One version of one text. Rows are added, never edited; the active row of a kind is the one in use.

    `kind` names where it is used: `product`, `category`, `page`, `post`, `repair`, and the kinds of other apps.
    """

    kind = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField()
    active = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="prompt_version_once_per_kind"),
            models.UniqueConstraint(fields=["kind"], condition=Q(active=True), name="prompt_one_active_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"
