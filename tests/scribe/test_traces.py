"""Traces: a request, its job and its calls are one, and no word, key or address of anybody is in them.

The packages of requirements-otel.txt are in the development set; without them these tests are skipped.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection

from integrations.ai import traces as model_spans
from integrations.ai.types import Answer, EndReason
from scribe import queue, traces
from scribe.celery import app
from scribe.http import client
from scribe.jobs import events
from scribe.jobs.events import valkey
from scribe.models import Job
from scribe.traces.statements import summary
from tests import factories
from tests.fakes.openai import OpenAI
from tests.fakes.pictures import PictureHost
from tests.fakes.server import Reply, Request, Server

sdk = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")

#: Everything that a span may say. Nothing here holds words, people or keys.
ALLOWED = re.compile(
    r"http\.request\.method|http\.route|http\.response\.(status_code|body\.size)|url\.scheme|server\.(address|port)|error\.type"
    r"|scribe\.(request\.id|job\.(id|type|status|progress))|db\.(system\.name|operation\.(name|batch\.size)|collection\.name)"
    r"|db\.query\.summary|messaging\.(system|operation\.(name|type)|destination\.name|message\.id)"
    r"|gen_ai\.(operation\.name|provider\.name|request\.(model|max_tokens)|output\.type|response\.(model|finish_reasons))"
    r"|gen_ai\.usage\.(input_tokens|output_tokens|cache_(read|creation)\.input_tokens)"
)


@pytest.fixture
def spans() -> Iterator[Any]:
    """Trace this process into memory; `spans()` are those that have ended."""
    memory = sdk.InMemorySpanExporter()
    assert traces.start(memory)
    events.forget_pool()
    yield memory.get_finished_spans
    traces.stop()
    events.forget_pool()


@pytest.fixture
def openai(settings: Any) -> Iterator[Any]:
    with OpenAI() as fake:
        settings.OPENAI_BASE_URL = fake.url + "/v1"
        settings.OPENAI_API_KEY = "sk-secret-of-the-test"
        settings.DEFAULT_AI_PROVIDER = "openai"
        yield fake


def named(found: Any, start: str) -> list[Any]:
    return [span for span in found if span.name.startswith(start)]


@pytest.mark.thorough
def test_a_request_its_job_and_its_calls_are_one_trace(
    committed: None, api: Any, openai: Any, spans: Any, django_db_blocker: Any
) -> None:
    cast = factories.make_cast()
    project = factories.make_project(cast.organization, name="Violet catalogue")
    item = factories.make_item(project)
    words = json.dumps(item.source_data)
    api.as_(cast.owner).post(f"projects/{project.pk}/generate", {}, status=202)
    with start_worker(app, pool="solo", queues=["generation", "default"], perform_ping_check=False, loglevel="ERROR"):
        wait_for(lambda: Job.objects.exclude(settled_at=None).exists())
    wait_for(lambda: "heartbeat" not in {thread.name for thread in threading.enumerate()})
    item.refresh_from_db()
    assert item.generated_content
    found = spans()
    [request] = named(found, "POST api/v1/projects/<str:project_id>/generate")
    [job] = named(found, "job generation")
    [sent, *_] = [
        s for s in named(found, "send scribe.jobs.tasks.run_job") if s.parent.span_id == request.context.span_id
    ]
    task = next(
        s for s in named(found, "process scribe.jobs.tasks.run_job") if s.parent.span_id == sent.context.span_id
    )
    assert job.parent.span_id == task.context.span_id
    call = named(found, "chat ")[0]
    mine = [span for span in found if span.context.trace_id == request.context.trace_id]
    for span in (job, task, call, *named(mine, "process scribe.jobs.tasks.after_job")):
        assert span.context.trace_id == request.context.trace_id, span.name
    # The call is the job's, and so are statements and commands on its way; the request has its own.
    assert call.parent.span_id == job.context.span_id
    assert {"INSERT scribe_job", "UPDATE scribe_job", "SELECT scribe_job"} <= {span.name for span in mine}
    assert any(span.attributes["db.system.name"] == "redis" for span in mine if "db.system.name" in span.attributes)
    told = dict(call.attributes)
    assert told["gen_ai.provider.name"] == "openai"
    assert told["gen_ai.operation.name"] == "chat"
    assert told["gen_ai.usage.input_tokens"] > 0
    assert told["gen_ai.response.finish_reasons"] == ("ok",)
    assert call.name == f"chat {told['gen_ai.request.model']}"
    assert request.attributes["http.response.status_code"] == 202
    assert job.attributes["scribe.job.status"] in ("completed", "completed_with_errors")
    # Nothing of anybody's in any of them.
    whole = " ".join(span.to_json() for span in found)
    for secret in ("sk-secret", "Violet", cast.owner.email, *re.findall(r"[A-Z]\w{5,}", words)):
        assert secret not in whole, secret
    for span in found:
        assert all(ALLOWED.fullmatch(name) for name in span.attributes), span.to_json()
        assert not span.events  # exceptions would bring their messages


def wait_for(done: Any, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)
        connection.close()


def test_a_job_that_is_sent_again_stays_in_its_trace(committed: None, spans: Any) -> None:
    """The sweep of another process has no trace, or one of its own: the row has the request's."""
    from scribe import jobs
    from scribe.jobs.worker import work

    with traces.span("request", "server"):
        job = jobs.create(job_type="verify", organization=factories.make_organization())
    with traces.span("sweep"):
        work(job.pk)
    found = spans()
    [request], [sweep], [run] = named(found, "request"), named(found, "sweep"), named(found, "job verify")
    assert run.context.trace_id == request.context.trace_id != sweep.context.trace_id
    assert [link.context.span_id for link in run.links] == [sweep.context.span_id]
    assert run.status.status_code.name in ("ERROR", "UNSET")


