"""The catalogue of studio tools, and the check that a plan opens a tool."""

from __future__ import annotations

from typing import Any

from billing.access import check_plan, plan_of
from studio.models import Tool

STORE_AUDIT = "store-audit"
PROFILE_BUILDER = "profile-builder"
CUSTOM_PROJECTS = "custom-projects"


def listed(organization: Any) -> list[dict[str, Any]]:
    """Every visible tool as the API shows it. `unlocked` says whether the organization's plan opens it."""
    rank = plan_of(organization).rank
    return [
        {
            "id": str(tool.pk),
            "slug": tool.slug,
            "name": tool.name,
            "description": tool.description,
            "icon": tool.icon,
            "min_tier": tool.min_tier_id,
            "unlocked": rank >= tool.min_tier.rank,
        }
        for tool in Tool.objects.filter(is_visible=True).select_related("min_tier")
    ]


def check_open(organization: Any, slug: str) -> None:
    """Raises Forbidden `tier_required` when the tool needs a higher plan."""
    tool = Tool.objects.filter(slug=slug).select_related("min_tier").first()
    if tool:
        check_plan(organization, tool.min_tier)
