"""Words of the merchant run in their own direction, wherever a page shows them: Hebrew and Persian names, and Latin
parts in them, read as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from accounts.models import Organization
from tests.workbench.routes import NO_PAGES, ROUTES, address
from tests.workbench.visiting import FRAGMENT

MARK = "בקבוק Steel"
#: Columns in which people write, whichever table has them.
WRITTEN = {
    "name", "first_name", "last_name", "company_name", "title", "text", "term", "description", "note", "alt_text",
    "content", "excerpt", "reject_reason", "topic",
}  # fmt: skip
JSON_WRITTEN = {"source_data", "generated_content"}
#: Ledgers and invoices, which nobody can change.
PHOTOGRAPHS = {"billing"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Elements whose text the browser shows with a direction of its own, or not at all.
APART = {"title", "option", "template", "iframe"}


class Reader(HTMLParser):
    """The places of a page where MARK stands and nothing gives it a direction of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        own = tag in ("bdi", *APART) or given.get("dir") == "auto"
        takes_words = tag == "textarea" or (tag == "input" and given.get("type", "text") in ("text", "search"))
        if takes_words and "dir" not in given:
            self.faults.append(f"<{tag} name={given.get('name')}>")
        if tag not in VOID:
            self.open.append((tag, own))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if MARK in data and not any(own for _, own in self.open) and f"\u2068{MARK}" not in data:
            self.faults.append(f"{'>'.join(tag for tag, _ in self.open[-3:])}: {' '.join(data.split())[:80]}")


def mark(value: Any) -> Any:
    """`value` with every text in it replaced, and its keys as they are."""
    if isinstance(value, dict):
        return {key: mark(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [mark(inner) for inner in value]
    return MARK if isinstance(value, str) else value


def mark_rows(organization: Organization) -> set[str]:
    """Write MARK into what people have written in the organization's rows. Returns the names of the tables."""
    marked = set()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # records are never changed otherwise
    for model in apps.get_models():
        columns = {field.name: field for field in model._meta.concrete_fields}
        owner = "pk" if model is Organization else "organization"
        if model._meta.app_label in PHOTOGRAPHS or (owner not in columns and owner != "pk"):
            continue
        rows: Any = model._base_manager  # noqa: SLF001 - rows of every kind, whatever their manager leaves out
        for number, row in enumerate(rows.filter(**{owner: organization.pk})):
            changes: dict[str, Any] = {}
            for name, field in columns.items():
                held = getattr(row, name)
                words = isinstance(field, models.CharField | models.TextField) and not field.choices
                if held and name in WRITTEN and words:
                    changes[name] = f"{MARK} {number}" if field.unique else MARK
                elif held and name in JSON_WRITTEN:
                    changes[name] = mark(held)
            if changes:
                rows.filter(pk=row.pk).update(**changes)
                marked.add(model.__name__)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return marked


def pages(desk: Any, ids: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for route in ROUTES:
        if "get" in route.methods and route.name not in NO_PAGES:
            response = desk.owner.client.get(address(route, ids), headers=FRAGMENT if "items/" in route.path else {})
            if not response.streaming:
                yield route.name, response.content.decode("utf-8", "replace")
    item = desk.unsupported
    root = f"/app/projects/{desk.project.pk}"
    for name, path in {
        "replacement": f"{root}/review/replacement?find=Steel",
        "flagged": f"{root}/items/{item.pk}",
        "posts": f"{root}/posts",
    }.items():
        yield name, desk.owner.client.get(path, headers=FRAGMENT if "items/" in path else {}).content.decode()


@pytest.mark.thorough
def test_every_word_of_the_merchant_has_its_own_direction(desk: Any, ids: dict[str, Any]) -> None:
    assert len(mark_rows(desk.cast.organization)) > 8
    faults, seen = [], 0
    for name, page in pages(desk, ids):
        reader = Reader()
        reader.feed(page)
        seen += page.count(MARK)
        faults += [f"{name}: {fault}" for fault in dict.fromkeys(reader.faults)]
    assert seen > 200
    assert faults == []
