"""The catalogue of studio tools, and the lock on each."""

from __future__ import annotations

from typing import Any

from billing.access import check_tier, plan_of
from billing.models import Plan
from studio.models import Tool

STORE_AUDIT = "store-audit"
PROFILE_BUILDER = "profile-builder"
CUSTOM_PROJECTS = "custom-projects"


def listed(organization: Any) -> list[dict[str, Any]]:
    """Every visible tool, and whether the organization's plan opens it."""
    ranks = dict(Plan.objects.values_list("pk", "rank"))
    rank = plan_of(organization).rank
    return [
        {
            "id": str(tool.pk),
            "slug": tool.slug,
            "name": tool.name,
            "description": tool.description,
            "icon": tool.icon,
            "min_tier": tool.min_tier,
            "unlocked": rank >= ranks.get(tool.min_tier, 0),
        }
        for tool in Tool.objects.filter(is_visible=True)
    ]


def check_open(organization: Any, slug: str) -> None:
    """Raises Forbidden `tier_required` when the tool needs a higher plan."""
    tier = Tool.objects.filter(slug=slug).values_list("min_tier", flat=True).first()
    if tier:
        check_tier(organization, tier)
