"""Django's compilers of statements, but for a search that costs more than all the rest of an ordered query.

Django looks for each column of an order among those that are selected, so as to write its place ("ORDER BY 2"). For
that it takes the hash of every selected column, by its constructor's signature: two milliseconds for three joined
tables. A column that is named by a text is only found where something selected has an alias, which nothing has in most
queries.
"""

from collections.abc import Iterator

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.models.expressions import OrderBy

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]

Pairs = Iterator[tuple[OrderBy, bool]]


class SQLCompiler(compiler.SQLCompiler):
    def _order_by_pairs(self) -> Pairs:  # type: ignore[override]  # a generator, which its stub calls None
        meta = self.query.get_meta()
        orders = (*self.query.extra_order_by, *self.query.order_by, *((meta and meta.ordering) or ()))
        by_names = not self.query.combinator and all(isinstance(order, str) for order in orders)
        select = self.select
        if not by_names or any(alias for _, _, alias in select or ()):
            return super()._order_by_pairs()  # type: ignore[return-value]
        self.select = None
        try:
            pairs: Pairs = super()._order_by_pairs()  # type: ignore[assignment]
            return iter(list(pairs))
        finally:
            self.select = select
