"""What operators rely on: key rotation, audit verification, retention, rate limits by row, headers, settings, containers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet
from django.conf import settings as live_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from scribe import audit, crypto, error_reports, key_rotation, logs, retention
from scribe.api import rate_limits
from scribe.jobs.models import JobEvent
from scribe.models import AuditEntry, RateLimit
from tests.factories import make_organization, make_own_key
from tests.helpers import chain_audit
from tests.scribe.source import declared

ROOT = Path(live_settings.BASE_DIR)

# --- key rotation


@pytest.mark.django_db
class TestKeyRotation:
    def raw(self, row) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT key FROM accounts_ownkey WHERE id = %s", [row.pk])
            return cursor.fetchone()[0]

    def test_every_value_ends_under_the_first_key(self, settings):
        rows = [make_own_key(make_organization(), "anthropic", f"sk-{n}") for n in range(7)]
        old, new = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
        settings.FIELD_ENCRYPTION_KEYS = [new, old]
        before = self.raw(rows[0])
        assert key_rotation.rotate_all(batch=3)["accounts.OwnKey"] == 7
        assert self.raw(rows[0]) != before
        settings.FIELD_ENCRYPTION_KEYS = [new]  # the old key is gone: everything still opens
        for number, row in enumerate(rows):
            row.refresh_from_db()
            assert row.key == f"sk-{number}"

    def test_a_second_run_changes_nothing(self, settings):
        make_own_key(make_organization(), "anthropic", "sk")
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
        key_rotation.rotate_all()
        assert set(key_rotation.rotate_all().values()) == {0}

    def test_a_value_under_an_unknown_key_is_named(self, settings):
        row = make_own_key(make_organization(), "anthropic", "sk")
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
        with pytest.raises(CommandError, match=f"key of row {row.pk}"):
            call_command("rotate_keys", stdout=StringIO())

    def test_every_encrypted_field_of_the_product_is_covered(self):
        from django.apps import apps

        fields = {
            (model, field.column)
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, crypto.EncryptedTextField)
        }
        assert {(m, c) for m, columns in key_rotation.encrypted_columns() for c in columns} == fields
        assert len(fields) >= 10


# --- the audit log


@pytest.mark.django_db
class TestAuditChain:
    @pytest.mark.thorough
    def test_one_altered_row_among_ten_thousand_is_found(self):
        previous, rows = "", []
        for number in range(1, 10_001):
            entry = AuditEntry(number=number, created_at=timezone.now(), action="test.done", previous_hash=previous)
            entry.hash = previous = audit.fingerprint(entry)
            rows.append(entry)
        AuditEntry.objects.bulk_create(rows, batch_size=2000)
        assert list(audit.verify()) == []
        self.change("UPDATE scribe_auditentry SET reason = 'no reason' WHERE number = 7313")
        assert list(audit.verify()) == [(7313, "was changed after it was written")]
        with pytest.raises(CommandError, match="1 faults"):
            call_command("verify_audit", stderr=StringIO())

    def test_a_removed_row_is_found(self):
        for _ in range(3):
            audit.record(action="test.done")
        chain_audit()
        assert list(audit.verify()) == []
        self.change("DELETE FROM scribe_auditentry WHERE number = 2")
        assert [number for number, _ in audit.verify()] == [3, 3]

    def test_a_rewritten_row_breaks_the_one_that_follows(self):
        """Whoever also recomputes the row's own hash is betrayed by the next one."""
        for _ in range(3):
            audit.record(action="test.done")
        chain_audit()
        entry = AuditEntry.objects.get(number=2)
        entry.action = "test.undone"
        self.change(
            "UPDATE scribe_auditentry SET action = 'test.undone', hash = %s WHERE number = 2", audit.fingerprint(entry)
        )
        assert list(audit.verify()) == [(3, "does not follow the entry before it")]

    def test_a_whole_log_says_its_last_hash(self):
        entry = audit.record(action="test.done")
        chain_audit()
        entry.refresh_from_db()
        out = StringIO()
        call_command("verify_audit", stdout=out)
        assert entry.hash in out.getvalue()

    def test_entries_take_the_reason_around_them(self):
        with audit.because("the customer asked") as entries:
            audit.record(action="test.done")
            audit.record(action="test.done", reason="its own")
        outside = audit.record(action="test.done")
        assert [entry.reason for entry in (*entries, outside)] == ["the customer asked", "its own", ""]

    @staticmethod
    def change(sql: str, *parameters: str) -> None:
        """What a database administrator with evil in mind could do."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE scribe_auditentry DISABLE TRIGGER USER")
            cursor.execute(sql, list(parameters))
            cursor.execute("ALTER TABLE scribe_auditentry ENABLE TRIGGER USER")


# --- retention


@pytest.mark.django_db
def test_old_rows_go_and_young_ones_stay():
    from integrations.models import WebhookDelivery

    old = WebhookDelivery.objects.create(
        source="shopify", external_id="1", topic="t", created_at=timezone.now() - timedelta(days=400)
    )
    young = WebhookDelivery.objects.create(source="shopify", external_id="2", topic="t")
    retention.forget_old_rows()
    assert list(WebhookDelivery.objects.values_list("pk", flat=True)) == [young.pk]
    assert old.pk != young.pk


def test_what_piles_up_has_a_rule_or_a_task():
    kept = {rule.model._meta.label for rule in retention.rules}
    assert {
        "integrations.WebhookDelivery",
        "integrations.ShopifyState",
        "billing.ProviderEvent",
        "accounts.Notification",
        "sessions.Session",
        "accounts.ApiKeyRequest",
    } <= kept
    never = {"billing.Entry", "billing.Invoice", "billing.UsageRecord", "scribe.AuditEntry"}
    assert not kept & never


@pytest.mark.django_db
def test_events_are_kept_thirty_days():
    from scribe.jobs.tasks import forget_events
    from scribe.models import Job

    job = Job.objects.create(organization=make_organization(), job_type="sync")
    events = [JobEvent.objects.create(job=job, number=n, name="item") for n in (1, 2)]
    JobEvent.objects.filter(pk=events[0].pk).update(created_at=timezone.now() - timedelta(days=31))
    forget_events()
    assert list(JobEvent.objects.filter(job=job).values_list("number", flat=True)) == [2]


# --- rate limits by row


@pytest.mark.django_db
class TestRateLimits:
    @pytest.fixture(autouse=True)
    def _on(self, settings):
        settings.RATE_LIMIT_FACTOR = 1.0
        rate_limits.rows.forget()
        yield
        rate_limits.rows.forget()

    def test_a_row_wins_over_the_setting(self):
        assert rate_limits.limit_of("public") == (120, 60)
        RateLimit.objects.create(scope="public", number=3, seconds=10)
        assert rate_limits.limit_of("public") == (120, 60)  # known for some seconds more
        rate_limits.rows.forget()
        assert rate_limits.limit_of("public") == (3, 10)

    def test_the_limit_is_felt(self, api):
        RateLimit.objects.create(scope="public", number=2, seconds=3600)
        rate_limits.rows.forget()
        path = "invitations/validate?token=x"
        statuses = [api.client.get(f"/api/v1/{path}", REMOTE_ADDR="198.51.100.77").status_code for _ in range(3)]
        assert statuses[-1] == 429
        assert 429 not in statuses[:2]

    def test_an_unknown_scope_is_refused(self):
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError, match="scope does not exist"):
            RateLimit(scope="everything", number=1, seconds=1).full_clean()


# --- headers


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "must", "never"),
    [
        ("/api/v1/jobs", "default-src 'none'", "'self'"),
        ("/health", "default-src 'none'", "'self'"),
        ("/api/docs", "script-src 'self'", "unsafe-eval"),
        ("/api/redoc", "script-src 'self'", "unsafe-eval"),
        ("/admin/login/", "script-src 'self'", "script-src 'self' 'unsafe-inline'"),
    ],
)
def test_every_page_says_what_it_may_load(path, must, never):
    policy = Client().get(path).headers["Content-Security-Policy"]
    assert must in policy
    assert "frame-ancestors 'none'" in policy
    assert never not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc", "/admin/login/"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(path):
    page = Client().get(path).content.decode()
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert not [script for script in re.findall(r"<script([^>]*)>", page) if "src=" not in script]
    assert not re.search(r"\son[a-z]+=", page)


# --- error reports


def test_error_reports_carry_ids_and_no_secrets():
    logs.clear()
    event = {
        "request": {
            "url": "http://x/api",
            "headers": {"Authorization": "Bearer t0ken", "X-Api-Key": "xcs_1", "Accept": "*/*"},
            "cookies": {"sessionid": "s3cret"},
            "data": {"password": "pw"},
            "query_string": "token=t0ken",
        },
        "user": {"ip_address": "203.0.113.1"},
    }
    with logs.bound(request_id="r-1", job_id="j-1"):
        sent = error_reports.scrub(event, {})
    assert sent["tags"] == {"request_id": "r-1", "job_id": "j-1"}
    assert sent["request"]["headers"] == {"Accept": "*/*"}
    assert not re.search("t0ken|xcs_1|s3cret|pw|203", str(sent))


def test_without_a_dsn_nothing_is_reported(settings):
    settings.SENTRY_DSN = ""
    assert error_reports.start() is False


REPORTED = """
import sentry_sdk
from scribe import error_reports
from sentry_sdk.transport import Transport

