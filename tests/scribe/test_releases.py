"""A release is one commit with one version everywhere, and its predecessor runs on its schema while a deployment rolls."""

from __future__ import annotations

import re
import shutil
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import models
from django.db.migrations import (
    AddField,
    AlterField,
    AlterModelTable,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

import scribe
from tests import releases
from tests.releases import ROOT
from tests.scribe import rolling


def test_every_place_says_the_same_version(client: Any) -> None:
    chart = yaml.safe_load((ROOT / "deploy/helm/Chart.yaml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    document = client.get("/api/v1/schema", headers={"accept": "application/json"})
    said = {
        "chart": chart["version"],
        "chart's image": chart["appVersion"],
        "pyproject.toml": project["version"],
        "/health": client.get("/health/live").json()["version"],
        "OpenAPI": re.search(rb"version['\"]?: ['\"]?([^'\"\s,]+)", document.content)[1].decode(),  # type: ignore[index]
    }
    assert said == dict.fromkeys(said, scribe.__version__)


def test_the_changelog_has_each_release_and_what_comes() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    headings = re.findall(r"^## (\S+)", changelog, re.MULTILINE)
    known = [release.version for release in releases.every()]
    coming = releases.coming()
    if scribe.__version__.endswith("-dev"):
        assert scribe.__version__ == f"{coming.version}-dev"
        assert headings == ["Unreleased", *known]
    else:  # the release's own commit, whose hash is written down by the next one
        assert scribe.__version__ == coming.version
        assert headings == [coming.version, *known]
    notes = changelog.split("\n## ")[1]
    assert ("needs a stop" in notes) == coming.needs_stop, "a release that needs a stop says so in its notes, and why"


def test_each_release_is_a_commit_before_this_one() -> None:
    releases.last()
    for release in releases.every():
        assert re.fullmatch(r"[0-9a-f]{40}", release.commit)
        releases.git("merge-base", "--is-ancestor", release.commit, "HEAD")


def test_the_last_release_can_run_on_the_schema_that_is_coming() -> None:
    if releases.coming().needs_stop:
        pytest.skip(
            "This release says that it needs a stop; tests/scribe/test_last_release.py goes the way through it."
        )
    released = releases.last().migrations()
    loader = MigrationLoader(None)
    applied = releases.last().applied(loader)
    gone = released - set(loader.disk_migrations) - {old for m in loader.disk_migrations.values() for old in m.replaces}
    assert not gone, "a migration of a release stays: databases know it by its name"
    plan: list[tuple[str, str]] = []
    for leaf in sorted(loader.graph.leaf_nodes()):
        plan += [each for each in loader.graph.forwards_plan(leaf) if each not in plan]
    ours = {app for app, _ in released} | {path.parent.parent.name for path in ROOT.glob("*/migrations/__init__.py")}
    before = [each for each in plan if each[0] not in ours or each in applied]
    state = loader.project_state(before)
    known = rolling.tables(state)
    found = [
        f"{app}.{name}: {operation.describe()}: {objection}"
        for app, name in plan
        if (app, name) not in before
        for operation in loader.graph.nodes[app, name].operations
        for objection in rolling.objections(app, operation, state, known)
    ]
    assert not found, "\n".join(found)


class TestTheRule:
    """What the old code can't live with, and what it can."""

    @pytest.fixture
    def state(self) -> ProjectState:
        state = ProjectState()
        fields = [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=10)),
            ("note", models.TextField(null=True)),
        ]
        CreateModel("Thing", fields).state_forwards("shop", state)
        return state

    def objections(self, state: ProjectState, *operations: Any) -> list[str]:
        known = rolling.tables(state)
        return [each for operation in operations for each in rolling.objections("shop", operation, state, known)]

    @pytest.mark.parametrize(
        "operation",
        [
            AddField("thing", "colour", models.CharField(max_length=9, default="")),
            RemoveField("thing", "note"),
            RenameField("thing", "note", "remark"),
            DeleteModel("Thing"),
            AlterModelTable("thing", "elsewhere"),
            AlterField("thing", "note", models.TextField(default="")),
            AlterField("thing", "name", models.CharField(max_length=9)),
            AlterField("thing", "name", models.IntegerField()),
            RunSQL("ALTER TABLE shop_thing DROP COLUMN note", "SELECT 1"),
            RunSQL("SELECT 1; alter table shop_thing rename to other", "SELECT 1"),
            RunSQL("ALTER TABLE shop_thing ADD COLUMN n integer NOT NULL", "SELECT 1"),
            RunSQL("ALTER TABLE shop_thing ALTER note SET NOT NULL", "SELECT 1"),
            RunSQL("SELECT 1"),
            RunPython(RunPython.noop),
            SeparateDatabaseAndState(database_operations=[RemoveField("thing", "note")]),
        ],
        ids=lambda operation: operation.describe(),
    )
    def test_one_step_that_breaks_the_old_code_is_refused(self, state: ProjectState, operation: Any) -> None:
        assert len(self.objections(state, operation)) == 1

    def test_what_the_old_code_does_not_notice_is_let_through(self, state: ProjectState) -> None:
        fields = [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())]
        harmless = [
            AddField("thing", "colour", models.CharField(max_length=9, null=True)),
            AddField("thing", "weight", models.IntegerField(db_default=0)),
            AlterField("thing", "name", models.CharField(max_length=20)),
            AlterField("thing", "name", models.TextField(null=True)),
            RemoveField("thing", "colour"),  # which no release has
            CreateModel("Box", fields),
            AddField("box", "depth", models.IntegerField(default=0)),
            DeleteModel("Box"),
            RunSQL("ALTER TABLE shop_thing ADD COLUMN n integer NOT NULL DEFAULT 0", "SELECT 1"),
            RunSQL("ALTER TABLE shop_box DROP COLUMN size", "SELECT 1"),
            RunPython(RunPython.noop, RunPython.noop),
            SeparateDatabaseAndState(state_operations=[RemoveField("thing", "note")]),
        ]
        assert self.objections(state, *harmless) == []


