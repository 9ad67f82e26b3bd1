"""Compare the texts that we expect in the store with those that it shows. The comparison writes nothing there.

A text that differs is drift, and has a cause: the merchant edited it, the platform changed it (it left out words of ours
and added nothing), or we failed (the store shows the text from before our push). If the merchant edited a source text, the
content made from it is marked as outdated. The next push looks for itself, and finds the same edit as a conflict.

Of the texts in further languages those that we pushed are compared with the shop's translations. Any other is the merchant's.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from catalog.source_data import SHOWN
from integrations import connections
from integrations.models import StoreConnection
from integrations.stores import misshapen, platforms, texts
from integrations.stores.errors import StoreError, Unsupported
from integrations.stores.interface import TextStore
from integrations.stores.texts import Text
from integrations.stores.types import Current, Ref
from projects import hosts
from projects.models import ContentItem, Drift, Project, StoreText, SyncRecord
from projects.store_work import connection_of, give_way, pausing, store_of
from projects.sync import history, shop_languages
from projects.sync.plan import shown_of
from scribe import jobs
from scribe.errors import Conflict
from scribe.jobs import JobNotice, Run
from scribe.jobs.lifecycle import active_writer, job_active
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json
from scribe.unforeseen import keep_going
from writing.fields import Form, Role

MERCHANT, PLATFORM, OURS = "merchant", "platform", "ours"
CHANGED_BY = {
    MERCHANT: _("{number} by the merchant"),
    PLATFORM: _("{number} by the platform"),
    OURS: _("{number} by a failure of ours"),
}
COMPARED = frozenset(row.name for row in SHOWN if row.role is not Role.DERIVED and row.form is not Form.PAIRS)
EVERY = timedelta(days=7)


def items_of(project_id: UUID) -> QuerySet[ContentItem]:
    """The items that can differ: they have generated content, or texts that the store is known to hold."""
    rows = ContentItem.objects.filter(project_id=project_id).writable().exclude(external_id="")
    return rows.exclude(Q(generated_content={}) & Q(store_text=None))


def pushed_texts(project_id: UUID) -> QuerySet[ContentItem]:
    """The texts in further languages that can differ: those that a push wrote, or may have written."""
    rows = ContentItem.rows.filter(project_id=project_id).exclude(language="").writable().exclude(external_id="")
    written = Q(store_text__isnull=False) & ~Q(store_text__ours=[])
    return rows.filter(written | Exists(SyncRecord.objects.unfinished().filter(item=OuterRef("pk"))))


def start(*, project: Project, by: User | None) -> Job:
    """The queued comparison. Conflict `job_active` while another job writes the project's items or compares them."""
    connection_of(project)
    running = Job.objects.active().filter(project=project, job_type=Job.Type.VERIFY).first()
    if active := running or active_writer(project):
        raise job_active(active)
    return jobs.create(
        job_type=Job.Type.VERIFY,
        project=project,
        created_by=by,
        total=items_of(project.pk).count() + pushed_texts(project.pk).count(),
    )


def start_due() -> int:
    """Start a comparison for each project with a push and without a comparison in the last week. Returns their number."""
    recent = Job.objects.filter(job_type=Job.Type.VERIFY, project=OuterRef("pk"), created_at__gt=timezone.now() - EVERY)
    pushed = SyncRecord.objects.pushed().filter(item__project=OuterRef("pk"))
    begun = 0
    due = Project.objects.kept().filter(Exists(pushed), organization__suspended_at=None).exclude(Exists(recent))
    for project in due.select_related("organization"):
        # Conflict: no usable connection, or another job is at work
        with keep_going("a comparison could not be started", project_id=str(project.pk)), suppress(Conflict):
            start(project=project, by=None)
            begun += 1
    return begun


def run(run: Run) -> None:
    """Compare the items that are left, then the texts in further languages. `result`: `checked`, `drifted`, `gone`, and the
    number of texts by cause; `unread` counts the items of which the store's answer could not be read. `languages` has
    `{checked, drifted, refused}` of each further language; `refused` is the reason why the shop shows none of its texts."""
    project = Project.objects.select_related("organization").get(pk=run.job.project_id)  # type: ignore[misc]  # without a project there is none
    connection = connection_of(project)
    store = store_of(project, connection, pause=pausing(run))
    _compare(run, store, connection, items_of(project.pk), "")
    further = pushed_texts(project.pk)
    for language in further.order_by("language").values_list("language", flat=True).distinct():
        run.check()
        if language < str(run.result.get("language") or ""):
            continue  # an earlier lease has compared it
        try:
            shop = shop_languages.into(language, store.languages(), connection, project)
            _compare(run, store.translated(shop), connection, further.filter(language=language), language)
        except Unsupported as error:
            with run.settling():
                _counters_of(run, language)["refused"] = error.message
                run.advance(_not_yet_compared(run, further.filter(language=language), language).count())
                run.result.update(language=language, after=str(UUID(int=2**128 - 1)))
        except StoreError as error:
            raise give_way(run, error, connection) from error
    connections.note_success(connection, store)


