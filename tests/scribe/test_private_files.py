"""What lies in DATA_DIR is for the product's own user."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from scribe import storage
from scribe.ids import uuid7
from scribe.local import addresses
from scribe.local.supervisor import Process


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.django_db
def test_stored_files_and_their_folders_are_private() -> None:
    key = storage.save(uuid7(), "sources", "prices.csv", b"a,b")
    path = settings.MEDIA_ROOT / key
    assert mode(path) == 0o600
    assert {mode(parent) for parent in [path.parent, path.parent.parent, path.parent.parent.parent]} == {0o700}


@pytest.fixture
def umask() -> Any:
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


def test_make_run_closes_what_stood_open_and_writes_for_itself(tmp_path: Path, umask: Any) -> None:
    (tmp_path / "mail").mkdir(mode=0o755)
    (tmp_path / "beat-schedule").write_text("")
    addresses.close_to_others(tmp_path)
    assert mode(tmp_path / "mail") == 0o700
    assert mode(tmp_path / "beat-schedule") == 0o600
    os.umask(0o022)  # whoever starts the processes may have another
    process = Process("echo", [sys.executable, "-c", "print('Your link')"], dict(os.environ), tmp_path / "echo.log")
    process.start()
    assert process.child is not None
    process.child.wait()
    assert (mode(tmp_path / "echo.log"), (tmp_path / "echo.log").read_text()) == (0o600, "Your link\n")
    os.umask(0o077)
    (tmp_path / "mail" / "1.log").write_text("Your link")
    (tmp_path / "logs").mkdir()
    addresses.write(tmp_path, {"secret_key": "s"})
    assert mode(tmp_path / "mail" / "1.log") == 0o600
    assert mode(tmp_path / "logs") == 0o700
    assert mode(tmp_path / addresses.FILE) == 0o600
