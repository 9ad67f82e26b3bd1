"""Indexes of large tables, built by migrations beside the running product."""

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Indexed = models.Index | models.UniqueConstraint


class BuildIndex(NotInTransactionMixin, Operation):
    """Give a model's table the index `made`, or the unique index of a conditional constraint; `before` is what had its name.

    The new one is whole before the old one goes, and neither reads nor writes wait for it (`CREATE INDEX CONCURRENTLY`). An
    attempt that broke off may be repeated. The migration needs `atomic = False`.
    """

    atomic = False

    def __init__(self, model_name: str, made: Indexed, before: Indexed | None = None) -> None:
        assert before is None or before.name == made.name
        self.model_name, self.made, self.before = model_name, made, before

    def describe(self) -> str:
        return f"Build index {self.made.name} of {self.model_name} beside the running product"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name}_{self.made.name}".lower()

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        kind = "constraint" if isinstance(self.made, models.UniqueConstraint) else "index"
        if self.before is not None:
            getattr(state, f"remove_{kind}")(app_label, self.model_name.lower(), self.before.name)
        getattr(state, f"add_{kind}")(app_label, self.model_name.lower(), self.made)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._build(app_label, schema_editor, to_state, self.made)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._build(app_label, schema_editor, to_state, self.before)

    def _build(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState, wanted: Indexed | None
    ) -> None:
        model = state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        self._ensure_not_in_transaction(schema_editor)
        name = schema_editor.quote_name(self.made.name)
        beside = f"{self.made.name}_beside"
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {beside}")  # of an attempt that broke off
        if wanted is not None:
            schema_editor.execute(_statement(wanted, beside, model, schema_editor), params=None)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        if wanted is not None:
            schema_editor.execute(f"ALTER INDEX {beside} RENAME TO {name}")


def _statement(wanted: Indexed, name: str, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
    copy = wanted.clone()
    copy.name = name
    if isinstance(copy, models.Index):
        return str(copy.create_sql(model, schema_editor, concurrently=True))
    made = str(copy.create_sql(model, schema_editor))
    assert made.startswith("CREATE UNIQUE INDEX "), "only a constraint with a condition is an index alone"
    return made.replace("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX CONCURRENTLY ", 1)
