"""What tests share: a caller that asserts the status for you, and a worker in this process."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from scribe import mail_url


def waiting_sessions() -> list[int]:
    """The sessions of this database that wait for a lock now. Without the first statement, a transaction would be shown
    the sessions that it saw first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return [pid for (pid,) in cursor.fetchall()]


class Api:
    """A caller of the REST API. `as_(user)` signs in; each call may assert its status and returns the parsed body."""

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = headers or {}
        self.last: Any = None

    def as_(self, user: Any) -> Api:
        from tests.factories import token_of

        return Api({**self.headers, "Authorization": f"Bearer {token_of(user)}"})

    def with_(self, **headers: str) -> Api:
        return Api({**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}})

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._send("get", path, status, data=query or None)

    def delete(self, path: str, status: int = 204) -> Any:
        return self._send("delete", path, status)

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._json("post", path, body, status)

    def patch(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._json("patch", path, body, status)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._json("put", path, body, status)

    def upload(self, path: str, fields: dict[str, Any], status: int = 201) -> Any:
        """A multipart form; a value that is a file is sent as one."""
        return self._send("post", path, status, data=fields)

    def _json(self, method: str, path: str, body: Any, status: int) -> Any:
        data = json.dumps(body if body is not None else {})
        return self._send(method, path, status, data=data, content_type="application/json")

    def _send(self, method: str, path: str, status: int, **more: Any) -> Any:
        path = path if path.startswith("/") else f"/api/v1/{path}"
        response = getattr(self.client, method)(path, headers=self.headers, **more)
        self.last = response
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == status, (
            f"{method} {path}: {response.status_code}, not {status}: {content[:1500]!r}"
        )
        kind = response.headers.get("Content-Type", "")
        if content and "json" in kind:
            return json.loads(content)
        return content


def migration(app: str, name: str) -> Any:
    """The module of a migration. Its functions can be tried alone, where going back through the migrations after it would
    take half a minute."""
    return import_module(f"{app}.migrations.{name}")


def run_jobs(*, job_type: str | None = None, until_idle: bool = True) -> list[Any]:
    """Work on every queued job in this process, and do what follows; the jobs that ended."""
    from django.utils import timezone

    from scribe.jobs.models import Job
    from scribe.jobs.tasks import after_job
    from scribe.jobs.worker import work

    ended = []
    for _ in range(200):
        active = Job.objects.active()
        if job_type:
            active = active.filter(job_type=job_type)
        active.filter(due_at__gt=timezone.now()).update(due_at=None)
        ids = list(active.values_list("pk", flat=True))
        if not ids:
            break
        for pk in ids:
            job = work(pk)
            if job is not None and job.ended:
                after_job(str(pk))
                job.refresh_from_db()
                ended.append(job)
        if not until_idle:
            break
    return ended


def drop_indexes_but(table: str, *names: str) -> None:
    """Have the plans of this test's transaction use these indexes of a table, which of a few rows they would not: no other is
    left, but for those of constraints."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP INDEX %%I', indexname) FROM pg_indexes WHERE tablename = %s "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint) AND indexname <> ALL(%s)",
            [table, list(names)],
        )
        cursor.execute("; ".join(["SET LOCAL enable_seqscan = off", *(drop for (drop,) in cursor.fetchall())]))


def chain_audit() -> None:
    """Do now what the database does with new audit entries when a transaction commits: tests roll theirs back."""
    names = "audit_chained_soon, audit_chained_now"
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")


def send_mail_by(settings: Any, url: str) -> None:
    """Let mail go by an EMAIL_URL. pytest-django had put a mailbox of its own."""
    mail = mail_url.read(url, settings.BASE_DIR)
    for name in ("EMAIL_BACKEND", "EMAIL_FILE_PATH", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL"):
        setattr(settings, name, mail.get(name))


def samples(client: Client | None = None, **extra: str) -> dict[tuple[str, frozenset], float]:
    """Prometheus' figures by their name and labels."""
    reply = (client or Client()).get("/metrics", headers=extra)
    assert reply.status_code == 200, reply.content
    families = text_string_to_metric_families(reply.content.decode())
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}
