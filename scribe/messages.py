"""Sentences of the product as values: a template, marked for gettext where it stands, and what goes into its places.

A message is the English sentence that the API says. `render` says it in the active language, with that
language's words for our terms, and its forms of numbers and days.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Self, SupportsIndex, cast

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.query_utils import DeferredAttribute
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.translation import gettext

from scribe.types import Json

#: The words for a value, by the name of its place in templates: `{field}` is one of the fields' names. Apps add theirs.
TERMS: dict[str, Mapping[str, object]] = {}
#: Beside stored texts in JSON: the messages that they are, by their key.
KEY = "_messages"
_PLACE = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_PART = re.compile(r"part\d+")  # a place of `join`
_DIGITS = re.compile(r"\.(\d+)f")


#: How a value is said in its place: by the place's name, and the form that stands there.
Say = Callable[[str, object, str], str]


class Message(str):
    """One sentence, or several. As a string it is English."""

    __slots__ = ("template", "values")
    template: str
    values: Json

    def __new__(cls, template: str, /, **values: object) -> Self:
        message = super().__new__(cls, _fill(template, values, _in_english))
        message.template, message.values = template, values
        return message

    def format(self, *args: object, **values: object) -> "Message":
        """The sentence with these values in its places."""
        return Message(self.template, **{**self.values, **values})

    def render(self) -> str:
        """The sentence in the active language."""
        return _fill(gettext(self.template) if self.template else "", self.values, _in_active_language)

    def __str__(self) -> "Message":  # so that `str(error)` stays one
        return self

    def __html__(self) -> str:
        return escape(self.render())

    def __getitem__(self, key: SupportsIndex | slice) -> str:  # type: ignore[explicit-any]
        part = super().__getitem__(key)
        return self if part == str.__str__(self) else part

    def __add__(self, other: str) -> "Message":
        return join((self, other), by="")

    def __reduce__(self) -> tuple[object, ...]:
        return _make, (self.template, self.values)


#: What marks a template where it stands.
_ = Message


def _make(template: str, values: Json) -> Message:
    return Message(template, **values)


def join(parts: Iterable[str], by: str = " ") -> Message:
    """Several sentences as one message."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return Message(by.join(f"{{{name}}}" for name in values), **values)


def render(text: object) -> str:
    """A message in the active language. Another text stays as it is, unless a catalogue knows it whole."""
    if isinstance(text, Message):
        return text.render()
    return gettext(str(text)) if text else ""


def values_of(text: object) -> Json:
    """What stands in the places of a message, by their names. Of sentences that were joined, what stands in each."""
    found: Json = {}
    for name, value in text.values.items() if isinstance(text, Message) else ():
        found |= values_of(value) if _PART.fullmatch(name) else {name: value}
    return found


def _fill(template: str, values: Mapping[str, object], say: Say) -> str:
    if not values:
        return template
    return _PLACE.sub(
        lambda place: say(place[1], values[place[1]], place[2] or "") if place[1] in values else place[0], template
    )


def _in_english(name: str, value: object, form: str) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str.__str__(str(one)) for one in value)
    return str.__str__(value) if isinstance(value, Message) else format(value, form)


def _in_active_language(name: str, value: object, form: str) -> str:
    if isinstance(value, Message):
        return value.render()
    if isinstance(value, list | tuple):
        return ", ".join(_in_active_language(name, one, form) for one in value)
    if isinstance(value, datetime):
        return date_format(value, "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        places = _DIGITS.search(form)
        return number_format(
            value, decimal_pos=int(places[1]) if places else None, use_l10n=True, force_grouping="," in form
        )
    return str(TERMS.get(name, {}).get(value, value)) if isinstance(value, str) else format(value, form)


def pack(value: object) -> object:
    """`value` for a JSON column: each object that has messages tells beside them which they are."""
    if isinstance(value, dict):
        packed = {key: pack(inner) for key, inner in value.items()}
        if kept := {key: found for key, inner in value.items() if (found := _pack_text(inner)) is not None}:
            packed[KEY] = kept
        return packed
    return [pack(inner) for inner in value] if isinstance(value, list | tuple) else value


def _pack_text(value: object) -> list[object] | None:
    """A message as `[template, values]`, a list of texts as the list of those, or None where there is no message."""
    if isinstance(value, Message):
        return [value.template, {name: _plain(inner) for name, inner in value.values.items()}]
    if isinstance(value, list) and any(isinstance(one, Message) for one in value):
        return [_pack_text(one) for one in value]
    return None


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return {"message": _pack_text(value)}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, list | tuple):
        return {"list": [_plain(one) for one in value]}
    return value if isinstance(value, str | int | float | None) else str(value)