def test_a_message_carries_its_trace(committed: None, spans: Any) -> None:
    with traces.span("request", "server"):
        here = traces.context().split("-")[1]
        assert queue.send("scribe.jobs.tasks.sweep_jobs", queue="default")
    message = json.loads(valkey().lrange("default", 0, -1)[0])  # type: ignore[index,arg-type]
    assert message["headers"]["traceparent"].split("-")[1] == here


def test_a_call_says_its_host_and_never_its_path(spans: Any) -> None:
    with PictureHost() as shop, traces.span("job", "internal"):
        answer = client.request(
            "GET", f"{shop.url}/orders/77?key=key-of-the-shop", headers={"Authorization": "Bearer key-of-the-shop"}
        )
    [call] = named(spans(), "GET")
    assert call.attributes["server.address"] == "127.0.0.1"
    assert call.attributes["http.response.status_code"] == answer.status
    assert "key-of-the-shop" not in call.to_json()
    assert "orders" not in call.to_json()


class Collector(Server):
    """Takes what exporters send, and remembers it."""

    async def answer(self, request: Request) -> Reply:
        return Reply(200, b"", {"content-type": "application/x-protobuf"})


def test_spans_reach_a_collector_with_its_headers(settings: Any) -> None:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
    with Collector() as collector:
        settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
        settings.OTEL_EXPORTER_OTLP_HEADERS = "x-tenant=shops"
        assert traces.start(version="9.9")
        with traces.span("a span of ours"):
            assert traces.ids()["trace_id"]
        traces.stop()
        assert not traces.ids()
        [sent] = collector.requests
    assert sent.path == "/v1/traces"
    assert sent.headers["x-tenant"] == "shops"
    body = sent.body if sent.headers.get("content-encoding") != "gzip" else gzip.decompress(sent.body)
    assert b"a span of ours" in body
    assert b"xc-scribe" in body
    assert b"9.9" in body


