"""Projects: create, list and change them, put them in the trash and take them out."""

from functools import partial

from django.db import transaction
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from integrations.models import StoreConnection
from projects import learned_rules, lifecycle, summaries
from projects.api.serializers import projects as replies
from projects.api.serializers.projects import (
    PluginIntegration,
    ProjectCreation,
    ProjectListQuery,
    ProjectReply,
    ProjectUpdate,
    TruncateReply,
)
from projects.learned_rules import DECIDED
from projects.models import ContentProfile, Project
from projects.project_views import ProjectViewSet
from scribe.api.fields import Choice, UtcDateTime
from scribe.api.job_reply import JobReply
from scribe.api.pagination import bare_array
from scribe.api.renderers import FORM_OR_JSON
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import Reply, Request
from scribe.api.views import SignedInRequest
from scribe.errors import Conflict
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json


def render_removal(job: Job) -> Response:
    """What `truncate` answers for its job. Raises Conflict `job_ended` for one that was cancelled or has failed."""
    if job.ended and job.status != Job.Status.COMPLETED:
        raise Conflict(
            _("The job has already ended ({job_status}).", job_status=job.status),
            code="job_ended",
            job_id=str(job.pk),
            status_now=job.status,
        )
    counts = {name: int(job.result.get(f"{name}_deleted", 0)) for name in ("items", "sources")}
    return Response(lifecycle.contents_deleted(**counts, job=None if job.ended else job))


writes = partial(operation, scope="projects:write", support=True)


