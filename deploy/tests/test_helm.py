"""The chart, by Helm itself: linted, rendered for three sets of values, and each object held to its schema.

`make deploy-check` runs these in an environment of their own (requirements-deploy.txt), without Django.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import helm_python as helm
import jsonschema
import kubernetes_validate
import pytest
import yaml

HERE = Path(__file__).resolve().parent
CHART = HERE.parent / "helm"
SETS = ("small", "production", "autoscaled")
QUEUES = {"generation", "sync", "long", "default", "webhooks", "webhooks-slow"}
KUBERNETES = ("1.33", "1.37")
FILES = {"files": {"claim": "shared"}}


def values(name: str) -> dict[str, Any]:
    return yaml.safe_load((HERE / "values" / f"{name}.yaml").read_text())


def rendered(given: dict[str, Any]) -> list[dict[str, Any]]:
    with helm.Chart.load(str(CHART)) as chart:
        chart.validate_schema(given)
        texts = chart.render(given, name="live", namespace="content")
    return [
        found for path, text in texts.items() if path.endswith(".yaml") for found in yaml.safe_load_all(text) if found
    ]


@pytest.fixture(scope="module")
def objects() -> dict[str, list[dict[str, Any]]]:
    return {name: rendered(values(name)) for name in SETS}


def of(found: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in found if each["kind"] == kind}


def pods(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The specification of each kind of pod, by its component."""
    specs = {}
    for each in found:
        spec = each["spec"].get("jobTemplate", each).get("spec") if each["kind"] == "CronJob" else each.get("spec", {})
        if "template" in spec:
            specs[each["metadata"]["labels"]["app.kubernetes.io/component"]] = spec["template"]["spec"]
    return specs


@pytest.mark.parametrize("name", SETS)
def test_lint_finds_nothing(name: str) -> None:
    said = helm.lint(str(CHART), values=values(name), strict=True)
    told = [each for each in said.get("messages", said.get("Messages", [])) if "icon" not in json.dumps(each)]
    assert not told, told


@pytest.mark.parametrize("name", SETS)
def test_every_object_keeps_to_its_schema(name: str, objects: dict[str, list[dict[str, Any]]]) -> None:
    keda = json.loads((HERE / "keda.schema.json").read_text())
    assert len(objects[name]) >= 8
    for each in objects[name]:
        if each["apiVersion"].startswith("keda.sh/"):
            jsonschema.validate(each, keda)
        elif each["apiVersion"].startswith("monitoring.coreos.com/"):
            continue  # the operator's own schemas are not here; a test of their own looks at both
        else:
            for version in KUBERNETES:
                kubernetes_validate.validate(each, version, strict=True)


