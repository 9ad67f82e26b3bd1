"""Comparing texts: whether the store still has what we last knew."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from integrations.stores.types import Text, Texts

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


def of_source(data: Mapping[str, Any]) -> Texts:
    """The flat texts that an item's source data shows."""
    texts: Texts = {
        key: str(data.get(key) or "") for key in ("name", "short_description", "description") if key in data
    }
    if "tags" in data:
        texts["tags"] = [str(tag) for tag in data.get("tags") or []]
    for key, value in (data.get("seo") or {}).items():
        texts[f"seo.{key}"] = str(value or "")
    for key, value in (data.get("attributes") or {}).items():
        texts[f"attributes.{key}"] = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return texts


def same(field: str, one: Text | None, other: Text | None) -> bool:
    """Whether two texts are the same in the store's data: line ends and outer space don't count.

    Tags are compared as sets without case, as the platforms treat them; attribute values option by option.
    """
    if field == "tags":
        return members(one) == members(other)
    if field.startswith("attributes."):
        return _options(one) == _options(other)
    return _plain(one) == _plain(other)


def alike(field: str, one: Text | None, other: Text | None) -> bool:
    """Whether two texts say the same in visible words: what a store's HTML filter leaves of a text is alike to it."""
    return same(field, one, other) or (field != "tags" and _visible(one) == _visible(other))


def _plain(text: Text | None) -> str:
    return str(text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def members(text: Text | None) -> frozenset[str]:
    items = text if isinstance(text, list) else (text or "").split(",")
    return frozenset(item.strip().casefold() for item in items if item.strip())


def _options(text: Text | None) -> list[str]:
    parts = text if isinstance(text, list) else re.split(r"[|,]", text or "")
    return sorted(part.strip() for part in parts if part.strip())


def _visible(text: Text | None) -> str:
    return _SPACE.sub("", html.unescape(_TAG.sub("", str(text or ""))))
