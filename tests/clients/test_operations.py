"""Each method of the typed clients asks what the document says, and both are of the present document."""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import subprocess
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.clients.recorder import Asked, Recorder
from tests.documents import document

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = ROOT / "clients"
ID = "a/b c?"
OPTIONS = {"idempotency_key": "k", "version": 7, "wait": 3}
HEADERS = {"idempotency_key": "Idempotency-Key", "version": "If-Match", "wait": "Prefer"}


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    found: dict[str, Any] = document()
    return found


@pytest.fixture(scope="module")
def generator() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(CLIENTS))
        patch.syspath_prepend(str(CLIENTS / "python" / "src"))
        yield importlib.import_module("generate")


@pytest.fixture(scope="module")
def client(generator: Any) -> Any:
    return importlib.import_module("xcscribe")


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


def kind_of(operation: dict[str, Any]) -> str:
    """How the document says that an operation answers."""
    successes = [each for status, each in operation["responses"].items() if status.startswith("2")]
    if not successes:
        return "redirect"
    content = next((each["content"] for each in successes if "content" in each), None)
    if content is None:
        return "none"
    if "application/json" not in content:
        return "stream" if "text/event-stream" in content else "file"
    return "array" if content["application/json"]["schema"].get("type") == "array" else "json"


def plan(whole: dict[str, Any], generator: Any) -> list[dict[str, Any]]:
    """A call of each operation with all that it may be given, and what it is to ask, by the document."""
    methods = {(each.method, each.path): each for each in generator.operations_of(whole)}
    calls = []
    for path, operations in whole["paths"].items():
        for verb, operation in operations.items():
            short = path.removeprefix("/api/v1/") if path.startswith("/api/v1/") else f"../..{path}"
            method = methods.pop((verb.upper(), short))
            parameters = operation.get("parameters", [])
            headers = {each["name"] for each in parameters if each["in"] == "header"}
            query = {each["name"]: "x" for each in parameters if each["in"] == "query"}
            contents = operation.get("requestBody", {}).get("content", {})
            body = None
            if contents:
                schema = next(iter(contents.values()))["schema"]
                shape = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                body = dict.fromkeys(shape["properties"], "x")
            calls.append(
                {
                    "resource": method.resource,
                    "name": method.name,
                    "ids": [ID for each in parameters if each["in"] == "path"],
                    "query": query,
                    "body": body,
                    "files": list(method.files),
                    "options": {name: OPTIONS[name] for name, header in HEADERS.items() if header in headers},
                    "kind": kind_of(operation),
                    "is_page": method.kind == "page",
                    "method": verb.upper(),
                    "path": path.replace("{", "\0").replace("}", "\0"),
                    "operation": operation["operationId"],
                }
            )
            parts = calls[-1]["path"].split("\0")
            calls[-1]["path"] = "".join(part if at % 2 == 0 else quote(ID, safe="") for at, part in enumerate(parts))
    assert not methods
    return calls


def compare(calls: list[dict[str, Any]], asked: list[Asked]) -> None:
    assert len(asked) == len(calls) > 290
    for call, found in zip(calls, asked, strict=True):
        told = f"{call['operation']}: {found}"
        assert (found.method, found.path) == (call["method"], call["path"]), told
        assert call["query"].items() <= found.query.items(), told
        assert found.query.keys() - call["query"].keys() <= ({"limit"} if call["is_page"] else set()), told
        assert found.fields == call["body"], told
        version, wait, key = (
            found.headers.get(HEADERS[name].lower()) for name in ("version", "wait", "idempotency_key")
        )
        assert version == ('"7"' if "version" in call["options"] else None), told
        assert wait == ("wait=3" if "wait" in call["options"] else None), told
        assert (key == "k") == ("idempotency_key" in call["options"]), told


def answer_all(recorder: Recorder, calls: list[dict[str, Any]]) -> None:
    recorder.kinds = {(call["method"], call["path"]): call["kind"] for call in calls}


def given_to(call: dict[str, Any]) -> dict[str, Any]:
    body = {name: ("x.csv", b"x") if name in call["files"] else "x" for name in call["body"] or {}}
    into = {"into": io.BytesIO()} if call["kind"] == "file" else {}
    return {**call["query"], **body, **call["options"], **into}


def test_the_kept_clients_are_of_the_present_document(whole: dict[str, Any], generator: Any) -> None:
    changed = []
    for file, text in generator.files_of(whole).items():
        changed += unified_diff(file.read_text(encoding="utf-8").splitlines(), text.splitlines(), file.name, n=0)
    assert not changed, "Run: make clients"


def test_each_method_in_python_asks_what_the_document_says(
    whole: dict[str, Any], generator: Any, client: Any, recorder: Recorder
) -> None:
    calls = plan(whole, generator)
    answer_all(recorder, calls)
    with client.Client(recorder.url, key="x") as caller:
        for call in calls:
            given = given_to(call)
            reply = getattr(getattr(caller, call["resource"]), call["name"])(*call["ids"], **given)
            if call["kind"] == "file":
                assert given["into"].getvalue() == b"sku"
            elif call["kind"] == "stream":
                assert [event.name for event in reply] == ["complete"]
            elif call["is_page"]:
                assert list(reply) == []
            elif call["kind"] == "redirect":
                assert reply == "https://shop.example.com/"
    compare(calls, recorder.asked)


