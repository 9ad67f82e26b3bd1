"""The texts of an item in review: an edit, its check while one types, and the earlier versions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from projects import content_fields, review
from projects.models import ContentItem, ItemVersion
from scribe.errors import InvalidInput, VersionConflict
from scribe.rows import claim_version
from workbench import reading, search_result
from workbench.views.review import ItemPart
from writing.fields import BY_NAME, Form, GeneratedField

MOST_VERSIONS = 50


class Text(ItemPart):
    """An edit of one field, based on a version. If the item has changed since, both texts are shown and nothing is
    lost."""

    def post(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item, row, text = self.item(), field_of(request), text_of(request)
        try:
            with transaction.atomic():
                claim_version(item, self.version())
                changed = review.update_item(item=item, by=self.user, content=reading.patch(item, row, text))
        except VersionConflict:
            return self.show_item(self.item(), status=412, conflict={"field": row.name, "text": text})
        undo = "" if changed.generated_content == item.generated_content else latest(changed)
        return self.show_item(self.item(), saved=row.name, undo=undo)


class TextCheck(ItemPart):
    """The length and the claims of an edit while the reader types. Saves nothing."""

    saves = False

    def post(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item, row, text = self.item(), field_of(request), text_of(request)
        content, report = review.tried(item=item, content=reading.patch(item, row, text))
        settings = review.settings_of(item)
        found = reading.read(item, settings, content=content, checks=report.checks)
        mine = next((one for one in found if one.name == row.name), None)
        result = search_result.of(content, settings) if mine and mine.searched else None
        return self.show("parts/check", reading=mine, item=item, result=result)


class Changes(ItemPart):
    """What a push of the item would change in the store, compared with the store's text as last read."""

    def get(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item = self.item()
        return self.show("parts/changes", item=item, readings=reading.read(item, review.settings_of(item)))


class Versions(ItemPart):
    """The earlier texts of the item."""

    def get(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item = self.item()
        kept = ItemVersion.objects.filter(item=item).select_related("created_by")[:MOST_VERSIONS]
        shown_ones = [{"version": version, "texts": reading.plain_texts(version.generated_content)} for version in kept]
        return self.show("parts/versions", item=item, versions=shown_ones)


class Restoration(ItemPart):
    """Makes an earlier text the item's own again. The present text becomes a version."""

    def post(self, request: Any, project_id: str, item_id: str, version_id: str) -> HttpResponse:
        item = self.item()
        version = self.row(ItemVersion.objects.select_related("item"), version_id, item=item)
        with transaction.atomic():
            claim_version(item, self.version())
            changed = review.restore(version=version, by=self.user)
        undo = "" if changed.generated_content == item.generated_content else latest(changed)
        return self.show_item(self.item(), saved="", undo=undo)


def latest(item: ContentItem) -> Any:
    """The id of the version that holds the text before the last change, so that the change can be undone."""
    return ItemVersion.objects.filter(item=item).values_list("pk", flat=True).first()


def field_of(request: Any) -> GeneratedField:
    row = BY_NAME.get(request.POST.get("field", ""))
    if row is None or row.form is Form.DATA:
        raise InvalidInput.at("#/field", _("There is no such field."), "unknown_field")
    return row


def text_of(request: Any) -> str:
    text = str(request.POST.get("text", ""))
    if problem := content_fields.problem(text):
        raise InvalidInput.at("#/text", " ".join(map(str, problem.detail)), "invalid_text")
    return text
