"""Pushing content to the project's store, the history of pushes, and undoing them."""

from functools import partial

from django.http import HttpResponse
from rest_framework.response import Response

from projects import languages
from projects.api.serializers import stores as shapes
from projects.models import ContentItem, Drift, Project, SyncRecord
from projects.project_views import ProjectViewSet
from projects.sync import comparison, conflicts, history, shop_languages, warnings
from projects.sync import job as sync_job
from projects.sync.plan import SyncPayload
from scribe.api.fields import utc
from scribe.api.job_reply import JobReply
from scribe.api.pagination import bare_array
from scribe.api.problems import pointers
from scribe.api.schema import EventStream, ListOf, operation
from scribe.api.streams import JobStream
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import Conflict, InvalidInput
from scribe.models import Job
from scribe.types import Json
from writing.fields import FIELDS

writes = partial(operation, scope="sync:write", support=True)

WAIT_SECONDS = 30
State = SyncRecord.State


def start_sync(view: ScribeViewSet, project: Project, payload: Json, base: str = "#/payload") -> Job:
    """Start the sync that a body `{mode, item_ids, force}` asks for. The ids are looked up in the project only."""
    serializer = shapes.SyncRequest(data=payload, context={"unknown_names": view.unknown_names})
    if not serializer.is_valid():
        raise InvalidInput(errors=pointers(serializer.errors, base))
    asked = dict(serializer.validated_data)
    if asked.get("language") and not asked.get("languages"):
        spoken = [languages.further(project, asked["language"], f"{base}/language")]
    else:
        spoken = languages.parse_languages(project, asked.get("languages"), f"{base}/languages")
    named = asked.get("item_ids")
    mode = asked.get("mode") or ("selected" if named else "pending")
    items = None
    if mode == "selected":
        rows = ContentItem.rows.filter(project=project, language__in={"", *spoken})
        items = view.rows(rows, named or [], f"{base}/item_ids")
    return sync_job.start(
        project=project,
        by=view.request.user,
        mode=mode,
        items=items,
        force=bool(asked.get("force")),
        leave_unrestorable=bool(asked.get("leave_unrestorable")),
        languages=spoken,
    )


def totals(job: Job) -> Json:
    failed = SyncRecord.objects.filter(job=job, state__in=[State.CONFLICT, State.FAILED]).select_related("item")
    return {
        "failed_count": int(job.result.get("failed") or 0),
        "failed_items": history.failed_items(failed.order_by("item_id")),
        "languages": job.result.get("languages") or {},
        "job_id": str(job.pk),
        "status": job.status,
        **({"error": job.error} if job.error else {}),
    }


def render_sync(job: Job) -> Response:
    """The summary of a sync; 202 while the job runs. A job that could not reach the store at all says why."""
    result = job.result
    body = {
        "synced_count": int(result.get("synced") or 0),
        "unchanged_count": int(result.get("unchanged") or 0),
        "conflict_count": int(result.get("conflicts") or 0),
        "skipped": result.get("skipped_fields") or [],
        **totals(job),
    }
    return Response(body, status=200 if job.ended else 202)


def render_undo(job: Job) -> Response:
    body = {"undone_count": int(job.result.get("undone") or 0), **totals(job)}
    return Response(body, status=200 if job.ended else 202)


def render_item(job: Job) -> Response:
    """The outcome of one item; a conflict is 409 with the texts."""
    records = list(SyncRecord.objects.filter(job=job).select_related("item").order_by("item__language"))
    if len(SyncPayload.of(job).languages) > 1:
        return _render_texts(job, records)
    record = records[0] if records else None
    body: Json = {"success": False, "message": "", "synced_at": None, "job_id": str(job.pk)}
    body |= {"skipped": {}, "changed": {}}
    if record is not None and record.state == State.CONFLICT:
        more = {"conflicts": record.conflicts, "job_id": str(job.pk), **history.restored_fields(record)}
        raise Conflict(record.error_message, code=record.code, **more)
    if record is not None and record.state == State.DONE:
        done = "old texts again" if record.kind == SyncRecord.Kind.UNDO else "new texts"
        written = record.error_message or f"The store has the {done}."
        more = {"synced_at": utc(record.synced_at), "skipped": record.skipped, "changed": record.changed}
        body |= {"success": True, "message": written, **more}
    elif record is not None and record.state == State.FAILED:
        body |= {"message": record.error_message, "skipped": record.skipped}
    elif job.ended and job.result.get("unchanged"):
        more = {"synced_at": utc(job.completed_at), "skipped": job.result.get("skipped") or {}}
        body |= {"success": True, "message": "The store had these texts already.", **more}
    elif job.ended:
        body["message"] = job.error or "The sync was cancelled."
    else:
        work = "undo" if SyncPayload.of(job).undoes else "sync"
        return Response({**body, "message": f"The {work} is still running."}, status=202)
    return Response(body)