class TestTheReleaseCheck:
    @pytest.fixture
    def check(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        """The script, over a copy of what it reads."""
        loader = SourceFileLoader("release_check", str(ROOT / "bin/release-check"))
        module = module_from_spec(spec_from_loader("release_check", loader))  # type: ignore[arg-type]
        loader.exec_module(module)
        for name in (
            "Dockerfile",
            "docker-compose.yml",
            "CHANGELOG.md",
            "pyproject.toml",
            "scribe/__init__.py",
            "deploy/helm/Chart.yaml",
            "deploy/releases.toml",
        ):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
        monkeypatch.setattr(module, "ROOT", tmp_path)
        return module

    def release(self, check: Any) -> None:
        coming = releases.coming().version
        for name in ("pyproject.toml", "scribe/__init__.py", "deploy/helm/Chart.yaml"):
            text = (check.ROOT / name).read_text()
            (check.ROOT / name).write_text(text.replace(f"{coming}-dev", coming))
        log = check.ROOT / "CHANGELOG.md"
        log.write_text(log.read_text().replace("## Unreleased", f"## {coming}"))

    def test_a_commit_between_releases_is_none(self, check: Any) -> None:
        if scribe.__version__.endswith("-dev"):
            assert any("take the -dev away" in each for each in check.missing())
        self.release(check)
        assert not [each for each in check.missing() if "says" in each or "-dev" in each]
        (check.ROOT / "pyproject.toml").write_text('[project]\nversion = "9.9.9"')
        assert [each for each in check.missing() if "says" in each] == [
            f"pyproject.toml says 9.9.9, and scribe.__version__ {releases.coming().version}."
        ]

    def test_images_are_pinned_by_what_their_registry_says(self, check: Any) -> None:
        digest, asked = "sha256:" + "ab" * 32, []

        class Registry(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                if self.headers["Authorization"] != "Bearer pull":
                    self.send_response(401)
                    where = f"http://127.0.0.1:{self.server.server_port}/token"  # type: ignore[attr-defined]
                    self.send_header("WWW-Authenticate", f'Bearer realm="{where}",service="images",scope="pull"')
                else:
                    asked.append(self.path)
                    self.send_response(200)
                    self.send_header("Docker-Content-Digest", digest)
                self.end_headers()

            def do_GET(self) -> None:
                assert self.path == "/token?service=images&scope=pull"
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"token": "pull"}')

            def log_message(self, *args: Any) -> None: ...

        self.release(check)
        unpinned = [each for each in check.missing() if "by its tag" in each]
        assert len(unpinned) == 5 or any("@sha256:" in (ROOT / name).read_text() for name in check.FILES)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            for name in check.FILES:
                text = (check.ROOT / name).read_text()
                own = check.IMAGE.sub(lambda m: f"127.0.0.1:{server.server_port}/{m['name']}:{m['tag']}", text)
                (check.ROOT / name).write_text(own)
            check.pin_images()
        finally:
            server.shutdown()
            server.server_close()
        assert "/v2/python/manifests/3.13-slim-trixie" in asked
        assert (check.ROOT / "Dockerfile").read_text().count(f"@{digest}") == 2
        assert list(check.missing()) == []


def test_every_base_image_is_a_build_argument() -> None:
    """A literal one could not be pinned by `make pin-images`."""
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(bases) == 3
    assert all(re.fullmatch(r"\$\{\w+_IMAGE\}", base) for base in bases)
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"].values()
    assert all(each["image"] == "xc-scribe" or re.match(r"\$\{\w+_IMAGE:-", each["image"]) for each in services)
