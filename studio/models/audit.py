"""A store audit, and its findings on each product."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


class StoreAudit(OrganizationRow):
    """`checks` are the ids asked for. `summary` is `{counts: {check: n}, skipped: [check]}`. Checks cost no XCT."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="audits")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    checks = models.JSONField(default=list)
    status = models.CharField(max_length=24, default="queued")  # the job's, saved when the job ends
    product_count = models.PositiveIntegerField(default=0)
    health_score = models.FloatField(null=True, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    xct_used = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    error = models.TextField(blank=True, default="")
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="audit_by_organization")]

    def __str__(self) -> str:
        return f"Audit {self.pk}"


class AuditedProduct(OrganizationRow):
    """The findings on one product. They outlive the item. `shingles` is for the search for duplicates and is emptied
    after it."""

    audit = models.ForeignKey(StoreAudit, on_delete=models.CASCADE, related_name="products")
    content_item = models.ForeignKey(
        "projects.ContentItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveIntegerField()
    product_title = models.CharField(max_length=500, blank=True, default="")
    product_url = models.CharField(max_length=2048, blank=True, default="")
    description_word_count = models.PositiveIntegerField(default=0)
    description_preview = models.CharField(max_length=200, blank=True, default="")
    issues = models.JSONField(default=list)
    scores = models.JSONField(default=dict)
    shingles = models.BinaryField(default=b"", editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            # A batch may be recorded again after a kill: that changes nothing.
            models.UniqueConstraint(fields=["audit", "content_item"], name="audited_product_once"),
        ]
        indexes = [models.Index(fields=["content_item"], name="audited_product_by_item")]