def _compare(
    run: Run, store: TextStore, connection: StoreConnection, chosen: QuerySet[ContentItem], language: str
) -> None:
    """Compare the `chosen` rows of one language that are left. Raises Unsupported where the shop does not show it."""
    if language < str(run.result.get("language") or ""):
        return
    while True:
        run.check()
        rows = _not_yet_compared(run, chosen, language).select_related("store_text").order_by("pk")
        found = list(rows[: store.read_size])
        if not found:
            break
        asked = {history.ref_of(item): item for item in found}
        try:
            current = _read(store, asked)
        except StoreError as error:
            if language and isinstance(error, Unsupported):
                raise
            raise give_way(run, error, connection) from error
        elsewhere = hosts.from_elsewhere(found, connection)
        unread = [ref for ref, item in asked.items() if item.pk in elsewhere or _is_unread(current.get(ref), language)]
        asked = {ref: item for ref, item in asked.items() if ref not in unread}
        with run.settling():
            read = {ref: there for ref, there in current.items() if ref in asked and isinstance(there, Current)}
            _settle(
                run, asked, {ref: history.assume_hidden_places(asked[ref], there) for ref, there in read.items()}, store
            )
            if unread:
                run.result["unread"] = int(run.result.get("unread") or 0) + len(unread)
                run.advance(len(unread))
            run.result.update(after=str(found[-1].pk), language=language, tries=0, calls=store.http.calls)
        if run.should_yield():
            raise jobs.TryAgain(0)


def _not_yet_compared(run: Run, chosen: QuerySet[ContentItem], language: str) -> QuerySet[ContentItem]:
    """Those of the `chosen` rows of one language that no lease has compared yet."""
    after = run.result.get("after") if language == str(run.result.get("language") or "") else None
    return chosen.filter(pk__gt=UUID(after)) if after else chosen


def _is_unread(there: Current | StoreError | None, language: str) -> bool:
    """Whether the answer tells nothing of the texts. An item that is not linked to its translation shows none of them."""
    return isinstance(there, StoreError) or bool(language and there is not None and there.refused)


def _counters_of(run: Run, language: str) -> Json:
    """The counters of a further language in the job's result."""
    found: Json = run.result.setdefault("languages", {}).setdefault(language, {})
    return found


