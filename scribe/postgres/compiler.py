"""Django's compilers of statements, but for what costs most in them.

Django looks for each column of an order among those that are selected, so as to write its place ("ORDER BY 2"). For
that it takes the hash of every selected column, by its constructor's signature: two milliseconds for three joined
tables. A column that is named by a text is only found where something selected has an alias, which nothing has in most
queries.

And Django writes each selected column by six calls. It is the alias of a table and a name. Most queries select whole
rows of one model: their columns, and what converts the values, are the same each time and found once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.models.expressions import BaseExpression, Col, Expression, OrderBy

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]

Pairs = Iterator[tuple[OrderBy, bool]]


@dataclass(frozen=True)
class WholeRow:  # type: ignore[explicit-any]  # its parts are as Django makes them
    """What Django finds for a query of all columns of one model and nothing else."""

    fields: object  # the model's own list, which is a new one after a field was added
    select: Any  # type: ignore[explicit-any]
    converters: Any  # type: ignore[explicit-any]


class SQLCompiler(compiler.SQLCompiler):
    whole_row: WholeRow | None = None

    def get_select(self, with_col_aliases: bool = False) -> Any:  # type: ignore[explicit-any]
        self.whole_row = None if with_col_aliases else self._whole_row()
        return self.whole_row.select if self.whole_row else super().get_select(with_col_aliases)

    def _whole_row(self) -> WholeRow | None:
        query, meta = self.query, self.query.get_meta()
        more = query.select_related or query.extra_select or query.annotation_select or query.selected
        if more or not query.default_cols or query.deferred_loading[0] or not meta or meta.parents:
            return None
        if query.get_initial_alias() != meta.db_table:  # within another query of the table
            return None
        known: WholeRow | None = vars(meta).get("whole_row")
        if known is None or known.fields is not meta.concrete_fields:
            select = super().get_select()
            converters = super().get_converters([column for column, _, _ in select[0]])
            known = vars(meta)["whole_row"] = WholeRow(meta.concrete_fields, select, converters)
        return known

    def get_converters(self, expressions: list[Expression]) -> Any:  # type: ignore[explicit-any]
        return self.whole_row.converters if self.whole_row else super().get_converters(expressions)

    def has_composite_fields(self, expressions: Iterable[Expression]) -> bool:
        return not self.whole_row and super().has_composite_fields(expressions)

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
        if not by_names or (not self.whole_row and any(alias for _, _, alias in select or ())):
            return super()._order_by_pairs()  # type: ignore[return-value]
        self.select = None
        try:
            pairs: Pairs = super()._order_by_pairs()  # type: ignore[assignment]
            return iter(list(pairs))
        finally:
            self.select = select
