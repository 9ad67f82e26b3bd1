"""Pushing content to the project's store, the history of pushes, and undoing them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from projects import languages
from projects.api.serializers.stores import (
    ForceRequest,
    HistoryReply,
    ItemSyncRequest,
    ShopLanguagesReply,
    SyncItemReply,
    SyncReply,
    SyncRequest,
    UndoReply,
    WarningsReply,
)
from projects.models import ContentItem, Project, SyncRecord
from projects.project_views import ProjectViewSet
from projects.sync import history, shop_languages, warnings
from projects.sync import job as sync_job
from projects.sync.payload import SyncPayload
from scribe.api.fields import utc
from scribe.api.job_reply import JobReply
from scribe.api.problems import pointers
from scribe.api.schema import EventStream, operation
from scribe.api.streams import JobStream
from scribe.api.views import ScribeViewSet
from scribe.errors import Conflict, InvalidInput
from scribe.models import Job

WAIT_SECONDS = 30
State = SyncRecord.State


def start_sync(view: ScribeViewSet, project: Project, payload: dict[str, Any], base: str = "#/payload") -> Job:
    """Start the sync that a body `{mode, item_ids, force}` asks for. The ids are looked up in the project only."""
    serializer = SyncRequest(data=payload)
    if not serializer.is_valid():
        raise InvalidInput(errors=pointers(serializer.errors, base))
    asked = dict(serializer.validated_data)
    if asked.get("language") and not asked.get("languages"):
        spoken = [languages.further(project, asked["language"], f"{base}/language")]
    else:
        spoken = languages.named(project, asked.get("languages"), f"{base}/languages")
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


def totals(job: Job) -> dict[str, Any]:
    failed = SyncRecord.objects.filter(job=job, state__in=[State.CONFLICT, State.FAILED]).select_related("item")
    return {
        "failed_count": int(job.result.get("failed") or 0),
        "failed_items": history.failed_items(failed.order_by("item_id")),
        "languages": job.result.get("languages") or {},
        "job_id": str(job.pk),
        "status": job.status,
    }


def render_sync(job: Job) -> Response:
    """The summary of a sync; 202 while the job runs. A job that could not reach the store at all says why."""
    result = job.result
    body = {
        "synced_count": int(result.get("synced") or 0),
        "unchanged_count": int(result.get("unchanged") or 0),
        "conflict_count": int(result.get("conflicts") or 0),
        **totals(job),
        **({"error": job.error} if job.error else {}),
    }
    return Response(body, status=200 if job.ended else 202)


def render_undo(job: Job) -> Response:
    body = {
        "undone_count": int(job.result.get("undone") or 0),
        **totals(job),
        **({"error": job.error} if job.error else {}),
    }
    return Response(body, status=200 if job.ended else 202)


def render_item(job: Job) -> Response:
    """The outcome of one item; a conflict is 409 with the texts."""
    records = list(SyncRecord.objects.filter(job=job).select_related("item").order_by("item__language"))
    if len(SyncPayload.of(job).languages) > 1:
        return _render_texts(job, records)
    record = records[0] if records else None
    body: dict[str, Any] = {"success": False, "message": "", "synced_at": None, "job_id": str(job.pk)}
    body |= {"skipped": {}, "changed": {}}
    if record is not None and record.state == State.CONFLICT:
        more = {"conflicts": record.conflicts, "job_id": str(job.pk), **history.restored(record)}
        raise Conflict(record.error_message, code=record.code, **more)
    if record is not None and record.state == State.DONE:
        written = record.error_message or "The store has the new texts."
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
        return Response({**body, "message": "The sync is still running."}, status=202)
    return Response(body)


def _render_texts(job: Job, records: list[SyncRecord]) -> Response:
    """The outcome of one item in several languages."""
    failed = int(job.result.get("failed") or 0)
    message = job.error or (f"{failed} of its texts were not written." if failed else "The store has the new texts.")
    body = {
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


class SyncViewSet(ProjectViewSet):
    @operation(
        tag="sync",
        scope="sync:write",
        support=True,
        summary="Sync all approved items",
        description="Pushes approved items to the store and waits up to 30 s; 202 means that the job goes on. Texts that the "
        "merchant changed since they were imported or last pushed are conflicts and are not overwritten without `force`. "
        "With `languages`, approved texts in further languages go into the shop's own translations. "
        "The project's `settings.sync` says where texts go that a platform has no field for: `placement` (`short_description` "
        "and `attributes` at Shopify, `bullet_points`, `structured_data`; each `description`, `short_description`, "
        "`meta.<key>` or `none`), `seo_plugin` (`auto`, `yoast`, `rank_math`, `seopress`), `push_slug`, Magento's `store_view`, and `custom_fields`, which an import reads as facts (see `import/filters`).",
        request=SyncRequest,
        responses={200: SyncReply, 202: SyncReply},
        errors=(400, 404, 409),
    )
    def create(self, request: Any, project_id: str) -> HttpResponse:
        return JobReply(self.start(), render=render_sync, seconds=WAIT_SECONDS)

    @operation(
        tag="sync",
        scope="sync:write",
        support=True,
        summary="Stream sync to store",
        description="The same, followed event by event: `item` for each item written, `item_failed` with the reason or the "
        "conflicting texts for each that was not.",
        request=SyncRequest,
        responses={200: EventStream},
        errors=(400, 404, 409),
    )
    def stream(self, request: Any, project_id: str) -> HttpResponse:
        return JobStream(self.start())

    @operation(
        tag="sync",
        scope="sync:read",
        summary="Get warnings before a sync",
        description="Which texts of the store's a sync of all approved items would replace though they could not be put back "
        "as they were, since the store's own filter cuts them; and which descriptions visitors would not see, since a page builder "
        "shows its own. Judged by what was last read. `leave_unrestorable` in the body of a sync leaves the former; the latter "
        "are refused (`page_builder`) unless `force` is set.",
        responses={200: WarningsReply},
        errors=(404, 409),
    )
    def warnings(self, request: Any, project_id: str) -> Response:
        return Response({"warnings": warnings.of(self.project())})

    @operation(
        tag="sync",
        scope="sync:read",
        live=True,
        summary="List the shop's languages",
        description="The languages that the connected shop keeps translations for, as it tells them now, and which of ours "
        "each of them gets. Where one place serves two of ours, the store connection's `languages` say which.",
        responses={200: ShopLanguagesReply},
        errors=(404, 409, 502, 504),
    )
    def languages(self, request: Any, project_id: str) -> Response:
        return Response(shop_languages.listed(project=self.project()))

    def start(self) -> Job:
        project = self.project()
        self.body(SyncRequest)
        return start_sync(self, project, dict(self.request.data), "#")


class SyncItemViewSet(ProjectViewSet):
    def item(self, project: Project, item_id: str) -> ContentItem:
        """The item, or a text in a further language by its own id."""
        return self.row(ContentItem.rows.filter(project=project), item_id)

    @operation(
        tag="sync",
        scope="sync:write",
        support=True,
        summary="Sync single item",
        description="Pushes one approved item, or with `languages` its texts in further languages. Changed in the store meanwhile: 409 `sync_conflict` with, per field, what was "
        "imported or last pushed, what the store has now, and what was generated.",
        request=ItemSyncRequest,
        responses={200: SyncItemReply, 202: SyncItemReply},
        errors=(400, 404, 409),
    )
    def create_item(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        project = self.project()
        item = self.item(project, item_id)
        body = self.body(ItemSyncRequest)
        spoken = [item.language] if item.language else languages.named(project, body.get("languages"), "#/languages")
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

    @operation(
        tag="sync",
        scope="sync:write",
        support=True,
        summary="Undo an item's last sync",
        description="Puts back what the last push of this item replaced; the item becomes `approved`. Refused (409 "
        "`store_changed`) where the store has changed since.",
        request=ForceRequest,
        responses={200: SyncItemReply, 202: SyncItemReply},
        errors=(400, 404, 409),
    )
    def undo_item(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        project = self.project()
        item = self.item(project, item_id)
        body = self.body(ForceRequest)
        job = sync_job.undo_item(project=project, item=item, by=request.user, force=body.get("force", False))
        return JobReply(job, render=render_item, seconds=WAIT_SECONDS)

    @operation(
        tag="sync",
        scope="sync:read",
        summary="Get item sync history",
        description="Every attempt, newest first, with the texts before and after.",
        responses={200: HistoryReply},
        errors=(404,),
    )
    def history(self, request: Any, project_id: str, item_id: str) -> Response:
        item = self.item(self.project(), item_id)
        rows = SyncRecord.objects.of(item.organization_id).filter(item=item).order_by("-created_at")
        return Response(
            {"item_id": str(item.pk), "item_external_id": item.external_id, "history": [entry(row) for row in rows]}
        )


def entry(row: SyncRecord) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "content_item_id": str(row.item_id),
        "store_connection_id": str(row.connection_id) if row.connection_id else None,
        "store_connection_name": row.connection_name,
        "synced_at": utc(row.synced_at),
        "success": row.state == State.DONE,
        "error_message": row.error_message or None,
        "changed": row.changed,
        "kind": row.kind,
        "state": row.state,
        "code": row.code,
        "changes": [{"field": f, "before": row.before.get(f), "after": row.after.get(f)} for f in row.after],
        "conflicts": row.conflicts,
        "skipped": row.skipped,
        "forced": row.forced,
        "job_id": str(row.job_id) if row.job_id else None,
        "undone_at": utc(row.undone_at),
    }


class JobUndoViewSet(ScribeViewSet):
    @operation(
        tag="sync",
        scope="sync:write",
        support=True,
        summary="Undo a whole sync",
        description="Puts back what a sync replaced, item by item; those that the store has changed since are listed.",
        request=ForceRequest,
        responses={200: UndoReply, 202: UndoReply},
        errors=(400, 404, 409),
    )
    def undo(self, request: Any, job_id: str) -> HttpResponse:
        job = self.row(Job.objects.select_related("project", "organization"), job_id)
        body = self.body(ForceRequest)
        made = sync_job.undo_job(job=job, by=request.user, force=body.get("force", False))
        return JobReply(made, render=render_undo, seconds=WAIT_SECONDS)
