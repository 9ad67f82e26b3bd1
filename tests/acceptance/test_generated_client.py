"""A client that a generator made from the OpenAPI document drives the product; and the curl lines of the guide run."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import subprocess
import sys
import typing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings

from tests.acceptance.client_generator import generate
from tests.documents import document
from tests.live import Live, wait

pytestmark = pytest.mark.slow
ROOT = Path(settings.BASE_DIR)
SAMPLE = ROOT / "projects" / "sample" / "woocommerce_export.csv"


@pytest.fixture(scope="module")
def client_module(tmp_path_factory: Any) -> ModuleType:
    path = tmp_path_factory.mktemp("client") / "scribe_client.py"
    path.write_text(generate(document()))
    spec = importlib.util.spec_from_file_location("scribe_client", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["scribe_client"] = module
    spec.loader.exec_module(module)
    return module


def test_every_operation_has_its_method_and_every_type_resolves(client_module: ModuleType) -> None:
    wanted = {
        o["operationId"]
        for operations in document()["paths"].values()
        for verb, o in operations.items()
        if verb in ("get", "post", "put", "patch", "delete")
    }
    methods = {
        name: each
        for name, each in inspect.getmembers(client_module.Client, inspect.isfunction)
        if not name.startswith("_")
    }
    assert set(methods) == wanted
    assert len(wanted) >= 210
    for name, each in methods.items():
        hints = typing.get_type_hints(each, vars(client_module))
        assert "return" in hints, name


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web", "worker-generation", "worker-sync", "worker-default")


def test_it_drives_the_main_flow(live: Live, client_module: ModuleType) -> None:
    stranger = client_module.Client(live.url)
    signed = stranger.auth_register(
        {"email": "client@example.com", "password": "a long password 42", "company_name": "Client"}
    )
    client = client_module.Client(live.url, signed["access_token"])
    project = client.projects_create({"name": "Catalogue", "platform": "woocommerce"})
    with SAMPLE.open("rb") as file:
        source = client.sources_upload(project["id"], files={"file": (SAMPLE.name, file, "text/csv")})
    assert source["item_count"] > 0
    quote = client.generation_estimate(project["id"], {"language": "en"})
    assert quote["items"] > 0
    items = client.items_list(project["id"], limit=3)
    assert len(items) == 3
    job = client.generation_generate(project["id"], {"language": "en"})
    done = wait(
        lambda: (found := client.jobs_retrieve(job["job_id"]))["status"] not in ("queued", "running") and found,
        seconds=90,
    )
    assert done["status"] in ("completed", "completed_with_errors")
    written = client.items_list(project["id"], status="generated")
    assert written
    assert client.billing_balance()["total_balance"]
    with pytest.raises(client_module.ApiError) as refused:
        client.projects_retrieve("not-an-id")
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    with pytest.raises(client_module.ApiError) as anonymous:
        stranger.projects_list()
    assert anonymous.value.status == 401


def test_the_guides_commands_run_as_they_stand(live: Live, tmp_path: Path) -> None:
    """Every line of the guide's bash blocks, in order, stopping at the first that fails."""
    guide = (ROOT / "docs/guides/api-guide.md").read_text()
    blocks = re.findall(r"```bash\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) >= 5
    script = "set -euo pipefail\n" + "\n".join(blocks).replace("http://127.0.0.1:8000", live.url)
    script = script.replace("me@example.com", "guide@example.com")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "event: complete" in done.stdout
    assert '"status":"approved"' in done.stdout.replace(" ", "")
