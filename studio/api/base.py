"""The base of views behind a studio tool's lock."""

from __future__ import annotations

from typing import Any

from scribe.api.views import ScribeViewSet
from studio import tools


class ToolViewSet(ScribeViewSet):
    """`tool` names the catalogue's row; its operations are 403 `tier_required` below its plan."""

    tool = ""

    def check_tool(self) -> None:
        tools.check_open(self.organization(), self.tool)

    def organization(self) -> Any:
        return self.request.user.organization  # type: ignore[union-attr]