def test_a_wrong_object_is_seen(objects: dict[str, list[dict[str, Any]]]) -> None:
    broken = of(objects["small"], "Deployment")["live-xc-scribe-web"]
    broken = {**broken, "spec": {**broken["spec"], "replicaz": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, KUBERNETES[0], strict=True)
    with pytest.raises(helm.HelmError):
        rendered(FILES | {"workers": {"mail": {}}})
    with pytest.raises(helm.HelmError):
        rendered(FILES | {"config": {"PUBLIC_URL": "x", "ALLOWED_HOSTS": "x", "SECRET_KEY": "in a manifest"}})


@pytest.mark.parametrize("name", SETS)
def test_a_worker_for_each_queue_and_the_probes_of_the_product(name: str, objects: dict) -> None:
    found = pods(objects[name])
    assert {f"worker-{queue}" for queue in QUEUES} | {"web", "beat", "migrate"} <= set(found)
    for queue in QUEUES:
        container = found[f"worker-{queue}"]["containers"][0]
        command = container["command"]
        compose = yaml.safe_load((HERE.parent.parent / "docker-compose.yml").read_text())["services"]
        same = compose[f"worker-{queue}"]["command"]
        assert command[command.index("-Q") + 1] == same[same.index("-Q") + 1]
        for probe in ("startupProbe", "livenessProbe"):
            asked = container[probe]["exec"]["command"][-1]
            assert asked in compose[f"worker-{queue}"]["healthcheck"]["test"][-1].replace("$$", "$")
            assert "/tmp/scribe-celery@$HOSTNAME.alive" in asked
        assert found[f"worker-{queue}"]["terminationGracePeriodSeconds"] >= 60
    web = found["web"]["containers"][0]
    assert web["livenessProbe"]["httpGet"]["path"] == web["startupProbe"]["httpGet"]["path"] == "/health/live"
    assert web["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert found["web"]["terminationGracePeriodSeconds"] > int(web["command"][-1]) + 5
    assert found["beat"]["containers"][0]["livenessProbe"]["exec"]["command"][-1] == "beat_alive"
    migrate = of(objects[name], "Job")["live-xc-scribe-migrate"]
    assert migrate["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"


@pytest.mark.parametrize("name", SETS)
def test_every_pod_is_closed(name: str, objects: dict) -> None:
    for part, pod in pods(objects[name]).items():
        assert pod["securityContext"]["runAsNonRoot"], part
        assert pod["automountServiceAccountToken"] is False, part
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"], part
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, part
            assert container["resources"]["limits"]["memory"], part
            names = [each["name"] for each in container["env"]]
            assert len(names) == len(set(names)), part
            assert all("valueFrom" not in each for each in container["env"])


def test_secrets_are_files_by_reference_and_stand_in_no_manifest(objects: dict) -> None:
    assert not [each for found in objects.values() for each in found if each["kind"] == "Secret"]
    for pod in pods(objects["production"]).values():
        assert pod["volumes"][0]["secret"]["secretName"] == "scribe-secrets"
        given = {each["name"]: each["value"] for each in pod["containers"][0]["env"]}
        assert given["SECRET_KEY_FILE"] == "/run/secrets/scribe/SECRET_KEY"
        assert "SECRET_KEY" not in given


def test_roles_have_addresses_of_their_own_and_migrations_pass_by_the_pooler(objects: dict) -> None:
    given = {
        part: {each["name"]: each["value"] for each in pod["containers"][0]["env"]}
        for part, pod in pods(objects["production"]).items()
    }
    assert given["web"]["DATABASE_URL_FILE"].endswith("/WEB_DATABASE_URL")
    assert given["worker-sync"]["DATABASE_URL_FILE"].endswith("/WORKER_DATABASE_URL")
    assert given["web"]["DATABASE_POOLER"] == "true"
    for part in ("migrate", "backup"):
        assert given[part]["DATABASE_URL_FILE"].endswith("/DIRECT_DATABASE_URL")
        assert "DATABASE_POOLER" not in given[part]


def test_what_scales_names_no_number_of_pods(objects: dict) -> None:
    for name, deployment in of(objects["autoscaled"], "Deployment").items():
        assert ("replicas" in deployment["spec"]) == name.endswith("-beat"), name
    scaled = of(objects["autoscaled"], "ScaledObject")
    assert {each["spec"]["scaleTargetRef"]["name"] for each in scaled.values()} == {
        f"live-xc-scribe-worker-{queue}" for queue in QUEUES
    }
    age, depth = scaled["live-xc-scribe-worker-generation"]["spec"]["triggers"]
    assert age["metadata"]["query"] == 'max(scribe_job_oldest_queued_seconds{queue="generation"})'
    assert age["metadata"]["threshold"] == "30"
    assert depth["metadata"]["query"] == 'max(scribe_queue_depth{queue="generation"})'
    assert not of(objects["production"], "ScaledObject")
    assert of(objects["autoscaled"], "HorizontalPodAutoscaler")["live-xc-scribe-web"]["spec"]["maxReplicas"] == 12


def test_budgets_let_one_pod_go_at_a_time(objects: dict) -> None:
    budgets = of(objects["production"], "PodDisruptionBudget")
    assert set(budgets) == {"live-xc-scribe-web", *(f"live-xc-scribe-worker-{queue}" for queue in QUEUES)}
    deployments = of(objects["production"], "Deployment")
    for name, budget in budgets.items():
        assert budget["spec"]["maxUnavailable"] == 1
        labels = deployments[name]["spec"]["template"]["metadata"]["labels"]
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert not of(objects["small"], "PodDisruptionBudget")


def test_private_networks_are_closed_but_for_what_is_named(objects: dict) -> None:
    policies = of(objects["production"], "NetworkPolicy")
    every = policies["live-xc-scribe"]["spec"]
    assert every["ingress"] == []
    world = every["egress"][-1]["to"]
    assert "169.254.0.0/16" in world[0]["ipBlock"]["except"]
    assert "10.0.0.0/8" in world[0]["ipBlock"]["except"]
    assert len(policies["live-xc-scribe-web"]["spec"]["ingress"][0]["from"]) == 2
    with pytest.raises(helm.HelmError, match="webFrom"):
        rendered(FILES | {"networkPolicy": {"enabled": True}})


def test_backups_run_by_night_and_need_a_place(objects: dict) -> None:
    job = of(objects["production"], "CronJob")["live-xc-scribe-backup"]["spec"]
    command = job["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"]
    assert command == ["python", "manage.py", "backup", "--to", "s3://scribe-backups/production"]
    assert job["concurrencyPolicy"] == "Forbid"
    with pytest.raises(helm.HelmError, match=r"backup\.to"):
        rendered(FILES | {"backup": {"enabled": True}})


def test_files_are_shared_by_all_pods_or_nothing_is_installed(objects: dict) -> None:
    """They were kept in each pod's own folder once, and vanished with it, while all was green."""
    with pytest.raises(helm.HelmError):
        rendered({})
    with pytest.raises(helm.HelmError):
        rendered({"config": {"S3_BUCKET": ""}, "files": {"claim": ""}})
    claim = {"name": "files", "persistentVolumeClaim": {"claimName": "scribe-files"}}
    for part, pod in pods(objects["small"]).items():
        assert claim in pod["volumes"], part
        assert {"name": "files", "mountPath": "/data/files"} in pod["containers"][0]["volumeMounts"], part
    for pod in pods(objects["production"]).values():
        assert "S3_BUCKET" in [each["name"] for each in pod["containers"][0]["env"]]
        assert "files" not in [each["name"] for each in pod["volumes"]]


@pytest.mark.parametrize("name", SETS)
def test_every_part_that_stays_has_time_to_start(name: str, objects: dict) -> None:
    for deployment in of(objects[name], "Deployment").values():
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        started, alive = container["startupProbe"], container["livenessProbe"]
        assert started.get("exec") == alive.get("exec")
        assert started["failureThreshold"] * started["periodSeconds"] >= 120


def test_mail_has_to_go_somewhere(objects: dict) -> None:
    """By a secret, or by a setting where it holds none; an empty one stops the start of every process."""
    keys = ["SECRET_KEY", "JWT_SIGNING_KEY", "FIELD_ENCRYPTION_KEYS", "REDIS_URL"]
    with pytest.raises(helm.HelmError):
        rendered(FILES | {"secret": {"keys": keys}})
    rendered(FILES | {"secret": {"keys": keys}, "config": {"EMAIL_URL": "smtp+plain://mail.example.com:25"}})
    for pod in pods(objects["small"]).values():
        assert "EMAIL_URL_FILE" in [each["name"] for each in pod["containers"][0]["env"]]


def test_prometheus_finds_the_web_and_every_alarm_with_its_page(objects: dict) -> None:
    monitor = of(objects["production"], "ServiceMonitor")["live-xc-scribe"]
    service = of(objects["production"], "Service")["live-xc-scribe-web"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    endpoint = monitor["spec"]["endpoints"][0]
    assert endpoint["port"] in [port["name"] for port in service["spec"]["ports"]]
    assert endpoint["authorization"]["credentials"] == {"name": "scribe-secrets", "key": "METRICS_TOKEN"}
    rule = of(objects["production"], "PrometheusRule")["live-xc-scribe"]
    assert rule["metadata"]["labels"]["release"] == "prometheus"
    own = yaml.safe_load((HERE.parent / "prometheus" / "rules.yml").read_text())["groups"]
    groups = rule["spec"]["groups"]
    assert [[each.get("expr") for each in group["rules"]] for group in groups] == [
        [each.get("expr") for each in group["rules"]] for group in own
    ]
    pages = [each["annotations"]["runbook_url"] for group in groups for each in group["rules"] if "alert" in each]
    assert "https://runbooks.example.com/scribe/ScribeUnseen.md" in pages
    assert all(page.startswith("https://runbooks.example.com/scribe/Scribe") for page in pages)
    assert not of(objects["small"], "PrometheusRule")


def test_the_usual_values_reach_every_pod_and_the_rest_stays_closed(objects: dict) -> None:
    for part, pod in pods(objects["production"]).items():
        assert pod["affinity"]["nodeAffinity"], part
        assert pod["priorityClassName"] == "content", part
        assert {"name": "HTTPS_PROXY", "value": "http://proxy.example.com:3128"} in pod["containers"][0]["env"], part
        assert pod["securityContext"]["runAsUser"] == 20001, part
        assert pod["securityContext"]["supplementalGroups"] == [30001], part
        assert pod["securityContext"]["runAsNonRoot"], part