def _value(kept: object) -> object:
    match kept:
        case {"message": found}:
            return _restore(found)
        case {"list": list(found)}:
            return [_value(one) for one in found]
        case {"decimal": str(found)}:
            return Decimal(found)
        case {"time": str(found)}:
            return datetime.fromisoformat(found)
        case {"day": str(found)}:
            return date.fromisoformat(found)
    return kept


def _restore(kept: object) -> Message:
    template, values = cast(tuple[str, Json], kept)
    return _make(template, {name: _value(value) for name, value in values.items()})


def restore(text: str, kept: object) -> str:
    """The message that `text` was stored as. A text that was written without it, or since, stays as it is."""
    if not kept:
        return text
    message = _restore(kept)
    return message if str.__eq__(message, text) else text


def unpack(value: object) -> object:
    """What `pack` was given."""
    if isinstance(value, list):
        return [unpack(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    found: Json = {key: unpack(inner) for key, inner in value.items() if key != KEY}
    for key, kept in value.get(KEY, {}).items():
        text = found.get(key)
        if isinstance(text, list):
            found[key] = [restore(one, of_one) for one, of_one in zip(text, kept, strict=False)]
        elif isinstance(text, str):
            found[key] = restore(text, kept)
    return found


class MessagesJSON(models.JSONField):  # type: ignore[explicit-any]
    """A JSON column whose texts may be messages. It is a plain one to migrations and to other programs."""

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        return pack(super().pre_save(model_instance, add))

    def get_db_prep_value(self, value: object, connection: BaseDatabaseWrapper, prepared: bool = False) -> object:
        return super().get_db_prep_value(pack(value), connection, prepared)

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> object:
        found = super().from_db_value(value, expression, connection)
        return unpack(found) if isinstance(value, str) and KEY in value else found

    def deconstruct(self) -> tuple[str, str, Sequence[object], Json]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class _Text(DeferredAttribute):
    """Reads a text with the message beside it."""

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> object:
        if instance is None:
            return self
        text = super().__get__(instance, cls)
        if isinstance(text, Message) or not text:
            return text
        return restore(text, instance.__dict__.get(f"{self.field.attname}_values"))

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class MessageText(models.TextField):  # type: ignore[type-arg]
    """A column for the English text of a message. A `MessageValues` of its model keeps the rest."""

    descriptor_class = _Text

    def deconstruct(self) -> tuple[str, str, Sequence[object], Json]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class MessageTitle(models.CharField):  # type: ignore[type-arg]
    """`MessageText` of a limited length."""

    descriptor_class = _Text

    def deconstruct(self) -> tuple[str, str, Sequence[object], Json]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class MessageValues(models.JSONField):  # type: ignore[explicit-any]
    """The template and values of the text in the column that this one is named after: `error_values` for `error`."""

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        kept = _pack_text(getattr(model_instance, self.attname.removesuffix("_values")))
        setattr(model_instance, self.attname, kept)
        return kept

    def deconstruct(self) -> tuple[str, str, Sequence[object], Json]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def columns(**texts: str) -> Json:
    """Texts, and what stands beside them, for an UPDATE of columns of `MessageText`."""
    return {**texts, **{f"{name}_values": _pack_text(text) for name, text in texts.items()}}