class ProjectsViewSet(ProjectViewSet):
    tag = "projects"
    whole_actions = frozenset({"create", "restore", "truncate"})
    parser_classes = FORM_OR_JSON

    @operation(
        scope="projects:read",
        summary="List all projects",
        description="The organization's projects, newest first. `include_deleted=true` lists the projects in the "
        "trash.",
        parameters=[ProjectListQuery],
        responses={200: ListOf(ProjectReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        trash = self.query(ProjectListQuery).get("include_deleted", False)
        projects = Project.objects.visible_to(request.user).select_related("store_connection")
        projects = projects.trashed() if trash else projects.kept()
        numbers = summaries.counts(projects.values_list("pk", flat=True))
        return bare_array(
            request,
            projects,
            lambda project: replies.reply_of(project, numbers.get(project.pk, summaries.ProjectCounts())),
        )

    @writes(
        summary="Create a new project",
        description="Creates a draft project, with the organization's default content profile unless you name "
        "another, and with the settings you send. A test key creates a test project, everybody else a live one.",
        request={"application/x-www-form-urlencoded": ProjectCreation, "application/json": ProjectCreation},
        responses={201: ProjectReply},
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(ProjectCreation)
        named = {name: body.pop(name) for name in ("name", "platform")}
        with transaction.atomic():
            project = lifecycle.create(organization=request.user.organization, by=request.user, **named)
            project = self.change(project, body) if body else project
        return Response(replies.one(project), status=201)

    @operation(
        scope="projects:read",
        summary="Get project details",
        responses={200: ProjectReply},
    )
    def retrieve(self, request: SignedInRequest, project_id: str) -> Response:
        return Response(replies.one(self.project()))

    @writes(
        summary="Update a project",
        description="Changes only the fields you send. A connection must be for the project's platform.",
        request=ProjectUpdate,
        responses={200: ProjectReply},
    )
    def partial_update(self, request: SignedInRequest, project_id: str) -> Response:
        return Response(replies.one(self.change(self.project(), self.body(ProjectUpdate))))

    def change(self, project: Project, changes: Json) -> Project:
        connection = profile = None
        if changes.get("store_connection_id"):
            connection = self.row(StoreConnection.objects.all(), changes["store_connection_id"])
        if changes.get("content_profile_id"):
            profile = self.row(ContentProfile.objects.all(), changes["content_profile_id"])
        return lifecycle.update(project=project, changes=changes, store_connection=connection, content_profile=profile)

    @operation(
        scope="projects:write",
        summary="Soft-delete a project",
        description="Moves the project to the trash, from which it can be restored. Its active jobs are cancelled.",
        responses={204: None},
        errors=(404, 409),
    )
    def destroy(self, request: SignedInRequest, project_id: str) -> Response:
        lifecycle.trash(project=self.project())
        return Response(status=204)

    @writes(
        summary="Restore a deleted project",
        responses={200: ProjectReply},
        errors=(404, 409),
    )
    def restore(self, request: SignedInRequest, project_id: str) -> Response:
        return Response(replies.one(lifecycle.restore(project=self.any_project())))

    @operation(
        scope="projects:write",
        summary="Truncate project data",
        description="Deletes all items and sources with their files; settings stay, and the project is a draft again. 409 while a job is active. "
        "What is large is deleted by a job, for which this waits up to 30 s; the reply then has its `job_id` and what is gone so far.",
        responses={200: TruncateReply},
        errors=(404, 409),
    )
    def truncate(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        found = lifecycle.truncate(project=self.project(), by=request.user)
        return JobReply(found, render=render_removal) if isinstance(found, Job) else Response(found)

    @operation(
        scope="projects:write",
        summary="Permanently delete a project",
        description="With all its data and files, from the trash only. There is no way back. The rows of a large one, which nobody sees any more, "
        "are deleted by a job.",
        responses={204: None},
        errors=(404, 409),
    )
    def permanent(self, request: SignedInRequest, project_id: str) -> Response:
        lifecycle.delete_for_good(project=self.any_project(), by=request.user)
        return Response(status=204)

    @operation(
        scope="projects:read",
        summary="List plugin integrations",
        description="Projects that are filled by store plugins.",
        responses={200: PluginIntegration(many=True)},
    )
    def plugin_integrations(self, request: SignedInRequest) -> Response:
        return Response([replies.of_plugin(project) for project in summaries.plugin_projects(request.user)])

    def any_project(self) -> Project:
        """The caller's project of this path, whether in the trash or not."""
        rows = Project.objects.lasting().select_related("organization", "store_connection")
        return self.row(rows, self.kwargs["project_id"])


class RuleDecision(Request):
    state = Choice(choices=list(DECIDED), help_text="`accepted`, `dismissed`, or `proposed` to undo either.")


class RuleReply(Reply):
    id = serializers.CharField()
    kind = serializers.CharField(help_text="`avoid` words, `replace` words, or `heed` the reason for rejections.")
    term = serializers.CharField(help_text="The words that people removed, or the reason.")
    instead = serializers.CharField(allow_blank=True, help_text="The words that replaced them.")
    rule = serializers.CharField(source="line", help_text="The rule as it is given to the AI.")
    item_ids = serializers.ListField(
        child=serializers.CharField(), help_text="The items it was learned from, at most ten."
    )
    state = serializers.CharField(help_text="`proposed`, `accepted` or `dismissed`.")
    profile_id = serializers.CharField(
        allow_null=True,
        help_text="An accepted rule applies to all projects with this profile; if `null`, to this project only.",
    )
    decided_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()


class LearnedRuleViewSet(ProjectViewSet):
    tag = "projects"

    @operation(
        scope="projects:read",
        summary="List learned rules",
        description="Rules proposed after three similar edits or rejections: words to avoid or replace, or a reason "
        "to observe. Newest first.",
        responses={200: ListOf(RuleReply)},
    )
    def learned_rules(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        return bare_array(request, learned_rules.rules_of(self.project()), RuleReply.of)

    @writes(
        summary="Accept or dismiss a learned rule",
        description="An accepted rule is added to the prompt of every later generation, and its words to the check "
        "for forbidden words. It applies to all projects with the same profile if the project has one.",
        request=RuleDecision,
        responses={200: RuleReply},
        errors=(400, 404, 409),
    )
    def decide_rule(self, request: SignedInRequest, project_id: str, rule_id: str) -> Response:
        rule = self.row(learned_rules.rules_of(self.project()), rule_id)
        return Response(
            RuleReply.of(learned_rules.decide(rule=rule, to=self.body(RuleDecision)["state"], by=request.user))
        )
