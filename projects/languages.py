"""The languages of a project: its main one, in which its items are written, and the further ones beside it.

An item's text in a further language is a row of its own, with the item as its `main`. Everything that a text has is there
once more: status, checks, decisions, versions, comments.
"""

from __future__ import annotations

from typing import Any

from projects.glossary import language_code
from projects.models import ContentItem, Project
from projects.writing_settings import for_checking


def further(project: Project, name: str) -> str:
    """The language of the rows that a list in language `name` shows: empty for none, and for the main language."""
    if not name:
        return ""
    code = language_code(name, "?language")
    return "" if code == for_checking(project).language else code


def texts_of(item: ContentItem) -> dict[str, dict[str, Any]]:
    """The item's texts in further languages, by language."""
    rows = ContentItem.rows.filter(main_id=item.pk).order_by("language")
    return {
        code: {"item_id": str(pk), "status": status, "outdated_fields": outdated}
        for code, pk, status, outdated in rows.values_list("language", "pk", "status", "outdated_fields")
    }
