"""Settings that come from files, as container platforms mount secrets."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from scribe.secret_files import Env


def test_a_file_gives_its_text_without_the_line_end(tmp_path):
    (tmp_path / "key").write_text("s3cret =\n")
    env = Env({"KEY_FILE": str(tmp_path / "key"), "KEY": "", "PLAIN": " kept\n", "OTHER_FILE": ""})
    assert env.str("KEY", default="") == "s3cret ="
    assert env.str("PLAIN", default="") == " kept\n"
    assert env.str("OTHER", default="none") == "none"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"KEY_FILE": "/nowhere/key"}, "KEY_FILE names /nowhere/key, which cannot be read"),
        ({"KEY_FILE": "/"}, "KEY_FILE names /, which cannot be read"),
        ({"KEY_FILE": "/nowhere/key", "KEY": "x"}, "Set KEY or KEY_FILE, not both."),
    ],
)
def test_a_file_that_cannot_count_stops_the_start_with_its_name(environment, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        Env(environment).str("KEY", default="")


def test_the_settings_read_secrets_from_files(tmp_path):
    for name, text in (("secret", "from a file\n"), ("fernet", "a,b\n"), ("database", "postgresql://u:p@h/d\n")):
        (tmp_path / name).write_text(text)
    named = {"SECRET_KEY": "secret", "FIELD_ENCRYPTION_KEYS": "fernet", "DATABASE_URL": "database"}
    environment = {name: value for name, value in os.environ.items() if name not in named}
    environment |= {f"{name}_FILE": str(tmp_path / file) for name, file in named.items()}
    environment |= {"JWT_SIGNING_KEY": "j", "DJANGO_SETTINGS_MODULE": "scribe.settings"}
    script = (
        "from django.conf import settings as s;"
        "print(s.SECRET_KEY, s.FIELD_ENCRYPTION_KEYS, s.DATABASES['default']['HOST'], sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "from a file|['a', 'b']|h", done.stderr
