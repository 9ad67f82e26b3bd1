"""A project's life: create, change, trash, restore, empty, and delete for good. Also its status."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from billing import limits
from integrations.models import StoreConnection
from projects import languages, removal
from projects.models import ContentItem, ContentProfile, DataSource, Project
from scribe import jobs, sizes, storage
from scribe.errors import Conflict, InvalidInput, NotFound
from scribe.jobs import lifecycle as job_lifecycle
from scribe.models import Job
from writing import settings as writing

Status = ContentItem.Status
FINISHED = (Status.APPROVED, Status.SYNCED)
TRIES = 5


def projects_of(organization_id: UUID) -> int:
    """The projects that an organization has, those in the trash included."""
    return Project.objects.of(organization_id).count()


@transaction.atomic
def create(*, organization: Any, name: str, platform: str, by: Any, is_test: bool = False) -> Project:
    """A draft project with the organization's default profile, if it has one. A test key's is a test project.

    Raises Conflict `projects_full`."""
    limits.check("projects", organization.pk)
    profile = ContentProfile.objects.of(organization).filter(is_default=True).first()
    return Project.objects.create(
        organization=organization,
        name=name,
        platform=platform,
        content_profile=profile,
        created_by=by,
        is_test=is_test or bool(by is not None and by.api_key is not None and by.api_key.is_test),
    )


def keep(project: Project) -> None:
    """Keep the project out of the trash until the caller's new job is committed, so that `trash` can see and cancel it.

    Raises NotFound `project_in_trash`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deleted_at FROM projects_project WHERE id = %s FOR KEY SHARE", [project.pk])
        if cursor.fetchone() != (None,):
            raise NotFound("The project is in the trash, or gone.", code="project_in_trash")


@transaction.atomic
def update(
    *,
    project: Project,
    changes: dict[str, Any],
    store_connection: StoreConnection | None = None,
    content_profile: ContentProfile | None = None,
) -> Project:
    """Set what `changes` names. For `store_connection_id` and `content_profile_id`, pass the rows, or None to unlink.

    Raises InvalidInput for a connection of another platform, and Conflict for one of a test project or while a job uses the present connection."""
    fields = ["updated_at"]
    if "name" in changes:
        project.name = changes["name"]
        fields.append("name")
    for key in ("settings", "settings_overrides"):
        if key in changes:
            given, before = changes[key] or {}, getattr(project, key)
            setattr(project, key, sizes.bounded(given, f"#/{key}", most=sizes.SETTINGS_BYTES, before=before))
            fields.append(key)
    for key in {"settings", "settings_overrides"} & {*fields}:
        setattr(project, key, _with_languages(project, getattr(project, key), f"#/{key}/languages"))
    if "store_connection_id" in changes:
        if store_connection is not None:
            project.check_live()
        if store_connection is not None and store_connection.platform != project.platform:
            raise InvalidInput.at(
                "#/store_connection_id",
                f"The connection is for {store_connection.get_platform_display()}, the project for {project.get_platform_display()}.",
                "platform_mismatch",
            )
        project.store_connection = store_connection
        fields.append("store_connection")
    if "content_profile_id" in changes:
        project.content_profile = content_profile
        fields.append("content_profile")
    project.save(update_fields=fields)
    return project


def _with_languages(project: Project, given: Any, pointer: str) -> Any:
    """`given` with its further `languages` by our codes, each once and without the main one, which goes without being named;
    null leaves them to the other levels. Raises InvalidInput for one that we don't write."""
    if not isinstance(given, dict) or "languages" not in given:
        return given
    if given["languages"] is None:
        return {name: value for name, value in given.items() if name != "languages"}
    main = languages.main(project)
    return {**given, "languages": [code for code in writing.further(given, pointer) if code != main]}


def trash(*, project: Project) -> None:
    """Hide the project. Its jobs are cancelled, since nobody could see or stop them any more.

    Raises Conflict `job_active` when new jobs keep starting in it."""
    for _ in range(TRIES):
        if _put_away(project):
            return
    raise Conflict("Jobs keep beginning in this project. Stop what starts them first.", code="job_active")


