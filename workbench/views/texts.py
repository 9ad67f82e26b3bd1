"""The texts of an item in review: an edit, its check while one types, and the earlier versions."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from projects import content_fields, provenance, review
from projects.models import ContentItem, ItemVersion
from projects.sync.plan import last_seen
from scribe.errors import InvalidInput, VersionConflict
from workbench import edited_texts, reading, search_result
from workbench.views.review import ItemPart
from writing import output
from writing.checks.fields import texts_by_name
from writing.fields import BY_NAME, Form, GeneratedField

MOST_VERSIONS = 50


class Text(ItemPart):
    """An edit of one field, based on a version. If the item has changed since, both texts are shown and nothing is
    lost."""

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item, row, text = self.item(), field_of(request), typed_text(request.POST)
        edited = edited_texts.patch(row, text, row.of(item.generated_content))
        try:
            with transaction.atomic():
                self.claim(item)
                changed = review.update_item(item=item, by=self.user, content=edited)
        except VersionConflict as conflict:
            found = {"field": row.name, "text": text, "who": conflict.detail}
            return self.show_item(self.item(), status=412, conflict=found)
        undo = "" if changed.generated_content == item.generated_content else latest(changed)
        lost = output.losses(edited, changed.generated_content)
        return self.show_item(self.item(), saved=row.name, undo=undo, lost=lost)


class TextCheck(ItemPart):
    """The length and the claims of an edit while the reader types. Saves nothing."""

    saves = False

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item, row, text = self.item(), field_of(request), typed_text(request.POST)
        edited = edited_texts.patch(row, text, row.of(item.generated_content))
        content, report = review.try_edit(item=item, content=edited)
        settings = review.settings_of(item)
        found = reading.read(item, settings, content=content, checks=report.checks, store=last_seen(item))
        mine = next((one for one in found if one.name == row.name), None)
        result = search_result.search_result(content, settings) if mine and mine.searched else None
        lost = output.losses(edited, content)
        return self.show("parts/check", reading=mine, item=item, result=result, lost=lost)


class Changes(ItemPart):
    """What a push of the item would change in the store, compared with the store's text as we last saw it."""

    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item = self.item()
        readings = reading.read(item, review.settings_of(item), store=last_seen(item))
        return self.show("parts/changes", item=item, readings=readings)


class Versions(ItemPart):
    """The earlier texts of the item."""

    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item = self.item()
        kept = ItemVersion.objects.filter(item=item).select_related("created_by")[:MOST_VERSIONS]
        shown_ones = [{"version": row, "texts": texts_by_name(row.generated_content).items()} for row in kept]
        return self.show("parts/versions", item=item, versions=shown_ones, may_judge=self.may_judge(item))


class ItemRecord(ItemPart):
    """Where the texts of the item come from."""

    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        record = provenance.record_of(self.item())
        latest = record["entries"][::-1][:MOST_VERSIONS]
        entries = [{**entry, "when": parse_datetime(entry["at"])} for entry in latest]
        return self.show("parts/provenance", record=record, entries=entries)


class Restoration(ItemPart):
    """Makes an earlier text the item's own again. The present text becomes a version."""

    def post(self, request: HttpRequest, project_id: str, item_id: str, version_id: str) -> HttpResponse:
        item = self.item()
        version = self.row(ItemVersion.objects.select_related("item"), version_id, item=item)
        with transaction.atomic():
            self.claim(item)
            changed = review.restore(version=version, by=self.user)
        undo = "" if changed.generated_content == item.generated_content else latest(changed)
        return self.show_item(self.item(), saved="", undo=undo)


def latest(item: ContentItem) -> UUID | None:
    """The id of the version that holds the text before the last change, so that the change can be undone."""
    return ItemVersion.objects.filter(item=item).values_list("pk", flat=True).first()


def field_of(request: HttpRequest) -> GeneratedField:
    row = BY_NAME.get(request.POST.get("field", ""))
    if row is None or row.form is Form.DATA:
        raise InvalidInput.at("#/field", _("This field does not exist."), "unknown_field")
    return row


def typed_text(form: QueryDict, name: str = "text") -> str:
    text = str(form.get(name, ""))
    if problem := content_fields.problem(text):
        raise InvalidInput.at(f"#/{name}", " ".join(map(str, problem.detail)), "invalid_text")
    return text
