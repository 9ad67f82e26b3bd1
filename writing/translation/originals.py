"""The original of a translation, beside the item's facts, and the settings that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from writing import fields
from writing.checks import fields as texts
from writing.facts import Facts, Original
from writing.fields import Form, Role
from writing.settings import BOUNDS, WritingSettings

#: A translation is longer than its original by up to this share before its length is a fault.
LONGER = 1.35


def facts_of(facts: Facts, content: Mapping[str, Any], language: str) -> Facts:
    """`facts` of a text that is translated from `content`, which is in `language`."""
    return replace(facts, original=Original(content, language), cache={})


def by_built_in(settings: WritingSettings) -> bool:
    """Whether the built-in writer does the work: it writes each language from the facts and translates nothing."""
    return settings.built_in


def settings_of(settings: WritingSettings, original: Original, keys: Collection[str] = ()) -> WritingSettings:
    """`settings`, resolved for the translation's language, that ask for the keys that `original` has; with `keys` for
    those alone. Markup follows the original, and the limits that a project sets leave room for longer words."""
    content = original.content
    wanted = {
        row.setting: bool(row.of(content)) and (not keys or row.key in keys)
        for row in fields.FIELDS
        if row.setting and row.role is not Role.MADE and not row.part
    }
    for key in dict.fromkeys(row.key for row in fields.FIELDS if row.part and row.setting):
        rows = [row for row in fields.of_key(key) if row.setting]
        wanted |= {row.setting: any(row.of(content) for row in rows) and (not keys or key in keys) for row in rows}
    forms = {
        row.markup: "<" in str(row.of(content)) for row in fields.FIELDS if row.form is Form.HTML and row.of(content)
    }
    sizes = {field.name: len(field.text) for field in texts.of(dict(content))}
    limits = {
        row.limit: _roomy(row.limit, row.limit_in(settings), sizes.get(row.name, 0))
        for row in fields.FIELDS
        if isinstance(row.limit, str)
    }
    changes: dict[str, Any] = {**wanted, **forms, **limits}
    return replace(settings, **changes)


def _roomy(setting: str, limit: int, size: int) -> int:
    """The limit for a translation of `size` characters."""
    return min(max(limit, int(size * LONGER)), max(limit, BOUNDS[setting][1]))
