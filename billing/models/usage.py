"""Usage: one record per call of a model."""

from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.models.price import AIModel
from billing.models.wallet import ZERO, Xct
from integrations.ai.capabilities import BUILT_IN
from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow

#: Calls that were paid for, or were replaced by one of the same item that was.
CHARGED = ("ok", "replaced")
#: A call whose worker died in the middle of it. It is nobody's fault but ours, so it uses nothing of an allowance.
KILLED = "killed"


class UsageRecordRows(OrganizationQuerySet["UsageRecord"]):
    test_mark = "is_test"

    def uncharged(self) -> Self:
        """Calls on our keys that brought nothing: failed, rejected by checks, cancelled."""
        return self.filter(byok=False).exclude(outcome__in=CHARGED).exclude(Q(provider=BUILT_IN) | Q(outcome=KILLED))


class UsageRecord(OrganizationRow):
    """One call: which model, how many tokens, what it cost the customer (XCT) and us (USD), and how it ended."""

    # Ids without foreign keys: projects come and go, what was used stays countable.
    job_id = models.UUIDField(null=True, blank=True)
    project_id = models.UUIDField(null=True, blank=True)
    item_id = models.UUIDField(null=True, blank=True)
    ai_model = models.ForeignKey(AIModel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    tier = models.CharField(max_length=20, blank=True)
    content_type = models.CharField(max_length=40, blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    # Parts of the input that came from the vendor's cache, and that were written into it.
    cached_tokens = models.PositiveIntegerField(default=0)
    cache_write_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    xct = Xct("XCT", default=ZERO)
    cost_usd = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal("0.000000"))
    byok = models.BooleanField("own key", default=False)
    is_test = models.BooleanField(default=False, db_default=False)
    outcome = models.CharField(max_length=40, blank=True)
    estimated = models.BooleanField(
        default=False, db_default=False, help_text="The provider counted no tokens, or impossible ones."
    )
    key = models.CharField(max_length=200)

    objects: ClassVar = UsageRecordRows.as_manager()

    personal_data = gdpr.PersonalData(
        export=(
            "created_at provider model content_type input_tokens output_tokens cached_tokens cache_write_tokens "
            "xct outcome"
        ),
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="usage_newest_first"),
            models.Index(
                fields=["organization", "created_at"],
                name="usage_uncharged",
                condition=Q(byok=False) & ~Q(outcome__in=CHARGED),
            ),
            models.Index(fields=["job_id"], name="usage_by_job", condition=Q(job_id__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="usage_key_once"),
            models.CheckConstraint(condition=Q(xct__gte=0, cost_usd__gte=0), name="usage_cost_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}/{self.model} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_uncharged(self) -> bool:
        return not self.byok and self.provider != BUILT_IN and self.outcome not in (*CHARGED, KILLED)
