"""Items whose ids are of a shop's earlier host. Once a store connection has got another host, an id of before may be
another product's there, so nothing is written to it. The next import finds the items again: by their SKU, or by id and
name where neither has a SKU."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils.dateparse import parse_datetime

from catalog.source_data import link_of, unlinked_language
from integrations.models import StoreConnection
from integrations.stores import addresses, texts
from integrations.stores.types import StoreItem
from projects.models import ContentItem, DataSource, SourceRow
from projects.sync.history import ref_of
from scribe import statements
from scribe.messages import _
from scribe.types import ReadOnlyJson

MOVED = _(
    "This item was imported from another address than the store connection has now, where its ID may be another "
    "item's. Import from the store again to match it by its SKU."
)
IS_MET = "is_met"


def is_here(source: DataSource, base_url: str) -> bool:
    """Whether a store's source was read at the host of this address. One that noted no address counts as read there."""
    return addresses.origin(source.config.get("base_url") or base_url) == addresses.origin(base_url)


def store_source(connection: StoreConnection, project_id: UUID) -> DataSource | None:
    """The source of the project's items that were read at the connection's present host."""
    return next((row for row in _store_sources(connection, project_id) if is_here(row, connection.base_url)), None)


def _store_sources(connection: StoreConnection, project_id: UUID) -> list[DataSource]:
    rows = DataSource.objects.filter(project_id=project_id, type=DataSource.Type.STORE)
    return list(rows.filter(config__connection_id=str(connection.pk)).order_by("-created_at"))


def from_elsewhere(items: Collection[ContentItem], connection: StoreConnection) -> set[UUID]:
    """Those of the items, or texts in further languages, whose ids are not of the connection's present host."""
    if not items:
        return set()
    sources: dict[UUID | None, DataSource] = {
        row.pk: row for row in DataSource.objects.filter(pk__in={item.data_source_id for item in items})
    }
    mains = {item.main_id or item.pk for item in items}
    old, read = set[UUID](), set[UUID]()
    if connection.moved_at is not None:
        old.update(
            ContentItem.objects.filter(pk__in=mains, created_at__lt=connection.moved_at).values_list("pk", flat=True)
        )
        here = store_source(connection, next(iter(items)).project_id)
        read.update(SourceRow.objects.filter(item__in=old, source=here).values_list("item", flat=True))
    found = set()
    for item in items:
        source, main = sources.get(item.data_source_id), item.main_id or item.pk
        if source is not None and source.type == DataSource.Type.STORE:
            elsewhere = not is_here(source, connection.base_url)
        else:
            elsewhere = main in old and main not in read and ref_of(item).has_number
        if elsewhere:
            found.add(item.pk)
    return found


def adopt(source: DataSource, page: Iterable[StoreItem]) -> None:
    """Make items of the connection's earlier hosts that are on this page items of `source`, under the ids of now. Call
    it in the one job that may write this project's items."""
    rows = DataSource.objects.filter(project_id=source.project_id, type=DataSource.Type.STORE).exclude(pk=source.pk)
    rows = rows.filter(config__connection_id=source.config.get("connection_id"))
    earlier = [row.pk for row in rows if not is_here(row, source.config["base_url"])]
    if not earlier:
        return
    page = list(page)
    ids = [found.external_id for found in page]
    skus = [sku for found in page if (sku := _sku(found.data))]
    there = set(
        ContentItem.objects.filter(data_source=source, external_id__in=ids).values_list("item_type", "external_id")
    )
    left = list(
        ContentItem.objects.filter(data_source__in=earlier)
        .filter(Q(external_id__in=ids) | Q(source_data__sku__in=skus))
        .order_by(F("excluded_at").asc(nulls_first=True), "id")
    )
    adopted = []
    for found in page:
        if (found.item_type, found.external_id) in there:
            continue
        item = next((item for item in left if item.store_view == found.scope and is_same(item, found)), None)
        if item is not None:
            left.remove(item)
            item.data_source, item.external_id = source, found.external_id
            adopted.append(item)
    statements.update(adopted, ["data_source", "external_id"])


def is_same(item: ContentItem, found: StoreItem) -> bool:
    """Whether a row of the shop is this item, whatever the id of then was. Rows of one SKU in several languages are
    several."""
    if item.item_type != found.item_type or _language(item.source_data) != _language(found.data):
        return False
    if (own := _sku(item.source_data)) or _sku(found.data):
        return own == _sku(found.data)
    names = (item.source_data.get("name"), found.data.get("name"))
    return item.external_id == found.external_id and texts.same("name", *names)


def met_annotation(source: DataSource) -> dict[str, Exists]:
    """The annotation of items by which `is_in_doubt` knows those that were found at the present host."""
    return {IS_MET: Exists(SourceRow.objects.filter(item=OuterRef("pk"), source=source))}


def is_in_doubt(item: ContentItem, found: StoreItem, source: DataSource) -> bool:
    """Whether a file brought the item, with an id, before the connection got another host, no import has found it there
    since, and the row seems to be another."""
    moved = parse_datetime(source.config.get("moved_at") or "")
    if moved is None or item.language or item.data_source_id == source.pk or not item.created_at < moved:
        return False
    return ref_of(item).has_number and not is_same(item, found) and not getattr(item, IS_MET)


def note_read(source: DataSource, items: Iterable[ContentItem]) -> None:
    """Note that items of files have been found at the present host, once the connection has moved."""
    if source.config.get("moved_at"):
        rows = [
            SourceRow(organization_id=source.organization_id, source=source, item=item, position=item.position)
            for item in items
            if item.data_source_id != source.pk and not item.language
        ]
        SourceRow.objects.bulk_create(rows, ignore_conflicts=True)


def _language(data: ReadOnlyJson) -> str:
    link = link_of(data)
    return link.lang if link else unlinked_language(data)


def _sku(data: ReadOnlyJson) -> str:
    return str(data.get("sku") or "").strip()
