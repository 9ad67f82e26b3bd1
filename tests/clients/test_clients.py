"""Both official clients do what the vectors say, against the running product behind a proxy that loses and cuts answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from accounts import api_keys
from projects.models import ContentProfile
from scribe.api.document import document
from scribe.api.scopes import SCOPES
from tests import factories
from tests.clients.faults import FaultyProxy
from tests.clients.odd_schemas import ODD_SCHEMAS
from tests.live import Live

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = ROOT / "clients"
PYTHON = CLIENTS / "python" / "src"
SAMPLE = ROOT / "projects" / "sample" / "woocommerce_export.csv"
VECTORS: dict[str, Any] = json.loads((CLIENTS / "vectors.json").read_text())
TOOLS = ROOT / "var" / "typescript"
LACKING = {"organization:read", "organization:write"}


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web", "worker-generation", "worker-default")


@pytest.fixture(scope="module", params=["3.0", "3.1"])
def schemas(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the clients with the types of the present document, in either version."""
    copy = tmp_path_factory.mktemp("clients")
    shutil.copytree(CLIENTS, copy / "clients", ignore=shutil.ignore_patterns("node_modules", "dist"))
    whole = json.loads(document(request.param, "json"))
    whole["components"]["schemas"] |= ODD_SCHEMAS
    (copy / "openapi.json").write_text(json.dumps(whole), encoding="utf-8")
    made = [sys.executable, str(copy / "clients" / "schemas.py"), str(copy / "openapi.json")]
    subprocess.run(made, check=True, timeout=120)
    return copy / "clients"


