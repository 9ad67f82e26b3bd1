"""The migrations as they were before they were squashed: the way back to one, as the code of its release goes it.

`python -m tests.unsquashed APP NAME` migrates the database of DATABASE_URL; `back` does it in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent


class Loader(MigrationLoader):
    """The migrations without those that others were squashed into."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection, replace_migrations=False)

    def build_graph(self) -> None:
        super().build_graph()
        for squash, migration in self.replacements.items():
            self.graph.remove_replacement_node(squash, migration.replaces)
            self.applied_migrations.pop(squash, None)


def executor(connection: Any) -> MigrationExecutor:
    made = MigrationExecutor(connection)
    made.loader = Loader(connection)
    return made


def back(url: str, app: str, name: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_POOLER": "false"}
    subprocess.run([sys.executable, "-m", "tests.unsquashed", app, name], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")
    import django

    django.setup()
    from django.db import connection

    executor(connection).migrate([(sys.argv[1], sys.argv[2])])