def _render_texts(job: Job, records: list[SyncRecord]) -> Response:
    """The outcome of one item in several languages."""
    failed = int(job.result.get("failed") or 0)
    message = job.error or (f"{failed} of its texts were not written." if failed else "The store has the new texts.")
    body: Json = {
        "success": job.status == Job.Status.COMPLETED and not failed,
        "message": message if job.ended else "The sync is still running.",
        "synced_at": utc(job.completed_at),
        "job_id": str(job.pk),
        "skipped": {},
        "changed": {},
        "texts": [
            {
                "item_id": str(record.item_id),
                "language": record.item.language,
                "success": record.state == State.DONE,
                "message": record.error_message,
                "code": record.code,
                "skipped": record.skipped,
                "changed": record.changed,
                "conflicts": record.conflicts,
            }
            for record in records
        ],
    }
    return Response(body, status=200 if job.ended else 202)


PLACED = ", ".join(f"`{row.name}`" for row in FIELDS if row.placed)


class SyncViewSet(ProjectViewSet):
    tag = "sync"

    @writes(
        summary="Sync all approved items",
        description="Sends approved items to the store and waits up to 30 s. 202 means that the job continues in "
        "the background. Texts that were changed in the store since they were imported or last synced "
        "are conflicts and are not overwritten without `force`. With `languages`, approved texts in "
        "other languages are written to the store's translations. The project's `settings.sync` defines "
        f"where texts go that the platform has no field for: `placement` (of {PLACED}; each `description`, "
        "`short_description`, `meta.<key>` or `none`), `seo_plugin` (`auto`, `yoast`, `rank_math`, "
        "`seopress`), `push_slug`, Magento's `store_view`, and `custom_fields`, which an import reads "
        "as facts (see `import/filters`).",
        request=shapes.SyncRequest,
        waits=True,
        responses={200: shapes.SyncReply, 202: shapes.SyncReply},
        errors=(400, 404, 409),
    )
    def create(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        return JobReply(self.start(), render=render_sync, seconds=WAIT_SECONDS)

    @writes(
        summary="Stream sync to store",
        description="Same as `sync`, streamed as events: `item` for each updated item, `item_failed` with the "
        "reason or the conflicting texts for each item that failed.",
        request=shapes.SyncRequest,
        responses={200: EventStream},
        errors=(400, 404, 409),
    )
    def stream(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        return JobStream(self.start())

    @operation(
        scope="sync:read",
        summary="Get warnings before a sync",
        description="Warnings for a sync of all approved items, based on the last read from the store: texts that "
        "could not be restored exactly later, because the store filters them; descriptions that "
        "visitors would not see, because a page builder shows its own; texts with elements that ours lack; and texts "
        "the store has no field for. To skip the first kind, send `leave_unrestorable` with the sync. The second kind fails "
        "(`page_builder`) unless `force` is set.",
        responses={200: shapes.WarningsReply},
        errors=(404, 409),
    )
    def warnings(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        return Response({"warnings": warnings.list_warnings(project), "no_place": warnings.without_place(project)})

    @operation(
        scope="sync:read",
        live=True,
        summary="List the shop's languages",
        description="The languages that the connected store has translations for, read live, and the project "
        "language that each one maps to. If one store language matches two of the project's, set the "
        "mapping in the store connection's `languages`.",
        responses={200: shapes.ShopLanguagesReply},
        errors=(404, 409, 502, 504),
    )
    def languages(self, request: SignedInRequest, project_id: str) -> Response:
        return Response(shop_languages.list_languages(project=self.project()))

    def start(self) -> Job:
        project = self.project()
        self.body(shapes.SyncRequest)
        return start_sync(self, project, dict(self.request.data), "#")


class SyncItemViewSet(ProjectViewSet):
    tag = "sync"

    def item(self, project: Project, item_id: str) -> ContentItem:
        """The item, or a text in a further language by its own id."""
        return self.row(ContentItem.rows.filter(project=project), item_id)

    @writes(
        summary="Sync single item",
        description="Sends one approved item to the store or, with `languages`, its texts in other languages. If a "
        "text was changed in the store since, returns 409 `sync_conflict` with the imported or last "
        "synced text, the store's current text and the generated text of each field. `force` overwrites "
        "with our texts; `resolve` chooses a side for each field, and fields that are left out stay in "
        "conflict.",
        request=shapes.ItemSyncRequest,
        waits=True,
        responses={200: shapes.SyncItemReply, 202: shapes.SyncItemReply},
        errors=(400, 404, 409),
    )
    def create_item(self, request: SignedInRequest, project_id: str, item_id: str) -> HttpResponse:
        project = self.project()
        item = self.item(project, item_id)
        body = self.body(shapes.ItemSyncRequest)
        if sides := body.get("resolve"):
            job = conflicts.resolve(project=project, by=request.user, item=item, sides=sides)
            return JobReply(job, render=render_item, seconds=WAIT_SECONDS)
        spoken = (
            [item.language]
            if item.language
            else languages.parse_languages(project, body.get("languages"), "#/languages")
        )
        job = sync_job.start(
            project=project,
            by=request.user,
            mode="selected",
            items=[item],
            force=body.get("force", False),
            leave_unrestorable=body.get("leave_unrestorable", False),
            single=True,
            languages=spoken,
        )
        return JobReply(job, render=render_item, seconds=WAIT_SECONDS)

    @writes(
        summary="Undo an item's last sync",
        description="Restores the texts that the last sync of this item replaced; the item becomes `approved`. "
        "Returns 409 `store_changed` if the texts have changed in the store since.",
        request=shapes.ForceRequest,
        waits=True,
        responses={200: shapes.SyncItemReply, 202: shapes.SyncItemReply},
        errors=(400, 404, 409),
    )
    def undo_item(self, request: SignedInRequest, project_id: str, item_id: str) -> HttpResponse:
        project = self.project()
        item = self.item(project, item_id)
        body = self.body(shapes.ForceRequest)
        job = sync_job.undo_item(project=project, item=item, by=request.user, force=body.get("force", False))
        return JobReply(job, render=render_item, seconds=WAIT_SECONDS)

    @operation(
        scope="sync:read",
        summary="Get item sync history",
        description="All sync attempts, newest first, with the texts before and after.",
        responses={200: shapes.HistoryReply},
    )
    def history(self, request: SignedInRequest, project_id: str, item_id: str) -> Response:
        item = self.item(self.project(), item_id)
        rows = SyncRecord.objects.of(item.organization_id).filter(item=item).order_by("-created_at")
        return Response(
            {"item_id": str(item.pk), "item_external_id": item.external_id, "history": [entry(row) for row in rows]}
        )


def entry(row: SyncRecord) -> Json:
    return shapes.HistoryEntry.of(
        row,
        success=row.state == State.DONE,
        changes=[{"field": f, "before": row.before.get(f), "after": row.after.get(f)} for f in row.after],
    )


class JobUndoViewSet(ScribeViewSet):
    tag = "sync"

    @writes(
        summary="Undo a whole sync",
        description="Restores the texts that a sync replaced in the store. Items whose texts have changed in the "
        "store since are not touched, and are listed in the result.",
        request=shapes.ForceRequest,
        waits=True,
        responses={200: shapes.UndoReply, 202: shapes.UndoReply},
        errors=(400, 404, 409),
    )
    def undo(self, request: SignedInRequest, job_id: str) -> HttpResponse:
        job = self.row(Job.objects.select_related("project", "organization"), job_id)
        body = self.body(shapes.ForceRequest)
        made = sync_job.undo_job(job=job, by=request.user, force=body.get("force", False))
        return JobReply(made, render=render_undo, seconds=WAIT_SECONDS)


class VerifyViewSet(ProjectViewSet):
    tag = "sync"

    @writes(
        summary="Compare with the store",
        description="Queues a `verify` job that compares the texts we expect in the store with the actual ones. "
        "Nothing in the store is changed. The same comparison runs weekly. Differences are listed by "
        "`drift`; contents generated from a text that was edited in the store since are marked in "
        "`outdated_fields`. Returns 409 `job_active` while another job is changing the project's items.",
        responses={202: shapes.VerifyReply},
        errors=(404, 409),
    )
    def verify(self, request: SignedInRequest, project_id: str) -> Response:
        job = comparison.start(project=self.project(), by=request.user)
        return Response({"job_id": str(job.pk), "status": job.status}, status=202)

    @operation(
        scope="sync:read",
        summary="List what differs from the store",
        description="Items whose texts in the store differ from what we expect, as of the last comparison. A text "
        "in another language that we synced is a separate row.",
        responses={200: ListOf(shapes.DriftReply)},
    )
    def drift(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        found = Drift.objects.filter(item__project=self.project()).select_related("item").order_by("item_id")
        return bare_array(request, found, drift_row)


def drift_row(row: Drift) -> Json:
    return shapes.DriftReply.of(
        row,
        main_item_id=str(row.item.main_id) if row.item.main_id else None,
        name=str(row.item.source_data.get("name") or ""),
    )
