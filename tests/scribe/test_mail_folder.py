"""Where mail goes, as `EMAIL_URL` says and as `make run` prints it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SEND = "from django.core.mail import send_mail; send_mail('Hello', 'A letter.', None, ['ann@example.com'])"


def manage(url: str, data_dir: Path, *arguments: str) -> str:
    environment = {**os.environ, "DEBUG": "1", "DATA_DIR": str(data_dir), "EMAIL_URL": url}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        umask=0o022,  # as a system's services have it
    )
    return done.stdout.strip()


@pytest.mark.parametrize("slashes", ["//", "///"])
def test_mail_is_written_into_the_folder_that_is_named(tmp_path: Path, slashes: str) -> None:
    folder = tmp_path / "letters here"
    url = f"filemail:{slashes}{folder}".replace(" ", "%20")
    manage(url, tmp_path, "shell", "--no-imports", "-c", SEND)
    (letter,) = folder.glob("*.log")
    assert "A letter." in letter.read_text()
    assert manage(url, tmp_path, "mail_goes_to") == str(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600


def test_the_folder_of_data_dir_is_closed_and_a_mailboxs_own_keeps_its_mode(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    for folder in (data, data / "mail", outside):
        folder.mkdir()
        folder.chmod(0o755)
    for url, folder, mode in (("", data / "mail", 0o700), (f"filemail://{outside}", outside, 0o755)):
        manage(url, data, "shell", "--no-imports", "-c", SEND)
        (letter,) = folder.glob("*.log")
        assert stat.S_IMODE(folder.stat().st_mode) == mode
        assert stat.S_IMODE(letter.stat().st_mode) == 0o600


def test_other_destinations_are_told(tmp_path: Path) -> None:
    assert manage("", tmp_path, "mail_goes_to") == str(tmp_path / "mail")
    assert manage("smtp://ann:secret@mail.example.com:2525", tmp_path, "mail_goes_to") == "mail.example.com:2525"
    assert manage("consolemail://", tmp_path, "mail_goes_to") == "console"
