"""Translations: texts made from the approved text in the shop's main language, its *original*.

What each module gives; all of it is pure and calls no model:

- `facts_of(facts, content, language)` here: the item's facts with the original on them. From there on
  `writing.checks.run`, the second reading and `quotes.quote` treat the text as a translation. `settings_of` gives the
  writing settings of the translation: they ask for exactly the fields that the original has (or those named), in its
  form. The built-in writer translates nothing; it writes from the facts, so its texts have no original and no check
  `translation`.
- `prompt.build(facts, settings, …)`: the request. Its answer has the form of a generated text, so that
  `writing.output.accept`, `writing.rounds` and `writing.repair` take it as they are.
- `latin.content_of(content)`: Serbian in Cyrillic as the same text in Latin letters, without a model, and
  `latin.lost(before, after)`: what it could not carry over.
- `memory.key(text)`, `memory.digest(text)`: the form in which an original is looked up and told to have moved, and
  `memory.near(text, candidates, language)`: earlier originals like it, for the prompt.
"""

from collections.abc import Collection
from dataclasses import replace

from scribe.types import Json, ReadOnlyJson
from writing import fields
from writing.checks import fields as texts
from writing.facts import Facts, Original
from writing.fields import Form, Role
from writing.settings import BOUNDS, WritingSettings

#: A translation is longer than its original by up to this share before its length is a fault.
LONGER = 1.35


def facts_of(facts: Facts, content: ReadOnlyJson, language: str) -> Facts:
    """`facts` of a text that is translated from `content`, which is in `language`."""
    return replace(facts, original=Original(content, language), cache={})


def settings_of(settings: WritingSettings, original: Original, keys: Collection[str] = ()) -> WritingSettings:
    """`settings`, resolved for the translation's language, that ask for the keys that `original` has; with `keys` for
    those alone. Markup follows the original, and the limits that a project sets leave room for longer words."""
    content = original.content
    wanted = {
        row.setting: bool(row.of(content)) and (not keys or row.key in keys)
        for row in fields.FIELDS
        if row.setting and row.role is not Role.DERIVED and not row.part
    }
    for key in dict.fromkeys(row.key for row in fields.FIELDS if row.part and row.setting):
        rows = [row for row in fields.of_key(key) if row.setting]
        wanted |= {row.setting: any(row.of(content) for row in rows) and (not keys or key in keys) for row in rows}
    forms = {
        row.markup: "<" in str(row.of(content)) for row in fields.FIELDS if row.form is Form.HTML and row.of(content)
    }
    sizes = {field.name: len(field.text) for field in texts.readable_texts(dict(content))}
    limits = {
        row.limit: _roomy(row.limit, row.limit_in(settings), sizes.get(row.name, 0))
        for row in fields.FIELDS
        if isinstance(row.limit, str)
    }
    changes: Json = {**wanted, **forms, **limits}
    return replace(settings, **changes)


def _roomy(setting: str, limit: int, size: int) -> int:
    return min(max(limit, int(size * LONGER)), max(limit, BOUNDS[setting][1]))
