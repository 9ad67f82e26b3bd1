"""Both official clients do what the vectors say, against the running product behind a proxy that loses and cuts answers."""

from __future__ import annotations

import asyncio
import csv
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from accounts import api_keys
from projects.models import ContentItem, ContentProfile, DataSource, Project
from scribe.api.scopes import SCOPES
from tests import factories
from tests.clients.faults import FaultyProxy
from tests.clients.odd_schemas import ODD_SCHEMAS
from tests.documents import document
from tests.fakes.receiver import Receiver
from tests.live import Live

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = ROOT / "clients"
PYTHON = CLIENTS / "python" / "src"
SAMPLE = ROOT / "projects" / "sample" / "woocommerce_export.csv"
VECTORS: dict[str, Any] = json.loads((CLIENTS / "vectors.json").read_text())
LACKING = {"organization:read", "organization:write"}


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web", "worker-generation", "worker-default")


@pytest.fixture(scope="module", params=["3.0", "3.1"])
def schemas(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the clients with the types of the present document, in either version."""
    copy = tmp_path_factory.mktemp("clients")
    shutil.copytree(CLIENTS, copy / "clients", ignore=shutil.ignore_patterns("node_modules", "dist"))
    whole = deepcopy(document(request.param))
    whole["components"]["schemas"] |= ODD_SCHEMAS
    (copy / "openapi.json").write_text(json.dumps(whole), encoding="utf-8")
    made = [sys.executable, str(copy / "clients" / "generate.py"), str(copy / "openapi.json")]
    subprocess.run(made, check=True, timeout=120)
    return copy / "clients"


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
    third = factories.make_project(owner.organization)
    factories.make_item(third)
    paged = factories.make_project(owner.organization)
    for number in range(5):
        factories.make_item(paged, position=number)
    profile = ContentProfile.objects.create(organization=owner.organization, name="Vectors")
    known = {"project": project, "item": items[0], "second": second, "third": third, "paged": paged, "profile": profile}
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
        if "prefer" in expected:
            assert seen[0]["prefer"] == expected["prefer"], told
        if "streams" in expected:
            assert sum(call["path"].endswith("/stream") for call in seen) == expected["streams"], told
        if expected.get("whole"):
            numbers = result["numbers"]
            assert numbers == list(range(1, len(numbers) + 1)), told


@pytest.mark.parametrize("mode", [[], ["async"]])
def test_the_python_client_does_what_the_vectors_say(live: Live, world: dict[str, str], mode: list[str]) -> None:
    driver = [sys.executable, str(ROOT / "tests/clients/driver.py"), *mode]
    compare(drive(driver, live, world, PYTHONPATH=str(PYTHON)))


def test_the_typescript_client_does_what_the_vectors_say(live: Live, world: dict[str, str], compiled: Path) -> None:
    compare(drive(["node", str(ROOT / "tests/clients/driver.mjs"), str(compiled)], live, world))


def test_what_an_integrator_writes_works(
    live: Live, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(PYTHON))
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLE, tmp_path / "products.csv")
    usage, client = importlib.import_module("tests.clients.typed_usage"), importlib.import_module("xcscribe")
    _, key = api_keys.create(organization=cast.organization, name="Walk", by=cast.owner, scopes=sorted(SCOPES))
    with client.Client(live.url, key=key) as caller:
        written = usage.write(caller)

    async def walk() -> Any:
        async with client.AsyncClient(live.url, key=key) as caller:
            return await usage.write_async(caller)

    assert len(written) > 10  # more than a page of five
    assert len(asyncio.run(walk())) > 10
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as exported:
        assert len(list(csv.DictReader(exported))) >= len(written)


def test_the_python_client_is_typed(schemas: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    source = schemas / "python" / "src"
    libraries = tmp_path_factory.getbasetemp() / "mypy"  # read once for both
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={libraries}", "--config-file=", "-p", "xcscribe"],
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
        (tmp_path / "odd.csv").write_bytes(bytes(range(256)) * 20)
        self.run(live, world, tmp_path, "import", str(tmp_path / "odd.csv"), code=4)
        assert Project.objects.kept().filter(organization=cast.organization).count() == 1  # no empty ones stay
        self.run(live, world, tmp_path, "write", "01920000-0000-7000-8000-000000000000", code=4)
        (written,) = self.run(
            live, world, tmp_path, "write", project, "--language", "en", "--set", "ai_provider=offline"
        )
        assert written["ended"] == "complete"
        (reviewed,) = self.run(live, world, tmp_path, "review", project, "--approve-clean")
        assert reviewed["approved"] == reviewed["clean"] > 0
        assert reviewed["changed"] == []
        target = tmp_path / "out.csv"
        (exported,) = self.run(live, world, tmp_path, "export", project, "--output", str(target))
        assert exported["bytes"] == target.stat().st_size > SAMPLE.stat().st_size
        assert not list(tmp_path.glob("*.partial"))
        environment = {**os.environ, "PYTHONPATH": str(PYTHON), "XDG_CONFIG_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "xcscribe.cli", "export", project, "-o", "-"]
        piped = subprocess.run(command, capture_output=True, timeout=120, env=environment, cwd=tmp_path)
        assert (piped.returncode, piped.stdout) == (0, target.read_bytes())
        assert not (tmp_path / "-").exists()

    def test_of_several_files_it_exports_every_approved_text_and_tells_what_is_left_out(
        self, live: Live, cast: Any, tmp_path: Path
    ) -> None:
        home, key = tmp_path / "home", self.key_of(cast, sorted(SCOPES))
        self.run(live, {}, home, "login", "--url", live.url, stdin=f"{key}\n")
        (tmp_path / "products.csv").write_text("sku,name,weight\nTEA-1,Black tea,1 kg\nTEA-2,Green tea,2 kg\n")
        (made,) = self.run(live, {}, home, "import", str(tmp_path / "products.csv"))
        for item in ContentItem.objects.filter(project_id=made["project"]):
            texts = {"description": f"<p>All about {item.external_id}</p>"}
            ContentItem.objects.filter(pk=item.pk).update(status="approved", generated_content=texts)
        out = tmp_path / "out.csv"
        (exported,) = self.run(live, {}, home, "export", made["project"], "-o", str(out))
        assert (exported["warnings"], out.read_text().count("All about")) == ("", 2)
        (tmp_path / "prices.jsonl").write_text('{"sku":"TEA-2","price":"1.00"}\n')
        api, asked = importlib.import_module("requests"), {"X-API-Key": key}
        path = f"{live.url}/api/v1/projects/{made['project']}"
        with (tmp_path / "prices.jsonl").open("rb") as file:
            assert api.post(f"{path}/sources/file", files={"file": file}, headers=asked, timeout=30).ok
        (exported,) = self.run(live, {}, home, "export", made["project"], "-o", str(out))
        assert out.read_text().count("All about") == 2
        again = tmp_path / "again.csv"
        self.run(live, {}, home, "export", made["project"], "-o", str(again), "--source", made["source"])
        assert again.read_text().startswith("sku,name,weight")
        assert again.read_text().count("All about") == 2
        prices = str(DataSource.objects.get(name="prices.jsonl").pk)
        self.run(live, {}, home, "export", made["project"], "-o", str(again), "--source", prices, code=2)
        self.run(live, {}, home, "export", made["project"], "-o", str(tmp_path / "x.xlsx"), code=2)
        self.run(live, {}, home, "export", made["project"], "-o", str(again), "--source", made["project"], code=4)
        assert again.read_text().startswith("sku,name,weight")
        ContentItem.objects.filter(external_id="TEA-2").update(outdated_fields=["description"])
        (exported,) = self.run(live, {}, home, "export", made["project"], "-o", str(out))
        assert "TEA-2" in exported["warnings"]

    def test_a_text_that_was_edited_since_is_not_approved_with_the_clean_ones(
        self, live: Live, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(str(PYTHON))
        cli, client = importlib.import_module("xcscribe.cli"), importlib.import_module("xcscribe.client")
        project = factories.make_project(cast.organization)
        items = [factories.make_item(project, status="generated", generated_content={"name": "x"}) for _ in range(3)]
        monkeypatch.setenv("XCSCRIBE_URL", live.url)
        monkeypatch.setenv("XCSCRIBE_KEY", self.key_of(cast, sorted(SCOPES)))
        pages = client.Client.pages

        def edited_after_reading(self: Any, path: str, **query: Any) -> Any:
            yield from pages(self, path, **query)
            if query.get("status") == "flagged":
                self.patch(f"{path}/{items[1].pk}", {"generated_content": {"name": "y"}})

        monkeypatch.setattr(client.Client, "pages", edited_after_reading)
        assert cli.main(["review", str(project.pk), "--approve-clean"]) == 0
        statuses = {item.pk: item.status for item in type(items[0]).objects.filter(project=project)}
        assert [statuses[item.pk] for item in items] == ["approved", "generated", "approved"]

    def test_a_netrc_of_the_house_never_replaces_a_token(
        self, live: Live, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(str(PYTHON))
        client = importlib.import_module("xcscribe.client")
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        sent: list[str] = []
        with_token = client.Client(live.url, token="mine", tries=1)
        with_token.http.event_hooks = {"request": [lambda asked: sent.append(asked.headers["Authorization"])]}
        with pytest.raises(client.ApiError):
            with_token.get("organization")
        assert sent == ["Bearer mine"]

    def test_ctrl_c_ends_it_in_a_sentence(self, live: Live, cast: Any, tmp_path: Path) -> None:
        key = self.key_of(cast, sorted(SCOPES))
        environment = {
            **os.environ, "PYTHONPATH": str(PYTHON), "XCSCRIBE_URL": live.url, "XCSCRIBE_KEY": key, "PYTHONUNBUFFERED": "1"
        }  # fmt: skip
        project = factories.make_project(cast.organization)
        item = factories.make_item(project, status="generated")
        command = [sys.executable, "-m", "xcscribe.cli", "listen", "--all"]
        listening = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite in the background ignores it
        )
        api = importlib.import_module("requests")
        approval = {"status": "approved"}
        path = f"{live.url}/api/v1/projects/{project.pk}/items/{item.pk}"
        assert api.patch(path, json=approval, headers={"X-API-Key": key}, timeout=30).ok
        assert listening.stdout is not None
        assert listening.stdout.readline()  # it is at work
        listening.send_signal(signal.SIGINT)
        _, said = listening.communicate(timeout=30)
        assert listening.returncode == 130
        assert "Traceback" not in said
        assert "Stopped" in said

    def test_a_test_key_rehearses_each_outcome_with_signed_webhooks_on_this_machine(
        self, live: Live, cast: Any, tmp_path: Path
    ) -> None:
        """From the sign-in on: a flagged text, a failed one, an empty balance, and an example of another event."""
        scopes = sorted(SCOPES)
        _, key = api_keys.create(organization=cast.organization, name="CLI", by=cast.owner, scopes=scopes, mode="test")
        self.run(live, {}, tmp_path, "login", "--url", live.url, stdin=f"{key}\n")
        catalogue = tmp_path / "rehearsal.csv"
        catalogue.write_text("SKU,Name,Short description\nXCS-TEST-FLAGGED,Wool socks,Warm\nXCS-TEST-FAILED,Cap,Warm\n")
        (begun,) = self.run(live, {}, tmp_path, "import", str(catalogue))
        api = importlib.import_module("requests")
        balance, asked = f"{live.url}/api/v1/billing/test-balance", {"X-API-Key": key}
        assert api.put(balance, json={"balance": "1"}, headers=asked, timeout=30).ok
        self.run(live, {}, tmp_path, "write", begun["project"], code=6)
        assert api.put(balance, json={"balance": "201"}, headers=asked, timeout=30).ok
        (ended,) = self.run(live, {}, tmp_path, "write", begun["project"], code=1)
        assert (ended["flagged"], ended["failed"]) == (1, 1)
        secret = "whsec_" + "c2VjcmV0" * 4
        with Receiver() as receiver:
            receiver.secret = secret
            hook = ("--forward-to", f"{receiver.url}/hook", "--secret", secret)
            heard = self.run(live, {}, tmp_path, "listen", "--all", "--once", *hook)
            self.run(live, {}, tmp_path, "trigger", "item.approved", *hook)
            told = [body for _, body in receiver.got]
        assert {event["is_test"] for event in heard} == {True}
        assert sorted(body["type"] for body in told) == [
            "item.approved", "item.texts_ready", "job.finished", "wallet.low"
        ]  # fmt: skip
        statuses = {body["type"]: body["data"].get("status") for body in told}
        assert statuses["item.texts_ready"] == "flagged"
        assert statuses["job.finished"] == "completed_with_errors"

    def test_it_tells_its_version(self) -> None:
        command = [sys.executable, "-m", "xcscribe.cli", "--version"]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(PYTHON)})
        assert (done.returncode, done.stdout.split()[0]) == (0, "xcscribe")

    def test_a_key_that_may_not_is_told_by_its_code(self, live: Live, cast: Any, tmp_path: Path) -> None:
        key = self.key_of(cast, ["projects:read", "organization:read"])
        self.run(live, {}, tmp_path, "login", "--url", live.url, stdin=f"{key}\n")
        self.run(live, {}, tmp_path, "import", str(SAMPLE), code=3)

    def test_the_key_that_is_given_is_kept_whatever_the_environment_has(
        self, live: Live, cast: Any, tmp_path: Path
    ) -> None:
        others, given = self.key_of(cast, sorted(SCOPES)), self.key_of(cast, sorted(SCOPES))
        environment = {"XCSCRIBE_URL": live.url, "XCSCRIBE_KEY": others}
        login = ("login", "--url", live.url)
        self.run(live, {}, tmp_path, *login, stdin="xcs_live_wrong\n", code=3, **environment)
        self.run(live, {}, tmp_path, *login, stdin="\n", code=2, **environment)
        assert not (tmp_path / "xcscribe").exists()
        self.run(live, {}, tmp_path, *login, stdin=f"{given}\n", **environment)
        assert json.loads((tmp_path / "xcscribe" / "login.json").read_text())["key"] == given

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
