"""Bring one page of a store's items into the project: add the new, update the changed, leave generated content alone."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from catalog import source_data
from integrations.stores import texts
from integrations.stores.texts import Text
from integrations.stores.types import Ref, StoreItem, Texts
from projects import hosts, staleness
from projects.models import ContentItem, DataSource, Drift, SourceRow, StoreText
from projects.models.item import EXCLUDED_REASON
from projects.store_import.translated import RowLanguages, sources_of, texts_of
from scribe import statements
from scribe.types import Json, JsonValue

CHANGED = ["source_data", "source_hash", "item_type", "made_from", "outdated_fields", "updated_at"]
CHANGED_IN_VIEW = ["view_data", "made_from", "outdated_fields", "updated_at"]
IN_FILE = "in_file"  # an annotation: whether a file has a row of the item, beside its own source
FAMILIES = {"product": "product", "variant": "product", "category": "category", "page": "text", "post": "text"}
Key = tuple[str, str, str]


@dataclass
class ImportTally:
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    met: Sequence[UUID] = ()  # the items that were here before


def fingerprint(data: Json) -> str:
    try:
        raw = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer of more than 64 bits
        raw = json.dumps(data, sort_keys=True).encode()
    return hashlib.sha256(raw).hexdigest()


def key_of(item_type: str, external_id: str, view: str) -> Key:
    """Products and their variants share ids at every platform; categories have ids of their own."""
    return FAMILIES[item_type], external_id, view


def upsert(
    *, source: DataSource, page: list[StoreItem], position: int, languages: RowLanguages | None = None
) -> ImportTally:
    """Bring a page in. Call it in a transaction, in the one job that may write this project's items. `languages` are the shop's
    languages, where its rows tell theirs."""
    tally = ImportTally()
    hosts.adopt(source, page)
    known = {
        **{
            key_of(kind, pk, ""): text
            for (kind, pk), text in texts_of(source, page, languages or RowLanguages()).items()
        },
        **_existing(source, page),
    }
    hosts.note_read(source, known.values())
    Drift.objects.filter(item__in=[item.pk for item in known.values()], gone=True).delete()  # the store has them again
    hashes = {item.pk: item.source_hash for item in known.values()}
    made: dict[Key, ContentItem] = {}
    changed: list[ContentItem] = []
    views: list[ContentItem] = []
    kept: dict[Key, StoreItem] = {}
    for offset, found in enumerate(page):
        key = key_of(found.item_type, found.external_id, found.scope)
        item = known.get(key) or made.get(key) or _by_alias(known, found)
        if found.kept:
            kept[key] = found
        if item is None:
            made[key] = _new(source, found, position + offset)
        elif item.language:
            if not _is_written(item) and _update_view(item, found):
                views.append(item)
            else:
                tally.unchanged += 1
        elif key not in made:
            if _update(item, found, own=item.data_source_id == source.pk and not getattr(item, IN_FILE)):
                changed.append(item)
            else:
                tally.unchanged += 1
    statements.insert(made.values())
    if changed:
        staleness.note_where_missing(ContentItem.rows.filter(main__in=changed))
    statements.update(changed, CHANGED)
    statements.update(_with_another_hash(known.values(), hashes, changed), ["source_hash"])
    statements.update(views, CHANGED_IN_VIEW)
    if changed:
        staleness.follow([item.pk for item in changed])
    _keep({**known, **made}, kept)
    tally.met = [item.pk for item in known.values()]
    tally.imported, tally.updated = len(made), len(changed) + len(views)
    return tally


def _with_another_hash(
    known: Iterable[ContentItem], before: dict[UUID, str], changed: list[ContentItem]
) -> list[ContentItem]:
    """The items whose row in the shop differs from before, though none of what we keep of it does."""
    written = {item.pk for item in changed}
    return [item for item in known if item.source_hash != before[item.pk] and item.pk not in written]


def _existing(source: DataSource, page: list[StoreItem]) -> dict[Key, ContentItem]:
    """The project's items and store views' texts with these ids, from this store or from files, of which the store's win, and
    included ones before excluded. Items of another store are left out, since its ids mean other things, and one that a
    file brought without an id: what stands in its place is its SKU, and the store's product with that number is another
    one."""
    by_key = {key_of(found.item_type, found.external_id, found.scope): found for found in page}
    ids = {found.external_id for found in page} | {alias for found in page for alias in found.aliases}
    rows = ContentItem.rows.filter(project_id=source.project_id, external_id__in=ids).filter(
        Q(language="") | (Q(view_data__isnull=False) & ~Q(store_view=""))
    )
    in_file = Exists(SourceRow.objects.filter(item=OuterRef("pk")))
    rows = rows.select_related("store_text").annotate(**{IN_FILE: in_file}, **hosts.met_annotation(source))
    rows = rows.filter(Q(data_source=None) | Q(data_source__in=sources_of(source)))
    found: dict[Key, ContentItem] = {}
    for item in rows.order_by(F("excluded_at").asc(nulls_first=True), "id"):
        key = key_of(item.item_type, item.external_id, item.store_view)
        own_number = item.source_hash or Ref(item.external_id, sku=item.source_data.get("sku") or "").has_number
        shown = by_key.get(key)
        if shown is not None and not own_number and str(shown.data.get("sku") or "") != item.external_id:
            continue
        if shown is not None and hosts.is_in_doubt(item, shown, source):
            continue
        if key not in found or item.data_source_id == source.pk:
            found[key] = item
    return found


def _by_alias(known: dict[Key, ContentItem], found: StoreItem) -> ContentItem | None:
    """The item that a file brought under another id, such as Shopify's handle, or None."""
    for alias in found.aliases:
        item = known.get(key_of(found.item_type, alias, found.scope))
        if item is not None:
            return item
    return None


