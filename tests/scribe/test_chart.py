"""The Helm chart's values against the product: settings, queues, budgets of time. `make deploy-check` renders it by Helm."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

import scribe
from scribe.celery import QUEUES
from tests.scribe.source import declared

ROOT = Path(__file__).resolve().parent.parent.parent
CHART = ROOT / "deploy/helm"
SETS = sorted((ROOT / "deploy/tests/values").glob("*.yaml"))


@pytest.fixture(scope="module")
def values() -> dict:
    return yaml.safe_load((CHART / "values.yaml").read_text())


def test_the_chart_is_of_this_version():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == scribe.__version__


def test_every_name_in_the_chart_is_a_setting(values):
    assert len(SETS) == 3
    for given in [values, *(yaml.safe_load(path.read_text()) for path in SETS)]:
        assert set(given["config"]) <= declared()
        assert set(given.get("secret", {}).get("keys", [])) <= declared()


def test_each_queue_of_the_product_has_its_workers(values):
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert set(values["workers"]) == set(schema["properties"]["workers"]["required"]) == set(QUEUES)


def test_the_example_of_prometheus_queries_names_real_figures():
    text = (CHART / "templates/workers.yaml").read_text()
    alarms = (ROOT / "deploy/prometheus/rules.yml").read_text()
    named = set(re.findall(r"scribe_[a-z_]+", text))
    assert named == {"scribe_job_oldest_queued_seconds", "scribe_queue_depth"}
    assert all(name in alarms for name in named)
