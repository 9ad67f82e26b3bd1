"""Whether the code of the last release can run on the schema that a migration makes, as it does while a deployment rolls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations import RunSQL, SeparateDatabaseAndState
from django.db.migrations.state import ProjectState


class Column(NamedTuple):
    type: str
    null: bool
    filled: bool  # by the database, for who inserts a row without it


Tables = dict[str, dict[str, Column]]

#: What takes a column or a table from the old code, or refuses the rows that it writes.
TAKES = re.compile(
    r"\bDROP\s+(TABLE|COLUMN)\b|\bRENAME\b|\bSET\s+NOT\s+NULL\b|\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b"
    r"|\bADD\s+COLUMN\b(?=[^,;]*\bNOT\s+NULL\b)(?![^,;]*\b(DEFAULT|GENERATED)\b)",
    re.IGNORECASE,
)


def tables(state: ProjectState) -> Tables:
    """The tables of the models in `state`, with their columns. They are kept with it until a field changes: to make the
    models takes long."""
    fields = {name: (model.options.get("db_table"), dict(model.fields)) for name, model in state.models.items()}
    kept: tuple[Any, Tables] = getattr(state, "kept_tables", (None, {}))
    if kept[0] == fields:
        return kept[1]
    connection = connections[DEFAULT_DB_ALIAS]
    found: Tables = {}
    for model in state.apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            found[model._meta.db_table] = {
                str(field.column): Column(
                    str(field.db_type(connection)),
                    field.null,
                    field.has_db_default() or field.generated or bool(field.db_parameters(connection).get("identity")),
                )
                for field in model._meta.local_concrete_fields
            }
    del state.apps  # the next operation would make most of them anew
    state.kept_tables = fields, found  # type: ignore[attr-defined]
    return found


def objections(app: str, operation: Any, state: ProjectState, known: Tables) -> Iterator[str]:
    """What keeps old code, which knows the tables `known`, from running after this operation. Moves `state` past it."""
    if not operation.reversible:
        yield "can't be reversed"
    if isinstance(operation, SeparateDatabaseAndState):
        beside = state.clone()
        for each in operation.database_operations:
            yield from objections(app, each, beside, known)
        operation.state_forwards(app, state)
        return
    if isinstance(operation, RunSQL):
        for statement in statements(operation.sql):
            if TAKES.search(statement) and any(re.search(rf"\b{table}\b", statement) for table in known):
                yield f"takes from the old code or refuses what it writes: {statement.strip()}"
    before = tables(state)
    operation.state_forwards(app, state)
    yield from differences(before, tables(state), known)


def statements(sql: Any) -> list[str]:
    found = [sql] if isinstance(sql, str) else [each if isinstance(each, str) else each[0] for each in sql]
    return [statement for text in found for statement in text.split(";")]


def differences(before: Tables, after: Tables, known: Tables) -> Iterator[str]:
    for table, columns in known.items():
        if table in before and table not in after:
            yield f"takes the table {table} away"
        if table not in before or table not in after:
            continue
        for name, old in before[table].items():
            new = after[table].get(name)
            if name not in columns:
                continue  # of an earlier migration of the same release
            if new is None:
                yield f"takes {table}.{name} away"
            elif new.type != old.type and not wider(old.type, new.type):
                yield f"makes {table}.{name} {new.type}, which was {old.type}"
            elif old.null and not new.null:
                yield f"refuses rows without {table}.{name}, which the old code may write"
        for name, new in after[table].items():
            if name not in columns and not new.null and not new.filled:
                yield f"has {table}.{name}, without which the old code writes rows: make it nullable or give it a db_default"


def wider(old: str, new: str) -> bool:
    """Whether everything of the type `old` is also of the type `new`, and is read the same."""
    lengths = [re.fullmatch(r"varchar\((\d+)\)", each) for each in (old, new)]
    if lengths[0] and lengths[1]:
        return int(lengths[1][1]) >= int(lengths[0][1])
    return (bool(lengths[0]) and new == "text") or (old, new) in {("integer", "bigint"), ("smallint", "integer")}