def _new(source: DataSource, found: StoreItem, position: int) -> ContentItem:
    return ContentItem(
        organization_id=source.organization_id,
        project_id=source.project_id,
        data_source=source,
        item_type=found.item_type,
        external_id=found.external_id,
        store_view=found.scope,
        position=position,
        source_data=found.data,
        source_hash=fingerprint(found.data),
        **left_out(found.left_out),
    )


def left_out(reason: str) -> Json:
    """The fields of a new item that is not content: it is excluded, with the reason in its metadata. People may restore
    it."""
    return {"excluded_at": timezone.now(), "metadata": {EXCLUDED_REASON: reason}} if reason else {}


def _update(item: ContentItem, found: StoreItem, *, own: bool) -> bool:
    """Take over the store's changes. False if there are none. Texts that we wrote there ourselves are not changes."""
    fresh = fingerprint(found.data)
    if item.source_hash == fresh and item.item_type == found.item_type:
        return False
    data = dict(found.data)
    text = getattr(item, "store_text", None)
    if text is not None:
        data = without_echoes(item.source_data, data, text, found.kept)
    if not own and isinstance(item.source_data.get("raw"), dict):  # a file's further columns stay
        data["raw"] = {**item.source_data["raw"], **data.get("raw", {})}
    if data == item.source_data and item.item_type == found.item_type:
        item.source_hash = fresh
        return False
    staleness.source_changes(item)
    item.source_data, item.source_hash, item.item_type = data, fresh, found.item_type
    item.outdated_fields = staleness.outdated_fields(item)
    item.updated_at = timezone.now()
    return True


def _is_written(item: ContentItem) -> bool:
    """Whether a text was written before its translated row in the shop was ever read. What stands there is the merchant's, and
    a push compares it as such."""
    return item.view_data is None and bool(item.generated_content)


def _update_view(item: ContentItem, found: StoreItem) -> bool:
    """Take over the store's changes of a text that came as a row of its own, and whose facts are its item's. False if there are none."""
    data, before = found.data, item.view_data or {}
    text = getattr(item, "store_text", None)
    if text is not None:
        data = without_echoes(before, data, text, found.kept)
    data = {**data, "raw": {**(before.get("raw") or {}), **(data.get("raw") or {})}}
    if data == {name: value for name, value in before.items() if name != source_data.ORIGINALS}:
        return False
    staleness.replace_view(item, data)
    return True


