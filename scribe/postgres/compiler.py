"""Django's compilers of statements, but for what costs most in them.

Django looks for each column of an order among those that are selected, so as to write its place ("ORDER BY 2"). For
that it takes the hash of every selected column, by its constructor's signature: two milliseconds for three joined
tables. A column that is named by a text is only found where something selected has an alias, which nothing has in most
queries.

And Django writes each selected column by six calls. It is the alias of a table and a name.
"""

from collections.abc import Iterator

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.models.expressions import BaseExpression, Col, OrderBy

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]

Pairs = Iterator[tuple[OrderBy, bool]]


class SQLCompiler(compiler.SQLCompiler):
    def compile(self, node: BaseExpression) -> tuple[str, tuple[str | int, ...]]:
        if type(node) is not Col or not node.alias:
            return super().compile(node)
        quote, quoted, column = self.quote_name_unless_alias, self.quote_cache, str(node.target.column)
        sql = f"{quoted.get(node.alias) or quote(node.alias)}.{quoted.get(column) or quote(column)}"
        return sql, []  # type: ignore[return-value]  # a list, as Django's own: its callers compare them

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
