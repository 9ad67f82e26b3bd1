"""The alarms and dashboards of deploy/: they name what /metrics exports, and the alarms fire when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from scribe import jobs, metrics, outside_calls
from scribe.jobs.events import valkey
from scribe.models import Backup, Job
from tests.factories import make_organization

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "deploy/prometheus/rules.yml"
DASHBOARDS = sorted((ROOT / "deploy/grafana").glob("*.json"))
COUNTED = {
    "requests": "method route status",
    "jobs": "type status",
    "model_calls": "provider model outcome",
    "model_tokens": "provider direction",
    "model_cached_tokens": "provider direction",
    "model_cost_usd": "provider",
    "model_calls_estimated": "provider",
    "xct_charged": "provider",
    "outgoing_calls": "to outcome",
    "mails": "outcome",
    "webhook_deliveries": "outcome",
}
#: Exported where PostgreSQL archives its WAL, which this one does not; `make drill` does.
ELSEWHERE = {"scribe_wal_archive_age_seconds": set[str]()}


def rules() -> list[dict]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def expressions() -> list[tuple[str, str]]:
    """Where each expression stands, and its text."""
    found = [(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            found += [(f"{path.name}: {panel['title']}", target["expr"]) for target in panel["targets"]]
    return found


@pytest.fixture
def exported(db) -> dict[str, set[str]]:
    """Each exported series and its labels, once everything was counted."""
    for name, labels in COUNTED.items():
        metrics.count(name, **dict.fromkeys(labels.split(), "x"))
    metrics.observe("request", 0.1, method="GET", route="x", outside="no")
    for name in metrics.LEVEL_HELP:
        metrics.level(name, lambda: 1.0)
    metrics.write_levels()
    Backup.objects.create(kind="pg_dump")
    families = text_string_to_metric_families(Client().get("/metrics").content.decode())
    return ELSEWHERE | {sample.name: set(sample.labels) for family in families for sample in family.samples}


def test_every_figure_that_alarms_and_dashboards_name_is_exported(exported):
    assert len(DASHBOARDS) == 3
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    used = set()
    for place, expression in expressions():
        assert set(re.findall(r"\bscribe:[a-z0-9_:]+", expression)) <= recorded, place
        named = set(re.findall(r"\bscribe_[a-z_]+", expression))
        assert named <= set(exported), (place, named - set(exported))
        used |= named
        labels = set(re.findall(r'([a-z]+)(?:=~|!~|!=|=)"', expression))
        known = set().union(*(exported[name] for name in named)) | {"route", "outcome", "status", "le", "outside"}
        assert labels <= known, place
    # Those of a histogram that no dashboard needs apart are its own.
    assert {name for name in exported if name.startswith("scribe_") and not name.endswith("_created")} <= used


def test_the_table_of_what_to_watch_has_an_alarm_for_each_row():
    text = (ROOT / "docs/guides/operating.md").read_text()
    table = text.split("## What to watch")[1].split("| figure | alarm |")[1].split("\n\n")[0]
    rows = [re.search(r"scribe_[a-z_]+", line) for line in table.splitlines() if line.startswith("| `")]
    told = {found.group().removeprefix("scribe_") for found in rows if found}
    assert len(told) > 8
    alarms = " ".join(rule["expr"].replace("scribe:", "scribe_") for rule in rules() if "alert" in rule)
    for name in told - {"model_cost_usd_total"}:  # a figure to look at
        base = re.sub(r"_(total|bucket)$", "", name)
        assert f"scribe_{base}" in alarms, name
    for rule in rules():
        if "alert" in rule:
            assert rule["alert"].startswith("Scribe")
            assert rule["annotations"]["summary"]
            assert rule["annotations"]["description"]
            assert rule["labels"]["severity"] in ("page", "ticket")


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool comes with Debian's package `prometheus`")
@pytest.mark.parametrize(
    "command",
    [
        ["check", "rules", "rules.yml"],
        ["test", "rules", "rules.test.yml"],
        ["check", "config", "--syntax-only", "prometheus.example.yml"],
    ],
)
def test_promtool_finds_the_alarms_right(command):
    done = subprocess.run(["promtool", *command], cwd=RULES.parent, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alarm_is_seen_to_fire():
    tried = (RULES.parent / "rules.test.yml").read_text()
    assert {rule["alert"] for rule in rules() if "alert" in rule} == set(re.findall(r'alertname="(\w+)"', tried))


def test_each_queue_tells_the_age_of_its_own_oldest_job(db):
    job = jobs.create(job_type="generation", organization=make_organization())
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(seconds=400))
    families = text_string_to_metric_families(Client().get("/metrics").content.decode())
    ages = {
        sample.labels["queue"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name == "scribe_job_oldest_queued_seconds"
    }
    assert 400 <= ages["generation"] < 500
    assert ages["sync"] == 0


def test_each_alarm_has_a_page_that_says_what_to_do():
    pages = {path.stem for path in (ROOT / "docs/runbooks").glob("Scribe*.md")}
    alarms = {rule["alert"]: rule for rule in rules() if "alert" in rule}
    assert pages == set(alarms)
    for name, rule in alarms.items():
        assert rule["annotations"]["runbook_url"] == f"docs/runbooks/{name}.md"
        text = (ROOT / rule["annotations"]["runbook_url"]).read_text()
        assert text.startswith(f"# {name}\n")
        for part in ("**What it means.**", "**Look.**", "**Do.**"):
            assert part in text, (name, part)
        for command in re.findall(r"`manage\.py (\w+)", text):
            assert command in get_commands(), (name, command)
        assert set(re.findall(r"\bscribe_[a-z_]+", text)) - {"scribe_backup"} <= {
            figure for _, expression in expressions() for figure in re.findall(r"\bscribe_[a-z_]+", expression)
        }, name


def test_levels_are_those_of_processes_that_live():
    metrics.level("web_threads", lambda: 10.0)
    metrics.write_levels()
    field = metrics.SEPARATOR.join(("web_threads", "another:1"))
    valkey().hset(metrics.LEVELS, field, f"5.0 {time.time()}")
    assert {name: total for name, _, total in metrics.read_levels()}["web_threads"] == 15
    valkey().hset(metrics.LEVELS, field, f"5.0 {time.time() - metrics.LEVEL_SECONDS - 1}")
    assert {name: total for name, _, total in metrics.read_levels()}["web_threads"] == 10
    assert not valkey().hexists(metrics.LEVELS, field)


class TestAShopThatIsAsked:
    def test_its_time_is_not_ours(self, db, client):
        """A look-up marks the request; the next one in the same thread is ours again."""
        outside_calls.start_request()
        assert not outside_calls.was_made()
        with pytest.raises(ZeroDivisionError), outside_calls.counting("nobody else"):
            _ = 1 / 0
        assert outside_calls.was_made()
        assert client.get("/api/v1/system/languages").status_code == 200
        assert not outside_calls.was_made()
        found = {
            labels["outcome"]
            for name, labels, _ in metrics.read()
            if name == "outgoing_calls" and labels["to"] == "nobody else"
        }
        assert found == {"ZeroDivisionError"}
