"""Statements that touch a tenant's table without naming its organization, as a database that is sharded by organization would see
them: it asks every shard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from tests import releases

TABLE = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+)"?', re.IGNORECASE)
#: A condition on the organization, or a row that is written with it.
NAMED = re.compile(
    r'"?organization_id"?\s*(?:=|IN\b|::)|\borganization_id = |"accounts_organization"\."id" (?:=|IN)', re.IGNORECASE
)


def tenant_tables() -> set[str]:
    """The tables of our models that have a column for the organization."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if (releases.ROOT / model._meta.app_label).is_dir()
        and any(field.attname == "organization_id" for field in model._meta.concrete_fields)
    }


class Seen:
    """`unnamed` counts, by verb and table, the statements without an organization; `all` every statement of a tenant's table."""

    def __init__(self) -> None:
        self.tables = tenant_tables()
        self.all = 0
        self.unnamed: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        verb = text.lstrip("( ").split(None, 1)[0].upper() if text.strip() else ""
        touched = [table for table in TABLE.findall(text) if table in self.tables]
        if touched and verb in ("SELECT", "UPDATE", "DELETE", "WITH", "INSERT"):
            self.all += 1
            written = verb == "INSERT" and "organization_id" in text
            if not written and not NAMED.search(text):
                shape = f"{verb} {touched[0]}"
                self.unnamed[shape] += 1
                self.examples.setdefault(shape, text)
        return execute(sql, params, many, context)


@contextmanager
def watching() -> Iterator[Seen]:
    seen = Seen()
    with connection.execute_wrapper(seen):
        yield seen
