"""Putting approved content into the store."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from catalog import source_data
from integrations.models import StoreConnection
from integrations.shop_languages import speaks
from integrations.stores import texts
from integrations.stores.types import Current, Ref, Texts
from integrations.stores.wordpress import builders
from integrations.stores.wordpress.translations import UNDETERMINED
from projects import languages, provenance, readiness
from projects.models import ContentItem, SyncRecord
from projects.sync import defaults, history
from projects.sync.plan import PushPlan, join_tags, plan
from projects.sync.reconciler import Reconciler
from scribe.messages import _
from scribe.types import Json
from writing import disclosure
from writing.disclosure import Disclosure
from writing.languages import BY_CODE

Status = ContentItem.Status
OTHER_LANGUAGE = _(
    "Our text is in {language}, but the store has this entry in another language ({code}). To write "
    "it anyway, use `force`."
)
UNTOLD_LANGUAGE = _(
    "The site has several languages and does not say which one this entry is in. If it is in {language}, use `force`."
)
PUSHABLE = (Status.APPROVED, Status.SYNCED)
READY = "ready"  # the mode of a push of what the pages call ready


def rows_to_push(project_id: UUID | None, language: str, mode: str, item_ids: Sequence[str]) -> QuerySet[ContentItem]:
    """The rows in `language` that a push of this mode is about. `item_ids` are items, or texts in further languages by their
    own ids; of the texts of selected items only those that may be pushed count."""
    rows = ContentItem.rows.filter(project=project_id, language=language).writable()
    if mode == READY:
        return rows.filter(readiness.matching(readiness.Readiness.READY))
    if mode != "selected":
        return rows.filter(status__in=PUSHABLE if mode == "all" else [Status.APPROVED])
    if not language:
        return rows.filter(pk__in=item_ids)
    return rows.filter(Q(pk__in=item_ids) | Q(main__in=item_ids, status__in=PUSHABLE))


def other_language(code: str, main: str, connection: StoreConnection) -> str:
    """Why a text in the language `main` does not belong into a row of this language of the shop's; "" if it does."""
    if not code or (code != UNDETERMINED and speaks(code, main, connection)):
        return ""
    sentence = UNTOLD_LANGUAGE if code == UNDETERMINED else OTHER_LANGUAGE
    return sentence.format(language=BY_CODE[main].name, code=code)


def _before(there: Current, fields: Iterable[str]) -> Json:
    """What an undo will put back of these fields; None for a text that the store does not show, which is only assumed."""
    return {field: None if field in there.unshown else there.texts.get(field, "") for field in fields}


