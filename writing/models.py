"""Prompt texts for models, in versions that staff publish without a release."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from scribe.rows import Row


class PromptTemplate(Row):
    """One version of one text. Rows are added, never edited; the active row of a kind is in use. `kind` names where the
    text is used: `product`, `category`, `page`, `post`, `translation`, `repair`, `verifier`, and the kinds of other apps. `parameters`
    hold further data of the version: the verifier's `schema` and `thresholds`."""

    kind = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField()
    parameters = models.JSONField(default=dict, blank=True)
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


class VerifierRate(Row):
    """The counts of all readings so far by one model under one version of the terms. It names no customer."""

    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    version = models.PositiveIntegerField(help_text="Of the verifier's prompt, schema and thresholds.")
    texts = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(
        default=0, help_text="Texts of which nothing came: time-outs, garbage, invented passages."
    )
    sentences = models.PositiveBigIntegerField(default=0, help_text="Sentences that were judged.")
    quoted = models.PositiveBigIntegerField(default=0)
    harmless = models.PositiveBigIntegerField(default=0)
    unsupported = models.PositiveBigIntegerField(default=0)
    invented = models.PositiveBigIntegerField(default=0, help_text="Quotes and words that stand nowhere.")
    disagreed = models.PositiveBigIntegerField(default=0, help_text="The tables say otherwise.")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["provider", "model", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "model", "version"], name="verifier_rate_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}/{self.model} v{self.version}"
