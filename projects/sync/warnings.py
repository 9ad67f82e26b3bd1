"""Warn of the texts that a sync would replace for good, since the store could not take them back as they were, of those that
visitors would not see, since a page builder shows its own, and of those that do more than ours, by a form, a script or a picture."""

from django.db.models import Q, QuerySet

from catalog.source_data import unlinked_language
from integrations.stores.types import Current
from integrations.stores.wordpress import builders
from projects import languages, places
from projects.models import ContentItem, Project
from projects.store_work import connection_of, placement_of, store_of
from projects.sync.plan import plan, shown_of
from projects.sync.push import other_language
from scribe.messages import _
from scribe.types import Json
from writing.fields import FIELDS, TEXT, Form
from writing.html import embedded_lost

MOST = 1000
TEXTS = tuple(row.name for row in FIELDS if row.form in TEXT)
MARKED = tuple(row.name for row in FIELDS if row.form is Form.HTML)
GONE = _("The store's text has elements that ours lacks: {names}.")


def list_warnings(project: Project) -> list[Json]:
    """`{item_id, external_id, field, reason}` of each such text, at most 1,000, judged by the last reading of the store; of a
    text in a further language also `language` and `main_item_id`, and `elements` of one that only does more than ours. Raises Conflict `no_store_connection` for a project without a store."""
    connection, main = connection_of(project), languages.main(project)
    store, placement = store_of(project, connection), placement_of(project)
    found: list[Json] = []
    rows = _approved_items(project)
    for item in rows.select_related("store_text").order_by("pk").iterator(chunk_size=500):
        shown = shown_of(item)
        lost = {f: why for f in TEXTS if (why := store.removed_by_filter(f, shown.get(f, "")))}
        raw = item.source_data.get("raw") or {}
        builder = str(raw.get("built_with") or "") if not item.language else ""
        language = "" if item.language else other_language(unlinked_language(item.source_data), main, connection)
        embeds = any(embedded_lost(str(shown.get(f, "")), "") for f in MARKED)
        if not (lost or builder or language or embeds):
            continue
        # A translation is filtered by the store as its own texts are, wherever it keeps it.
        made = plan(item, Current(shown, raw), store, placement, force=True)
        reasons = {field: lost.get(field, "") for field in made.unrestorable}
        if builder and "description" in made.texts:
            reasons["description"] = builders.UNSEEN.format(name=builder)
        if language:
            reasons = dict.fromkeys(made.texts, language)
        gone = {field: names for field, names in made.elements.items() if field not in reasons}
        about = {"item_id": str(item.pk), "external_id": item.external_id}
        about |= {"language": item.language, "main_item_id": str(item.main_id)} if item.language else {}
        found += [{**about, "field": field, "reason": reason} for field, reason in reasons.items()]
        found += [
            {**about, "field": field, "reason": GONE.format(names=names), "elements": names}
            for field, names in gone.items()
        ]
        if len(found) >= MOST:
            break
    return found[:MOST]


def without_place(project: Project) -> list[Json]:
    """`{field, reason, items}` of the texts that a sync would skip, since the shop has no place for them."""
    rows, found = _approved_items(project), []
    for one in places.unplaced_fields(project):
        for name in one.fields:
            path = f"generated_content__{name.replace('.', '__')}"
            held = rows.filter(**{f"{path}__isnull": False}).exclude(Q(**{path: ""}) | Q(**{path: {}}))
            if count := held.count():
                found.append({"field": name, "reason": one.reason, "items": count})
    return found


def _approved_items(project: Project) -> QuerySet[ContentItem]:
    return ContentItem.rows.filter(project=project, status=ContentItem.Status.APPROVED).writable()