def test_a_share_of_traces_is_kept_whole(settings: Any) -> None:
    settings.OTEL_TRACES_SAMPLER_ARG = 0.0
    memory = sdk.InMemorySpanExporter()
    assert traces.start(memory)
    with traces.span("dropped"), traces.span("with its parts"):
        carried = traces.context()
    with traces.span("in another process", within=carried):
        pass
    traces.stop()
    assert int(carried[-2:], 16) & 1 == 0  # the flag "sampled"
    assert memory.get_finished_spans() == ()


def test_errors_are_told_by_their_class(spans: Any) -> None:
    with pytest.raises(ValueError), traces.span("work"):
        raise ValueError("the customer's words")
    [span] = spans()
    assert span.attributes["error.type"] == "ValueError"
    assert span.status.status_code.name == "ERROR"
    assert "customer" not in span.to_json()


def test_a_stranger_s_trace_is_not_gone_on_with(db: None, client: Any, spans: Any, settings: Any) -> None:
    sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    client.get("/api/v1/system/languages", headers={"traceparent": sent})
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    client.get("/api/v1/system/languages", headers={"traceparent": sent})
    first, second = (f"{span.context.trace_id:032x}" for span in named(spans(), "GET api/v1/system/languages"))
    assert first != sent.split("-")[1] == second


def test_the_names_are_those_of_the_conventions() -> None:
    """As far as the installed package lists them."""
    from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as ours
    from opentelemetry.semconv._incubating.attributes import messaging_attributes
    from opentelemetry.semconv.attributes import db_attributes, error_attributes, http_attributes, server_attributes

    modules = (ours, messaging_attributes, db_attributes, error_attributes, http_attributes, server_attributes)
    known = {value for module in modules for name, value in vars(module).items() if name.isupper()}
    text = "".join(
        Path(path).read_text()
        for path in ("integrations/ai/traces.py", "scribe/traces/tasks.py", "scribe/traces/statements.py")
    )
    used = set(re.findall(r'"((?:gen_ai|messaging|db|http|server)\.[a-z_.]+)"', text))
    assert len(used) > 15
    assert used - known == set()
    providers = {each.value for each in ours.GenAiProviderNameValues}
    assert {"openai", "anthropic", "deepseek", *model_spans.PROVIDERS.values()} <= providers


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ('SELECT "a"."b" FROM "scribe_job" WHERE x = %s', ("SELECT", "scribe_job")),
        ('INSERT INTO "billing_entry" ("id") VALUES (%s)', ("INSERT", "billing_entry")),
        ('UPDATE "scribe_job" SET "x" = %s', ("UPDATE", "scribe_job")),
        ("(SELECT 1) UNION (SELECT 2)", ("SELECT", "")),
        ("SAVEPOINT s1", ("SAVEPOINT", "")),
        ("", ("statement", "")),
    ],
)
def test_a_statement_is_told_by_verb_and_table(sql: str, wanted: tuple[str, str]) -> None:
    assert summary(sql) == wanted


def test_an_answer_is_counted_and_not_quoted(spans: Any) -> None:
    with model_spans.calling("google", "gemini-3", max_tokens=10, output="json") as span:
        model_spans.record_answer(span, Answer(None, "the text", EndReason.TRUNCATED, 7, 5, 3, 2, "google", "gemini-3"))
    [told] = spans()
    assert told.attributes["gen_ai.provider.name"] == "gcp.gemini"
    assert told.attributes["gen_ai.usage.cache_read.input_tokens"] == 3
    assert "the text" not in told.to_json()


def test_nothing_is_loaded_where_no_collector_is_named() -> None:
    script = (
        "import django; django.setup(); import sys; from scribe import traces;"
        "assert traces.live is None and traces.context() == '';"
        "print(sorted(n for n in sys.modules if n.startswith('scribe.traces.')))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "scribe.settings", "OTEL_EXPORTER_OTLP_ENDPOINT": ""}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    loaded = done.stdout.strip().splitlines()[-1]
    assert "scribe.traces.statements" in loaded, done.stderr
    assert "scribe.traces.opentelemetry" not in loaded
