"""The base of views of studio tools that need a plan."""

from __future__ import annotations

from typing import Any

from scribe.api.views import ScribeViewSet
from studio import tools


class ToolViewSet(ScribeViewSet):
    """`tool` is the slug of the tool's row. Below the tool's plan, `check_tool` raises Forbidden `tier_required`."""

    tool = ""

    def check_tool(self) -> None:
        tools.check_open(self.organization(), self.tool)

    def organization(self) -> Any:
        return self.request.user.organization  # type: ignore[union-attr]
