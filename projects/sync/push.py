"""Putting approved content into the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from integrations import shop_languages
from integrations.stores import texts
from integrations.stores.types import Current, Ref, ShopLanguage, Texts
from integrations.stores.wordpress import builders
from projects import languages
from projects.models import ContentItem, SyncRecord
from projects.sync import history
from projects.sync.desk import Desk
from projects.sync.plan import PushPlan, joined, plan
from writing.languages import BY_CODE

Status = ContentItem.Status
OTHER_LANGUAGE = (
    "Our text is in {name}, and the shop has this row in another language ({code}). `force` writes it all the same."
)
PUSHABLE = (Status.APPROVED, Status.SYNCED)


def chosen(project_id: Any, language: str, mode: str, item_ids: Sequence[str]) -> QuerySet[ContentItem]:
    """The rows in `language` that a push of this mode is about. `item_ids` are items, or texts in further languages by their
    own ids; of the texts of selected items only those that may be pushed count."""
    rows = ContentItem.rows.filter(project_id=project_id, language=language).writable()
    if mode != "selected":
        return rows.filter(status__in=PUSHABLE if mode == "all" else [Status.APPROVED])
    if not language:
        return rows.filter(pk__in=item_ids)
    return rows.filter(Q(pk__in=item_ids) | Q(main__in=item_ids, status__in=PUSHABLE))


class PushDesk(Desk):
    kind = SyncRecord.Kind.PUSH
    _pushed_tags: dict[UUID, frozenset[str]]

    def selection(self) -> QuerySet[ContentItem]:
        rows = chosen(self.run.job.project_id, self.language, self.payload.mode, self.payload.item_ids)
        # An item that this job has begun stays in it, even if its status changes.
        ours = ContentItem.rows.filter(project_id=self.run.job.project_id, language=self.language).writable()
        return rows if self.payload.mode == "selected" else rows | ours.filter(pk__in=self.begun())

    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        if (made := self._plan(record, item, there)) is None:
            return
        record.wanted = made.texts
        record.before = {field: there.texts.get(field, "") for field in made.texts}
        if not made.texts:
            history.nothing(record)

    def _plan(self, record: SyncRecord, item: ContentItem, there: Current) -> PushPlan | None:
        """The plan of this push. None when nothing may be written; `record` then has the reason."""
        if item.status not in PUSHABLE:
            history.fail(record, f"The item is {item.status}, not approved.", "not_approved")
            return None
        spare = self.payload.leave_unrestorable
        made = plan(
            item,
            there,
            self.store,
            self.placement,
            force=self.force,
            spare=spare,
            pushed_tags=self._pushed_tags.get(item.pk, frozenset()),
        )
        record.skipped = {**record.skipped, **made.skipped}
        if made.conflicts:
            history.conflict(record, made.conflicts)
            return None
        if made.texts and not self.force and (why := self._other_language(there)):
            history.fail(record, why, "shop_language_other")
            return None
        if there.built_with and "description" in made.texts:
            if not self.force:
                history.fail(record, builders.UNSEEN.format(name=there.built_with), "page_builder")
                return None
            record.skipped = {**record.skipped, "description": builders.WRITTEN.format(name=there.built_with)}
        return made

    def _other_language(self, there: Current) -> str:
        """Why a text in the main language does not belong into this row: the shop has it in another language. "" where it
        fits, and where the shop's code says nothing."""
        if self.language or not there.language:
            return ""
        codes, name = self._served(there.language), BY_CODE[self._main].name
        return "" if not codes or self._main in codes else OTHER_LANGUAGE.format(name=name, code=there.language)

    @cached_property
    def _main(self) -> str:
        return languages.main(self.run.job.project)  # type: ignore[arg-type]

    def _served(self, code: str) -> set[str]:
        """Our languages that the shop's code can be."""
        chosen = shop_languages.chosen_of(self.connection)
        return {ours for ours, codes in chosen.items() if code in codes} or set(
            shop_languages.serves(ShopLanguage(code, code), self.connection)
        )

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
        record.before = {**{f: there.texts.get(f, "") for f in rest}, **record.before}
        if (
            "tags" in rest
        ):  # an undo takes out what `before` lacks, so it gets the tags that the merchant has added since
            before = record.before["tags"]
            record.before["tags"] = joined(before, list(texts.without(there.texts.get("tags", []), sent, before)))
        record.after = {f: v for f, v in record.after.items() if f not in rest}
        if not rest:
            self._finish(record, item)

    def _look_back(self, items: dict[Ref, ContentItem], current: dict[Ref, Current]) -> None:
        """Close the writes of earlier jobs that were cut off. If one did arrive, the store's text counts as ours. Then find
        the tags that earlier pushes brought."""
        refs = {item.pk: (ref, item) for ref, item in items.items() if item.pk in self._doubtful}
        if refs:
            self._conclude(refs, current)
        tagged = [item.pk for item in items.values() if (item.generated_content or {}).get("tags")]
        self._pushed_tags = history.pushed_tags(tagged) if tagged else {}

    @cached_property
    def _doubtful(self) -> set[UUID]:
        """The items with a write of an earlier job that may have arrived."""
        rows = SyncRecord.objects.unfinished().filter(item__project_id=self.run.job.project_id)
        return set(rows.exclude(job=self.run.job).values_list("item", flat=True))

    def _conclude(self, refs: dict[UUID, tuple[Ref, ContentItem]], current: dict[Ref, Current]) -> None:
        rows = SyncRecord.objects.unfinished().filter(item__in=list(refs)).exclude(job=self.run.job)
        found = []
        for record in rows.order_by("created_at"):
            ref, item = refs[record.item_id]
            if (there := current.get(ref)) is not None:
                self._texts[item.pk] = history.conclude(record, item, there)
                found.append(record)
        history.save(found)
        history.note_undone(found)

    def _keep(self, record: SyncRecord, item: ContentItem) -> None:
        if record.after:
            history.note_made(record, self.store.made_tags)
            sent = {f: v["sent"] for f, v in record.changed.items() if f in record.after}
            self._remember(item, record.after, ours=True, sent=sent)

    def _finish(self, record: SyncRecord, item: ContentItem) -> None:
        if record.after:
            history.finish(record)
        else:
            history.fail(record, "The store took the request, and changed nothing.", "not_taken")

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