def test_each_method_for_asyncio_asks_what_the_document_says(
    whole: dict[str, Any], generator: Any, client: Any, recorder: Recorder
) -> None:
    calls = plan(whole, generator)
    answer_all(recorder, calls)

    async def ask_all() -> None:
        async with client.AsyncClient(recorder.url, key="x") as caller:
            for call in calls:
                given = given_to(call)
                reply = getattr(getattr(caller, call["resource"]), call["name"])(*call["ids"], **given)
                if call["kind"] == "stream":
                    assert [event.name async for event in reply] == ["complete"]
                elif call["is_page"]:
                    assert [row async for row in reply] == []
                else:
                    await reply
                if call["kind"] == "file":
                    assert given["into"].getvalue() == b"sku"

    asyncio.run(ask_all())
    compare(calls, recorder.asked)


@pytest.mark.slow
class TestTypeScript:
    @pytest.fixture(scope="class")
    def compiled(self, compiler: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
        dist = tmp_path_factory.mktemp("dist")
        (dist / "package.json").write_text('{"type": "module"}')
        command = [str(compiler), "-p", str(CLIENTS / "typescript"), "--outDir", str(dist)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stdout
        return dist

    def drive(self, compiled: Path, recorder: Recorder, calls: list[dict[str, Any]]) -> Any:
        command = ["node", str(ROOT / "tests/clients/operations.mjs"), recorder.url, str(compiled)]
        done = subprocess.run(command, input=json.dumps(calls), capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def test_each_method_asks_what_the_document_says(
        self, whole: dict[str, Any], generator: Any, recorder: Recorder, compiled: Path
    ) -> None:
        calls = plan(whole, generator)
        answer_all(recorder, calls)
        found = self.drive(compiled, recorder, calls)
        compare(calls, recorder.asked)
        assert found["fetched"] == len(calls)
        for call, reply in zip(calls, found["replies"], strict=True):
            expected = {"file": "sku", "redirect": "https://shop.example.com/", "stream": ["complete"]}
            assert reply == expected.get(call["kind"], [] if call["is_page"] else reply), call["operation"]

    def test_a_signal_ends_a_call_and_a_wait_without_another_try(self, recorder: Recorder, compiled: Path) -> None:
        recorder.kinds = {("GET", "/api/v1/projects"): "stall"}
        found = self.drive(compiled, recorder, [])
        assert found == {"fetched": 2, "replies": [], "ended": ["AbortError", "AbortError"]}
        assert recorder.hung_up.wait(30)


def test_a_task_that_is_cancelled_ends_its_call_without_another_try(client: Any, recorder: Recorder) -> None:
    recorder.kinds = {("GET", "/api/v1/organization"): "stall"}

    async def begin_and_cancel() -> None:
        async with client.AsyncClient(recorder.url, key="x") as caller:
            task = asyncio.create_task(caller.organization.get())
            while not recorder.asked:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(begin_and_cancel())
    assert recorder.hung_up.wait(30)
    assert len(recorder.asked) == 1


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_would_be_another_path_is_refused(client: Any, recorder: Recorder, value: str) -> None:
    with client.Client(recorder.url) as caller, pytest.raises(ValueError, match="no id"):
        caller.projects.delete(value)
    assert recorder.asked == []


def test_a_file_on_the_disk_is_there_whole_or_not_at_all(client: Any, recorder: Recorder, tmp_path: Path) -> None:
    recorder.kinds = {("GET", "/api/v1/projects/1/export"): "file", ("GET", "/api/v1/projects/2/export"): "redirect"}
    with client.Client(recorder.url) as caller:
        assert caller.items.export("1", tmp_path / "a.csv") == 3
        with pytest.raises(client.ApiError):
            caller.items.export("2", tmp_path / "b.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_two_operations_of_one_method_are_told(whole: dict[str, Any], generator: Any) -> None:
    plans = whole["paths"]["/api/v1/projects"]["get"]
    twice = {"paths": {"/api/v1/a": {"get": plans}, "/api/v1/b": {"get": plans}}, "components": whole["components"]}
    with pytest.raises(ValueError, match=r"projects\.list"):
        generator.operations_of(twice)


def test_a_field_that_is_an_option_of_the_method_is_told(whole: dict[str, Any], generator: Any) -> None:
    taken = {"in": "query", "name": "version", "schema": {"type": "string"}}
    listed = {**whole["paths"]["/api/v1/projects"]["get"], "parameters": [taken]}
    with pytest.raises(ValueError, match="version"):
        generator.operations_of({"paths": {"/api/v1/a": {"get": listed}}, "components": whole["components"]})
