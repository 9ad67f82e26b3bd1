"""The catalogue of tools."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet
from studio import tools
from studio.api.serializers import ToolList


class ToolsViewSet(ScribeViewSet):
    @operation(
        tag="studio-tools",
        scope="studio:read",
        summary="List Studio Tools",
        description="All visible tools, and which of them the organization's plan opens.",
        responses={200: ToolList},
    )
    def list_tools(self, request: Any) -> Response:
        return Response({"tools": tools.listed(request.user.organization)})
