"""Texts that the default of a shop with store views had before, as our writes have met and left them there.

Where a view can't be made to follow the default again, an undo leaves the default's text of then as the view's own.
Once the default moves on, it reads like a translation. It is none of the merchant's: nothing was ever translated there.
"""

from collections.abc import Iterable

from integrations.models import StoreConnection
from integrations.stores import platforms, texts
from integrations.stores.types import Text, Texts
from projects.models import ContentItem, SyncRecord

Earlier = dict[str, list[Text]]
ItemKey = tuple[str, str]  # type and id in the shop


def key_of(item: ContentItem) -> ItemKey:
    return item.item_type, item.external_id


def earlier(items: Iterable[ContentItem], connection: StoreConnection) -> dict[ItemKey, Earlier]:
    """The default's texts of before by field, whichever project of the organization wrote into this shop."""
    if not platforms.get(connection.platform).client.translations_inherit:
        return {}
    records = SyncRecord.objects.of(connection.organization_id).filter(
        item__language="",
        item__external_id__in={item.external_id for item in items},
        connection__base_url=connection.base_url,
    )
    found: dict[ItemKey, Earlier] = {}
    for kind, external_id, before, after in records.values_list(
        "item__item_type", "item__external_id", "before", "after"
    ):
        fields = found.setdefault((kind, external_id), {})
        for name, text in (*before.items(), *after.items()):
            fields.setdefault(name, []).append(text)
    return found


def copies(shown: Texts, before: Earlier, *mains: Texts) -> Texts:
    """Those of a translation's texts that only read like the item's own (`mains`), or like the default's of before."""
    alike = {name: [*(main.get(name, "") for main in mains), *before.get(name, ())] for name in shown}
    return {
        name: text
        for name, text in shown.items()
        if text and any(texts.same(name, text, other) for other in alike[name])
    }
