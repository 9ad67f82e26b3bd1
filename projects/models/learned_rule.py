"""What a project's texts teach: corrections that people made again and again, and the rules that they became."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow
from writing import rules


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
