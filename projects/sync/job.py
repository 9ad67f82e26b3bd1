"""The sync job, for a push and for an undo: its start, run and end. A request is checked before its job is created."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from accounts.models import User
from integrations.models import StoreConnection
from integrations.stores.errors import StoreError, Unsupported
from integrations.stores.interface import Store, TextStore
from integrations.stores.types import ShopLanguage, Text
from projects import lifecycle
from projects.models import ContentItem, Project, SyncRecord
from projects.store_work import connection_of, give_way, pausing, placement_of, store_of
from projects.sync import history, shop_languages
from projects.sync.pipeline import Pipeline
from projects.sync.plan import SyncPayload
from projects.sync.push import PUSHABLE, PushReconciler, rows_to_push
from projects.sync.reconciler import Reconciler
from projects.sync.undo import UndoReconciler
from scribe import jobs
from scribe.errors import Conflict, InvalidInput
from scribe.jobs import JobNotice, Run
from scribe.messages import Message, _
from scribe.models import Job

MODES = ("pending", "all", "selected")
VARIANTS = _(
    "Excluded items and variants can't be synced. A variant uses its product's text: sync the product instead."
)
MAIN = ""  # the project's main language, in a list of languages


def start(
    *,
    project: Project,
    by: User,
    mode: str,
    items: list[ContentItem] | None = None,
    force: bool = False,
    ours: Mapping[str, dict[str, Text]] | None = None,
    leave_unrestorable: bool = False,
    single: bool = False,
    languages: Sequence[str] = (MAIN,),
) -> Job:
    """The queued push of texts in these languages (`MAIN` is the project's main one), which goes first.

    `items` are those of mode `selected`, `ours` as in SyncPayload; texts in further languages go by their items' ids or by their own. Raises Conflict
    `not_approved` for an unapproved one, and where the items have no approved text in any of the languages.
    """
    connection_of(project)
    spoken = sorted(set(languages), key=lambda code: (code != MAIN, languages.index(code)))
    ids = [str(item.pk) for item in items or []]
    if mode == "selected":
        check_approved([item for item in items or [] if MAIN in spoken or item.language], some=bool(ids))
    total = sum(rows_to_push(project.pk, code, mode, ids).count() for code in spoken)
    if mode == "selected" and not total:
        raise Conflict(
            _("None of the items has an approved text in these languages."), code="not_approved", ids=ids[:100]
        )
    payload = SyncPayload(
        mode=mode,
        item_ids=ids,
        languages=spoken,
        force=force,
        ours=dict(ours or {}),
        leave_unrestorable=leave_unrestorable,
        single=single and mode == "selected",
    )
    return _create(project, payload, by, total)


def _create(project: Project, payload: SyncPayload, by: User, total: int) -> Job:
    return jobs.create(
        job_type=Job.Type.SYNC,
        project=project,
        created_by=by,
        payload=payload.as_dict(),
        total=total,
    )


def check_approved(items: Sequence[ContentItem], *, some: bool) -> None:
    """Raises InvalidInput unless `some` items were named, and Conflict `item_not_writable` or `not_approved` for one that may
    not be pushed."""
    if not some:
        raise InvalidInput.at("#/item_ids", _("Choose the items to sync."), "required")
    if out := [item for item in items if item.excluded_at or item.item_type == ContentItem.Type.VARIANT]:
        ids = [str(item.pk) for item in out[:100]]
        raise Conflict(VARIANTS, code="item_not_writable", ids=ids)
    if wrong := [item for item in items if item.status not in PUSHABLE]:
        raise Conflict(
            _("Only approved items can be synced."),
            code="not_approved",
            ids=[str(item.pk) for item in wrong[:100]],
            statuses=sorted({item.status for item in wrong}),
        )


def undo_item(*, project: Project, item: ContentItem, by: User, force: bool = False) -> Job:
    """Put back what the item's last push replaced. Raises Conflict `nothing_to_undo` if there is no such push."""
    connection_of(project)
    record = SyncRecord.objects.pushed().filter(item=item).order_by("-created_at").first()
    if record is None:
        raise Conflict(_("There is no sync of this item to undo."), code="nothing_to_undo")
    return _create(project, SyncPayload(record_ids=[str(record.pk)], force=force, single=True), by, 1)


def undo_job(*, job: Job, by: User, force: bool = False) -> Job:
    """Put back what a whole sync replaced. Raises Conflict `not_a_sync` or `nothing_to_undo`."""
    if job.job_type != Job.Type.SYNC or job.project is None or SyncPayload.of(job).undoes:
        raise Conflict(_("Only a sync can be undone."), code="not_a_sync")
    if not job.ended:
        raise Conflict(_("The sync has not ended yet."), code="job_active", job_id=str(job.pk))
    connection_of(job.project)
    total = SyncRecord.objects.pushed().filter(job=job).count()
    if not total:
        raise Conflict(_("There is nothing left to undo in this sync."), code="nothing_to_undo")
    return _create(job.project, SyncPayload(undo_of=str(job.pk), force=force), by, total)


def run(run: Run) -> None:
    """Write the items left. `result`: `synced` (of an undo `undone`; with those unchanged), `unchanged`, `failed` (with
    conflicts and items that are gone from the store), `conflicts`, `gone`;
    under `languages` the same of each further language, and `refused`, the reason why the shop takes none of its texts."""
    project = Project.objects.select_related("organization").get(pk=run.job.project_id)  # type: ignore[misc]  # without a project there is none
    connection = connection_of(project)
    store = store_of(project, connection, pause=pausing(run))
    placement = placement_of(project)
    kind: type[Reconciler] = UndoReconciler if SyncPayload.of(run.job).undoes else PushReconciler
    languages = _languages(run.job, store)
    further = FurtherLanguages(store, connection, project)
    for language in languages:
        if language == MAIN:
            Pipeline(run, store, connection, kind(run, store, connection, placement)).work()
        else:
            further.work(run, language, lambda texts, code=language: kind(run, texts, connection, placement, code))  # type: ignore[misc]
    if MAIN in languages:
        kind(run, store, connection, placement).tidy()
    further.end(run, languages)


def _languages(job: Job, store: Store) -> list[str]:
    """The languages of a job in the order of their work. A push begins with the main one, which translations refer to; an
    undo ends with it, since a shop keeps no translation of a text that is gone, but for one where translations inherit its
    texts."""
    payload = SyncPayload.of(job)
    if not payload.undoes:
        return payload.languages
    undone = SyncRecord.objects.filter(item__project_id=job.project_id)  # type: ignore[misc]  # None finds nothing
    undone = undone.filter(pk__in=payload.record_ids) if payload.record_ids else undone.filter(job_id=payload.undo_of)
    spoken = undone.order_by().values_list("item__language", flat=True).distinct()
    return sorted(spoken, key=lambda code: (code == MAIN and not store.translations_inherit, code))


def close(job: Job) -> None:
    """Close the job's records and refresh the project's status. Call it in the transaction that ends the job."""
    history.close(job)
    lifecycle.refresh_status(job.project_id)


#: How the items of a sync end.
OUTCOMES = {
    "written": _("{number} updated"),
    "restored": _("{number} restored"),
    "unchanged": _("{number} unchanged"),
    "conflicts": _("{number} waiting for a decision"),
    "left": _("{number} not undone: changed in the store since"),
    "gone": _("{number} not in the store"),
    "failed": _("{number} failed"),
}


def outcomes(job: Job) -> dict[str, int]:
    """How many of a sync's items ended how, each counted once. What no item came to is left out. (In the result, what was
    unchanged is among `synced`, and what is a conflict or gone among `failed`. An undo asks for no decision: what it left
    alone, among `conflicts` there, stays as the store has it.)"""
    counts = {
        key: int(job.result.get(key) or 0) for key in ("synced", "undone", "unchanged", "conflicts", "gone", "failed")
    }
    undo = SyncPayload.of(job).undoes
    numbers = {
        "written": counts["synced"] - counts["unchanged"],
        "restored": counts["undone"],
        "left" if undo else "conflicts": counts["conflicts"],
        **{key: counts[key] for key in ("unchanged", "gone")},
        "failed": counts["failed"] - counts["conflicts"] - counts["gone"],
    }
    return {key: numbers[key] for key in OUTCOMES if numbers.get(key, 0) > 0}


def outcome_texts(job: Job) -> dict[str, Message]:
    """What pages and notices say of each of the `outcomes`."""
    return {key: OUTCOMES[key].format(number=number) for key, number in outcomes(job).items()}


def is_without_failure(job: Job) -> bool:
    """Whether an ended sync came through all its items and none failed, though some wait for a decision, stay as the store
    has them, or are not there."""
    counted = outcomes(job)
    return bool(counted) and "failed" not in counted and job.progress_current >= job.progress_total


DECIDE = _("Choose which texts stay in the store.")


def end_notice(job: Job) -> JobNotice | None:
    """The notice of the job's outcome, unless somebody pushed a single item and waits for it."""
    payload = SyncPayload.of(job)
    if job.status == Job.Status.CANCELLED or payload.single:
        return None
    name = job.project.name if job.project else _("your project")
    told = outcome_texts(job)
    if job.status == Job.Status.FAILED and not is_without_failure(job):
        title = _("The sync of {name} failed", name=name)
        body = job.error or _("No item could be updated. The history of each item shows why.")
    else:
        sentence = _("Undo in {name}: {outcomes}") if payload.undoes else _("Sync of {name}: {outcomes}")
        title = sentence.format(name=name, outcomes=list(told.values()) or [OUTCOMES["written"].format(number=0)])
        body = DECIDE if "conflicts" in told else ""
    return JobNotice(title, body)


class FurtherLanguages:
    """The work in further languages: each is opened in the shop, and worked on by a pipeline of its own. A language that the
    shop does not take ends with the reason on each of its items; the others go on."""

    def __init__(self, store: Store, connection: StoreConnection, project: Project) -> None:
        self.store, self.connection, self.project = store, connection, project
        self.refused: dict[str, StoreError] = {}

    @cached_property
    def _shop(self) -> list[ShopLanguage]:
        return self.store.languages()

    def work(self, run: Run, language: str, reconciler_of: Callable[[TextStore], Reconciler]) -> None:
        """Work on the texts in `language`. Raises Failed or TryAgain when the store refuses all calls."""
        main = reconciler_of(self.store)
        if not main.left():
            return
        try:
            texts = self.store.translated(shop_languages.into(language, self._shop, self.connection, self.project))
        except Unsupported as error:
            self._refuse(run, language, main, error)
            return
        except StoreError as error:
            raise give_way(run, error, self.connection) from error
        reconciler = reconciler_of(texts)
        try:
            Pipeline(run, texts, self.connection, reconciler).work()
        except jobs.Failed as failure:
            if not isinstance(failure.__cause__, Unsupported):
                raise
            self._refuse(run, language, reconciler, failure.__cause__)

    def _refuse(self, run: Run, language: str, reconciler: Reconciler, error: StoreError) -> None:
        reconciler.refuse_rest(error, set())  # what an earlier lease sent without an answer stays in doubt
        self.refused[language] = error
        run.result.setdefault("languages", {}).setdefault(language, {})["refused"] = error.message
        with run.settling():
            pass  # save the reason

    def end(self, run: Run, languages: Sequence[str]) -> None:
        """Raises Failed when nothing was done, since the shop took no language at all."""
        if self.refused and len(self.refused) == len(languages):
            error = next(iter(self.refused.values()))
            raise jobs.Failed(error.message, code=error.code)
