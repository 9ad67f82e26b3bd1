"""A term of a merchant's glossary: a word with its translations, the words that may not stand for it, and its forms."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from scribe.rows import OrganizationRow, Versioned


class GlossaryTerm(Versioned, OrganizationRow):
    """A term of the organization, or of one content profile, where it takes the place of the organization's.

    `targets` is `{language: {"text": …, "forms": […], "forbidden": […], "note": …}}`: how the term is said in a language,
    other forms of that word which no rule finds, words that may not stand for it, and a note for writers.
    """

    profile = models.ForeignKey(
        "projects.ContentProfile", on_delete=models.CASCADE, null=True, blank=True, related_name="glossary_terms"
    )
    text = models.CharField(max_length=200)
    language = models.CharField(max_length=10)  # of `text`
    description = models.CharField(max_length=500, blank=True, default="")
    do_not_translate = models.BooleanField(default=False)
    case_sensitive = models.BooleanField(default=False)
    targets = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["text", "id"]
        indexes = [models.Index(fields=["organization", "text", "id"], name="term_by_text")]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "profile",
                "language",
                Lower("text"),
                nulls_distinct=False,
                name="term_once_per_profile",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="term_has_text"),
        ]

    def __str__(self) -> str:
        return self.text
