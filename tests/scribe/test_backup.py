"""Backup and restore: what comes back is what was there, and the books add up."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.conf import settings as live_settings

from scribe import backups
from tests.live import database_url
from tests.scribe.backed_up import manage, needs_postgres_itself

pytestmark = [pytest.mark.slow, needs_postgres_itself]


def test_a_restored_backup_is_whole_and_its_books_agree(shop, empty_database, tmp_path):
    _, key = shop
    folder = Path(manage("backup", str(tmp_path)).strip().splitlines()[-1])
    assert {path.name for path in folder.iterdir()} == {"database.dump", "files", "manifest.json"}
    assert folder.stat().st_mode & 0o077 == 0  # nobody else reads it
    data = tmp_path / "data"
    assert "Restored" in manage("restore", str(folder), url=empty_database, data=data)
    manage("migrate", "--check", url=empty_database)
    assert "holds" in manage("verify_audit", url=empty_database)
    reconciled = manage("reconcile", url=empty_database)  # ends with an error where something differs
    assert reconciled
    assert (data / "files" / key).read_bytes() == b"sku;name\n1;Bottle\n"
    with psycopg.connect(empty_database) as restored, psycopg.connect(database_url()) as original:
        for table in (
            "accounts_organization",
            "billing_entry",
            "billing_wallet",
            "billing_hold",
            "projects_contentitem",
            "scribe_auditentry",
        ):
            rows = f'SELECT * FROM "{table}" ORDER BY id'
            assert restored.execute(rows).fetchall() == original.execute(rows).fetchall()
        with pytest.raises(psycopg.errors.RestrictViolation):  # what is append-only is so again
            restored.execute("UPDATE scribe_auditentry SET reason = 'x'")


def test_a_database_with_tables_is_never_written_over(shop, tmp_path):
    folder = Path(manage("backup", str(tmp_path), "--without-files").strip().splitlines()[-1])
    assert "not empty" in manage("restore", str(folder), status=1)


def test_a_changed_dump_is_refused(shop, empty_database, tmp_path):
    folder = backups.backup(tmp_path, with_files=False)
    with (folder / "database.dump").open("ab") as dump:
        dump.write(b"x")
    assert "was changed" in manage("restore", str(folder), url=empty_database, status=1)


def test_a_backup_needs_the_keys_that_it_was_made_with(shop, empty_database, tmp_path):
    folder = backups.backup(tmp_path, with_files=False)
    other = Fernet.generate_key().decode()
    said = manage("restore", str(folder), url=empty_database, status=1, FIELD_ENCRYPTION_KEYS=other)
    assert "lacks a key" in said
    kept = json.loads((folder / "manifest.json").read_text())["encryption_keys"]
    assert live_settings.FIELD_ENCRYPTION_KEYS[0] not in str(kept)


def test_secrets_are_encrypted_in_the_dump(shop, tmp_path):
    folder = backups.backup(tmp_path)
    assert b"sk-backed-up" not in (folder / "database.dump").read_bytes()
    plain = subprocess.run(
        [backups.find("pg_restore"), "--file=-", str(folder / "database.dump")], capture_output=True, check=True
    ).stdout
    assert b"Backed up" in plain
    assert b"sk-backed-up" not in plain


def test_what_breaks_off_is_no_backup(shop, tmp_path, monkeypatch):
    monkeypatch.setitem(backups.VARIABLES, "host", "PGNOTHING")
    monkeypatch.setenv("PGHOST", "/nowhere")
    with pytest.raises(backups.BackupError, match="pg_dump failed"):
        backups.backup(tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".partial"]
