"""Projects: create, list and change them, put them in the trash and take them out."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from integrations.models import StoreConnection
from projects import lifecycle, summaries
from projects.api import project_replies
from projects.api.serializers.projects import (
    PluginIntegration,
    ProjectCreation,
    ProjectListQuery,
    ProjectReply,
    ProjectUpdate,
    TruncateReply,
)
from projects.models import ContentProfile, Project
from projects.project_views import ProjectViewSet
from scribe.api.pagination import bare_array
from scribe.api.renderers import FORM_OR_JSON
from scribe.api.schema import ListOf, operation


class ProjectsViewSet(ProjectViewSet):
    whole_actions = frozenset({"create", "restore", "truncate"})
    parser_classes = FORM_OR_JSON

    @operation(
        tag="projects",
        scope="projects:read",
        summary="List all projects",
        description="The organization's projects, newest first; `include_deleted=true` lists the trash.",
        parameters=[ProjectListQuery],
        responses={200: ListOf(ProjectReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        trash = self.query(ProjectListQuery).get("include_deleted", False)
        projects = Project.objects.visible_to(request.user).select_related("store_connection")
        projects = projects.trashed() if trash else projects.kept()
        numbers = summaries.counts(projects.values_list("pk", flat=True))
        return bare_array(
            request,
            projects,
            lambda project: project_replies.shown(project, numbers.get(project.pk, summaries.ProjectCounts())),
        )

    @operation(
        tag="projects",
        scope="projects:write",
        support=True,
        summary="Create a new project",
        description="A draft with the organization's default content profile.",
        request={"application/x-www-form-urlencoded": ProjectCreation, "application/json": ProjectCreation},
        responses={201: ProjectReply},
        errors=(400,),
    )
    def create(self, request: Any) -> Response:
        project = lifecycle.create(
            organization=request.user.organization, by=request.user, **self.body(ProjectCreation)
        )
        return Response(project_replies.one(project), status=201)

    @operation(
        tag="projects",
        scope="projects:read",
        summary="Get project details",
        responses={200: ProjectReply},
        errors=(404,),
    )
    def retrieve(self, request: Any, project_id: str) -> Response:
        return Response(project_replies.one(self.project()))

    @operation(
        tag="projects",
        scope="projects:write",
        support=True,
        summary="Update a project",
        description="Only what is sent is changed. A connection has to be of the project's platform.",
        request=ProjectUpdate,
        responses={200: ProjectReply},
        errors=(400, 404),
    )
    def partial_update(self, request: Any, project_id: str) -> Response:
        project = self.project()
        changes = self.body(ProjectUpdate)
        connection = profile = None
        if changes.get("store_connection_id"):
            connection = self.row(StoreConnection.objects.all(), changes["store_connection_id"])
        if changes.get("content_profile_id"):
            profile = self.row(ContentProfile.objects.all(), changes["content_profile_id"])
        project = lifecycle.update(
            project=project, changes=changes, store_connection=connection, content_profile=profile
        )
        return Response(project_replies.one(project))

    @operation(
        tag="projects",
        scope="projects:write",
        summary="Soft-delete a project",
        description="Into the trash, from where it can be restored. Its active jobs are cancelled.",
        responses={204: None},
        errors=(404, 409),
    )
    def destroy(self, request: Any, project_id: str) -> Response:
        lifecycle.trash(project=self.project())
        return Response(status=204)

    @operation(
        tag="projects",
        scope="projects:write",
        support=True,
        summary="Restore a deleted project",
        request=None,
        responses={200: ProjectReply},
        errors=(404, 409),
    )
    def restore(self, request: Any, project_id: str) -> Response:
        return Response(project_replies.one(lifecycle.restore(project=self.any_project())))

    @operation(
        tag="projects",
        scope="projects:write",
        summary="Truncate project data",
        description="Deletes all items and sources with their files; settings stay, and the project is a draft again. 409 while a job is active.",
        request=None,
        responses={200: TruncateReply},
        errors=(404, 409),
    )
    def truncate(self, request: Any, project_id: str) -> Response:
        return Response(lifecycle.truncate(project=self.project()))

    @operation(
        tag="projects",
        scope="projects:write",
        summary="Permanently delete a project",
        description="With all its data and files, from the trash only. There is no way back.",
        responses={204: None},
        errors=(404, 409),
    )
    def permanent(self, request: Any, project_id: str) -> Response:
        lifecycle.delete_for_good(project=self.any_project())
        return Response(status=204)

    @operation(
        tag="projects",
        scope="projects:read",
        summary="List plugin integrations",
        description="The projects that shop plugins fill.",
        responses={200: PluginIntegration(many=True)},
    )
    def plugin_integrations(self, request: Any) -> Response:
        return Response([project_replies.of_plugin(project) for project in summaries.plugin_projects(request.user)])

    def any_project(self) -> Project:
        """The caller's project of this path, whether in the trash or not."""
        return self.row(Project.objects.select_related("organization", "store_connection"), self.kwargs["project_id"])
