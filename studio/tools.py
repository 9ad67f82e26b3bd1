"""The catalogue of studio tools, and the check that a plan opens a tool."""

from accounts.models import Organization
from billing.access import check_plan, plan_of
from studio.models import Tool

STORE_AUDIT = "store-audit"
PROFILE_BUILDER = "profile-builder"
CUSTOM_PROJECTS = "custom-projects"


def list_tools(organization: Organization) -> list[tuple[Tool, bool]]:
    """Every visible tool, and whether the organization's plan opens it."""
    rank = plan_of(organization).rank
    tools = Tool.objects.filter(is_visible=True).select_related("min_tier")
    return [(tool, rank >= tool.min_tier.rank) for tool in tools]


def check_open(organization: Organization, slug: str) -> None:
    """Raises Forbidden `tier_required` when the tool needs a higher plan."""
    tool = Tool.objects.filter(slug=slug).select_related("min_tier").first()
    if tool:
        check_plan(organization, tool.min_tier)
