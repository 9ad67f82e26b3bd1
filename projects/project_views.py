"""The base of views below a project."""

from uuid import UUID

from projects.models import Project
from scribe.api.views import ScribeViewSet


class ProjectViewSet(ScribeViewSet):
    """Views whose path begins with a project. A project in the trash is not found."""

    def project(self, project_id: UUID | None = None, *, trashed: bool = False) -> Project:
        """The caller's project of this path; NotFound if it is foreign, gone or in the trash."""
        rows = Project.objects.select_related("organization", "content_profile", "store_connection")
        rows = rows.trashed() if trashed else rows.kept()
        return self.row(rows, project_id or self.kwargs["project_id"])