def _read(store: TextStore, asked: dict[Ref, ContentItem]) -> dict[Ref, Current | StoreError]:
    """The texts in the store. If an answer can't be read, halves are asked for, down to the item that is the cause: that
    one has the error."""
    try:
        return dict(store.fetch_texts(list(asked), history.chosen_places(asked.values())))
    except StoreError as error:
        if error.code != misshapen.CODE:
            raise
        if len(asked) == 1:
            return dict.fromkeys(asked, error)
    refs = list(asked)
    parts = (refs[: len(refs) // 2], refs[len(refs) // 2 :])
    return {ref: there for part in parts for ref, there in _read(store, {r: asked[r] for r in part}).items()}


def _settle(run: Run, asked: dict[Ref, ContentItem], current: dict[Ref, Current], store: TextStore) -> None:
    items = {item.pk: ref for ref, item in asked.items()}
    unfinished = list(SyncRecord.objects.unfinished().filter(item__in=list(items)).order_by("created_at"))
    busy = {record.item_id for record in unfinished if record.state == SyncRecord.State.WRITING}
    open_records = [r for r in unfinished if r.item_id not in busy]
    _finish(open_records, {pk: asked[ref] for pk, ref in items.items()}, current, store)
    fresh = ContentItem.rows.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(items))
    pushes = SyncRecord.objects.pushed().filter(item__in=list(items)).order_by("created_at")
    before = {record.item_id: record.before for record in pushes}
    drifts: list[Drift] = []
    for item in fresh.select_related("store_text", "drift").order_by("pk"):
        read = asked[items[item.pk]]
        if item.pk in busy or shown_of(item) != shown_of(read):
            continue  # a sync or an import changed the item while we read the store
        there = current.get(items[item.pk])
        fields = [] if there is None else differences(item, there, before.get(item.pk, {}))
        if fields or there is None:
            drifts.append(_drift(run, item, fields, gone=there is None))
        _mark(item, fields)
    _count(run, len(items), drifts, next(iter(asked.values())).language if asked else "")
    drifted = {drift.item_id for drift in drifts}
    Drift.objects.filter(item__in=[pk for pk in items if pk not in drifted and pk not in busy]).delete()
    Drift.objects.bulk_create(
        drifts, update_conflicts=True, unique_fields=["item"], update_fields=["job", "gone", "fields", "found_at"]
    )


def _finish(
    records: list[SyncRecord], items: dict[UUID, ContentItem], current: dict[Ref, Current], store: TextStore
) -> None:
    """Close the records whose outcome was unknown, now that the store's texts have been read."""
    known: dict[UUID, StoreText] = {}
    done = []
    for record in records:
        item = items[record.item_id]
        if (there := current.get(history.ref_of(item))) is not None:
            known[item.pk] = history.conclude(record, item, there, store)
            done.append(record)
    history.save(done)
    history.note_undone(done)
    history.save_texts(known.values())


def differences(item: ContentItem, there: Current, before: Json) -> list[Json]:
    """`{field, cause, expected, store}` of each text that the store shows differently than expected."""
    text = getattr(item, "store_text", None)
    ours = text.ours if text is not None else []
    found = []
    for field, expected in shown_of(item).items():
        if field not in ours and (item.language or field not in COMPARED):
            continue
        if field not in there.texts and field not in ours:
            continue  # this platform has no such place
        store = there.texts.get(field, "")
        if not texts.same(field, store, expected):
            cause = _cause(field, store, expected, before) if field in ours else MERCHANT
            found.append({"field": field, "cause": cause, "expected": expected, "store": store})
    return found


def _cause(field: str, store: Text, expected: Text, before: Json) -> str:
    if field in before and texts.same(field, store, before[field]):
        return OURS
    return PLATFORM if field != "tags" and texts.left_of(field, store, expected) else MERCHANT


def _drift(run: Run, item: ContentItem, fields: list[Json], *, gone: bool) -> Drift:
    told = {"item_id": str(item.pk), "external_id": item.external_id, "name": str(item)[:200], "gone": gone}
    told |= {"language": item.language, "main_item_id": str(item.main_id)} if item.language else {}
    run.emit("item", {**told, "fields": [{"field": f["field"], "cause": f["cause"]} for f in fields]})
    noted = getattr(item, "drift", None)
    return Drift(
        organization_id=item.organization_id,
        item=item,
        job=run.job,
        gone=gone,
        fields=fields,
        found_at=noted.found_at if gone and noted and noted.gone else timezone.now(),
    )


def _mark(item: ContentItem, fields: list[Json]) -> None:
    """Mark the content as outdated where the merchant edited its source text, without waiting for the next import. A text
    in a further language is not made from the shop's translation."""
    if item.language:
        return
    edited = {f["field"] for f in fields if f["cause"] == MERCHANT} - platforms.MARK_PLACES
    if item.generated_content and edited - set(item.outdated_fields):
        item.outdated_fields = sorted({*item.outdated_fields, *edited})
        ContentItem.objects.filter(pk=item.pk).update(outdated_fields=item.outdated_fields)


def _count(run: Run, checked: int, drifts: list[Drift], language: str) -> None:
    result = run.result
    if language:
        own = _counters_of(run, language)
        own["checked"] = int(own.get("checked") or 0) + checked
        own["drifted"] = int(own.get("drifted") or 0) + len(drifts)
    causes = [field["cause"] for drift in drifts for field in drift.fields]
    for key, more in (
        ("checked", checked),
        ("drifted", len(drifts)),
        ("gone", sum(drift.gone for drift in drifts)),
        *((cause, causes.count(cause)) for cause in (MERCHANT, PLATFORM, OURS)),
    ):
        result[key] = int(result.get(key) or 0) + more
    result["succeeded"] = result["checked"]
    run.advance(checked)


def end_notice(job: Job) -> JobNotice | None:
    """The notice if the job found drift or failed. A cancelled job sends none."""
    result = job.result
    if job.status == Job.Status.CANCELLED or not (result.get("drifted") or job.status == Job.Status.FAILED):
        return None
    name = job.project.name if job.project else _("your project")
    if job.status == Job.Status.FAILED:
        return JobNotice(_("{name} could not be compared with its store", name=name))
    texts_of = [text.format(number=result.get(cause, 0)) for cause, text in CHANGED_BY.items()]
    body = _("Texts that differ in the store: {texts_of}.", texts_of=texts_of)
    return JobNotice(_("{drifted} items of {name} differ", drifted=result["drifted"], name=name), body)
