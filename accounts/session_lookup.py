"""The one statement that every signed-in request begins with.

Session, user and organization, and what a view names besides, come in one query. Django would spend more time on writing
that SQL anew for each request than PostgreSQL on answering it, so the text is written once per set of relations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import psycopg
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import Col
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone

from accounts.models import RetiredToken, Session
from scribe.crypto import EncryptedTextField
from scribe.types import DbRow, JsonValue

Relation = models.ForeignKey | ForeignObjectRel  # type: ignore[type-arg]

ALWAYS = ("user", "user__organization")


@dataclass(frozen=True)
class Part:
    """One model of the row: the place of its columns, and its relation to the model before it."""

    model: type[models.Model]
    names: tuple[str, ...]
    start: int
    converters: tuple[
        tuple[int, Callable[[JsonValue, Col, BaseDatabaseWrapper], JsonValue], Col], ...
    ]  # column, converter, its expression
    parent: int = -1
    field: Relation | None = None
    primary: int = 0  # the column that is null when there is no such row


@dataclass(frozen=True)
class SqlStatement:
    sql: str
    parts: tuple[Part, ...]


def find(*, session_id: UUID, user_id: UUID | None, jti: str, related: tuple[str, ...] = ()) -> Session | None:
    """The live session with its user, organization and `related` (paths as for select_related); None if it is dead."""
    statement = _statement(related)
    now = timezone.now()
    with _cursor() as cursor:
        cursor.execute(statement.sql, [session_id, user_id, now, jti, now])
        row = cursor.fetchone()
    if row is None:
        return None
    made: list[models.Model | None] = []
    for part in statement.parts:
        parent = made[part.parent] if part.parent >= 0 else None
        child = _instance(part, row) if row[part.primary] is not None else None
        if parent is not None and part.field is not None:
            part.field.set_cached_value(parent, child)
            if child is not None and part.field.one_to_one and isinstance(part.field, ForeignObjectRel):
                part.field.field.set_cached_value(child, parent)
        made.append(child)
    found = made[0]
    assert isinstance(found, Session)
    return found


class Cursor(psycopg.Cursor[DbRow]):
    """A cursor with which PostgreSQL plans the statement once per connection. Django's own writes the values into the text,
    which is planned anew each time, and the plan of so many joins takes longer than their execution. Times are read by
    psycopg's own loader, in C, and are in UTC as the connection is."""

    def __init__(self, raw: psycopg.Connection[DbRow]) -> None:
        super().__init__(raw)
        if (times := _times()) is not None:
            self.adapters.register_loader("timestamptz", times)


@lru_cache(maxsize=1)
def _times() -> type[psycopg.abc.Loader] | None:
    return psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, psycopg.pq.Format.TEXT)


def _cursor() -> CursorWrapper:
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(Cursor(connection.connection))  # type: ignore[attr-defined,no-any-return]


def _instance(part: Part, row: DbRow) -> models.Model:
    values = list(row[part.start : part.start + len(part.names)])
    for at, convert, expression in part.converters:
        values[at] = convert(values[at], expression, connection)
    return part.model.from_db("default", part.names, values)


@lru_cache(maxsize=64)
def _statement(related: tuple[str, ...]) -> SqlStatement:
    paths: list[str] = []
    for path in (*ALWAYS, *related):
        names = path.split("__")
        paths += ["__".join(names[:n]) for n in range(1, len(names) + 1)]
    paths = list(dict.fromkeys(paths))
    parts = [_part(Session, 0)]
    joins: list[str] = []
    place = {"": 0}
    for number, path in enumerate(paths, 1):
        above, _, name = path.rpartition("__")
        parent = place[above]
        field = parts[parent].model._meta.get_field(name)
        assert isinstance(field, Relation)
        start = parts[-1].start + len(parts[-1].names)
        parts.append(_part(field.related_model, start, parent=parent, field=field))
        place[path] = number
        table = field.related_model._meta.db_table
        if isinstance(field, models.ForeignKey):
            on = f"t{number}.{field.target_field.column} = t{parent}.{field.column}"
        else:
            on = f"t{number}.{field.field.column} = t{parent}.{field.field.target_field.column}"
        kind = "JOIN" if path in ALWAYS else "LEFT JOIN"
        joins.append(f'{kind} "{table}" t{number} ON {on}')
    columns = [f"t{number}.{_column(part, name)}" for number, part in enumerate(parts) for name in part.names]
    sql = (  # names of our own tables and columns only
        f'SELECT {", ".join(columns)} FROM "{Session._meta.db_table}" t0 {" ".join(joins)} '  # noqa: S608
        "WHERE t0.id = %s AND t0.user_id = %s AND t0.ended_at IS NULL AND t0.expires_at > %s AND t1.is_active "
        f'AND NOT EXISTS (SELECT 1 FROM "{RetiredToken._meta.db_table}" r '
        "WHERE r.jti = %s AND r.session_id = t0.id AND r.dies_at <= %s)"
    )
    return SqlStatement(sql, tuple(parts))


def _column(part: Part, name: str) -> str:
    field = part.model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return str(field.column)


def _part(model: type[models.Model], start: int, *, parent: int = -1, field: Relation | None = None) -> Part:
    """All columns except the encrypted ones, which are read and decrypted only where they are used."""
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, EncryptedTextField)]
    converters = [
        (at, convert, found.get_col(model._meta.db_table))
        for at, found in enumerate(fields)
        for convert in (
            *connection.ops.get_db_converters(found.get_col(model._meta.db_table)),
            *found.get_db_converters(connection),
        )
    ]
    names = tuple(f.attname for f in fields)
    primary = start + names.index(model._meta.pk.attname)
    return Part(model, names, start, tuple(converters), parent, field, primary)