@transaction.atomic
def _put_away(project: Project) -> bool:
    """Put the project in the trash. Does nothing and returns False when a job was created between the two locks."""
    # Lock the jobs first, in the same order as a worker that ends its job. A job that is being created right now waits
    # for the project's lock, and then finds the project in the trash.
    working = Job.objects.active().filter(project=project)
    locked = list(working.select_for_update(no_key=True).order_by("pk"))
    project = Project.objects.of(project.organization_id).select_for_update().get(pk=project.pk)
    if working.exclude(pk__in=[job.pk for job in locked]).exists():
        return False
    jobs.cancel_all(working)
    Project.objects.filter(pk=project.pk).update(deleted_at=timezone.now(), updated_at=timezone.now())
    return True


@transaction.atomic
def restore(*, project: Project) -> Project:
    """Take a project out of the trash. Raises Conflict when it is not there."""
    if project.deleted_at is None:
        raise Conflict("The project is not in the trash.", code="not_in_trash")
    if project.plugin_source and _has_successor(project):
        project.plugin_source = ""  # another project has become the plugin's in the meantime
    project.deleted_at = None
    project.save(update_fields=["deleted_at", "plugin_source", "updated_at"])
    return project


def _has_successor(project: Project) -> bool:
    return (
        Project.objects.kept()
        .of(project.organization_id)
        .filter(plugin_source=project.plugin_source)
        .exclude(pk=project.pk)
        .exists()
    )


@transaction.atomic
def truncate(*, project: Project) -> dict[str, Any]:
    """Delete all items and sources, files too, and keep the settings. Raises Conflict `job_active` while a job runs."""
    # This full lock and the creation of a job wait for each other, so no job can write into the emptied project.
    project = Project.objects.of(project.organization_id).select_for_update().get(pk=project.pk)
    if active := Job.objects.active().filter(project=project).first():
        raise job_lifecycle.job_active(active)
    sources = list(DataSource.objects.filter(project=project))
    items = removal.items(ContentItem.objects.filter(project=project))
    for source in sources:
        source.delete()
    transaction.on_commit(partial(removal.files, sources))
    project.status, project.completed_at = Project.Status.DRAFT, None
    project.save(update_fields=["status", "completed_at", "updated_at"])
    return {
        "message": "The project is empty.",
        "items_deleted": items,
        "sources_deleted": len(sources),
        "status": project.status,
    }


@transaction.atomic
def delete_for_good(*, project: Project) -> None:
    """Remove a trashed project with everything in it, files too. Raises Conflict when it is not in the trash."""
    if project.deleted_at is None:
        raise Conflict("Only a project in the trash can be deleted for good.", code="not_in_trash")
    project = Project.objects.of(project.organization_id).select_for_update().get(pk=project.pk)
    sources = list(DataSource.objects.filter(project=project))
    others = removal.other_keys(project)
    removal.items(ContentItem.objects.filter(project=project))
    project.delete()
    transaction.on_commit(partial(storage.delete_all, others))
    transaction.on_commit(partial(removal.files, sources))


def refresh_status(project_id: Any) -> None:
    """Set the status: draft without items, completed when every writable item is approved or synced, else active.

    Cheap, and may be repeated. Call it in the transaction that changed items."""
    items = ContentItem.objects.filter(project_id=project_id)
    writable = items.writable()
    if not items.exists():
        status = Project.Status.DRAFT
    elif writable.exists() and not writable.exclude(status__in=FINISHED).exists():
        status = Project.Status.COMPLETED
    else:
        status = Project.Status.ACTIVE
    now = timezone.now()
    completed = now if status == Project.Status.COMPLETED else None
    Project.objects.filter(pk=project_id).exclude(status=status).update(
        status=status, completed_at=completed, updated_at=now
    )
