"""A project's blog in numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Sum
from django.db.models.functions import TruncMonth

from blog.models import BlogPost
from projects.models import Project
from scribe.api.fields import decimal


def of(project: Project) -> dict[str, Any]:
    """`{total, by_status, by_type, words_total, seo_average, published_by_month, xct_used}`; every status and type is
    listed, also at 0. A month is a month in UTC, `2026-11`."""
    posts = BlogPost.objects.of(project.organization_id).filter(project=project)
    totals = posts.aggregate(
        total=Count("pk"), words=Sum("word_count"), seo=Avg("seo_score"), xct=Sum("xct_used", default=0)
    )
    published = (
        posts.filter(status=BlogPost.Status.PUBLISHED, published_at__isnull=False)
        .annotate(month=TruncMonth("published_at"))
        .values_list("month")
        .annotate(count=Count("pk"))
        .order_by("month")
    )
    return {
        "total": totals["total"],
        "by_status": _counts(posts, "status", BlogPost.Status.values),
        "by_type": _counts(posts, "post_type", BlogPost.Type.values),
        "words_total": totals["words"] or 0,
        "seo_average": round(totals["seo"], 1) if totals["seo"] is not None else None,
        "published_by_month": {f"{month:%Y-%m}": count for month, count in published},
        "xct_used": decimal(Decimal(totals["xct"]).quantize(Decimal("0.0001"))),
    }


def _counts(posts: Any, field: str, names: list[str]) -> dict[str, int]:
    found = dict(posts.order_by().values_list(field).annotate(count=Count("pk")))
    return {name: found.get(name, 0) for name in names}