class Printer(Transport):
    def capture_envelope(self, envelope):
        print(envelope.items[0].payload.json)

assert error_reports.start()
client = sentry_sdk.get_client()
client.transport = Printer(client.options)
password = "hunter" + "2" * 8  # a local variable must not travel
try:
    raise RuntimeError("broken")
except RuntimeError as error:
    sentry_sdk.capture_exception(error)
"""


def test_with_a_dsn_errors_are_reported_scrubbed():
    """In a process of its own: Sentry wraps Django's functions for the rest of one."""
    environment = {**os.environ, "SENTRY_DSN": "http://public@127.0.0.1:9/1"}
    command = [sys.executable, "manage.py", "shell", "--command", REPORTED]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert "broken" in said
    assert "hunter" + "2" * 8 not in said


# --- settings and containers


def exampled() -> set[str]:
    return set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_the_example_names_every_setting_and_no_other():
    assert exampled() == declared()


def test_the_example_is_read_as_written():
    """No comment is taken for a value."""
    values: dict[str, str] = {}
    for line in (ROOT / ".env.example").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            values[name] = value
            assert " #" not in value, f"{name}: a comment after the value"
    assert values["RATE_LIMIT_FACTOR"] == "1"


class TestCompose:
    @pytest.fixture(scope="class")
    def compose(self) -> dict:
        return yaml.safe_load((ROOT / "docker-compose.yml").read_text())

    def test_every_lasting_service_has_a_health_check(self, compose):
        built = "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
        for name, service in compose["services"].items():
            if service.get("restart") == "no":
                continue  # ends by itself
            own_image = service.get("image") == "xc-scribe" and name == "web" and built
            assert service.get("healthcheck") or own_image, name

    def test_dependencies_are_waited_for_by_their_health(self, compose):
        services = compose["services"]
        for name, service in services.items():
            for other, how in service.get("depends_on", {}).items():
                assert other in services, f"{name} depends on {other}"
                ends = services[other].get("restart") == "no"
                assert how["condition"] == ("service_completed_successfully" if ends else "service_healthy")

    def test_environment_names_are_settings(self, compose):
        for service in compose["services"].values():
            if service.get("image") == "xc-scribe":
                assert set(service["environment"]) <= declared()

    def test_variables_have_a_default_or_are_in_the_example(self):
        text = (ROOT / "docker-compose.yml").read_text()
        for name, default in re.findall(r"\$\{([A-Z0-9_]+)(:[-?][^}]*)?\}", text):
            assert default or name in exampled(), name

    def test_volumes_that_are_mounted_exist(self, compose):
        for service in compose["services"].values():
            for mount in service.get("volumes", []):
                assert mount.partition(":")[0] in compose["volumes"]

    def test_what_lies_in_memory_fits_into_it(self, compose):
        """A tmpfs counts against the container's memory: 5 GB of it in 2 GB ended the process that filled it."""
        units = {"k": 2**10, "m": 2**20, "g": 2**30}

        def size(text: str) -> int:
            return int(text[:-1]) * units[text[-1]]

        for name, service in compose["services"].items():
            folders = [re.search(r"size=(\d+[kmg])", mount) for mount in service.get("tmpfs", [])]
            assert all(folders), name  # without a size it is half of the machine's memory
            limit = re.sub(r"\$\{[A-Z_]+:-(\w+)\}", r"\1", service.get("mem_limit", "1g"))
            assert sum(size(found[1]) for found in folders) <= size(limit) / 8, name
            if service.get("image") == "xc-scribe":
                assert "scratch:/tmp" in service["volumes"]

    def test_servers_do_not_run_as_root(self, compose):
        """Valkey's image hands the server to its own user only when the entrypoint sees the server's name."""
        for name in ("valkey", "cache"):
            _, _, command = compose["services"][name]["command"]
            assert command.startswith("exec docker-entrypoint.sh valkey-server ")
            assert command.endswith('--requirepass "$$REDISCLI_AUTH"')
            assert "REDISCLI_AUTH" in compose["services"][name]["environment"]

    def test_an_empty_line_for_a_folder_means_the_images_own(self):
        """`.env` made from the example has empty lines for both, which overrode what the image had set."""
        line = next(line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("ENV PATH"))
        image = dict(pair.split("=", 1) for pair in line.removeprefix("ENV ").split())
        environment = {**os.environ, **image, "PATH": os.environ["PATH"], "DATA_DIR": "", "STATIC_ROOT": ""}
        asked = "from django.conf import settings; print(settings.DATA_DIR, settings.STATIC_ROOT)"
        found = subprocess.run(
            [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert found.stdout.split() == ["/data", "/opt/static"]

    def test_an_empty_line_for_the_authorities_means_certifis(self):
        """`.env` made from the example has one, which boto3 took for the name of a file: nothing reached the bucket."""
        environment = {**os.environ, "REQUESTS_CA_BUNDLE": "", "S3_BUCKET": "files"}
        environment.pop("AWS_CA_BUNDLE", None)
        asked = "import django; django.setup(); from scribe.storage import default_storage as s; s.bucket.meta.client"
        subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, check=True)

    def test_commands_name_real_modules(self, compose):
        queues = set()
        for service in compose["services"].values():
            command = service.get("command", [])
            if "worker" in command:
                queues |= set(command[command.index("-Q") + 1].split(","))
        assert queues == {"generation", "sync", "long", "default", "webhooks", "webhooks-slow", "helpers"}


class TestImage:
    @pytest.fixture(scope="class")
    def lines(self) -> list[str]:
        return (ROOT / "Dockerfile").read_text().splitlines()

    def test_it_is_built_in_stages_and_runs_as_nobody_special(self, lines):
        bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
        assert bases == ["${PYTHON_IMAGE}", "${POSTGRES_IMAGE}", "${PYTHON_IMAGE}"]
        users = [line.split()[1] for line in lines if line.startswith("USER ")]
        assert users
        assert users[-1] not in ("root", "0")
        last_from = max(i for i, line in enumerate(lines) if line.startswith("FROM "))
        assert any(line.startswith("USER ") for line in lines[last_from:])

    def test_secrets_and_data_stay_out_of_it(self):
        ignored = (ROOT / ".dockerignore").read_text().split()
        assert {".git", ".env", ".venv", "var"} <= {name.strip("/") for name in ignored}
