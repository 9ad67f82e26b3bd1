"""Find and replace in the texts of many items: previewed first, one item at a time after that.

Each item is an edit like any other: checked, kept as a version, and refused if the item has changed since the preview.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import User
from projects import lifecycle, review
from projects.models import ContentItem, ItemVersion, SyncRecord
from scribe.errors import InvalidInput, VersionConflict
from scribe.messages import _
from scribe.rows import claim_version
from scribe.types import Json, JsonValue
from writing.fields import FIELDS, LISTS, TEXT, Form, GeneratedField, Role

MOST_ITEMS = 1000  # in one go
LONGEST = 200  # characters of what is looked for, and of what takes its place
#: The texts that are there to be changed: also those in the store, which return to review.
REPLACED = (*review.JUDGED, ContentItem.Status.SYNCED)
REPLACED_IN = tuple(row for row in FIELDS if row.role is not Role.DERIVED)
#: What a search in markup passes over: tags with their attributes, whatever these hold, and entities.
_MARKUP = r"""<[a-z/!](?:[^<>"']|"[^"]*"|'[^']*')*>|&(?:#\w{1,8}|\w{1,32});"""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What takes the place of what. `fields` are names of fields; without any, all texts for readers are searched."""

    find: str
    into: str = ""
    match_case: bool = False
    whole_words: bool = True
    fields: frozenset[str] = frozenset()

    def check(self) -> None:
        if not self.find.strip():
            raise InvalidInput.at("#/find", _("Enter a text to find."), "required")
        if max(len(self.find), len(self.into)) > LONGEST:
            raise InvalidInput.at("#/find", _("Enter at most {most} characters.", most=LONGEST), "too_long")

    def rows(self) -> tuple[GeneratedField, ...]:
        return tuple(row for row in REPLACED_IN if not self.fields or row.name in self.fields)

    def pattern(self, *, marked_up: bool) -> re.Pattern[str]:
        """Its group `words` is what is looked for. In markup it also matches what is no text, without the group."""
        words = re.escape(html.escape(self.find, quote=False) if marked_up else self.find)
        if self.whole_words:
            words = rf"(?<!\w){words}" if self.find[:1].isalnum() else words
            words = rf"{words}(?!\w)" if self.find[-1:].isalnum() else words
        words = f"(?P<words>{words})"
        # The names of tags and entities are in any case, whatever the search is.
        passed_over = f"|(?i:{_MARKUP})" if marked_up else ""
        return re.compile(words + passed_over, 0 if self.match_case else re.I)


@dataclass(frozen=True, slots=True)
class ReplacedText:
    """One field of one item: its text before and after, and in how many places they differ."""

    row: GeneratedField
    before: JsonValue
    after: JsonValue
    places: int


@dataclass(frozen=True, slots=True)
class ReplacedItem:
    item: ContentItem
    texts: list[ReplacedText]

    @property
    def places(self) -> int:
        return sum(text.places for text in self.texts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item. `undo` is the version with the text before; None if the item was left alone."""

    item_id: UUID
    undo: UUID | None = None
    version: int = 0
    status: str = ""


def find_replacements(items: QuerySet[ContentItem], wanted: Replacement) -> Iterator[ReplacedItem]:
    """The items whose texts change, with the changes. Writes nothing."""
    wanted.check()
    content = items.alias(content=Cast("generated_content", TextField()))
    words = {
        json.dumps(text, ensure_ascii=False)[1:-1] for text in (wanted.find, html.escape(wanted.find, quote=False))
    }
    anywhere = Q()
    for text in words:
        anywhere |= Q(content__icontains=text)
    kept = ("data_source", "project")
    for item in content.filter(anywhere, status__in=REPLACED).select_related(*kept).iterator(chunk_size=200):
        if changed := _as_kept(item, changes(item.generated_content, wanted)):
            yield ReplacedItem(item, changed)


def _as_kept(item: ContentItem, found: list[ReplacedText]) -> list[ReplacedText]:
    """The changes as an edit keeps them, without those that its cleaning takes out again."""
    if not found:
        return []
    content = review.edited_content(item, _patch(found))
    kept = [ReplacedText(text.row, text.before, text.row.of(content) or "", text.places) for text in found]
    return [text for text in kept if text.after != text.before]


def _patch(changed: list[ReplacedText]) -> Json:
    patch: Json = {}
    for text in changed:
        if text.row.part:
            patch.setdefault(text.row.key, {})[text.row.part] = text.after
        else:
            patch[text.row.key] = text.after
    return patch


def changes(content: Json, wanted: Replacement) -> list[ReplacedText]:
    made = []
    for row in wanted.rows():
        if not (before := row.of(content)):
            continue
        after, places = _replace(row, before, wanted)
        if places and after != before:
            made.append(ReplacedText(row, before, after, places))
    return made


def _replace(row: GeneratedField, value: JsonValue, wanted: Replacement) -> tuple[JsonValue, int]:
    pattern = wanted.pattern(marked_up=row.form is Form.HTML)
    into = html.escape(wanted.into, quote=False) if row.form is Form.HTML else wanted.into
    counted = 0

    def put(text: str) -> str:
        nonlocal counted
        before = counted

        def instead(found: re.Match[str]) -> str:
            nonlocal counted
            if found["words"] is None:
                return found[0]
            counted += 1
            return into

        after = pattern.sub(instead, text)
        return after if counted > before else text

    def entries(listed: list[JsonValue]) -> Iterator[JsonValue]:
        """The entries of a list. One without a hit stays as it is, one of which nothing is left goes."""
        for entry in listed:
            before = counted
            text = put(str(entry))
            if counted == before:
                yield entry
            elif text := text.strip():
                yield text

    def one(inner: JsonValue) -> JsonValue:
        """A value of an object: a list, or a text. One without a hit stays as it is, whatever it is."""
        if isinstance(inner, list):
            return [*entries(inner)]
        before = counted
        text = put(str(inner))
        return text if counted > before else inner

    after: JsonValue = value
    if row.form in TEXT:
        after = put(str(value))
    elif row.form in LISTS:
        after = list(entries(value))
    elif row.form is Form.PAIRS:
        after = {name: one(inner) for name, inner in value.items()}
    return after, counted


def replace(*, item: ContentItem, version: int, wanted: Replacement, by: User) -> Outcome:
    """Replace in one item, as it stood at `version`. An item that has changed since, or has no hit, is left alone."""
    wanted.check()
    try:
        with transaction.atomic():
            item.refresh_from_db()
            changed, status = changes(item.generated_content, wanted), item.status
            if not changed or status not in REPLACED:
                return Outcome(item.pk)  # before the claim, which already counts as a change
            claim_version(item, frozenset({version}) & {item.version})  # so it still is what was looked at
            present = item.generated_content
            edited = review.update_item(item=item, by=by, content=_patch(changed))
            if edited.generated_content == present:  # cleaning took out again what was put in
                transaction.set_rollback(True)
                return Outcome(item.pk)
            edited.read_version()
            before = ItemVersion.objects.filter(item=item).values_list("pk", flat=True).first()
    except VersionConflict:
        return Outcome(item.pk)
    return Outcome(item.pk, undo=before, version=edited.version, status=status)


def undo(*, version: ItemVersion, at: int, status: str, by: User) -> bool:
    """Bring back the text before a replacement, and the item's status with the reason of a rejection, if the item is still as
    the replacement left it: at version `at`. False if somebody has changed it since."""
    item = version.item
    try:
        with transaction.atomic():
            claim_version(item, frozenset({at}))
            restored = review.restore(version=version, by=by)
            if status == ContentItem.Status.SYNCED and SyncRecord.objects.pushed().filter(item=item).exists():
                ContentItem.rows.filter(pk=item.pk).update(status=status)  # the store has had this text all along
                lifecycle.refresh_status(item.project_id)
            if status in review.JUDGED and restored.status != status:
                reason = version.reject_reason if status == ContentItem.Status.REJECTED else None
                review.update_item(
                    item=restored,
                    by=by,
                    status=status,
                    reject_reason=reason,
                    override=True,
                    override_reason=_("A replacement was undone. The text is the one that was approved before."),
                )
    except VersionConflict:
        return False
    return True