def without_echoes(old: Json, new: Json, text: StoreText, kept: Texts) -> Json:
    """`new`, with the old source value wherever the store only shows our own text. Other `held` texts of shown fields are
    forgotten, but for those that `new` leaves out (`kept`)."""
    data = {**new, "seo": dict(new.get("seo") or {}), "attributes": dict(new.get("attributes") or {})}
    shown = source_data.texts(new)
    before = source_data.texts(old)
    for field in list(text.held):
        fact, value = _as_fact(field, text.held[field])
        if fact in shown and field in text.ours and texts.same(fact, shown[fact], value):
            source_data.put(data, fact, before.get(fact), old)
        if field not in shown:
            continue
        if field in text.ours and texts.same(field, kept.get(field, shown[field]), text.held[field]):
            source_data.put(data, field, before.get(field), old)
        elif field in text.ours or field not in kept:
            del text.held[field]
            text.sent.pop(field, None)
            text.ours = [f for f in text.ours if f != field]
    text.save(update_fields=["held", "ours", "sent", "updated_at"])
    return data


def _as_fact(field: str, text: Text) -> tuple[str, JsonValue]:
    """The name and value of the attribute as which a platform may show a chosen place. The name is "" for other fields."""
    if not field.startswith("meta."):
        return "", text
    entries = texts.data(text)
    return f"attributes.{field.rpartition('.')[2]}", entries if isinstance(entries, list) else text


def _keep(items: dict[Key, ContentItem], kept: dict[Key, StoreItem]) -> None:
    """Remember the store's texts that source data leaves out, so that a later push knows them."""
    for key, found in kept.items():
        item = items[key]
        text = getattr(item, "store_text", None) or StoreText(organization_id=item.organization_id, item=item)
        _note_older(item, text, found)
        text.held = {**text.held, **{f: v for f, v in found.kept.items() if f not in text.ours}}
        text.save()


def _note_older(item: ContentItem, text: StoreText, found: StoreItem) -> None:
    """If the content was made before such a text stood there, note in `made_from` the one that it was made from; None where
    none was known."""
    if not item.generated_content:
        return
    made = staleness.source_of(item) if item.made_from is None else item.made_from
    older = {
        f: text.held.get(f)
        for f, v in found.kept.items()
        if f not in text.ours and made.get(f, "") == "" and not texts.same(f, v, text.held.get(f))
    }
    if older:
        item.made_from = {**made, **older}
        item.save(update_fields=["made_from"])


def link(*, source: DataSource, found: Iterable[StoreItem] | None = None) -> int:
    """Give variants their parents: the variants of a page, or at the end all of the source's that still lack one. Returns
    the number linked."""
    rows = ContentItem.objects.filter(data_source=source, item_type=ContentItem.Type.VARIANT, parent=None)
    if found is not None:
        rows = rows.filter(external_id__in=[f.external_id for f in found if f.parent_external_id])
    orphans = list(rows.exclude(Q(source_data__parent_external_id="")).only("pk", "source_data", "store_view"))
    wanted = {str(item.source_data.get("parent_external_id") or "") for item in orphans}
    products = ContentItem.objects.filter(
        project_id=source.project_id, external_id__in=wanted, item_type=ContentItem.Type.PRODUCT
    ).order_by(  # the store's own come last and stay, and of others those that are included
        Case(When(data_source=source, then=1), default=0), F("excluded_at").desc(nulls_last=True), "id"
    )
    parents = {
        (external_id, view): pk for external_id, view, pk in products.values_list("external_id", "store_view", "pk")
    }
    linked = []
    for item in orphans:
        item.parent_id = parents.get((str(item.source_data["parent_external_id"]), item.store_view))
        if item.parent_id:
            linked.append(item)
    statements.update(linked, ["parent"])
    return len(linked)
