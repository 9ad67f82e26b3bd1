"""Rows by many ids or texts: `filter(pk__in=ids)` sends one array instead of a parameter for each of them.

PostgreSQL makes the same array of both. But to write a hundred thousand parameters, and to read them, takes half a
second in each statement, and some changes of many items have ten.
"""

from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, ForeignKey, TextField, UUIDField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

MANY = 100


class ManyIn(In):  # type: ignore[explicit-any]  # values of any kind
    def process_rhs(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        if self.rhs_is_direct_value() and len(self.rhs) >= MANY:
            kinds = {type(value) for value in self.rhs}
            if kinds == {UUID}:
                return "ANY(%s::uuid[])", ("{" + ",".join(value.hex for value in self.rhs) + "}",)
            if kinds == {str}:
                return "ANY(%s::text[])", (list(self.rhs),)  # type: ignore[return-value]  # psycopg writes it as an array
        return super().process_rhs(compiler, connection)

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        return f"= {rhs}" if rhs.startswith("ANY(") else super().get_rhs_op(connection, rhs)


class RelatedManyIn(ManyIn, RelatedIn): ...


def register() -> None:
    for field in (UUIDField, CharField, TextField):
        field.register_lookup(ManyIn)
    ForeignKey.register_lookup(RelatedManyIn)
