"""The base of views below a blog post."""

from blog.api.serializers.posts import reply_of
from blog.models import BlogPost
from projects.models import Project
from projects.project_views import ProjectViewSet
from scribe.rows import Model, Restricted
from scribe.types import Json


class PostViewSet(ProjectViewSet):
    """Views whose path names a project and, mostly, one of its posts."""

    def post_row(self, project: Project | None = None) -> BlogPost:
        """The post of this path. Raises NotFound if it is gone or belongs to another organization or project."""
        rows = BlogPost.objects.select_related(
            "organization",
            "project__organization",
            "project__store_connection",
            "project__content_profile",
            "blog_connection",
            "store_connection__grant",
            "template",
            "original",
        )
        return self.row(rows, self.kwargs["post_id"], project=project or self.project())

    def standing(self) -> Json:
        """The post of this path as the API shows it, reread from the database."""
        return reply_of(self.post_row())

    def wish(self, body: Json, field: str, rows: Restricted[Model]) -> Model | None:
        """The row whose id is in the body's `field`, or None without one. Raises NotFound for a foreign row."""
        return self.row(rows, body[field]) if body.get(field) else None
