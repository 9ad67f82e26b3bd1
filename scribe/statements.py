"""Many rows by one statement, whose values are one JSON document that the database takes apart.

It says the same as `bulk_create` and `bulk_update`, for a sixth of the processor time: no statement is put together, no
value is quoted, and the rows' relations are not looked at again.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import connection, models

from scribe.api.renderers import dumps

AT_ONCE = 200  # rows in a statement

Fields = tuple["models.Field[object, object]", ...]


def insert(rows: Iterable[models.Model]) -> None:
    """Insert these rows of one model. A number that the database counts up for them is not read back."""
    found = list(rows)
    if found:
        _send(*_upsert(type(found[0]), "", ()), found)


def upsert(rows: Iterable[models.Model], *, unique: str, update: Sequence[str]) -> None:
    """Insert these rows of one model. Where there is one with the same `unique` field already, set its fields `update`."""
    found = list(rows)
    if not found:
        return
    statement, fields = _upsert(type(found[0]), unique, tuple(update))
    _send(statement, fields, found)


def update(rows: Iterable[models.Model], names: Sequence[str]) -> None:
    """Set these fields of rows of one model. Rows that are gone stay so."""
    found = list(rows)
    if not found:
        return
    statement, fields = _update(type(found[0]), tuple(names))
    _send(statement, fields, found)


def _send(statement: str, fields: Fields, rows: list[models.Model]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            told = [
                {field.column: field.pre_save(row, add=True) for field in fields}
                for row in rows[start : start + AT_ONCE]
            ]
            cursor.execute(statement, [dumps(told).decode()])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _describe(fields: Fields) -> str:
    columns = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields)
    return f"jsonb_to_recordset(%s::jsonb) AS told ({columns})"


def _column_list(fields: Fields, prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{field.column}"' for field in fields)


def _named_fields(model: type[models.Model], names: Iterable[str]) -> Fields:
    return tuple(model._meta.get_field(name) for name in names)  # type: ignore[misc]


@lru_cache(maxsize=64)
def _upsert(model: type[models.Model], unique: str, names: tuple[str, ...]) -> tuple[str, Fields]:
    fields: Fields = tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    statement = f'INSERT INTO "{model._meta.db_table}" ({_column_list(fields)}) SELECT {_column_list(fields, "told.")} FROM {_describe(fields)}'  # noqa: S608 - names of our models
    if unique:
        sets = ", ".join(f'"{field.column}" = EXCLUDED."{field.column}"' for field in _named_fields(model, names))
        statement += f' ON CONFLICT ("{model._meta.get_field(unique).column}") DO UPDATE SET {sets}'  # type: ignore[union-attr]
    return statement, fields


@lru_cache(maxsize=64)
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, Fields]:
    pk, fields = model._meta.pk, _named_fields(model, names)
    assert pk is not None
    sets = ", ".join(f'"{field.column}" = told."{field.column}"' for field in fields)
    statement = (
        f'UPDATE "{model._meta.db_table}" AS kept SET {sets} FROM {_describe((pk, *fields))} '  # noqa: S608 - names of our models
        f'WHERE kept."{pk.column}" = told."{pk.column}"'
    )
    return statement, (pk, *fields)
