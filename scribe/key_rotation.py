"""Put every encrypted field under the first of FIELD_ENCRYPTION_KEYS, in small batches, while the system serves."""

from collections.abc import Iterator
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from scribe import crypto

BATCH = 500


def encrypted_columns() -> Iterator[tuple[type[Model], list[str]]]:
    """Every model of ours with encrypted fields, and their columns."""
    for model in apps.get_models():
        columns = [
            str(field.column) for field in model._meta.concrete_fields if isinstance(field, crypto.EncryptedTextField)
        ]
        if columns:
            yield model, columns


def under_first_key(token: str) -> bool:
    try:
        Fernet(settings.FIELD_ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def rotate_all(*, batch: int = BATCH) -> dict[str, int]:
    """Encrypt anew all values under older keys. Returns the number of changed rows per model. Raises InvalidToken, with
    the row in a note, when no key opens a value. May be repeated: after a kill it goes on where it stopped."""
    return {model._meta.label: rotate_model(model, columns, batch) for model, columns in encrypted_columns()}


def rotate_model(model: type[Model], columns: list[str], batch: int) -> int:
    table, key = model._meta.db_table, str(model._meta.pk.column)
    names = ", ".join(f'"{name}"' for name in columns)
    last: UUID | int | None = None
    changed = 0
    while True:
        # A batch is one short transaction. It locks its rows, so it never overwrites a value that is saved meanwhile.
        with transaction.atomic(), connection.cursor() as cursor:
            after = f'WHERE "{key}" > %s' if last is not None else ""
            query = f'SELECT "{key}", {names} FROM "{table}" {after} ORDER BY "{key}" LIMIT {int(batch)} FOR UPDATE'  # noqa: S608
            cursor.execute(query, [last] if last is not None else [])
            rows = cursor.fetchall()
            for pk, *values in rows:
                changed += _rotate_row(cursor, table, key, pk, dict(zip(columns, values, strict=True)))
        if not rows:
            return changed
        last = rows[-1][0]


def _rotate_row(cursor: CursorWrapper, table: str, key: str, pk: UUID | int, values: dict[str, str | None]) -> int:
    fresh = {}
    for column, token in values.items():
        if token and not under_first_key(token):
            try:
                fresh[column] = crypto.rotate(token)
            except InvalidToken as error:
                error.add_note(f"{table}.{column} of row {pk} is under a key that FIELD_ENCRYPTION_KEYS does not have.")
                raise
    if not fresh:
        return 0
    settings_ = ", ".join(f'"{column}" = %s' for column in fresh)
    cursor.execute(f'UPDATE "{table}" SET {settings_} WHERE "{key}" = %s', [*fresh.values(), pk])  # noqa: S608
    return 1