@pytest.fixture(scope="module")
def compiler() -> Path:
    """TypeScript's compiler, of the version that the client names, from npm when it is not here yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node is missing: the TypeScript client is not tried.")
    compiler = TOOLS / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        version = json.loads((CLIENTS / "typescript" / "package.json").read_text())["devDependencies"]["typescript"]
        asked = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS), f"typescript@{version}"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=180)
        if done.returncode:
            pytest.skip(f"npm can't be reached, so the TypeScript client is not tried: {done.stderr.strip()[-200:]}")
    return compiler


@pytest.fixture(scope="module")
def compiled(schemas: Path, compiler: Path) -> Path:
    """The TypeScript client, compiled by its own strict settings."""
    done = subprocess.run(
        [str(compiler), "-p", str(schemas / "typescript")], capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stdout
    return schemas / "typescript" / "dist"


@pytest.fixture
def world(live: Live) -> dict[str, str]:
    owner = factories.make_cast().owner
    project = factories.make_project(owner.organization)
    items = [factories.make_item(project, position=number) for number in range(8)]
    scopes = sorted(set(SCOPES) - LACKING)
    _, secret = api_keys.create(organization=owner.organization, name="Vectors", by=owner, scopes=scopes)
    second = factories.make_project(owner.organization)
    factories.make_item(second)
    profile = ContentProfile.objects.create(organization=owner.organization, name="Vectors")
    known = {"project": project, "item": items[0], "second": second, "profile": profile}
    return {"key": secret, **{name: str(row.pk) for name, row in known.items()}}


def vectors_of(world: dict[str, str]) -> dict[str, Any]:
    return {**VECTORS, "calls": [{**call, "path": call["path"].format(**world)} for call in VECTORS["calls"]]}


def drive(command: list[str], live: Live, world: dict[str, str], **environment: str) -> dict[str, Any]:
    with FaultyProxy(live.url) as proxy:
        done = subprocess.run(
            [*command[:2], proxy.url, world["key"], *command[2:]],
            input=json.dumps(vectors_of(world)),
            capture_output=True,
            text=True,
            timeout=240,
            env={**os.environ, **environment},
        )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compare(found: dict[str, Any]) -> None:
    for vector, result in zip(VECTORS["webhooks"], found["webhooks"], strict=True):
        assert result["ok"] is vector["ok"], vector["name"]
    for vector, seconds in zip(VECTORS["waits"], found["waits"], strict=True):
        assert seconds == vector["seconds"], vector
    for vector, result in zip(VECTORS["addresses"], found["addresses"], strict=True):
        assert result["ok"] is vector["ok"], vector
    for vector, results in zip(VECTORS["streams"], found["streams"], strict=True):
        assert results == [vector["events"]] * len(VECTORS["pieces"]), vector["name"]
    for vector, result in zip(VECTORS["calls"], found["calls"], strict=True):
        expected, seen, told = vector["expect"], result["seen"], f"{vector['name']}: {result}"
        for name in ("status", "code", "count", "ends", "unreachable"):
            assert name not in expected or result.get(name) == expected[name], told
        assert "status" in expected or "status" not in result, told
        if "pointers" in expected:
            assert sorted(result["pointers"]) == expected["pointers"], told
        if "tries" in expected:
            assert len(seen) == expected["tries"], told
        keys = {call["key"] for call in seen}
        if expected.get("one_key"):
            assert len(keys) == 1, told
            assert None not in keys, told
        if "keys" in expected:
            assert keys == set(expected["keys"]), told
        if "streams" in expected:
            assert sum(call["path"].endswith("/stream") for call in seen) == expected["streams"], told
        if expected.get("whole"):
            numbers = result["numbers"]
            assert numbers == list(range(1, len(numbers) + 1)), told


def test_the_python_client_does_what_the_vectors_say(live: Live, world: dict[str, str]) -> None:
    driver = [sys.executable, str(ROOT / "tests/clients/driver.py")]
    compare(drive(driver, live, world, PYTHONPATH=str(PYTHON)))


def test_the_typescript_client_does_what_the_vectors_say(live: Live, world: dict[str, str], compiled: Path) -> None:
    compare(drive(["node", str(ROOT / "tests/clients/driver.mjs"), str(compiled)], live, world))


def test_the_python_client_is_typed(schemas: Path) -> None:
    source = schemas / "python" / "src"
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file=", "-p", "xcscribe"],
        cwd=source,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout


class TestCommandLine:
    def run(
        self,
        live: Live,
        world: dict[str, str],
        home: Path,
        *arguments: str,
        code: int = 0,
        stdin: str = "",
        **more: str,
    ) -> Any:
        environment = {**os.environ, "PYTHONPATH": str(PYTHON), "XDG_CONFIG_HOME": str(home), **more}
        done = subprocess.run(
            [sys.executable, "-m", "xcscribe.cli", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            env=environment,
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_catalogue_goes_from_import_to_export(self, live: Live, cast: Any, tmp_path: Path) -> None:
        key = self.key_of(cast, sorted(SCOPES))
        world: dict[str, str] = {}
        self.run(live, world, tmp_path, "review", "x", code=2)
        self.run(live, world, tmp_path, "login", "--url", live.url, stdin="xcs_live_wrong\n", code=3)
        self.run(live, world, tmp_path, "login", "--url", live.url, stdin=f"{key}\n")
        assert (tmp_path / "xcscribe" / "login.json").stat().st_mode & 0o777 == 0o600
        (made,) = self.run(live, world, tmp_path, "import", str(SAMPLE), "--name", "Autumn")
        project = made["project"]
        assert made["items"] > 10
        self.run(live, world, tmp_path, "import", str(tmp_path / "nothing.csv"), code=2)
        self.run(live, world, tmp_path, "write", "01920000-0000-7000-8000-000000000000", code=4)
        (written,) = self.run(
            live, world, tmp_path, "write", project, "--language", "en", "--set", "ai_provider=offline"
        )
        assert written["ended"] == "complete"
        (reviewed,) = self.run(live, world, tmp_path, "review", project, "--approve-clean")
        assert reviewed["approved"] == reviewed["clean"] > 0
        target = tmp_path / "out.csv"
        (exported,) = self.run(live, world, tmp_path, "export", project, "--output", str(target))
        assert exported["bytes"] == target.stat().st_size > SAMPLE.stat().st_size
        assert not list(tmp_path.glob("*.partial"))

    def test_a_key_that_may_not_is_told_by_its_code(self, live: Live, cast: Any, tmp_path: Path) -> None:
        key = self.key_of(cast, ["projects:read", "organization:read"])
        self.run(live, {}, tmp_path, "login", "--url", live.url, stdin=f"{key}\n")
        self.run(live, {}, tmp_path, "import", str(SAMPLE), code=3)

    def test_a_key_is_kept_that_may_not_read_the_organization(self, live: Live, cast: Any, tmp_path: Path) -> None:
        """Its 403 proves the key. The file may be there already, for everybody to read."""
        key = self.key_of(cast, ["projects:read", "items:read"])
        kept = tmp_path / "xcscribe" / "login.json"
        kept.parent.mkdir()
        kept.write_text("a" * 1000)
        kept.chmod(0o644)
        (said,) = self.run(live, {}, tmp_path, "login", "--url", live.url, stdin=f"{key}\n")
        assert said["organization"] is None
        assert json.loads(kept.read_text()) == {"url": live.url, "key": key}
        assert kept.stat().st_mode & 0o777 == 0o600
        # Neither half of the environment goes with the other half of the file.
        self.run(live, {}, tmp_path, "review", "x", code=2, XCSCRIBE_URL="http://127.0.0.1:9")
        self.run(live, {}, tmp_path, "review", "x", code=2, XCSCRIBE_KEY="xcs_live_other")
        self.run(live, {}, tmp_path, "review", "x", code=4)
        self.run(live, {}, tmp_path, "review", "x", code=3, XCSCRIBE_URL=live.url, XCSCRIBE_KEY="xcs_live_other")
        self.run(live, {}, tmp_path, "login", "--url", "api.example.com", code=2, stdin=f"{key}\n")

    def key_of(self, cast: Any, scopes: list[str]) -> str:
        _, secret = api_keys.create(organization=cast.organization, name="CLI", by=cast.owner, scopes=scopes)
        return secret
