"""What texts are worded by: glossary terms, rules learned from corrections, and translations from TMX files."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow, Versioned
from writing import rules


class GlossaryTerm(Versioned, OrganizationRow):
    """A term of the organization, or of one content profile, where it takes the place of the organization's.

    `targets` is `{language: {"text": …, "forms": […], "forbidden": […], "note": …}}`: how the term is said in a
    language, other forms of that word which no rule finds, words that may not stand for it, and a note for writers.
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

    personal_data = gdpr.PersonalData(
        export="id profile_id text language description do_not_translate case_sensitive targets"
    )

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


class LearnedRule(OrganizationRow):
    """A correction that was seen in some items. After the third it is proposed, and a person accepts or dismisses it.

    An accepted rule holds for all projects of `profile`, or, without one, for its own project.
    """

    class Kind(models.TextChoices):
        AVOID = rules.AVOID, "Never write it"
        REPLACE = rules.REPLACE, "Write the other instead"
        HEED = rules.HEED, "A reason of rejections"

    class State(models.TextChoices):
        SEEN = "seen", "Seen"
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Accepted"
        DISMISSED = "dismissed", "Dismissed"

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="learned_rules")
    profile = models.ForeignKey(
        "projects.ContentProfile", on_delete=models.SET_NULL, null=True, blank=True, related_name="learned_rules"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    #: The words that were taken out, in lower case; of `heed` the reason.
    term = models.CharField(max_length=500)
    #: Of `replace`, the words that took their place.
    instead = models.CharField(max_length=120, blank=True, default="")
    #: Ids of the items that it was seen in, at most ten.
    item_ids = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State, default=State.SEEN)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    personal_data = gdpr.PersonalData(export="id project_id kind term instead state decided_by_id created_at")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["project", "state", "id"], name="rule_by_project_and_state")]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "term", "instead"], name="rule_once_per_project"),
            models.CheckConstraint(
                name="rule_names_what_stands_instead",
                condition=models.Q(kind="replace") ^ models.Q(instead=""),
            ),
        ]

    def __str__(self) -> str:
        return self.line

    @property
    def rule(self) -> rules.TaughtRule:
        return rules.TaughtRule(self.kind, self.term, self.instead)

    @property
    def line(self) -> str:
        """The rule as the writer is told it."""
        return self.rule.line


class TranslationUnitQuerySet(OrganizationQuerySet["TranslationUnit"]):
    test_mark = "is_test"


class TranslationUnit(OrganizationRow):
    """A segment in two languages of ours. `digest` is the original's (`writing.translation.memory.key`)."""

    source_language = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    original = models.TextField()
    translation = models.TextField()
    is_test = models.BooleanField(default=False, db_default=False, help_text="Imported with a test key.")
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = TranslationUnitQuerySet.as_manager()

    personal_data = gdpr.PersonalData(export="id source_language language original translation created_at")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "is_test", "source_language", "language", "digest"],
                name="translation_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_language} → {self.language}: {self.original[:60]}"
