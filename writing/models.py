"""Prompt texts for models and rules of law, in versions that staff publish without a release; evidence on file."""

from django.db import models
from django.db.models import JSONField, Q, Value
from django.utils import timezone

from scribe import gdpr
from scribe.rows import OrganizationRow, Row
from writing.law.choices import Severity


class PromptTemplate(Row):
    """One version of one text. Rows are added, never edited; the active row of a kind is in use. `kind` names where the
    text is used: `product`, `category`, `page`, `post`, `translation`, `repair`, `reader`, and the kinds of other apps. `parameters`
    hold further data of the version: the reader's `schema` and the share of sentences that it must judge."""

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
    disbelieved = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="Texts of which a control sentence was misjudged."
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["provider", "model", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "model", "version"], name="verifier_rate_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}/{self.model} v{self.version}"


class LawRule(Row):
    """One version of one rule of law: what a sentence may not say where a shop sells. Rows are added, never edited, save
    that staff switch them on and off and confirm them; the active row of a code is in use. `words` finds the sentences
    (`writing.checks.wording`), and a second model by the conditions `unlawful` and `lawful`."""

    class Source(models.TextChoices):
        READ = "read", "The text of the law was read"
        RECALLED = "recalled", "From memory: a note until somebody has compared it with the law"

    code = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    active = models.BooleanField(default=False)
    jurisdiction = models.CharField(max_length=2, help_text="EU, or the ISO code of a country.")
    trades = models.JSONField(default=list, blank=True, help_text="A list of trades; empty for every trade.")
    concept = models.CharField(max_length=200, help_text="What it is about, as writers and reviewers read it.")
    law = models.CharField(max_length=200, help_text="The law and its article.")
    source = models.CharField(max_length=8, choices=Source)
    severity = models.CharField(max_length=5, choices=Severity)
    remedy = models.TextField(help_text="What to write instead.")
    evidence = models.CharField(max_length=300, blank=True, default="", help_text="What lifts it; empty for nothing.")
    unlawful = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="What breaks it: “A sentence that …”. Without it no second model is asked about the rule.",
    )
    lawful = models.JSONField(
        blank=True,
        default=list,
        db_default=Value([], JSONField()),
        help_text="What keeps it, each: “A sentence that …”.",
    )
    examples = models.JSONField(
        blank=True,
        default=dict,
        db_default=Value({}, JSONField()),
        help_text="By language an `unlawful` and a `lawful` sentence beyond doubt, which control a second model.",
    )
    words = models.JSONField(blank=True, help_text="By language: lists of terms, unlawful and lawful lines.")
    note = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="law_rule_version_once_per_code"),
            models.UniqueConstraint(fields=["code"], condition=Q(active=True), name="law_rule_one_active_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def counts_as(self) -> str:
        """The severity that counts now."""
        confirmed = self.source == self.Source.READ or self.confirmed_at is not None
        return self.severity if confirmed else Severity.NOTE


class ClaimRegister(Row):
    """The EU register of authorised health claims in one language and version, as staff uploaded it
    (`writing.law.register`). Rows are added, never edited; the active row of a language is in use."""

    language = models.CharField(max_length=10)
    version = models.CharField(max_length=60, help_text="As its publisher names it, or the day of the download.")
    published_on = models.DateField()
    claims = models.JSONField(help_text="The authorised claims: rule, entry, claim, substance, conditions, least.")
    active = models.BooleanField(default=False)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["language", "-published_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["language", "version"], name="claim_register_version_once_per_language"),
            models.UniqueConstraint(
                fields=["language"], condition=Q(active=True), name="claim_register_one_active_per_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.version}"


class Evidence(OrganizationRow):
    """A certificate, study, authorisation or the terms of a guarantee. It lifts the rule of law `rule` from sentences
    that say one of `claims`, until the end of the day `valid_until`. `rechecked_at`: the texts that it lifted a rule
    from were looked at again after that day."""

    name = models.CharField(max_length=200)
    number = models.CharField(max_length=100)
    rule = models.SlugField(max_length=60)
    claims = models.JSONField()
    valid_until = models.DateField()
    file_key = models.CharField(max_length=300, blank=True, default="")
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    rechecked_at = models.DateTimeField(null=True)

    personal_data = gdpr.PersonalData(export="id name number rule claims valid_until file_key created_by_id created_at")

    class Meta:
        ordering = ["valid_until", "id"]
        indexes = [models.Index(fields=["valid_until"], condition=Q(rechecked_at=None), name="evidence_to_recheck")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "rule", "number"], name="evidence_once_per_rule_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
