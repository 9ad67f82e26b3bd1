"""What a check found."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from scribe.types import DbRow, Json


@dataclass(frozen=True)
class Discrepancy:
    """One thing that does not add up."""

    check: str
    subject: str
    expected: object
    found: object
    organization_id: UUID | None = None
    detail: Json = field(default_factory=dict)


def rows(statement: str, *parameters: object) -> Iterator[DbRow]:
    """What a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)  # type: ignore[arg-type]  # handed on
        yield from cursor.fetchall()
