"""Keep replaced contents as versions, and compare the present texts with the store's. `review.restore` restores one."""

from collections.abc import Iterable, Iterator

from accounts.models import User
from catalog import source_data
from catalog.source_data import SHOWN
from projects import staleness
from projects.models import ContentItem, ItemVersion
from scribe.types import Json
from writing import text_steps
from writing.fields import FIELDS, Form, Role

COMPARED = tuple(row for row in SHOWN if row.form is not Form.PAIRS)
TRANSLATED = tuple(row for row in FIELDS if row.form is not Form.PAIRS and row.role is not Role.DERIVED)
STORE, ORIGINAL, NOTHING = "store", "original", ""  # what a text is compared with


def keep(item: ContentItem, *, reason: str, by: User | None = None) -> None:
    """Keep the present content of `item` as a version, before it is replaced. An empty content is not kept."""
    keep_all([item], reason=reason, by=by)


def keep_all(items: Iterable[ContentItem], *, reason: str, by: User | None = None) -> None:
    """Keep the present contents of `items` as versions, in one statement."""
    ItemVersion.objects.bulk_create(
        [
            ItemVersion(
                organization_id=item.organization_id,
                item=item,
                generated_content=item.generated_content,
                made_from=item.made_from,
                generation_metadata=item.generation_metadata,
                ai_model_used=item.ai_model_used,
                confidence_score=item.confidence_score,
                reject_reason=item.reject_reason,
                created_by=by if getattr(by, "email", None) else None,
                reason=reason,
            )
            for item in items
            if item.generated_content
        ]
    )


def diff(item: ContentItem) -> list[Json]:
    """Field by field: the text of before, ours, and the steps from one to the other, word by word.

    `{field, store, generated, changes, compared_with}`. An item is compared with the store's text. A text in a further
    language is compared with the shop's own translation where we know it (`store`), else with the text that it was translated
    from (`original`); one that was written from the store's facts is compared with nothing.
    """
    rows, before = (TRANSLATED, _before(item)) if item.language else (COMPARED, {})
    found = []
    for row in rows:
        if not (written := row.of(item.generated_content)):
            continue
        known, against = before.get(row.name, ("", NOTHING)) if item.language else (row.of(item.source_data), STORE)
        old, new = source_data.text_of(known), source_data.text_of(written)
        steps = list(changes(old, new))
        found.append({"field": row.name, "store": old, "generated": new, "changes": steps, "compared_with": against})
    return found


def _before(item: ContentItem) -> dict[str, tuple[object, str]]:
    """By field, what a text in a further language is compared with, and which of the two that is."""
    original: Json = {}
    if staleness.way_of(item.generation_metadata) != staleness.NATIVE:
        original = item.made_from if item.made_from is not None else staleness.original_of(item).texts
    text = getattr(item, "store_text", None)
    shop = text.held if text is not None else {}
    shop = {**source_data.own_texts(item.source_data, item.view_data), **shop}
    return {**{f: (v, ORIGINAL) for f, v in original.items()}, **{f: (v, STORE) for f, v in shop.items() if v}}


def changes(old: str, new: str) -> Iterator[dict[str, str]]:
    """The steps from one text to the other, word by word: `op` is `equal`, `insert` or `delete`, `text` the words."""
    for step, text in text_steps.between(old, new):
        yield {"op": step, "text": text}