class PushReconciler(Reconciler):
    kind = SyncRecord.Kind.PUSH
    _pushed_tags: dict[UUID, frozenset[str]]
    _defaults: dict[defaults.ItemKey, defaults.Earlier]
    _marks: dict[UUID, Disclosure]

    def selection(self) -> QuerySet[ContentItem]:
        rows = rows_to_push(self.run.job.project_id, self.language, self.payload.mode, self.payload.item_ids)
        # An item that this job has begun stays in it, even if its status changes.
        ours = ContentItem.rows.filter(project_id=self.run.job.project_id, language=self.language).writable()  # type: ignore[misc]
        return rows if self.payload.mode == "selected" else rows | ours.filter(pk__in=self.begun())

    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        if (made := self._plan(record, item, there)) is None:
            return
        record.wanted = made.texts
        record.before = _before(there, made.texts)
        record.known_before = history.known_of(item, made.texts)
        if not made.texts:
            history.nothing(record)

    def _plan(self, record: SyncRecord, item: ContentItem, there: Current) -> PushPlan | None:
        """The plan of this push. None when nothing may be written; `record` then has the reason."""
        if item.status not in PUSHABLE:
            history.fail(record, _("The item is {status}, not approved.", status=item.status), "not_approved")
            return None
        skip_unrestorable, ours = self.payload.leave_unrestorable, self.payload.ours.get(str(item.pk), {})
        record.forced = self.force or bool(ours)
        made = plan(
            item,
            there,
            self.store,
            self.placement,
            force=self.force,
            ours=ours,
            skip_unrestorable=skip_unrestorable,
            pushed_tags=self._pushed_tags.get(item.pk, frozenset()),
            copies=self._copies(item, there.texts) if self.language else None,
            mark=self._marks.get(item.pk),
        )
        record.skipped = {**record.skipped, **made.skipped}
        if made.conflicts:
            history.conflict(record, made.conflicts)
            return None
        if made.texts and not self.force and (why := self._other_language(there)):
            history.fail(record, why, "shop_language_other")
            return None
        if there.built_with and "description" in made.texts:
            if not self.force and "description" not in ours:
                history.fail(record, builders.UNSEEN.format(name=there.built_with), "page_builder")
                return None
            record.skipped = {**record.skipped, "description": builders.WRITTEN.format(name=there.built_with)}
        return made

    def _copies(self, item: ContentItem, shown: Texts) -> Texts:
        """The texts in a further language that nobody has translated."""
        before = self._defaults.get(defaults.key_of(item), {})
        return defaults.copies(
            shown, before, source_data.texts(item.source_data), source_data.originals(item.view_data)
        )

    def _other_language(self, there: Current) -> str:
        """Why a text in the main language does not belong into this row: the shop has it in another language. "" where it
        fits, and where the shop's code says nothing."""
        return "" if self.language else other_language(there.language, self._main, self.connection)

    @cached_property
    def _main(self) -> str:
        return languages.main(self.run.job.project)  # type: ignore[arg-type]

    def _leave(self, record: SyncRecord, third: Texts) -> None:
        before, ours = record.before, record.wanted
        clashes = [{"field": f, "imported": before.get(f), "store": v, "generated": ours[f]} for f, v in third.items()]
        history.note_grown(record, third)
        history.conflict(record, clashes)

    def _send_rest(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        if (made := self._plan(record, item, there)) is None:
            return
        done, sent = {f: v for f, v in record.wanted.items() if f in record.after}, record.wanted.get("tags")
        rest = {f: v for f, v in made.texts.items() if f not in done or not texts.same(f, done[f], v)}
        record.wanted = {**done, **rest}
        record.known_before |= history.known_of(item, rest.keys() - record.before.keys())
        record.before = {**_before(there, rest), **record.before}
        if (
            "tags" in rest
        ):  # an undo takes out what `before` lacks, so it gets the tags that the merchant has added since
            before = record.before["tags"]
            record.before["tags"] = join_tags(before, list(texts.without(there.texts.get("tags", []), sent, before)))
        record.after = {f: v for f, v in record.after.items() if f not in rest}
        if not rest:
            self._finish(record, item)

    def _look_back(self, items: dict[Ref, ContentItem], current: dict[Ref, Current]) -> None:
        """Close the writes of earlier jobs that were cut off. If one did arrive, the store's text counts as ours. Then find
        the tags that earlier pushes brought."""
        refs = {item.pk: (ref, item) for ref, item in items.items() if item.pk in self._doubtful}
        if refs:
            self._finish_checked(refs, current)
        marked = self.placement.of(disclosure.PLACE) != "none"
        self._marks = provenance.disclosures(item.pk for item in items.values()) if marked else {}
        self._defaults = defaults.earlier(items.values(), self.connection) if self.language else {}
        tagged = [item.pk for item in items.values() if (item.generated_content or {}).get("tags")]
        self._pushed_tags = history.pushed_tags(tagged) if tagged else {}

    @cached_property
    def _doubtful(self) -> set[UUID]:
        """The items with a write of an earlier job that may have arrived."""
        rows = SyncRecord.objects.unfinished().filter(item__project=self.run.job.project_id)
        return set(rows.exclude(job=self.run.job).values_list("item", flat=True))

    def _finish_checked(self, refs: dict[UUID, tuple[Ref, ContentItem]], current: dict[Ref, Current]) -> None:
        rows = SyncRecord.objects.unfinished().filter(item__in=list(refs)).exclude(job=self.run.job)
        found = []
        for record in rows.order_by("created_at"):
            ref, item = refs[record.item_id]
            if (there := current.get(ref)) is not None:
                self._texts[item.pk] = history.conclude(record, item, there, self.store)
                found.append(record)
        history.save(found)
        history.note_undone(found)

    def _keep(self, record: SyncRecord, item: ContentItem) -> None:
        if record.after:
            history.note_made(record, self.store.made_tags)
            sent = {f: v["sent"] for f, v in record.changed.items() if f in record.after}
            self._texts[item.pk] = history.remember(item, record.after, sent=sent)

    def _finish(self, record: SyncRecord, item: ContentItem) -> None:
        if record.after:
            history.finish(record)
        else:
            history.fail(record, _("The store accepted the request but changed nothing."), "not_taken")

    def made(self) -> dict[str, str]:
        """The tags (id -> name) that were made for products which then did not get them."""
        used = SyncRecord.objects.filter(job=self.run.job).exclude(made={}).values_list("made", flat=True)
        noted = {pk for made in used for pk in made}
        return {pk: name for name, pk in self.store.made_tags.items() if pk not in noted}

    def _move(self, items: list[ContentItem]) -> None:
        """Set the items to `synced`, except those edited or judged during the push, whose text needs its own approval. What
        else became of an item, such as a reviewer, does not matter."""
        # The lock keeps edits out between this query and the update.
        rows = ContentItem.rows.select_for_update(no_key=True).filter(pk__in=[item.pk for item in items]).order_by("pk")
        now = {pk: (status, content) for pk, status, content in rows.values_list("pk", "status", "generated_content")}
        same = [item for item in items if now.get(item.pk) == (item.status, item.generated_content)]
        ContentItem.rows.filter(pk__in=[item.pk for item in same]).update(status=Status.SYNCED)
        for item in same:
            item.status = Status.SYNCED
