"""Places in an ordered list of rows: a page begins behind one, whatever was added, changed or deleted meanwhile."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet

from scribe.api.renderers import dumps
from scribe.errors import InvalidInput
from scribe.messages import _

NOT_VALID = _(
    "This cursor does not belong to this list in this order. Use the cursor from the previous page's `Link` header."
)

#: A row of a query: an instance, or a tuple or dict of its values.
Row = TypeVar("Row")


@dataclass(frozen=True)
class Key:
    """One column of an order. `field` reads its values back. An `expression` is none that rows have of their own."""

    name: str
    descending: bool
    field: "Field[object, object]"
    expression: str = ""

    @property
    def term(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def behind(self, value: object, *, or_at: bool = False) -> Q:
        return Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}{'e' if or_at else ''}": value})


@dataclass(frozen=True)
class CursorOrder:
    """An order by columns that are never null, the last of them unique."""

    keys: tuple[Key, ...]

    @classmethod
    def of(cls, rows: QuerySet[Model, object]) -> "CursorOrder | None":
        """The order of `rows`, made complete by their ids; None for one that no cursor can follow."""
        names = rows.query.order_by or (rows.model._meta.ordering if rows.query.default_ordering else ())
        keys: list[Key] = []
        for name in names or ():
            if not isinstance(name, str) or (key := _key(rows, name)) is None:
                return None
            keys.append(key)
        if not any(key.field.primary_key and "__" not in key.name for key in keys if not key.expression):
            keys.append(Key("pk", bool(keys) and keys[-1].descending, rows.model._meta.pk))
        return cls(tuple(keys))

    def sorted(self, rows: QuerySet[Model, Row]) -> QuerySet[Model, Row]:
        return rows.order_by(*(key.term for key in self.keys))

    def behind(self, rows: QuerySet[Model, Row], cursor: str) -> QuerySet[Model, Row]:
        """Those of `rows` behind the place. Raises InvalidInput for a cursor of another list."""
        values = self._read(cursor)
        further, level = Q(), Q()
        for key, value in zip(self.keys, values, strict=True):
            further |= level & key.behind(value)
            level &= Q(**{key.name: value})
        # The first condition follows from the second. It tells PostgreSQL where in the index to begin.
        return rows.filter(self.keys[0].behind(values[0], or_at=True) & further)

    def placed(self, rows: QuerySet[Model, Row]) -> QuerySet[Model, Row]:
        """`rows` with their places, which `place_of` reads: attributes of instances, or the last values of tuples."""
        placed: QuerySet[Model, Row] = rows.annotate(**{f"place_{at}": F(key.name) for at, key in enumerate(self.keys)})
        return placed

    def place_of(self, row: object) -> str:
        count = len(self.keys)
        if isinstance(row, Model):
            return self._written([getattr(row, f"place_{at}") for at in range(count)])
        assert isinstance(row, tuple)
        return self._written(row[-count:])

    def _written(self, values: Sequence[object]) -> str:
        return urlsafe_b64encode(dumps([self._name, *values])).decode().rstrip("=")

    def _read(self, cursor: str) -> list[object]:
        try:
            name, *values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if name != self._name or any(isinstance(value, str) and "\0" in value for value in values):
                raise ValueError(name)
            return [key.field.to_python(value) for key, value in zip(self.keys, values, strict=True)]
        except (ValueError, TypeError, ValidationError):
            raise InvalidInput.at("?cursor", NOT_VALID, "invalid_cursor") from None

    @property
    def _name(self) -> str:
        """What tells this order from others."""
        return ",".join(key.term + key.expression for key in self.keys)


def _key(rows: QuerySet[Model, object], term: str) -> Key | None:
    name, descending = term.removeprefix("-"), term.startswith("-")
    if name in rows.query.annotations:
        expression = rows.query.annotations[name]
        return Key(name, descending, expression.output_field, sha256(repr(expression).encode()).hexdigest()[:8])
    model: type[Model] | None = rows.model
    for part in name.split("__"):
        assert model is not None
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if not isinstance(field, Field) or field.null:
            return None
        found: Field[object, object] = field
        model = field.related_model if isinstance(field.related_model, type) else None
    return Key(name, descending, found)
