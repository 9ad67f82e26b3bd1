"""What a process loads: the vendors' SDKs are half of it, so only what calls a model has them."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

PROCESS = """
import sys
import scribe.asgi
from django.urls import get_resolver
from scribe.celery import app
from scribe.jobs import registry

def sdks():
    return sorted({"anthropic", "openai"} & set(sys.modules))

get_resolver().url_patterns
app.loader.import_default_modules()
registry.load(["default", "sync"])
print(sdks())
registry.load(["generation"])
print(sdks())
"""


def test_a_process_has_the_sdks_of_the_providers_that_it_will_call() -> None:
    """The web and the other workers have none; a worker that writes has those of its deployment before its first job."""
    environment = {**os.environ, "OPENAI_API_KEY": "sk-test", "ANTHROPIC_API_KEY": ""}
    done = subprocess.run(
        [sys.executable, "-c", PROCESS], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["[]", "['openai']"]
