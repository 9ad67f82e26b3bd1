"""Uploading files in tests."""

from __future__ import annotations

import io
from typing import Any

from projects.models import ContentItem
from tests.catalog.files import samples


def file(data: bytes, name: str = "export.csv") -> io.BytesIO:
    stream = io.BytesIO(data)
    stream.name = name
    return stream


def upload(
    me: Any,
    project_id: str,
    data: bytes = samples.WOO_CP1250,
    *,
    name: str = "export.csv",
    status: int = 201,
    **fields: Any,
) -> Any:
    return me.upload(f"projects/{project_id}/sources/file", {"file": file(data, name), **fields}, status)


def new_project(me: Any, platform: str = "woocommerce", name: str = "Catalogue") -> str:
    return str(me.post("projects", {"name": name, "platform": platform}, 201)["id"])


def approve(project_id: str, content: dict[str, Any], **which: Any) -> list[ContentItem]:
    """Give the chosen items a text and an approval, as a generation and a person would."""
    items = list(ContentItem.rows.filter(project_id=project_id, **which))
    for item in items:
        item.generated_content = content
        item.status = ContentItem.Status.APPROVED
        item.save(update_fields=["generated_content", "status"])
    return items
