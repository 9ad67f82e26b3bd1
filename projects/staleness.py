"""The texts that a content was made from, and those of them that have changed since.

The content of an item is made from the store's texts. A text in a further language is made from the item's own text
(`translation`), from its Serbian text in Cyrillic (`letters`), or from the store's texts as well (`native`). The shop's
own translations were made for the originals that it showed when they were first read (`source_data.ORIGINALS`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from catalog import source_data
from integrations.stores import texts
from projects import decisions
from projects.models import ContentItem, StoreText
from scribe import statements
from scribe.types import Json, ReadOnlyJson
from writing import facts
from writing.fields import BY_NAME, KEYS, Role, flat

NATIVE, TRANSLATION, LETTERS = "native", "translation", "letters"
WAYS = (NATIVE, TRANSLATION, LETTERS)
BATCH = 500
CYRILLIC = "sr"  # the text that `letters` reads
#: What a text in a further language is compared by.
FOLLOWED = (
    "main_id",
    "language",
    "made_from",
    "outdated_fields",
    "generated_content",
    "decisions",
    "view_data",
)


def source_of(item: ContentItem) -> Json:
    """The texts that a new content would be made from, by field. It notes them as `made_from`."""
    if item.language and way_of(item.generation_metadata) != NATIVE:
        return original_of(item).texts
    return store_texts(item)


def store_texts(item: ContentItem) -> Json:
    """The store's texts in the present source data, by field; of a store view's text, those that the view shows."""
    return source_data.texts_in_shop(item.source_data, item.view_data)


def way_of(metadata: ReadOnlyJson) -> str:
    """How a text in a further language was written. A text that a person wrote counts as a translation."""
    way = metadata.get("way")
    return way if way in WAYS else TRANSLATION


def outdated_fields(item: ContentItem) -> list[str]:
    """The fields of `made_from` whose text has changed since, sorted; of an item also those that we have written and in
    whose place a text of the store's has been read only since, and none where the store's text was chosen to stay."""
    if item.language:
        return _outdated_in(item, way_of(item.generation_metadata), sources([item.main_id]))
    if not item.generated_content or item.made_from is None:
        return []
    unread = dict.fromkeys(flat(item.generated_content), "")
    now = {**facts.read(item.source_data, item.item_type).fields, **store_texts(item)}
    moved = {*_changed_fields({**unread, **item.made_from}, now)}
    stating = {name for name, path in _facts_by_field(item) if path in moved}
    found = stating | set(filter(_is_text, moved))
    return sorted(name for name in found if item.decisions.get(name) != decisions.KEPT)


def _facts_by_field(item: ContentItem) -> set[tuple[str, str]]:
    """The fields of a text, each with the path of a fact that the checks have traced a statement in it to: a weight, a
    price, an attribute."""
    checks = item.generation_metadata.get("checks") or ()
    findings = [one for check in checks for one in check.get("findings") or () if one.get("source_field")]
    pairs = {(one["field"].partition("[")[0], one["source_field"]) for one in findings}
    return {(name, path) for name, path in pairs if path.startswith("attributes.") or not _is_text(path)}


def _is_text(path: str) -> bool:
    """Whether it is the name of a text. Else it is the path of another fact."""
    return path.partition(".")[0] in (*KEYS, "meta")


def _changed_fields(made_from: ReadOnlyJson, now: ReadOnlyJson) -> list[str]:
    return sorted(f for f, text in made_from.items() if not texts.same(f, text, now.get(f, "")))


def _moved_fields(made_from: ReadOnlyJson, now: ReadOnlyJson, theirs: ReadOnlyJson) -> list[str]:
    """Originals that a text was not made from do not count where the shop has a text of its own (`theirs`)."""
    names = {*made_from} | (now.keys() - source_data.covered_fields(theirs))
    return sorted(name for name in names if made_from.get(name) != now.get(name))


def _outdated_in(item: ContentItem, way: str, known: "Sources") -> list[str]:
    """The same for a text in a further language: of ours, and of the shop's own."""
    main = known[item.main_id, ""]
    theirs = source_data.own_texts(main.data, item.view_data)
    found = set(_outdated_in_shop(item, main, theirs))
    if item.generated_content and item.made_from is not None:
        if way == NATIVE:
            found.update(_changed_fields(item.made_from, source_data.texts_in_shop(main.data, item.view_data)))
        else:
            found.update(_moved_fields(item.made_from, _source_in(item, way, known).texts, theirs))
    return sorted(found)


def _outdated_in_shop(item: ContentItem, main: "SourceText", theirs: ReadOnlyJson) -> Iterator[str]:
    """The fields of `theirs`, the shop's own texts, that were made for another original than the present one. Where we
    have a text, they don't count."""
    if not (noted := source_data.originals(item.view_data)):
        return
    ours, now = flat(decisions.without_declined(item.generated_content, item.decisions)), main.shown_next
    for name, original in noted.items():
        if name in theirs and name not in ours and not texts.same(name, original, now.get(name, "")):
            yield name


def original_of(item: ContentItem) -> "SourceText":
    """What this text in a further language is translated from, or read from letter by letter."""
    return _source_in(item, way_of(item.generation_metadata), sources([item.main_id]))


def _source_in(item: ContentItem, way: str, known: "Sources") -> "SourceText":
    serbian = known.get((item.main_id, CYRILLIC)) if way == LETTERS else None
    return serbian or known[item.main_id, ""]


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a text in a further language may be made from: an item, or its Serbian text."""

    status: str
    content: Json  # as it counts, without the texts that were declined
    data: Json
    language: str = ""  # in which it was written; empty where nobody noted it
    outdated: Sequence[str] = ()

    @property
    def approved(self) -> bool:
        return bool(self.content) and self.status in (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)

    @property
    def texts(self) -> Json:
        """The texts that are translated, by field: without what we derive from them."""
        return {name: value for name, value in flat(self.content).items() if BY_NAME[name].role is not Role.DERIVED}

    @property
    def shown_next(self) -> Json:
        """The texts that the shop shows, or will once the approved ones are pushed. The merchant's newer words stay."""
        ours = self.texts if self.approved else {}
        return {**source_data.texts(self.data), **{n: text for n, text in ours.items() if n not in self.outdated}}


