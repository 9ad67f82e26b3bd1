"""One valid row of any model, and ten thousand more like it: for tests that walk every list of the admin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from accounts.models import Organization, User
from scribe import audit, ids
from scribe.backoffice.secrets import is_secret
from scribe.crypto import EncryptedTextField
from scribe.models import AuditEntry
from tests.factories import make_organization, make_user

CANARY = "canary-4711-"
WISHES: dict[str, dict[str, Any]] = {
    "billing.Checkout": {"kind": "topup", "packs": 1},
    "scribe.RateLimit": {"scope": "public"},
}


def canary(field: models.Field) -> str:
    return f"{CANARY}{field.model.__name__}-{field.name}".lower()[: field.max_length or 200]


def row_of(model: type[models.Model], made: dict[type, Any] | None = None) -> Any:
    """A row of `model`, made with all that it needs; one that is there already is taken."""
    made = made if made is not None else {}
    if model in made:
        return made[model]
    found = model._base_manager.first() or _make(model, made)
    made[model] = found
    secrets = {
        f.name: canary(f)
        for f in model._meta.concrete_fields
        if isinstance(f, EncryptedTextField) and not f.primary_key
    }
    if secrets:
        for name, value in secrets.items():
            setattr(found, name, value)
        found.save(update_fields=list(secrets))
    return found


def _make(model: type[models.Model], made: dict[type, Any]) -> Any:
    if model is Organization:
        return make_organization("Everything")
    if model is User:
        return make_user(row_of(Organization, made))
    if model is AuditEntry:
        return audit.record(action="test.done")
    values = dict(WISHES.get(model._meta.label, {}))
    for field in model._meta.concrete_fields:
        if field.attname in values or field.name in values or field.has_default() or field.null:
            continue
        if (
            isinstance(field, models.AutoField)
            or getattr(field, "auto_now", False)
            or getattr(field, "auto_now_add", False)
        ):
            continue
        values[field.name] = _value(field, made)
    return model._base_manager.create(**values)


def _value(field: models.Field, made: dict[type, Any]) -> Any:
    if isinstance(field, models.ForeignKey):
        return row_of(field.related_model, made)
    if isinstance(field, ArrayField):
        return []
    if field.choices:
        return field.choices[0][0]
    if is_secret(field):
        return canary(field)
    simple: list[tuple[type, Any]] = [
        (models.JSONField, {}),
        (models.EmailField, "someone@example.com"),
        (models.URLField, "https://example.com"),
        (models.GenericIPAddressField, "192.0.2.1"),
        (models.DateTimeField, timezone.now()),
        (models.DateField, timezone.localdate()),
        (models.DecimalField, Decimal(1)),
        (models.BooleanField, False),
        (models.UUIDField, ids.uuid7()),
        (models.IntegerField, 1),
        (models.FloatField, 1.0),
        (models.BinaryField, b""),
    ]
    for kind, value in simple:
        if isinstance(field, kind):
            return value
    return f"{field.model.__name__}-{field.name}".lower()[: field.max_length or 200]


def multiply(model: type[models.Model], by: int = 10_000) -> None:
    """Fill the table up to `by` rows with copies. Unique constraints are dropped in this transaction, which is rolled back."""
    table, key = model._meta.db_table, model._meta.pk
    columns = [f.column for f in model._meta.concrete_fields if f is not key]
    have = model._base_manager.count()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for name in _unique(cursor, table):
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
        names = ", ".join(f'"{c}"' for c in columns)
        text = f"left(\"{key.column}\", 10) || '-' || (n + {have}), "
        made = {"UUIDField": "gen_random_uuid(), ", "CharField": text, "SlugField": text}.get(
            key.get_internal_type(), ""
        )
        into = f'"{key.column}", {names}' if made else names
        cursor.execute(
            f'INSERT INTO "{table}" ({into}) SELECT {made}{names} FROM '
            f'(SELECT * FROM "{table}" ORDER BY "{key.column}" DESC LIMIT 1) one, '
            f"generate_series(1, %s) n",
            [by - have],
        )
        cursor.execute("SET session_replication_role = origin")


def _unique(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary",
        [f'"{table}"'],
    )
    return [name for (name,) in cursor.fetchall()]
