"""A project's life: create, change, trash, restore, empty, and delete for good. Also its status."""

from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organization, User
from billing import limits
from integrations.models import StoreConnection
from projects import languages, removal
from projects.models import ContentItem, ContentProfile, DataSource, Project
from projects.removal import RemovalPayload
from scribe import chosen_projects, jobs, sizes, storage
from scribe.errors import Conflict, InvalidInput, NotFound, within
from scribe.jobs import lifecycle as job_lifecycle
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json
from writing import settings as writing

Status = ContentItem.Status
FINISHED = (Status.APPROVED, Status.SYNCED)
TRIES = 5


def projects_of(organization_id: UUID) -> int:
    """The projects that an organization has, those in the trash included."""
    return Project.objects.of(organization_id).count()


@transaction.atomic
def create(*, organization: Organization, name: str, platform: str, by: User, is_test: bool = False) -> Project:
    """A draft project with the organization's default profile, if it has one. A test key's is a test project.

    Raises Conflict `projects_full`, and Forbidden `limited_to_projects`."""
    chosen_projects.check_may_add(by)
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
            raise NotFound(_("The project is in the trash or was deleted."), code="project_in_trash")


@transaction.atomic
def update(
    *,
    project: Project,
    changes: Json,
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
            setattr(project, key, sizes.check_size(given, f"#/{key}", most=sizes.SETTINGS_BYTES, before=before))
            fields.append(key)
    for key in {"settings", "settings_overrides"} & {*fields}:
        given = _with_languages(project, getattr(project, key), f"#/{key}/languages")
        if isinstance(given, dict):
            with within(f"#/{key}"):
                writing.check(project.organization, given)
        setattr(project, key, given)
    if "store_connection_id" in changes:
        if store_connection is not None:
            project.check_live()
        if store_connection is not None and store_connection.platform != project.platform:
            raise InvalidInput.at(
                "#/store_connection_id",
                _(
                    "The connection is for {name}, but the project is for {other}.",
                    name=store_connection.get_platform_display(),
                    other=project.get_platform_display(),
                ),
                "platform_mismatch",
            )
        project.store_connection = store_connection
        fields.append("store_connection")
    if "content_profile_id" in changes:
        project.content_profile = content_profile
        fields.append("content_profile")
    project.save(update_fields=fields)
    return project


def _with_languages(project: Project, given: object, pointer: str) -> object:
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
    for _unused in range(TRIES):
        if _put_away(project):
            return
    raise Conflict(
        _("New jobs keep starting in this project. Stop whatever starts them, then try again."), code="job_active"
    )


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
    """Take a project out of the trash. Raises Conflict when it is not there, and NotFound while it is being deleted for good."""
    Project.objects.of(project.organization_id).select_for_update().filter(pk=project.pk).first()
    project = _lasting(project)
    if project.deleted_at is None:
        raise Conflict(_("The project is not in the trash."), code="not_in_trash")
    same = Project.objects.kept().of(project.organization_id).filter(is_test=project.is_test).exclude(pk=project.pk)
    if project.plugin_source and same.filter(plugin_source=project.plugin_source).exists():
        project.plugin_source = ""  # another project has become the plugin's in the meantime
    project.deleted_at = None
    project.save(update_fields=["deleted_at", "plugin_source", "updated_at"])
    return project


@transaction.atomic
def truncate(*, project: Project, by: User | None = None) -> Json | Job:
    """Delete all items and sources, files too, and keep the settings: what is large by the job that is returned. Raises
    Conflict `job_active` while a job runs."""
    # This full lock and the creation of a job wait for each other, so no job can write into the emptied project.
    project = Project.objects.of(project.organization_id).select_for_update().get(pk=project.pk)
    if active := Job.objects.active().filter(project=project).first():
        raise job_lifecycle.job_active(active)
    payload = RemovalPayload()
    if removal.is_large(payload.items(project), project.organization_id):
        return removal.start(project=project, by=by, payload=payload)
    return contents_deleted(items=removal.items(payload.items(project)), sources=clear(project))


def clear(project: Project) -> int:
    """Delete the sources of a project without items, and make it a draft. Returns the number of sources."""
    sources = list(DataSource.objects.filter(project=project))
    for source in sources:
        source.delete()
    transaction.on_commit(partial(removal.files, sources))
    now = timezone.now()
    Project.objects.filter(pk=project.pk).update(status=Project.Status.DRAFT, completed_at=None, updated_at=now)
    return len(sources)


def contents_deleted(*, items: int, sources: int, job: Job | None = None) -> Json:
    """What `truncate` answers; with the `job` that still deletes, if one does."""
    return {
        "message": _("The project is being emptied.") if job else _("The project is empty."),
        "items_deleted": items,
        "sources_deleted": sources,
        "status": Project.Status.DRAFT,
        "job_id": str(job.pk) if job else None,
    }


@transaction.atomic
def delete_for_good(*, project: Project, by: User | None = None) -> None:
    """Remove a trashed project with everything in it, files too: a large one at once from all eyes, and by a job. Raises
    Conflict when it is not in the trash."""
    Project.objects.of(project.organization_id).select_for_update().filter(pk=project.pk).first()
    project = _lasting(project)
    if project.deleted_at is None:
        raise Conflict(_("Only a project in the trash can be deleted for good."), code="not_in_trash")
    payload = RemovalPayload(whole=True)
    if removal.is_large(payload.items(project), project.organization_id) or removal.exceeds(removal.events_of(project)):
        removal.start(project=project, by=by, payload=payload)
    else:
        removal.items(payload.items(project))
        remove(project)


def _lasting(project: Project) -> Project:
    """The project as it is under the lock that the caller has. Raises NotFound while it is being deleted for good."""
    found = Project.objects.lasting().filter(pk=project.pk).first()
    if found is None:
        raise NotFound
    return found


def remove(project: Project) -> None:
    """Delete a project without items, and its files."""
    sources = list(DataSource.objects.filter(project=project))
    others = removal.other_keys(project)
    project.delete()
    transaction.on_commit(partial(storage.delete_all, others))
    transaction.on_commit(partial(removal.files, sources))


def refresh_status(project_id: UUID | None) -> None:
    """Set the status: draft without items, completed when every writable item is approved or synced, else active.

    Cheap, and may be repeated. Call it in the transaction that changed items."""
    items = ContentItem.objects.filter(project=project_id)
    writable = items.writable()
    if not items.exists():
        status = Project.Status.DRAFT
    elif writable.exists() and not writable.exclude(status__in=FINISHED).exists():
        status = Project.Status.COMPLETED
    else:
        status = Project.Status.ACTIVE
    now = timezone.now()
    completed = now if status == Project.Status.COMPLETED else None
    Project.objects.filter(pk=project_id).exclude(status=status).update(  # type: ignore[misc]  # None finds nothing
        status=status, completed_at=completed, updated_at=now
    )
