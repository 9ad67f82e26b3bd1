"""What the tests of backups share: an organization with money, content, a secret and a file; an empty database; commands."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as live_settings
from django.db import connection, transaction

from billing import corrections, holds, usage
from scribe import audit, storage
from tests.factories import make_item, make_organization, make_own_key, make_project, make_user
from tests.live import database_url

needs_postgres_itself = pytest.mark.skipif(live_settings.DATABASE_POOLER, reason="backups pass by a pooler")


def server() -> psycopg.Connection:
    return psycopg.connect(
        database_url().replace(f"/{connection.settings_dict['NAME']}?", "/postgres?"), autocommit=True
    )


@pytest.fixture
def empty_database() -> Iterator[str]:
    """Its address. No other process of the run has one of its name."""
    name = f"restored_{uuid.uuid4().hex}"
    with server() as link:
        link.execute(f"CREATE DATABASE {name}")
    yield database_url().replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    with server() as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(*arguments: str, url: str = "", data: Path | None = None, status: int = 0, **more: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url or database_url(), **more}
    if data:
        environment["DATA_DIR"] = str(data)
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=live_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def shop(committed: Any) -> Any:
    """An organization with money, content, a secret and a file."""
    organization = make_organization("Backed up")
    make_own_key(organization, "anthropic", "sk-backed-up")
    staff = make_user(make_organization("Platform"), is_super_admin=True)
    corrections.topup(organization=organization, amount=Decimal(500), by=staff)
    hold = holds.place(organization=organization, amount=Decimal(20), key="h")
    with transaction.atomic():
        usage.record(organization=organization, key="c", provider="openai", model="gpt", xct=7)
        holds.capture(hold=hold, amount=Decimal(7), key="c", release=Decimal(20))
    make_item(make_project(organization))
    audit.record(action="test.done", actor=staff)
    return organization, storage.save(organization.pk, "sources", "catalogue.csv", b"sku;name\n1;Bottle\n")
