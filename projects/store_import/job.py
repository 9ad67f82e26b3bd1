"""An import from the project's store, page by page. Each page is settled with the cursor of the next one, so a killed
worker loses one page at most. While a store prepares its pages, the job waits in its queue."""

from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from billing import limits
from catalog.files.limits import MAX_ROWS
from integrations import connections
from integrations.stores.errors import StoreError
from integrations.stores.types import Filters, ItemPage
from projects import hosts, lifecycle
from projects.import_payload import ImportPayload
from projects.models import ContentItem, DataSource, Project
from projects.store_import import filters, gone_items
from projects.store_import.shop_translations import ShopTranslations
from projects.store_import.translated import RowLanguages, Translated
from projects.store_import.upsert import link, upsert
from projects.store_work import StoreWaits, connection_of, give_way, pausing, store_of
from scribe import jobs, unforeseen
from scribe.api.fields import utc
from scribe.jobs import Run
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json

MOST_EMPTY_PAGES = 100  # one after the other
NOTHING_COMES = _("The store keeps returning empty pages. Please report this to support.")
TOO_MANY = _("The store has more than {most:,} items.", most=MAX_ROWS)


def start(*, project: Project, given: Json, by: User) -> tuple[Job, int]:
    """The queued job and the number of pages that it will read. The store is asked for a count first, so that a store
    that cannot be reached fails at once."""
    connection = connection_of(project)
    chosen = filters.check_filters(store_of(project, connection), given)
    seen = filters.preview(project=project, given=given)
    with transaction.atomic():
        job = jobs.create(
            job_type=Job.Type.IMPORT,
            project=project,
            created_by=by,
            total=seen["count"],
        )
        # The job above is the only writer of this project's items, so no second source can be made at once.
        source = hosts.store_source(connection, project.pk)
        if source is None:
            source = DataSource(organization_id=project.organization_id, project=project, type=DataSource.Type.STORE)
        source.name = connection.name
        source.config = {
            "connection_id": str(connection.pk),
            "base_url": connection.base_url,
            "moved_at": utc(connection.moved_at),
            "filters": dict(chosen),
            "job_id": str(job.pk),
        }
        source.status, source.error_message = DataSource.Status.PROCESSING, ""
        source.save()
        job.payload = ImportPayload(source_id=str(source.pk), filters=dict(chosen)).as_dict()
        job.save(update_fields=["payload"])
    return job, seen["batches"]


def read(run: Run, source: DataSource) -> None:
    """Read the pages still missing, then the shop's translations. `result`: `imported`, `updated`, `unchanged`, `seen`,
    `pages`, `failed`, `gone` (the items that an import of all did not find), the next
    `cursor`, `note`, the last thing that the store's client had to say about its way of reading, `translations`, as
    `Translated` counts them, and `shop_translations`, as `ShopTranslations` does."""
    project = source.project
    connection = connection_of(project)
    store = store_of(project, connection, pause=pausing(run))
    store.http.waiting = StoreWaits(run).note_and_tell
    before = int(run.result.get("calls") or 0)  # of earlier leases
    chosen: Filters = ImportPayload.of(run.job).filters
    translated = Translated(run, store, connection, source)
    while not run.result.get("read"):
        run.check()
        try:
            page = store.page(chosen, run.result.get("cursor") or store.first_cursor(chosen, run.job.progress_total))
            page = replace(page, items=translated.without_foreign(page.items))
            languages = translated.meet(page.items)
        except StoreError as error:
            raise give_way(run, error, connection) from error
        _settle(run, source, page, before + store.http.calls, languages)
        translated.join(page.items)
        if page.wait:  # in the queue, where it holds no worker
            raise jobs.TryAgain(page.wait, reason=page.note, code=page.code)
        if page.note:
            run.report_wait(0, reason=page.note, code=page.code)
        _stop_endless_import(run)
        if run.should_yield():
            raise jobs.TryAgain(0)
    with run.settling():
        link(source=source)
    if not chosen and "gone" not in run.result:
        gone_items.note_gone(run, store, source)
    try:
        translated.end()
        ShopTranslations(run, store, connection, source).read()
    except StoreError as error:
        raise give_way(run, error, connection) from error
    connections.note_success(connection, store)


def _stop_endless_import(run: Run) -> None:
    """Stop an import that would never end, because the store counts wrongly or means to keep us busy."""
    if not run.result["read"] and int(run.result["empty_pages"]) > MOST_EMPTY_PAGES:
        raise jobs.Failed(NOTHING_COMES, code="store_has_no_end")
    if int(run.result["seen"]) > MAX_ROWS:
        raise jobs.Failed(TOO_MANY, code="too_many_rows")


def _settle(run: Run, source: DataSource, page: ItemPage, calls: int, languages: RowLanguages) -> None:
    result = run.result
    if page.note:
        result["note"] = page.note
    with run.settling():
        if page.wait:
            result["cursor"], result["calls"], result["tries"] = page.cursor, calls, 0
            return
        items = [item for item in page.items if not item.unread]
        tally = upsert(source=source, page=items, position=int(result.get("seen") or 0), languages=languages)
        if not ImportPayload.of(run.job).filters:
            gone_items.note_met(run.job, tally.met)
        limits.check("items", source.organization_id, tally.imported)
        DataSource.objects.filter(pk=source.pk).update(item_count=F("item_count") + tally.imported)
        link(source=source, found=items)
        for item in page.items:
            if item.unread:
                result["failed"] = int(result.get("failed") or 0) + 1
                run.emit(
                    "item_failed", {"external_id": item.external_id, "reason": item.unread, "code": unforeseen.CODE}
                )
        result["imported"] = int(result.get("imported") or 0) + tally.imported
        result["updated"] = int(result.get("updated") or 0) + tally.updated
        result["unchanged"] = int(result.get("unchanged") or 0) + tally.unchanged
        result["seen"] = int(result.get("seen") or 0) + len(page.items)
        result["pages"] = int(result.get("pages") or 0) + 1
        result["empty_pages"] = 0 if page.items else int(result.get("empty_pages") or 0) + 1
        result["cursor"], result["read"] = page.cursor, page.cursor is None
        result["calls"] = calls
        result["tries"] = 0
        steps = sum(1 for item in page.items if item.item_type != "variant")
        more = run.job.progress_current + steps > run.job.progress_total
        run.advance(steps, total=run.job.progress_current + steps if more else None)


def close(job: Job, source: DataSource) -> None:
    """Set the source to ready or failed at the job's end. The items read so far stay."""
    failed = job.status == Job.Status.FAILED
    source.status = DataSource.Status.ERROR if failed else DataSource.Status.READY
    source.error_message = job.error if failed else ""
    source.item_count = ContentItem.objects.filter(data_source=source).count()
    source.last_synced_at = timezone.now()
    source.save()
    lifecycle.refresh_status(source.project_id)
