"""The catalogue of tools, and the base of views of those that need a plan."""

from rest_framework.response import Response

from accounts.models import Organization
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet, SignedInRequest
from studio import tools
from studio.api.serializers import ToolList, ToolReply


class ToolViewSet(ScribeViewSet):
    """`tool` is the slug of the tool's row. Below the tool's plan, `check_tool` raises Forbidden `tier_required`."""

    tool = ""

    def check_tool(self) -> None:
        tools.check_open(self.organization(), self.tool)

    def organization(self) -> Organization:
        return self.request.user.organization


class ToolsViewSet(ScribeViewSet):
    tag = "studio-tools"

    @operation(
        scope="studio:read",
        summary="List Studio Tools",
        description="All visible tools, and which of them the organization's plan includes.",
        responses={200: ToolList},
    )
    def list_tools(self, request: SignedInRequest) -> Response:
        found = tools.list_tools(request.user.organization)
        return Response({"tools": [ToolReply.of(tool, unlocked=unlocked) for tool, unlocked in found]})