Sources = dict[tuple[UUID | None, str], SourceText]


def sources(main_ids: Iterable[UUID | None]) -> Sources:
    """These items and their Serbian texts, by the item's id and the language."""
    ids = list(main_ids)
    rows = ContentItem.rows.filter(Q(pk__in=ids) | Q(main_id__in=ids, language=CYRILLIC))
    columns = (
        "pk",
        "main_id",
        "language",
        "status",
        "generated_content",
        "decisions",
        "source_data",
        "outdated_fields",
        "generation_metadata__settings__language",
    )
    return {
        (main_id or pk, code): SourceText(
            status, decisions.without_declined(content, decided), data, code or written or "", outdated
        )
        for pk, main_id, code, status, content, decided, data, outdated, written in rows.values_list(*columns)
    }


def follow(main_ids: Iterable[UUID], *, only_in_shop: bool = False) -> None:
    """Note in the further languages' texts of these items which of their fields are outdated by now. Call it in the
    transaction that changed the items' texts or facts, or their Serbian texts. The shop's own translations follow an
    approval as well (`only_in_shop`)."""
    in_shop = Q(view_data__has_key=source_data.ORIGINALS)
    chosen = in_shop if only_in_shop else in_shop | Q(made_from__isnull=False)
    rows = ContentItem.rows.filter(chosen, main_id__in=list(main_ids)).order_by("pk")
    held = list(rows.only(*FOLLOWED).annotate(way=KT("generation_metadata__way")).select_for_update(no_key=True))
    if not held:
        return
    known, now = sources({item.main_id for item in held}), timezone.now()
    for item in held:
        if (fields := _outdated_in(item, way_of({"way": getattr(item, "way", None)}), known)) != item.outdated_fields:
            ContentItem.rows.filter(pk=item.pk).update(outdated_fields=fields, updated_at=now)


def replace_view(item: ContentItem, data: Json) -> None:
    """Take `data` over as what the shop shows for this text in a further language. What it changes there is a new
    translation, whose original is not noted yet."""
    source_changes(item)
    before: Json = item.view_data or {}
    old, new = source_data.texts(before), source_data.texts(data)
    kept = {n: text for n, text in source_data.originals(before).items() if texts.same(n, old.get(n), new.get(n))}
    item.view_data = {**data, source_data.ORIGINALS: kept}
    item.outdated_fields = outdated_fields(item)
    item.updated_at = timezone.now()


def note_originals(rows: Iterable[ContentItem]) -> None:
    """Note which originals the shop's own texts of these `rows` were made for, where that is not noted yet: those that
    the shop shows now. Call it in a transaction, once all that an import brings is there, or before anything is."""
    fresh = [item for item in rows if _fields_without_origin(item)]
    if not fresh:
        return
    ids = {item.main_id for item in fresh}
    known = sources(ids)
    pushed: dict[UUID | None, StoreText] = {text.item_id: text for text in StoreText.objects.filter(item__in=ids)}
    for item in fresh:
        main = known[item.main_id, ""]
        source, there = source_data.texts(main.data), source_data.texts(item.view_data or {})
        shown = {**source, **_left_by_push(main, pushed.get(item.main_id))}
        noted = {
            name: source.get(name, "") if texts.same(name, there[name], source.get(name)) else shown.get(name, "")
            for name in _fields_without_origin(item)
        }
        item.view_data = {
            **(item.view_data or {}),
            source_data.ORIGINALS: {**source_data.originals(item.view_data), **noted},
        }
        item.outdated_fields = _outdated_in(item, way_of(item.generation_metadata), known)
    statements.update(fresh, ("view_data", "outdated_fields"))


def note_where_missing(rows: QuerySet[ContentItem]) -> None:
    """The same for those of `rows`, in any number, of which no originals were ever noted."""
    left = rows.filter(view_data__isnull=False).exclude(view_data__has_key=source_data.ORIGINALS).order_by("pk")
    after = UUID(int=0)
    while batch := list(left.filter(pk__gt=after).select_for_update(no_key=True, of=("self",))[:BATCH]):
        note_originals(batch)
        after = batch[-1].pk


def _fields_without_origin(item: ContentItem) -> list[str]:
    there, noted = source_data.texts(item.view_data or {}), source_data.originals(item.view_data)
    return [name for name in source_data.TRANSLATED if there.get(name) and name not in noted]


def _left_by_push(main: "SourceText", pushed: StoreText | None) -> Json:
    """The texts of ours that the shop shows: as they are here if they were pushed last, else as the shop has them."""
    if pushed is None:
        return {}
    ours = main.texts if main.status == ContentItem.Status.SYNCED else {}
    return {name: ours.get(name, pushed.held.get(name, "")) for name in pushed.ours}


def source_changes(item: ContentItem) -> None:
    """Note the present source data as `made_from` if the content has none yet, and the facts that it states. Call it
    before replacing source data."""
    if item.generated_content and item.made_from is None:
        item.made_from = source_of(item)
    if (
        item.made_from is not None
        and not item.language
        and (paths := {path for _unused, path in _facts_by_field(item)})
    ):
        now = facts.read(item.source_data, item.item_type).fields
        item.made_from = {**{path: now[path] for path in paths & now.keys()}, **item.made_from}
